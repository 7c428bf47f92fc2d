//! Forged access tokens of this server and of foreign issuers. A valid token is checked before and after each table, so
//! that refusals can only be due to the changes.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm as Jose, EncodingKey};
use portcullis_test_support::forged_foreign_tokens;
use portcullis_test_support::forged_tokens::{self, ForgedToken, SignedToken};
use portcullis_test_support::test_issuer::TestIssuer;
use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;

/// Asserts that there are at least `least` forged tokens, that their names are distinct and that all are refused.
async fn expect_all_refused(test: &TestAccounts, good: &str, forged: Vec<ForgedToken>, least: usize) {
    assert!(
        test.accounts.authenticate(good).await.is_ok(),
        "the valid token is accepted"
    );
    let names: BTreeSet<&str> = forged.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), forged.len(), "a name occurs twice");
    assert!(names.len() >= least, "{} classes", names.len());
    let mut accepted = Vec::new();
    for (name, token) in forged {
        let outcome = test.accounts.authenticate(&token).await;
        if !matches!(outcome, Err(Error::Unauthenticated { .. })) {
            accepted.push(format!("{name}: {outcome:?}"));
        }
    }
    assert!(accepted.is_empty(), "accepted or failed: {accepted:#?}");
    assert!(
        test.accounts.authenticate(good).await.is_ok(),
        "the valid token is still accepted"
    );
}

async fn accounts_with_key_folder() -> (TestAccounts, EncodingKey, Vec<u8>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let test = TestAccounts::with(Settings {
        key: KeySource::Folder(folder.path().to_owned()),
        ..Settings::default()
    })
    .await;
    let pem = std::fs::read(folder.path().join("keys/current.pem")).unwrap();
    let key = EncodingKey::from_ed_pem(&pem).unwrap();
    (test, key, pem, folder)
}

#[tokio::test]
async fn tokens_with_another_signature_or_algorithm_are_refused() {
    let (test, key, pem, _folder) = accounts_with_key_folder().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let good = grant.tokens.access.expose_secret();
    let signed = SignedToken::parse(good, key, Jose::EdDSA);
    let public = URL_SAFE_NO_PAD
        .decode(test.accounts.public_keys()["keys"][0]["x"].as_str().unwrap())
        .unwrap();
    let forged = forged_tokens::with_wrong_signatures(good, &signed, &public, &pem);
    expect_all_refused(&test, good, forged, 34).await;
}

#[tokio::test]
async fn tokens_with_another_header_or_claim_are_refused() {
    let (test, key, _pem, _folder) = accounts_with_key_folder().await;
    test.register("ann").await;
    test.register("bob").await;
    let grant = test.login("ann").await;
    let bobs = test.login("bob").await;
    let good = grant.tokens.access.expose_secret();
    let signed = SignedToken::parse(good, key, Jose::EdDSA);
    assert!(
        test.accounts.authenticate(&signed.unchanged()).await.is_ok(),
        "a token signed here is accepted"
    );
    let jwk = test.accounts.public_keys()["keys"][0].clone();
    let now = test.clock.now().timestamp();
    let forged = forged_tokens::with_wrong_headers_and_claims(&signed, jwk, now, &bobs.session);
    expect_all_refused(&test, good, forged, 60).await;
}

#[tokio::test]
async fn forged_tokens_of_a_foreign_issuer_are_refused() {
    let keys = forged_foreign_tokens::Keys::new();
    let issuer = TestIssuer::start(&keys.published()).await;
    let settings = serde_json::from_value(forged_foreign_tokens::settings(&issuer.url)).unwrap();
    let test = TestAccounts::with(Settings {
        issuers: vec![settings],
        ..Settings::default()
    })
    .await;
    test.admin("admin").await;
    let now = test.clock.now().timestamp();
    let claims = forged_foreign_tokens::claims(&issuer.url, now);
    let good = keys.ed.token("EdDSA", &claims);
    assert!(
        test.accounts
            .authenticate(&keys.rsa.token("RS256", &claims))
            .await
            .is_ok(),
        "the other allowed algorithm is accepted"
    );
    let forged = forged_foreign_tokens::all(&keys, &claims, now);
    expect_all_refused(&test, &good, forged, 85).await;
    let filter = UserFilter::default();
    assert_eq!(
        test.accounts.count(&filter).await.unwrap(),
        2,
        "no forged token creates an account"
    );
}

#[tokio::test]
async fn roles_in_an_own_token_are_ignored() {
    let (test, key, _pem, _folder) = accounts_with_key_folder().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let signed = SignedToken::parse(grant.tokens.access.expose_secret(), key, Jose::EdDSA);
    let session = test
        .accounts
        .authenticate(&signed.with_claim("roles", json!([ADMIN])))
        .await
        .unwrap();
    assert_eq!(session.actor.roles(), ["USER".to_owned()]);
}

#[tokio::test]
async fn only_the_configured_algorithm_is_accepted() {
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
    let mut services = Vec::new();
    for (key, name) in sources {
        let test = TestAccounts::with(Settings {
            key,
            ..Settings::default()
        })
        .await;
        test.register("ann").await;
        let grant = test.login("ann").await;
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
        services.push((test, grant));
    }
    for (at, (test, _)) in services.iter().enumerate() {
        for (from, (_, grant)) in services.iter().enumerate() {
            assert_eq!(test.session(grant).await.is_ok(), at == from, "{from} at {at}");
        }
    }
    // The same secret and kid with another HMAC algorithm.
    let (test, grant) = &services[2];
    let signed = SignedToken::parse(
        grant.tokens.access.expose_secret(),
        EncodingKey::from_secret(secret.as_bytes()),
        Jose::HS512,
    );
    let mut header = signed.header.clone();
    header["alg"] = "HS512".into();
    let token = signed.sign_with(&header, &signed.key, Jose::HS512);
    assert!(refused(test.accounts.authenticate(&token).await));
}
