//! Clients that others wrote, run by Node.js against the binary: what they take for granted is what ours must do.

use std::path::Path;
use std::process::Command;
use std::sync::Once;

use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis};

static INSTALLED: Once = Once::new();

/// Runs a script of `tests/clients`, with its packages installed; what it printed.
fn node(script: &str, arguments: &[&str]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    INSTALLED.call_once(|| install(&folder));
    let output = Command::new("node")
        .arg(folder.join(script))
        .args(arguments)
        .output()
        .expect("this test needs Node.js: install it (apt-get install nodejs npm)");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script}: {error}: {output:?}"))
}

/// Only where the lock file is newer than what is installed, so that a second run needs no network.
fn install(folder: &Path) {
    let age = |path: &str| {
        std::fs::metadata(folder.join(path))
            .and_then(|data| data.modified())
            .ok()
    };
    if age("node_modules/.package-lock.json") >= age("package-lock.json") {
        return;
    }
    let done = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(folder)
        .output()
        .expect("this test needs npm: install it (apt-get install nodejs npm)");
    assert!(
        done.status.success(),
        "npm ci: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn server(data: &Path) -> Server {
    Server::start(portcullis(data).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD))
}

#[test]
fn jose_verifies_a_token_from_the_published_keys() {
    let data = tempfile::tempdir().unwrap();
    let server = server(data.path());
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    let seen = node("verify.mjs", &[&server.url(), tokens["accessToken"].as_str().unwrap()]);
    assert_eq!(seen["payload"]["sub"], "admin");
    assert_eq!(seen["payload"]["roles"], json!(["ADMIN"]));
    assert_eq!(
        (&seen["header"]["alg"], &seen["header"]["typ"]),
        (&json!("EdDSA"), &json!("at+jwt"))
    );
    assert_eq!(seen["forged"], "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    server.stop();
}

#[test]
fn graphql_ws_and_graphql_sse_follow_the_viewer() {
    let data = tempfile::tempdir().unwrap();
    let server = server(data.path());
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    let seen = node("follow.mjs", &[&server.url(), tokens["accessToken"].as_str().unwrap()]);
    for transport in ["ws", "sse"] {
        let seen = &seen[transport];
        assert_eq!(
            seen["query"],
            json!([{ "data": { "viewerCan": [{ "allowed": true }] } }]),
            "{transport}"
        );
        let code = &seen["mutation"][0]["data"]["refresh"]["errors"][0]["code"];
        assert_eq!(
            (seen["mutation"].as_array().unwrap().len(), code),
            (1, &json!("INVALID_REFRESH_TOKEN"))
        );
        assert_eq!(
            seen["events"],
            json!([["ADMIN"], ["ADMIN", "USER"], ["ADMIN"]]),
            "{transport}"
        );
        assert!(
            seen["refused"].to_string().contains("GRAPHQL_VALIDATION_FAILED"),
            "{transport}: {seen}"
        );
    }
    // Done, not failed: the client closed it.
    let closed = seen["closed"].as_array().unwrap();
    assert!(
        !closed.is_empty() && closed.iter().all(|code| *code == 1000),
        "{closed:?}"
    );
    assert_eq!(seen["refusal"], json!({ "code": 4403, "reason": "Forbidden" }));
    assert_eq!(seen["legacy"], 400);
    server.stop();
}
