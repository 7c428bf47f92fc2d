//! Bodies of requests to `/graphql`: encoding, length, batches.

use super::*;

#[tokio::test]
async fn only_json_in_utf8_is_accepted() {
    let service = service(Settings::default());
    let body = r#"{"query": "{ service { name } }"}"#;
    for (kind, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON;charset=\"UTF-8\"", 200),
        ("application/json; charset=utf8", 200),
        ("application/json; charset=\"UTF8\"", 200),
        ("application/json;", 200),
        ("application/json; charset=iso-8859-1", 415),
        ("application/graphql", 415),
        ("application/graphql-response+json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("", 415),
        ("nonsense", 415),
    ] {
        let response = post(&service, body, &[(header::CONTENT_TYPE, kind)]).await;
        assert_eq!(response.status, status, "{kind}");
    }
    let bare = Request::post("/graphql").body(Body::from(body)).unwrap();
    let response = call(&service, bare).await;
    assert_eq!(
        (response.status.as_u16(), response.code().as_str()),
        (415, "BAD_USER_INPUT")
    );
    assert_eq!(response.header(header::ACCEPT), "application/json");
    let response = post(&service, body, &[(header::CONTENT_ENCODING, "gzip")]).await;
    assert_eq!(
        (response.status.as_u16(), response.code().as_str()),
        (415, "BAD_USER_INPUT")
    );
    assert_eq!(post(&service, &b"{\"query\": \"\xff\"}"[..], &[]).await.status, 400);
}

#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let service = service(Settings {
        batch_limit: 2,
        ..Settings::default()
    });
    let query = r#"{"query": "{ service { name } }"}"#;
    for (body, status) in [
        (format!("\u{feff}{query}"), 200),
        (format!("\u{feff} {query}"), 200),
        (format!("\u{feff}[{query}]"), 200),
        (format!("\u{feff}\u{feff}{query}"), 400),
        (format!(" \u{feff}{query}"), 400),
        (format!("{query}\u{feff}"), 400),
        ("\u{feff}".to_owned(), 400),
    ] {
        assert_eq!(post(&service, body.clone(), &[]).await.status, status, "{body:?}");
    }
}

#[tokio::test]
async fn the_length_of_a_body_is_limited() {
    let settings = Settings::default();
    assert_eq!(settings.body_limit, 6 * 1024 * 1024);
    let service = service(settings.clone());
    let frame =
        serde_json::json!({ "query": "query($text: String!) { echo(text: $text) }", "variables": { "text": "" } });
    let room = settings.body_limit - frame.to_string().len();
    for (length, status) in [(room, 200), (room + 1, 413)] {
        let body = frame
            .to_string()
            .replace("\"\"", &format!("\"{}\"", "x".repeat(length)));
        let announced = post(
            &service,
            body.clone(),
            &[(header::CONTENT_LENGTH, &body.len().to_string())],
        )
        .await;
        assert_eq!(announced.status, status);
        // In chunks, where no header tells the length.
        let chunks = body
            .into_bytes()
            .chunks(100_000)
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>();
        let stream = futures_util::stream::iter(chunks.into_iter().map(Ok::<_, std::convert::Infallible>));
        let chunked = post(&service, Body::from_stream(stream), &[]).await;
        assert_eq!(chunked.status, status);
        if status == 413 {
            assert_eq!(chunked.code(), "BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn batches_are_disabled_by_default() {
    let operation = r#"{"query": "{ service { name } }"}"#;
    let batch = |length: usize| format!(" [{}]", vec![operation; length].join(","));
    let response = post(&service(Settings::default()), batch(2), &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.code().as_str()),
        (422, "BAD_USER_INPUT")
    );
    assert!(
        response.json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("Batches are disabled")
    );

    let on = service(Settings {
        batch_limit: 1_000,
        ..Settings::default()
    });
    let response = post(&on, batch(10), &[MODERN]).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.json().as_array().unwrap().len(), 10);
    assert_eq!(response.json()[9]["data"]["service"]["name"], "test");
    for length in [0, 11] {
        let response = post(&on, batch(length), &[]).await;
        assert_eq!(
            (response.status.as_u16(), response.code().as_str()),
            (422, "BAD_USER_INPUT"),
            "{length}"
        );
    }
    let mixed = format!("[{operation}, {{\"query\": \"{{\"}}]");
    let response = post(&on, mixed, &[]).await;
    assert_eq!(response.status, 200);
    assert!(response.json()[1].get("data").is_none());
    assert_eq!(
        response.json()[1]["errors"][0]["extensions"]["code"],
        "GRAPHQL_PARSE_FAILED"
    );
}
