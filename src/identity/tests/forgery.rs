//! Access tokens that are not what they claim to be: ours from `forge`, those of foreign issuers from `forge_foreign`.
//! Each table is tried between a good token twice, so that a refusal is for the one thing changed.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm as Jose, EncodingKey};
use serde_json::{Value, json};

use super::forge::{self, Case, Forge};
use super::forge_foreign;
use super::provider::Provider;
use super::*;
use crate::clock::Clock;

/// Tries all of them; there are at least `least`, each of another name.
async fn expect_all_refused(house: &House, good: &str, cases: Vec<Case>, least: usize) {
    assert!(
        house.accounts.authenticate(good).await.is_ok(),
        "the good token is accepted"
    );
    let names: BTreeSet<&str> = cases.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), cases.len(), "a name stands twice");
    assert!(names.len() >= least, "{} classes", names.len());
    let mut accepted = Vec::new();
    for (name, token) in cases {
        let outcome = house.accounts.authenticate(&token).await;
        if !matches!(outcome, Err(Error::Unauthenticated { .. })) {
            accepted.push(format!("{name}: {outcome:?}"));
        }
    }
    assert!(accepted.is_empty(), "accepted or failed: {accepted:#?}");
    assert!(
        house.accounts.authenticate(good).await.is_ok(),
        "and still is after all of them"
    );
}

async fn house_with_key() -> (House, EncodingKey, Vec<u8>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with(Settings {
        key: KeySource::Folder(folder.path().to_owned()),
        ..Settings::default()
    })
    .await;
    let pem = std::fs::read(folder.path().join("keys/current.pem")).unwrap();
    let key = EncodingKey::from_ed_pem(&pem).unwrap();
    (house, key, pem, folder)
}

#[tokio::test]
async fn signatures_and_algorithms() {
    let (house, key, pem, _folder) = house_with_key().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let good = grant.tokens.access.expose_secret();
    let forge = Forge::open(good, key, Jose::EdDSA);
    let public = URL_SAFE_NO_PAD
        .decode(house.accounts.public_keys()["keys"][0]["x"].as_str().unwrap())
        .unwrap();
    let cases = forge::signatures(good, &forge, &public, &pem);
    expect_all_refused(&house, good, cases, 34).await;
}

#[tokio::test]
async fn headers_and_claims() {
    let (house, key, _pem, _folder) = house_with_key().await;
    house.register("ann").await;
    house.register("bob").await;
    let grant = house.login("ann").await;
    let bobs = house.login("bob").await;
    let good = grant.tokens.access.expose_secret();
    let forge = Forge::open(good, key, Jose::EdDSA);
    assert!(
        house.accounts.authenticate(&forge.good()).await.is_ok(),
        "the forge's own token is accepted"
    );
    let jwk = house.accounts.public_keys()["keys"][0].clone();
    let now = house.clock.now().timestamp();
    let cases = forge::headers_and_claims(&forge, jwk, now, &bobs.session);
    expect_all_refused(&house, good, cases, 60).await;
}

#[tokio::test]
async fn tokens_of_a_foreign_issuer() {
    let keys = forge_foreign::Keys::new();
    let provider = Provider::start(&keys.published()).await;
    let issuer = serde_json::from_value(forge_foreign::settings(&provider.url)).unwrap();
    let house = House::with(Settings {
        issuers: vec![issuer],
        ..Settings::default()
    })
    .await;
    house.admin("admin").await;
    let now = house.clock.now().timestamp();
    let claims = forge_foreign::claims(&provider.url, now);
    let good = keys.ed.token("EdDSA", &claims);
    assert!(
        house
            .accounts
            .authenticate(&keys.rsa.token("RS256", &claims))
            .await
            .is_ok(),
        "the other allowed algorithm is accepted"
    );
    let cases = forge_foreign::cases(&keys, &claims, now);
    expect_all_refused(&house, &good, cases, 85).await;
    let filter = UserFilter::default();
    assert_eq!(
        house.accounts.count(&filter).await.unwrap(),
        2,
        "no forgery made an account"
    );
}

#[tokio::test]
async fn roles_in_a_token_give_nothing() {
    let (house, key, _pem, _folder) = house_with_key().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let forge = Forge::open(grant.tokens.access.expose_secret(), key, Jose::EdDSA);
    let session = house
        .accounts
        .authenticate(&forge.with("roles", json!([ADMIN])))
        .await
        .unwrap();
    assert_eq!(session.actor.roles(), ["USER".to_owned()]);
}

#[tokio::test]
async fn every_algorithm_works_and_only_the_configured_one() {
    let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("es256.pem");
    let der = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        &aws_lc_rs::rand::SystemRandom::new(),
    )
    .unwrap();
    let body = STANDARD.encode(der.as_ref());
    std::fs::write(
        &path,
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"),
    )
    .unwrap();
    let shared = |algorithm| KeySource::Secret {
        algorithm,
        secret: secret.into(),
    };
    let sources = [
        (KeySource::Ephemeral, "EdDSA"),
        (
            KeySource::File {
                path,
                algorithm: Algorithm::Es256,
            },
            "ES256",
        ),
        (shared(Algorithm::Hs256), "HS256"),
        (shared(Algorithm::Hs384), "HS384"),
        (shared(Algorithm::Hs512), "HS512"),
    ];
    let mut houses = Vec::new();
    for (key, name) in sources {
        let house = House::with(Settings {
            key,
            ..Settings::default()
        })
        .await;
        house.register("ann").await;
        let grant = house.login("ann").await;
        let header = grant
            .tokens
            .access
            .expose_secret()
            .split('.')
            .next()
            .unwrap()
            .to_owned();
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        assert_eq!((&header["alg"], &header["typ"]), (&json!(name), &json!("at+jwt")));
        houses.push((house, grant));
    }
    for (at, (house, _)) in houses.iter().enumerate() {
        for (from, (_, grant)) in houses.iter().enumerate() {
            assert_eq!(house.session(grant).await.is_ok(), at == from, "{from} at {at}");
        }
    }
    // Same secret, same kid asked for, another HMAC: still refused.
    let (house, grant) = &houses[2];
    let forge = Forge::open(
        grant.tokens.access.expose_secret(),
        EncodingKey::from_secret(secret.as_bytes()),
        Jose::HS512,
    );
    let mut header = forge.header.clone();
    header["alg"] = "HS512".into();
    let token = forge.signed(&header, &forge.key, Jose::HS512);
    assert!(refused(house.accounts.authenticate(&token).await));
}
