//! The server as a subgraph of Apollo Federation: composition with another subgraph by the library that routers use, and
//! the guard for entities.

use axum::body::Body;
use axum::http::Request;
use portcullis::config::{self, Config};
use portcullis::graphql::schema::subgraph_sdl;
use portcullis::graphql::sdl;
use portcullis_test_support::node;
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};
use crate::process::{portcullis, run};

const ENTITIES: &str = "query($representations: [_Any!]!) {
    _entities(representations: $representations) { __typename ... on User { id username email } ... on Job { id title } } }";

async fn subgraph() -> TestApp {
    TestApp::with(Config {
        schema: config::Schema {
            federation: true,
            ..config::Schema::default()
        },
        ..Config::default()
    })
    .await
}

fn user(id: &str) -> Value {
    json!({ "__typename": "User", "id": id })
}

fn job(id: &str) -> Value {
    json!({ "__typename": "Job", "id": id })
}

async fn entities(app: &TestApp, token: Option<&str>, representations: Value) -> Answer {
    app.query(token, ENTITIES, json!({ "representations": representations }))
        .await
}

/// The result for each representation: an identifying field, `null`, or the error code and the missing permission.
fn outcomes(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    let found = answer.data("/_entities");
    let found = found.as_array().unwrap().iter().enumerate();
    let outcomes = found.map(|(at, entity)| {
        let error = errors.iter().find(|error| error["path"] == json!(["_entities", at]));
        if let Some(error) = error {
            assert!(entity.is_null() && error["locations"][0]["line"] == 2, "{body}");
            let details = ["code", "requires"].map(|name| error["extensions"].get(name).and_then(Value::as_str));
            return details.into_iter().flatten().collect::<Vec<_>>().join(" ");
        }
        match (&entity["email"], &entity["title"]) {
            (Value::String(text), _) | (_, Value::String(text)) => text.clone(),
            _ => entity.to_string(),
        }
    });
    outcomes.collect()
}

/// Adds the job `cook` to the catalogue: an admin's token.
async fn with_a_job(app: &TestApp) -> String {
    let admin = app.admin().await;
    let add = "mutation { addJobs(input: { jobs: [{ id: \"cook\", title: \"Cook\", source: { text: \"Must cook every day.\" } }] }) {
        errors { code } } }";
    let added = app.query(Some(&admin), add, json!({})).await;
    assert_eq!(added.data("/addJobs/errors"), json!([]));
    admin
}

#[tokio::test]
async fn the_subgraph_composes_with_another() {
    let app = subgraph().await;
    let answer = app.query(None, "{ _service { sdl } }", json!({})).await;
    let sdl = answer.data("/_service/sdl");
    assert_eq!(sdl, subgraph_sdl());
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), sdl.as_str().unwrap()).unwrap();
    let composed = node::run("compose.mjs", &[file.path().to_str().unwrap()]);
    assert_eq!(composed["hints"], json!([]));
    assert_eq!(composed["roots"], json!(["Query", "Mutation", "Subscription"]));
    // The fields of both subgraphs are merged into one type, and the access directives are kept.
    let field = |pointer: &str| {
        let field = composed.pointer(pointer).and_then(Value::as_str);
        field.unwrap_or_else(|| panic!("no {pointer}: {composed}")).to_owned()
    };
    assert!(field("/user/notes").contains("graph: NOTES"), "{composed}");
    let email = field("/user/email");
    for part in [
        "graph: PORTCULLIS",
        "@auth(requires: READ_USERS, orOwner: true)",
        "@sensitive",
    ] {
        assert!(email.contains(part), "{part}: {email}");
    }
    assert!(field("/user/apiKeys").contains("@semanticNonNull"), "{composed}");
    assert!(field("/job/title").contains("graph: PORTCULLIS"), "{composed}");
    assert!(field("/job/notes").contains("graph: NOTES"), "{composed}");
}

#[tokio::test]
async fn entities_are_in_the_order_of_their_representations() {
    let app = subgraph().await;
    let admin = with_a_job(&app).await;
    app.user("ann").await;
    let asked = json!([
        job("cook"),
        user("ann"),
        user("nobody"),
        job("nothing"),
        job("no id!"),
        user("ann")
    ]);
    let ann = json!({ "__typename": "User", "id": "ann", "username": "ann", "email": "ann@example.com" });
    let cook = json!({ "__typename": "Job", "id": "cook", "title": "Cook" });
    let expected = json!({ "data": { "_entities": [cook, ann, null, null, null, ann] } });
    assert_eq!(entities(&app, Some(&admin), asked).await.json(), expected);
    // As a literal, and with fields beyond the key, as routers send them.
    let inline = "{ _entities(representations: [{ __typename: \"User\", id: \"ann\", notes: [{ text: \"x\" }] }]) {
        ... on User { username } } }";
    let answer = app.query(Some(&admin), inline, json!({})).await;
    assert_eq!(
        answer.json(),
        json!({ "data": { "_entities": [{ "username": "ann" }] } })
    );
    let none = entities(&app, Some(&admin), json!([])).await;
    assert_eq!(none.json(), json!({ "data": { "_entities": [] } }));
}

#[tokio::test]
async fn an_entity_is_guarded_like_the_field_that_returns_it() {
    let app = subgraph().await;
    let admin = with_a_job(&app).await;
    let ann = app.user("ann").await;
    let key = app.api_key(&ann, &["USER"]).await;
    app.change(
        &admin,
        "mutation { putRole(name: \"CLERK\", permissions: [READ_USERS]) { errors { message } } }",
    )
    .await;
    app.user("bob").await;
    let give = "mutation { setUserRoles(input: { id: \"bob\", roles: [\"CLERK\"] }) { errors { code } } }";
    app.query(Some(&admin), give, json!({})).await;
    let bob = app.login("bob").await;

    let asked = json!([user("admin"), user("nobody"), user("ann"), job("cook"), job("nothing")]);
    let (no_user, no_job) = ("FORBIDDEN READ_USERS", "FORBIDDEN READ_JOBS");
    for (token, expected) in [
        (None, ["UNAUTHENTICATED"; 5]),
        (Some(&ann), [no_user, no_user, "ann@example.com", "Cook", "null"]),
        // An API key is its owner, as for `viewer`.
        (Some(&key), [no_user, no_user, "ann@example.com", "Cook", "null"]),
        (
            Some(&bob),
            ["admin@localhost", "null", "ann@example.com", no_job, no_job],
        ),
        (
            Some(&admin),
            ["admin@localhost", "null", "ann@example.com", "Cook", "null"],
        ),
    ] {
        let token = token.map(String::as_str);
        let answer = entities(&app, token, asked.clone()).await;
        assert_eq!(outcomes(&answer), expected, "{}", answer.text);
        // The same decision as for the fields `user` and `job`; the caller's own account is selected by `viewer`.
        let fields =
            "{ admin: user(id: \"admin\") { id } nobody: user(id: \"nobody\") { id } job(id: \"cook\") { id } }";
        let fields = app.query(token, fields, json!({})).await;
        let codes = [0, 1, 3].map(|at| expected[at].split(' ').next().unwrap_or_default());
        let refused = codes
            .into_iter()
            .filter(|code| ["UNAUTHENTICATED", "FORBIDDEN"].contains(code));
        assert_eq!(fields.codes(), refused.collect::<Vec<_>>());
    }
    let events = "{ auditEvents(filter: { refused: true }) { nodes { field refusal actor } } }";
    let events = app.query(Some(&admin), events, json!({})).await;
    let nodes = events.data("/auditEvents/nodes");
    let noted = json!({ "field": "Query.job", "refusal": "FORBIDDEN", "actor": "bob" });
    assert!(nodes.as_array().unwrap().contains(&noted), "{nodes}");
}

#[tokio::test]
async fn an_invalid_representation_does_not_affect_the_others() {
    let app = subgraph().await;
    let admin = app.admin().await;
    for wrong in [
        json!({}),
        json!(7),
        json!(["User", "admin"]),
        json!({ "__typename": "User" }),
        json!({ "id": "admin" }),
        json!({ "__typename": "User", "id": true }),
        json!({ "__typename": "User", "id": { "id": "admin" } }),
        json!({ "__typename": 7, "id": "admin" }),
        json!({ "__typename": "Role", "id": "ADMIN" }),
        json!({ "__typename": "user", "id": "admin" }),
    ] {
        let answer = entities(&app, Some(&admin), json!([wrong, user("admin")])).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
        assert_eq!(answer.data("/_entities/0"), json!(null));
        assert_eq!(answer.data("/_entities/1/id"), "admin");
    }
    for missing in [json!(null), json!([null])] {
        let answer = entities(&app, Some(&admin), missing).await;
        assert_eq!(answer.codes().len(), 1, "{}", answer.text);
    }
}

#[tokio::test]
async fn entities_are_limited_and_charged() {
    let app = subgraph().await;
    let admin = app.admin().await;
    let ask = |count: usize| {
        let variables = json!({ "representations": vec![user("admin"); count] });
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {admin}"))
            .header("x-portcullis-cost", "1");
        let body = json!({ "query": ENTITIES, "variables": variables }).to_string();
        app.send(request.body(Body::from(body)).unwrap())
    };
    let most = ask(100).await;
    assert_eq!(most.json()["extensions"], json!({ "cost": 101 }));
    assert_eq!(most.data("/_entities").as_array().unwrap().len(), 100);
    let more = ask(101).await;
    assert_eq!(more.codes(), ["BAD_USER_INPUT"], "{}", more.text);
    assert_eq!(more.json()["data"], json!(null));
    assert_eq!(ask(6_000).await.codes(), ["QUERY_TOO_COMPLEX"]);
}

#[tokio::test]
async fn without_introspection_entities_are_found_and_the_sdl_is_not_shown() {
    let app = TestApp::with(Config {
        schema: config::Schema {
            federation: true,
            introspection: false,
            ..config::Schema::default()
        },
        ..Config::default()
    })
    .await;
    let admin = app.admin().await;
    let answer = app.query(Some(&admin), "{ _service { sdl } }", json!({})).await;
    assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}", answer.text);
    let found = entities(&app, Some(&admin), json!([user("admin")])).await;
    assert_eq!(found.data("/_entities/0/id"), "admin");
}

#[tokio::test]
async fn with_trusted_documents_only_entities_need_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!({ "entities": ENTITIES }).to_string()).unwrap();
    let app = TestApp::with(Config {
        schema: config::Schema {
            federation: true,
            trusted_documents: Some(file.path().to_owned()),
            trusted_documents_only: true,
            ..config::Schema::default()
        },
        ..Config::default()
    })
    .await;
    for text in [ENTITIES, "{ _service { sdl } }"] {
        let variables = json!({ "representations": [user("admin")] });
        let refused = app.query(None, text, variables).await;
        assert_eq!(refused.codes(), ["PERSISTED_QUERY_ID_REQUIRED"]);
    }
    let named = json!({ "documentId": "entities", "variables": { "representations": [user("admin")] } });
    let refused = app.post(None, &named).await;
    assert_eq!(refused.codes(), ["UNAUTHENTICATED"]);
    assert_eq!(refused.data("/_entities"), json!([null]));
}

#[tokio::test]
async fn without_the_setting_the_schema_has_no_federation_types() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for query in [
        "{ _service { sdl } }",
        "{ _entities(representations: []) { __typename } }",
    ] {
        let answer = app.query(Some(&admin), query, json!({})).await;
        assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}", answer.text);
    }
    let types = app.query(None, "{ __schema { types { name } } }", json!({})).await;
    for name in ["_Any", "_Entity", "_Service"] {
        assert!(!types.text.contains(&format!("\"{name}\"")), "{name}");
    }
    let can = "{ viewerCan(fields: [\"Query._service\", \"Query._entities\"]) { allowed } }";
    let can = app.query(Some(&admin), can, json!({})).await;
    assert_eq!(
        can.data("/viewerCan"),
        json!([{ "allowed": false }, { "allowed": false }])
    );
    assert_eq!(app.gateway.sdl(), sdl());
    let on = subgraph().await;
    for part in ["_entities(", "union _Entity = ", "type _Service {", "scalar _Any"] {
        assert!(!sdl().contains(part) && on.gateway.sdl().contains(part), "{part}");
    }
}

#[test]
fn the_command_line_sets_federation_and_prints_the_subgraph() {
    let data = tempfile::tempdir().unwrap();
    let printed = |command: &mut std::process::Command| String::from_utf8(run(command).stdout).unwrap();
    assert!(printed(portcullis(data.path()).arg("check-config")).contains("federation = false"));
    let by_flag = printed(portcullis(data.path()).args(["check-config", "--federation", "true"]));
    let by_environment = printed(
        portcullis(data.path())
            .env("PORTCULLIS_FEDERATION", "true")
            .arg("check-config"),
    );
    assert!(by_flag.contains("federation = true") && by_environment.contains("federation = true"));
    let subgraph = printed(portcullis(data.path()).args(["schema", "--subgraph"]));
    assert_eq!(subgraph, subgraph_sdl());
}
