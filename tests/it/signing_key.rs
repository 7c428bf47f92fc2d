//! The signing key as an operator sees it: a lost, damaged or foreign key is refused in one line, and `portcullis key new`
//! accepts a new one. The decisions are tested in `identity::signing_key`.

use std::path::Path;
use std::process::Output;

use serde_json::json;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis, run, start};

fn refused_line(data: &Path) -> String {
    let refused = run(&mut portcullis(data));
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let errors = String::from_utf8(refused.stderr).unwrap();
    // On a slow machine, SurrealDB also reports the tasks that the end of the process cancels.
    let ours = |line: &&str| !line.contains(" INFO ") && !line.contains("surrealdb_core::kvs::tasks");
    let lines: Vec<&str> = errors.lines().filter(ours).collect();
    assert_eq!(lines.len(), 1, "{errors}");
    lines[0].to_owned()
}

fn new_key(data: &Path) -> Output {
    let output = run(portcullis(data).args(["key", "new"]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    output
}

fn viewer(server: &Server, token: &str) -> serde_json::Value {
    server.graphql(Some(token), "{ viewer { user { id } } }", &json!({}))
}

#[test]
fn a_lost_or_damaged_key_is_refused_until_a_new_one_is_accepted() {
    let data = tempfile::tempdir().unwrap();
    start(data.path()).stop();
    let key = data.path().join("keys/current.pem");

    for damage in [None, Some("")] {
        match damage {
            None => std::fs::remove_file(&key).unwrap(),
            Some(text) => std::fs::write(&key, text).unwrap(),
        }
        let line = refused_line(data.path());
        let state = if damage.is_some() { "damaged" } else { "missing" };
        for part in [
            key.to_str().unwrap(),
            state,
            "access token",
            "backup",
            "portcullis key new",
        ] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert_eq!(key.exists(), damage.is_some(), "nothing is created");
        // Accounts can be managed meanwhile.
        let listed = run(portcullis(data.path()).args(["user", "list"]));
        assert_eq!(listed.status.code(), Some(0), "{listed:?}");
        new_key(data.path());
        let server = Server::start(&mut portcullis(data.path()));
        assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));
        server.stop();
    }
}

#[test]
fn tokens_of_the_key_before_are_accepted_after_a_rotation() {
    let data = tempfile::tempdir().unwrap();
    // The address is the default issuer, so it must stay the same.
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_ISSUER", "https://portcullis.example.org");
    let server = Server::start(&mut command);
    let token = server.login("admin", PASSWORD)["tokens"]["accessToken"].clone();
    server.stop();
    let printed = new_key(data.path()).stdout;
    let kid = String::from_utf8(printed)
        .unwrap()
        .split('\t')
        .next()
        .unwrap()
        .to_owned();
    let server = Server::start(&mut command);
    let answer = viewer(&server, token.as_str().unwrap());
    assert_eq!(answer["data"]["viewer"]["user"]["id"], "admin", "{answer}");
    let keys: serde_json::Value = serde_json::from_str(&server.get("/.well-known/jwks.json").1).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    assert_eq!(keys["keys"][0]["kid"], kid.as_str());
    server.stop();
}

#[test]
fn a_key_that_is_not_the_one_of_the_store_is_refused() {
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    start(data.path()).stop();
    start(other.path()).stop();
    std::fs::copy(
        other.path().join("keys/current.pem"),
        data.path().join("keys/current.pem"),
    )
    .unwrap();
    let line = refused_line(data.path());
    for part in ["not the one of this database", "portcullis key new"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    // Another algorithm is another key, too.
    let refused = run(portcullis(other.path())
        .env("PORTCULLIS_SIGNING_ALGORITHM", "HS256")
        .env("PORTCULLIS_SIGNING_SECRET", "0123456789abcdef0123456789abcdef"));
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
}

#[test]
fn no_key_is_created_for_a_store_that_does_not_exist() {
    let data = tempfile::tempdir().unwrap();
    let refused = run(portcullis(data.path()).args(["key", "new"]));
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(!data.path().join("keys").exists());
}
