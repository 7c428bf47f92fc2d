//! `GET /metrics` of the binary: the names and labels of the metrics, and the address that serves them.

use std::collections::BTreeMap;

use portcullis_test_support::PASSWORD;
use portcullis_test_support::process::get;
use serde_json::json;

use crate::process::{Server, portcullis, start};

/// The value of every sample, by its name and labels as printed.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line}")))
        })
        .collect()
}

#[test]
fn requests_logins_and_inference_are_counted() {
    let data = tempfile::tempdir().unwrap();
    let server = start(data.path());
    let secret = "nobody may read this";
    assert_eq!(
        server.login("admin", secret)["errors"][0]["code"],
        "INVALID_CREDENTIALS"
    );
    let token = server.login("admin", PASSWORD)["tokens"]["accessToken"].clone();
    let token = token.as_str().unwrap();
    for _ in 0..3 {
        let answer = server.graphql(
            Some(token),
            "{ predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { model { name } } }",
            &json!({}),
        );
        assert!(answer.get("errors").is_none(), "{answer}");
    }
    server.graphql(None, "{ users { totalCount } }", &json!({}));
    server.graphql(None, "{ nothing }", &json!({}));
    server.graphql(None, "{", &json!({}));
    assert_eq!(server.get("/nowhere/secret-path").0, 404);
    let (status, text) = server.get("/metrics");
    assert_eq!(status, 200);
    for forbidden in [secret, "admin", "secret-path", "127.0.0.1", token] {
        assert!(!text.contains(forbidden), "{forbidden} in {text}");
    }
    let samples = samples(&text);
    for (name, expected) in [
        (
            format!("portcullis_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")).as_str(),
            1.0,
        ),
        ("portcullis_logins_total{outcome=\"ok\"}", 1.0),
        ("portcullis_logins_total{outcome=\"invalid_credentials\"}", 1.0),
        (
            "portcullis_graphql_operations_total{kind=\"mutation\",outcome=\"ok\"}",
            2.0,
        ),
        (
            "portcullis_graphql_operations_total{kind=\"query\",outcome=\"ok\"}",
            3.0,
        ),
        (
            "portcullis_graphql_operations_total{kind=\"query\",outcome=\"partial\"}",
            1.0,
        ),
        (
            "portcullis_graphql_operations_total{kind=\"unknown\",outcome=\"refused\"}",
            2.0,
        ),
        (
            "portcullis_graphql_operation_duration_seconds_count{kind=\"query\"}",
            4.0,
        ),
        ("portcullis_graphql_errors_total{code=\"UNAUTHENTICATED\"}", 1.0),
        (
            "portcullis_graphql_errors_total{code=\"GRAPHQL_VALIDATION_FAILED\"}",
            1.0,
        ),
        ("portcullis_graphql_errors_total{code=\"GRAPHQL_PARSE_FAILED\"}", 1.0),
        ("portcullis_http_requests_total{route=\"graphql\",status=\"200\"}", 6.0),
        ("portcullis_http_requests_total{route=\"graphql\",status=\"400\"}", 1.0),
        ("portcullis_http_requests_total{route=\"graphql\",status=\"422\"}", 1.0),
        ("portcullis_http_requests_total{route=\"other\",status=\"404\"}", 1.0),
        ("portcullis_http_request_duration_seconds_count{route=\"graphql\"}", 8.0),
        ("portcullis_inference_queue_items", 0.0),
        ("portcullis_inference_batch_texts_count", 1.0),
        ("portcullis_embedding_cache_hits_total", 2.0),
        ("portcullis_embedding_cache_misses_total", 1.0),
        ("portcullis_websockets", 0.0),
    ] {
        assert_eq!(samples.get(name), Some(&expected), "{name} in {text}");
    }
    // This connection, and possibly some that are not closed yet.
    assert!(samples["portcullis_http_connections"] >= 1.0);
    // Each metric has a help text and a type.
    let families = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for family in families {
        let (name, kind) = family.split_once(' ').unwrap();
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
        assert_eq!(name.ends_with("_total"), kind == "counter", "{family}");
    }
    server.stop();
}

#[test]
fn metrics_may_have_their_own_address() {
    let data = tempfile::tempdir().unwrap();
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_METRICS_LISTEN", "127.0.0.1:0");
    let server = Server::start(&mut command);
    let line = server.before.first().unwrap().clone();
    let address = line
        .strip_prefix("metrics on http://")
        .and_then(|rest| rest.strip_suffix("/metrics"))
        .unwrap_or_else(|| panic!("{line}"));
    assert_eq!(server.get("/metrics").0, 404);
    let (status, text) = get(address, "/metrics");
    assert_eq!(status, 200);
    assert!(text.contains("portcullis_build_info"), "{text}");
    assert_eq!(get(address, "/graphql").0, 404);
    assert_eq!(get(address, "/healthz").0, 404);
    server.stop();
}
