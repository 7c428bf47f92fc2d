//! Scopes at the token endpoint, introspection and revocation of tokens, and requests that need no token.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::config::{self, Config};
use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, TestApp};

const VIEWER: &str = "{ viewer { user { id } permissions } }";

async fn post(app: &TestApp, path: &str, authorization: Option<&str>, pairs: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let body = form.extend_pairs(pairs).finish();
    let answer = app.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    answer
}

fn basic(secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("service:{secret}")))
}

/// Status and `error` of an error response.
fn error(answer: &Answer) -> (u16, String) {
    let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), error)
}

async fn login(app: &TestApp, scope: Option<&str>) -> Answer {
    let mut pairs = vec![("grant_type", "password"), ("username", "ann"), ("password", PASSWORD)];
    pairs.extend(scope.map(|scope| ("scope", scope)));
    post(app, "/oauth/token", None, &pairs).await
}

async fn introspect(app: &TestApp, key: &str, token: &str) -> Value {
    let answer = post(app, "/oauth/introspect", Some(&basic(key)), &[("token", token)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn a_scope_is_granted_narrowed_or_refused() {
    let app = TestApp::start().await;
    app.user("ann").await;
    for (asked, granted) in [
        ("PREDICT", "PREDICT"),
        ("READ_JOBS PREDICT PREDICT", "PREDICT READ_JOBS"),
        ("MANAGE_USERS PREDICT", "PREDICT"),
    ] {
        let answer = login(&app, Some(asked)).await.json();
        assert_eq!(answer["scope"], granted, "{answer}");
        let access = answer["access_token"].as_str().unwrap();
        let viewer = app.query(Some(access), VIEWER, json!({})).await.data("/viewer");
        let permissions: Vec<&str> = granted.split(' ').collect();
        assert_eq!(viewer, json!({ "user": { "id": "ann" }, "permissions": permissions }));
        // The mutation keeps the scope of the session.
        let refresh =
            "mutation($token: String!) { refresh(input: { refreshToken: $token }) { tokens { accessToken } } }";
        let next = app
            .query(None, refresh, json!({ "token": answer["refresh_token"] }))
            .await;
        let access = next.data("/refresh/tokens/accessToken");
        let viewer = app.query(access.as_str(), VIEWER, json!({})).await;
        assert_eq!(viewer.data("/viewer/permissions"), json!(permissions));
        // It allows nothing else, and no change of the account.
        let models = app.query(access.as_str(), "{ models { name } }", json!({})).await;
        assert_eq!(models.codes(), ["FORBIDDEN"], "{models:?}");
        let sessions = app
            .query(access.as_str(), "{ viewer { sessions { id } } }", json!({}))
            .await;
        assert_eq!(sessions.codes(), ["FORBIDDEN"], "{sessions:?}");
    }
    for refused in [
        "openid",
        "PREDICT profile",
        "predict",
        "MANAGE_USERS",
        "PREDICT  READ_JOBS",
    ] {
        assert_eq!(
            error(&login(&app, Some(refused)).await),
            (400, "invalid_scope".to_owned()),
            "{refused}"
        );
    }
    // An empty parameter counts as absent (RFC 6749, 3.2).
    for absent in [None, Some("")] {
        assert!(login(&app, absent).await.json().get("scope").is_none());
    }
    let whole = login(&app, Some("PREDICT READ_JOBS")).await.json();
    let refresh = async |scope: &str| {
        let token = whole["refresh_token"].as_str().unwrap();
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("scope", scope),
        ];
        post(&app, "/oauth/token", None, &pairs).await
    };
    assert_eq!(error(&refresh("READ_MODELS").await), (400, "invalid_scope".to_owned()));
    assert_eq!(refresh("PREDICT").await.json()["scope"], "PREDICT");
}

#[tokio::test]
async fn a_service_with_the_permission_learns_of_a_ban() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let service = app.api_key(&admin, &["ADMIN"]).await;
    let tokens = login(&app, None).await.json();
    let (access, refresh) = (
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
    );
    let active = introspect(&app, &service, access).await;
    assert_eq!(
        (
            &active["active"],
            &active["sub"],
            &active["token_type"],
            &active["username"]
        ),
        (&json!(true), &json!("ann"), &json!("Bearer"), &json!("ann"))
    );
    assert_eq!(active["scope"], "PREDICT MATCH_RESUME READ_MODELS READ_JOBS");
    let active = introspect(&app, &service, refresh).await;
    assert_eq!((&active["active"], active.get("token_type")), (&json!(true), None));
    // Whatever the hint says.
    for hint in ["access_token", "refresh_token", "other"] {
        let pairs = [
            ("token", access),
            ("token_type_hint", hint),
            ("client_secret", service.as_str()),
        ];
        assert_eq!(
            post(&app, "/oauth/introspect", None, &pairs).await.json()["active"],
            true
        );
    }
    let bearer = format!("Bearer {admin}");
    let answer = post(&app, "/oauth/introspect", Some(&bearer), &[("token", access)]).await;
    assert_eq!(answer.json()["active"], true);

    let query = [("token", access)];
    let users_key = app.api_key(&ann, &["USER"]).await;
    let narrow = post(
        &app,
        "/oauth/token",
        Some(&basic(&service)),
        &[("grant_type", "client_credentials"), ("scope", "PREDICT")],
    )
    .await
    .json();
    let narrow = format!("Bearer {}", narrow["access_token"].as_str().unwrap());
    for (authorization, status, code) in [
        (None, 401, "invalid_client"),
        (Some(basic("pk_x")), 401, "invalid_client"),
        (Some(basic("")), 401, "invalid_client"),
        (Some("Bearer x".to_owned()), 401, "invalid_token"),
        (Some("Digest x".to_owned()), 401, "invalid_client"),
        (Some(basic(&users_key)), 403, "insufficient_scope"),
        (Some(format!("Bearer {ann}")), 403, "insufficient_scope"),
        (Some(narrow), 403, "insufficient_scope"),
    ] {
        let answer = post(&app, "/oauth/introspect", authorization.as_deref(), &query).await;
        assert_eq!(error(&answer), (status, code.to_owned()), "{authorization:?}");
        assert_eq!(answer.headers.contains_key(header::WWW_AUTHENTICATE), status == 401);
    }
    let answer = post(&app, "/oauth/introspect", Some(&basic(&service)), &[]).await;
    assert_eq!(error(&answer), (400, "invalid_request".to_owned()));
    assert_eq!(introspect(&app, &service, "unknown").await, json!({ "active": false }));

    app.change(
        &admin,
        "mutation { toggleUser(input: { id: \"ann\", enabled: false }) { endedSessions } }",
    )
    .await;
    for token in [access, refresh, &users_key] {
        assert_eq!(introspect(&app, &service, token).await, json!({ "active": false }));
    }
    let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let denied = post(&app, "/oauth/token", None, &pairs).await;
    assert_eq!(error(&denied), (400, "invalid_grant".to_owned()));
    assert_eq!(denied.json()["error_description"], "this account is disabled");
}

#[tokio::test]
async fn revocation_ends_the_session() {
    let app = TestApp::start().await;
    app.user("ann").await;
    for name in ["access_token", "refresh_token"] {
        let tokens = login(&app, None).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(app.query(Some(access), VIEWER, json!({})).await.status, 200);
        let pairs = [
            ("token", tokens[name].as_str().unwrap()),
            ("token_type_hint", "access_token"),
        ];
        for _ in 0..2 {
            let answer = post(&app, "/oauth/revoke", None, &pairs).await;
            assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""), "{name}");
        }
        assert_eq!(app.query(Some(access), VIEWER, json!({})).await.status, 401, "{name}");
        let refresh = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ];
        let answer = post(&app, "/oauth/token", None, &refresh).await;
        assert_eq!(error(&answer), (400, "invalid_grant".to_owned()));
    }
    assert_eq!(
        post(&app, "/oauth/revoke", None, &[("token", "unknown")]).await.status,
        200
    );
    let ann = app.login("ann").await;
    let key = app.api_key(&ann, &["USER"]).await;
    for (authorization, pairs, status, code) in [
        (None, vec![], 400, "invalid_request"),
        (None, vec![("token", key.as_str())], 400, "unsupported_token_type"),
        (
            Some(basic("pk_x")),
            vec![("token", ann.as_str())],
            401,
            "invalid_client",
        ),
    ] {
        let answer = post(&app, "/oauth/revoke", authorization.as_deref(), &pairs).await;
        assert_eq!(error(&answer), (status, code.to_owned()));
    }
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 200);
    let answer = post(&app, "/oauth/revoke", Some(&basic(&key)), &[("token", &ann)]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 401);
}

#[tokio::test]
async fn the_endpoints_have_the_limits_and_the_cors_of_the_token_endpoint() {
    let origin = "https://app.example.com";
    let app = TestApp::with(Config {
        transport: config::Transport {
            cors_origins: vec![origin.to_owned()],
            ..config::Transport::default()
        },
        ..Config::default()
    })
    .await;
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        let long = "x".repeat(20_000);
        assert_eq!(post(&app, path, None, &[("token", &long)]).await.status, 413, "{path}");
        let answer = app.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.headers[header::ALLOW], "POST");
        let json_body = Request::post(path).header("content-type", "application/json");
        let answer = app.send(json_body.body(Body::from("{}")).unwrap()).await;
        assert_eq!(error(&answer), (400, "invalid_request".to_owned()));
        let twice = post(&app, path, None, &[("token", "a"), ("token", "b")]).await;
        assert_eq!(error(&twice), (400, "invalid_request".to_owned()));
        let asked = Request::post(path).header("origin", origin);
        let answer = app.send(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], origin);
    }
}

#[tokio::test]
async fn an_invalid_token_does_not_refuse_what_needs_none() {
    let app = TestApp::start().await;
    let old = app.user("ann").await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    let ask = async |authorization: &str, body: &Value| {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", authorization);
        app.send(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let stale = [
        format!("Bearer {old}"),
        "Bearer x".to_owned(),
        "Basic eA==".to_owned(),
        "Bearer".to_owned(),
    ];
    let input = format!("{{ username: \"ann\", password: \"{PASSWORD}\" }}");
    let login = format!("login(input: {input}) {{ user {{ id }} tokens {{ refreshToken }} }}");
    for (round, authorization) in stale.iter().enumerate() {
        let answer = ask(authorization, &json!({ "query": format!("mutation {{ {login} }}") })).await;
        assert_eq!(answer.data("/login/user/id"), "ann", "{authorization}");
        let token = answer.data("/login/tokens/refreshToken");
        let answer = ask(
            authorization,
            &json!({
                "query": "mutation Q { logout { endedSessions } } mutation R($t: String) { ...F __typename } \
                          fragment F on Mutation { refresh(input: { refreshToken: $t }) { user { id } } }",
                "operationName": "R",
                "variables": { "t": token },
            }),
        )
        .await;
        assert_eq!(answer.data("/refresh/user/id"), "ann", "{authorization}");
        let register = format!(
            "mutation {{ register(input: {{ username: \"bob{round}\", email: \"bob{round}@example.com\", \
             password: \"{PASSWORD}\" }}) {{ user {{ id }} }} }}"
        );
        let answer = ask(authorization, &json!({ "query": register })).await;
        assert_eq!(answer.data("/register/user/id"), format!("bob{round}"));

        for query in [
            format!("mutation {{ {login} logout {{ endedSessions }} }}"),
            format!("mutation {{ {login} ... {{ logout {{ endedSessions }} }} }}"),
            "mutation { logout { endedSessions } }".to_owned(),
            VIEWER.to_owned(),
            "{ __typename }".to_owned(),
            "mutation {".to_owned(),
            String::new(),
        ] {
            let answer = ask(authorization, &json!({ "query": query })).await;
            assert_eq!(answer.status, 401, "{authorization}: {query}");
            assert_eq!(answer.codes(), ["UNAUTHENTICATED"]);
        }
        assert_eq!(ask(authorization, &json!([])).await.status, 401);
        assert_eq!(ask(authorization, &json!({ "variables": {} })).await.status, 401);
    }
}
