//! The audits of the npm package `graphql-http`, run against the binary. They follow a draft of GraphQL over HTTP; the
//! table below lists where the edition of September 2026 differs. The other requirements of that edition are tested in
//! `src/http/tests`.

use portcullis_test_support::node;
use serde_json::Value;

use crate::process::start;

/// The number of audits, so that one that is not run does not count as passed.
const AUDITS: usize = 61;

/// "Status Codes": "If the request is not a well-formed GraphQL-over-HTTP request, status code 422 SHOULD be used."
const NOT_WELL_FORMED: &str = "Status Codes, not a well-formed request";
/// "Body": a client that accepts `application/json` only is answered "as if the request had specified `Accept:
/// application/graphql-response+json`", and only a 2xx answer has the older type.
const AS_IF_MODERN: &str = "Body, legacy client";
/// "Status Codes": "If the variable values cannot be coerced to match the operation's variable definitions, status code
/// 422 SHOULD be used."
const NOT_COERCED: &str = "Status Codes, variable values";

/// The audits that are answered with another status, and the paragraph of the edition of September 2026 that requires it.
const OTHERWISE: [(&str, u16, &str); 22] = [
    ("423L", 422, NOT_WELL_FORMED),
    ("LKJ0", 422, NOT_WELL_FORMED),
    ("LKJ1", 422, NOT_WELL_FORMED),
    ("LKJ2", 422, NOT_WELL_FORMED),
    ("LKJ3", 422, NOT_WELL_FORMED),
    ("6C00", 422, NOT_WELL_FORMED),
    ("6C01", 422, NOT_WELL_FORMED),
    ("6C02", 422, NOT_WELL_FORMED),
    ("6C03", 422, NOT_WELL_FORMED),
    ("4760", 422, NOT_WELL_FORMED),
    ("4761", 422, NOT_WELL_FORMED),
    ("4762", 422, NOT_WELL_FORMED),
    ("4763", 422, NOT_WELL_FORMED),
    ("58B0", 422, NOT_WELL_FORMED),
    ("58B1", 422, NOT_WELL_FORMED),
    ("58B2", 422, NOT_WELL_FORMED),
    ("58B3", 422, NOT_WELL_FORMED),
    ("3E3A", 422, NOT_WELL_FORMED),
    ("572B", 400, AS_IF_MODERN),
    // The audit's document has a name that begins with a digit: a syntax error, not a validation error.
    ("FDE2", 400, AS_IF_MODERN),
    ("7B9B", 422, AS_IF_MODERN),
    ("86EE", 422, NOT_COERCED),
];

#[test]
fn every_audit_of_graphql_http_passes_or_differs_as_the_specification_requires() {
    let data = tempfile::tempdir().unwrap();
    let server = start(data.path());
    let audits = node::run("audit.mjs", &[&server.url()]);
    let audits = audits.as_array().unwrap();
    assert_eq!(audits.len(), AUDITS, "{audits:?}");
    let mut wrong = Vec::new();
    for audit in audits {
        let listed = OTHERWISE.iter().find(|(id, ..)| audit["id"] == *id);
        let as_expected = match listed {
            None => audit["status"] == "ok",
            Some((_, status, _)) => {
                let required = audit["name"].as_str().unwrap().starts_with("MUST");
                !required && audit["status"] != "ok" && audit["answered"] == *status
            }
        };
        if !as_expected {
            wrong.push((audit, listed.map(|(.., paragraph)| paragraph)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (id, ..) in OTHERWISE {
        assert!(audits.iter().any(|audit| audit["id"] == id), "there is no audit {id}");
    }
    // The numbers of audits that pass, and of those answered with another status.
    let held = |level: &str| {
        let of_level = audits
            .iter()
            .filter(|audit| audit["name"].as_str().unwrap().starts_with(level));
        let (ok, otherwise): (Vec<&Value>, Vec<_>) = of_level.partition(|audit| audit["status"] == "ok");
        (ok.len(), otherwise.len())
    };
    assert_eq!((held("MUST"), held("SHOULD"), held("MAY")), ((13, 0), (19, 4), (7, 18)));
    server.stop();
}
