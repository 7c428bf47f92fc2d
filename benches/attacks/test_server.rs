//! The server under attack, in this process or in one of its own, and its clients.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use portcullis::app::{App, Models};
use portcullis::clock::ShiftedClock;
use portcullis::config::{self, Config};
use portcullis::graphql::Gateway;
use portcullis::http::{self, Settings};
use portcullis::store::Store;
pub(crate) use portcullis_test_support::PASSWORD;
use portcullis_test_support::process::{self, Server};
use serde_json::{Value, json};
use tokio::task::JoinError;

/// The largest that is allowed: the clients of the attacks have one address.
const REGISTRATION_BURST: u32 = 1_000_000;
/// The models, loaded once.
static MODELS: LazyLock<Models> = LazyLock::new(|| Models::open(&Config::default()).unwrap());

/// A server in this process, with a store in a temporary folder and a clock that the attack moves.
pub(crate) struct TestServer {
    pub(crate) gateway: Gateway,
    pub(crate) clock: ShiftedClock,
    pub(crate) data: tempfile::TempDir,
    url: String,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default(), Settings::default()).await
    }

    pub(crate) async fn with(config: Config, settings: Settings) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            store: config::Store {
                data_dir: data.path().to_owned(),
                ..config.store
            },
            accounts: config::Accounts {
                registration_burst: REGISTRATION_BURST,
                ..config.accounts
            },
            ..config
        };
        let store = Store::open(config.store.url().reveal()).await.unwrap();
        let clock = ShiftedClock::default();
        let app = App::assemble(config, Arc::new(clock.clone()), store, MODELS.clone()).unwrap();
        let gateway = Gateway::new(app).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(http::serve(listener, gateway.clone(), settings, std::future::pending()));
        Self {
            gateway,
            clock,
            data,
            url,
        }
    }

    /// A client with the address `127.0.0.n`.
    pub(crate) fn client(&self, n: u8) -> Client {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(60))
            .local_address(IpAddr::from(Ipv4Addr::new(127, 0, 0, n)))
            .build()
            .unwrap();
        Client {
            http,
            url: format!("{}/graphql", self.url),
        }
    }

    /// The first admin's access token.
    pub(crate) async fn admin(&self) -> String {
        let accounts = self.gateway.app().accounts();
        accounts.ensure_admin(Some(PASSWORD.into())).await.unwrap();
        self.client(1).login("admin").await.0
    }
}

/// The binary with a data folder and a free port.
pub(crate) fn portcullis(data: &Path) -> Command {
    process::portcullis(env!("CARGO_BIN_EXE_portcullis"), data)
}

/// Starts the binary as a process with a data folder and an admin.
pub(crate) async fn start_process(data: &Path) -> Result<Server, JoinError> {
    let mut command = portcullis(data);
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_REGISTRATION_BURST", REGISTRATION_BURST.to_string())
        .env("PORTCULLIS_LOG", "error");
    tokio::task::spawn_blocking(move || Server::start(&mut command)).await
}

/// An HTTP client. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
}

/// A response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The code of the first error in the payload of `field`; empty without one.
    pub(crate) fn code(&self, field: &str) -> String {
        let code = &self.body["data"][field]["errors"][0]["code"];
        code.as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    /// A client of any server, by the URL of its GraphQL endpoint.
    pub(crate) fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Self {
            http,
            url: url.to_owned(),
        }
    }

    /// Sends any JSON as the request body.
    pub(crate) async fn post(&self, token: Option<&str>, body: &Value) -> Answer {
        self.try_post(token, body).await.unwrap()
    }

    /// Sends any JSON; `None` without a response.
    pub(crate) async fn try_post(&self, token: Option<&str>, body: &Value) -> Option<Answer> {
        let mut request = self
            .http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json, application/json")
            .body(body.to_string());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let body = serde_json::from_slice(&response.bytes().await.ok()?).ok()?;
        Some(Answer { status, body })
    }

    pub(crate) async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.post(token, &json!({ "query": query, "variables": variables }))
            .await
    }

    pub(crate) async fn register(&self, name: &str, email: &str) -> Answer {
        let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
        let input = json!({ "username": name, "email": email, "password": PASSWORD });
        self.ask(None, query, json!({ "input": input })).await
    }

    /// Registers an account and signs in: access and refresh token.
    pub(crate) async fn sign_up(&self, name: &str) -> (String, String) {
        let answer = self.register(name, &format!("{name}@example.com")).await;
        assert_eq!(answer.code("register"), "", "{}", answer.body);
        self.login(name).await
    }

    pub(crate) async fn try_login(&self, name: &str, password: &str) -> Answer {
        let query = "mutation($input: LoginInput!) { login(input: $input) {
            tokens { accessToken refreshToken } errors { code } } }";
        let input = json!({ "username": name, "password": password });
        self.ask(None, query, json!({ "input": input })).await
    }

    /// Signs in: access and refresh token.
    pub(crate) async fn login(&self, name: &str) -> (String, String) {
        let answer = self.try_login(name, PASSWORD).await;
        let token = |which: &str| {
            let token = &answer.body["data"]["login"]["tokens"][which];
            token.as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
        };
        (token("accessToken"), token("refreshToken"))
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let query = "mutation($input: RefreshInput!) { refresh(input: $input) {
            tokens { accessToken refreshToken } errors { code } } }";
        self.ask(None, query, json!({ "input": { "refreshToken": token } }))
            .await
    }

    pub(crate) async fn viewer(&self, token: &str) -> Answer {
        self.ask(Some(token), "{ viewer { user { id } } }", json!({})).await
    }

    pub(crate) async fn toggle(&self, admin: &str, id: &str, enabled: bool) {
        let query =
            "mutation($input: ToggleUserInput!) { toggleUser(input: $input) { user { enabled } errors { code } } }";
        let input = json!({ "input": { "id": id, "enabled": enabled } });
        let answer = self.ask(Some(admin), query, input).await;
        assert_eq!(
            answer.body["data"]["toggleUser"]["user"]["enabled"], enabled,
            "{}",
            answer.body
        );
    }
}
