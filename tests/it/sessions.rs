//! The owner's operations on an account: sessions, password, export and erasure of personal data. The rules of the domain
//! are tested in `identity`.

use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestApp};

const SESSIONS: &str = "{ viewer { sessions { id createdAt lastSeenAt expiresAt userAgent address current } } }";
const END: &str = "mutation($id: ID!) { endSession(id: $id) { endedSessionId errors { code path } } }";
const CHANGE: &str = "mutation($old: String!, $new: String!) {
    changePassword(currentPassword: $old, newPassword: $new) { endedSessions errors { code path } } }";
const ERASE: &str =
    "mutation($password: String!) { eraseMe(password: $password) { erasedUserId errors { code path } } }";
const OTHER_PASSWORD: &str = "a quite different staple";

async fn is_signed_in(app: &TestApp, token: &str) -> bool {
    app.query(Some(token), "{ viewer { user { id } } }", json!({}))
        .await
        .status
        == 200
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = TestApp::start().await;
    let (first, second) = (app.user("ann").await, app.login("ann").await);
    let bob = app.user("bob").await;
    let sessions = app
        .query(Some(&first), SESSIONS, json!({}))
        .await
        .data("/viewer/sessions");
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let id = |current: bool| {
        let found: Vec<&Value> = sessions.iter().filter(|s| s["current"] == json!(current)).collect();
        assert_eq!(found.len(), 1, "{sessions:?}");
        found[0]["id"].clone()
    };
    let (own, other) = (id(true), id(false));

    // A session of another account is answered like an unknown one.
    let stranger = app.query(Some(&bob), END, json!({ "id": other })).await;
    assert_eq!(
        stranger.data("/endSession"),
        json!({ "endedSessionId": null, "errors": [{ "code": "NOT_FOUND", "path": ["id"] }] })
    );
    assert!(is_signed_in(&app, &second).await);

    let ended = app.query(Some(&first), END, json!({ "id": other })).await;
    assert_eq!(
        ended.data("/endSession"),
        json!({ "endedSessionId": other, "errors": [] })
    );
    assert!(!is_signed_in(&app, &second).await);
    assert!(is_signed_in(&app, &first).await);

    let ended = app.query(Some(&first), END, json!({ "id": own })).await;
    assert_eq!(ended.data("/endSession/endedSessionId"), own, "{ended:?}");
    assert!(!is_signed_in(&app, &first).await);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let (first, second) = (app.user("ann").await, app.login("ann").await);
    let change = |old: &str, new: &str| {
        let variables = json!({ "old": old, "new": new });
        let (app, first) = (&app, &first);
        async move { app.query(Some(first), CHANGE, variables).await.data("/changePassword") }
    };
    assert_eq!(
        change("not the password", OTHER_PASSWORD).await["errors"],
        json!([{ "code": "INVALID_CREDENTIALS", "path": ["currentPassword"] }])
    );
    assert_eq!(
        change(PASSWORD, "short").await["errors"],
        json!([{ "code": "WEAK_PASSWORD", "path": ["newPassword"] }])
    );
    assert!(is_signed_in(&app, &second).await);
    assert_eq!(
        change(PASSWORD, OTHER_PASSWORD).await,
        json!({ "endedSessions": 1, "errors": [] })
    );
    assert!(is_signed_in(&app, &first).await);
    assert!(!is_signed_in(&app, &second).await);
    let old = app.try_login("ann", PASSWORD).await;
    assert_eq!(old.data("/login/errors/0/code"), "INVALID_CREDENTIALS");
    let new = app.try_login("ann", OTHER_PASSWORD).await;
    assert_eq!(new.data("/login/errors"), json!([]));
}

#[tokio::test]
async fn an_owner_exports_the_data_and_erases_the_account() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    app.api_key(&ann, &["USER"]).await;
    let export = app.query(Some(&ann), "{ exportMyData }", json!({})).await;
    let data = export.data("/exportMyData");
    assert_eq!(data["account"]["email"], "ann@example.com");
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(data["apiKeys"].as_array().unwrap().len(), 1);
    assert!(!export.text.contains("argon2"), "{}", export.text);

    let wrong = app
        .query(Some(&ann), ERASE, json!({ "password": "not the password" }))
        .await;
    assert_eq!(wrong.data("/eraseMe/errors/0/code"), "INVALID_CREDENTIALS");
    let erased = app.query(Some(&ann), ERASE, json!({ "password": PASSWORD })).await;
    assert_eq!(erased.data("/eraseMe"), json!({ "erasedUserId": "ann", "errors": [] }));
    assert!(!is_signed_in(&app, &ann).await);
    let gone = app.query(Some(&admin), "{ user(id: \"ann\") { id } }", json!({})).await;
    assert_eq!(gone.json(), json!({ "data": { "user": null } }));
    let trail = "{ auditEvents(first: 100) { nodes { action actor subject } } }";
    let trail = app.query(Some(&admin), trail, json!({})).await;
    assert!(trail.text.contains("USER_ERASED"), "{}", trail.text);
    assert!(!trail.text.contains("\"ann\""), "{}", trail.text);
}
