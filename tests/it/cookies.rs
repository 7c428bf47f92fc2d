//! Tokens in cookies: login, use, refresh, logout, and the protection against requests of other sites. A real browser
//! stores the cookies and hides them from scripts in `console`.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use portcullis::config::{self, Config};
use portcullis_test_support::websocket::{Received, SUBPROTOCOL, SocketClient};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::harness::{Answer, PASSWORD, TestApp};

const VIEWER: &str = "{ viewer { user { id } } }";
const REFRESH: &str =
    "mutation { refresh(input: {}) { user { id } tokens { accessToken } expiresIn errors { code message path } } }";
const LOGOUT: &str = "mutation { logout { endedSessions errors { code path } } }";

/// A client with a cookie jar for one host.
struct Browser<'a> {
    app: &'a TestApp,
    jar: Vec<(String, String)>,
    /// Sent with every request.
    headers: Vec<(&'static str, String)>,
}

impl<'a> Browser<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            jar: Vec::new(),
            headers: vec![("x-portcullis-csrf", "1".to_owned())],
        }
    }

    fn request(&self, mut request: axum::http::request::Builder) -> axum::http::request::Builder {
        request = request.header("host", "api.example.com");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", format!("theme=dark; {}", cookies.join("; ")));
        }
        request
    }

    async fn post(&mut self, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = self
            .request(Request::post("/graphql"))
            .header("content-type", "application/json");
        self.keep(request.body(Body::from(body)).unwrap()).await
    }

    async fn keep(&mut self, request: Request<Body>) -> Answer {
        let answer = self.app.send(request).await;
        for (name, value, gone) in set_cookies(&answer.headers) {
            self.jar.retain(|(kept, _)| *kept != name);
            if !gone {
                self.jar.push((name, value));
            }
        }
        answer
    }

    async fn sign_in(&mut self, name: &str) -> Answer {
        let login = "mutation($input: LoginInput!) { login(input: $input) {
            user { id } tokens { accessToken refreshToken } expiresIn errors { code } } }";
        let input = json!({ "username": name, "password": PASSWORD, "cookies": true });
        self.post(login, json!({ "input": input })).await
    }

    fn cookie(&self, part: &str) -> Option<&str> {
        let found = self.jar.iter().find(|(name, _)| name.ends_with(part))?;
        Some(&found.1)
    }
}

/// Name, value and whether the cookie is cleared, for each `Set-Cookie` header; asserts its attributes.
fn set_cookies(headers: &HeaderMap) -> Vec<(String, String, bool)> {
    let headers = headers.get_all(header::SET_COOKIE).iter();
    headers
        .map(|header| {
            let mut parts = header.to_str().unwrap().split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let attributes: Vec<&str> = parts.collect();
            assert!(name.starts_with("__Host-"), "{name}");
            for wanted in ["Path=/", "HttpOnly", "Secure", "SameSite=Strict"] {
                assert!(attributes.contains(&wanted), "{attributes:?} lacks {wanted}");
            }
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")));
            let age = attributes
                .iter()
                .find_map(|attribute| attribute.strip_prefix("Max-Age="));
            let age: u32 = age.unwrap().parse().unwrap();
            assert_eq!(value.is_empty(), age == 0, "{name}");
            (name.to_owned(), value.to_owned(), age == 0)
        })
        .collect()
}

#[tokio::test]
async fn a_browser_signs_in_refreshes_and_signs_out_without_a_token_in_a_response() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let mut browser = Browser::new(&app);
    let login = browser.sign_in("ann").await;
    assert_eq!(
        login.data("/login"),
        json!({ "user": { "id": "ann" }, "tokens": null, "expiresIn": 900, "errors": [] })
    );
    for part in ["access", "refresh"] {
        let secret = browser.cookie(part).unwrap();
        assert!(secret.len() > 40 && !login.text.contains(secret), "{}", login.text);
    }
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "ann");

    // Without the access token, the refresh token is exchanged for a new one, once.
    let first = browser.jar.clone();
    browser.jar.retain(|(name, _)| name.ends_with("refresh"));
    assert_eq!(browser.post(VIEWER, json!({})).await.status, 401);
    let renewed = browser.post(REFRESH, json!({})).await;
    assert_eq!(
        renewed.data("/refresh"),
        json!({ "user": { "id": "ann" }, "tokens": null, "expiresIn": 900, "errors": [] })
    );
    assert_eq!(browser.jar.len(), 2);
    assert!(
        browser.jar.iter().all(|cookie| !first.contains(cookie)),
        "both tokens are new"
    );
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "ann");

    let before = browser.jar.clone();
    let left = browser.post("mutation { logout { endedSessions } }", json!({})).await;
    assert_eq!(left.data("/logout/endedSessions"), 1);
    assert_eq!(browser.jar, []);
    // The old cookies are of no use after the logout.
    browser.jar = before;
    assert_eq!(browser.post(VIEWER, json!({})).await.status, 401);
}

#[tokio::test]
async fn logout_ends_only_the_session_of_the_cookies() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ann").await;
    // A token in the header selects the session to end; the browser stays signed in.
    let by_header = app.query(Some(&ann), LOGOUT, json!({})).await;
    assert!(by_header.headers.get(header::SET_COOKIE).is_none());
    browser
        .headers
        .push(("authorization", format!("Bearer {}", app.login("ann").await)));
    browser.post(LOGOUT, json!({})).await;
    browser.headers.pop();
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "ann");
    // After the access token expires, the browser has only the other cookie, and the session continues.
    browser.jar.retain(|(name, _)| name.ends_with("refresh"));
    let kept = browser.jar.clone();
    assert_eq!(
        browser.post(LOGOUT, json!({})).await.data("/logout"),
        json!({ "endedSessions": 1, "errors": [] })
    );
    assert_eq!(browser.jar, []);
    browser.jar.clone_from(&kept);
    assert_eq!(
        browser.post(REFRESH, json!({})).await.data("/refresh/errors/0/code"),
        "INVALID_REFRESH_TOKEN"
    );
    // Without a session, or with one that has ended, nothing is ended, and the payload says so.
    let nothing = |code: &str| json!({ "endedSessions": 0, "errors": [{ "code": code, "path": [] }] });
    assert_eq!(
        browser.post(LOGOUT, json!({})).await.data("/logout"),
        nothing("NOT_FOUND")
    );
    browser.jar = kept;
    assert_eq!(
        browser.post(LOGOUT, json!({})).await.data("/logout"),
        nothing("INVALID_REFRESH_TOKEN")
    );
    assert_eq!(browser.jar, []);
    let key = app.api_key(&app.login("ann").await, &["USER"]).await;
    assert_eq!(
        app.query(Some(&key), LOGOUT, json!({})).await.data("/logout"),
        nothing("NOT_FOUND")
    );
}

/// Cookies of other applications of the host, as bytes.
const NEIGHBOURS: [&[u8]; 8] = [
    "ort=Köln".as_bytes(),
    b"ort=K\xf6ln",
    b"bin=\x80\xff",
    b"quoted=\"unclosed",
    b"empty=",
    b"=nameless",
    b"valueless",
    b"a=b=c, d={\"e\": \"f\"}",
];

#[tokio::test]
async fn cookies_of_other_applications_do_not_hide_the_session() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let url = app.listen().await;
    for neighbour in NEIGHBOURS {
        let mut browser = Browser::new(&app);
        browser.sign_in("ann").await;
        let shown = String::from_utf8_lossy(neighbour);
        let own: Vec<_> = browser
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let [access, refresh] = [&own[0], &own[1]].map(String::as_bytes);
        for (at, cookies) in [
            [neighbour, access, refresh],
            [access, neighbour, refresh],
            [access, refresh, neighbour],
        ]
        .iter()
        .enumerate()
        {
            let header = HeaderValue::from_bytes(&cookies.join(&b"; "[..])).unwrap();
            let send = |request: axum::http::request::Builder, body: String| {
                let request = request
                    .header("cookie", header.clone())
                    .header("x-portcullis-csrf", "1")
                    .header("content-type", "application/json");
                app.send(request.body(Body::from(body)).unwrap())
            };
            let body = |query: &str| json!({ "query": query }).to_string();
            let path = "/graphql?query=%7Bviewer%7Buser%7Bid%7D%7D%7D";
            for answer in [
                send(Request::post("/graphql"), body(VIEWER)).await,
                send(Request::post("/graphql/"), body(VIEWER)).await,
                send(Request::get(path), String::new()).await,
            ] {
                assert_eq!(answer.data("/viewer/user/id"), "ann", "{shown} at {at}");
            }
            let events = Request::post("/graphql")
                .header("cookie", header.clone())
                .header("x-portcullis-csrf", "1")
                .header("accept", "text/event-stream")
                .header("content-type", "application/json");
            let mut events = app.events(events.body(Body::from(body(VIEWER))).unwrap()).await;
            assert_eq!(
                events.answer().await["data"]["viewer"]["user"]["id"],
                "ann",
                "{shown} at {at}"
            );
            // The client library cannot send other bytes.
            if header.to_str().is_ok() {
                let mut socket = socket(&url, header.clone()).await;
                assert_eq!(
                    socket.execute(VIEWER).await["data"]["viewer"]["user"]["id"],
                    "ann",
                    "{shown} at {at}"
                );
            }
            if at == 2 {
                let left = send(Request::post("/graphql"), body(LOGOUT)).await;
                assert_eq!(left.data("/logout/endedSessions"), 1, "{shown}");
                assert_eq!(set_cookies(&left.headers).len(), 2, "{shown}");
            }
        }
    }
}

/// An acknowledged socket of a page of the server, with these cookies.
async fn socket(url: &str, cookies: HeaderValue) -> SocketClient {
    let mut request = format!("{}/graphql", url.replace("http://", "ws://"))
        .into_client_request()
        .unwrap();
    let headers = request.headers_mut();
    headers.insert(
        "sec-websocket-protocol",
        HeaderValue::from_static("graphql-transport-ws"),
    );
    headers.insert("origin", url.parse().unwrap());
    headers.insert("cookie", cookies);
    let (stream, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let mut socket = SocketClient { stream };
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.message().await, json!({ "type": "connection_ack" }));
    socket
}

#[tokio::test]
async fn with_the_refresh_cookie_alone_only_the_session_can_be_managed() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let url = app.listen().await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ann").await;
    browser.jar.retain(|(name, _)| name.ends_with("refresh"));
    let kept = browser.jar.clone();
    for query in [
        VIEWER,
        "{ service { name } }",
        "{ __typename }",
        "{",
        "{ users { totalCount } }",
        "mutation { eraseMe(password: \"x\") { erasedUserId } }",
        "mutation { refresh(input: {}) { expiresIn } removeRole(name: \"X\") { removedRole } }",
        "mutation { ...F } fragment F on Mutation { refresh: removeRole(name: \"X\") { removedRole } }",
    ] {
        let refused = browser.post(query, json!({})).await;
        assert_eq!(
            (refused.status.as_u16(), refused.codes()),
            (401, vec!["UNAUTHENTICATED".to_owned()]),
            "{query}"
        );
        assert!(refused.json().get("data").is_none(), "{query}");
        assert_eq!(browser.jar, kept, "{query}");
    }
    let request = browser.request(Request::get("/graphql?query=%7B__typename%7D"));
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, 401);
    // A browser cannot read the status of a handshake, so the socket is opened and closed.
    let cookie = format!("{}={}", kept[0].0, kept[0].1);
    let headers = [SUBPROTOCOL, ("origin", url.as_str()), ("cookie", cookie.as_str())];
    let mut socket = SocketClient::connect_with(&url, &headers).await.unwrap();
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.receive().await, Received::Closed(4403));
    let mut socket = SocketClient::connect_with(&url, &headers).await.unwrap();
    let token = format!("Bearer {}", app.login("ann").await);
    let init = json!({ "type": "connection_init", "payload": { "authorization": token } });
    socket.send(init).await;
    assert_eq!(socket.message().await, json!({ "type": "connection_ack" }));

    let register =
        "mutation { register(input: { username: \"bob\", email: \"bob@example.com\", password: \"PASSWORD\" }) {
        user { id } errors { code } } }";
    let registered = browser.post(&register.replace("PASSWORD", PASSWORD), json!({})).await;
    assert_eq!(registered.data("/register/user/id"), "bob");
    assert_eq!(browser.jar, kept);
    let refreshed = browser.post(
        "mutation R { __typename ...F } fragment F on Mutation { refresh(input: {}) { expiresIn } }",
        json!({}),
    );
    assert_eq!(refreshed.await.data("/refresh/expiresIn"), 900);
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "ann");
    browser.jar.retain(|(name, _)| name.ends_with("refresh"));
    assert_eq!(browser.sign_in("bob").await.data("/login/user/id"), "bob");
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "bob");
}

#[tokio::test]
async fn a_refused_cookie_is_cleared() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.user("ann").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ann").await;
    let disable = "mutation { toggleUser(input: { id: \"ann\", enabled: false }) { errors { code } } }";
    assert_eq!(
        app.query(Some(&admin), disable, json!({}))
            .await
            .data("/toggleUser/errors"),
        json!([])
    );

    let refused = browser.post(VIEWER, json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.codes()),
        (401, vec!["UNAUTHENTICATED".to_owned()])
    );
    assert_eq!(
        refused.headers[header::WWW_AUTHENTICATE],
        "Bearer error=\"invalid_token\""
    );
    assert_eq!(
        (browser.cookie("access"), browser.cookie("refresh").is_some()),
        (None, true)
    );
    // The refresh token is refused as well, with the reason, and its cookie cleared.
    let refused = browser.post(REFRESH, json!({})).await;
    assert_eq!(refused.data("/refresh/errors/0/code"), "ACCOUNT_DISABLED");
    assert_eq!(browser.jar, []);
    let nothing = browser.post(REFRESH, json!({})).await;
    assert_eq!(nothing.data("/refresh/errors/0/path"), json!(["input", "refreshToken"]));

    for jar in [
        "__Host-portcullis-access=x; __Host-portcullis-access=y",
        "__Host-portcullis-access=forged",
    ] {
        let request = browser.request(Request::get("/graphql?query=%7Bviewer%7Buser%7Bid%7D%7D%7D"));
        let answer = app
            .send(request.header("cookie", jar).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, 401, "{jar}");
    }
}

#[tokio::test]
async fn a_cookie_is_accepted_only_from_allowed_origins_with_the_csrf_header() {
    let app = TestApp::with(Config {
        transport: config::Transport {
            cors_origins: vec!["https://app.example.com".to_owned()],
            ..config::Transport::default()
        },
        ..Config::default()
    })
    .await;
    app.user("ann").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ann").await;
    let csrf = ("x-portcullis-csrf", "1".to_owned());
    let from = |origin: &str| ("origin", origin.to_owned());
    let cases = [
        (vec![csrf.clone()], 200),
        (vec![csrf.clone(), from("https://api.example.com")], 200),
        (vec![csrf.clone(), from("http://API.example.com")], 200),
        (vec![csrf.clone(), from("https://app.example.com")], 200),
        (vec![csrf.clone(), from("https://api.example.com:444")], 403),
        (vec![csrf.clone(), from("https://api.example.com.evil.example")], 403),
        (vec![csrf.clone(), from("https://evil.example")], 403),
        (vec![csrf.clone(), from("null")], 403),
        (
            vec![
                csrf.clone(),
                from("https://api.example.com"),
                from("https://api.example.com"),
            ],
            403,
        ),
        (vec![from("https://app.example.com")], 403),
        (vec![("x-portcullis-csrf", "0".to_owned())], 403),
        (vec![], 403),
    ];
    for (headers, status) in cases {
        browser.headers = headers;
        let posted = browser.post(VIEWER, json!({})).await;
        assert_eq!(posted.status, status, "{:?}", browser.headers);
        let request = browser.request(Request::get("/graphql?query=%7Bviewer%7Buser%7Bid%7D%7D%7D"));
        let got = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, status, "GET {:?}", browser.headers);
        for answer in [posted, got] {
            if status == 200 {
                assert_eq!(answer.data("/viewer/user/id"), "ann");
            } else {
                assert_eq!(answer.codes(), ["FORBIDDEN"]);
                assert!(answer.json().get("data").is_none());
                assert!(
                    answer.headers.get(header::SET_COOKIE).is_none(),
                    "another site cannot sign ann out"
                );
            }
        }
        let refreshed = browser.post(REFRESH, json!({})).await;
        assert_eq!(refreshed.status, status, "refresh {:?}", browser.headers);
    }
}

#[tokio::test]
async fn a_token_in_the_header_takes_precedence_over_the_cookie() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let bob = app.user("bob").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ann").await;
    // Another site cannot set the header, so no CSRF header is required.
    browser.headers = vec![("authorization", format!("Bearer {bob}"))];
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "bob");
    let untouched = browser.post(REFRESH, json!({})).await;
    assert_eq!(untouched.data("/refresh/errors/0/code"), "INVALID_REFRESH_TOKEN");
    // An invalid token in the header is an error even with a valid cookie.
    browser.headers = vec![
        ("authorization", "Bearer x".to_owned()),
        ("x-portcullis-csrf", "1".to_owned()),
    ];
    let refused = browser.post(VIEWER, json!({})).await;
    assert_eq!(refused.status, 401);
    assert!(refused.headers.get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn names_and_lifetimes_can_be_configured() {
    let app = TestApp::with(Config {
        tokens: config::Tokens {
            token_header: "X-Token".to_owned(),
            token_prefix: String::new(),
            access_cookie: "__Host-a".to_owned(),
            refresh_cookie: "__Host-r".to_owned(),
            access_token_seconds: 60,
            session_idle_seconds: 120,
            session_seconds: 180,
            ..config::Tokens::default()
        },
        ..Config::default()
    })
    .await;
    app.user("ann").await;
    let mut browser = Browser::new(&app);
    let login = browser.sign_in("ann").await;
    let ages: Vec<_> = login
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(
        ages[0].starts_with("__Host-a=") && ages[0].contains("Max-Age=60;"),
        "{ages:?}"
    );
    assert!(
        ages[1].starts_with("__Host-r=") && ages[1].contains("Max-Age=120;"),
        "{ages:?}"
    );
    assert_eq!(browser.post(VIEWER, json!({})).await.data("/viewer/user/id"), "ann");

    let token = browser.cookie("a").unwrap().to_owned();
    for (name, value, status) in [
        ("x-token", token.clone(), 200),
        ("x-token", format!("Bearer {token}"), 401),
        ("x-token", String::new(), 401),
    ] {
        let mut other = Browser::new(&app);
        other.headers = vec![(name, value)];
        assert_eq!(
            other.post(VIEWER, json!({})).await.status,
            status,
            "{:?}",
            other.headers
        );
    }
    let mut ignored = Browser::new(&app);
    ignored.headers = vec![("authorization", format!("Bearer {token}"))];
    assert_eq!(ignored.post(VIEWER, json!({})).await.data("/viewer"), Value::Null);

    app.clock.advance(chrono::TimeDelta::seconds(66));
    assert_eq!(browser.post(VIEWER, json!({})).await.status, 401);
    assert_eq!(
        browser.post(REFRESH, json!({})).await.data("/refresh/errors"),
        json!([])
    );
    // The session ends at its limit, however often it is refreshed.
    app.clock.advance(chrono::TimeDelta::seconds(100));
    browser.jar.retain(|(name, _)| name.ends_with('r'));
    let last = browser.post(REFRESH, json!({})).await;
    assert_eq!(last.data("/refresh/errors"), json!([]));
    app.clock.advance(chrono::TimeDelta::seconds(20));
    browser.jar.retain(|(name, _)| name.ends_with('r'));
    assert_eq!(
        browser.post(REFRESH, json!({})).await.data("/refresh/errors/0/code"),
        "INVALID_REFRESH_TOKEN"
    );
}
