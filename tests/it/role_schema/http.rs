//! `GET /schema.graphql?role=` and `portcullis schema --role`, for built-in and stored roles.

use std::collections::BTreeSet;
use std::process::Command;

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use portcullis::access::{BUILT_IN_ROLES, Permissions};
use portcullis::config::{self, Config};
use portcullis::graphql::role_schema::{RoleSchema, actor_with, actor_with_roles};
use portcullis::graphql::sdl;
use portcullis_test_support::PASSWORD;
use serde_json::json;

use super::printed::PrintedSchema;
use crate::harness::{Answer, TestApp};
use crate::process::{portcullis, run, start};

/// The access decisions of the real server, by field and caller.
const MATRIX: &str = include_str!("../snapshots/it__access__access_matrix.snap");

/// Fields of a caller's own account: for a guest, the queries of the matrix end at `viewer`, which is null, so that no
/// decision is seen.
const OF_AN_ACCOUNT: [&str; 6] = [
    "User.email",
    "User.apiKeys",
    "User.sessionCount",
    "Viewer.sessions",
    "ApiKey.",
    "Session.",
];

/// A field without an access rule, which refuses guests by itself: a subscription has no null to answer with.
const REFUSED_BY_ITSELF: &str = "Subscription.viewer";

async fn get(app: &TestApp, query: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::get(format!("/schema.graphql{query}"));
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn get_as(app: &TestApp, query: &str, token: &str) -> Answer {
    get(app, query, &[("authorization", &format!("Bearer {token}"))]).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Vec<&str> {
    headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect()
}

/// The schema that callers with these roles may use, by the built-in permissions.
fn schema_of(roles: &[&str]) -> String {
    let known = BUILT_IN_ROLES.map(|(name, permissions)| (name.to_owned(), permissions));
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    RoleSchema::new(&sdl())
        .unwrap()
        .sdl(&actor_with_roles(&roles, &known).unwrap())
}

#[tokio::test]
async fn the_schema_of_a_caller_equals_its_column_of_the_access_matrix() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let user_key = app.api_key(&user, &["USER"]).await;
    let admin_key = app.api_key(&admin, &["ADMIN"]).await;
    let rows: Vec<Vec<&str>> = MATRIX
        .lines()
        .skip_while(|line| !line.starts_with("field GUEST"))
        .skip(1)
        .map(|line| line.split(' ').collect())
        .collect();
    assert!(rows.len() > 250, "{} rows", rows.len());
    let callers = [None, Some(&user), Some(&admin), Some(&user_key), Some(&admin_key)];
    for (column, token) in callers.into_iter().enumerate() {
        let answer = match token {
            Some(token) => get_as(&app, "?role=mine", token).await,
            None => get(&app, "?role=GUEST", &[]).await,
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
        let mut printed = PrintedSchema::parse(&answer.text).fields;
        let allowed = rows.iter().filter(|row| row[column + 1] == "allowed");
        let mut allowed: BTreeSet<String> = allowed.map(|row| row[0].to_owned()).collect();
        if token.is_none() {
            allowed.retain(|field| !OF_AN_ACCOUNT.iter().any(|own| field.starts_with(own)));
            assert!(printed.remove(REFUSED_BY_ITSELF));
        }
        assert_eq!(printed, allowed, "column {column}");
    }
}

#[tokio::test]
async fn a_built_in_role_is_printed_for_everyone() {
    let app = TestApp::start().await;
    let whole = get(&app, "", &[]).await;
    assert_eq!(whole.text, sdl());
    for (query, roles) in [
        ("?role=USER", &["USER"][..]),
        ("?role=GUEST", &["GUEST"]),
        ("?role=GUEST&role=USER", &["GUEST", "USER"]),
    ] {
        let answer = get(&app, query, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.text),
            (200, &schema_of(roles)),
            "{query}"
        );
        assert_eq!(
            text(&answer.headers, header::CONTENT_TYPE),
            ["text/plain; charset=utf-8"]
        );
        assert_eq!(text(&answer.headers, header::CACHE_CONTROL), ["no-cache"]);
        // Credentials do not count, not even wrong ones.
        let signed_in = get_as(&app, query, "not-a-token").await;
        assert_eq!(signed_in.text, answer.text, "{query}");
        let etag = text(&answer.headers, header::ETAG)[0];
        assert_ne!(etag, text(&whole.headers, header::ETAG)[0], "{query}");
        let again = get(&app, query, &[("if-none-match", etag)]).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{query}");
    }
    assert!(get(&app, "?role=ADMIN", &[]).await.text == sdl());
    let unchanged = text(&whole.headers, header::ETAG)[0];
    assert_eq!(
        get(&app, "?role=ADMIN", &[("if-none-match", unchanged)]).await.status,
        304
    );
}

#[tokio::test]
async fn a_caller_gets_the_schema_of_its_own_permissions() {
    let app = TestApp::start().await;
    let user = app.user("ann").await;
    let own = get_as(&app, "?role=mine", &user).await;
    assert_eq!(own.text, schema_of(&["USER"]));
    assert_eq!(text(&own.headers, header::CACHE_CONTROL), ["private, no-cache"]);
    let vary = text(&own.headers, header::VARY).join(", ");
    assert!(vary.contains("authorization") && vary.contains("cookie"), "{vary}");
    // A key manages neither the account nor its keys.
    let key = app.api_key(&user, &["USER"]).await;
    let key = get_as(&app, "?role=mine", &key).await.text;
    assert!(own.text.contains("createApiKey(") && !key.contains("createApiKey("));

    let guest = get(&app, "?role=mine", &[]).await;
    assert_eq!(
        (guest.status.as_u16(), guest.codes()),
        (401, vec!["UNAUTHENTICATED".to_owned()])
    );
    assert_eq!(text(&guest.headers, header::WWW_AUTHENTICATE), ["Bearer"]);
    let forged = get_as(&app, "?role=mine", "not-a-token").await;
    assert_eq!(forged.status, 401);
    assert!(text(&forged.headers, header::WWW_AUTHENTICATE)[0].contains("invalid_token"));
    let both = get_as(&app, "?role=mine&role=USER", &user).await;
    assert_eq!(
        (both.status.as_u16(), both.codes()),
        (400, vec!["BAD_USER_INPUT".to_owned()])
    );
}

#[tokio::test]
async fn a_stored_role_is_known_to_its_holders_and_to_managers_of_roles() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    app.user("bob").await;
    let put = "mutation { putRole(name: \"AUDITOR\", permissions: [READ_AUDIT]) { errors { code } } }";
    app.change(&admin, put).await;
    let give = "mutation { setUserRoles(input: { id: \"bob\", roles: [\"AUDITOR\"] }) { errors { code } } }";
    app.change(&admin, give).await;
    let bob = app.login("bob").await;
    let auditor = RoleSchema::new(&sdl()).unwrap();
    let auditor = auditor.sdl(&actor_with(
        &[],
        Permissions::of(&[portcullis::access::Permission::ReadAudit]),
    ));
    for token in [&admin, &bob] {
        let answer = get_as(&app, "?role=AUDITOR", token).await;
        assert_eq!((answer.status.as_u16(), &answer.text), (200, &auditor));
        assert_eq!(text(&answer.headers, header::CACHE_CONTROL), ["private, no-cache"]);
    }
    assert_eq!(get_as(&app, "?role=mine", &bob).await.text, auditor);
    // To others, it is a role like any that does not exist.
    for query in [
        "?role=AUDITOR",
        "?role=NOTHING",
        "?role=USER&role=AUDITOR",
        "?role=",
        "?role=user",
    ] {
        let (guest, user) = (get(&app, query, &[]).await, get_as(&app, query, &ann).await);
        for answer in [guest, user] {
            assert_eq!(
                (answer.status.as_u16(), answer.codes()),
                (400, vec!["BAD_USER_INPUT".to_owned()]),
                "{query}"
            );
            let message = answer.json()["errors"][0]["message"].clone();
            assert_eq!(message, "unknown role; allowed: ADMIN, GUEST, USER", "{query}");
        }
    }
    let known = get_as(&app, "?role=NOTHING", &admin).await.json()["errors"][0]["message"].clone();
    assert_eq!(known, "unknown role; allowed: ADMIN, AUDITOR, GUEST, USER");
    // The permissions of a built-in role are those of the store.
    let put = "mutation { putRole(name: \"USER\", permissions: []) { errors { code } } }";
    app.change(&admin, put).await;
    let user = get(&app, "?role=USER", &[]).await.text;
    assert_eq!(
        user,
        RoleSchema::new(&sdl())
            .unwrap()
            .sdl(&actor_with(&[], Permissions::NONE))
    );
}

#[tokio::test]
async fn without_introspection_no_part_of_the_schema_is_shown() {
    let mut config = Config::default();
    config.schema = config::Schema {
        introspection: false,
        ..config.schema
    };
    let app = TestApp::with(config).await;
    let admin = app.admin().await;
    for query in ["", "?role=USER", "?role=mine", "?role=NOTHING"] {
        assert_eq!(get_as(&app, query, &admin).await.status, 404, "{query}");
    }
}

#[test]
fn the_command_prints_the_schema_of_roles_and_permissions() {
    let schema = |arguments: &[&str]| {
        run(Command::new(env!("CARGO_BIN_EXE_portcullis"))
            .arg("schema")
            .args(arguments))
    };
    let printed = |arguments: &[&str]| {
        let output = schema(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(printed(&["--role", "USER"]), schema_of(&["USER"]));
    assert_eq!(printed(&["--role", "GUEST"]), schema_of(&["GUEST"]));
    assert_eq!(
        printed(&["--role", "GUEST", "--role", "USER"]),
        schema_of(&["GUEST", "USER"])
    );
    assert!(printed(&["--role", "ADMIN"]) == sdl());
    let every: Vec<&str> = Permissions::ALL
        .iter()
        .flat_map(|one| ["--permission", one.name()])
        .collect();
    assert!(printed(&every) == sdl());
    let predict = printed(&["--permission", "PREDICT"]);
    assert!(predict.contains("\tpredict(") && !predict.contains("\tmatchResume("));
    for (arguments, allowed) in [
        (&["--role", "NOTHING"][..], "ADMIN, USER, GUEST"),
        (&["--role", "mine"], "ADMIN, USER, GUEST"),
        (&["--permission", "NOTHING"], "PREDICT, MATCH_RESUME"),
        (&["--role", "USER", "--permission", "PREDICT"], "cannot be used with"),
        (&["--role", "USER", "--access"], "cannot be used with"),
        (&["--permission", "PREDICT", "--subgraph"], "cannot be used with"),
    ] {
        let refused = schema(arguments);
        let message = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(
            refused.stdout.is_empty() && message.contains(allowed),
            "{arguments:?}: {message}"
        );
    }
}

#[test]
fn the_command_knows_the_roles_of_the_store_in_a_data_folder() {
    let data = tempfile::tempdir().unwrap();
    let schema = |role: &str| run(portcullis(data.path()).args(["schema", "--role", role]));
    // A folder without a store has the built-in roles, and none is created.
    assert!(schema("USER").status.success());
    assert_eq!(schema("AUDITOR").status.code(), Some(2));
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);

    let server = start(data.path());
    let login = server.login("admin", PASSWORD);
    let put = "mutation { putRole(name: \"AUDITOR\", permissions: [READ_AUDIT]) { errors { code } } }";
    let put = server.graphql(login["tokens"]["accessToken"].as_str(), put, &json!({}));
    assert_eq!(put["data"]["putRole"]["errors"], json!([]), "{put}");
    server.stop();

    let output = schema("AUDITOR");
    assert!(output.status.success(), "{output:?}");
    let printed = PrintedSchema::parse(std::str::from_utf8(&output.stdout).unwrap()).fields;
    assert!(
        printed.contains("Query.auditEvents") && !printed.contains("Query.users"),
        "{printed:?}"
    );
    let unknown = String::from_utf8(schema("NOTHING").stderr).unwrap();
    assert!(
        unknown.contains("unknown role; allowed: ADMIN, AUDITOR, GUEST, USER"),
        "{unknown}"
    );
}
