//! Access tokens of a real OpenID provider (the npm package `oidc-provider`, pinned in `tests/clients/oidc`), accepted by
//! the real binary. What is refused in detail, and when keys are asked for, is tested beside the domain.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Once;

use portcullis::config::{self, Config};
use serde_json::{Value, json};

use crate::clients::install;
use crate::harness::{PASSWORD, TestApp};
use crate::process::{Server, portcullis, run};

pub(crate) const AUDIENCE: &str = "https://hr.example.org/graphql";
const VIEWER: &str = "{ viewer { user { id username email roles } permissions sessionExpiresAt } }";

/// The provider as a process, ended with the test.
pub(crate) struct Issuer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    url: String,
}

impl Issuer {
    pub(crate) fn start() -> Self {
        let folder = installed();
        let mut child = Command::new("node")
            .arg("issuer.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut issuer = Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            url: String::new(),
        };
        let line = issuer.line();
        issuer.url = line.strip_prefix("listening on ").unwrap().to_owned();
        issuer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn rotate(&mut self) {
        writeln!(self.input.as_mut().unwrap(), "rotate").unwrap();
        assert_eq!(self.line(), "signs with key-2");
    }

    fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A token by client credentials (RFC 6749, 4.4), for the resource if one is named (RFC 8707).
    pub(crate) async fn token(&self, client: &str, resource: Option<&str>) -> String {
        let secret = format!("the secret of {client}, which is long enough");
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let mut form = "grant_type=client_credentials&scope=read".to_owned();
        if let Some(resource) = resource {
            form += &format!("&resource={}", encode(resource));
        }
        let answer = reqwest::Client::new()
            .post(format!("{}/token", self.url))
            .basic_auth(encode(client), Some(encode(&secret)))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        answer["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    pub(crate) fn settings(&self) -> String {
        format!(
            "[[issuers]]\nurl = \"{}\"\naudience = \"{AUDIENCE}\"\nclients = [\"batch\", \"boss\"]\n\
             roles_claim = \"realm_access.roles\"\nroles = {{ staff = \"USER\", hr-admin = \"ADMIN\" }}\n",
            self.url
        )
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder with the provider in it, installed once as its lock file has it.
fn installed() -> PathBuf {
    static INSTALL: Once = Once::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/oidc");
    INSTALL.call_once(|| install(&folder));
    folder
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_token_is_accepted_watched_and_switched_off() {
    let mut issuer = Issuer::start();
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("portcullis.toml");
    std::fs::write(&file, issuer.settings()).unwrap();
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .arg("--config")
        .arg(&file);
    let server = Server::start(&mut command);
    let ask = |token: &str, query: &str| server.graphql(Some(token), query, &json!({}));

    let batch = issuer.token("batch", Some(AUDIENCE)).await;
    let viewer = ask(&batch, VIEWER)["data"]["viewer"].clone();
    assert_eq!(viewer["user"]["username"], "batch@127.0.0.1", "{viewer}");
    assert_eq!(viewer["user"]["roles"], json!(["USER"]));
    assert_eq!(viewer["user"]["email"], Value::Null);
    assert!(viewer["sessionExpiresAt"].is_string());
    assert_eq!(code(&ask(&batch, "{ users { totalCount } }")), "FORBIDDEN");
    let boss = issuer.token("boss", Some(AUDIENCE)).await;
    assert_eq!(ask(&boss, "{ users { totalCount } }")["data"]["users"]["totalCount"], 3);

    for (what, token) in [
        ("another client", issuer.token("other", Some(AUDIENCE)).await),
        (
            "another audience",
            issuer.token("boss", Some("https://pay.example.org")).await,
        ),
        ("an opaque token", issuer.token("boss", None).await),
    ] {
        assert_eq!(code(&ask(&token, VIEWER)), "UNAUTHENTICATED", "{what}");
    }

    let id = viewer["user"]["id"].as_str().unwrap();
    let admin = server.login("admin", PASSWORD)["tokens"]["accessToken"].clone();
    let admin = admin.as_str().unwrap();
    let toggle = |enabled: bool| {
        let query = format!(
            "mutation {{ toggleUser(input: {{ id: \"{id}\", enabled: {enabled} }}) {{ user {{ enabled }} endedSessions errors {{ code }} }} }}"
        );
        ask(admin, &query)["data"]["toggleUser"].clone()
    };
    let off = json!({ "user": { "enabled": false }, "endedSessions": 0, "errors": [] });
    assert_eq!(toggle(false), off);
    assert_eq!(code(&ask(&batch, VIEWER)), "UNAUTHENTICATED");
    let fresh = issuer.token("batch", Some(AUDIENCE)).await;
    assert_eq!(code(&ask(&fresh, VIEWER)), "UNAUTHENTICATED");
    toggle(true);
    assert_eq!(ask(&batch, VIEWER)["data"]["viewer"]["user"]["id"], id);
    let set = format!(
        "mutation {{ setUserRoles(input: {{ id: \"{id}\", roles: [\"ADMIN\"] }}) {{ errors {{ code path }} }} }}"
    );
    let refused = ask(admin, &set)["data"]["setUserRoles"]["errors"][0].clone();
    assert_eq!(refused, json!({ "code": "INVALID_INPUT", "path": ["input", "roles"] }));
    let logout = ask(&batch, "mutation { logout(everywhere: true) { endedSessions } }");
    assert_eq!(logout["data"]["logout"]["endedSessions"], 0);

    // The issuer goes away; its key is known.
    let unseen = issuer.token("batch", Some(AUDIENCE)).await;
    issuer.stop();
    assert_eq!(ask(&unseen, VIEWER)["data"]["viewer"]["user"]["id"], id);
    assert_eq!(ask(&batch, VIEWER)["data"]["viewer"]["user"]["id"], id);
    server.stop();
}

#[tokio::test]
async fn a_rotated_key_needs_nobody() {
    let mut issuer = Issuer::start();
    let issuers: toml::Table = issuer.settings().parse().unwrap();
    let app = TestApp::with(Config {
        accounts: config::Accounts {
            issuers: issuers["issuers"].clone().try_into().unwrap(),
            ..config::Accounts::default()
        },
        ..Config::default()
    })
    .await;
    let old = issuer.token("batch", Some(AUDIENCE)).await;
    let name = async |token: &str| {
        let answer = app.query(Some(token), VIEWER, json!({})).await;
        answer.json()["data"]["viewer"]["user"]["username"].clone()
    };
    assert_eq!(name(&old).await, "batch@127.0.0.1");
    issuer.rotate();
    let new = issuer.token("boss", Some(AUDIENCE)).await;
    app.clock.advance(chrono::TimeDelta::seconds(61));
    assert_eq!(name(&new).await, "boss@127.0.0.1");
    assert_eq!(name(&old).await, "batch@127.0.0.1");
}

#[test]
fn a_wrong_issuer_is_named_and_a_right_one_shown() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("portcullis.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let output = run(portcullis(data.path()).arg("check-config").arg("--config").arg(&file));
        let said = String::from_utf8(output.stdout).unwrap() + std::str::from_utf8(&output.stderr).unwrap();
        (output.status.code(), said)
    };
    let good = "[[issuers]]\nurl = \"https://id.example.org\"\naudience = \"a\"\ndefault_roles = [\"USER\"]\n";
    let (status, said) = check(good);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("[[issuers]]") && said.contains("url = \"https://id.example.org\""),
        "{said}"
    );
    assert_eq!(check(&said).1, said, "what is shown can be read back");
    for (from, to, wanted) in [
        (
            "https://",
            "http://",
            "issuers[0].url: \"http://id.example.org\" is not allowed",
        ),
        ("audience = \"a\"\n", "", "audience"),
        ("default_roles", "default_role", "default_role"),
        (
            "\"USER\"",
            "\"user\"",
            "issuers[0].default_roles: \"user\" is not allowed",
        ),
        ("audience", "algorithms = [\"HS256\"]\naudience", "HS256"),
        ("audience", "algorithms = [\"none\"]\naudience", "issuers[0].algorithms"),
    ] {
        let (status, said) = check(&good.replace(from, to));
        assert_eq!((status, said.lines().count()), (Some(2), 1), "{said}");
        assert!(
            said.contains("issuers") && said.contains(wanted),
            "{said} lacks {wanted}"
        );
    }
}
