//! Every field selected over each transport and with each kind of credential: the access decision must not depend on
//! them. The decisions for a plain POST are the table of `access`; each transport has tests of its own.

use std::fmt::Write as _;

use async_graphql::parser::types::FieldDefinition;
use axum::body::Body;
use axum::http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use portcullis::config::{self, Config};
use portcullis::graphql::sdl;
use portcullis::http::Settings;
use portcullis_test_support::field_queries::{FieldQueries, decision};
use portcullis_test_support::node_issuer::{AUDIENCE, NodeIssuer};
use portcullis_test_support::websocket::SocketClient;
use serde_json::{Value, json};

use crate::harness::TestApp;

/// Fields that need a session, which neither an API key nor a token of a foreign issuer has.
const OWN_SESSION: [&str; 5] = [
    "endSession",
    "changePassword",
    "eraseMe",
    "createApiKey",
    "removeApiKey",
];

/// A document, the path of its field, and the decision for a plain POST.
struct Case {
    document: String,
    path: Vec<String>,
    signed_in: bool,
    expected: &'static str,
}

impl Case {
    fn is_query(&self) -> bool {
        self.document.starts_with("query")
    }

    fn check(&self, transport: &str, answer: &Value, wrong: &mut String) {
        self.check_for(self.expected, transport, answer, wrong);
    }

    fn check_for(&self, expected: &str, transport: &str, answer: &Value, wrong: &mut String) {
        let found = decision(answer, &self.path);
        if found != expected || (answer.get("data").is_none() && answer.get("errors").is_some()) {
            writeln!(
                wrong,
                "{transport}: {} is {found}, not {expected}: {answer}",
                self.document
            )
            .unwrap();
        }
    }
}

fn post(token: Option<&str>, body: &Value) -> Request<Body> {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request.body(Body::from(body.to_string())).unwrap()
}

/// Every field that does not end the session, with the decision for a token.
async fn cases(app: &TestApp, queries: &FieldQueries, token: Option<&str>) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut times = 0;
    let fields = queries
        .objects
        .iter()
        .flat_map(|(ty, fields)| fields.iter().map(move |field| (ty, field)));
    for (ty, field) in fields {
        let document = queries.document(ty, field);
        // Subscriptions have fewer transports, and tests of their own.
        if document.contains("logout") || document.starts_with("subscription") {
            continue;
        }
        let path = queries.path(ty, field);
        let answer = app.send(post(token, &json!({ "query": document }))).await.json();
        times += check_times(&answer["data"]);
        let requires_session =
            |field: &FieldDefinition| field.directives.iter().any(|d| d.node.name.node == "signedIn");
        let signed_in = queries.path_to(ty).iter().any(requires_session) || requires_session(field);
        cases.push(Case {
            expected: decision(&answer, &path),
            document,
            path,
            signed_in,
        });
    }
    assert!(cases.len() > 150, "{} fields", cases.len());
    assert!(token.is_none() || times > 10, "{times} times");
    cases
}

/// The number of times in a value. Clients whose times have no smaller unit than a millisecond can read all of them.
fn check_times(value: &Value) -> usize {
    match value {
        Value::String(text) if chrono::DateTime::parse_from_rfc3339(text).is_ok() => {
            assert!(
                text.len() == "2026-01-31T23:59:59.000Z".len() && text.ends_with('Z'),
                "{text}"
            );
            1
        }
        Value::Array(items) => items.iter().map(check_times).sum(),
        Value::Object(fields) => fields.values().map(check_times).sum(),
        _ => 0,
    }
}

#[tokio::test]
async fn the_access_decision_does_not_depend_on_the_transport() {
    let issuer = NodeIssuer::start();
    let issuers: toml::Table = issuer.settings().parse().unwrap();
    let app = TestApp::with(Config {
        accounts: config::Accounts {
            issuers: issuers["issuers"].clone().try_into().unwrap(),
            ..config::Accounts::default()
        },
        ..Config::default()
    })
    .await;
    let url = app.listen().await;
    let queries = FieldQueries::new(&sdl());
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let user_key = app.api_key(&user, &["USER"]).await;
    let admin_key = app.api_key(&admin, &["ADMIN"]).await;
    let foreign_user = issuer.token("batch", Some(AUDIENCE)).await;
    let foreign_admin = issuer.token("boss", Some(AUDIENCE)).await;
    let roles = [
        ("GUEST", None),
        ("USER", Some((&user, &user_key, &foreign_user))),
        ("ADMIN", Some((&admin, &admin_key, &foreign_admin))),
    ];
    let mut wrong = String::new();
    for (role, tokens) in roles {
        let token = tokens.map(|(token, ..)| token.as_str());
        let cases = cases(&app, &queries, token).await;
        let mut socket = SocketClient::start(&url, token).await;
        for case in &cases {
            let answer = socket.execute(&case.document).await;
            case.check(&format!("{role} by WebSocket"), &answer, &mut wrong);
        }
        for case in cases.iter().filter(|case| case.is_query()) {
            let mut request = Request::get(format!(
                "/graphql?query={}",
                utf8_percent_encode(&case.document, NON_ALPHANUMERIC)
            ));
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            case.check(&format!("{role} by GET"), &answer.json(), &mut wrong);
        }
        for some in cases.chunks(Settings::MAX_BATCH) {
            let settings = Settings {
                batch_limit: Settings::MAX_BATCH,
                ..app.settings()
            };
            let documents: Vec<_> = some.iter().map(|case| json!({ "query": case.document })).collect();
            let answers = app.send_to(settings, post(token, &json!(documents))).await.json();
            for (case, answer) in some.iter().zip(answers.as_array().unwrap()) {
                case.check(&format!("{role} by batch"), answer, &mut wrong);
            }
        }
        let Some((token, key, foreign)) = tokens else { continue };
        for case in &cases {
            let body = json!({ "query": case.document });
            let mut request = post(None, &body);
            let headers = request.headers_mut();
            let cookie = format!("__Host-portcullis-access={token}");
            headers.insert("cookie", cookie.parse().unwrap());
            headers.insert("x-portcullis-csrf", "1".parse().unwrap());
            case.check(
                &format!("{role} by cookie"),
                &app.send(request).await.json(),
                &mut wrong,
            );

            let expected = if case.signed_in { "FORBIDDEN" } else { case.expected };
            let answer = app.send(post(Some(key), &body)).await.json();
            case.check_for(expected, &format!("{role} by API key"), &answer, &mut wrong);

            let needs =
                |step: &String| OWN_SESSION.contains(&step.as_str()) && !(role == "ADMIN" && step == "removeApiKey");
            let own = case.path.iter().any(needs);
            let expected = if own { "FORBIDDEN" } else { case.expected };
            let answer = app.send(post(Some(foreign), &body)).await.json();
            case.check_for(expected, &format!("{role} by foreign token"), &answer, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
