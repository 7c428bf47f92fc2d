//! Trusted documents: run by their ids over every transport, exclusively if configured. The manifests of code generators
//! are used in `typed_clients`.

use std::path::PathBuf;
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use portcullis::config::{self, Config};
use portcullis::http::Settings;
use portcullis_test_support::websocket::SocketClient;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Answer, TestApp};
use crate::process::{portcullis, run};

const SERVICE: &str = "query Service { service { name } }";
const ECHO: &str = "query Can($field: String!) { viewerCan(fields: [$field]) { field } }";
const LOGOUT: &str = "mutation Out { logout { endedSessions } }";
const FOLLOW: &str = "subscription Follow { viewer { user { id } } }";
const UNKNOWN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Ids as Relay writes them (MD5), as a code generator does (SHA-256), as in the appendix of the specification, and a name.
fn manifest() -> Value {
    json!({
        "0b94aa2e0c6ca19aa06b9fc0b6b7d8a1": SERVICE,
        (sha256(ECHO)): ECHO,
        (format!("sha256:{}", sha256(LOGOUT))): LOGOUT,
        "follow": FOLLOW,
    })
}

struct TrustedApp {
    app: TestApp,
    _file: tempfile::NamedTempFile,
}

async fn start(only: bool) -> TrustedApp {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), manifest().to_string()).unwrap();
    let app = TestApp::with(Config {
        schema: config::Schema {
            trusted_documents: Some(file.path().to_owned()),
            trusted_documents_only: only,
            ..config::Schema::default()
        },
        ..Config::default()
    })
    .await;
    TrustedApp { app, _file: file }
}

/// Sends the parameters as the query of a URL.
pub(crate) async fn get(app: &TestApp, token: Option<&str>, parameters: &Value) -> Answer {
    let mut target = "/graphql?".to_owned();
    for (name, value) in parameters.as_object().unwrap() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        target += &format!("{name}={}&", utf8_percent_encode(&text, NON_ALPHANUMERIC));
    }
    let request = authorized(Request::get(target), token).header("accept", "application/graphql-response+json");
    app.send(request.body(Body::empty()).unwrap()).await
}

fn authorized(request: Builder, token: Option<&str>) -> Builder {
    match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    }
}

/// Sends the parameters: the response, as a single event.
async fn event(app: &TestApp, token: Option<&str>, parameters: &Value) -> Value {
    let request = authorized(Request::post("/graphql"), token)
        .header("content-type", "application/json")
        .header("accept", "text/event-stream");
    let request = request.body(Body::from(parameters.to_string())).unwrap();
    app.events(request).await.answer().await
}

async fn batch(app: &TestApp, token: Option<&str>, parameters: &Value) -> Value {
    let settings = Settings {
        batch_limit: Settings::MAX_BATCH,
        ..app.settings()
    };
    let request = authorized(Request::post("/graphql"), token).header("content-type", "application/json");
    let body = Body::from(json!([parameters]).to_string());
    app.send_to(settings, request.body(body).unwrap()).await.json()[0].clone()
}

/// Sends a request over every transport: the response of each.
pub(crate) async fn by_every_transport(
    app: &TestApp,
    token: Option<&str>,
    parameters: &Value,
) -> Vec<(&'static str, Value)> {
    let url = app.listen().await;
    vec![
        ("POST", app.post(token, parameters).await.json()),
        ("GET", get(app, token, parameters).await.json()),
        ("batch", batch(app, token, parameters).await),
        ("events", event(app, token, parameters).await),
        (
            "WebSocket",
            SocketClient::start(&url, token)
                .await
                .execute_with(parameters.clone())
                .await,
        ),
    ]
}

fn apollo(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

#[tokio::test]
async fn a_trusted_document_runs_by_its_id_over_every_transport() {
    let named = json!({ "data": { "service": { "name": "portcullis" } } });
    let can = json!({ "data": { "viewerCan": [{ "field": "Query.users" }] } });
    let variables = json!({ "field": "Query.users" });
    for only in [false, true] {
        let TrustedApp { app, _file } = start(only).await;
        for (parameters, expected) in [
            (json!({ "documentId": "0b94aa2e0c6ca19aa06b9fc0b6b7d8a1" }), &named),
            // Every document also has the id defined in the appendix.
            (json!({ "documentId": format!("sha256:{}", sha256(SERVICE)) }), &named),
            (json!({ "extensions": apollo(&sha256(SERVICE)) }), &named),
            (json!({ "documentId": sha256(ECHO), "variables": variables }), &can),
            (
                json!({ "extensions": apollo(&sha256(ECHO)), "variables": variables, "operationName": "Can" }),
                &can,
            ),
            // A `query` sent with a known id is ignored.
            (
                json!({ "documentId": sha256(SERVICE), "query": "{ viewer { permissions } }" }),
                &named,
            ),
        ] {
            for (transport, answer) in by_every_transport(&app, None, &parameters).await {
                assert_eq!(answer, *expected, "{transport}: {parameters}");
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_id_is_refused_over_every_transport() {
    let TrustedApp { app, _file } = start(false).await;
    let plain = TestApp::start().await;
    for parameters in [
        json!({ "documentId": UNKNOWN }),
        json!({ "documentId": "sha256:" }),
        json!({ "extensions": apollo(UNKNOWN) }),
    ] {
        for (app, code, message) in [
            (&app, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),
            (&plain, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"),
        ] {
            for (transport, answer) in by_every_transport(app, None, &parameters).await {
                let errors = answer["errors"].as_array().unwrap();
                assert!(answer.get("data").is_none(), "{transport}: {answer}");
                assert_eq!(errors.len(), 1, "{transport}: {answer}");
                assert_eq!(
                    (&errors[0]["extensions"]["code"], &errors[0]["message"]),
                    (&json!(code), &json!(message))
                );
            }
            assert_eq!(app.post(None, &parameters).await.status, 422);
        }
        // A `query` sent with an unknown id runs.
        let mut with_text = parameters.clone();
        with_text["query"] = json!(SERVICE);
        for (transport, answer) in by_every_transport(&app, None, &with_text).await {
            assert_eq!(answer["data"]["service"]["name"], "portcullis", "{transport}");
        }
    }
    // Values that are not ids.
    for parameters in [
        json!({ "extensions": apollo("") }),
        json!({ "extensions": { "persistedQuery": 7 } }),
    ] {
        let status = app.post(None, &parameters).await.status;
        assert_eq!(status, 422, "{parameters}");
    }
    assert_eq!(app.post(None, &json!({ "documentId": 7 })).await.status, 422);
}

#[tokio::test]
async fn with_trusted_documents_only_other_documents_are_refused() {
    let TrustedApp { app, _file } = start(true).await;
    let admin = app.gateway.app().accounts();
    admin.ensure_admin(None).await.unwrap();
    for parameters in [
        json!({ "query": SERVICE }),
        json!({ "query": "{ __schema { types { name } } }" }),
        json!({ "query": "nonsense" }),
        json!({ "query": SERVICE, "extensions": { "persistedQuery": { "version": 1 } } }),
    ] {
        for (transport, answer) in by_every_transport(&app, None, &parameters).await {
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "PERSISTED_QUERY_ID_REQUIRED", "{transport}: {answer}");
            assert!(answer.get("data").is_none(), "{transport}: {answer}");
        }
        assert_eq!(app.post(None, &parameters).await.status, 403);
    }
    for (transport, answer) in by_every_transport(&app, None, &json!({ "documentId": UNKNOWN, "query": SERVICE })).await
    {
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND",
            "{transport}"
        );
    }
    let console = app.send(Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!(console.status, 404);
}

#[tokio::test]
async fn an_id_has_the_operation_type_of_its_document() {
    let TrustedApp { app, _file } = start(true).await;
    let mutation = json!({ "documentId": sha256(LOGOUT) });
    let refused = get(&app, None, &mutation).await;
    assert_eq!(refused.status, 405);
    assert_eq!(refused.headers["allow"], "POST");
    assert_eq!(app.post(None, &mutation).await.status, 200);
    // A subscription requires a signed-in caller.
    for answer in [
        event(&app, None, &json!({ "documentId": "follow" })).await,
        app.post(None, &json!({ "documentId": "follow" })).await.json(),
    ] {
        assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{answer}");
    }
    let other = json!({ "documentId": sha256(SERVICE), "operationName": "Other" });
    assert_eq!(app.post(None, &other).await.status, 422);
}

fn write(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("documents.json");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn an_invalid_manifest_is_reported_in_one_line_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.json");
    let lying = format!("sha256:{UNKNOWN}");
    let document = |id: &str, text: &str| write(&folder, &json!({ "fine": SERVICE, id: text }).to_string());
    let tell = |command: &mut Command, wanted: &[&str]| {
        let result = run(command);
        let text = String::from_utf8(result.stderr).unwrap();
        assert_eq!(result.status.code(), Some(2), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in wanted {
            assert!(text.contains(part), "{part} in {text}");
        }
    };
    let with = |command: &str, path: PathBuf, wanted: &[&str]| {
        let mut portcullis = portcullis(folder.path());
        portcullis.arg(command).arg("--trusted-documents").arg(path);
        tell(&mut portcullis, wanted);
    };
    for command in ["check-config", "serve"] {
        with(command, missing.clone(), &["trusted_documents", "missing.json"]);
        with(command, write(&folder, "["), &["documents.json", "JSON object"]);
        with(
            command,
            write(&folder, "{\"a\": 7}"),
            &["documents.json", "JSON object"],
        );
    }
    for (id, text, reason) in [
        ("broken", "query {", "expected"),
        ("elsewhere", "{ nothing }", "nothing"),
        ("typed", "{ viewerCan(fields: 7) { field } }", "String"),
        (
            "two",
            "subscription { a: viewer { permissions } b: viewer { permissions } }",
            "one root field",
        ),
        // async-graphql panics on this one.
        (
            "unknown",
            "query($a: [[Nothing]!] = [[A]]) { viewerCan(fields: $a) { field } }",
            "Nothing",
        ),
        (&lying, SERVICE, "SHA-256"),
        ("deep", &"{ viewer ".repeat(40), "deep"),
    ] {
        with("check-config", document(id, text), &["documents.json", id, reason]);
    }
    let fine = write(&folder, &manifest().to_string());
    let mut command = portcullis(folder.path());
    let result = run(command.arg("check-config").arg("--trusted-documents").arg(fine));
    assert_eq!(result.status.code(), Some(0), "{result:?}");
    let mut command = portcullis(folder.path());
    tell(
        command.args(["check-config", "--trusted-documents-only", "true"]),
        &["trusted_documents_only"],
    );
}
