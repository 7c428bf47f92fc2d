//! Accounts over GraphQL: registration, login, roles, removal. The rules of the domain are tested in `identity`.

use portcullis::config::{self, Config};
use portcullis::identity::Registration;
use serde_json::json;

use crate::harness::{PASSWORD, TestApp};

const REGISTER: &str =
    "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code message path } } }";
const TOGGLE: &str = "mutation($input: ToggleUserInput!) { toggleUser(input: $input) { user { enabled } endedSessions errors { code } } }";
const VIEWER: &str = "{ viewer { user { id username email roles enabled } permissions sessionExpiresAt } }";

#[tokio::test]
async fn an_account_is_registered_signs_in_and_is_the_viewer() {
    let app = TestApp::start().await;
    let token = app.user("Ann.Lee").await;
    let answer = app.query(Some(&token), VIEWER, json!({})).await;
    assert_eq!(
        answer.data("/viewer/user"),
        json!({ "id": "ann.lee", "username": "Ann.Lee", "email": "ann.lee@example.com", "roles": ["USER"], "enabled": true })
    );
    assert_eq!(
        answer.data("/viewer/permissions"),
        json!(["PREDICT", "MATCH_RESUME", "READ_MODELS", "READ_JOBS"])
    );
}

#[tokio::test]
async fn without_a_token_the_viewer_is_null_without_an_error() {
    let app = TestApp::start().await;
    let answer = app.query(None, VIEWER, json!({})).await;
    assert_eq!(answer.json(), json!({ "data": { "viewer": null } }));
}

#[tokio::test]
async fn names_and_emails_are_unique_regardless_of_case_and_under_concurrency() {
    let app = TestApp::start().await;
    let register = |username: String, email: String| {
        let app = &app;
        async move {
            let input = json!({ "input": { "username": username, "email": email, "password": PASSWORD } });
            app.query(None, REGISTER, input).await.data("/register")
        }
    };
    let racers = (0..8).map(|i| register("Ann".to_owned(), format!("ann{i}@example.com")));
    let results = futures_util::future::join_all(racers).await;
    assert_eq!(
        results.iter().filter(|r| !r["user"].is_null()).count(),
        1,
        "{results:?}"
    );
    for lost in results.iter().filter(|r| r["user"].is_null()) {
        assert_eq!(lost["errors"][0]["code"], "USERNAME_TAKEN");
        assert_eq!(lost["errors"][0]["path"], json!(["input", "username"]));
    }

    let racers = (0..8).map(|i| register(format!("bob{i}"), "Bob@Example.com".to_owned()));
    let results = futures_util::future::join_all(racers).await;
    assert_eq!(
        results.iter().filter(|r| !r["user"].is_null()).count(),
        1,
        "{results:?}"
    );
    for lost in results.iter().filter(|r| r["user"].is_null()) {
        assert_eq!(lost["errors"][0]["code"], "EMAIL_TAKEN");
    }

    let again = register("aNN".to_owned(), "other@example.com".to_owned()).await;
    assert_eq!(again["errors"][0]["code"], "USERNAME_TAKEN");
}

#[tokio::test]
async fn names_that_look_alike_are_taken() {
    let app = TestApp::start().await;
    app.admin().await;
    app.user("scope").await;
    for name in ["admın", "ᎪᎠᎷᎥN", "ADM1N", "guest", "ѕсоре", "SC0PE"] {
        let input = json!({ "input": { "username": name, "email": "other@example.com", "password": PASSWORD } });
        let answer = app.query(None, REGISTER, input).await.data("/register");
        assert_eq!(answer["errors"][0]["code"], "USERNAME_TAKEN", "{name}: {answer}");
        assert_eq!(answer["errors"][0]["path"], json!(["input", "username"]));
    }
    let names = [
        "देवदत्त",
        "สมศักดิ์",
        "தமிழ்ச்செல்வி",
        "សុខា",
        "ကျော်",
        "علی\u{200c}رضا",
        "王伟",
        "አበበ",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let input =
            json!({ "input": { "username": name, "email": format!("n{n}@example.com"), "password": PASSWORD } });
        let answer = app.query(None, REGISTER, input).await.data("/register");
        assert_eq!(answer["errors"], json!([]), "{name}: {answer}");
        app.login(&format!(" {name} ")).await;
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let register = async |username: &str, email: &str, password: &str| {
        let input = json!({ "input": { "username": username, "email": email, "password": password } });
        let answer = app.query(None, REGISTER, input).await;
        let errors = answer.data("/register/errors");
        let of = |error: &serde_json::Value| format!("{} {}", error["code"], error["path"][1]).replace('"', "");
        errors.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(
        register("a b", "nowhere", "password").await,
        [
            "INVALID_INPUT username",
            "INVALID_INPUT email",
            "WEAK_PASSWORD password"
        ]
    );
    assert_eq!(
        register("Ann", "ANN@example.com", PASSWORD).await,
        ["USERNAME_TAKEN username", "EMAIL_TAKEN email"]
    );
}

#[tokio::test]
async fn registrations_from_one_address_are_limited() {
    let mut config = Config::default();
    config.accounts.registration_burst = 3;
    config.accounts.registration_interval_seconds = 60;
    let app = TestApp::with(config).await;
    let register = async |name: &str| {
        let input =
            json!({ "input": { "username": name, "email": format!("{name}@example.com"), "password": PASSWORD } });
        app.query(None, REGISTER, input).await.data("/register/errors")
    };
    for name in ["ann", "bob", "cid"] {
        assert_eq!(register(name).await, json!([]));
    }
    let refused = register("dee").await;
    assert_eq!(refused[0]["code"], "TOO_MANY_ATTEMPTS", "{refused}");
    assert!(
        refused[0]["message"].as_str().unwrap().contains("try again in"),
        "{refused}"
    );
    app.clock.advance(chrono::TimeDelta::seconds(60));
    assert_eq!(register("dee").await, json!([]));
}

#[tokio::test]
async fn a_failed_login_does_not_reveal_the_reason() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let wrong = app.try_login("ann", "not the password").await;
    let unknown = app.try_login("nobody", "not the password").await;
    assert_eq!(wrong.text, unknown.text);
    assert_eq!(wrong.data("/login/errors/0/code"), "INVALID_CREDENTIALS");
    assert_eq!(wrong.data("/login/tokens"), json!(null));
}

#[tokio::test]
async fn a_disabled_account_is_refused_at_once_until_it_is_enabled() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let toggle = |enabled: bool| {
        app.query(
            Some(&admin),
            TOGGLE,
            json!({ "input": { "id": "ann", "enabled": enabled } }),
        )
    };

    let answer = toggle(false).await;
    assert_eq!(
        answer.data("/toggleUser"),
        json!({ "user": { "enabled": false }, "endedSessions": 1, "errors": [] })
    );

    let refused = app.query(Some(&ann), VIEWER, json!({})).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.codes(), ["UNAUTHENTICATED"]);
    assert!(
        refused.headers["www-authenticate"]
            .to_str()
            .unwrap()
            .contains("error=\"invalid_token\"")
    );
    assert!(refused.json().get("data").is_none());

    let right = app.try_login("ann", PASSWORD).await;
    assert_eq!(right.data("/login/errors/0/code"), "ACCOUNT_DISABLED");
    let wrong = app.try_login("ann", "not the password").await;
    assert_eq!(wrong.data("/login/errors/0/code"), "INVALID_CREDENTIALS");

    toggle(true).await;
    // The old session stays revoked; a new login works.
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 401);
    let ann = app.login("ann").await;
    assert_eq!(
        app.query(Some(&ann), VIEWER, json!({})).await.data("/viewer/user/id"),
        "ann"
    );
}

#[tokio::test]
async fn a_change_of_roles_applies_to_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let users = "{ users { totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }";
    assert_eq!(app.query(Some(&ann), users, json!({})).await.codes(), ["FORBIDDEN"]);
    let answer = app
        .query(
            Some(&admin),
            "mutation { setUserRoles(input: { id: \"ann\", roles: [\"ADMIN\"] }) { user { roles } errors { code } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        answer.data("/setUserRoles"),
        json!({ "user": { "roles": ["ADMIN"] }, "errors": [] })
    );
    // A new login may be needed; no request may be decided by the old roles.
    let ann = app.login("ann").await;
    assert_eq!(
        app.query(Some(&ann), users, json!({})).await.data("/users/totalCount"),
        2
    );
}

#[tokio::test]
async fn an_unknown_role_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let answer = app
        .query(
            Some(&admin),
            "mutation { setUserRoles(input: { id: \"admin\", roles: [\"ADMIN\", \"WIZARD\"] }) { user { id } errors { code message } } }",
            json!({}),
        )
        .await;
    assert_eq!(answer.data("/setUserRoles/errors/0/code"), "INVALID_INPUT");
    assert!(
        answer
            .data("/setUserRoles/errors/0/message")
            .as_str()
            .unwrap()
            .contains("WIZARD")
    );
}

#[tokio::test]
async fn the_last_admin_cannot_be_removed_disabled_or_demoted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (mutation, field) in [
        (
            "mutation { toggleUser(input: { id: \"admin\", enabled: false }) { errors { code } } }",
            "toggleUser",
        ),
        (
            "mutation { setUserRoles(input: { id: \"admin\", roles: [\"USER\"] }) { errors { code } } }",
            "setUserRoles",
        ),
        (
            "mutation { removeUser(input: { id: \"admin\" }) { errors { code } } }",
            "removeUser",
        ),
    ] {
        let answer = app.query(Some(&admin), mutation, json!({})).await;
        assert_eq!(answer.data(&format!("/{field}/errors/0/code")), "LAST_ADMIN", "{field}");
    }
}

#[tokio::test]
async fn removing_an_account_invalidates_its_token() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let remove = "mutation { removeUser(input: { id: \"ann\" }) { removedUserId errors { code } } }";
    let answer = app.query(Some(&admin), remove, json!({})).await;
    assert_eq!(
        answer.data("/removeUser"),
        json!({ "removedUserId": "ann", "errors": [] })
    );
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 401);
    let again = app.query(Some(&admin), remove, json!({})).await;
    assert_eq!(again.data("/removeUser/errors/0/code"), "NOT_FOUND");
    // The name is available again, and the old token is not valid for the new account.
    app.user("ann").await;
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 401);
}

#[tokio::test]
async fn an_access_token_expires() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    app.clock.advance(chrono::TimeDelta::minutes(14));
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 200);
    app.clock.advance(chrono::TimeDelta::minutes(2));
    assert_eq!(app.query(Some(&ann), VIEWER, json!({})).await.status, 401);
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_an_access_token() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let refresh = app.try_login("ann", PASSWORD).await.data("/login/tokens/refreshToken");
    let mutation = "mutation($input: RefreshInput!) { refresh(input: $input) { tokens { accessToken refreshToken } errors { code } } }";
    let answer = app
        .query(None, mutation, json!({ "input": { "refreshToken": refresh } }))
        .await;
    let access = answer.data("/refresh/tokens/accessToken");
    assert_eq!(
        app.query(access.as_str(), VIEWER, json!({}))
            .await
            .data("/viewer/user/id"),
        "ann"
    );
    let forged = app
        .query(None, mutation, json!({ "input": { "refreshToken": "x".repeat(43) } }))
        .await;
    assert_eq!(forged.data("/refresh/errors/0/code"), "INVALID_REFRESH_TOKEN");
}

#[tokio::test]
async fn logout_ends_the_session_or_all_of_them() {
    let app = TestApp::start().await;
    let (first, second) = (app.user("ann").await, app.login("ann").await);
    let logout = |token: String, everywhere: bool| {
        let app = &app;
        async move {
            let query = "mutation($everywhere: Boolean!) { logout(everywhere: $everywhere) { endedSessions } }";
            app.query(Some(&token), query, json!({ "everywhere": everywhere }))
                .await
        }
    };
    assert_eq!(logout(first.clone(), false).await.data("/logout/endedSessions"), 1);
    assert_eq!(app.query(Some(&first), VIEWER, json!({})).await.status, 401);
    assert_eq!(app.query(Some(&second), VIEWER, json!({})).await.status, 200);
    app.login("ann").await;
    assert_eq!(logout(second.clone(), true).await.data("/logout/endedSessions"), 2);
    assert_eq!(app.query(Some(&second), VIEWER, json!({})).await.status, 401);
}

#[tokio::test]
async fn users_are_paged_by_cursor_and_filtered() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["ann", "bob", "cat", "dan"] {
        app.user(name).await;
    }
    let page = "query($first: Int, $after: String, $filter: UserFilter) { users(first: $first, after: $after, filter: $filter) {
        totalCount edges { cursor node { id email } } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    let mut after = json!(null);
    let mut seen = Vec::new();
    loop {
        let answer = app
            .query(Some(&admin), page, json!({ "first": 2, "after": after }))
            .await;
        assert_eq!(answer.data("/users/totalCount"), 5);
        for edge in answer.data("/users/edges").as_array().unwrap() {
            seen.push(edge["node"]["id"].as_str().unwrap().to_owned());
        }
        after = answer.data("/users/pageInfo/endCursor");
        if answer.data("/users/pageInfo/hasNextPage") == json!(false) {
            break;
        }
    }
    assert_eq!(seen, ["admin", "ann", "bob", "cat", "dan"]);
    let found = app
        .query(Some(&admin), page, json!({ "filter": { "search": "CAT@" } }))
        .await;
    assert_eq!(found.data("/users/edges/0/node/email"), "cat@example.com");
    assert_eq!(found.data("/users/totalCount"), 1);
    let admins = app
        .query(Some(&admin), page, json!({ "filter": { "role": "ADMIN" } }))
        .await;
    assert_eq!(admins.data("/users/totalCount"), 1);
    for (variables, part) in [
        (json!({ "first": -1 }), "0 to 100"),
        (json!({ "first": 101 }), "0 to 100"),
    ] {
        let refused = app.query(Some(&admin), page, variables).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"]);
        assert!(refused.text.contains(part), "{}", refused.text);
    }
}

#[tokio::test]
async fn the_registration_mode_is_public_and_is_that_of_register() {
    for (registration, name, code) in [
        (Registration::Open, "OPEN", json!([])),
        (Registration::Approval, "APPROVAL", json!([])),
        (
            Registration::Closed,
            "CLOSED",
            json!([{ "code": "REGISTRATION_CLOSED" }]),
        ),
    ] {
        let app = TestApp::with(Config {
            accounts: config::Accounts {
                registration,
                ..config::Accounts::default()
            },
            ..Config::default()
        })
        .await;
        let mode = app.query(None, "{ service { registration } }", json!({})).await;
        assert_eq!(mode.json(), json!({ "data": { "service": { "registration": name } } }));
        let register =
            "mutation($input: RegisterInput!) { register(input: $input) { user { enabled } errors { code } } }";
        let input = json!({ "input": { "username": "ann", "email": "ann@example.com", "password": PASSWORD } });
        let answer = app.query(None, register, input).await;
        assert_eq!(answer.data("/register/errors"), code, "{name}");
        let enabled = answer.json()["data"]["register"]["user"]["enabled"].as_bool();
        assert_eq!(
            enabled,
            (code == json!([])).then_some(registration == Registration::Open),
            "{name}"
        );
    }
}
