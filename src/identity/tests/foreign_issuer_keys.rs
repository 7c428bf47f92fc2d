//! The keys of a foreign issuer: discovery, caching and rotation. The issuer is a server in this process, whose
//! behaviour the test controls.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portcullis_test_support::test_issuer::{Behaviour, IssuerKey, TestIssuer};
use serde_json::json;

use super::foreign_issuer::{IssuerTest, accounts_with_issuer};
use super::*;
use crate::clock::Clock;

fn unreachable(outcome: Result<Arc<Session>, Error>) -> bool {
    outcome.is_err_and(|error| matches!(error, Error::IssuerUnavailable { .. }))
}

#[tokio::test]
async fn every_listed_algorithm_is_accepted() {
    let keys: Vec<IssuerKey> = ["EdDSA", "ES256", "ES384", "RSA"]
        .into_iter()
        .map(|algorithm| IssuerKey::new(algorithm, algorithm))
        .collect();
    let issuer = TestIssuer::start(&keys.iter().collect::<Vec<_>>()).await;
    let test = accounts_with_issuer(&issuer, json!({})).await;
    let now = test.clock.now().timestamp();
    for (at, algorithm) in [
        (0, "EdDSA"),
        (1, "ES256"),
        (2, "ES384"),
        (3, "RS256"),
        (3, "RS384"),
        (3, "RS512"),
        (3, "PS256"),
        (3, "PS384"),
        (3, "PS512"),
    ] {
        let claims = json!({ "iss": issuer.url, "aud": "portcullis", "sub": algorithm, "exp": now + 60 });
        let outcome = test.accounts.authenticate(&keys[at].token(algorithm, &claims)).await;
        assert!(outcome.is_ok(), "{algorithm}: {outcome:?}");
    }
    assert_eq!(issuer.key_set_requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_key_is_found_with_at_most_one_request_a_minute() {
    let setup = IssuerTest::open().await;
    let first = setup.token("ann", &[]);
    setup.authenticate(&first).await.unwrap();
    let second = IssuerKey::new("second", "ES256");
    setup.issuer.publish(&[&setup.key, &second]);
    let rotated: Vec<String> = (0..12)
        .map(|n| second.token("ES256", &setup.claims(&format!("user{n}"), &[])))
        .collect();
    assert!(
        refused(setup.authenticate(&rotated[0]).await),
        "keys must not be requested twice within a minute"
    );
    assert_eq!(setup.issuer.key_set_requests(), 1);
    setup.test.clock.advance(TimeDelta::seconds(61));
    let outcomes = join_all(rotated.iter().map(|token| setup.authenticate(token))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(
        setup.issuer.key_set_requests(),
        2,
        "twelve tokens must share one request"
    );
    // Unknown key ids do not cause more requests.
    for n in 0..20 {
        let made_up = IssuerKey::new(&format!("made up {n}"), "EdDSA");
        assert!(refused(
            setup
                .authenticate(&made_up.token("EdDSA", &setup.claims("ann", &["boss"])))
                .await
        ));
    }
    assert_eq!(setup.issuer.key_set_requests(), 2);
    setup.authenticate(&first).await.unwrap();
}

#[tokio::test]
async fn cached_keys_are_used_while_the_issuer_is_down() {
    let setup = IssuerTest::open().await;
    setup.authenticate(&setup.token("ann", &[])).await.unwrap();
    setup.issuer.behave(Behaviour::Down);
    let second = IssuerKey::new("second", "EdDSA");
    setup.test.clock.advance(TimeDelta::minutes(11));
    setup.authenticate(&setup.token("bob", &[])).await.unwrap();
    setup.test.clock.advance(TimeDelta::minutes(2));
    let rotated = second.token("EdDSA", &setup.claims("ann", &[]));
    let outcome = setup.authenticate(&rotated).await;
    assert!(
        unreachable(outcome),
        "an unknown key is not refused while the issuer is down"
    );
    setup.authenticate(&setup.token("eve", &[])).await.unwrap();
    setup.issuer.publish(&[&setup.key, &second]);
    setup.issuer.behave(Behaviour::Correct);
    setup.test.clock.advance(TimeDelta::seconds(61));
    setup.authenticate(&rotated).await.unwrap();
}

#[tokio::test]
async fn an_issuer_that_was_never_reached_is_unavailable() {
    let setup = IssuerTest::open().await;
    setup.issuer.behave(Behaviour::Down);
    let token = setup.token("ann", &[]);
    assert!(unreachable(setup.authenticate(&token).await));
    let requests = setup.issuer.requests().len();
    assert!(unreachable(setup.authenticate(&token).await));
    assert_eq!(
        setup.issuer.requests().len(),
        requests,
        "the issuer must not be asked twice within a minute"
    );
    setup.issuer.behave(Behaviour::Correct);
    setup.test.clock.advance(TimeDelta::seconds(61));
    setup.authenticate(&token).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_key_is_refused() {
    let setup = IssuerTest::open().await;
    let token = setup.token("ann", &["boss"]);
    setup.authenticate(&token).await.unwrap();
    let second = IssuerKey::new("second", "EdDSA");
    setup.issuer.publish(&[&second]);
    setup.authenticate(&token).await.unwrap();
    setup.test.clock.advance(TimeDelta::minutes(11));
    // The first of these requests starts a fetch in the background.
    let mut ended = false;
    for _ in 0..500 {
        ended = refused(setup.authenticate(&token).await);
        if ended {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(ended, "cached tokens must be verified again with the new keys");
    assert_eq!(setup.issuer.key_set_requests(), 2);
}

#[tokio::test]
async fn an_invalid_response_of_an_issuer_is_refused() {
    let own = IssuerKey::new("first", "EdDSA");
    let elsewhere = TestIssuer::start(&[&own]).await;
    let wrong = |issuer: &TestIssuer| {
        let url = &issuer.url;
        [
            Behaviour::Discovery(json!({ "issuer": "https://id.example.org", "jwks_uri": format!("{url}/jwks") })),
            Behaviour::Discovery(json!({ "issuer": format!("{url}/"), "jwks_uri": format!("{url}/jwks") })),
            Behaviour::Discovery(json!({ "issuer": url, "jwks_uri": "http://169.254.169.254/jwks" })),
            Behaviour::Discovery(json!({ "issuer": url, "jwks_uri": "file:///etc/passwd" })),
            Behaviour::Discovery(json!({ "issuer": url, "jwks_uri": "/jwks" })),
            Behaviour::Discovery(json!({ "issuer": url })),
            Behaviour::Discovery(json!([])),
            Behaviour::Keys(json!({ "keys": "none" })),
            Behaviour::Redirect,
            Behaviour::Padded(300 * 1024),
            Behaviour::Status(500),
            Behaviour::Status(204),
        ]
    };
    let issuer = TestIssuer::start(&[&own]).await;
    let test = accounts_with_issuer(&issuer, json!({})).await;
    let token = |test: &TestAccounts| {
        let now = test.clock.now().timestamp();
        let claims = json!({ "iss": issuer.url, "aud": "portcullis", "sub": "ann", "exp": now + 3600 });
        own.token("EdDSA", &claims)
    };
    for behaviour in wrong(&issuer) {
        issuer.behave(behaviour.clone());
        let outcome = test.accounts.authenticate(&token(&test)).await;
        assert!(unreachable(outcome), "{behaviour:?}");
        test.clock.advance(TimeDelta::seconds(61));
    }
    assert!(elsewhere.requests().is_empty());
    assert!(
        issuer.requests().iter().all(|path| !path.starts_with("/elsewhere")),
        "a redirect must not be followed"
    );
    issuer.behave(Behaviour::Padded(100 * 1024));
    test.accounts.authenticate(&token(&test)).await.unwrap();
}
