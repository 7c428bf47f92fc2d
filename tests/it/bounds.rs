//! What one operation may cost and how long it may run, by every transport.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use portcullis::config::{self, Config};
use serde_json::{Value, json};

use crate::harness::TestApp;

const PREDICT: &str =
    "predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { model { name } }";

fn predictions(count: usize) -> String {
    let fields: String = (0..count).map(|i| format!("a{i}: {PREDICT} ")).collect();
    format!("{{ {fields} }}")
}

#[tokio::test]
async fn an_operation_dearer_than_its_role_may_is_refused_before_it_runs() {
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
    // It was not charged.
    let used = app.query(Some(&ann), "{ viewer { quota { used } } }", json!({})).await;
    assert_eq!(used.data("/viewer/quota/used"), 30);

    // The most generous role counts.
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
    // Whose roles say nothing may spend five thousand units.
    let exports = |count: usize| -> String {
        let fields: String = (0..count).map(|i| format!("a{i}: exportMyData ")).collect();
        format!("{{ {fields} }}")
    };
    let answer = app.query(Some(&admin), &exports(50), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
    let answer = app.query(Some(&admin), &exports(51), json!({})).await;
    assert_eq!(answer.codes(), ["QUERY_TOO_COMPLEX"]);
}

/// More than can be computed in a second, whatever the machine.
fn long_work(seed: &str) -> Value {
    let text = |i: usize| {
        let words: Vec<String> = (0..300).map(|j| format!("{seed}{}", i * 1_000 + j)).collect();
        json!({ "text": words.join(" ") })
    };
    let inputs: Vec<Value> = (0..256).map(text).collect();
    json!({ "input": { "model": "occupation", "inputs": inputs } })
}

const WORK: &str = "query($input: PredictInput!) { predict(input: $input) { predictions { label } } }";

/// Until nothing waits for a model.
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
async fn what_takes_too_long_is_given_up_by_every_transport() {
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

    let url = app.listen().await.replace("http://", "ws://") + "/graphql";
    let mut request = tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(url).unwrap();
    let protocol = http::HeaderValue::from_static("graphql-transport-ws");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    for message in [
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {ann}") } }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": WORK, "variables": long_work("socket") } }),
    ] {
        socket.send(message.to_string().into()).await.unwrap();
    }
    let mut said = Vec::new();
    while said.len() < 2 {
        let message = socket.next().await.unwrap().unwrap();
        if let Ok(text) = message.into_text()
            && let Ok(json) = serde_json::from_str::<Value>(&text)
        {
            said.push(json);
        }
    }
    assert_eq!(said[0]["type"], "connection_ack");
    assert_eq!(said[1]["type"], "error");
    assert_eq!(said[1]["payload"][0]["extensions"]["code"], "TIMEOUT");

    // What was queued for all of them is gone, so that the next one is answered in time.
    idle(&app).await;
    let answer = app.query(Some(&ann), &predictions(1), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
}

#[tokio::test]
async fn who_goes_away_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let ann = app.user("dawdler").await;
    let asked = app.query(Some(&ann), WORK, long_work("gone"));
    tokio::select! {
        answer = asked => panic!("{answer:?}"),
        () = tokio::time::sleep(Duration::from_millis(300)) => {}
    }
    // Else thirty seconds of work would stand there.
    idle(&app).await;
    let answer = app.query(Some(&ann), &predictions(1), json!({})).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_mutation_is_not_left_half_done_by_who_goes_away() {
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
        // The caller goes away a little later each time.
        let asked = app.query(Some(&admin), &mutation, json!({}));
        let _ = tokio::time::timeout(Duration::from_micros(400 * round), asked).await;
        // The store is asked, not what is remembered of it.
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
        // Where it was done at all, it was done wholly: the rest of it takes no longer than this.
        for _ in 0..500 {
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
    assert!(done > 0, "none of them began");
}
