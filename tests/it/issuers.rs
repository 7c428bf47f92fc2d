//! Access tokens of a real OpenID provider (the npm package `oidc-provider`), accepted by the binary. Forged tokens and the
//! requests for keys are tested in `identity`.

use portcullis::config::{self, Config};
use portcullis_test_support::node_issuer::{AUDIENCE, NodeIssuer};
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestApp};
use crate::process::{Server, portcullis, run};

const VIEWER: &str = "{ viewer { user { id username email roles } permissions sessionExpiresAt } }";

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_account_can_be_disabled() {
    let mut issuer = NodeIssuer::start();
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

    // The issuer is stopped; its key is cached.
    let unseen = issuer.token("batch", Some(AUDIENCE)).await;
    issuer.stop();
    assert_eq!(ask(&unseen, VIEWER)["data"]["viewer"]["user"]["id"], id);
    assert_eq!(ask(&batch, VIEWER)["data"]["viewer"]["user"]["id"], id);
    server.stop();
}

#[tokio::test]
async fn a_rotated_key_is_fetched() {
    let mut issuer = NodeIssuer::start();
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
fn an_invalid_issuer_is_named_and_a_valid_one_printed() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("portcullis.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let output = run(portcullis(data.path()).arg("check-config").arg("--config").arg(&file));
        let printed = String::from_utf8(output.stdout).unwrap() + std::str::from_utf8(&output.stderr).unwrap();
        (output.status.code(), printed)
    };
    let good = "[[issuers]]\nurl = \"https://id.example.org\"\naudience = \"a\"\ndefault_roles = [\"USER\"]\n";
    let (status, printed) = check(good);
    assert_eq!(status, Some(0), "{printed}");
    assert!(
        printed.contains("[[issuers]]") && printed.contains("url = \"https://id.example.org\""),
        "{printed}"
    );
    assert_eq!(check(&printed).1, printed, "what is shown can be read back");
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
        let (status, printed) = check(&good.replace(from, to));
        assert_eq!((status, printed.lines().count()), (Some(2), 1), "{printed}");
        assert!(
            printed.contains("issuers") && printed.contains(wanted),
            "{printed} lacks {wanted}"
        );
    }
}
