//! Where the keys of a foreign issuer come from and when they are asked for. The issuer is a server in this process whose
//! behaviour the test chooses.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portcullis_test_support::test_issuer::{Behaviour, IssuerKey, TestIssuer};
use serde_json::json;

use super::foreign::{Scene, trusting};
use super::*;
use crate::clock::Clock;

fn unreachable(outcome: Result<Arc<Session>, Error>) -> bool {
    outcome.is_err_and(|error| matches!(error, Error::IssuerUnavailable { .. }))
}

#[tokio::test]
async fn every_algorithm_of_the_list_is_taken() {
    let keys: Vec<IssuerKey> = ["EdDSA", "ES256", "ES384", "RSA"]
        .into_iter()
        .map(|algorithm| IssuerKey::new(algorithm, algorithm))
        .collect();
    let issuer = TestIssuer::start(&keys.iter().collect::<Vec<_>>()).await;
    let house = trusting(&issuer, json!({})).await;
    let now = house.clock.now().timestamp();
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
        let outcome = house.accounts.authenticate(&keys[at].token(algorithm, &claims)).await;
        assert!(outcome.is_ok(), "{algorithm}: {outcome:?}");
    }
    assert_eq!(issuer.key_set_requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_key_is_found_and_the_issuer_asked_once_a_minute() {
    let scene = Scene::open().await;
    let first = scene.token("ann", &[]);
    scene.enter(&first).await.unwrap();
    let second = IssuerKey::new("second", "ES256");
    scene.issuer.publish(&[&scene.key, &second]);
    let rotated: Vec<String> = (0..12)
        .map(|n| second.token("ES256", &scene.claims(&format!("user{n}"), &[])))
        .collect();
    assert!(refused(scene.enter(&rotated[0]).await), "asked a moment ago");
    assert_eq!(scene.issuer.key_set_requests(), 1);
    scene.house.clock.advance(TimeDelta::seconds(61));
    let outcomes = join_all(rotated.iter().map(|token| scene.enter(token))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(scene.issuer.key_set_requests(), 2, "one of twelve asked");
    // Made-up names do not make us ask more often.
    for n in 0..20 {
        let made_up = IssuerKey::new(&format!("made up {n}"), "EdDSA");
        assert!(refused(
            scene
                .enter(&made_up.token("EdDSA", &scene.claims("ann", &["boss"])))
                .await
        ));
    }
    assert_eq!(scene.issuer.key_set_requests(), 2);
    scene.enter(&first).await.unwrap();
}

#[tokio::test]
async fn known_keys_work_while_the_issuer_is_down() {
    let scene = Scene::open().await;
    scene.enter(&scene.token("ann", &[])).await.unwrap();
    scene.issuer.behave(Behaviour::Down);
    let second = IssuerKey::new("second", "EdDSA");
    scene.house.clock.advance(TimeDelta::minutes(11));
    scene.enter(&scene.token("bob", &[])).await.unwrap();
    scene.house.clock.advance(TimeDelta::minutes(2));
    let rotated = second.token("EdDSA", &scene.claims("ann", &[]));
    let outcome = scene.enter(&rotated).await;
    assert!(unreachable(outcome), "nobody can know");
    scene.enter(&scene.token("eve", &[])).await.unwrap();
    scene.issuer.publish(&[&scene.key, &second]);
    scene.issuer.behave(Behaviour::Correct);
    scene.house.clock.advance(TimeDelta::seconds(61));
    scene.enter(&rotated).await.unwrap();
}

#[tokio::test]
async fn an_issuer_that_was_never_reached_says_so() {
    let scene = Scene::open().await;
    scene.issuer.behave(Behaviour::Down);
    let token = scene.token("ann", &[]);
    assert!(unreachable(scene.enter(&token).await));
    let requests = scene.issuer.requests().len();
    assert!(unreachable(scene.enter(&token).await));
    assert_eq!(scene.issuer.requests().len(), requests, "not within a minute");
    scene.issuer.behave(Behaviour::Correct);
    scene.house.clock.advance(TimeDelta::seconds(61));
    scene.enter(&token).await.unwrap();
}

#[tokio::test]
async fn a_key_that_was_withdrawn_opens_nothing() {
    let scene = Scene::open().await;
    let token = scene.token("ann", &["boss"]);
    scene.enter(&token).await.unwrap();
    let second = IssuerKey::new("second", "EdDSA");
    scene.issuer.publish(&[&second]);
    scene.enter(&token).await.unwrap();
    scene.house.clock.advance(TimeDelta::minutes(11));
    // The first of these makes us ask, beside it.
    let mut ended = false;
    for _ in 0..500 {
        ended = refused(scene.enter(&token).await);
        if ended {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(ended, "remembered tokens are looked at again with the new keys");
    assert_eq!(scene.issuer.key_set_requests(), 2);
}

#[tokio::test]
async fn what_an_issuer_should_not_answer_is_not_believed() {
    let own = IssuerKey::new("first", "EdDSA");
    let elsewhere = TestIssuer::start(&[&own]).await;
    let oct = json!({ "keys": [{ "kty": "oct", "kid": "first", "k": "c2VjcmV0" }] });
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
            Behaviour::Keys(json!({ "keys": [] })),
            Behaviour::Keys(json!({ "keys": "none" })),
            Behaviour::Keys(oct.clone()),
            Behaviour::Redirect,
            Behaviour::Padded(300 * 1024),
            Behaviour::Status(500),
            Behaviour::Status(204),
        ]
    };
    let issuer = TestIssuer::start(&[&own]).await;
    let house = trusting(&issuer, json!({})).await;
    let token = |house: &House| {
        let now = house.clock.now().timestamp();
        let claims = json!({ "iss": issuer.url, "aud": "portcullis", "sub": "ann", "exp": now + 3600 });
        own.token("EdDSA", &claims)
    };
    for behaviour in wrong(&issuer) {
        issuer.behave(behaviour.clone());
        let outcome = house.accounts.authenticate(&token(&house)).await;
        assert!(unreachable(outcome), "{behaviour:?}");
        house.clock.advance(TimeDelta::seconds(61));
    }
    assert!(elsewhere.requests().is_empty());
    assert!(
        issuer.requests().iter().all(|path| !path.starts_with("/elsewhere")),
        "no redirect was followed"
    );
    issuer.behave(Behaviour::Padded(100 * 1024));
    house.accounts.authenticate(&token(&house)).await.unwrap();
}
