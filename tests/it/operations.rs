//! Which operation of a document runs, as clients see it: transports, cost and variables agree. The truth table of the
//! selection itself is in `src/graphql/request/operation/tests.rs`.

use portcullis_test_support::websocket::SocketClient;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::trusted::get;

/// The data of a refused request does not exist.
const REFUSED: Value = Value::Null;

#[tokio::test]
async fn every_transport_selects_the_same_operation() {
    const ANONYMOUS: &str = "mutation { logout { endedSessions } }";
    const NAMED: &str = "mutation M { logout { endedSessions } }";
    const SEVERAL: &str = "query Q { service { name } } mutation M { logout { endedSessions } }";
    let query = json!({ "service": { "name": "portcullis" } });
    let mutation = json!({ "logout": { "endedSessions": 0 } });
    let app = TestApp::start().await;
    let url = app.listen().await;
    let mut socket = SocketClient::start(&url, None).await;
    // The status of GET, where an empty parameter is an absent one, and what other transports answer.
    for (document, name, status, data) in [
        (ANONYMOUS, Value::Null, 405, &mutation),
        (ANONYMOUS, json!("M"), 422, &REFUSED),
        (ANONYMOUS, json!(""), 405, &REFUSED),
        (NAMED, Value::Null, 405, &mutation),
        (NAMED, json!("M"), 405, &mutation),
        (NAMED, json!("m"), 422, &REFUSED),
        (NAMED, json!(""), 405, &REFUSED),
        (SEVERAL, Value::Null, 422, &REFUSED),
        (SEVERAL, json!("Q"), 200, &query),
        (SEVERAL, json!("M"), 405, &mutation),
        (SEVERAL, json!("N"), 422, &REFUSED),
        (SEVERAL, json!(""), 422, &REFUSED),
    ] {
        let parameters = json!({ "query": document, "operationName": name });
        let mut in_url = parameters.clone();
        if name.is_null() {
            in_url.as_object_mut().unwrap().remove("operationName");
        }
        let got = get(&app, None, &in_url).await;
        assert_eq!(got.status, status, "{parameters}: {got:?}");
        let posted = app.post(None, &parameters).await.json();
        for answer in [posted, socket.execute_with(parameters.clone()).await] {
            assert_eq!(answer["data"], *data, "{parameters}: {answer}");
            if data.is_null() {
                let error = &answer["errors"][0];
                assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
                assert!(error["message"].as_str().unwrap().contains("operationName"), "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn cost_and_variables_are_those_of_the_selected_operation() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let document = "query Dear($no: Boolean = true) { exportMyData @include(if: $no) }
                    query Free($no: Boolean = false) { exportMyData @include(if: $no) }
                    query Needs($no: Boolean!) { exportMyData @include(if: $no) }";
    let used = async || {
        let answer = app.query(Some(&ann), "{ viewer { quota { used } } }", json!({})).await;
        answer.data("/viewer/quota/used")
    };
    let run = async |name: Value| {
        let parameters = json!({ "query": document, "operationName": name });
        app.post(Some(&ann), &parameters).await
    };
    assert_eq!(run(json!("Free")).await.json(), json!({ "data": {} }));
    assert_eq!(used().await, 0);
    assert!(run(json!("Dear")).await.data("/exportMyData").is_object());
    assert_eq!(used().await, 100);
    for (name, reason) in [
        (json!("Needs"), "$no"),
        (json!("Other"), "operationName"),
        (json!(""), "operationName"),
        (Value::Null, "operationName"),
    ] {
        let refused = run(name.clone()).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{name}");
        let message = refused.json()["errors"][0]["message"].clone();
        assert!(message.as_str().unwrap().contains(reason), "{name}: {message}");
    }
    assert_eq!(used().await, 100);
}
