//! The validator and the coercion of variables beside graphql-js 16 and 17, for generated documents. How the documents are
//! made is in `tests/clients/oracle.mjs`; single cases with their reasons are in `src/graphql/request/validation/tests.rs`.

use std::collections::BTreeMap;

use async_graphql::{Request, Variables};
use portcullis::graphql::request::admission::Admission;
use portcullis_test_support::{node, repository};
use serde_json::Value;

/// The seed and the number of documents.
const RUN: [&str; 2] = ["20261128", "1500"];

/// What a server says of a request: `ok` with the coerced variables, or the step that refuses it.
#[derive(Debug, Clone, PartialEq)]
struct Verdict {
    step: String,
    message: String,
    coerced: Value,
}

fn ours(admission: &Admission, request: &Value) -> Verdict {
    let given: Value = serde_json::from_str(request["variables"].as_str().unwrap()).unwrap();
    let mut admitted = Request::new(request["query"].as_str().unwrap()).variables(Variables::from_json(given));
    admitted.operation_name = request["operationName"].as_str().map(str::to_owned);
    match admission.admit(&mut admitted) {
        Ok(_) => Verdict {
            step: "ok".to_owned(),
            message: String::new(),
            coerced: serde_json::to_value(&admitted.variables).unwrap(),
        },
        Err(errors) => {
            let code = errors[0].extensions.as_ref().and_then(|values| values.get("code"));
            let message = errors[0].message.clone();
            let step = match code.map(ToString::to_string).as_deref() {
                Some("\"GRAPHQL_PARSE_FAILED\"") => "parse",
                Some("\"GRAPHQL_VALIDATION_FAILED\"") => "validate",
                Some("\"BAD_USER_INPUT\"") if message.contains("operation") => "operation",
                Some("\"BAD_USER_INPUT\"") => "variables",
                code => panic!("{code:?}: {message}: {request}"),
            };
            Verdict {
                step: step.to_owned(),
                message,
                coerced: Value::Null,
            }
        }
    }
}

fn theirs(verdict: &Value) -> Verdict {
    Verdict {
        step: verdict["verdict"].as_str().unwrap().to_owned(),
        message: verdict["message"].as_str().unwrap_or_default().to_owned(),
        coerced: verdict["coerced"].clone(),
    }
}

/// Whether two values are equal, with numbers compared as JavaScript does.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let equal = |(name, value): (&String, &Value)| other.get(name).is_some_and(|other| same(value, other));
            one.len() == other.len() && one.iter().all(equal)
        }
        (one, other) => one == other,
    }
}

fn agree(one: &Verdict, other: &Verdict) -> bool {
    one.step == other.step && (one.step != "ok" || same(&one.coerced, &other.coerced))
}

/// The accepted differences, each with its reason.
fn accepted(query: &str, ours: &Verdict, v16: &Verdict, v17: &Verdict) -> Option<&'static str> {
    if ours.message.contains("must not be null; the variable") {
        return Some(
            "a null condition of @skip or @include is refused before execution, and not while fields are collected",
        );
    }
    if ours.step == "parse" && v16.step == "parse" && ours.message.contains("at least one Selection") {
        return Some("graphql-js 17 accepts an empty selection set; the specification has `{ Selection+ }`");
    }
    if ours.message.contains("non-finite") {
        return Some("graphql-js reads a literal beyond the largest Float as infinity, which is not a Float");
    }
    if v17.step == "parse" && query.contains(r"\u{000000041}") {
        return Some("graphql-js limits a Unicode escape to eight digits; the specification has `\\u{ HexDigit+ }`");
    }
    if ours.step == "validate" && ours.message.contains("cannot be used where") && v17.step == "ok" {
        return Some("graphql-js misses a nullable variable in a OneOf input object whose place has a non-null type");
    }
    (agree(ours, v17) && !agree(ours, v16)).then_some("graphql-js 16 does not know descriptions of variables")
}

#[test]
fn verdicts_and_variables_agree_with_graphql_js() {
    let schema = repository().join("schema.graphql");
    let sdl = std::fs::read_to_string(&schema).unwrap();
    let admission = Admission::new(&sdl, true).unwrap();
    let requests = node::run("oracle.mjs", &[schema.to_str().unwrap(), RUN[0], RUN[1]]);
    let mut steps = BTreeMap::<String, usize>::new();
    let mut differences = BTreeMap::<&str, usize>::new();
    for request in requests.as_array().unwrap() {
        let ours = ours(&admission, request);
        let (v16, v17) = (theirs(&request["v16"]), theirs(&request["v17"]));
        *steps.entry(v17.step.clone()).or_default() += 1;
        if agree(&ours, &v16) && agree(&ours, &v17) {
            continue;
        }
        match accepted(request["query"].as_str().unwrap(), &ours, &v16, &v17) {
            Some(reason) => *differences.entry(reason).or_default() += 1,
            None => panic!("{request}\nours: {ours:?}\n16: {v16:?}\n17: {v17:?}"),
        }
    }
    // The generator must reach every step.
    for step in ["ok", "parse", "validate", "operation", "variables"] {
        assert!(steps.get(step).is_some_and(|count| *count >= 20), "{steps:?}");
    }
    let differing: usize = differences.values().sum();
    assert!(differing * 20 < requests.as_array().unwrap().len(), "{differences:?}");
}
