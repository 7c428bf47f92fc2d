//! GraphQL over WebSocket as `graphql-transport-ws` has it: what is said, why a socket closes, and that nobody is answered
//! who may not be. The client that most pages use is run in `clients`.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use portcullis::config::{self, Config};
use portcullis::http::Settings;
use portcullis::identity::NewApiKey;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

use crate::harness::TestApp;

const VIEWER: &str = "subscription { viewer { user { id } permissions } }";

type Headers<'a> = Vec<(&'static str, &'a str)>;

/// The other end of a socket.
pub(crate) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What it hears.
#[derive(Debug, PartialEq)]
enum Heard {
    Said(Value),
    Closed(u16),
}

impl Client {
    /// Opens a socket with these headers; else the status and the body of the refusal.
    async fn try_open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, (u16, Value)> {
        let mut request = format!("{}/graphql", url.replace("http://", "ws://"))
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
                Ok(Self(stream))
            }
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((
                    response.status().as_u16(),
                    serde_json::from_slice(&body).unwrap_or_default(),
                ))
            }
            Err(error) => panic!("{error}"),
        }
    }

    async fn open(url: &str) -> Self {
        Self::try_open(url, &[PROTOCOL]).await.unwrap()
    }

    /// Opens a socket and introduces itself.
    pub(crate) async fn begin(url: &str, token: Option<&str>) -> Self {
        let mut client = Self::open(url).await;
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        client
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(client.hear().await, Heard::Said(json!({ "type": "connection_ack" })));
        client
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    async fn send(&mut self, message: Message) {
        // The other end may have closed already; what it said is heard then.
        let _ = self.0.send(message).await;
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.subscribe_with(id, query, json!({})).await;
    }

    pub(crate) async fn subscribe_with(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload }))
            .await;
    }

    async fn hear(&mut self) -> Heard {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(60), self.0.next()).await;
            match message.expect("a message in time").expect("a farewell").unwrap() {
                Message::Text(text) => return Heard::Said(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => return Heard::Closed(frame.unwrap().code.into()),
                Message::Ping(_) | Message::Pong(_) => {}
                message => panic!("{message:?}"),
            }
        }
    }

    pub(crate) async fn said(&mut self) -> Value {
        match self.hear().await {
            Heard::Said(value) => value,
            Heard::Closed(code) => panic!("closed with {code}"),
        }
    }

    /// The one answer to an operation, and its end.
    pub(crate) async fn answer(&mut self, query: &str) -> Value {
        self.subscribe("one", query).await;
        let next = self.said().await;
        assert_eq!((&next["type"], &next["id"]), (&json!("next"), &json!("one")), "{next}");
        assert_eq!(self.said().await, json!({ "type": "complete", "id": "one" }));
        next["payload"].clone()
    }

    /// What an operation is answered, as the body of a response: its one answer, or why it never ran.
    pub(crate) async fn outcome(&mut self, payload: Value) -> Value {
        self.say(json!({ "type": "subscribe", "id": "outcome", "payload": payload }))
            .await;
        let said = self.said().await;
        if said["type"] == "error" {
            return json!({ "errors": said["payload"] });
        }
        assert_eq!(self.said().await, json!({ "type": "complete", "id": "outcome" }));
        said["payload"].clone()
    }

    /// The code of an operation that is refused as a whole.
    async fn refusal(&mut self, query: &str) -> String {
        self.subscribe("refused", query).await;
        let error = self.said().await;
        assert_eq!(
            (&error["type"], &error["id"]),
            (&json!("error"), &json!("refused")),
            "{error}"
        );
        error["payload"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

#[tokio::test]
async fn operations_of_every_kind_run_beside_each_other() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut client = Client::begin(&url, Some(&ann)).await;
    client.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(client.said().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    client.say(json!({ "type": "pong" })).await;
    client.say(json!({ "type": "ping" })).await;
    assert_eq!(client.said().await, json!({ "type": "pong" }));

    client.subscribe("viewer", VIEWER).await;
    let first = client.said().await;
    assert_eq!((&first["type"], &first["id"]), (&json!("next"), &json!("viewer")));
    assert_eq!(first["payload"]["data"]["viewer"]["user"]["id"], "ann");
    let service = client.answer("{ service { name } }").await;
    assert_eq!(service, json!({ "data": { "service": { "name": "portcullis" } } }));
    let register = client
        .answer("mutation { register(input: { username: \"bob\", email: \"bob@example.com\", password: \"correct horse battery\" }) { user { id } } }")
        .await;
    assert_eq!(register["data"]["register"]["user"]["id"], "bob");
    let users = client.answer("{ service { name } users { totalCount } }").await;
    assert_eq!(
        users["data"],
        json!({ "service": { "name": "portcullis" }, "users": null })
    );
    assert_eq!(users["errors"][0]["extensions"]["code"], "FORBIDDEN");

    // Roles hold at once, in what runs and in what begins.
    app.change(
        &admin,
        "mutation { setUserRoles(input: { id: \"ann\", roles: [\"ADMIN\"] }) { errors { message } } }",
    )
    .await;
    let second = client.said().await;
    assert_eq!(second["id"], "viewer");
    assert_eq!(
        second["payload"]["data"]["viewer"]["permissions"]
            .as_array()
            .unwrap()
            .len(),
        9
    );
    assert_eq!(
        client.answer("{ users { totalCount } }").await["data"]["users"]["totalCount"],
        3
    );
    client.say(json!({ "type": "complete", "id": "viewer" })).await;
    client.say(json!({ "type": "complete", "id": "never begun" })).await;
    client.say(json!({ "type": "ping" })).await;
    assert_eq!(client.said().await["type"], "pong", "both were read");
    app.change(
        &admin,
        "mutation { setUserRoles(input: { id: \"ann\", roles: [\"USER\"] }) { errors { message } } }",
    )
    .await;
    let users = client.answer("{ users { totalCount } }").await;
    assert_eq!(users["errors"][0]["extensions"]["code"], "FORBIDDEN");
    // An id that is free again.
    client.subscribe("viewer", VIEWER).await;
    assert_eq!(
        client.said().await["payload"]["data"]["viewer"]["permissions"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test]
async fn what_cannot_run_is_refused_and_the_socket_goes_on() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut client = Client::begin(&url, Some(&ann)).await;
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
        let said = client.said().await;
        let payload = &said["payload"];
        // A field that cannot answer is part of an answer; all else is none.
        let (kind, error) = if code == "BAD_USER_INPUT" {
            assert_eq!(client.said().await["type"], "complete");
            ("next", &payload["errors"][0])
        } else {
            ("error", &payload[0])
        };
        assert_eq!(
            (&said["type"], &error["extensions"]["code"]),
            (&json!(kind), &json!(code)),
            "{query:.60} {said}"
        );
    }
    let mut guest = Client::begin(&url, None).await;
    assert_eq!(guest.refusal(VIEWER).await, "UNAUTHENTICATED");
    assert_eq!(
        guest.answer("{ viewer { user { id } } }").await["data"],
        json!({ "viewer": null })
    );
    let written = "subscription { ...F } fragment F on Subscription { viewer { user { id } } }";
    client.subscribe("f", written).await;
    assert_eq!(client.said().await["payload"]["data"]["viewer"]["user"]["id"], "ann");
}

#[tokio::test]
async fn every_offence_has_its_code() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let settings = Settings {
        init_timeout: Duration::from_millis(500),
        body_limit: 10_000,
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
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
        let mut client = Client::open(&url).await;
        for message in messages {
            client.send(message).await;
        }
        let heard = loop {
            match client.hear().await {
                Heard::Said(_) => {}
                Heard::Closed(code) => break code,
            }
        };
        assert_eq!(heard, code, "{shown:.200}");
    }
}

#[tokio::test]
async fn who_may_not_open_a_socket_gets_a_status() {
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
        (vec![PROTOCOL], Ok("guest")),
        (
            vec![("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")],
            Ok("guest"),
        ),
        (vec![("sec-websocket-protocol", "graphql-ws")], Err(400)),
        (vec![], Err(400)),
        (vec![PROTOCOL, ("origin", &own)], Ok("guest")),
        (vec![PROTOCOL, ("origin", "https://app.example.com")], Ok("guest")),
        (vec![PROTOCOL, ("origin", "https://evil.example")], Err(403)),
        (vec![PROTOCOL, ("origin", "null")], Err(403)),
        (vec![PROTOCOL, ("authorization", &bearer)], Ok("ann")),
        (vec![PROTOCOL, ("authorization", "Bearer forged")], Err(401)),
        (vec![PROTOCOL, ("cookie", &cookie), ("origin", &own)], Ok("ann")),
        (
            vec![PROTOCOL, ("cookie", &cookie), ("origin", "https://app.example.com")],
            Ok("ann"),
        ),
        (
            vec![PROTOCOL, ("cookie", &cookie), ("origin", "https://evil.example")],
            Err(403),
        ),
        (vec![PROTOCOL, ("cookie", &cookie)], Err(403)),
        (
            vec![
                PROTOCOL,
                ("cookie", "__Host-portcullis-access=forged"),
                ("origin", &own),
            ],
            Err(401),
        ),
    ];
    for (headers, expected) in cases {
        let opened = Client::try_open(&url, &headers).await;
        match (opened, expected) {
            (Ok(mut client), Ok(name)) => {
                client.say(json!({ "type": "connection_init" })).await;
                client.said().await;
                let answer = client.answer(viewer).await;
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
    // The token of `connection_init` goes before that of the head.
    let bob = app.user("bob").await;
    let mut client = Client::try_open(&url, &[PROTOCOL, ("authorization", &bearer)])
        .await
        .unwrap();
    let payload = json!({ "authorization": format!("bearer {bob}") });
    client
        .say(json!({ "type": "connection_init", "payload": payload }))
        .await;
    client.said().await;
    assert_eq!(client.answer(viewer).await["data"]["viewer"]["user"]["id"], "bob");
    // A token in the URL is nobody's.
    let with_token = format!("{url}/graphql?token={ann}&access_token={ann}&x=");
    let mut client = Client::open(&with_token).await;
    client.say(json!({ "type": "connection_init" })).await;
    client.said().await;
    assert_eq!(client.answer(viewer).await["data"]["viewer"], Value::Null);
}

#[tokio::test]
async fn whoever_is_switched_off_is_never_answered_again() {
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
                Client::begin(&url, Some(&token)).await,
                Client::begin(&url, Some(&token)).await,
            ];
            clients[0].subscribe("viewer", VIEWER).await;
            assert_eq!(clients[0].said().await["type"], "next");
            app.change(&admin, &mutation.replace("ID", &name)).await;
            for mut client in clients {
                client.subscribe("late", "{ service { name } }").await;
                client.subscribe("later", VIEWER).await;
                loop {
                    match client.hear().await {
                        Heard::Closed(code) => {
                            assert_eq!(code, 4403);
                            break;
                        }
                        Heard::Said(said) => {
                            assert_eq!(said["type"], "error", "{said}");
                            assert_eq!(said["payload"][0]["extensions"]["code"], "UNAUTHENTICATED", "{said}");
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_socket_ends_with_its_session_its_token_and_its_key() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut other = Client::begin(&url, Some(&app.login("ann").await)).await;
    // Its own logout is answered, and closes it and nothing else.
    let mut client = Client::begin(&url, Some(&ann)).await;
    client.subscribe("viewer", VIEWER).await;
    client.said().await;
    let left = client.answer("mutation { logout { endedSessions } }").await;
    assert_eq!(left["data"]["logout"]["endedSessions"], 1);
    assert_eq!(client.hear().await, Heard::Closed(4403));
    assert_eq!(
        other.answer("{ viewer { user { id } } }").await["data"]["viewer"]["user"]["id"],
        "ann"
    );
    let everywhere = "mutation { logout(everywhere: true) { endedSessions } }";
    app.query(Some(&app.login("ann").await), everywhere, json!({})).await;
    assert_eq!(other.hear().await, Heard::Closed(4403));

    let accounts = app.gateway.app().accounts();
    let session = accounts.authenticate(&app.login("ann").await).await.unwrap();
    let wanted = NewApiKey {
        name: "socket".to_owned(),
        roles: vec!["USER".to_owned()],
        expires_at: None,
    };
    let (key, secret) = accounts.create_api_key(&session, wanted).await.unwrap();
    let mut client = Client::begin(&url, Some(secret.expose_secret())).await;
    accounts.remove_api_key(&session, &key.id).await.unwrap();
    assert_eq!(client.hear().await, Heard::Closed(4403));

    let hasty = TestApp::with(Config {
        tokens: config::Tokens {
            access_token_seconds: 2,
            ..config::Tokens::default()
        },
        ..Config::default()
    })
    .await;
    let token = hasty.user("ann").await;
    let mut client = Client::begin(&hasty.listen().await, Some(&token)).await;
    assert_eq!(client.hear().await, Heard::Closed(4403));
}

#[tokio::test]
async fn a_socket_runs_so_many_operations_and_no_more() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let settings = Settings {
        socket_operations: 2,
        max_connections: 2,
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    let mut client = Client::begin(&url, Some(&ann)).await;
    for id in ["a", "b"] {
        client.subscribe(id, VIEWER).await;
        assert_eq!(client.said().await["id"], id);
    }
    assert_eq!(client.refusal("{ service { name } }").await, "OVERLOADED");
    client.say(json!({ "type": "complete", "id": "a" })).await;
    assert_eq!(
        client.answer("{ service { name } }").await["data"]["service"]["name"],
        "portcullis"
    );
    // An open socket is a connection: a third finds no place until one goes.
    let second = Client::begin(&url, None).await;
    let mut third = Box::pin(Client::open(&url));
    assert!(
        tokio::time::timeout(Duration::from_millis(300), &mut third)
            .await
            .is_err()
    );
    drop(second);
    third.await;
}

#[tokio::test]
async fn guesses_over_a_socket_are_counted() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let mut client = Client::begin(&app.listen().await, None).await;
    let guess = "mutation { login(input: { username: \"ann\", password: \"wrong\" }) { errors { code } } }";
    let mut codes = Vec::new();
    for _ in 0..14 {
        codes.push(client.answer(guess).await["data"]["login"]["errors"][0]["code"].clone());
    }
    assert_eq!(codes[0], "INVALID_CREDENTIALS");
    assert_eq!(codes[13], "TOO_MANY_ATTEMPTS");
}

#[tokio::test]
async fn the_server_says_goodbye_when_it_stops() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let stop = CancellationToken::new();
    let (url, served) = app.serve(app.settings(), stop.clone().cancelled_owned()).await;
    let mut clients = vec![Client::open(&url).await];
    for _ in 0..20 {
        let mut client = Client::begin(&url, Some(&ann)).await;
        client.subscribe("viewer", VIEWER).await;
        client.said().await;
        clients.push(client);
    }
    // One that is being worked on is answered first: hashing a password takes a while.
    let mut busy = Client::begin(&url, None).await;
    let login = "mutation { login(input: { username: \"ann\", password: \"correct horse battery\" }) { user { id } } }";
    let before = app.gateway.app().accounts().password_runs();
    busy.subscribe("login", login).await;
    while app.gateway.app().accounts().password_runs() == before {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    assert_eq!(busy.said().await["payload"]["data"]["login"]["user"]["id"], "ann");
    clients.push(busy);
    for client in &mut clients {
        loop {
            match client.hear().await {
                Heard::Closed(code) => {
                    assert_eq!(code, 1001);
                    break;
                }
                Heard::Said(said) => assert_eq!(said["type"], "complete", "{said}"),
            }
        }
    }
    drop(clients);
    assert_eq!(served.await.unwrap(), 0, "a connection was cut");
}

#[tokio::test]
async fn a_client_that_is_gone_without_a_word_is_noticed() {
    let app = TestApp::start().await;
    let settings = Settings {
        idle_timeout: Duration::from_millis(100),
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    // This one answers pings, as every client does by itself.
    let mut client = Client::begin(&url, None).await;
    let mut pings = 0;
    while pings < 5 {
        pings += u8::from(matches!(client.0.next().await, Some(Ok(Message::Ping(_)))));
    }
    assert_eq!(
        client.answer("{ service { name } }").await["data"]["service"]["name"],
        "portcullis"
    );
    // This one reads, but says nothing any more.
    let mut silent = Client::begin(&url, None).await;
    let mut bytes = Vec::new();
    let end = tokio::io::AsyncReadExt::read_to_end(silent.0.get_mut(), &mut bytes);
    let end = tokio::time::timeout(Duration::from_secs(60), end).await;
    assert!(end.is_ok(), "it is kept for ever");
}

#[tokio::test]
async fn a_client_that_closes_is_answered() {
    let app = TestApp::start().await;
    let mut client = Client::begin(&app.listen().await, None).await;
    client.send(Message::Close(None)).await;
    // Without the other half of the farewell this would be a reset.
    while let Some(message) = client.0.next().await {
        assert!(matches!(message, Ok(Message::Close(_))), "{message:?}");
    }
}
