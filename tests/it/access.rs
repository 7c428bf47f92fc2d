//! The access decision for every field of the schema: generated queries, run as each role, compared with a committed
//! table. The policy itself is tested in `src/access.rs`.

use std::fmt::Write as _;

use portcullis::graphql::sdl;
use portcullis_test_support::field_queries::{FieldQueries, decision, is_guarded};
use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn every_field_is_decided_for_each_role_as_in_the_committed_table() {
    let app = TestApp::start().await;
    let queries = FieldQueries::new(&sdl());
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let user_key = app.api_key(&user, &["USER"]).await;
    let admin_key = app.api_key(&admin, &["ADMIN"]).await;
    let mut table = String::from("field GUEST USER ADMIN key:USER key:ADMIN\n");
    for (ty, fields) in &queries.objects {
        assert!(queries.is_reachable(ty), "no fields lead to {ty}");
        for field in fields {
            let document = queries.document(ty, field);
            let path = queries.path(ty, field);
            let mut row = format!("{ty}.{}", field.name.node);
            for token in [None, Some(&user), Some(&admin), Some(&user_key), Some(&admin_key)] {
                let token = token.map(String::as_str);
                // `logout` ends the session of the request, so it gets one of its own.
                let own_token;
                let token = match token {
                    Some(token) if document.contains("logout") && !token.starts_with("pk_") => {
                        own_token = app.login(if token == admin { "admin" } else { "ann" }).await;
                        Some(own_token.as_str())
                    }
                    token => token,
                };
                let answer = if document.starts_with("subscription") {
                    app.follow(token, &document).await.answer().await
                } else {
                    let answer = app.post(token, &json!({ "query": document })).await;
                    assert!(answer.status.is_success(), "{document}: {}", answer.text);
                    answer.json()
                };
                write!(row, " {}", decision(&answer, &path)).unwrap();
            }
            writeln!(table, "{row}").unwrap();
        }
    }
    insta::assert_snapshot!("access_matrix", table);
}

#[tokio::test]
async fn a_refused_field_is_null_with_an_error_and_its_siblings_are_answered() {
    let app = TestApp::start().await;
    let queries = FieldQueries::new(&sdl());
    let admin = app.admin().await;
    // A user without permissions: one that has the role GUEST.
    let user = app.user("ann").await;
    let demote = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"GUEST\"] }) { errors { code } } }";
    assert_eq!(
        app.query(Some(&admin), demote, json!({}))
            .await
            .data("/setUserRoles/errors"),
        json!([])
    );
    let user = if app
        .post(Some(&user), &json!({ "query": "{ viewer { permissions } }" }))
        .await
        .status
        == 200
    {
        user
    } else {
        app.login("ann").await
    };
    let key = app.api_key(&user, &["GUEST"]).await;
    let mut refused = 0;
    for (ty, fields) in &queries.objects {
        for field in fields {
            if !is_guarded(field) {
                continue;
            }
            let name = field.name.node.as_str();
            for (token, code) in [
                (None, "UNAUTHENTICATED"),
                (Some(user.as_str()), "FORBIDDEN"),
                (Some(key.as_str()), "FORBIDDEN"),
            ] {
                let document = queries.document(ty, field);
                let answer = app.post(token, &json!({ "query": document })).await.json();
                let path = queries.path(ty, field);
                let parent = path[..path.len() - 1]
                    .iter()
                    .fold(&answer["data"], |at, step| &at[step]);
                let Some(parent) = parent.as_object() else {
                    continue;
                };
                assert_eq!(parent["__typename"], json!(ty), "{document}: {answer}");
                assert!(
                    parent.contains_key(name),
                    "{document}: the key {name} is missing: {answer}"
                );
                if decision(&answer, &path) == "allowed" {
                    continue;
                }
                refused += 1;
                assert_eq!(parent[name], json!(null), "{document}: {answer}");
                let errors = answer["errors"].as_array().unwrap();
                assert_eq!(errors.len(), 1, "{document}: {answer}");
                assert_eq!(errors[0]["path"], json!(path), "{document}");
                assert_eq!(errors[0]["extensions"]["code"], code, "{document}");
                assert!(errors[0]["locations"][0]["line"].is_u64(), "{document}: {answer}");
                assert_eq!(
                    errors[0]["extensions"].get("requires").is_some(),
                    code == "FORBIDDEN" && field.directives.iter().any(|d| d.node.name.node == "auth"),
                    "{answer}"
                );
            }
        }
    }
    assert!(refused >= 45, "only {refused} refusals");
}

#[tokio::test]
async fn an_email_is_visible_to_its_owner_and_with_read_users() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let own = app
        .post(Some(&ann), &json!({ "query": "{ viewer { user { email } } }" }))
        .await;
    assert_eq!(
        own.json(),
        json!({ "data": { "viewer": { "user": { "email": "ann@example.com" } } } })
    );
    let all = app
        .post(Some(&admin), &json!({ "query": "{ users { nodes { email } } }" }))
        .await;
    assert_eq!(all.data("/users/nodes/1/email"), "ann@example.com");
    // The email of another account, in the payload of `register`, which anyone may select.
    let register = "mutation { register(input: { username: \"bob\", email: \"bob@example.com\", password: \"correct horse battery\" }) { user { id email } } }";
    let other = app.post(Some(&ann), &json!({ "query": register })).await;
    assert_eq!(other.data("/register/user"), json!({ "id": "bob", "email": null }));
    assert_eq!(other.codes(), ["FORBIDDEN"]);
}

#[tokio::test]
async fn viewer_can_agrees_with_the_guard() {
    let app = TestApp::start().await;
    let queries = FieldQueries::new(&sdl());
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let names: Vec<String> = queries
        .objects
        .iter()
        .filter(|(ty, _)| ["Query", "Mutation", "User"].contains(&ty.as_str()))
        .flat_map(|(ty, fields)| fields.iter().map(move |f| format!("{ty}.{}", f.name.node)))
        .collect();
    let key = app.api_key(&admin, &["ADMIN"]).await;
    for token in [None, Some(user.as_str()), Some(admin.as_str()), Some(key.as_str())] {
        let query = "query($fields: [String!]!) { viewerCan(fields: $fields) { field allowed requires } }";
        let answer = app.query(token, query, json!({ "fields": names })).await;
        for entry in answer.data("/viewerCan").as_array().unwrap() {
            let (ty, name) = entry["field"].as_str().unwrap().split_once('.').unwrap();
            let field = queries.objects[ty].iter().find(|f| f.name.node == name).unwrap();
            if name == "logout" || (ty == "User" && token.is_none()) {
                continue;
            }
            let answer = app
                .post(token, &json!({ "query": queries.document(ty, field) }))
                .await
                .json();
            let allowed = decision(&answer, &queries.path(ty, field)) == "allowed";
            assert_eq!(entry["allowed"], json!(allowed), "{entry} {answer}");
        }
    }
    let unknown = app
        .query(
            None,
            "{ viewerCan(fields: [\"Query.nothing\", \"x\"]) { allowed requires } }",
            json!({}),
        )
        .await;
    assert_eq!(
        unknown.data("/viewerCan"),
        json!([{ "allowed": false, "requires": null }, { "allowed": false, "requires": null }])
    );
}

#[tokio::test]
async fn user_access_agrees_with_viewer_can_of_the_account() {
    const FIELDS: &str = "{ decision { field allowed requires } enabled roles { role permissions grants } }";
    let access_query = format!("query($id: ID!, $field: String!) {{ userAccess(id: $id, field: $field) {FIELDS} }}");
    let app = TestApp::start().await;
    let queries = FieldQueries::new(&sdl());
    let admin = app.admin().await;
    let mut names: Vec<String> = queries
        .objects
        .iter()
        .flat_map(|(ty, fields)| fields.iter().map(move |f| format!("{ty}.{}", f.name.node)))
        .collect();
    names.extend(["Query.nothing".to_owned(), "x".to_owned(), String::new()]);
    let put = "mutation { putRole(name: \"AUDITOR\", permissions: [READ_AUDIT, READ_USERS]) { errors { code } } }";
    app.change(&admin, put).await;
    let mut allowed = std::collections::BTreeSet::new();
    for (id, roles) in [
        ("ann", r#"["USER"]"#),
        ("bob", r#"["GUEST"]"#),
        ("cleo", "[]"),
        ("dan", r#"["AUDITOR", "USER"]"#),
        ("eve", r#"["ADMIN"]"#),
    ] {
        app.user(id).await;
        let set =
            format!("mutation {{ setUserRoles(input: {{ id: \"{id}\", roles: {roles} }}) {{ errors {{ code }} }} }}");
        app.change(&admin, &set).await;
        let own = app.login(id).await;
        let mut own_decisions = Vec::new();
        for some in names.chunks(256) {
            let query = "query($fields: [String!]!) { viewerCan(fields: $fields) { field allowed requires } }";
            let answer = app.query(Some(&own), query, json!({ "fields": some })).await;
            own_decisions.extend(answer.data("/viewerCan").as_array().unwrap().clone());
        }
        let mut accesses = Vec::new();
        for some in names.chunks(30) {
            let select = |(n, field)| format!("a{n:02}: userAccess(id: {id:?}, field: {field:?}) {{ ...access }} ");
            let selections: String = some.iter().enumerate().map(select).collect();
            let query = format!("{{ {selections} }} fragment access on UserAccess {FIELDS}");
            let answer = app.query(Some(&admin), &query, json!({})).await.data("");
            let found = answer.as_object().unwrap().clone();
            assert_eq!(found.len(), some.len());
            accesses.extend(found.into_values());
        }
        for (own, access) in own_decisions.iter().zip(&accesses) {
            assert_eq!(&access["decision"], own, "{id}");
            assert_eq!(access["enabled"], true);
            let granted = access["roles"]
                .as_array()
                .unwrap()
                .iter()
                .any(|role| role["grants"] == true);
            if own["requires"].is_string() && !own["field"].as_str().unwrap().starts_with("User.") {
                assert_eq!(json!(granted), own["allowed"], "{id}: {access}");
            }
            for role in access["roles"].as_array().unwrap() {
                let has = role["permissions"].as_array().unwrap().contains(&own["requires"]);
                assert_eq!(
                    role["grants"],
                    json!(has || own["requires"].is_null()),
                    "{id}: {access}"
                );
            }
        }
        assert_eq!((own_decisions.len(), accesses.len()), (names.len(), names.len()));
        allowed.insert(own_decisions.iter().filter(|own| own["allowed"] == true).count());
        let toggle =
            format!("mutation {{ toggleUser(input: {{ id: \"{id}\", enabled: false }}) {{ errors {{ code }} }} }}");
        app.change(&admin, &toggle).await;
        for field in ["Query.service", "Query.predict", "Mutation.changePassword"] {
            let answer = app
                .query(Some(&admin), &access_query, json!({ "id": id, "field": field }))
                .await;
            let (decision, enabled) = (answer.data("/userAccess/decision"), answer.data("/userAccess/enabled"));
            assert_eq!(
                (&decision["allowed"], &enabled),
                (&json!(false), &json!(false)),
                "{id} {field}"
            );
        }
    }
    assert!(allowed.len() >= 4, "{allowed:?}");
    let unknown = app
        .query(
            Some(&admin),
            &access_query,
            json!({ "id": "nobody-here", "field": "Query.users" }),
        )
        .await;
    assert_eq!((unknown.data("/userAccess"), unknown.codes()), (json!(null), vec![]));
    let long = json!({ "id": "ann", "field": "Q".repeat(201) });
    assert_eq!(
        app.query(Some(&admin), &access_query, long).await.codes(),
        ["BAD_USER_INPUT"]
    );
}

#[tokio::test]
async fn the_last_change_of_an_access_is_in_the_trail() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.user("ann").await;
    let last = async |token: &str| {
        let query =
            "{ userAccess(id: \"ann\", field: \"Query.users\") { lastChange { action actor subject refusal } } }";
        app.query(Some(token), query, json!({})).await
    };
    let expect = async |action: &str, subject: &str| {
        let event = last(&admin).await.data("/userAccess/lastChange");
        assert_eq!(
            (&event["action"], &event["subject"]),
            (&json!(action), &json!(subject)),
            "{event}"
        );
        assert_eq!(event["refusal"], json!(null));
    };
    expect("REGISTERED", "ann").await;
    for (change, action, subject) in [
        (
            "putRole(name: \"READER\", permissions: [READ_USERS])",
            "REGISTERED",
            "ann",
        ),
        (
            "setUserRoles(input: { id: \"ann\", roles: [\"READER\", \"USER\"] })",
            "USER_ROLES_SET",
            "ann",
        ),
        (
            "putRole(name: \"OTHER\", permissions: [READ_AUDIT])",
            "USER_ROLES_SET",
            "ann",
        ),
        (
            "putRole(name: \"READER\", permissions: [READ_USERS, PREDICT])",
            "ROLE_PUT",
            "READER",
        ),
        (
            "toggleUser(input: { id: \"ann\", enabled: false })",
            "USER_DISABLED",
            "ann",
        ),
        (
            "toggleUser(input: { id: \"ann\", enabled: true })",
            "USER_ENABLED",
            "ann",
        ),
        ("removeRole(name: \"OTHER\")", "USER_ENABLED", "ann"),
        ("putRole(name: \"USER\", permissions: [PREDICT])", "ROLE_PUT", "USER"),
        ("removeRole(name: \"READER\")", "ROLE_REMOVED", "READER"),
    ] {
        app.change(&admin, &format!("mutation {{ {change} {{ errors {{ message }} }} }}"))
            .await;
        expect(action, subject).await;
    }
    // The trail has its own permission.
    app.change(
        &admin,
        "mutation { putRole(name: \"CLERK\", permissions: [READ_USERS]) { errors { message } } }",
    )
    .await;
    app.user("bob").await;
    let clerk = "mutation { setUserRoles(input: { id: \"bob\", roles: [\"CLERK\"] }) { errors { message } } }";
    app.change(&admin, clerk).await;
    let refused = last(&app.login("bob").await).await;
    assert_eq!(
        (refused.data("/userAccess/lastChange"), refused.codes()),
        (json!(null), vec!["FORBIDDEN".to_owned()])
    );
}
