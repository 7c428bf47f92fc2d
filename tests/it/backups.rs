//! `portcullis backup` and `portcullis restore`, as an operator uses them: beside a running server, and after its end.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis, run, run_on_a_terminal, start};

const PASSPHRASE: &str = "a quite long passphrase";

fn command(name: &str, data: &Path, file: &Path) -> Command {
    let mut command = portcullis(data);
    command.env("PORTCULLIS_BACKUP_PASSPHRASE", PASSPHRASE);
    command.arg(name).arg(file);
    command
}

fn backup(data: &Path, file: &Path) -> Command {
    command("backup", data, file)
}

fn restore(data: &Path, file: &Path) -> Command {
    command("restore", data, file)
}

/// The line on standard output of a command that succeeded.
fn line(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

/// The line on standard error of a command that failed with this exit code.
fn refused(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(output.stdout, b"");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Creates a role, which is a change of the store.
fn create_role(server: &Server, token: &str, name: &str) {
    let query = format!(
        "mutation {{ putRole(name: \"{name}\", permissions: [PREDICT]) {{ role {{ name }} errors {{ code }} }} }}"
    );
    let answer = server.graphql(Some(token), &query, &json!({}));
    assert_eq!(answer["data"]["putRole"]["role"]["name"], name, "{answer}");
}

fn role_count(server: &Server, token: &str) -> usize {
    let answer = server.graphql(Some(token), "{ roles { name } }", &json!({}));
    let roles: &Vec<Value> = answer["data"]["roles"].as_array().unwrap();
    let made = roles.iter().filter_map(|role| role["name"].as_str());
    made.filter(|name| name.starts_with("MADE_")).count()
}

#[test]
fn a_running_server_is_backed_up_and_comes_back() {
    let place = tempfile::tempdir().unwrap();
    let (data, file) = (place.path().join("data"), place.path().join("backup"));
    let server = start(&data);
    let token = server.login("admin", PASSWORD)["tokens"]["accessToken"].clone();
    let token = token.as_str().unwrap();
    let (made, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (before, after) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::SeqCst) && made.load(Ordering::SeqCst) < 90 {
                create_role(&server, token, &format!("MADE_{}", made.load(Ordering::SeqCst)));
                made.fetch_add(1, Ordering::SeqCst);
            }
        });
        let since = Instant::now();
        while made.load(Ordering::SeqCst) < 10 && since.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let before = made.load(Ordering::SeqCst);
        let written = run(&mut backup(&data, &file));
        ended.store(true, Ordering::SeqCst);
        let line = line(&written);
        assert!(line.starts_with(&format!("{}\t", file.display())), "{line}");
        assert!(
            line.contains(" files\t") && line.contains(" bytes\t") && line.ends_with(" s\n"),
            "{line}"
        );
        (before, made.load(Ordering::SeqCst) + 1)
    });
    assert!(before >= 10, "{before}");
    server.stop();
    assert_eq!(names(place.path()), ["backup", "data"]);
    let mut in_data = names(&data);
    in_data.retain(|name| !["db", "keys"].contains(&name.as_str()));
    assert_eq!(in_data, Vec::<String>::new());

    let intact = line(&run(restore(&place.path().join("none"), &file).arg("--verify")));
    assert!(intact.contains("\tintact\t") && intact.contains("made by "), "{intact}");
    assert_eq!(names(place.path()), ["backup", "data"]);

    let copy = place.path().join("copy");
    let output = run(&mut restore(&copy, &file));
    assert!(line(&output).contains("\trestored\t"), "{output:?}");
    assert_eq!(output.stderr, b"", "the models are the same");
    assert_eq!(names(&copy), ["db", "keys"]);
    assert_eq!(
        fs::read(copy.join("keys/current.pem")).unwrap(),
        fs::read(data.join("keys/current.pem")).unwrap()
    );
    let server = Server::start(portcullis(&copy).env("PORTCULLIS_ISSUER", issuer(token)));
    assert_eq!(server.before, Vec::<String>::new(), "no other admin is created");
    let viewer = server.graphql(Some(token), "{ viewer { user { id } } }", &json!({}));
    assert_eq!(viewer["data"]["viewer"]["user"]["id"], "admin", "{viewer}");
    let count = role_count(&server, token);
    assert!((before..=after).contains(&count), "{before} <= {count} <= {after}");
    assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));
    server.stop();
}

/// The issuer of a token, which is the address of the server by default.
fn issuer(token: &str) -> String {
    use base64::Engine as _;
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["iss"].as_str().unwrap().to_owned()
}

#[test]
fn what_cannot_be_done_is_refused_in_one_line_and_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (data, file) = (place.path().join("data"), place.path().join("backup"));
    start(&data).stop();
    line(&run(&mut backup(&data, &file)));
    let bytes = fs::read(&file).unwrap();

    assert!(refused(&run(&mut backup(&data, &file)), 1).contains("--force"));
    assert_eq!(fs::read(&file).unwrap(), bytes);
    line(&run(backup(&data, &file).arg("--force")));
    assert_ne!(fs::read(&file).unwrap(), bytes);

    assert!(refused(&run(&mut restore(&data, &file)), 1).contains("not empty"));
    let none = place.path().join("none");
    assert!(refused(&run(&mut backup(&none, &place.path().join("other"))), 1).contains("no store"));
    let wrong = run(restore(&none, &file).env("PORTCULLIS_BACKUP_PASSPHRASE", "another passphrase"));
    assert!(refused(&wrong, 1).contains("not the one it was encrypted with"));
    let mut damaged = bytes;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let spoilt = place.path().join("spoilt");
    fs::write(&spoilt, &damaged).unwrap();
    for arguments in [&[][..], &["--verify"]] {
        let line = refused(&run(restore(&none, &spoilt).args(arguments)), 1);
        assert!(line.contains("damaged between the bytes"), "{line}");
    }
    let memory = run(backup(&data, &none).env("PORTCULLIS_DATABASE", "mem://"));
    assert!(refused(&memory, 1).contains("surrealkv://"));
    let remote = run(backup(&data, &none).env("PORTCULLIS_DATABASE", "ws://ann:hidden@127.0.0.1:1/a/b"));
    let line = refused(&remote, 1);
    assert!(line.contains("surreal export") && !line.contains("hidden"), "{line}");
    let elsewhere = format!("surrealkv://{}", place.path().join("elsewhere").display());
    let line = refused(&run(restore(&none, &file).env("PORTCULLIS_DATABASE", elsewhere)), 2);
    assert!(line.contains("`database`"), "{line}");
    let empty = run(restore(&none, &file).env_remove("PORTCULLIS_BACKUP_PASSPHRASE"));
    assert!(refused(&empty, 2).contains("PORTCULLIS_BACKUP_PASSPHRASE"));
    assert_eq!(names(place.path()), ["backup", "data", "spoilt"]);
}

#[test]
fn the_secret_is_a_key_file_or_a_passphrase_from_a_file_or_the_terminal() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    start(&data).stop();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let key = write("key", &format!("{}\n", "0f".repeat(32)));
    let words = write("words", &format!("{PASSPHRASE}\nnot this line\n"));
    let no_key = write("no-key", "0f0f");
    let (by_key, by_words) = (place.path().join("by-key"), place.path().join("by-words"));
    line(&run(portcullis(&data)
        .arg("backup")
        .arg(&by_key)
        .arg("--key-file")
        .arg(&key)));
    line(&run(portcullis(&data)
        .arg("backup")
        .arg(&by_words)
        .arg("--passphrase-file")
        .arg(&words)));
    line(&run(restore(&data, &by_words).arg("--verify")));
    line(&run(restore(&data, &by_key)
        .arg("--verify")
        .arg("--key-file")
        .arg(&key)));
    assert!(refused(&run(restore(&data, &by_key).arg("--verify")), 1).contains("--key-file"));
    let line = refused(
        &run(restore(&data, &by_key).arg("--verify").arg("--key-file").arg(&no_key)),
        1,
    );
    assert!(
        line.contains("64 hexadecimal digits") && !line.contains("0f0f"),
        "{line}"
    );

    let asked = place.path().join("asked");
    let arguments = format!("backup {}", asked.display());
    let answers = [("Passphrase: ", PASSPHRASE), ("Repeat the passphrase: ", PASSPHRASE)];
    let (code, shown) = run_on_a_terminal(&data, &arguments, &answers);
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains(PASSPHRASE), "{shown}");
    let arguments = format!("restore --verify {}", asked.display());
    let (code, shown) = run_on_a_terminal(&data, &arguments, &answers[..1]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("intact"), "{shown}");
}

#[test]
fn models_that_differ_are_named_in_one_line() {
    let place = tempfile::tempdir().unwrap();
    let (data, file) = (place.path().join("data"), place.path().join("backup"));
    start(&data).stop();
    line(&run(&mut backup(&data, &file)));
    let models = place.path().join("models/minilm");
    fs::create_dir_all(&models).unwrap();
    let card = concat!(env!("CARGO_MANIFEST_DIR"), "/models/minilm/model.toml");
    fs::copy(card, models.join("model.toml")).unwrap();
    let output = run(restore(&data, &file)
        .arg("--verify")
        .arg("--models-dir")
        .arg(place.path().join("models")));
    assert!(line(&output).contains("intact"));
    let warning = String::from_utf8(output.stderr).unwrap();
    assert_eq!(warning.lines().count(), 1, "{warning}");
    assert!(
        warning.contains("occupation@") && !warning.contains("minilm@"),
        "{warning}"
    );
}

#[test]
fn an_interrupted_backup_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (data, file) = (place.path().join("data"), place.path().join("backup"));
    let server = start(&data);
    // Makes the backup last: these bytes are part of the store's folder, and do not compress.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_le_bytes()
    })
    .take(8 << 20)
    .flatten()
    .collect();
    for n in 100..104 {
        fs::create_dir_all(data.join("db/vlog")).unwrap();
        fs::write(data.join(format!("db/vlog/{n:020}.vlog")), &noise).unwrap();
    }
    for signal in ["-TERM", "-INT", "-KILL"] {
        let mut child = backup(&data, &file).stderr(Stdio::null()).spawn().unwrap();
        let part = place.path().join("backup.part");
        let since = Instant::now();
        while fs::metadata(&part).map_or(0, |draft| draft.len()) < 1 << 20 {
            assert_eq!(child.try_wait().unwrap(), None, "the backup is under way");
            assert!(since.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(1));
        }
        let kill = Command::new("kill").arg(signal).arg(child.id().to_string()).status();
        assert!(kill.unwrap().success());
        let status = child.wait().unwrap();
        if signal == "-KILL" {
            assert_eq!(names(place.path()), ["backup.part", "data"]);
        } else {
            assert_eq!(status.code(), Some(1));
            assert_eq!(names(place.path()), ["data"]);
        }
        let mut in_data = names(&data);
        in_data.retain(|name| !["db", "keys"].contains(&name.as_str()));
        assert_eq!(in_data, Vec::<String>::new(), "{signal}");
    }
    // What a killed process left is replaced.
    line(&run(&mut backup(&data, &file)));
    assert_eq!(names(place.path()), ["backup", "data"]);
    assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));
    server.stop();
}
