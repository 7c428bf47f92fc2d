//! Invalid input of every kind: each is answered with a typed error, never with a status 500 or a closed connection. The
//! refusals of the transport are tested in `http`.

use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, TestApp};

fn assert_typed(answer: &Answer, what: &str) {
    assert!(
        answer.status.as_u16() < 500,
        "{what}: {} {}",
        answer.status,
        answer.text
    );
    for code in answer.codes() {
        assert_ne!(code, "(none)", "{what}: {}", answer.text);
        assert_ne!(code, "INTERNAL", "{what}: {}", answer.text);
    }
}

#[tokio::test]
async fn unusual_texts_in_every_string_argument_are_answered() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let odd = [
        String::new(),
        " ".to_owned(),
        "\0".to_owned(),
        "a\0b".to_owned(),
        "\u{202e}evil".to_owned(),
        "🦀".repeat(64),
        "á".repeat(300),
        "x".repeat(1 << 20),
        "user:admin".to_owned(),
        "'; REMOVE TABLE user; --".to_owned(),
        "⟨admin⟩".to_owned(),
    ];
    let documents = [
        (
            "mutation($t: String!) { register(input: { username: $t, email: \"a@example.com\", password: \"correct horse battery\" }) { user { id } errors { code path } } }",
            "/register",
        ),
        (
            "mutation($t: String!) { register(input: { username: \"abc\", email: $t, password: \"correct horse battery\" }) { user { id } errors { code path } } }",
            "/register",
        ),
        (
            "mutation($t: String!) { login(input: { username: $t, password: $t }) { user { id } errors { code path } } }",
            "/login",
        ),
        (
            "mutation($t: String!) { refresh(input: { refreshToken: $t }) { user { id } errors { code path } } }",
            "/refresh",
        ),
        (
            "mutation($t: ID!) { toggleUser(input: { id: $t, enabled: false }) { user { id } errors { code path } } }",
            "/toggleUser",
        ),
        (
            "mutation($t: ID!) { removeUser(input: { id: $t }) { errors { code path } } }",
            "/removeUser",
        ),
        (
            "mutation($t: String!) { setUserRoles(input: { id: \"admin\", roles: [$t] }) { user { id } errors { code path } } }",
            "/setUserRoles",
        ),
    ];
    for (document, at) in documents {
        for text in &odd {
            let answer = app.query(Some(&admin), document, json!({ "t": text })).await;
            assert_typed(
                &answer,
                &format!("{document} {:?}", text.chars().take(20).collect::<String>()),
            );
            let payload = answer.data(at);
            assert_eq!(
                payload["errors"].as_array().map(Vec::len),
                Some(1),
                "{document} {:?} {payload}",
                &text.chars().take(20).collect::<String>()
            );
        }
    }
    for text in &odd {
        for document in [
            "query($t: String!) { predict(input: { model: $t, inputs: [{ text: \"x\" }] }) { predictions { label } } }",
            "query($t: String!) { predict(input: { model: \"occupation\", inputs: [{ text: $t }] }) { predictions { label truncated } } }",
            "query($t: String!) { matchResume(input: { resume: { text: $t }, job: { text: $t } }) { score warnings } }",
            "query($t: String!) { users(after: $t) { totalCount } }",
            "query($t: String!) { users(filter: { search: $t }) { totalCount } }",
            "query($t: String!) { viewerCan(fields: [$t]) { allowed } }",
        ] {
            let answer = app.query(Some(&admin), document, json!({ "t": text })).await;
            assert_typed(
                &answer,
                &format!("{document} {:?}", text.chars().take(20).collect::<String>()),
            );
        }
    }
}

#[tokio::test]
async fn wrong_types_and_unknown_fields_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (query, variables, code) in [
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ service }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ service { name", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("", json!({}), "GRAPHQL_PARSE_FAILED"),
        (
            "query($id: ID!) { toggleUser(input: { id: $id, enabled: true }) { errors { code } } }",
            json!({ "id": 1 }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "mutation($on: Boolean!) { toggleUser(input: { id: \"x\", enabled: $on }) { errors { code } } }",
            json!({ "on": "yes" }),
            "BAD_USER_INPUT (request)",
        ),
        (
            "mutation($on: Boolean!) { toggleUser(input: { id: \"x\", enabled: $on }) { errors { code } } }",
            json!({}),
            "BAD_USER_INPUT (request)",
        ),
        (
            "mutation { toggleUser(input: { id: \"x\", enabled: true, more: 1 }) { errors { code } } }",
            json!({}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "{ predict(input: { model: \"occupation\", inputs: [{ text: \"a\", features: [1] }] }) { predictions { label } } }",
            json!({}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "{ predict(input: { model: \"occupation\", inputs: [{}] }) { predictions { label } } }",
            json!({}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "{ predict(input: { model: \"none\", inputs: [{ text: \"a\" }] }) { predictions { label } } }",
            json!({}),
            "MODEL_NOT_FOUND",
        ),
        (
            "{ predict(input: { model: \"occupation\", inputs: [{ text: \"\" }] }) { predictions { label } } }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "{ predict(input: { model: \"occupation\", inputs: [{ features: [1, 2] }] }) { predictions { label } } }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "{ predict(input: { model: \"occupation\", inputs: [] }) { predictions { label } } }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "{ predict(input: { model: \"occupation\", topK: 0, inputs: [{ text: \"a\" }] }) { predictions { label } } }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "{ matchResume(input: { resume: { text: \"\" }, job: { text: \"Cook wanted\" } }) { score } }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "{ matchResume(input: { resume: { document: { base64: \"*\" } }, job: { text: \"Cook wanted\" } }) { score } }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "{ matchResume(input: { resume: { document: { base64: \"AAECAwQ=\" } }, job: { text: \"Cook wanted\" } }) { score } }",
            json!({}),
            "UNSUPPORTED_DOCUMENT",
        ),
    ] {
        let answer = app.query(Some(&admin), query, variables).await;
        assert_typed(&answer, query);
        let request_error = code.starts_with("GRAPHQL_") || code.ends_with(" (request)");
        let codes = answer.codes();
        let expected = code.trim_end_matches(" (request)");
        assert!(
            !codes.is_empty() && codes.iter().all(|code| code == expected),
            "{query}: {}",
            answer.text
        );
        // A rejected request has an error status; a partial response has status 200.
        assert_eq!(
            answer.status.is_client_error(),
            request_error,
            "{query}: {}",
            answer.status
        );
        assert_eq!(
            answer.json().get("data").is_none(),
            request_error,
            "{query}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn malformed_tokens_are_refused() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let mut parts = ann.split('.');
    let (header, claims, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let encode = |value: &Value| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let none = encode(&json!({ "alg": "none", "typ": "at+jwt" }));
    let hs256 = encode(&json!({ "alg": "HS256", "typ": "at+jwt" }));
    let forged_claims = encode(&json!({ "sub": "admin", "roles": ["ADMIN"], "exp": 9_999_999_999_u64 }));
    for token in [
        String::new(),
        "x".to_owned(),
        "a.b.c".to_owned(),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{hs256}.{claims}.{signature}"),
        format!("{header}.{forged_claims}.{signature}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{signature}x"),
        format!("{ann}."),
        format!("{ann} {ann}"),
        "x".repeat(100_000),
        "\u{7f}".to_owned(),
    ] {
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header(
                "authorization",
                http::HeaderValue::from_bytes(format!("Bearer {token}").as_bytes())
                    .unwrap_or(http::HeaderValue::from_static("Bearer \t")),
            )
            .body(axum::body::Body::from("{\"query\":\"{ service { name } }\"}"))
            .unwrap();
        let answer = app.send(request).await;
        assert_eq!(
            answer.status,
            401,
            "{}: {}",
            token.chars().take(40).collect::<String>(),
            answer.text
        );
        assert_eq!(answer.codes(), ["UNAUTHENTICATED"]);
    }
}

#[tokio::test]
async fn logins_in_one_document_are_limited() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let logins: String = (0..100)
        .map(|i| {
            format!(
                "a{i}: login(input: {{ username: \"ann\", password: \"guess {i} guess\" }}) {{ errors {{ code }} }} "
            )
        })
        .collect();
    let answer = app.query(None, &format!("mutation {{ {logins} }}"), json!({})).await;
    assert_eq!(answer.codes(), ["QUERY_TOO_COMPLEX"]);
    assert!(answer.json().get("data").is_none());
    assert_eq!(app.try_login("ann", PASSWORD).await.data("/login/errors"), json!([]));
}

#[tokio::test]
async fn a_repeated_mutation_runs_once() {
    let app = TestApp::start().await;
    let register = |name: &str, selection: &str| {
        format!(
            "register(input: {{ username: \"{name}\", email: \"{name}@example.com\", password: \"{PASSWORD}\" }}) \
             {{ {selection} }}"
        )
    };
    let twice = format!(
        "mutation {{ {} {} }}",
        register("ann", "user { id }"),
        register("ann", "errors { code }")
    );
    let answer = app.query(None, &twice, json!({})).await;
    assert_eq!(
        answer.json(),
        json!({ "data": { "register": { "user": { "id": "ann" }, "errors": [] } } })
    );

    let differing = format!(
        "mutation {{ {} {} }}",
        register("bob", "user { id }"),
        register("eve", "user { id }")
    );
    assert_eq!(app.query(None, &differing, json!({})).await.codes().len(), 1);
    let by_fragment = format!(
        "mutation {{ {} ...Again }} fragment Again on Mutation {{ {} }}",
        register("bob", "user { id }"),
        register("bob", "errors { code }")
    );
    let merged = app.query(None, &by_fragment, json!({})).await;
    assert_eq!(
        merged.json(),
        json!({ "data": { "register": { "user": { "id": "bob" }, "errors": [] } } })
    );
}
