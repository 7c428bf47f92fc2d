//! API keys, as their owners and programs use them.

use chrono::TimeDelta;
use portcullis::clock::Clock as _;
use serde_json::json;

use crate::harness::TestApp;

const CREATE: &str = "mutation($name: String!, $roles: [String!]!, $expiresAt: DateTime) {
    createApiKey(name: $name, roles: $roles, expiresAt: $expiresAt) {
        apiKey { id name roles expiresAt lastUsedAt } secret errors { code path } } }";
const REMOVE: &str = "mutation($id: ID!) { removeApiKey(id: $id) { removedApiKeyId errors { code path } } }";
const LIST: &str = "{ viewer { user { apiKeys { id name lastUsedAt } } } }";
const MODELS: &str = "{ models { name } }";

#[tokio::test]
async fn a_key_authenticates_its_owner_until_it_is_removed() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let made = app
        .query(Some(&ann), CREATE, json!({ "name": "nightly", "roles": ["USER"] }))
        .await;
    let secret = made.data("/createApiKey/secret").as_str().unwrap().to_owned();
    assert!(secret.starts_with("pk_"), "{secret}");
    let id = made.data("/createApiKey/apiKey/id");

    assert_eq!(
        app.query(Some(&secret), MODELS, json!({})).await.codes(),
        Vec::<String>::new()
    );
    let listed = app.query(Some(&ann), LIST, json!({})).await;
    assert_eq!(listed.data("/viewer/user/apiKeys/0/id"), id);
    assert!(
        listed.data("/viewer/user/apiKeys/0/lastUsedAt").is_string(),
        "{listed:?}"
    );
    assert!(!listed.text.contains("pk_"), "{listed:?}");

    // A key can manage neither the account nor keys.
    for document in [
        "mutation { createApiKey(name: \"x\", roles: []) { secret } }",
        "mutation { changePassword(currentPassword: \"x\", newPassword: \"y\") { endedSessions } }",
        "mutation { eraseMe(password: \"x\") { erasedUserId } }",
        "{ exportMyData }",
        "{ viewer { sessions { id } } }",
    ] {
        assert_eq!(
            app.query(Some(&secret), document, json!({})).await.codes(),
            ["FORBIDDEN"],
            "{document}"
        );
    }

    let removed = app.query(Some(&ann), REMOVE, json!({ "id": id })).await;
    assert_eq!(
        removed.data("/removeApiKey"),
        json!({ "removedApiKeyId": id, "errors": [] })
    );
    assert_eq!(app.query(Some(&secret), MODELS, json!({})).await.status, 401);
    let again = app.query(Some(&ann), REMOVE, json!({ "id": id })).await;
    assert_eq!(
        again.data("/removeApiKey/errors"),
        json!([{ "code": "NOT_FOUND", "path": ["id"] }])
    );
}

#[tokio::test]
async fn a_key_has_no_permission_that_its_owner_lacks() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let refused = |variables, path: &'static str| {
        let (app, ann) = (&app, &ann);
        async move {
            let answer = app.query(Some(ann), CREATE, variables).await;
            assert_eq!(
                answer.data("/createApiKey"),
                json!({ "apiKey": null, "secret": null, "errors": [{ "code": "INVALID_INPUT", "path": [path] }] })
            );
        }
    };
    refused(json!({ "name": "x", "roles": ["ADMIN"] }), "roles").await;
    refused(json!({ "name": "x", "roles": ["WIZARD"] }), "roles").await;
    refused(json!({ "name": "x", "roles": [] }), "roles").await;
    refused(json!({ "name": " ", "roles": ["USER"] }), "name").await;
    refused(
        json!({ "name": "x", "roles": ["USER"], "expiresAt": "2020-01-01T00:00:00Z" }),
        "expiresAt",
    )
    .await;

    let key = app.api_key(&ann, &["USER"]).await;
    let permissions = "{ viewer { permissions } }";
    let demote = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"GUEST\"] }) { errors { code } } }";
    app.query(Some(&admin), demote, json!({})).await;
    let left = app.query(Some(&key), permissions, json!({})).await;
    assert_eq!(left.data("/viewer/permissions"), json!(["READ_MODELS"]));
    let disable = "mutation { toggleUser(input: { id: \"ann\", enabled: false }) { errors { code } } }";
    app.query(Some(&admin), disable, json!({})).await;
    assert_eq!(app.query(Some(&key), permissions, json!({})).await.status, 401);
}

#[tokio::test]
async fn a_key_expires_and_an_admin_lists_and_removes_keys_of_others() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (ann, bob) = (app.user("ann").await, app.user("bob").await);
    let tomorrow = app.clock.now() + TimeDelta::days(1);
    let made = app
        .query(
            Some(&ann),
            CREATE,
            json!({ "name": "short", "roles": ["USER"], "expiresAt": tomorrow }),
        )
        .await;
    let (id, secret) = (made.data("/createApiKey/apiKey/id"), made.data("/createApiKey/secret"));
    let secret = secret.as_str().unwrap();

    let all = app
        .query(Some(&admin), "{ users { nodes { apiKeys { name } } } }", json!({}))
        .await;
    assert!(all.text.contains("short"), "{all:?}");
    let stranger = app.query(Some(&bob), REMOVE, json!({ "id": id })).await;
    assert_eq!(stranger.data("/removeApiKey/errors/0/code"), "NOT_FOUND");

    assert_eq!(app.query(Some(secret), MODELS, json!({})).await.status, 200);
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(app.query(Some(secret), MODELS, json!({})).await.status, 401);
    let admin = app.login("admin").await;
    let removed = app.query(Some(&admin), REMOVE, json!({ "id": id })).await;
    assert_eq!(removed.data("/removeApiKey/removedApiKeyId"), id);
}
