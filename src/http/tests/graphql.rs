//! `/graphql` by POST and GET: the parameters, the status and the media type of the response.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::super::connection::ConnectionHandle;
use super::super::refusal_delay::RefusalDelay;
use super::*;
use crate::metrics::{Counted, metrics};

const JSON: &str = "application/json; charset=utf-8";
const RESPONSE: &str = "application/graphql-response+json; charset=utf-8";

#[tokio::test]
async fn a_query_is_answered_in_the_accepted_media_type() {
    let service = service(Settings::default());
    for (accept, kind) in [
        ("application/graphql-response+json", RESPONSE),
        ("application/json", JSON),
        ("*/*", JSON),
    ] {
        let response = query(&service, "{ service { name } }", &[(header::ACCEPT, accept)]).await;
        assert_eq!(response.status, 200);
        assert_eq!(response.header(header::CONTENT_TYPE), kind);
        assert_eq!(
            response.json(),
            serde_json::json!({ "data": { "service": { "name": "test" } } })
        );
        assert_eq!(response.header(header::CACHE_CONTROL), "no-store");
    }
    let response = query(&service, "{ service { name } }", &[(header::ACCEPT, "text/html")]).await;
    assert_eq!(
        (response.status, response.code()),
        (StatusCode::NOT_ACCEPTABLE, "BAD_USER_INPUT".into())
    );
}

#[tokio::test]
async fn field_errors_keep_the_data() {
    let service = service(Settings::default());
    let partial = "{ service { name } vault { secret } }";
    // "294 Partial Success" only where the media type explains it.
    for (accept, status) in [("application/graphql-response+json", 294), ("application/json", 200)] {
        let response = query(&service, partial, &[(header::ACCEPT, accept)]).await;
        assert_eq!(response.status, status);
        let json = response.json();
        assert_eq!(json["data"]["service"]["name"], "test");
        assert_eq!(json["errors"][0]["path"], serde_json::json!(["vault", "secret"]));
        assert_eq!(json["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    // A null that rose to the top is still an answer.
    let response = query(&service, "{ broken }", &[MODERN]).await;
    assert_eq!(response.status, 294);
    assert_eq!(response.json().get("data"), Some(&serde_json::Value::Null));
}

#[tokio::test]
async fn a_rejected_request_has_a_status_a_code_and_no_data() {
    let service = service(Settings::default());
    let cases: [(&str, u16, &str); 22] = [
        ("", 400, "BAD_USER_INPUT"),
        ("nonsense", 400, "BAD_USER_INPUT"),
        ("{\"query\":", 400, "BAD_USER_INPUT"),
        ("{\"query\": \"{a}\"} x", 400, "BAD_USER_INPUT"),
        ("{\"query\": \"a\0b\"}", 400, "BAD_USER_INPUT"),
        ("{\"query\": \"\\ud800\"}", 400, "BAD_USER_INPUT"),
        ("{}", 422, "BAD_USER_INPUT"),
        ("null", 422, "BAD_USER_INPUT"),
        ("\"{ service { name } }\"", 422, "BAD_USER_INPUT"),
        ("17", 422, "BAD_USER_INPUT"),
        ("[]", 422, "BAD_USER_INPUT"),
        ("{\"qeury\": \"{ service { name } }\"}", 422, "BAD_USER_INPUT"),
        ("{\"query\": null}", 422, "BAD_USER_INPUT"),
        ("{\"query\": 1}", 422, "BAD_USER_INPUT"),
        ("{\"query\": \"{a}\", \"query\": \"{b}\"}", 422, "BAD_USER_INPUT"),
        ("{\"query\": \"{a}\", \"variables\": [7]}", 422, "BAD_USER_INPUT"),
        (
            "{\"query\": \"{a}\", \"variables\": \"hunter2\"}",
            422,
            "BAD_USER_INPUT",
        ),
        ("{\"query\": \"{a}\", \"operationName\": {}}", 422, "BAD_USER_INPUT"),
        ("{\"query\": \"{a}\", \"extensions\": 0}", 422, "BAD_USER_INPUT"),
        ("{\"query\": \"{\"}", 400, "GRAPHQL_PARSE_FAILED"),
        ("{\"query\": \"{ \\u0000 }\"}", 400, "GRAPHQL_PARSE_FAILED"),
        (
            "{\"query\": \"{ ...f } fragment f on Query { ...f }\"}",
            422,
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ];
    for accept in ["application/graphql-response+json", "application/json", "*/*"] {
        for (body, status, code) in cases {
            let response = post(&service, body, &[(header::ACCEPT, accept)]).await;
            assert_eq!(
                (response.status.as_u16(), response.code().as_str()),
                (status, code),
                "{body}"
            );
            assert!(
                !response.body.windows(7).any(|window| window == b"hunter2"),
                "{body} is quoted"
            );
        }
    }
    // The schema gives these no code of ours; the transport only has to see that they never ran.
    for text in [
        "{ nothing }",
        "query($a: Int!) { service { name } }",
        "query A { service { name } } query B { service { name } }",
    ] {
        let response = query(&service, text, &[MODERN]).await;
        assert_eq!(response.status, 422, "{text}");
        assert!(response.json().get("data").is_none(), "{text}");
    }
    let deep = format!(
        "{{\"query\": \"{{a}}\", \"variables\": {{\"a\": {}1{}}}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    assert_eq!(post(&service, deep, &[]).await.status, 400);
    let hostile = query(&service, &"[".repeat(1_700), &[MODERN]).await;
    assert_eq!(
        (hostile.status.as_u16(), hostile.code().as_str()),
        (422, "QUERY_TOO_COMPLEX")
    );
}

#[tokio::test]
async fn null_and_unknown_parameters_are_allowed() {
    let service = service(Settings::default());
    let body =
        r#"{"query": "{ service { name } }", "variables": null, "operationName": null, "extensions": null, "more": 1}"#;
    let response = post(&service, body, &[MODERN]).await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_path_makes_no_difference() {
    let service = service(Settings::default());
    let send = async |method: &str, path: &str, body: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(request_id::REQUEST_ID, "same");
        call(&service, request.body(Body::from(body.to_owned())).unwrap()).await
    };
    for method in ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"] {
        for parameters in ["", "?query=%7Bservice%7Bname%7D%7D"] {
            let body = r#"{"query": "{ service { name } }"}"#;
            let without = send(method, &format!("/graphql{parameters}"), body).await;
            let with = send(method, &format!("/graphql/{parameters}"), body).await;
            assert_eq!(
                (with.status, with.headers, with.body),
                (without.status, without.headers, without.body),
                "{method} {parameters}"
            );
        }
    }
    for path in ["/graphql//", "//graphql", "/graphql/x", "/graphqlx"] {
        assert_eq!(get_path(&service, path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn get_runs_queries_only() {
    let service = service(Settings::default());
    let valid = "query=%7Bservice%7Bname%7D%7D";
    let both = "query=query%20Q%7Bservice%7Bname%7D%7D%20mutation%20M%7Btouch%7D";
    for (path, status) in [
        (format!("/graphql?{valid}"), 200),
        (format!("/graphql?{valid}&variables=&operationName=&extensions="), 200),
        (format!("/graphql?{valid}&variables=null"), 200),
        (format!("/graphql?{both}&operationName=Q"), 200),
        (format!("/graphql?{both}&operationName=M"), 405),
        (format!("/graphql?{both}&operationName=N"), 422),
        (format!("/graphql?{both}"), 422),
        ("/graphql?query=mutation%7Btouch%7D".into(), 405),
        ("/graphql?query=mutation+M%7Btouch%7D&operationName=M".into(), 405),
        ("/graphql?query=%7B".into(), 400),
        ("/graphql?query=%00".into(), 400),
        ("/graphql".into(), 422),
        ("/graphql?query=".into(), 422),
        (format!("/graphql?{valid}&{valid}"), 422),
        (format!("/graphql?{valid}&variables=%7B"), 400),
        (format!("/graphql?{valid}&variables=%5B7%5D"), 422),
        (format!("/graphql?{valid}&extensions=7"), 422),
    ] {
        let response = get_path(&service, &path, &[MODERN]).await;
        assert_eq!(response.status.as_u16(), status, "{path}");
        if status == 405 {
            assert_eq!(response.header(header::ALLOW), "POST");
            assert_eq!(response.code(), "BAD_USER_INPUT");
        }
    }
    let response = get_path(
        &service,
        "/graphql?query=query(%24t%3AString!)%7Becho(text%3A%24t)%7D&variables=%7B%22t%22%3A%22%F0%9F%A6%80%22%7D",
        &[],
    )
    .await;
    assert_eq!(response.json()["data"]["echo"], "🦀");
    let head = Request::head(format!("/graphql?{valid}")).body(Body::empty()).unwrap();
    let response = call(&service, head).await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn other_methods_are_refused_with_the_allowed_ones() {
    let service = service(Settings::default());
    for (method, status) in [("PUT", 405), ("DELETE", 405), ("PATCH", 405), ("OPTIONS", 204)] {
        let request = Request::builder()
            .method(method)
            .uri("/graphql")
            .body(Body::empty())
            .unwrap();
        let response = call(&service, request).await;
        assert_eq!(response.status, status);
        assert_eq!(response.header(header::ALLOW), "GET, HEAD, POST, OPTIONS");
    }
}

#[tokio::test]
async fn a_rate_limited_request_says_when_to_retry() {
    let response = post(
        &service(Settings::default()),
        r#"{"query": "query Limited { service { name } }", "operationName": "Limited"}"#,
        &[],
    )
    .await;
    assert_eq!(
        (response.status.as_u16(), response.code().as_str()),
        (429, "RATE_LIMITED")
    );
    assert_eq!(response.header(header::RETRY_AFTER), "3");
}

#[tokio::test]
async fn a_request_id_is_in_the_response_and_the_context() {
    let service = service(Settings::default());
    let name = request_id::REQUEST_ID;
    let response = query(&service, "{ requestId }", &[(name.clone(), "trace-7.a_b")]).await;
    assert_eq!(response.header(&name), "trace-7.a_b");
    assert_eq!(response.json()["data"]["requestId"], "trace-7.a_b");
    for insane in ["", "a b", "a\"b", "<script>", &"x".repeat(65)] {
        let response = query(&service, "{ requestId }", &[(name.clone(), insane)]).await;
        let id = response.header(&name);
        assert_eq!(id.len(), 36, "{insane}");
        assert_eq!(response.json()["data"]["requestId"], id);
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_error() {
    let service = service(Settings::default());
    let response = query(&service, "{ panics }", &[(request_id::REQUEST_ID, "p1")]).await;
    assert_eq!((response.status.as_u16(), response.code().as_str()), (500, "INTERNAL"));
    assert_eq!(response.json()["errors"][0]["extensions"]["requestId"], "p1");
    assert!(!String::from_utf8_lossy(&response.body).contains("on purpose"));
    assert_eq!(query(&service, "{ service { name } }", &[]).await.status, 200);
}

#[tokio::test]
async fn the_parsed_document_is_executed() {
    let answer = endpoint(true).schema.execute("{ service { name } }").await;
    assert_eq!(answer.data, one("service", one("name", "test")));
}

/// A connection whose next refusal is delayed by an hour.
fn connection() -> Arc<ConnectionHandle> {
    let handle = ConnectionHandle {
        stop: CancellationToken::new(),
        tracker: TaskTracker::new(),
        slot: (
            Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap(),
            Counted::one(&metrics().connections),
        ),
        refusals: RefusalDelay::default(),
    };
    for _ in 0..3600 {
        handle.refusals.extend(Instant::now(), Duration::from_secs(1));
    }
    Arc::new(handle)
}

#[tokio::test]
async fn refused_requests_wait_for_the_delay_of_their_connection() {
    let service = service(Settings {
        batch_limit: 10,
        ..Settings::default()
    });
    let executed = r#"{"query":"{ service { name } }"}"#;
    let refused = r#"{"query":"{ nothing }"}"#;
    let events = "text/event-stream";
    let cases = [
        (executed.to_owned(), "*/*", false),
        (refused.to_owned(), "*/*", true),
        ("{".to_owned(), "*/*", true),
        (format!("[{refused},{executed}]"), "*/*", false),
        (format!("[{refused},{refused}]"), "*/*", true),
        (executed.to_owned(), events, false),
        (refused.to_owned(), events, true),
    ];
    let mut requests: Vec<_> = cases
        .into_iter()
        .map(|(body, accept, waits)| {
            let request = Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, accept);
            (request, Body::from(body), waits)
        })
        .collect();
    let by_get = |query| Request::get(format!("/graphql?query={query}"));
    requests.push((by_get("%7Bservice%7Bname%7D%7D"), Body::empty(), false));
    requests.push((by_get("%7Bnothing%7D"), Body::empty(), true));
    requests.push((by_get("mutation%7Bnothing%7D"), Body::empty(), true));
    for (at, (request, body, waits)) in requests.into_iter().enumerate() {
        let request = request.extension(connection()).body(body).unwrap();
        let patience = if waits {
            Duration::from_millis(20)
        } else {
            Duration::from_secs(60)
        };
        let answered = tokio::time::timeout(patience, call(&service, request)).await;
        assert_eq!(answered.is_err(), waits, "request {at}");
    }
    // A server that stops answers at once.
    let handle = connection();
    handle.stop.cancel();
    let request = by_get("%7Bnothing%7D").extension(handle).body(Body::empty()).unwrap();
    call(&service, request).await;
}
