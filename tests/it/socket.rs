//! GraphQL over WebSocket, subprotocol `graphql-transport-ws`: the messages, the close codes, and when a socket is closed.
//! The client library of most web pages is run in `clients`.

use std::time::Duration;

use futures_util::StreamExt as _;
use portcullis::config::{self, Config};
use portcullis::http::Settings;
use portcullis::identity::NewApiKey;
use portcullis_test_support::websocket::{Received, SUBPROTOCOL, SocketClient};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::harness::TestApp;

const VIEWER: &str = "subscription { viewer { user { id } permissions } }";

type Headers<'a> = Vec<(&'static str, &'a str)>;

#[tokio::test]
async fn operations_of_every_type_run_concurrently() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut client = SocketClient::start(&url, Some(&ann)).await;
    client.send(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(client.message().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    client.send(json!({ "type": "pong" })).await;
    client.send(json!({ "type": "ping" })).await;
    assert_eq!(client.message().await, json!({ "type": "pong" }));

    client.subscribe("viewer", VIEWER).await;
    let first = client.message().await;
    assert_eq!((&first["type"], &first["id"]), (&json!("next"), &json!("viewer")));
    assert_eq!(first["payload"]["data"]["viewer"]["user"]["id"], "ann");
    let service = client.execute("{ service { name } }").await;
    assert_eq!(service, json!({ "data": { "service": { "name": "portcullis" } } }));
    let register = client
        .execute("mutation { register(input: { username: \"bob\", email: \"bob@example.com\", password: \"correct horse battery\" }) { user { id } } }")
        .await;
    assert_eq!(register["data"]["register"]["user"]["id"], "bob");
    let users = client.execute("{ service { name } users { totalCount } }").await;
    assert_eq!(
        users["data"],
        json!({ "service": { "name": "portcullis" }, "users": null })
    );
    assert_eq!(users["errors"][0]["extensions"]["code"], "FORBIDDEN");

    // A change of roles takes effect at once, in running and in new operations.
    app.change(
        &admin,
        "mutation { setUserRoles(input: { id: \"ann\", roles: [\"ADMIN\"] }) { errors { message } } }",
    )
    .await;
    let second = client.message().await;
    assert_eq!(second["id"], "viewer");
    assert_eq!(
        second["payload"]["data"]["viewer"]["permissions"]
            .as_array()
            .unwrap()
            .len(),
        9
    );
    assert_eq!(
        client.execute("{ users { totalCount } }").await["data"]["users"]["totalCount"],
        3
    );
    client.send(json!({ "type": "complete", "id": "viewer" })).await;
    client.send(json!({ "type": "complete", "id": "never started" })).await;
    client.send(json!({ "type": "ping" })).await;
    assert_eq!(client.message().await["type"], "pong", "both messages were read");
    app.change(
        &admin,
        "mutation { setUserRoles(input: { id: \"ann\", roles: [\"USER\"] }) { errors { message } } }",
    )
    .await;
    let users = client.execute("{ users { totalCount } }").await;
    assert_eq!(users["errors"][0]["extensions"]["code"], "FORBIDDEN");
    // An id may be used again after its operation is complete.
    client.subscribe("viewer", VIEWER).await;
    assert_eq!(
        client.message().await["payload"]["data"]["viewer"]["permissions"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test]
async fn a_rejected_operation_leaves_the_socket_open() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut client = SocketClient::start(&url, Some(&ann)).await;
    let hostile = "[".repeat(1_700);
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { viewer { permissions } again: viewer { permissions } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        (hostile.as_str(), "QUERY_TOO_COMPLEX"),
        (
            "mutation { login(input: { username: \"ann\", password: \"x\", cookies: true }) { errors { code } } }",
            "BAD_USER_INPUT",
        ),
    ] {
        let query = query.to_owned();
        client.subscribe("x", &query).await;
        let message = client.message().await;
        let payload = &message["payload"];
        // A field error is part of a response; any other error rejects the operation.
        let (kind, error) = if code == "BAD_USER_INPUT" {
            assert_eq!(client.message().await["type"], "complete");
            ("next", &payload["errors"][0])
        } else {
            ("error", &payload[0])
        };
        assert_eq!(
            (&message["type"], &error["extensions"]["code"]),
            (&json!(kind), &json!(code)),
            "{query:.60} {message}"
        );
    }
    let mut guest = SocketClient::start(&url, None).await;
    assert_eq!(guest.rejection(VIEWER).await, "UNAUTHENTICATED");
    assert_eq!(
        guest.execute("{ viewer { user { id } } }").await["data"],
        json!({ "viewer": null })
    );
    let written = "subscription { ...F } fragment F on Subscription { viewer { user { id } } }";
    client.subscribe("f", written).await;
    assert_eq!(client.message().await["payload"]["data"]["viewer"]["user"]["id"], "ann");
}

#[tokio::test]
async fn every_violation_of_the_protocol_closes_with_its_code() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let settings = |seconds| Settings {
        init_timeout: Duration::from_secs(seconds),
        body_limit: 10_000,
        ..app.settings()
    };
    let (impatient, _) = app.serve(settings(1), std::future::pending()).await;
    let (patient, _) = app.serve(settings(60), std::future::pending()).await;
    let init = |payload: Value| Message::text(json!({ "type": "connection_init", "payload": payload }).to_string());
    let good = format!("Bearer {ann}");
    let text = |text: &str| Message::text(text.to_owned());
    let subscribe = |id: &str, query: &str| {
        Message::text(json!({ "type": "subscribe", "id": id, "payload": { "query": query } }).to_string())
    };
    let cases: Vec<(Vec<Message>, u16)> = vec![
        (vec![], 4408),
        (vec![text("{\"type\": \"ping\"}")], 4408),
        (vec![subscribe("a", "{ service { name } }")], 4401),
        (vec![init(Value::Null), init(Value::Null)], 4429),
        (vec![init(json!({ "authorization": "Bearer forged" }))], 4403),
        (vec![init(json!({ "authorization": "Basic YTpi" }))], 4403),
        (vec![init(json!({ "Authorization": good.replace("Bearer", "") }))], 4403),
        (vec![init(json!({ "authorization": 7 }))], 4400),
        (
            vec![init(json!({ "authorization": good, "Authorization": good }))],
            4400,
        ),
        (vec![init(json!("text"))], 4400),
        (
            vec![
                init(json!({ "Authorization": good })),
                subscribe("a", VIEWER),
                subscribe("a", VIEWER),
            ],
            4409,
        ),
        (vec![init(Value::Null), subscribe("", "{ service { name } }")], 4400),
        (
            vec![init(Value::Null), subscribe(&"a".repeat(257), "{ service { name } }")],
            4400,
        ),
        (
            vec![
                init(Value::Null),
                text("{\"type\": \"subscribe\", \"payload\": {\"query\": \"{a}\"}}"),
            ],
            4400,
        ),
        (
            vec![
                init(Value::Null),
                text("{\"type\": \"subscribe\", \"id\": \"a\", \"payload\": {}}"),
            ],
            4400,
        ),
        (
            vec![init(Value::Null), text("{\"type\": \"subscribe\", \"id\": \"a\"}")],
            4400,
        ),
        (vec![text("{\"type\": \"start\", \"id\": \"a\"}")], 4400),
        (vec![text("{\"type\": \"connection_terminate\"}")], 4400),
        (vec![text("nonsense")], 4400),
        (vec![text("[]")], 4400),
        (vec![Message::binary(b"{\"type\": \"connection_init\"}".to_vec())], 4400),
        (vec![text(&" ".repeat(10_001))], 1009),
    ];
    for (messages, code) in cases {
        let shown = format!("{messages:?}");
        let url = if code == 4408 { &impatient } else { &patient };
        let mut client = SocketClient::connect(url).await;
        for message in messages {
            client.send_frame(message).await;
        }
        assert_eq!(client.until_closed().await.1, code, "{shown:.200}");
    }
}

#[tokio::test]
async fn a_refused_handshake_is_answered_with_a_status() {
    let app = TestApp::with(Config {
        transport: config::Transport {
            cors_origins: vec!["https://app.example.com".to_owned()],
            ..config::Transport::default()
        },
        ..Config::default()
    })
    .await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let own = url.clone();
    let cookie = format!("__Host-portcullis-access={ann}");
    let bearer = format!("Bearer {ann}");
    let viewer = "{ viewer { user { id } } }";
    let cases: Vec<(Headers<'_>, Result<&str, u16>)> = vec![
        (vec![SUBPROTOCOL], Ok("guest")),
        (
            vec![("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")],
            Ok("guest"),
        ),
        (vec![("sec-websocket-protocol", "graphql-ws")], Err(400)),
        (vec![], Err(400)),
        (vec![SUBPROTOCOL, ("origin", &own)], Ok("guest")),
        (vec![SUBPROTOCOL, ("origin", "https://app.example.com")], Ok("guest")),
        (vec![SUBPROTOCOL, ("origin", "https://evil.example")], Err(403)),
        (vec![SUBPROTOCOL, ("origin", "null")], Err(403)),
        (vec![SUBPROTOCOL, ("authorization", &bearer)], Ok("ann")),
        (vec![SUBPROTOCOL, ("authorization", "Bearer forged")], Err(401)),
        (vec![SUBPROTOCOL, ("cookie", &cookie), ("origin", &own)], Ok("ann")),
        (
            vec![SUBPROTOCOL, ("cookie", &cookie), ("origin", "https://app.example.com")],
            Ok("ann"),
        ),
        (
            vec![SUBPROTOCOL, ("cookie", &cookie), ("origin", "https://evil.example")],
            Err(403),
        ),
        (vec![SUBPROTOCOL, ("cookie", &cookie)], Err(403)),
    ];
    for (headers, expected) in cases {
        let opened = SocketClient::connect_with(&url, &headers).await;
        match (opened, expected) {
            (Ok(mut client), Ok(name)) => {
                client.send(json!({ "type": "connection_init" })).await;
                client.message().await;
                let answer = client.execute(viewer).await;
                let seen = answer["data"]["viewer"]["user"]["id"].as_str().unwrap_or("guest");
                assert_eq!(seen, name, "{headers:?}");
            }
            (Err((status, body)), Err(expected)) => {
                assert_eq!(status, expected, "{headers:?}");
                let code = body["errors"][0]["extensions"]["code"].as_str().unwrap();
                let wanted = match status {
                    401 => "UNAUTHENTICATED",
                    403 => "FORBIDDEN",
                    _ => "BAD_USER_INPUT",
                };
                assert_eq!(code, wanted, "{headers:?}: {body}");
            }
            (opened, expected) => panic!("{headers:?}: {:?}, not {expected:?}", opened.map(|_| "opened")),
        }
    }
    // A page cannot read the status of a refused handshake, so an invalid cookie closes an open socket. Another token in
    // `connection_init` takes precedence.
    let forged = [
        SUBPROTOCOL,
        ("cookie", "__Host-portcullis-access=forged"),
        ("origin", &own),
    ];
    let mut client = SocketClient::connect_with(&url, &forged).await.unwrap();
    client.send(json!({ "type": "connection_init" })).await;
    let reason = "Forbidden: the token is not valid: it is malformed".to_owned();
    assert_eq!(client.close_frame().await, (4403, reason));
    let mut client = SocketClient::connect_with(&url, &forged).await.unwrap();
    let payload = json!({ "authorization": bearer });
    client
        .send(json!({ "type": "connection_init", "payload": payload }))
        .await;
    client.message().await;
    assert_eq!(client.execute(viewer).await["data"]["viewer"]["user"]["id"], "ann");
    // The token of `connection_init` takes precedence over that of the HTTP header.
    let bob = app.user("bob").await;
    let mut client = SocketClient::connect_with(&url, &[SUBPROTOCOL, ("authorization", &bearer)])
        .await
        .unwrap();
    let payload = json!({ "authorization": format!("bearer {bob}") });
    client
        .send(json!({ "type": "connection_init", "payload": payload }))
        .await;
    client.message().await;
    assert_eq!(client.execute(viewer).await["data"]["viewer"]["user"]["id"], "bob");
    // A token in the URL is ignored.
    let with_token = format!("{url}/graphql?token={ann}&access_token={ann}&x=");
    let mut client = SocketClient::connect(&with_token).await;
    client.send(json!({ "type": "connection_init" })).await;
    client.message().await;
    assert_eq!(client.execute(viewer).await["data"]["viewer"], Value::Null);
}

#[tokio::test]
async fn a_disabled_or_removed_account_gets_no_more_answers() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let url = app.listen().await;
    for mutation in [
        "mutation { toggleUser(input: { id: \"ID\", enabled: false }) { errors { message } } }",
        "mutation { removeUser(input: { id: \"ID\" }) { errors { message } } }",
    ] {
        for round in 0..5 {
            let name = format!("{}{round}", if mutation.contains("toggle") { "t" } else { "r" });
            let token = app.user(&name).await;
            let mut clients = vec![
                SocketClient::start(&url, Some(&token)).await,
                SocketClient::start(&url, Some(&token)).await,
            ];
            clients[0].subscribe("viewer", VIEWER).await;
            assert_eq!(clients[0].message().await["type"], "next");
            app.change(&admin, &mutation.replace("ID", &name)).await;
            for mut client in clients {
                client.subscribe("late", "{ service { name } }").await;
                client.subscribe("later", VIEWER).await;
                let (messages, code) = client.until_closed().await;
                assert_eq!(code, 4403);
                for message in messages {
                    assert_eq!(message["type"], "error", "{message}");
                    assert_eq!(
                        message["payload"][0]["extensions"]["code"], "UNAUTHENTICATED",
                        "{message}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_socket_closes_with_its_session_its_token_or_its_key() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut other = SocketClient::start(&url, Some(&app.login("ann").await)).await;
    // A logout over the socket is answered, and closes this socket only.
    let mut client = SocketClient::start(&url, Some(&ann)).await;
    client.subscribe("viewer", VIEWER).await;
    client.message().await;
    let left = client.execute("mutation { logout { endedSessions } }").await;
    assert_eq!(left["data"]["logout"]["endedSessions"], 1);
    assert_eq!(client.receive().await, Received::Closed(4403));
    assert_eq!(
        other.execute("{ viewer { user { id } } }").await["data"]["viewer"]["user"]["id"],
        "ann"
    );
    let everywhere = "mutation { logout(everywhere: true) { endedSessions } }";
    app.query(Some(&app.login("ann").await), everywhere, json!({})).await;
    assert_eq!(other.receive().await, Received::Closed(4403));

    let accounts = app.gateway.app().accounts();
    let session = accounts.authenticate(&app.login("ann").await).await.unwrap();
    let wanted = NewApiKey {
        name: "socket".to_owned(),
        roles: vec!["USER".to_owned()],
        expires_at: None,
    };
    let (key, secret) = accounts.create_api_key(&session, wanted).await.unwrap();
    let mut client = SocketClient::start(&url, Some(secret.expose_secret())).await;
    accounts.remove_api_key(&session, &key.id).await.unwrap();
    assert_eq!(client.receive().await, Received::Closed(4403));

    let short_lived = TestApp::with(Config {
        tokens: config::Tokens {
            access_token_seconds: 2,
            ..config::Tokens::default()
        },
        ..Config::default()
    })
    .await;
    let token = short_lived.user("ann").await;
    let mut client = SocketClient::start(&short_lived.listen().await, Some(&token)).await;
    assert_eq!(client.receive().await, Received::Closed(4403));
}

#[tokio::test]
async fn operations_and_connections_are_limited() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let settings = Settings {
        socket_operations: 2,
        max_connections: 2,
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    let mut client = SocketClient::start(&url, Some(&ann)).await;
    for id in ["a", "b"] {
        client.subscribe(id, VIEWER).await;
        assert_eq!(client.message().await["id"], id);
    }
    assert_eq!(client.rejection("{ service { name } }").await, "OVERLOADED");
    client.send(json!({ "type": "complete", "id": "a" })).await;
    assert_eq!(
        client.execute("{ service { name } }").await["data"]["service"]["name"],
        "portcullis"
    );
    // An open socket counts as a connection: a third waits until one closes.
    let second = SocketClient::start(&url, None).await;
    let mut third = Box::pin(SocketClient::connect(&url));
    assert!(
        tokio::time::timeout(Duration::from_millis(300), &mut third)
            .await
            .is_err()
    );
    drop(second);
    third.await;
}

#[tokio::test]
async fn large_messages_count_towards_the_memory_of_request_bodies() {
    let app = TestApp::start().await;
    let settings = Settings {
        body_budget: 1 << 20,
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    let mut client = SocketClient::start(&url, None).await;
    let long = format!("{{ service {{ name }} }} # {}", "x".repeat(3 << 19));
    assert_eq!(client.rejection(&long).await, "OVERLOADED");
    let answer = client.execute("{ service { name } }").await;
    assert_eq!(answer["data"]["service"]["name"], "portcullis");
}

#[tokio::test]
async fn logins_over_a_socket_are_throttled() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let mut client = SocketClient::start(&app.listen().await, None).await;
    let guess = "mutation { login(input: { username: \"ann\", password: \"wrong\" }) { errors { code } } }";
    let mut codes = Vec::new();
    for _ in 0..14 {
        codes.push(client.execute(guess).await["data"]["login"]["errors"][0]["code"].clone());
    }
    assert_eq!(codes[0], "INVALID_CREDENTIALS");
    assert_eq!(codes[13], "TOO_MANY_ATTEMPTS");
}

#[tokio::test]
async fn a_stopping_server_closes_sockets_as_going_away() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let stop = CancellationToken::new();
    let (url, served) = app.serve(app.settings(), stop.clone().cancelled_owned()).await;
    let mut clients = vec![SocketClient::connect(&url).await];
    for _ in 0..20 {
        let mut client = SocketClient::start(&url, Some(&ann)).await;
        client.subscribe("viewer", VIEWER).await;
        client.message().await;
        clients.push(client);
    }
    // A running operation is answered first; hashing a password takes a while.
    let mut busy = SocketClient::start(&url, None).await;
    let login = "mutation { login(input: { username: \"ann\", password: \"correct horse battery\" }) { user { id } } }";
    let before = app.gateway.app().accounts().password_runs();
    busy.subscribe("login", login).await;
    while app.gateway.app().accounts().password_runs() == before {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    assert_eq!(busy.message().await["payload"]["data"]["login"]["user"]["id"], "ann");
    clients.push(busy);
    for client in &mut clients {
        let (messages, code) = client.until_closed().await;
        assert_eq!(code, 1001);
        for message in messages {
            assert_eq!(message["type"], "complete", "{message}");
        }
    }
    drop(clients);
    assert_eq!(served.await.unwrap(), 0, "a connection was cut");
}

#[tokio::test]
async fn a_silent_client_is_disconnected() {
    let app = TestApp::start().await;
    let settings = Settings {
        idle_timeout: Duration::from_secs(1),
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    // This client answers pings, as the library does by default.
    let mut client = SocketClient::start(&url, None).await;
    let mut pings = 0;
    while pings < 5 {
        pings += u8::from(matches!(client.stream.next().await, Some(Ok(Message::Ping(_)))));
    }
    assert_eq!(
        client.execute("{ service { name } }").await["data"]["service"]["name"],
        "portcullis"
    );
    // This client reads, but sends nothing any more.
    let mut silent = SocketClient::start(&url, None).await;
    let mut bytes = Vec::new();
    let end = tokio::io::AsyncReadExt::read_to_end(silent.stream.get_mut(), &mut bytes);
    let end = tokio::time::timeout(Duration::from_secs(60), end).await;
    assert!(end.is_ok(), "the connection is never closed");
}

#[tokio::test]
async fn a_close_frame_is_answered() {
    let app = TestApp::start().await;
    let mut client = SocketClient::start(&app.listen().await, None).await;
    client.send_frame(Message::Close(None)).await;
    // Without a close frame of the server, this would be a reset.
    while let Some(message) = client.stream.next().await {
        assert!(matches!(message, Ok(Message::Close(_))), "{message:?}");
    }
}
