//! The data key as an operator uses it: what is in the files of the store, which starts are refused, and the command
//! `portcullis data-key`. Interrupted rotations and damaged values are tested in `store::data_key`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis, run};
use crate::replica::{self, NOTICE};

const EMAIL: &str = "zebediah.quixworth@farfetched.example";
const ADDRESS: &str = "203.0.113.77";
const AGENT: &str = "Quixotic-Browser/7.31";
const TITLE: &str = "Lighthouse orchestra conductor";
const TEXT: &str = "Conduct the foghorn symphony on Thursdays.";
const KEY_NAME: &str = "nightly plankton import";
const SECRETS: [&str; 6] = [EMAIL, ADDRESS, AGENT, TITLE, TEXT, KEY_NAME];

/// A data folder and two data keys beside it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for name in ["one.key", "two.key"] {
            let key = place.key(name);
            let made = run(portcullis(&place.data()).args(["data-key", "new"]).arg(&key));
            assert!(first_word(&made).len() == 16, "{made:?}");
        }
        place
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn key(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program with a data key, and keys before it.
    fn command(&self, key: Option<&str>, previous: &[&str]) -> Command {
        self.with_keys(portcullis(&self.data()), key, previous)
    }

    fn with_keys(&self, mut command: Command, key: Option<&str>, previous: &[&str]) -> Command {
        command
            .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
            .env("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1");
        if let Some(key) = key {
            command.env("PORTCULLIS_DATA_KEY", self.key(key));
        }
        let previous: Vec<String> = previous
            .iter()
            .map(|name| self.key(name).display().to_string())
            .collect();
        if !previous.is_empty() {
            command.env("PORTCULLIS_PREVIOUS_DATA_KEYS", previous.join(","));
        }
        command
    }

    /// The e-mail addresses that `portcullis user list` prints.
    fn user_list(&self, key: Option<&str>) -> String {
        let output = run(self.command(key, &[]).args(["user", "list"]));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The line of a command that is refused with this exit code.
fn refused(command: &mut Command, code: i32) -> String {
    let output = run(command);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    // On a slow machine, SurrealDB also reports the tasks that the end of the process cancels.
    let ours = |line: &&str| !line.contains(" INFO ") && !line.contains("surrealdb_core::kvs::tasks");
    let lines: Vec<&str> = errors.lines().filter(ours).collect();
    assert_eq!(lines.len(), 1, "{errors}");
    lines[0].to_owned()
}

/// The first word that a command prints.
fn first_word(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.split_whitespace().next().unwrap().to_owned()
}

/// Sends a document as a client with an address and a name of its own.
fn ask(server: &Server, token: Option<&str>, query: &str, variables: &Value) -> Value {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let authorization = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nuser-agent: {AGENT}\r\nx-forwarded-for: \
         {ADDRESS}\r\n{authorization}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.address(),
        body.len()
    );
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let answer: Value = serde_json::from_str(body).unwrap();
    assert!(answer.get("errors").is_none(), "{answer}");
    let payloads = answer["data"].as_object().unwrap().values();
    for payload in payloads.filter(|payload| payload.get("errors").is_some()) {
        assert_eq!(payload["errors"], json!([]), "{answer}");
    }
    answer["data"].clone()
}

fn login(server: &Server, name: &str) -> String {
    let query = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } errors { code } } }";
    let input = json!({ "username": name, "password": PASSWORD });
    let answer = ask(server, None, query, &json!({ "input": input }));
    answer["login"]["tokens"]["accessToken"].as_str().unwrap().to_owned()
}

/// Stores every secret.
fn fill(server: &Server) {
    let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
    let input = json!({ "username": "zebediah", "email": EMAIL, "password": PASSWORD });
    ask(server, None, query, &json!({ "input": input }));
    let token = login(server, "zebediah");
    let query = "mutation($name: String!) { createApiKey(name: $name, roles: [\"USER\"]) { secret errors { code } } }";
    ask(server, Some(&token), query, &json!({ "name": KEY_NAME }));
    let token = login(server, "admin");
    let query = "mutation($jobs: [JobInput!]!) { addJobs(input: { jobs: $jobs }) { jobs { id } errors { code } } }";
    let text = format!("{TITLE}\n\nRequirements\n- {TEXT}\n");
    let jobs = json!([{ "id": "j1", "source": { "text": text } }]);
    ask(server, Some(&token), query, &json!({ "jobs": jobs }));
}

fn search(server: &Server) -> Value {
    let token = login(server, "admin");
    let query = "query($query: String!) { searchJobs(query: $query, first: 1) { nodes { id title text } } }";
    let answer = ask(server, Some(&token), query, &json!({ "query": "foghorn" }));
    answer["searchJobs"]["nodes"].clone()
}

/// Waits until the server has read the job that another one added, which takes up to a second on an idle machine.
fn until_found(server: &Server) {
    let since = Instant::now();
    while search(server) == json!([]) {
        assert!(since.elapsed() < NOTICE, "the job of another server is not found");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Checks that the server reads every secret.
fn assert_is_read(server: &Server) {
    let token = login(server, "zebediah");
    let query = "{ viewer { user { email apiKeys { name } } sessions { address userAgent } } exportMyData }";
    let answer = ask(server, Some(&token), query, &json!({}));
    let viewer = &answer["viewer"];
    assert_eq!(viewer["user"]["email"], EMAIL);
    assert_eq!(viewer["user"]["apiKeys"][0]["name"], KEY_NAME);
    assert_eq!(viewer["sessions"][0]["address"], ADDRESS);
    assert_eq!(viewer["sessions"][0]["userAgent"], AGENT);
    let networks = &answer["exportMyData"]["networks"];
    assert_eq!(networks[0]["network"], ADDRESS, "{networks}");
    let jobs = search(server);
    assert_eq!(jobs[0]["title"], TITLE, "{jobs}");
    assert!(jobs[0]["text"].as_str().unwrap().contains(TEXT), "{jobs}");
}

/// The secrets that are in a file of a folder.
fn readable(folder: &Path) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = std::fs::read(&path).unwrap();
            bytes += content.len();
            let has = |secret: &&str| content.windows(secret.len()).any(|part| part == secret.as_bytes());
            found.extend(SECRETS.iter().filter(|secret| has(secret)));
        }
    }
    assert!(bytes > 10_000, "the store has {bytes} bytes");
    found.sort_unstable();
    found.dedup();
    found
}

fn all_secrets() -> Vec<&'static str> {
    let mut all = SECRETS.to_vec();
    all.sort_unstable();
    all
}

#[test]
fn no_file_of_a_store_with_a_data_key_has_personal_data() {
    let place = Place::new();
    let server = Server::start(&mut place.command(Some("one.key"), &[]));
    fill(&server);
    assert_is_read(&server);
    server.stop();
    let db = place.data().join("db");
    assert_eq!(readable(&db), Vec::<&str>::new());
    assert!(place.user_list(Some("one.key")).contains(EMAIL));

    // The log of a server that was killed has none either.
    let server = Server::start(&mut place.command(Some("one.key"), &[]));
    assert_is_read(&server);
    drop(server);
    assert_eq!(readable(&db), Vec::<&str>::new());

    // Without the key, or with another one, nothing starts.
    let line = refused(&mut place.command(None, &[]), 1);
    assert!(line.contains("set data_key to its file"), "{line}");
    let line = refused(place.command(None, &[]).args(["user", "list"]), 1);
    assert!(line.contains("set data_key to its file"), "{line}");
    let line = refused(&mut place.command(Some("two.key"), &[]), 1);
    assert!(line.contains("is not the one of the database"), "{line}");

    // A backup does not need the key, and says which one a server needs.
    let backup = place.key("backup");
    let passphrase = ("PORTCULLIS_BACKUP_PASSPHRASE", "a quite long passphrase");
    let made = run(place
        .command(None, &[])
        .env(passphrase.0, passphrase.1)
        .arg("backup")
        .arg(&backup));
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let verify = |command: &mut Command| {
        let verified = run(command
            .env(passphrase.0, passphrase.1)
            .arg("restore")
            .arg("--verify")
            .arg(&backup));
        String::from_utf8(verified.stdout).unwrap()
    };
    let id = std::fs::read_to_string(db.join("portcullis.data-key")).unwrap();
    let shown = verify(&mut place.command(None, &[]));
    assert!(
        shown.ends_with(&format!("\tneeds the data key {}\n", id.trim())),
        "{shown}"
    );
    let copy = place.key("copy");
    let restored = run(place
        .command(None, &[])
        .env("PORTCULLIS_DATA_DIR", &copy)
        .env(passphrase.0, passphrase.1)
        .arg("restore")
        .arg(&backup));
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    let server = Server::start(place.command(Some("one.key"), &[]).env("PORTCULLIS_DATA_DIR", &copy));
    assert_is_read(&server);
    server.stop();
}

#[test]
fn an_existing_store_is_encrypted_and_its_key_replaced() {
    let place = Place::new();
    let server = Server::start(&mut place.command(None, &[]));
    fill(&server);
    let (_, log) = server.stop();
    assert!(log.contains("is not encrypted"), "{log}");
    // So the test above can fail.
    assert_eq!(readable(&place.data().join("db")), all_secrets());

    // Values from before the key are read, and new ones encrypted.
    let server = Server::start(&mut place.command(Some("one.key"), &[]));
    assert_is_read(&server);
    let (_, log) = server.stop();
    assert!(log.contains("portcullis data-key rotate"), "{log}");

    let line = refused(place.command(None, &[]).args(["data-key", "rotate"]), 2);
    assert!(line.contains("data_key: required"), "{line}");
    let one = first_word(&run(place.command(Some("one.key"), &[]).args(["data-key", "rotate"])));
    let line = refused(place.command(Some("two.key"), &[]).args(["data-key", "rotate"]), 1);
    assert!(line.contains(&one) && line.contains("previous_data_keys"), "{line}");
    let mut rotate = place.command(Some("two.key"), &["one.key"]);
    let two = first_word(&run(rotate.args(["data-key", "rotate"])));
    assert_ne!(one, two);

    // Nor do the files contain what was replaced.
    assert_eq!(readable(&place.data().join("db")), Vec::<&str>::new());
    assert_eq!(std::fs::read_dir(place.data()).unwrap().count(), 2, "db and keys");
    // The first key is not needed any more.
    std::fs::remove_file(place.key("one.key")).unwrap();
    let server = Server::start(&mut place.command(Some("two.key"), &[]));
    assert_is_read(&server);
    let (_, log) = server.stop();
    assert!(log.contains(&two) && !log.contains("data-key rotate"), "{log}");
    assert!(place.user_list(Some("two.key")).contains(EMAIL));
}

#[test]
fn a_key_is_never_overwritten_and_not_read_if_all_users_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let key = place.key("one.key");
    let before = std::fs::read_to_string(&key).unwrap();
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let line = refused(place.command(None, &[]).args(["data-key", "new"]).arg(&key), 1);
    assert!(line.contains("choose another name"), "{line}");
    assert_eq!(std::fs::read_to_string(&key).unwrap(), before);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    for (command, code) in [("check-config", 2), ("serve", 1)] {
        let line = refused(place.command(Some("one.key"), &[]).arg(command), code);
        assert!(line.contains("data_key: ") && line.contains("chmod 600"), "{line}");
        assert!(!line.contains(before.trim()), "{line}");
    }
    let line = refused(place.command(None, &["two.key"]).arg("check-config"), 2);
    assert!(line.contains("previous_data_keys: requires data_key"), "{line}");
}

/// The steps of docs/operations/store.md for several servers: at every moment at least one of them answers.
#[test]
fn the_key_of_a_remote_database_is_replaced_while_servers_run() {
    let store = replica::store();
    let place = Place::new();
    let folder = |number: usize| place.key(&number.to_string());
    let command = |number: usize, key: &str, previous: &[&str]| {
        place.with_keys(replica::command(&store, &folder(number)), Some(key), previous)
    };
    let start = |number: usize, key: &str, previous: &[&str]| Server::start(&mut command(number, key, previous));

    std::fs::create_dir(folder(0)).unwrap();
    let first = start(0, "one.key", &[]);
    std::fs::create_dir_all(folder(1).join("keys")).unwrap();
    for entry in std::fs::read_dir(folder(0).join("keys")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder(1).join("keys").join(entry.file_name())).unwrap();
    }
    let second = start(1, "one.key", &[]);
    fill(&first);
    until_found(&second);
    assert_is_read(&second);

    // All learn to read the new key, then all write it, one after the other.
    let mut servers = vec![first, second];
    for (key, previous) in [("one.key", "two.key"), ("two.key", "one.key")] {
        for number in 0..servers.len() {
            servers.remove(number).stop();
            servers.insert(number, start(number, key, &[previous]));
            for server in &servers {
                assert_is_read(server);
            }
        }
    }

    // Both are asked, and write, as long as the command runs.
    let ended = AtomicBool::new(false);
    let registered = thread::scope(|scope| {
        let writers: Vec<_> = servers
            .iter()
            .enumerate()
            .map(|(number, server)| {
                let ended = &ended;
                scope.spawn(move || {
                    let mut names = Vec::new();
                    while names.is_empty() || !ended.load(Ordering::Relaxed) {
                        let name = format!("during-{number}-{}", names.len());
                        let reply = replica::register(server.address(), &name).unwrap();
                        assert_eq!(reply.data("/register/errors"), &json!([]), "{reply:?}");
                        names.push(name);
                        assert_is_read(server);
                    }
                    names
                })
            })
            .collect();
        let rotated = run(command(0, "two.key", &["one.key"]).args(["data-key", "rotate"]));
        ended.store(true, Ordering::Relaxed);
        assert_eq!(rotated.status.code(), Some(0), "{rotated:?}");
        let names = writers.into_iter().flat_map(|writer| writer.join().unwrap());
        names.collect::<Vec<_>>()
    });

    // The first key is not needed any more, by the old data or the new.
    for server in servers {
        server.stop();
    }
    std::fs::remove_file(place.key("one.key")).unwrap();
    let server = start(0, "two.key", &[]);
    assert_is_read(&server);
    for name in registered {
        let token = login(&server, &name);
        let answer = ask(&server, Some(&token), "{ viewer { user { email } } }", &json!({}));
        assert_eq!(answer["viewer"]["user"]["email"], format!("{name}@example.org"));
    }
    let (_, log) = server.stop();
    assert!(!log.contains("data-key rotate"), "{log}");
}
