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
