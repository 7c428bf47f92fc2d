//! Custom roles: created, changed and removed while requests run.

use serde_json::json;

use crate::harness::TestApp;

const PUT: &str = "mutation($name: String!, $permissions: [Permission!]!) {
    putRole(name: $name, permissions: $permissions) { role { name permissions builtIn } errors { code path } } }";
const REMOVE: &str = "mutation($name: String!) { removeRole(name: $name) { removedRole errors { code path } } }";

#[tokio::test]
async fn a_change_of_a_role_applies_to_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.user("ann").await;
    let put = |permissions| {
        let (app, admin) = (&app, &admin);
        async move {
            let variables = json!({ "name": "AUDITOR", "permissions": permissions });
            app.query(Some(admin), PUT, variables).await.data("/putRole")
        }
    };
    assert_eq!(
        put(json!(["READ_AUDIT"])).await,
        json!({ "role": { "name": "AUDITOR", "permissions": ["READ_AUDIT"], "builtIn": false }, "errors": [] })
    );
    let give = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"AUDITOR\"] }) { errors { code } } }";
    assert_eq!(
        app.query(Some(&admin), give, json!({}))
            .await
            .data("/setUserRoles/errors"),
        json!([])
    );
    let ann = app.login("ann").await;
    let look = "{ auditEvents { nodes { id } } }";
    assert_eq!(
        app.query(Some(&ann), look, json!({})).await.codes(),
        Vec::<String>::new()
    );
    put(json!(["READ_MODELS"])).await;
    assert_eq!(app.query(Some(&ann), look, json!({})).await.codes(), ["FORBIDDEN"]);
    put(json!(["READ_AUDIT", "READ_USERS"])).await;
    let permissions = "{ viewer { permissions } viewerCan(fields: [\"Query.users\", \"Query.roles\"]) { allowed } }";
    let answer = app.query(Some(&ann), permissions, json!({})).await;
    assert_eq!(answer.data("/viewer/permissions"), json!(["READ_USERS", "READ_AUDIT"]));
    assert_eq!(
        answer.data("/viewerCan"),
        json!([{ "allowed": true }, { "allowed": false }])
    );

    let removed = app.query(Some(&admin), REMOVE, json!({ "name": "AUDITOR" })).await;
    assert_eq!(
        removed.data("/removeRole"),
        json!({ "removedRole": "AUDITOR", "errors": [] })
    );
    assert_eq!(app.query(Some(&ann), look, json!({})).await.codes(), ["FORBIDDEN"]);
    let again = app.query(Some(&admin), REMOVE, json!({ "name": "AUDITOR" })).await;
    assert_eq!(again.data("/removeRole/errors/0/code"), "NOT_FOUND");
}

#[tokio::test]
async fn built_in_roles_cannot_be_removed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["ADMIN", "USER", "GUEST"] {
        let kept = app.query(Some(&admin), REMOVE, json!({ "name": name })).await;
        assert_eq!(
            kept.data("/removeRole/errors"),
            json!([{ "code": "INVALID_INPUT", "path": ["name"] }])
        );
    }
    let reduced = app
        .query(
            Some(&admin),
            PUT,
            json!({ "name": "ADMIN", "permissions": ["PREDICT"] }),
        )
        .await;
    assert_eq!(
        reduced.data("/putRole"),
        json!({ "role": null, "errors": [{ "code": "INVALID_INPUT", "path": ["permissions"] }] })
    );
    let bad = app
        .query(Some(&admin), PUT, json!({ "name": "no spaces", "permissions": [] }))
        .await;
    assert_eq!(bad.data("/putRole/errors/0/path"), json!(["name"]));
    let listed = app.query(Some(&admin), "{ roles { name builtIn } }", json!({})).await;
    assert_eq!(
        listed.data("/roles"),
        json!([
            { "name": "ADMIN", "builtIn": true }, { "name": "GUEST", "builtIn": true }, { "name": "USER", "builtIn": true }
        ])
    );
}

#[tokio::test]
async fn the_permissions_of_guests_are_a_role() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let predict =
        "{ predict(input: { model: \"occupation\", inputs: [{ text: \"Teach children\" }] }) { model { name } } }";
    assert_eq!(app.query(None, predict, json!({})).await.codes(), ["UNAUTHENTICATED"]);
    app.query(
        Some(&admin),
        PUT,
        json!({ "name": "GUEST", "permissions": ["PREDICT"] }),
    )
    .await;
    assert_eq!(
        app.query(None, predict, json!({})).await.data("/predict/model/name"),
        "occupation"
    );
    assert_eq!(
        app.query(None, "{ models { name } }", json!({})).await.codes(),
        ["UNAUTHENTICATED"]
    );
}
