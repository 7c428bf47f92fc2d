//! Quotas and rate limits over GraphQL: charges, refunds, and what the response shows.

use portcullis::config::{self, Config};
use serde_json::json;

use crate::harness::{Answer, TestApp};

const PREDICT: &str = "query($n: Boolean = true) {
    predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) @include(if: $n) { predictions { label } } }";
const QUOTA: &str = "{ viewer { quota { limit used resetsAt maxCost } } }";

fn limited(quotas: &[(&str, u64)], rate_limits: &[(&str, u32)]) -> Config {
    Config {
        limits: config::Limits {
            quotas: quotas
                .iter()
                .map(|(role, units)| ((*role).to_owned(), *units))
                .collect(),
            rate_limits: rate_limits
                .iter()
                .map(|(role, units)| ((*role).to_owned(), *units))
                .collect(),
            ..config::Limits::default()
        },
        ..Config::default()
    }
}

fn assert_refused(answer: &Answer, code: &str) -> u64 {
    assert_eq!(answer.status, 429, "{answer:?}");
    assert_eq!(answer.codes(), [code]);
    let json = answer.json();
    assert!(json.get("data").is_none(), "{json}");
    let after = json["errors"][0]["extensions"]["retryAfter"].as_u64().unwrap();
    assert_eq!(answer.headers["retry-after"], after.to_string().as_str());
    after
}

#[tokio::test]
async fn an_hourly_quota_is_charged_shown_and_enforced() {
    let app = TestApp::with(limited(&[("USER", 25)], &[])).await;
    let ann = app.user("ann").await;
    let used = async || app.query(Some(&ann), QUOTA, json!({})).await.data("/viewer/quota/used");
    assert_eq!(used().await, 0);
    for spent in [10, 20] {
        assert_eq!(app.query(Some(&ann), PREDICT, json!({})).await.status, 200);
        assert_eq!(used().await, spent);
    }
    // Skipped fields and refused fields are not charged.
    assert_eq!(app.query(Some(&ann), PREDICT, json!({ "n": false })).await.status, 200);
    app.query(Some(&ann), "{ users { nodes { id } } }", json!({})).await;
    assert_eq!(used().await, 20);
    let after = assert_refused(&app.query(Some(&ann), PREDICT, json!({})).await, "QUOTA_EXCEEDED");
    assert!((1..=3601).contains(&after), "{after}");
    assert_eq!(used().await, 20);
    // Another account has its own quota.
    let bob = app.user("bob").await;
    assert_eq!(app.query(Some(&bob), PREDICT, json!({})).await.status, 200);
    app.clock.advance(chrono::TimeDelta::hours(1));
    let ann = app.login("ann").await;
    assert_eq!(app.query(Some(&ann), PREDICT, json!({})).await.status, 200);
}

#[tokio::test]
async fn each_alias_and_fragment_is_charged() {
    let app = TestApp::with(limited(&[("USER", 1000)], &[])).await;
    let ann = app.user("ann").await;
    let one = "predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { model { name } }";
    let document = format!("query {{ a: {one} ...F ... on Query {{ b: {one} }} }} fragment F on Query {{ c: {one} }}");
    assert_eq!(app.query(Some(&ann), &document, json!({})).await.status, 200);
    assert_eq!(
        app.query(Some(&ann), QUOTA, json!({})).await.data("/viewer/quota"),
        json!({ "limit": 1000, "used": 30, "maxCost": 5000, "resetsAt": app.query(Some(&ann), QUOTA, json!({})).await.data("/viewer/quota/resetsAt") })
    );
}

#[tokio::test]
async fn a_rate_limited_response_says_when_to_retry() {
    // One unit per second, with a burst of ten.
    let app = TestApp::with(limited(&[], &[("USER", 1)])).await;
    let ann = app.user("ann").await;
    assert_eq!(app.query(Some(&ann), PREDICT, json!({})).await.status, 200);
    let after = assert_refused(&app.query(Some(&ann), PREDICT, json!({})).await, "RATE_LIMITED");
    assert!((2..=11).contains(&after), "{after}");
    app.clock
        .advance(chrono::TimeDelta::seconds(i64::try_from(after).unwrap()));
    assert_eq!(app.query(Some(&ann), PREDICT, json!({})).await.status, 200);
    assert_eq!(
        app.query(Some(&ann), QUOTA, json!({}))
            .await
            .data("/viewer/quota/limit"),
        json!(null)
    );
    // Free operations are not limited.
    assert_eq!(
        app.query(Some(&ann), "{ models { name } }", json!({})).await.status,
        200
    );
}

#[tokio::test]
async fn the_cost_is_shown_on_request() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let request = |ask: bool| {
        let body = json!({ "query": PREDICT }).to_string();
        let request = axum::http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {ann}"));
        let request = if ask {
            request.header("x-portcullis-cost", "1")
        } else {
            request
        };
        app.send(request.body(axum::body::Body::from(body)).unwrap())
    };
    assert_eq!(request(true).await.json()["extensions"], json!({ "cost": 10 }));
    assert_eq!(request(false).await.json().get("extensions"), None);
}
