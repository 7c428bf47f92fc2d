//! A disk that is full while the server runs: changes are refused with a code of their own, reads are answered, `/readyz`
//! reports it, and the server continues without a restart when the disk has room. Nothing that was refused exists after
//! a restart, and nothing that was acknowledged is missing.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::process::Server;
use crate::small_disk::SmallDisk;

/// The time within which the server notices that the disk is full or has room, besides that of a slow machine.
const NOTICE: Duration = Duration::from_secs(60);

fn portcullis(disk: &SmallDisk) -> Command {
    let mut command = disk.run(env!("CARGO_BIN_EXE_portcullis"));
    command
        .env_clear()
        .env("PORTCULLIS_DATA_DIR", disk.path())
        // The program starts in the root folder of the namespace.
        .env("PORTCULLIS_MODELS_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/models"))
        .env("PORTCULLIS_LISTEN", "127.0.0.1:0")
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD);
    command
}

/// The outcome of `register`: the id, or the code of the error.
fn register(server: &Server, name: &str) -> Result<String, String> {
    let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
    let input = json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
    let answer = server.graphql(None, query, &json!({ "input": input }));
    match &answer["errors"][0]["extensions"]["code"] {
        Value::String(code) => Err(code.clone()),
        _ => Ok(answer["data"]["register"]["user"]["id"].as_str().unwrap().to_owned()),
    }
}

fn admin_token(server: &Server) -> String {
    let login = server.login("admin", PASSWORD);
    login["tokens"]["accessToken"].as_str().unwrap().to_owned()
}

fn accounts(server: &Server, token: &str) -> BTreeSet<String> {
    let answer = server.graphql(Some(token), "{ users(first: 100) { nodes { id } } }", &json!({}));
    let nodes = answer["data"]["users"]["nodes"].as_array();
    let nodes = nodes.unwrap_or_else(|| panic!("{answer}"));
    nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Waits until `/readyz` has this status, and returns its body.
fn wait_for_readiness(server: &Server, status: u16) -> String {
    let start = Instant::now();
    loop {
        let (found, body) = server.get("/readyz");
        if found == status {
            return body;
        }
        assert!(start.elapsed() < NOTICE, "{found} {body} instead of {status}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Registers accounts until one is refused because the disk is full, and then more. Returns those that were accepted.
fn register_until_refused(server: &Server) -> BTreeSet<String> {
    let mut accepted = BTreeSet::new();
    let mut refused = 0;
    for number in 0..40 {
        match register(server, &format!("late{number}")) {
            // The last block of the log had room for it.
            Ok(id) => {
                assert_eq!(refused, 0, "{id} was accepted after another was refused");
                accepted.insert(id);
            }
            Err(code) => {
                assert_eq!(code, "UNAVAILABLE");
                refused += 1;
            }
        }
        if refused == 5 {
            return accepted;
        }
    }
    panic!("{refused} of 40 registrations were refused on a full disk");
}

#[test]
fn a_full_disk_refuses_changes_until_it_has_room() {
    let disk = SmallDisk::new("24m");
    let server = Server::start(&mut portcullis(&disk));
    let mut expected = BTreeSet::from(["admin".to_owned(), register(&server, "early").unwrap()]);
    let token = admin_token(&server);
    assert_eq!(server.get("/readyz").0, 200);

    disk.fill();
    expected.extend(register_until_refused(&server));
    let body = wait_for_readiness(&server, 503);
    assert!(body.contains("the disk is full"), "{body}");
    assert_eq!(accounts(&server, &token), expected, "reads are answered");
    let refused = server.login("admin", PASSWORD);
    assert!(refused.is_null(), "a login writes a session: {refused}");

    disk.make_room();
    wait_for_readiness(&server, 200);
    expected.insert(register(&server, "early2").unwrap());
    expected.insert(register(&server, "late39").unwrap());
    assert_eq!(accounts(&server, &token), expected);

    // Killed, so that the next start reads the log.
    drop(server);
    let server = Server::start(&mut portcullis(&disk));
    assert_eq!(accounts(&server, &admin_token(&server)), expected);
    server.stop();
}

#[test]
fn a_server_that_stops_on_a_full_disk_loses_and_adds_nothing() {
    let disk = SmallDisk::new("24m");
    let server = Server::start(&mut portcullis(&disk));
    let mut expected = BTreeSet::from(["admin".to_owned(), register(&server, "early").unwrap()]);
    disk.fill();
    expected.extend(register_until_refused(&server));
    // The server may not use the room that it gets while it stops to write what it has refused.
    disk.make_room();
    disk.fill();
    let (took, log) = server.stop();
    assert!(took < Duration::from_secs(20), "{took:?}: {log}");
    disk.make_room();
    let server = Server::start(&mut portcullis(&disk));
    assert_eq!(accounts(&server, &admin_token(&server)), expected);
    server.stop();
}
