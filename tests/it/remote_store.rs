//! The binary over a real SurrealDB server: the main flows, and an outage of the server.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use portcullis_test_support::surrealdb_server::USER;
use portcullis_test_support::websocket::SocketClient;
use serde_json::json;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis, run};
use crate::replica::{
    ISSUER, NOTICE, Reply, accounts, ask, command, enable, events, login, register, sign_up, store, try_login, viewer,
    wait_for_readiness,
};

/// The time for which the store is away: longer than the deadline of a statement.
const AWAY: Duration = Duration::from_secs(10);
const CREATE_KEY: &str = "mutation { createApiKey(name: \"nightly\", roles: [\"USER\"]) { secret errors { code } } }";
const RENEW: &str =
    "mutation($token: String!) { refresh(input: { refreshToken: $token }) { tokens { accessToken } errors { code } } }";
const KEYS: &str = "{ viewer { user { apiKeys { id } } } }";

fn keys(address: &str, token: &str) -> usize {
    let reply = ask(address, Some(token), KEYS, &json!({})).unwrap();
    reply.data("/viewer/user/apiKeys").as_array().unwrap().len()
}

#[test]
fn the_main_flows_hold_and_their_data_outlives_the_server() {
    let store = store();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(&store, data.path()));
    let address = server.address();
    let admin = login(address, "admin").0;
    let (ann, refresh) = sign_up(address, "ann");
    assert_eq!(viewer(address, &ann).data("/viewer/user/id"), "ann");
    let reply = register(address, "Ann").unwrap();
    assert_eq!(reply.data("/register/errors/0/code"), "USERNAME_TAKEN", "{reply:?}");
    let reply = try_login(address, "ann", "not the password");
    assert_eq!(reply.data("/login/errors/0/code"), "INVALID_CREDENTIALS");

    let predict =
        "{ predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { predictions { label } } }";
    let reply = ask(address, Some(&ann), predict, &json!({})).unwrap();
    assert!(reply.data("/predict/predictions/0/label").is_string(), "{reply:?}");

    let list = "{ users(first: 1) { nodes { id } pageInfo { hasNextPage } } }";
    assert_eq!(ask(address, Some(&ann), list, &json!({})).unwrap().code(), "FORBIDDEN");
    let roles = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"USER\", \"ADMIN\"] }) { user { roles } errors { code } } }";
    let reply = ask(address, Some(&admin), roles, &json!({})).unwrap();
    assert_eq!(reply.data("/setUserRoles/errors"), &json!([]), "{reply:?}");
    let reply = ask(address, Some(&login(address, "ann").0), list, &json!({})).unwrap();
    assert_eq!(reply.data("/users/nodes").as_array().unwrap().len(), 1);
    assert_eq!(reply.data("/users/pageInfo/hasNextPage"), true);

    let reply = ask(address, Some(&ann), CREATE_KEY, &json!({})).unwrap();
    let secret = reply.data("/createApiKey/secret").as_str().unwrap().to_owned();
    assert_eq!(viewer(address, &secret).data("/viewer/user/id"), "ann");
    let refused = events(address, &admin, "LOGIN")
        .iter()
        .filter(|event| event["subject"] == "ann" && event["refusal"] == "INVALID_CREDENTIALS")
        .count();
    assert_eq!(refused, 1);
    server.stop();

    // The password is in the environment now.
    let mut again = command(&store, data.path());
    again
        .env_remove("PORTCULLIS_DATABASE_PASSWORD_FILE")
        .env("PORTCULLIS_DATABASE_PASSWORD", USER.1);
    let server = Server::start(&mut again);
    let address = server.address();
    assert_eq!(viewer(address, &ann).data("/viewer/user/id"), "ann");
    assert_eq!(viewer(address, &secret).data("/viewer/user/id"), "ann");
    let reply = ask(address, None, RENEW, &json!({ "token": refresh })).unwrap();
    assert_eq!(reply.data("/refresh/errors"), &json!([]), "{reply:?}");
    let (_, printed) = server.stop();
    assert!(!printed.contains(USER.1), "{printed}");
}

#[test]
fn an_embedded_database_moves_to_a_server() {
    let data = tempfile::tempdir().unwrap();
    let mut embedded = portcullis(data.path());
    embedded.env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD);
    // Both servers have one issuer, so that the tokens of one are valid at the other.
    embedded.env("PORTCULLIS_ISSUER", ISSUER);
    let server = Server::start(&mut embedded);
    let address = server.address();
    let (ann, refresh) = sign_up(address, "ann");
    let reply = ask(address, Some(&ann), CREATE_KEY, &json!({})).unwrap();
    let secret = reply.data("/createApiKey/secret").as_str().unwrap().to_owned();
    let admin = login(address, "admin").0;
    let known = events(address, &admin, "LOGIN").len();
    server.stop();

    let file = data.path().join("database.surql");
    let export = |file: &Path| run(portcullis(data.path()).arg("export").arg(file));
    let output = export(&file);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let again = export(&file);
    assert_eq!(again.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&again.stderr).contains("cannot be created"),
        "{again:?}"
    );

    let store = store();
    store.import(&std::fs::read_to_string(&file).unwrap());
    // With the folder `keys`, which is not in the database.
    let server = Server::start(&mut command(&store, data.path()));
    let address = server.address();
    for credential in [&ann, &secret] {
        assert_eq!(viewer(address, credential).data("/viewer/user/id"), "ann");
    }
    let reply = ask(address, None, RENEW, &json!({ "token": refresh })).unwrap();
    assert_eq!(reply.data("/refresh/errors"), &json!([]), "{reply:?}");
    let ids: BTreeSet<String> = accounts(address, &admin).into_iter().collect();
    assert_eq!(ids, ["admin", "ann"].map(str::to_owned).into());
    assert_eq!(events(address, &admin, "LOGIN").len(), known);
    let reply = register(address, "Ann").unwrap();
    assert_eq!(reply.data("/register/errors/0/code"), "USERNAME_TAKEN", "{reply:?}");
    login(address, "ann");
    server.stop();
    let refused = run(command(&store, data.path())
        .arg("export")
        .arg(data.path().join("other")));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("only an embedded database"),
        "{refused:?}"
    );
}

#[test]
fn a_wrong_password_of_the_database_is_one_line() {
    let store = store();
    let data = tempfile::tempdir().unwrap();
    let mut command = command(&store, data.path());
    std::fs::write(data.path().join("database-password"), "hidden").unwrap();
    let output = run(&mut command);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = errors.lines().filter(|line| !line.contains(" INFO ")).collect();
    assert_eq!(lines.len(), 1, "{errors}");
    assert!(
        lines[0].contains("cannot be opened") && !errors.contains("hidden"),
        "{errors}"
    );
}

/// Registers accounts until told to stop: those acknowledged, and those whose outcome is unknown.
fn write(address: &str, writer: usize, stop: &AtomicBool) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut acknowledged, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let name = format!("writer{writer}x{number}");
        let reply = register(address, &name).expect("a response");
        assert!(reply.took < NOTICE, "{reply:?}");
        if reply.is_unavailable() {
            unknown.insert(name);
            thread::sleep(Duration::from_millis(100));
        } else {
            assert_eq!(reply.data("/register/errors"), &json!([]), "{reply:?}");
            acknowledged.insert(name);
        }
    }
    (acknowledged, unknown)
}

/// Reads until told to stop: every reply is the right one or says that the store is away.
fn read(address: &str, token: &str, stop: &AtomicBool) -> (usize, usize) {
    let (mut right, mut unavailable) = (0, 0);
    while !stop.load(Ordering::SeqCst) {
        let reply = viewer(address, token);
        assert!(reply.took < NOTICE, "{reply:?}");
        if reply.is_unavailable() {
            unavailable += 1;
        } else {
            assert_eq!(reply.data("/viewer/user/id"), "ann", "{reply:?}");
            right += 1;
        }
        thread::sleep(Duration::from_millis(50));
    }
    (right, unavailable)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_the_store_is_reported_and_needs_no_restart() {
    let mut store = store();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(&store, data.path()));
    let address = server.address();
    let admin = login(address, "admin").0;
    let ann = sign_up(address, "ann").0;
    let mut socket = SocketClient::start(&server.url(), Some(&ann)).await;
    socket.subscribe("1", "subscription { viewer { user { id } } }").await;
    assert_eq!(socket.message().await["type"], "next");

    let stop = AtomicBool::new(false);
    let (written, reads) = thread::scope(|threads| {
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                let stop = &stop;
                threads.spawn(move || write(address, writer, stop))
            })
            .collect();
        let reader = threads.spawn(|| read(address, &ann, &stop));
        thread::sleep(Duration::from_secs(2));
        store.kill();
        wait_for_readiness(&server, 503);
        // Refused at once, and not carried out later.
        for _ in 0..3 {
            let reply = ask(address, Some(&ann), CREATE_KEY, &json!({})).unwrap();
            assert!(reply.is_unavailable(), "{reply:?}");
        }
        thread::sleep(AWAY);
        assert_eq!(server.get("/readyz").0, 503);
        store.start_again();
        wait_for_readiness(&server, 200);
        thread::sleep(Duration::from_secs(2));
        stop.store(true, Ordering::SeqCst);
        let written: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        (written, reader.join().unwrap())
    });
    assert!(reads.0 > 0 && reads.1 > 0, "{reads:?}");

    let (mut acknowledged, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for (known, lost) in written {
        acknowledged.extend(known);
        unknown.extend(lost);
    }
    assert!(!acknowledged.is_empty() && !unknown.is_empty());
    let stored = accounts(address, &admin);
    let found: BTreeSet<String> = stored.iter().cloned().collect();
    assert_eq!(stored.len(), found.len(), "an account is listed twice");
    let missing: Vec<_> = acknowledged.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let explained = |id: &String| acknowledged.contains(id) || unknown.contains(id) || id == "ann" || id == "admin";
    assert!(found.iter().all(explained), "{found:?}");
    // Of the accounts that were not acknowledged, at most those exist whose statement was running at the end.
    assert!(found.intersection(&unknown).count() <= 3, "{unknown:?}");
    assert_eq!(keys(address, &ann), 0);

    // The socket was open all the time, and follows the account again.
    enable(address, &admin, "ann", false);
    let (_, code) = socket.until_closed().await;
    assert_eq!(code, 4403);
    server.stop();
}

#[test]
fn a_store_that_falls_silent_is_an_error_in_time() {
    let store = store();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(&store, data.path()));
    let address = server.address();
    let (ann, _) = sign_up(address, "ann");
    store.freeze();
    let silent: Vec<Reply> = (0..3)
        .map(|n| register(address, &format!("late{n}")).unwrap())
        .collect();
    for reply in &silent {
        assert!(reply.is_unavailable() && reply.took < NOTICE, "{reply:?}");
    }
    wait_for_readiness(&server, 503);
    let reply = ask(address, Some(&ann), CREATE_KEY, &json!({})).unwrap();
    assert!(reply.is_unavailable(), "{reply:?}");
    store.thaw();
    wait_for_readiness(&server, 200);
    assert_eq!(viewer(address, &ann).data("/viewer/user/id"), "ann");
    assert_eq!(keys(address, &ann), 0);
    server.stop();
}
