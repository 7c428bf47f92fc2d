//! The owner's operations on an account: sessions, password, export and erasure of personal data. The rules of the domain
//! are tested in `identity`.

use chrono::TimeDelta;
use portcullis::access::Actor;
use portcullis::config::{self, Config};
use secrecy::ExposeSecret as _;
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
    let own_count = "{ viewer { user { sessionCount } } }";
    let count = app.query(Some(&first), own_count, json!({})).await;
    assert_eq!(count.data("/viewer/user/sessionCount"), 2);

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
    let count = app.query(Some(&first), own_count, json!({})).await;
    assert_eq!(count.data("/viewer/user/sessionCount"), 1);
    let admin = app.admin().await;
    let of_bob = "{ user(id: \"bob\") { sessionCount } }";
    let count = app.query(Some(&admin), of_bob, json!({})).await;
    assert_eq!(count.data("/user/sessionCount"), 1);

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

/// A mutation by an administrator on their own account.
#[derive(Clone, Copy)]
struct Case {
    mutation: &'static str,
    /// `$ID`, `$SESSION`, `$OLD` and `$KEY` stand for the account's and the session's id, a used refresh token and a key's id.
    arguments: &'static str,
    selection: &'static str,
    /// Sent with an API key instead of the session's token.
    by_key: bool,
    ends: bool,
}

/// Every mutation of the schema at least once, with arguments that end the session of the request if the mutation can do so.
const ON_ONESELF: [Case; 21] = {
    const fn case(mutation: &'static str, arguments: &'static str, selection: &'static str, ends: bool) -> Case {
        Case {
            mutation,
            arguments,
            selection,
            by_key: false,
            ends,
        }
    }
    const fn by_key(case: Case) -> Case {
        Case { by_key: true, ..case }
    }
    const ERRORS: &str = "errors { code message }";
    [
        case(
            "register",
            "input: { username: \"$NEW\", email: \"$NEW@example.com\", password: \"correct horse battery\" }",
            ERRORS,
            false,
        ),
        // The account may have one session.
        case(
            "login",
            "input: { username: \"$ID\", password: \"correct horse battery\" }",
            "tokens { accessToken } errors { code }",
            true,
        ),
        // A used token ends the session that it is of.
        case("refresh", "input: { refreshToken: \"$OLD\" }", "errors { code }", true),
        case("logout", "", "endedSessions", true),
        case("logout", "everywhere: true", "endedSessions", true),
        by_key(case("logout", "everywhere: true", "endedSessions", false)),
        case("toggleUser", "input: { id: \"$ID\", enabled: false }", ERRORS, true),
        case("toggleUser", "input: { id: \"$ID\", enabled: true }", ERRORS, false),
        by_key(case(
            "toggleUser",
            "input: { id: \"$ID\", enabled: false }",
            ERRORS,
            true,
        )),
        case(
            "setUserRoles",
            "input: { id: \"$ID\", roles: [\"USER\"] }",
            ERRORS,
            false,
        ),
        case("removeUser", "input: { id: \"$ID\" }", ERRORS, true),
        by_key(case("removeUser", "input: { id: \"$ID\" }", ERRORS, true)),
        case("endSession", "id: \"$SESSION\"", ERRORS, true),
        case(
            "changePassword",
            "currentPassword: \"correct horse battery\", newPassword: \"a quite different staple\"",
            ERRORS,
            false,
        ),
        case("eraseMe", "password: \"correct horse battery\"", ERRORS, true),
        case("createApiKey", "name: \"another\", roles: [\"USER\"]", ERRORS, false),
        case("removeApiKey", "id: \"$KEY\"", ERRORS, false),
        case("putRole", "name: \"READER\", permissions: [READ_USERS]", ERRORS, false),
        case("removeRole", "name: \"READER\"", ERRORS, false),
        case(
            "addJobs",
            "input: { jobs: [{ id: \"1\", source: { text: \"We want a glassblower.\" } }] }",
            ERRORS,
            false,
        ),
        case("removeJob", "input: { id: \"1\" }", ERRORS, false),
    ]
};

#[tokio::test]
async fn a_mutation_that_ends_its_own_session_is_answered() {
    let app = TestApp::with(Config {
        tokens: config::Tokens {
            max_sessions: 1,
            ..config::Tokens::default()
        },
        ..Config::default()
    })
    .await;
    app.admin().await;
    let fields = app
        .query(None, "{ __schema { mutationType { fields { name } } } }", json!({}))
        .await
        .data("/__schema/mutationType/fields");
    for field in fields.as_array().unwrap() {
        let tried = ON_ONESELF.iter().any(|case| field["name"] == case.mutation);
        assert!(
            tried,
            "{field} is not in ON_ONESELF: does it end the session of its caller?"
        );
    }
    let accounts = app.gateway.app().accounts();
    for (n, case) in ON_ONESELF.iter().enumerate() {
        let name = format!("ann{n}");
        app.user(&name).await;
        let roles = ["ADMIN".to_owned()];
        accounts.set_roles(&Actor::guest(), &name, &roles).await.unwrap();
        let login = app.try_login(&name, PASSWORD).await;
        let used = login.data("/login/tokens/refreshToken");
        let grant = accounts.refresh(&used.as_str().unwrap().into()).await.unwrap();
        app.clock.advance(TimeDelta::seconds(11));
        let token = grant.tokens.access.expose_secret();
        let key = app.api_key(token, &["ADMIN"]).await;
        let key_id = accounts.api_keys(&name).await.unwrap()[0].id.clone();
        let arguments = case
            .arguments
            .replace("$SESSION", &grant.session)
            .replace("$OLD", used.as_str().unwrap())
            .replace("$KEY", &key_id)
            .replace("$NEW", &format!("new{n}"))
            .replace("$ID", &name);
        let arguments = if arguments.is_empty() {
            arguments
        } else {
            format!("({arguments})")
        };
        let document = format!("mutation {{ {}{arguments} {{ {} }} }}", case.mutation, case.selection);
        let credential = if case.by_key { &key } else { token };
        let answer = app.query(Some(credential), &document, json!({})).await;
        let shown = format!("{document}: {}", answer.text);
        assert_eq!((answer.status.as_u16(), answer.codes()), (200, vec![]), "{shown}");
        let payload = answer.data(&format!("/{}", case.mutation));
        if case.mutation == "refresh" {
            assert_eq!(payload["errors"][0]["code"], "INVALID_REFRESH_TOKEN", "{shown}");
        } else {
            assert!(payload["errors"].as_array().is_none_or(Vec::is_empty), "{shown}");
        }
        assert_eq!(is_signed_in(&app, credential).await, !case.ends, "{shown}");
    }
}
