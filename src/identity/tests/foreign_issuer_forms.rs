//! Forms of claims and key sets that issuers differ in. Forged tokens are in `forged_tokens`.

use chrono::TimeDelta;
use portcullis_test_support::test_issuer::{Behaviour, IssuerKey, TestIssuer};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::foreign_issuer::{IssuerTest, accounts_with_issuer};
use super::*;
use crate::clock::Clock;

/// The reason of a refusal; empty for any other outcome.
fn reason(outcome: &Result<Arc<Session>, Error>) -> &'static str {
    match outcome {
        Err(Error::Unauthenticated { reason }) => reason,
        _ => "",
    }
}

/// The ways to write a number of seconds.
fn forms(seconds: i64) -> Vec<String> {
    let digits = seconds.to_string();
    vec![
        digits.clone(),
        format!("{digits}.0"),
        format!("{digits}.5"),
        format!("{digits}e0"),
        format!("{digits}000E-3"),
        format!("{}.{}e9", &digits[..1], &digits[1..]),
    ]
}

#[tokio::test]
async fn times_may_be_any_number() {
    let setup = IssuerTest::open().await;
    let now = setup.test.clock.now().timestamp();
    let mut runner = TestRunner::deterministic();
    let offsets = (10..3_600_i64, 10..3_600_i64);
    for round in 0..12 {
        let (before, after) = offsets.new_tree(&mut runner).unwrap().current();
        for (exp, nbf) in forms(now + after)
            .into_iter()
            .zip(forms(now - before).into_iter().rev())
        {
            let claims = |exp: &str, nbf: &str| {
                format!(
                    "{{\"iss\":\"{}\",\"aud\":\"portcullis\",\"sub\":\"ann\",\"jti\":\"{round}\",\"exp\":{exp},\"nbf\":{nbf},\"iat\":{nbf}}}",
                    setup.issuer.url
                )
            };
            let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "first" }).to_string();
            let good = setup.key.sign_as("EdDSA", &header, &claims(&exp, &nbf));
            let session = setup.authenticate(&good).await;
            assert!(session.is_ok(), "{exp} {nbf}: {session:?}");
            let late = setup.key.sign_as("EdDSA", &header, &claims(&nbf, &nbf));
            assert_eq!(reason(&setup.authenticate(&late).await), "it has expired", "{nbf}");
            let early = setup.key.sign_as("EdDSA", &header, &claims(&exp, &exp));
            assert_eq!(
                reason(&setup.authenticate(&early).await),
                "it is not valid yet",
                "{exp}"
            );
        }
    }
}

#[tokio::test]
async fn null_claims_are_absent() {
    let setup = IssuerTest::open().await;
    let absent = [
        "nbf",
        "iat",
        "azp",
        "client_id",
        "typ",
        "token_use",
        "nonce",
        "at_hash",
        "events",
        "cnf",
        "preferred_username",
        "groups",
    ];
    let mut claims = setup.claims("ann", &[]);
    for name in absent {
        claims[name] = Value::Null;
    }
    let session = setup.authenticate(&setup.key.token("EdDSA", &claims)).await.unwrap();
    assert_eq!(session.user.username, "ann@127.0.0.1");
    for name in ["exp", "sub", "aud"] {
        let mut claims = setup.claims("ann", &[]);
        claims[name] = Value::Null;
        let outcome = setup.authenticate(&setup.key.token("EdDSA", &claims)).await;
        assert!(refused(outcome), "{name} is required");
    }
}

#[tokio::test]
async fn the_leeway_is_a_setting() {
    for (leeway, tolerated) in [(0, 0), (5, 5), (60, 60), (600, 60)] {
        let key = IssuerKey::new("first", "EdDSA");
        let issuer = TestIssuer::start(&[&key]).await;
        let settings = json!({
            "url": issuer.url, "audience": "portcullis", "algorithms": ["EdDSA"], "default_roles": ["USER"],
        });
        let test = TestAccounts::with(Settings {
            issuers: vec![serde_json::from_value(settings).unwrap()],
            leeway: TimeDelta::seconds(leeway),
            ..Settings::default()
        })
        .await;
        let now = test.clock.now().timestamp();
        let ask = async |exp: i64, nbf: i64| {
            let claims = json!({ "iss": issuer.url, "aud": "portcullis", "sub": "ann", "exp": exp, "nbf": nbf });
            test.accounts.authenticate(&key.token("EdDSA", &claims)).await
        };
        // The clock runs, so an accepted token has a margin.
        for (exp, nbf, accepted) in [
            (now - tolerated + 20, now - 100, true),
            (now - tolerated - 2, now - 100, false),
            (now + 300, now + tolerated - 20, true),
            (now + 300, now + tolerated + 30, false),
        ] {
            let outcome = ask(exp, nbf).await;
            assert_eq!(outcome.is_ok(), accepted, "{leeway}: {} {}", exp - now, nbf - now);
        }
    }
}

fn without_kid(key: &IssuerKey) -> Value {
    let mut jwk = key.jwk();
    jwk.as_object_mut().unwrap().remove("kid");
    jwk
}

#[tokio::test]
async fn a_key_without_an_id_is_used_if_it_is_the_only_one_that_fits() {
    let keys = ["EdDSA", "ES256", "RS256"].map(|algorithm| (IssuerKey::new("k", algorithm), algorithm));
    let issuer = TestIssuer::start(&[]).await;
    let published: Vec<Value> = keys.iter().map(|(key, _)| without_kid(key)).collect();
    issuer.behave(Behaviour::Keys(json!({ "keys": published })));
    let test = accounts_with_issuer(&issuer, json!({})).await;
    let claims = |test: &TestAccounts, subject: &str| json!({ "iss": issuer.url, "aud": "portcullis", "sub": subject, "exp": test.clock.now().timestamp() + 3600 });
    for (key, algorithm) in &keys {
        for kid in [Some("k"), None] {
            let header = json!({ "alg": algorithm, "typ": "at+jwt", "kid": kid }).to_string();
            let token = key.sign_as(algorithm, &header, &claims(&test, "ann").to_string());
            let outcome = test.accounts.authenticate(&token).await;
            assert!(outcome.is_ok(), "{algorithm} {kid:?}: {outcome:?}");
        }
    }
    assert_eq!(issuer.key_set_requests(), 1);

    // The issuer replaces its key: the signature alone shows it.
    let second = IssuerKey::new("k", "EdDSA");
    issuer.behave(Behaviour::Keys(json!({ "keys": [without_kid(&second)] })));
    let token = second.token("EdDSA", &claims(&test, "bob"));
    assert_eq!(
        reason(&test.accounts.authenticate(&token).await),
        "its signature is wrong"
    );
    test.clock.advance(TimeDelta::seconds(61));
    test.accounts.authenticate(&token).await.unwrap();
    // Forged tokens cause at most one request a minute.
    let requests = issuer.key_set_requests();
    for n in 0..20 {
        let forged = IssuerKey::new("k", "EdDSA").token("EdDSA", &claims(&test, &format!("eve{n}")));
        assert!(refused(test.accounts.authenticate(&forged).await));
    }
    assert_eq!(issuer.key_set_requests(), requests);

    // Two that fit: neither is tried.
    let third = IssuerKey::new("k", "EdDSA");
    issuer.behave(Behaviour::Keys(
        json!({ "keys": [without_kid(&second), without_kid(&third)] }),
    ));
    test.clock.advance(TimeDelta::seconds(61));
    let token = third.token("EdDSA", &claims(&test, "cay"));
    let refusal = reason(&test.accounts.authenticate(&token).await);
    assert!(refusal.contains("several keys"), "{refusal}");
}

#[tokio::test]
async fn a_key_set_that_can_never_work_is_not_reported_as_unavailable() {
    let setup = IssuerTest::open().await;
    let rsa = IssuerKey::new("first", "RS256");
    let mut encryption = setup.key.jwk();
    encryption["use"] = "enc".into();
    let test = accounts_with_issuer(&setup.issuer, json!({ "algorithms": ["EdDSA"] })).await;
    let claims = || {
        let exp = test.clock.now().timestamp() + 3600;
        json!({ "iss": setup.issuer.url, "aud": "portcullis", "sub": "ann", "exp": exp })
    };
    for keys in [
        json!([]),
        json!([{ "kty": "oct", "kid": "first", "k": "c2VjcmV0" }]),
        json!([rsa.jwk()]),
        json!([encryption]),
        json!([{ "kty": "RSA", "kid": "first", "n": "AQAB", "e": "AQAB" }, 1, null]),
    ] {
        setup.issuer.behave(Behaviour::Keys(json!({ "keys": keys })));
        let refusal = reason(&test.accounts.authenticate(&setup.key.token("EdDSA", &claims())).await);
        assert!(refusal.contains("publishes no key"), "{keys}: {refusal}");
        test.clock.advance(TimeDelta::seconds(61));
    }
    // Corrected, it works at the next attempt.
    setup.issuer.behave(Behaviour::Correct);
    test.accounts
        .authenticate(&setup.key.token("EdDSA", &claims()))
        .await
        .unwrap();
}
