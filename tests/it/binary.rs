//! The binary as an operator meets it: started as a process, spoken to over a socket, stopped by a signal.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::json;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis, run};

fn one_line(output: &Output) -> String {
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    // A server may have logged what it did before it failed.
    let said: Vec<&str> = errors.lines().filter(|line| !line.contains(" INFO ")).collect();
    assert_eq!(said.len(), 1, "one line: {errors}");
    said[0].to_owned()
}

#[test]
fn the_first_start_makes_an_admin_and_the_second_finds_it() {
    let data = tempfile::tempdir().unwrap();
    let first = Server::start(&mut portcullis(data.path()));
    assert_eq!(first.before.len(), 1, "{:?}", first.before);
    let password = first.before[0]
        .strip_prefix("created user admin with password ")
        .unwrap()
        .to_owned();
    assert_eq!(first.login("admin", &password)["user"]["roles"], json!(["ADMIN"]));
    assert_eq!(first.get("/healthz").0, 200);
    assert_eq!(first.get("/readyz").0, 200);
    let sdl = first.get("/schema.graphql").1;
    assert_eq!(sdl, portcullis::graphql::sdl());
    let (took, said) = first.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(!said.contains(&password), "the password is in the log: {said}");

    let second = Server::start(&mut portcullis(data.path()));
    assert_eq!(second.before, Vec::<String>::new());
    assert_eq!(second.login("admin", &password)["errors"], json!([]));
    second.stop();
}

#[test]
fn the_first_admin_takes_the_password_it_is_given() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(portcullis(data.path()).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD));
    assert_eq!(server.before, Vec::<String>::new());
    assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));

    // The folder is in use: a second process says so and leaves.
    let refused = run(portcullis(data.path()).arg("serve"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("in use"), "{refused:?}");
    server.stop();
}

#[test]
fn a_data_folder_that_cannot_be_used_is_one_line() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let refused = run(&mut portcullis(&file));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("file"), "{refused:?}");

    // A store whose files are not what they were.
    let data = tempfile::tempdir().unwrap();
    Server::start(&mut portcullis(data.path())).stop();
    let mut spoilt = 0;
    let mut folders = vec![data.path().join("db")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::metadata(&path).unwrap().len() > 0 {
                std::fs::write(&path, b"these bytes are not what was written here").unwrap();
                spoilt += 1;
            }
        }
    }
    assert!(spoilt > 0);
    let refused = run(&mut portcullis(data.path()));
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    one_line(&refused);
}

/// The data folder of a server that was killed after somebody was made an account, and the file of its log.
fn killed_server() -> (tempfile::TempDir, PathBuf) {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(portcullis(data.path()).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD));
    assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));
    drop(server);
    let log = data.path().join("db/wal/00000000000000000000.wal");
    (data, log)
}

#[test]
fn a_damaged_log_is_refused_in_one_line_and_left_as_it_is() {
    let (data, log) = killed_server();
    let mut bytes = std::fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&log, &bytes).unwrap();
    for _ in 0..2 {
        let refused = run(&mut portcullis(data.path()));
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert_eq!(refused.stdout, b"", "no password of a new admin");
        let line = one_line(&refused);
        for part in [log.to_str().unwrap(), "damaged at byte", "backup", "truncate --size"] {
            assert!(line.contains(part), "{line}");
        }
        assert_eq!(std::fs::read(&log).unwrap(), bytes);
    }
}

#[test]
fn a_log_with_a_torn_last_write_opens() {
    let (data, log) = killed_server();
    let bytes = std::fs::read(&log).unwrap();
    std::fs::write(&log, &bytes[..bytes.len() - 5]).unwrap();
    let server = Server::start(&mut portcullis(data.path()));
    assert_eq!(server.before, Vec::<String>::new(), "no admin is made");
    assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));
    server.stop();
}

#[test]
fn a_command_about_accounts_creates_no_store() {
    let data = tempfile::tempdir().unwrap();
    let typo = data.path().join("typo");
    for arguments in [
        &["list"][..],
        &["enable", "ann"],
        &["disable", "ann"],
        &["remove", "ann"],
        &["set-roles", "ann", "USER"],
    ] {
        let refused = run(portcullis(&typo).arg("user").args(arguments));
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {refused:?}");
        let line = one_line(&refused);
        assert!(line.contains(&typo.join("db").display().to_string()), "{line}");
        assert!(!typo.exists(), "{arguments:?}");
    }
}

#[test]
fn a_wrong_setting_is_named() {
    let data = tempfile::tempdir().unwrap();
    for (key, value, parts) in [
        ("PORTCULLIS_LISTN", "x", vec!["listn"]),
        (
            "PORTCULLIS_LISTEN",
            "nowhere",
            vec!["listen", "nowhere", "ADDRESS:PORT"],
        ),
        ("PORTCULLIS_INTROSPECTION", "maybe", vec!["introspection", "maybe"]),
        ("PORTCULLIS_CONFIG", "no/such.toml", vec!["no/such.toml"]),
    ] {
        let refused = run(portcullis(data.path()).env(key, value).arg("check-config"));
        assert_eq!(refused.status.code(), Some(2), "{key}: {refused:?}");
        let line = one_line(&refused);
        for part in parts {
            assert!(line.contains(part), "{key}: {line} lacks {part}");
        }
    }
    let refused = run(portcullis(data.path()).env("PORTCULLIS_MODELS_DIR", data.path().join("none")));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("none"), "{refused:?}");
    let refused = run(portcullis(data.path()).env("PORTCULLIS_LISTEN", "192.0.2.1:80"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("192.0.2.1:80"), "{refused:?}");
}

#[test]
fn a_flag_beats_the_environment_and_secrets_are_masked() {
    let data = tempfile::tempdir().unwrap();
    let shown = run(portcullis(data.path())
        .env("PORTCULLIS_DATABASE", "ws://ann:hidden@127.0.0.1:1")
        .env("PORTCULLIS_ISSUER", "from the environment")
        .args(["check-config", "--issuer", "from the flag"]));
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(
        text.contains("issuer = \"from the flag\"") && text.contains("ws://ann:***@127.0.0.1:1"),
        "{text}"
    );
    assert!(!text.contains("hidden"), "{text}");
}

#[test]
fn an_operator_manages_accounts_on_the_host() {
    let data = tempfile::tempdir().unwrap();
    let user = |arguments: &[&str]| {
        let mut command = portcullis(data.path());
        command.env("PORTCULLIS_PASSWORD", PASSWORD).arg("user").args(arguments);
        let output = run(&mut command);
        let text = String::from_utf8(output.stdout.clone()).unwrap() + std::str::from_utf8(&output.stderr).unwrap();
        (output.status.code(), text)
    };
    let (code, text) = user(&[
        "create",
        "--username",
        "Root",
        "--email",
        "root@example.com",
        "--role",
        "ADMIN",
    ]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("root\troot@example.com\tADMIN\tenabled\t"), "{text}");
    assert_eq!(
        user(&["create", "--username", "ann", "--email", "ann@example.com"]).0,
        Some(0)
    );
    let (code, text) = user(&["create", "--username", "ann", "--email", "ann2@example.com"]);
    assert_eq!((code, text.lines().count()), (Some(1), 1), "{text}");
    assert!(user(&["disable", "ann"]).1.contains("\tdisabled\t"));
    assert_eq!(user(&["disable", "root"]).0, Some(1));
    assert!(user(&["enable", "ann"]).1.contains("\tenabled\t"));
    assert!(user(&["set-roles", "ann", "ADMIN", "USER"]).1.contains("ADMIN"));
    let (_, list) = user(&["list"]);
    assert_eq!(list.lines().count(), 2, "{list}");
    assert_eq!(user(&["remove", "root"]).0, Some(0));
    assert_eq!(user(&["remove", "root"]).0, Some(1));

    // There is an admin, so none is made.
    let server = Server::start(&mut portcullis(data.path()));
    assert_eq!(server.before, Vec::<String>::new());
    assert_eq!(
        server.login("ann", PASSWORD)["user"]["roles"].as_array().unwrap().len(),
        2
    );
    server.stop();
}

#[test]
fn who_may_select_what_is_printed() {
    let access = |json: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(["schema", "--access"]);
        let told = run(if json { command.arg("--json") } else { &mut command });
        String::from_utf8(told.stdout).unwrap()
    };
    let table = access(false);
    let line = |field: &str| {
        table
            .lines()
            .find(|line| line.starts_with(&format!("{field} ")))
            .unwrap()
            .to_owned()
    };
    let words = |field: &str| {
        line(field)
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(words("Query.predict"), "Query.predict PREDICT ADMIN USER 10");
    assert_eq!(words("User.email"), "User.email READ_USERS or owner ADMIN 0 sensitive");
    assert_eq!(words("Mutation.endSession"), "Mutation.endSession SESSION ADMIN USER 0");
    assert_eq!(words("Query.service"), "Query.service - ADMIN USER GUEST 0");
    let rows: serde_json::Value = serde_json::from_str(&access(true)).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), table.lines().count() - 1);
    let email = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["field"] == "User.email")
        .unwrap();
    assert_eq!(
        *email,
        json!({ "field": "User.email", "requires": "READ_USERS", "orOwner": true, "roles": ["ADMIN"], "cost": 0, "sensitive": true })
    );
}

#[test]
fn the_schema_is_printed() {
    let printed = run(Command::new(env!("CARGO_BIN_EXE_portcullis")).arg("schema"));
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), portcullis::graphql::sdl());
}

#[test]
fn a_configured_key_signs() {
    use base64::Engine as _;
    let data = tempfile::tempdir().unwrap();
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_SIGNING_ALGORITHM", "HS256");
    let short = run(command.env("PORTCULLIS_SIGNING_SECRET", "too short"));
    assert_eq!(short.status.code(), Some(2), "{short:?}");
    assert!(one_line(&short).contains("32"), "{short:?}");
    let server = Server::start(command.env("PORTCULLIS_SIGNING_SECRET", "0123456789abcdef0123456789abcdef"));
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    let token = tokens["accessToken"].as_str().unwrap();
    let header = token.split('.').next().unwrap();
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["alg"], "HS256");
    let viewer = server.graphql(Some(token), "{ viewer { user { id } } }", &json!({}));
    assert_eq!(viewer["data"]["viewer"]["user"]["id"], "admin");
    assert!(!data.path().join("keys").exists(), "no key is made that is not used");
    assert_eq!(server.get("/.well-known/jwks.json"), (200, "{\"keys\":[]}".to_owned()));
    server.stop();
}

#[test]
fn two_files_are_matched_without_a_server() {
    let data = tempfile::tempdir().unwrap();
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let files = [
        format!("{files}/documents/data-engineer.libreoffice-two.pdf"),
        format!("{files}/matching/data-engineer.job.md"),
    ];
    let told = run(portcullis(data.path()).arg("match").args(&files));
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.starts_with("score 0."), "{told}");
    assert!(!told.contains('\u{1b}'), "colours in a pipe: {told:?}");
    for part in ["requirements", "skills", "Snowflake", "gaps"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let json = run(portcullis(data.path()).arg("match").arg("--json").args(&files));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(
        json["score"].is_f64() && json["gaps"][0]["scoreIfAdded"].is_f64(),
        "{json}"
    );
    assert_eq!(json["education"]["met"], json!(true));

    let refused = run(portcullis(data.path()).args(["match", "no-such-file.pdf", "no-such-job.txt"]));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("no-such-file.pdf"), "{refused:?}");
}
