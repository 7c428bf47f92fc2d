//! The limits on the cost and the duration of an operation, for every transport.

use std::time::Duration;

use portcullis::config::{self, Config};
use portcullis_test_support::websocket::SocketClient;
use serde_json::{Value, json};

use crate::harness::TestApp;

const PREDICT: &str =
    "predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { model { name } }";

fn predictions(count: usize) -> String {
    let fields: String = (0..count).map(|i| format!("a{i}: {PREDICT} ")).collect();
    format!("{{ {fields} }}")
}

#[tokio::test]
async fn an_operation_above_the_cost_limit_is_refused_before_it_runs() {
    let app = TestApp::with(Config {
        limits: config::Limits {
            max_cost: [("USER".to_owned(), 30), ("TRUSTED".to_owned(), 50)].into(),
            quotas: [("USER".to_owned(), 1_000)].into(),
            ..config::Limits::default()
        },
        ..Config::default()
    })
    .await;
    let ann = app.user("ann").await;
    let answer = app.query(Some(&ann), &predictions(3), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
    let answer = app.query(Some(&ann), &predictions(4), json!({})).await;
    assert_eq!(answer.status, 422);
    let json = answer.json();
    assert!(json.get("data").is_none(), "{json}");
    assert_eq!(
        json["errors"][0]["extensions"],
        json!({ "code": "QUERY_TOO_COMPLEX", "cost": 40, "maximum": 30 })
    );
    assert!(json["errors"][0]["message"].as_str().unwrap().contains("40"), "{json}");
    // A refused operation is not charged.
    let used = app.query(Some(&ann), "{ viewer { quota { used } } }", json!({})).await;
    assert_eq!(used.data("/viewer/quota/used"), 30);

    // The role with the highest limit applies.
    let admin = app.admin().await;
    app.change(
        &admin,
        "mutation { putRole(name: \"TRUSTED\", permissions: [PREDICT]) { errors { message } } }",
    )
    .await;
    app.change(
        &admin,
        "mutation { setUserRoles(input: { id: \"ann\", roles: [\"USER\", \"TRUSTED\"] }) { errors { message } } }",
    )
    .await;
    let ann = app.login("ann").await;
    let answer = app.query(Some(&ann), &predictions(5), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
    // Roles without a limit allow 5,000 units.
    let exports = |count: usize| -> String {
        let fields: String = (0..count).map(|i| format!("a{i}: exportMyData ")).collect();
        format!("{{ {fields} }}")
    };
    let answer = app.query(Some(&admin), &exports(50), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
    let answer = app.query(Some(&admin), &exports(51), json!({})).await;
    assert_eq!(answer.codes(), ["QUERY_TOO_COMPLEX"]);
}

/// More work than any machine does in a second.
fn long_work(seed: &str) -> Value {
    let text = |i: usize| {
        let words: Vec<String> = (0..300).map(|j| format!("{seed}{}", i * 1_000 + j)).collect();
        json!({ "text": words.join(" ") })
    };
    let inputs: Vec<Value> = (0..256).map(text).collect();
    json!({ "input": { "model": "occupation", "inputs": inputs } })
}

const WORK: &str = "query($input: PredictInput!) { predict(input: $input) { predictions { label } } }";

/// Waits until no request waits for a model.
async fn idle(app: &TestApp) {
    while app.gateway.app().inference().usage().waiting > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn hasty() -> Config {
    Config {
        limits: config::Limits {
            deadline_seconds: 1,
            ..config::Limits::default()
        },
        ..Config::default()
    }
}

#[tokio::test]
async fn the_deadline_applies_to_every_transport() {
    let app = TestApp::with(hasty()).await;
    let ann = app.user("dawdler").await;
    let answer = app.query(Some(&ann), WORK, long_work("http")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.codes()),
        (503, vec!["TIMEOUT".to_owned()])
    );
    assert!(answer.json().get("data").is_none(), "{}", answer.text);

    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .header("authorization", format!("Bearer {ann}"));
    let body = json!({ "query": WORK, "variables": long_work("events") }).to_string();
    let mut events = app.events(request.body(body.into()).unwrap()).await;
    assert_eq!(events.answer().await["errors"][0]["extensions"]["code"], "TIMEOUT");
    assert_eq!(events.next().await.unwrap().0, "complete");

    let mut socket = SocketClient::start(&app.listen().await, Some(&ann)).await;
    let payload = json!({ "query": WORK, "variables": long_work("socket") });
    let rejected = socket.execute_with(payload).await;
    assert_eq!(rejected["errors"][0]["extensions"]["code"], "TIMEOUT", "{rejected}");

    // The queued work of all of them was dropped, so that the next request is answered in time.
    idle(&app).await;
    let answer = app.query(Some(&ann), &predictions(1), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_disconnected_client_leaves_no_queued_work() {
    let app = TestApp::start().await;
    let ann = app.user("dawdler").await;
    let asked = app.query(Some(&ann), WORK, long_work("gone"));
    tokio::select! {
        answer = asked => panic!("{answer:?}"),
        () = tokio::time::sleep(Duration::from_millis(300)) => {}
    }
    // Otherwise, thirty seconds of work would be queued.
    idle(&app).await;
    let answer = app.query(Some(&ann), &predictions(1), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_mutation_completes_when_its_client_disconnects() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut done = 0;
    for round in 0..12 {
        let name = format!("user{round}");
        let token = app.user(&name).await;
        let status = async || {
            let answer = app.query(Some(&token), "{ viewer { user { id } } }", json!({})).await;
            answer.status.as_u16()
        };
        assert_eq!(status().await, 200);
        let mutation = format!(
            "mutation {{ toggleUser(input: {{ id: \"{name}\", enabled: false }}) {{ user {{ enabled }} errors {{ code }} }} }}"
        );
        // The client disconnects a little later each time.
        let asked = app.query(Some(&admin), &mutation, json!({}));
        let _ = tokio::time::timeout(Duration::from_micros(400 * round), asked).await;
        // A listing reads the store; other requests may use cached state.
        let listed = format!("{{ users(filter: {{ search: \"{name}\" }}) {{ nodes {{ id enabled }} }} }}");
        let mut off = false;
        for _ in 0..30 {
            let nodes = app.query(Some(&admin), &listed, json!({})).await.data("/users/nodes");
            let nodes = nodes.as_array().unwrap().clone();
            off = nodes.iter().any(|node| node["id"] == *name && node["enabled"] == false);
            if off {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // A mutation that began completes, within this time.
        for _ in 0..6_000 {
            if !off || status().await == 401 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if off {
            done += 1;
            assert_eq!(status().await, 401, "round {round}: off in the store, and answered");
        }
    }
    assert!(done > 0, "no mutation began");
}
