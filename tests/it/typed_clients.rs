//! Typed clients generated from the schema, compiled with the strictest settings of their languages and run against the
//! binary: each registers, signs in, predicts, matches a resume, handles a typed error, pages through the accounts and
//! refreshes an expired token. Those in TypeScript also subscribe to their account and to a ranking, and repeat it all with
//! trusted documents.

mod rust;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use portcullis_test_support::node::{clients, install};
use serde_json::Value;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis};

/// The lifetime of access tokens: short, so that one expires while a client runs.
const TOKEN_SECONDS: &str = "2";

fn server(data: &Path, settings: &[(&str, &str)]) -> Server {
    let mut command = portcullis(data);
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_ACCESS_TOKEN_SECONDS", TOKEN_SECONDS)
        // The first match is slow while other tests run.
        .env("PORTCULLIS_DEADLINE_SECONDS", "120")
        .envs(settings.iter().copied());
    let server = Server::start(&mut command);
    // Accounts to page through.
    for name in ["bea", "cid", "dee"] {
        let register = format!(
            "mutation {{ register(input: {{ username: \"{name}\", email: \"{name}@example.com\", password: \"{PASSWORD}\" }}) {{ errors {{ code }} }} }}"
        );
        if settings.is_empty() {
            let answer = server.graphql(None, &register, &Value::Null);
            assert_eq!(answer["data"]["register"]["errors"], serde_json::json!([]), "{answer}");
        }
    }
    server
}

/// Runs a command in a folder, which must succeed: its output.
fn output(folder: &Path, program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(
        output.status.success(),
        "{} {arguments:?}: {printed}{errors}",
        program.display()
    );
    printed
}

static TYPESCRIPT: Once = Once::new();

/// Generates and compiles the clients in TypeScript: their folder.
fn typescript() -> PathBuf {
    let folder = clients("typescript");
    TYPESCRIPT.call_once(|| {
        install(&folder);
        output(&folder, Path::new("node"), &["generate.mjs"]);
        output(&folder, &folder.join("node_modules/.bin/relay-compiler"), &[]);
        output(&folder, &folder.join("node_modules/.bin/tsc"), &[]);
    });
    folder
}

fn run_typescript(client: &str, documents: &str, manifest: Option<&Path>) {
    let folder = typescript();
    let data = tempfile::tempdir().unwrap();
    let manifest = manifest.map(|manifest| folder.join(manifest).display().to_string());
    let settings: Vec<_> = match &manifest {
        Some(manifest) => vec![
            ("PORTCULLIS_TRUSTED_DOCUMENTS", manifest.as_str()),
            ("PORTCULLIS_TRUSTED_DOCUMENTS_ONLY", "true"),
        ],
        None => Vec::new(),
    };
    let server = server(data.path(), &settings);
    let seen = output(
        &folder,
        Path::new("node"),
        &["dist/main.js", &server.url(), client, documents, PASSWORD],
    );
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert!(seen["followed"].as_array().unwrap().len() >= 3, "{seen}");
    server.stop();
}

#[test]
fn apollo_client_completes_the_scenario() {
    run_typescript("apollo", "text", None);
}

#[test]
fn urql_completes_the_scenario() {
    run_typescript("urql", "text", None);
}

#[test]
fn relay_completes_the_scenario() {
    run_typescript("relay", "text", None);
}

#[test]
fn apollo_client_and_urql_send_ids_of_a_graphql_codegen_manifest() {
    let manifest = Path::new("src/gql/persisted-documents.json");
    run_typescript("apollo", "trusted", Some(manifest));
    run_typescript("urql", "trusted", Some(manifest));
}

#[test]
fn relay_sends_ids_of_its_compiler_manifest() {
    run_typescript("relay", "trusted", Some(Path::new("relay-documents.json")));
}

#[test]
fn every_client_in_typescript_subscribes_to_a_ranking() {
    let folder = typescript();
    let mut trusted = serde_json::Map::new();
    for manifest in ["src/gql/persisted-documents.json", "relay-documents.json"] {
        let manifest = std::fs::read(folder.join(manifest)).unwrap();
        trusted.append(&mut serde_json::from_slice(&manifest).unwrap());
    }
    let manifest = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(manifest.path(), serde_json::to_vec(&trusted).unwrap()).unwrap();
    let data = tempfile::tempdir().unwrap();
    // A subscription ends when its token expires.
    let settings = [
        ("PORTCULLIS_ACCESS_TOKEN_SECONDS", "900"),
        ("PORTCULLIS_TRUSTED_DOCUMENTS", manifest.path().to_str().unwrap()),
    ];
    let server = server(data.path(), &settings);
    for documents in ["text", "trusted"] {
        let arguments = ["dist/ranking.js", &server.url(), documents, PASSWORD];
        let seen: Value = serde_json::from_str(&output(&folder, Path::new("node"), &arguments)).unwrap();
        for client in ["apollo", "urql", "relay"] {
            let events = seen[client].as_array().unwrap();
            let progress: Vec<_> = events.iter().map(|event| (&event["done"], &event["total"])).collect();
            let three = Value::from(3);
            assert_eq!(
                progress,
                [(&1.into(), &three), (&2.into(), &three), (&three, &three)],
                "{client}: {seen}"
            );
        }
    }
    server.stop();
}

#[test]
fn no_client_uses_the_type_any() {
    let folder = typescript().join("src");
    let mut sources = vec![folder.join("gql/graphql.ts")];
    // Without the code that Relay generates, which casts to `any`, as its comments say.
    for part in ["", "relay"] {
        let files = std::fs::read_dir(folder.join(part)).unwrap();
        sources.extend(files.map(|file| file.unwrap().path()).filter(|path| path.is_file()));
    }
    assert!(sources.len() >= 10, "{sources:?}");
    for source in sources {
        let text = std::fs::read_to_string(&source).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with(['*', '/']));
        let any = |line: &&str| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == "any");
        let found: Vec<_> = code.filter(any).collect();
        assert!(found.is_empty(), "{}: {found:?}", source.display());
    }
}

#[test]
fn ariadne_codegen_completes_the_scenario() {
    let folder = clients("python");
    let python = folder.join(".venv/bin/python");
    let age = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    let installed = folder.join(".venv/installed");
    if age(&installed) < age(&folder.join("requirements.txt")) {
        output(&folder, Path::new("python3"), &["-m", "venv", ".venv"]);
        output(
            &folder,
            &python,
            &[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
                "requirements.txt",
            ],
        );
        std::fs::write(&installed, "").unwrap();
    }
    output(&folder, &folder.join(".venv/bin/ariadne-codegen"), &[]);
    output(&folder, &python, &["-m", "mypy", "scenario.py", "portcullis_client"]);
    let data = tempfile::tempdir().unwrap();
    let server = server(data.path(), &[]);
    output(&folder, &python, &["scenario.py", &server.url(), PASSWORD]);
    server.stop();
}
