//! The binary as an operator uses it: started as a process, sent requests, stopped by a signal.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis, run, run_on_a_terminal};

fn one_line(output: &Output) -> String {
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    // A server may log before it fails.
    let lines: Vec<&str> = errors.lines().filter(|line| !line.contains(" INFO ")).collect();
    assert_eq!(lines.len(), 1, "one line: {errors}");
    lines[0].to_owned()
}

#[test]
fn only_the_first_start_creates_an_admin() {
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
    let (took, log) = first.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(!log.contains(&password), "the password is in the log: {log}");

    let second = Server::start(&mut portcullis(data.path()));
    assert_eq!(second.before, Vec::<String>::new());
    assert_eq!(second.login("admin", &password)["errors"], json!([]));
    second.stop();
}

#[test]
fn the_password_of_the_first_admin_can_be_set() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(portcullis(data.path()).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD));
    assert_eq!(server.before, Vec::<String>::new());
    assert_eq!(server.login("admin", PASSWORD)["errors"], json!([]));

    // A second process cannot use the folder, and exits.
    let refused = run(portcullis(data.path()).arg("serve"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("in use"), "{refused:?}");
    server.stop();
}

#[test]
fn an_unusable_data_folder_is_reported_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let refused = run(&mut portcullis(&file));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("file"), "{refused:?}");

    // A store with damaged files.
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
fn an_invalid_setting_is_named() {
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
fn a_flag_beats_the_environment() {
    let data = tempfile::tempdir().unwrap();
    let shown = run(portcullis(data.path())
        .env("PORTCULLIS_ISSUER", "from the environment")
        .args(["check-config", "--issuer", "from the flag"]));
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains("issuer = \"from the flag\""), "{text}");
}

#[test]
fn the_division_of_the_memory_is_printed_and_too_little_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let shown = run(portcullis(data.path()).args(["check-config", "--memory", "1GiB"]));
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    for part in [
        "memory = \"1GiB\"",
        "# The memory of 1GiB:",
        "# request bodies ",
        "# open connections ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(text.parse::<toml::Table>().is_ok(), "{text}");
    let refused = run(portcullis(data.path()).args(["check-config", "--memory", "300MiB"]));
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let line = one_line(&refused);
    assert!(
        line.contains("memory: \"300MiB\"") && line.contains("at least 512MiB"),
        "{line}"
    );
}

#[test]
fn files_are_read_with_the_least_memory() {
    let data = tempfile::tempdir().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/documents");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        let read = |memory: &str| run(portcullis(data.path()).args(["read", "--memory", memory]).arg(&path));
        let (little, ample) = (read("512MiB"), read("16GiB"));
        assert_eq!(little.status.code(), Some(0), "{little:?}");
        assert_eq!(little.stdout, ample.stdout, "{}", path.display());
    }
}

#[test]
fn a_setting_is_explained_by_the_long_help_only() {
    let help = |arguments: &[&str]| {
        let shown = run(Command::new(env!("CARGO_BIN_EXE_portcullis")).args(arguments));
        assert_eq!(shown.status.code(), Some(0), "{shown:?}");
        String::from_utf8(shown.stdout).unwrap()
    };
    let long = help(&["user", "create", "--help"]);
    for part in [
        "--deadline-seconds <SECONDS>",
        "[default: 30] [allowed: 1 to 3600]",
        "Limits:",
        "--username",
    ] {
        assert!(long.contains(part), "{part} in {long}");
    }
    let short = help(&["user", "create", "-h"]);
    assert!(short.contains("--username") && short.contains("--config"), "{short}");
    assert!(!short.contains("--deadline-seconds"), "{short}");
    assert_eq!(help(&["settings"]), portcullis::config::reference());
}

#[test]
fn no_command_prints_the_password_of_the_database() {
    let data = tempfile::tempdir().unwrap();
    for (password, accepted) in [
        ("hidden", true),
        ("h%2Fhidden%40%3F", true),
        ("h@hidden:h", true),
        ("h/hidden", false),
        ("/hidden", false),
        ("h?hidden", false),
        ("1#hidden", false),
        ("1/hidden@h", false),
    ] {
        let url = format!("ws://ann:{password}@127.0.0.1:1/ns/db");
        let shown = run(portcullis(data.path())
            .env("PORTCULLIS_DATABASE", &url)
            .env("PORTCULLIS_ISSUER", "https://portcullis.example.org")
            .arg("check-config"));
        let text = String::from_utf8(shown.stdout).unwrap() + std::str::from_utf8(&shown.stderr).unwrap();
        assert_eq!(shown.status.code(), Some(if accepted { 0 } else { 2 }), "{url}: {text}");
        assert!(text.contains(":***@127.0.0.1:1/ns/db"), "{text}");
        assert!(!text.contains("hidden"), "{text}");
        // By a flag, and where the database is opened.
        let shown = run(portcullis(data.path()).args(["user", "list", "--database", &url]));
        let text = String::from_utf8(shown.stdout).unwrap() + std::str::from_utf8(&shown.stderr).unwrap();
        assert_eq!(shown.status.code(), Some(if accepted { 1 } else { 2 }), "{url}: {text}");
        assert!(!text.contains("hidden"), "{text}");
    }
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

    // An admin exists, so none is created.
    let server = Server::start(&mut portcullis(data.path()));
    assert_eq!(server.before, Vec::<String>::new());
    assert_eq!(
        server.login("ann", PASSWORD)["user"]["roles"].as_array().unwrap().len(),
        2
    );
    server.stop();
}

fn set_password(data: &Path, name: &str, password: &str) -> Output {
    let mut command = portcullis(data);
    command.args(["user", "set-password", name]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses before it reads closes the pipe.
    let _ = writeln!(stdin, "{password}");
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[test]
fn an_operator_sets_a_forgotten_password() {
    const OTHER: &str = "a quite different staple";
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(portcullis(data.path()).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD));
    let tokens = server.login("admin", PASSWORD)["tokens"].clone();
    server.login("admin", PASSWORD);
    let refused = set_password(data.path(), "admin", OTHER);
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("in use"), "{refused:?}");
    server.stop();

    for (name, password, code, part) in [
        ("admin", "short", 1, "12"),
        ("admin", "", 2, "PORTCULLIS_PASSWORD"),
        ("nobody", OTHER, 1, ""),
    ] {
        let refused = set_password(data.path(), name, password);
        assert_eq!(refused.status.code(), Some(code), "{refused:?}");
        assert!(one_line(&refused).contains(part), "{refused:?}");
    }
    let set = set_password(data.path(), "Admin", OTHER);
    assert_eq!(set.status.code(), Some(0), "{set:?}");
    assert_eq!(set.stdout, b"admin\tpassword set\t2 sessions ended\n");

    let server = Server::start(&mut portcullis(data.path()));
    assert_eq!(server.before, Vec::<String>::new());
    let old = server.login("admin", PASSWORD);
    assert_eq!(old["errors"][0]["code"], "INVALID_CREDENTIALS");
    let viewer = "{ viewer { user { id } } }";
    let answer = server.graphql(tokens["accessToken"].as_str(), viewer, &json!({}));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
    let new = server.login("admin", OTHER)["tokens"]["accessToken"].clone();
    let trail = "{ auditEvents(filter: { action: PASSWORD_SET }) { nodes { actor subject refusal } } }";
    assert_eq!(
        server.graphql(new.as_str(), trail, &json!({}))["data"]["auditEvents"]["nodes"],
        json!([{ "actor": null, "subject": "admin", "refusal": null }])
    );
    server.stop();
}

#[test]
fn a_terminal_is_asked_for_the_password_twice_and_does_not_show_it() {
    const OTHER: &str = "a quite different staple";
    const FIRST: &str = "Password: ";
    const SECOND: &str = "Repeat the password: ";
    let data = tempfile::tempdir().unwrap();
    let create = "user create --username ann --email ann@example.com";
    let (code, shown) = run_on_a_terminal(data.path(), create, &[(FIRST, PASSWORD), (SECOND, PASSWORD)]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains("ann@example.com") && !shown.contains(PASSWORD),
        "{shown}"
    );
    let set = "user set-password ann";
    let (code, shown) = run_on_a_terminal(data.path(), set, &[(FIRST, OTHER), (SECOND, PASSWORD)]);
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains("differ") && !shown.contains(OTHER), "{shown}");
    let (code, shown) = run_on_a_terminal(data.path(), set, &[(FIRST, ""), (SECOND, "")]);
    assert_eq!(code, Some(2), "{shown}");
    let (code, shown) = run_on_a_terminal(data.path(), set, &[(FIRST, OTHER), (SECOND, OTHER)]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("password set") && !shown.contains(OTHER), "{shown}");
    let server = Server::start(&mut portcullis(data.path()));
    assert_eq!(server.login("ann", OTHER)["errors"], json!([]));
    server.stop();
}

#[test]
fn the_access_table_is_printed() {
    let access = |json: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(["schema", "--access"]);
        let printed = run(if json { command.arg("--json") } else { &mut command });
        String::from_utf8(printed.stdout).unwrap()
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

/// The writing end of a pipe that nobody reads any more.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn a_closed_output_ends_every_command_quietly() {
    let data = tempfile::tempdir().unwrap();
    let documents = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/matching");
    let (resume, job) = (
        format!("{documents}/data-engineer.resume.md"),
        format!("{documents}/data-engineer.job.md"),
    );
    // An evaluation writes its figures into the model's folder.
    let models = tempfile::tempdir().unwrap();
    let folder = models.path().join("breast-cancer");
    std::fs::create_dir(&folder).unwrap();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/models/breast-cancer")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    let create = ["user", "create", "--username", "ann", "--email", "ann@example.com"];
    let commands: [&[&str]; 21] = [
        &["--help"],
        &["--version"],
        &["user", "--help"],
        &["schema"],
        &["schema", "--subgraph"],
        &["schema", "--access"],
        &["schema", "--access", "--json"],
        &["check-config"],
        &["models"],
        &["eval", "breast-cancer", "--models-dir", models.path().to_str().unwrap()],
        &["match", &resume, &job],
        &["match", "--json", &resume, &job],
        &["match", "--explain", "candidate", &resume, &job],
        &create,
        &["user", "list"],
        &["user", "disable", "ann"],
        &["user", "enable", "ann"],
        &["user", "set-roles", "ann", "USER"],
        &["user", "set-password", "ann"],
        &["user", "remove", "ann"],
        &["user", "list"],
    ];
    for arguments in commands {
        let mut command = portcullis(data.path());
        command.env("PORTCULLIS_PASSWORD", PASSWORD).args(arguments);
        let ended = command.stdin(Stdio::null()).stdout(closed()).output().unwrap();
        let errors = String::from_utf8(ended.stderr).unwrap();
        // What is evaluated is told there as it goes on.
        let told = arguments[0] == "eval" && !errors.contains("panicked");
        assert!(
            ended.status.success() && (told || errors.is_empty()),
            "{arguments:?}: {errors}"
        );
    }
    // What was to be done was done: the account is gone.
    let listed = run(portcullis(data.path()).args(["user", "list"]));
    assert_eq!((listed.status.code(), listed.stdout), (Some(0), Vec::new()));

    // Neither is a closed standard error a reason to panic.
    let mut command = portcullis(data.path());
    command.args(["user", "remove", "nobody"]).stdin(Stdio::null());
    let ended = command.stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(ended.code(), Some(1));

    // A disk that is full is told.
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        let mut command = portcullis(data.path());
        let failed = command.arg("schema").stdout(full).output().unwrap();
        assert_eq!(failed.status.code(), Some(1));
        assert!(one_line(&failed).contains("standard output"), "{failed:?}");
    }
}

#[test]
fn a_server_goes_on_when_nobody_reads_what_it_prints() {
    let data = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_LISTEN", port.to_string())
        .env("PORTCULLIS_LOG", "trace");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(closed())
        .stderr(closed())
        .spawn()
        .unwrap();
    let since = std::time::Instant::now();
    let answered = loop {
        if let Ok(mut stream) = std::net::TcpStream::connect(port) {
            let request = format!("GET /healthz HTTP/1.1\r\nhost: {port}\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            break answer;
        }
        assert_eq!(child.try_wait().unwrap(), None, "the server ended");
        assert!(since.elapsed() < Duration::from_secs(60), "the server does not listen");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
    let stopped = Command::new("kill").arg(child.id().to_string()).status();
    assert!(stopped.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    // The password of the first admin was lost with the output; it can be set.
    assert_eq!(set_password(data.path(), "admin", PASSWORD).status.code(), Some(0));
}

#[test]
fn the_schema_is_printed() {
    let printed = run(Command::new(env!("CARGO_BIN_EXE_portcullis")).arg("schema"));
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), portcullis::graphql::sdl());
}

#[test]
fn tokens_are_signed_with_the_configured_key() {
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
    let printed = run(portcullis(data.path()).arg("match").args(&files));
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(printed.starts_with("score 0."), "{printed}");
    assert!(!printed.contains('\u{1b}'), "colours in a pipe: {printed:?}");
    for part in ["requirements", "skills", "Snowflake", "gaps"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    let json = run(portcullis(data.path()).arg("match").arg("--json").args(&files));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(
        json["score"].is_f64() && json["gaps"][0]["scoreIfAdded"].is_f64(),
        "{json}"
    );
    assert_eq!(json["education"]["met"], json!(true));
    let score = format!("a score of {:.2}", json["score"].as_f64().unwrap());
    for (reader, person) in [("candidate", "your resume"), ("recruiter", "the candidate")] {
        let letter = run(portcullis(data.path())
            .args(["match", "--explain", reader])
            .args(&files));
        let letter = String::from_utf8(letter.stdout).unwrap();
        assert!(letter.contains(&score) && letter.contains(person), "{letter}");
    }

    let refused = run(portcullis(data.path()).args(["match", "no-such-file.pdf", "no-such-job.txt"]));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("no-such-file.pdf"), "{refused:?}");
}

#[test]
fn the_text_of_a_file_is_printed() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("resume.html");
    let page = "<p>We built seven road bridges of concrete and steel for the county, and then we looked after all of them for the next ten years</p><p hidden>AutoCAD</p>";
    std::fs::write(&file, page).unwrap();
    let printed = run(portcullis(data.path()).arg("read").arg(&file));
    let text = "We built seven road bridges of concrete and steel for the county, and then we looked after all of them for the next ten years\n";
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), text);
    let warning = String::from_utf8(printed.stderr).unwrap();
    assert!(
        warning.contains("not visible") && warning.contains("7 letters"),
        "{warning}"
    );

    let printed = run(portcullis(data.path()).args(["read", "--json"]).arg(&file));
    let printed: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    let expected = json!({
        "mediaType": "text/html",
        "text": text,
        "hidden": [{ "reason": "MARKUP", "characters": 7 }],
        "language": "eng",
    });
    assert_eq!(printed, expected);

    std::fs::write(&file, "<p hidden>AutoCAD</p>").unwrap();
    let refused = run(portcullis(data.path()).arg("read").arg(&file));
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_line(&refused).contains("no visible text"), "{refused:?}");
}
