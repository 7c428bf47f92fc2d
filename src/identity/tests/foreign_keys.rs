//! Where the keys of a foreign issuer come from and when they are asked for. The issuer is a server in this process whose
//! manners the test chooses.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::foreign::{Scene, trusting};
use super::provider::{Manner, Provider, ProviderKey};
use super::*;
use crate::clock::Clock;

fn unreachable(outcome: Result<Arc<Session>, Error>) -> bool {
    outcome.is_err_and(|error| matches!(error, Error::IssuerUnavailable { .. }))
}

#[tokio::test]
async fn every_algorithm_of_the_list_is_taken() {
    let keys: Vec<ProviderKey> = ["EdDSA", "ES256", "ES384", "RSA"]
        .into_iter()
        .map(|algorithm| ProviderKey::new(algorithm, algorithm))
        .collect();
    let provider = Provider::start(&keys.iter().collect::<Vec<_>>()).await;
    let house = trusting(&provider, json!({})).await;
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
        let claims = json!({ "iss": provider.url, "aud": "portcullis", "sub": algorithm, "exp": now + 60 });
        let outcome = house.accounts.authenticate(&keys[at].token(algorithm, &claims)).await;
        assert!(outcome.is_ok(), "{algorithm}: {outcome:?}");
    }
    assert_eq!(provider.fetches(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_key_is_found_and_the_issuer_asked_once_a_minute() {
    let scene = Scene::open().await;
    let first = scene.token("ann", &[]);
    scene.enter(&first).await.unwrap();
    let second = ProviderKey::new("second", "ES256");
    scene.provider.publish(&[&scene.key, &second]);
    let rotated: Vec<String> = (0..12)
        .map(|n| second.token("ES256", &scene.claims(&format!("user{n}"), &[])))
        .collect();
    assert!(refused(scene.enter(&rotated[0]).await), "asked a moment ago");
    assert_eq!(scene.provider.fetches(), 1);
    scene.house.clock.advance(TimeDelta::seconds(61));
    let outcomes = join_all(rotated.iter().map(|token| scene.enter(token))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(scene.provider.fetches(), 2, "one of twelve asked");
    // Made-up names do not make us ask more often.
    for n in 0..20 {
        let made_up = ProviderKey::new(&format!("made up {n}"), "EdDSA");
        assert!(refused(
            scene
                .enter(&made_up.token("EdDSA", &scene.claims("ann", &["boss"])))
                .await
        ));
    }
    assert_eq!(scene.provider.fetches(), 2);
    scene.enter(&first).await.unwrap();
}

#[tokio::test]
async fn known_keys_work_while_the_issuer_is_down() {
    let scene = Scene::open().await;
    scene.enter(&scene.token("ann", &[])).await.unwrap();
    scene.provider.behave(Manner::Down);
    let second = ProviderKey::new("second", "EdDSA");
    scene.house.clock.advance(TimeDelta::minutes(11));
    scene.enter(&scene.token("bob", &[])).await.unwrap();
    scene.house.clock.advance(TimeDelta::minutes(2));
    let rotated = second.token("EdDSA", &scene.claims("ann", &[]));
    let outcome = scene.enter(&rotated).await;
    assert!(unreachable(outcome), "nobody can know");
    scene.enter(&scene.token("eve", &[])).await.unwrap();
    scene.provider.publish(&[&scene.key, &second]);
    scene.provider.behave(Manner::Honest);
    scene.house.clock.advance(TimeDelta::seconds(61));
    scene.enter(&rotated).await.unwrap();
}

#[tokio::test]
async fn an_issuer_that_was_never_reached_says_so() {
    let scene = Scene::open().await;
    scene.provider.behave(Manner::Down);
    let token = scene.token("ann", &[]);
    assert!(unreachable(scene.enter(&token).await));
    let asked = scene.provider.asked().len();
    assert!(unreachable(scene.enter(&token).await));
    assert_eq!(scene.provider.asked().len(), asked, "not within a minute");
    scene.provider.behave(Manner::Honest);
    scene.house.clock.advance(TimeDelta::seconds(61));
    scene.enter(&token).await.unwrap();
}

#[tokio::test]
async fn a_key_that_was_withdrawn_opens_nothing() {
    let scene = Scene::open().await;
    let token = scene.token("ann", &["boss"]);
    scene.enter(&token).await.unwrap();
    let second = ProviderKey::new("second", "EdDSA");
    scene.provider.publish(&[&second]);
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
    assert_eq!(scene.provider.fetches(), 2);
}

#[tokio::test]
async fn what_an_issuer_should_not_answer_is_not_believed() {
    let own = ProviderKey::new("first", "EdDSA");
    let elsewhere = Provider::start(&[&own]).await;
    let oct = json!({ "keys": [{ "kty": "oct", "kid": "first", "k": "c2VjcmV0" }] });
    let wrong = |provider: &Provider| {
        let url = &provider.url;
        [
            Manner::Discovery(json!({ "issuer": "https://id.example.org", "jwks_uri": format!("{url}/jwks") })),
            Manner::Discovery(json!({ "issuer": format!("{url}/"), "jwks_uri": format!("{url}/jwks") })),
            Manner::Discovery(json!({ "issuer": url, "jwks_uri": "http://169.254.169.254/jwks" })),
            Manner::Discovery(json!({ "issuer": url, "jwks_uri": "file:///etc/passwd" })),
            Manner::Discovery(json!({ "issuer": url, "jwks_uri": "/jwks" })),
            Manner::Discovery(json!({ "issuer": url })),
            Manner::Discovery(json!([])),
            Manner::Keys(json!({ "keys": [] })),
            Manner::Keys(json!({ "keys": "none" })),
            Manner::Keys(oct.clone()),
            Manner::Redirect,
            Manner::Padded(300 * 1024),
            Manner::Status(500),
            Manner::Status(204),
        ]
    };
    let provider = Provider::start(&[&own]).await;
    let house = trusting(&provider, json!({})).await;
    let token = |house: &House| {
        let now = house.clock.now().timestamp();
        let claims = json!({ "iss": provider.url, "aud": "portcullis", "sub": "ann", "exp": now + 3600 });
        own.token("EdDSA", &claims)
    };
    for manner in wrong(&provider) {
        provider.behave(manner.clone());
        let outcome = house.accounts.authenticate(&token(&house)).await;
        assert!(unreachable(outcome), "{manner:?}");
        house.clock.advance(TimeDelta::seconds(61));
    }
    assert!(elsewhere.asked().is_empty());
    assert!(
        provider.asked().iter().all(|path| !path.starts_with("/elsewhere")),
        "no redirect was followed"
    );
    provider.behave(Manner::Padded(100 * 1024));
    house.accounts.authenticate(&token(&house)).await.unwrap();
}
