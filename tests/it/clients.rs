//! Client libraries of other projects, run by Node.js against the binary, and the check for breaking schema changes.

use std::path::Path;
use std::process::Command;

use portcullis_test_support::{PASSWORD, node};
use serde_json::json;

use crate::process::start;

#[test]
fn jose_verifies_a_token_from_the_published_keys() {
    let data = tempfile::tempdir().unwrap();
    let server = start(data.path());
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    let seen = node::run("verify.mjs", &[&server.url(), tokens["accessToken"].as_str().unwrap()]);
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
fn oauth4webapi_accepts_access_tokens_and_learns_of_their_end() {
    let data = tempfile::tempdir().unwrap();
    let server = start(data.path());
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    let create = "mutation { createApiKey(name: \"service\", roles: [\"ADMIN\"]) { apiKey { id } secret } }";
    let created = server.graphql(tokens["accessToken"].as_str(), create, &json!({}))["data"]["createApiKey"].clone();
    node::install(&node::clients("oauth"));
    let key = created["secret"].as_str().unwrap();
    let seen = node::run("oauth/verify.mjs", &[&server.url(), "admin", PASSWORD, key]);
    assert_eq!(
        seen["scope"],
        json!(["PREDICT READ_USERS", "PREDICT READ_USERS", null]),
        "{seen}"
    );
    assert_eq!(seen["refusal"], "invalid_scope");
    let claims = &seen["claims"];
    assert_eq!(
        (&claims["sub"], &claims["client_id"], &claims["scope"], &claims["roles"]),
        (
            &json!("admin"),
            &json!("portcullis"),
            &json!("PREDICT READ_USERS"),
            &json!([])
        )
    );
    assert_eq!(seen["machine"]["client_id"], created["apiKey"]["id"]);
    assert_eq!(seen["machine"]["roles"], json!(["ADMIN"]));
    let [active, access, refresh] = [0_usize, 1, 2].map(|at| &seen["introspection"][at]);
    assert_eq!((&active["active"], &active["sub"]), (&json!(true), &json!("admin")));
    for name in ["scope", "client_id", "exp", "iat", "jti", "iss", "aud"] {
        assert_eq!(active[name], claims[name], "{name}");
    }
    assert_eq!(
        (access, refresh),
        (&json!({ "active": false }), &json!({ "active": false }))
    );
    server.stop();
}

#[test]
fn graphql_ws_and_graphql_sse_follow_the_viewer() {
    let data = tempfile::tempdir().unwrap();
    let server = start(data.path());
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    let [access, refresh] = ["accessToken", "refreshToken"].map(|name| tokens[name].as_str().unwrap());
    let seen = node::run("follow.mjs", &[&server.url(), access, refresh]);
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
    // The client closed the socket; it did not fail.
    let closed = seen["closed"].as_array().unwrap();
    assert!(
        !closed.is_empty() && closed.iter().all(|code| *code == 1000),
        "{closed:?}"
    );
    let reason = "Forbidden: the token is not valid: it is malformed";
    assert_eq!(seen["refusal"], json!({ "code": 4403, "reason": reason }));
    // A client that refreshes after 4403 connects again by itself; another one stops.
    let viewer = json!({ "data": { "viewer": { "user": { "id": "admin" } } } });
    assert_eq!(seen["renewed"], json!([4403, [viewer]]));
    assert_eq!(seen["attempts"], 3);
    assert_eq!(seen["legacy"], 400);
    server.stop();
}

/// Runs the check for breaking changes in a folder: whether it passes, and its output.
fn breaking(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let clients = node::clients("");
    node::install(&clients);
    let mut check = Command::new("node");
    check.arg(clients.join("breaking.mjs")).args(arguments);
    // Set when a git hook runs the tests, and would select another repository.
    check.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    let output = check.current_dir(folder).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "commit.gpgsign=false",
    ]);
    git.args(arguments).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    let output = git.current_dir(folder).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

#[test]
fn a_breaking_change_of_the_schema_is_found() {
    let schema = portcullis::graphql::sdl();
    let folder = tempfile::tempdir().unwrap();
    let changed = |from: &str, to: &str| {
        assert!(schema.contains(from), "{from}");
        schema.replacen(from, to, 1)
    };
    let old = folder.path().join("old.graphql");
    std::fs::write(&old, &schema).unwrap();
    for (now, change) in [
        (schema.clone(), None),
        (changed("totalCount: Int!", "totalCount: Int!\n\tmore: Int"), None),
        (changed("totalCount: Int!", "total: Int!"), Some("FIELD_REMOVED")),
        (
            changed("totalCount: Int!", "totalCount: Int"),
            Some("FIELD_CHANGED_KIND"),
        ),
        (changed("topK: Int = 3", "topK: Int!"), Some("FIELD_CHANGED_KIND")),
        (
            changed("input RemoveUserInput {", "input RemoveUserInput {\n\treason: String!"),
            Some("REQUIRED_INPUT_FIELD_ADDED"),
        ),
        (
            changed("\tEMAIL_TAKEN\n", "\tEMAIL_IN_USE\n"),
            Some("VALUE_REMOVED_FROM_ENUM"),
        ),
    ] {
        let new = folder.path().join("new.graphql");
        std::fs::write(&new, now).unwrap();
        let (passes, output) = breaking(folder.path(), &[old.to_str().unwrap(), new.to_str().unwrap()]);
        assert_eq!(passes, change.is_none(), "{output}");
        assert!(output.contains(change.unwrap_or("breaks no client")), "{output}");
    }
}

#[test]
fn the_schema_is_compared_with_the_last_commit_that_changed_it() {
    let schema = portcullis::graphql::sdl();
    let broken = schema.replacen("totalCount: Int!", "total: Int!", 1);
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |text: &str| std::fs::write(here.join("schema.graphql"), text).unwrap();
    let commit = |message: &str| {
        git(
            here,
            &["commit", "--quiet", "--all", "--allow-empty", "--message", message],
        );
    };
    write(&schema);
    let (passes, output) = breaking(here, &[]);
    assert!(passes && output.contains("compared with nothing"), "{output}");
    git(here, &["init", "--quiet"]);
    git(here, &["add", "schema.graphql"]);
    commit("Begin");
    let (passes, output) = breaking(here, &[]);
    assert!(passes && output.contains("compared with nothing"), "{output}");
    // Uncommitted, then committed, then committed with a reason.
    write(&broken);
    assert!(!breaking(here, &[]).0);
    commit("Break");
    assert!(!breaking(here, &[]).0);
    git(
        here,
        &[
            "commit",
            "--quiet",
            "--amend",
            "--message",
            "Break\n\nBreaks-Schema: counts are gone",
        ],
    );
    let (passes, output) = breaking(here, &[]);
    assert!(
        passes && output.contains("FIELD_REMOVED") && output.contains("counts are gone"),
        "{output}"
    );
    commit("Go on");
    let (passes, output) = breaking(here, &[]);
    assert!(passes && output.contains("breaks no client"), "{output}");
    // A clone with the last commit only.
    let clone = here.join("clone");
    let from = format!("file://{}", here.display());
    git(
        here,
        &["clone", "--quiet", "--depth", "1", &from, clone.to_str().unwrap()],
    );
    let (passes, output) = breaking(&clone, &[]);
    assert!(passes && output.contains("compared with nothing"), "{output}");
}
