//! The binary over a real remote store, once or several times, and its clients.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use portcullis_test_support::process::try_graphql;
use portcullis_test_support::surrealdb_server::{SurrealDbServer, USER};
use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis};

/// The time after which a test fails that waits for a change.
pub(crate) const NOTICE: Duration = Duration::from_secs(60);
pub(crate) const VIEWER: &str = "{ viewer { user { id } } }";
pub(crate) const ISSUER: &str = "https://portcullis.example.org";

/// Builds and starts a store.
pub(crate) fn store() -> SurrealDbServer {
    SurrealDbServer::start(env!("CARGO_BIN_EXE_portcullis"))
}

/// The binary with this store and data folder, and the password of the database in a file.
pub(crate) fn command(store: &SurrealDbServer, data: &Path) -> Command {
    let file = data.join("database-password");
    std::fs::write(&file, format!("{}\n", USER.1)).unwrap();
    let mut command = portcullis(data);
    command
        .env("PORTCULLIS_DATABASE", store.url())
        .env("PORTCULLIS_DATABASE_USER", USER.0)
        .env("PORTCULLIS_DATABASE_PASSWORD_FILE", file)
        .env("PORTCULLIS_ISSUER", ISSUER)
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_REGISTRATION_BURST", "100000");
    command
}

/// Servers of one store, with the signing key of the first.
pub(crate) struct Replicas {
    pub(crate) servers: Vec<Server>,
    _data: tempfile::TempDir,
}

impl Replicas {
    pub(crate) fn start(store: &SurrealDbServer, count: usize, variables: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = |number: usize| -> PathBuf { data.path().join(number.to_string()) };
        let mut servers = Vec::new();
        for number in 0..count {
            std::fs::create_dir(folder(number)).unwrap();
            if number > 0 {
                // As docs/scaling.md says.
                let copied = Command::new("cp")
                    .arg("-r")
                    .args([folder(0).join("keys"), folder(number)])
                    .status();
                assert!(copied.unwrap().success());
            }
            let mut command = command(store, &folder(number));
            servers.push(Server::start(command.envs(variables.iter().copied())));
        }
        Self { servers, _data: data }
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        self.servers.iter().map(|server| server.address().to_owned()).collect()
    }
}

/// The response to an operation.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) took: Duration,
}

impl Reply {
    /// The code of the first error outside of a payload; empty without one.
    pub(crate) fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("")
    }

    /// Whether the server could not use its store.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.code() == "UNAVAILABLE"
    }

    /// The value at a JSON pointer below `data`.
    pub(crate) fn data(&self, pointer: &str) -> &Value {
        let found = self.body["data"].pointer(pointer);
        found.unwrap_or_else(|| panic!("no {pointer} in {self:?}"))
    }
}

/// Sends an operation; `None` without a complete response.
pub(crate) fn ask(address: &str, token: Option<&str>, query: &str, variables: &Value) -> Option<Reply> {
    let since = Instant::now();
    let (status, body) = try_graphql(address, token, query, variables)?;
    Some(Reply {
        status,
        body,
        took: since.elapsed(),
    })
}

pub(crate) fn viewer(address: &str, token: &str) -> Reply {
    ask(address, Some(token), VIEWER, &json!({})).unwrap()
}

pub(crate) fn register(address: &str, name: &str) -> Option<Reply> {
    let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
    let input = json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
    ask(address, None, query, &json!({ "input": input }))
}

pub(crate) fn try_login(address: &str, name: &str, password: &str) -> Reply {
    let query = "mutation($input: LoginInput!) { login(input: $input) {
        tokens { accessToken refreshToken } errors { code } } }";
    let input = json!({ "username": name, "password": password });
    ask(address, None, query, &json!({ "input": input })).unwrap()
}

/// The access token and the refresh token of a new session.
pub(crate) fn login(address: &str, name: &str) -> (String, String) {
    let reply = try_login(address, name, PASSWORD);
    let token = |which: &str| reply.data(which).as_str().unwrap().to_owned();
    (token("/login/tokens/accessToken"), token("/login/tokens/refreshToken"))
}

/// Registers an account and signs in.
pub(crate) fn sign_up(address: &str, name: &str) -> (String, String) {
    let reply = register(address, name).unwrap();
    assert_eq!(reply.data("/register/errors"), &json!([]), "{reply:?}");
    login(address, name)
}

/// Enables or disables an account.
pub(crate) fn enable(address: &str, admin: &str, id: &str, enabled: bool) {
    let query = "mutation($input: ToggleUserInput!) { toggleUser(input: $input) { user { enabled } errors { code } } }";
    let input = json!({ "input": { "id": id, "enabled": enabled } });
    let reply = ask(address, Some(admin), query, &input).unwrap();
    assert_eq!(reply.data("/toggleUser/user/enabled"), &json!(enabled), "{reply:?}");
}

/// The ids of all accounts, each as often as it is listed.
pub(crate) fn accounts(address: &str, admin: &str) -> Vec<String> {
    let query = "query($after: String) { users(first: 100, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }";
    pages(address, admin, query, "/users")
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The events of a kind, newest first.
pub(crate) fn events(address: &str, admin: &str, action: &str) -> Vec<Value> {
    let query = format!(
        "query($after: String) {{ auditEvents(first: 100, after: $after, filter: {{ action: {action} }}) {{
            nodes {{ id at subject refusal }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    pages(address, admin, &query, "/auditEvents")
}

fn pages(address: &str, admin: &str, query: &str, pointer: &str) -> Vec<Value> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let reply = ask(address, Some(admin), query, &json!({ "after": after })).unwrap();
        let page = reply.data(pointer);
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Waits until `/readyz` has this status: the time it took.
pub(crate) fn wait_for_readiness(server: &Server, status: u16) -> Duration {
    let start = Instant::now();
    loop {
        let (found, body) = server.get("/readyz");
        if found == status {
            return start.elapsed();
        }
        assert!(start.elapsed() < NOTICE, "{found} {body} instead of {status}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
