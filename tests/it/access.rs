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
