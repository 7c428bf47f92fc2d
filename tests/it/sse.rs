//! Server-sent events: operations of every type, and the events and the end of a subscription. A client library of another
//! project is run in `clients`.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use portcullis::http::Settings;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::harness::TestApp;

const VIEWER: &str = "subscription { viewer { user { id email } permissions } }";

#[tokio::test]
async fn a_subscription_has_an_event_for_each_change_until_the_session_ends() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    app.user("bob").await;
    let mut events = app.follow(Some(&ann), VIEWER).await;
    assert_eq!(events.status, 200);
    assert_eq!(events.headers[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(events.headers[header::CACHE_CONTROL], "no-store");
    let first = events.answer().await;
    assert_eq!(
        first["data"]["viewer"],
        json!({
            "user": { "id": "ann", "email": "ann@example.com" },
            "permissions": ["PREDICT", "MATCH_RESUME", "READ_MODELS", "READ_JOBS"]
        })
    );
    // A change of another account is not an event.
    app.change(
        &admin,
        "mutation { toggleUser(input: { id: \"bob\", enabled: false }) { errors { message } } }",
    )
    .await;
    app.change(
        &admin,
        "mutation { setUserRoles(input: { id: \"ann\", roles: [\"GUEST\"] }) { errors { message } } }",
    )
    .await;
    assert_eq!(
        events.answer().await["data"]["viewer"]["permissions"],
        json!(["READ_MODELS"])
    );
    app.change(
        &admin,
        "mutation { toggleUser(input: { id: \"ann\", enabled: false }) { errors { message } } }",
    )
    .await;
    let last = events.answer().await;
    assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last}");
    assert!(last.get("data").is_none(), "{last}");
    assert_eq!(events.next().await, Some(("complete".to_owned(), String::new())));
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_query_is_a_single_event() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    for (token, query, data, code) in [
        (
            None,
            "{ service { name } }",
            json!({ "service": { "name": "portcullis" } }),
            None,
        ),
        (
            None,
            "mutation { logout { endedSessions } }",
            json!({ "logout": { "endedSessions": 0 } }),
            None,
        ),
        (
            None,
            "{ users { totalCount } }",
            json!({ "users": null }),
            Some("UNAUTHENTICATED"),
        ),
        (
            Some(&ann),
            "{ users { totalCount } }",
            json!({ "users": null }),
            Some("FORBIDDEN"),
        ),
        (None, "{ nothing }", Value::Null, Some("GRAPHQL_VALIDATION_FAILED")),
        (None, "{", Value::Null, Some("GRAPHQL_PARSE_FAILED")),
        (None, &"[".repeat(1_700), Value::Null, Some("QUERY_TOO_COMPLEX")),
        (None, VIEWER, Value::Null, Some("UNAUTHENTICATED")),
        (
            Some(&ann),
            "subscription { a: viewer { permissions } b: viewer { permissions } }",
            Value::Null,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        // The headers are sent before the mutation can set cookies.
        (
            None,
            "mutation { login(input: { username: \"ann\", password: \"x\", cookies: true }) { errors { code } } }",
            Value::Null,
            Some("BAD_USER_INPUT"),
        ),
    ] {
        let mut events = app.follow(token.map(String::as_str), query).await;
        let answer = events.answer().await;
        assert_eq!(answer["data"], data, "{query:.60}: {answer}");
        assert_eq!(
            answer["errors"][0]["extensions"]["code"].as_str(),
            code,
            "{query:.60}: {answer}"
        );
        assert_eq!(events.next().await.unwrap().0, "complete", "{query:.60}");
        assert_eq!(events.next().await, None);
    }
}

#[tokio::test]
async fn a_subscription_follows_the_rules_of_http() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let subscription = "/graphql?query=subscription%7Bviewer%7Bpermissions%7D%7D";
    let cases = [
        (subscription, "text/event-stream", ann.as_str(), 200),
        (subscription, "application/json, text/event-stream", ann.as_str(), 200),
        (subscription, "application/json", ann.as_str(), 422),
        (
            "/graphql?query=mutation%7Blogout%7BendedSessions%7D%7D",
            "text/event-stream",
            ann.as_str(),
            405,
        ),
        (subscription, "text/event-stream", "forged", 401),
    ];
    for (path, accept, token, status) in cases {
        let request = Request::get(path)
            .header("accept", accept)
            .header("authorization", format!("Bearer {token}"));
        let mut events = app.events(request.body(Body::empty()).unwrap()).await;
        assert_eq!(events.status, status, "{path} {accept}");
        if status == 200 {
            assert!(events.answer().await["data"]["viewer"]["permissions"].is_array());
        }
    }
    // A token in the URL is ignored.
    let path = format!("{subscription}&access_token={ann}&token={ann}&authorization={ann}");
    let request = Request::get(path).header("accept", "text/event-stream");
    let answer = app.events(request.body(Body::empty()).unwrap()).await.answer().await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let batch = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(Body::from("[{\"query\": \"{ service { name } }\"}]"));
    assert_eq!(app.send(batch.unwrap()).await.status, 406);
}

#[tokio::test]
async fn a_subscription_outlives_the_idle_timeout() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let settings = Settings {
        idle_timeout: Duration::from_millis(200),
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    let mut stream = open(&url, &ann).await;
    // Comments keep the connection open between events.
    let mut seen = String::new();
    while seen.matches("\n:").count() < 12 {
        read(&mut stream, &mut seen).await;
    }
    let roles = ["GUEST".to_owned()];
    let admin = portcullis::access::Actor::guest();
    app.gateway
        .app()
        .accounts()
        .set_roles(&admin, "ann", &roles)
        .await
        .unwrap();
    while !seen.contains("[\"READ_MODELS\"]") {
        read(&mut stream, &mut seen).await;
    }
}

/// Subscribes to the viewer over TCP.
async fn open(url: &str, token: &str) -> TcpStream {
    let body = json!({ "query": VIEWER }).to_string();
    let text = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn read(stream: &mut TcpStream, seen: &mut String) {
    let mut bytes = [0; 4_096];
    let length = stream.read(&mut bytes).await.unwrap();
    assert!(length > 0, "it ended: {seen}");
    seen.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
}

#[tokio::test]
async fn a_subscription_ends_with_the_server() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let stop = CancellationToken::new();
    let (url, served) = app.serve(app.settings(), stop.clone().cancelled_owned()).await;
    let mut stream = open(&url, &ann).await;
    let mut seen = String::new();
    while !seen.contains("\"id\":\"ann\"") {
        read(&mut stream, &mut seen).await;
    }
    stop.cancel();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut seen)
        .await
        .unwrap();
    assert!(!seen.contains("event: complete"), "a client must come back: {seen}");
    assert_eq!(served.await.unwrap(), 0, "a connection was cut");
}
