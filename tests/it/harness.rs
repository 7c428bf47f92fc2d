//! The server in this process, with a store in memory, real password hashing and the shipped models. Requests go through
//! the router without sockets, unless a test listens on one.

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use portcullis::app::{App, Models};
use portcullis::clock::ShiftedClock;
use portcullis::config::{self, Config};
use portcullis::document::sandbox;
use portcullis::graphql::Gateway;
use portcullis::http::{self, HttpService, Settings};
use portcullis::store::Store;
pub(crate) use portcullis_test_support::PASSWORD;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

/// The models, loaded once for all tests.
static MODELS: LazyLock<Models> = LazyLock::new(|| {
    read_documents();
    Models::open(&Config::default()).expect("the shipped models load")
});

/// Reads documents in processes of the binary, since the test binary cannot run as one.
pub(crate) fn read_documents() {
    sandbox::read_with(env!("CARGO_BIN_EXE_portcullis").into());
}

/// The models that all tests share.
pub(crate) fn models() -> Models {
    MODELS.clone()
}

/// A running app.
pub(crate) struct TestApp {
    pub(crate) gateway: Gateway,
    pub(crate) clock: ShiftedClock,
    router: HttpService,
    _data: tempfile::TempDir,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    /// The value at a JSON pointer below `data`.
    pub(crate) fn data(&self, pointer: &str) -> Value {
        let json = self.json();
        json["data"]
            .pointer(pointer)
            .unwrap_or_else(|| panic!("no {pointer} in {json}"))
            .clone()
    }

    /// The codes of the errors, in order.
    pub(crate) fn codes(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|e| e["extensions"]["code"].as_str().unwrap_or("(none)").to_owned())
            .collect()
    }
}

/// A stream of server-sent events.
pub(crate) struct Events {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Body,
    text: String,
}

impl Events {
    /// The next event and its data; `None` at the end of the response.
    pub(crate) async fn next(&mut self) -> Option<(String, String)> {
        let over = std::time::Duration::from_secs(60);
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim().to_owned())
                };
                let found = field("event:").map(|name| (name, field("data:").unwrap_or_default()));
                self.text = rest.to_owned();
                // A comment, which has no name, keeps the connection open.
                if found.is_some() {
                    return found;
                }
            }
            let frame = tokio::time::timeout(over, self.body.frame()).await;
            let frame = frame.expect("an event in time")?.unwrap();
            let bytes = frame.into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The GraphQL response in the next event, which must have one.
    pub(crate) async fn answer(&mut self) -> Value {
        let (name, data) = self.next().await.expect("an event");
        assert_eq!(name, "next", "{data}");
        serde_json::from_str(&data).unwrap()
    }
}

impl TestApp {
    /// Starts an app with the default settings and an empty store.
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    /// Starts an app with these settings, a store in memory and a data folder of its own.
    pub(crate) async fn with(config: Config) -> Self {
        Self::with_models(config, MODELS.clone()).await
    }

    /// Starts an app with models of its own, whose use a test can count.
    pub(crate) async fn with_models(config: Config, models: Models) -> Self {
        let store = Store::open("mem://").await.unwrap();
        Self::assemble(config, store, models)
    }

    /// Starts one of several apps with the same store.
    pub(crate) fn over(store: impl Into<Arc<Store>>) -> Self {
        Self::assemble(Config::default(), store, MODELS.clone())
    }

    fn assemble(config: Config, store: impl Into<Arc<Store>>, models: Models) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            store: config::Store {
                data_dir: data.path().to_owned(),
                database: Some("mem://".into()),
                ..config.store
            },
            accounts: config::Accounts {
                // All tests have one address. A test of the limit sets its own.
                registration_burst: match config.accounts.registration_burst {
                    burst if burst == Config::default().accounts.registration_burst => 100_000,
                    burst => burst,
                },
                ..config.accounts
            },
            ..config
        };
        let clock = ShiftedClock::default();
        let app = App::assemble(config, Arc::new(clock.clone()), store, models).unwrap();
        let gateway = Gateway::new(app).unwrap();
        let settings = Settings::of(gateway.app().settings()).unwrap();
        let router = http::router(gateway.clone(), settings);
        Self {
            gateway,
            clock,
            router,
            _data: data,
        }
    }

    /// Stops the app and releases its store.
    pub(crate) async fn close(self) {
        let Self { gateway, router, .. } = self;
        drop(router);
        let app = gateway.app().clone();
        drop(gateway);
        app.close().await;
    }

    /// Serves the app on a free port until the test ends: its URL.
    pub(crate) async fn listen(&self) -> String {
        self.serve(self.settings(), std::future::pending()).await.0
    }

    /// The settings of the transport, from the configuration.
    pub(crate) fn settings(&self) -> Settings {
        Settings::of(self.gateway.app().settings()).unwrap()
    }

    /// Serves the app until `stop`: its URL, and the number of connections that were cut off.
    pub(crate) async fn serve(
        &self,
        settings: Settings,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> (String, JoinHandle<usize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(http::serve(listener, self.gateway.clone(), settings, stop));
        (format!("http://{address}"), served)
    }

    /// Sends a request through a router with other settings.
    pub(crate) async fn send_to(&self, settings: Settings, request: Request<Body>) -> Answer {
        let other = Self {
            gateway: self.gateway.clone(),
            clock: self.clock.clone(),
            router: http::router(self.gateway.clone(), settings),
            _data: tempfile::tempdir().unwrap(),
        };
        other.send(request).await
    }

    /// Sends a document: the response as server-sent events.
    pub(crate) async fn follow(&self, token: Option<&str>, query: &str) -> Events {
        self.follow_with(token, query, json!({})).await
    }

    /// Sends a document with variables: the response as server-sent events.
    pub(crate) async fn follow_with(&self, token: Option<&str>, query: &str, variables: Value) -> Events {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = Body::from(json!({ "query": query, "variables": variables }).to_string());
        self.events(request.body(body).unwrap()).await
    }

    /// Sends any request: the response as server-sent events.
    pub(crate) async fn events(&self, request: Request<Body>) -> Events {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Events {
            status: parts.status,
            headers: parts.headers,
            body,
            text: String::new(),
        }
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Posts a GraphQL request.
    pub(crate) async fn post(&self, token: Option<&str>, body: &Value) -> Answer {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Posts a document with variables.
    pub(crate) async fn query(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.post(token, &json!({ "query": query, "variables": variables }))
            .await
    }

    /// Registers an account with role USER and signs it in: its access token.
    pub(crate) async fn user(&self, name: &str) -> String {
        let answer = self
            .query(
                None,
                "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code message } } }",
                json!({ "input": { "username": name, "email": format!("{name}@example.com"), "password": PASSWORD } }),
            )
            .await;
        assert_eq!(answer.data("/register/errors"), json!([]), "{answer:?}");
        self.login(name).await
    }

    /// Signs in with the password of all tests: the access token.
    pub(crate) async fn login(&self, name: &str) -> String {
        let answer = self.try_login(name, PASSWORD).await;
        answer
            .data("/login/tokens/accessToken")
            .as_str()
            .unwrap_or_else(|| panic!("{answer:?}"))
            .to_owned()
    }

    /// Attempts a login.
    pub(crate) async fn try_login(&self, name: &str, password: &str) -> Answer {
        self.query(
            None,
            "mutation($input: LoginInput!) { login(input: $input) {
                user { id roles } tokens { accessToken refreshToken tokenType expiresIn } errors { code message path } } }",
            json!({ "input": { "username": name, "password": password } }),
        )
        .await
    }

    /// The first admin's access token.
    pub(crate) async fn admin(&self) -> String {
        let accounts = self.gateway.app().accounts();
        accounts.ensure_admin(Some(PASSWORD.into())).await.unwrap();
        self.login("admin").await
    }

    /// Creates an API key for the owner of the token: its secret.
    pub(crate) async fn api_key(&self, token: &str, roles: &[&str]) -> String {
        let answer = self
            .query(
                Some(token),
                "mutation($roles: [String!]!) { createApiKey(name: \"tests\", roles: $roles) { secret errors { code message } } }",
                json!({ "roles": roles }),
            )
            .await;
        let secret = answer.data("/createApiKey/secret");
        secret.as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
    }

    /// Runs a mutation, which must succeed.
    pub(crate) async fn change(&self, token: &str, mutation: &str) {
        let answer = self.query(Some(token), mutation, json!({})).await;
        assert!(
            answer.codes().is_empty() && !answer.text.contains("message"),
            "{}",
            answer.text
        );
    }
}
