//! Tokens with a scope: what they may do, and that nothing widens them.

use super::*;
use crate::access::{Decision, Permission, Permissions, Requirement, USER, permits};

fn permissions(session: &Session) -> Vec<Permission> {
    session.actor.permissions().iter().collect()
}

async fn login(test: &TestAccounts, scope: &str) -> Result<Grant, Error> {
    test.accounts
        .login_with_scope("ann", password(), &Origin::default(), Some(scope))
        .await
}

#[tokio::test]
async fn a_scope_lasts_through_refreshes_and_changes_of_roles() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = login(&test, "MANAGE_USERS READ_JOBS PREDICT").await.unwrap();
    assert_eq!(grant.scope.as_deref(), Some("PREDICT READ_JOBS"));
    let session = test.session(&grant).await.unwrap();
    let both = [Permission::Predict, Permission::ReadJobs];
    assert_eq!(permissions(&session), both);

    // New permissions of the account do not reach the session, lost ones do.
    test.accounts
        .set_roles(&root(), "ann", &[ADMIN.to_owned()])
        .await
        .unwrap();
    let next = test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    assert_eq!(next.scope, grant.scope);
    assert_eq!(permissions(&test.session(&next).await.unwrap()), both);
    assert_eq!(permissions(&test.accounts.current(&session).await.unwrap()), both);
    let predict = Permissions::of(&[Permission::Predict]);
    test.accounts.put_role(&root(), "FEW", predict).await.unwrap();
    test.admin("root").await;
    test.accounts
        .set_roles(&root(), "ann", &["FEW".to_owned()])
        .await
        .unwrap();
    assert_eq!(permissions(&test.session(&next).await.unwrap()), [Permission::Predict]);
    assert_eq!(
        permissions(&test.accounts.current(&session).await.unwrap()),
        [Permission::Predict]
    );
}

#[tokio::test]
async fn a_refresh_may_narrow_the_access_token_and_never_widen_it() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = login(&test, "PREDICT READ_JOBS").await.unwrap();
    let refresh = async |grant: &Grant, scope| test.accounts.refresh_with_scope(&grant.tokens.refresh, scope).await;
    for beyond in [
        "READ_MODELS",
        "PREDICT READ_MODELS",
        "predict",
        "",
        "PREDICT  READ_JOBS",
    ] {
        let outcome = refresh(&grant, Some(beyond)).await;
        assert!(matches!(outcome, Err(Error::InvalidScope)), "{beyond}: {outcome:?}");
    }
    // The refused requests did not use up the refresh token.
    let narrow = refresh(&grant, Some("PREDICT")).await.unwrap();
    assert_eq!(narrow.scope.as_deref(), Some("PREDICT"));
    assert_eq!(
        permissions(&test.session(&narrow).await.unwrap()),
        [Permission::Predict]
    );
    let whole = refresh(&narrow, None).await.unwrap();
    assert_eq!(whole.scope.as_deref(), Some("PREDICT READ_JOBS"));

    // A session without a scope: the access token is limited, the session is not.
    let grant = test.login("ann").await;
    assert_eq!(grant.scope, None);
    let narrow = refresh(&grant, Some("PREDICT READ_USERS")).await.unwrap();
    assert_eq!(
        permissions(&test.session(&narrow).await.unwrap()),
        [Permission::Predict]
    );
    let whole = refresh(&narrow, None).await.unwrap();
    assert_eq!(
        Some(test.session(&whole).await.unwrap().actor.permissions()),
        crate::access::built_in_role(USER)
    );
}

#[tokio::test]
async fn an_unknown_or_useless_scope_is_refused() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let runs = test.accounts.password_runs();
    for scope in [
        "openid",
        "PREDICT openid",
        "PREDICT ",
        " ",
        "predict",
        "PREDICT,READ_JOBS",
    ] {
        assert!(
            matches!(login(&test, scope).await, Err(Error::InvalidScope)),
            "{scope:?}"
        );
    }
    assert_eq!(test.accounts.password_runs(), runs, "before the password is verified");
    assert!(matches!(login(&test, "READ_AUDIT").await, Err(Error::InvalidScope)));
    assert!(test.accounts.sessions("ann").await.unwrap().is_empty());
    let wrong = test
        .accounts
        .login_with_scope(
            "ann",
            "wrong horse battery".into(),
            &Origin::default(),
            Some("READ_AUDIT"),
        )
        .await;
    assert!(
        matches!(wrong, Err(Error::InvalidCredentials)),
        "permissions are not disclosed without the password: {wrong:?}"
    );
}

#[tokio::test]
async fn a_token_with_a_scope_cannot_manage_the_account() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let all = login(&test, "PREDICT MATCH_RESUME READ_MODELS READ_JOBS")
        .await
        .unwrap();
    let session = test.session(&all).await.unwrap();
    assert_eq!(
        permits(&session.actor, Requirement::Session, None),
        Decision::SessionRequired
    );
    let other = test.login("ann").await;
    let accounts = &test.accounts;
    let key = NewApiKey {
        name: "batch".to_owned(),
        roles: vec![USER.to_owned()],
        expires_at: None,
    };
    for outcome in [
        accounts.create_api_key(&session, key).await.map(drop),
        accounts
            .change_password(&session, password(), "another horse battery".into(), true)
            .await
            .map(drop),
        accounts.end_session(&session, &other.session).await,
        accounts.erase_me(&session, password()).await,
        accounts.export_my_data(&session).await.map(drop),
        accounts.logout(&session, true).await.map(drop),
    ] {
        assert!(matches!(outcome, Err(Error::SessionRequired)), "{outcome:?}");
    }
    // It can end itself.
    assert_eq!(accounts.logout(&session, false).await.unwrap(), 1);
    assert!(refused(test.session(&all).await));
    test.session(&other).await.unwrap();
}

#[tokio::test]
async fn a_scope_limits_the_token_of_an_api_key() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let ann = test.session(&test.login("ann").await).await.unwrap();
    let wanted = NewApiKey {
        name: "batch".to_owned(),
        roles: vec![USER.to_owned()],
        expires_at: None,
    };
    let (_, secret) = test.accounts.create_api_key(&ann, wanted).await.unwrap();
    let token = test
        .accounts
        .exchange_api_key(&secret, Some("READ_USERS PREDICT"))
        .await
        .unwrap();
    assert_eq!(token.scope.as_deref(), Some("PREDICT"));
    let session = test.accounts.authenticate(token.access.expose_secret()).await.unwrap();
    assert_eq!(permissions(&session), [Permission::Predict]);
    assert_eq!(
        permissions(&test.accounts.current(&session).await.unwrap()),
        [Permission::Predict]
    );
    for scope in ["READ_USERS", "openid"] {
        let outcome = test.accounts.exchange_api_key(&secret, Some(scope)).await;
        assert!(matches!(outcome, Err(Error::InvalidScope)), "{scope}");
    }
}
