//! Refresh tokens: rotation, grace period, reuse, lifetimes and concurrency.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn each_token_is_valid_once_and_returns_its_successor() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let mut grant = test.login("ann").await;
    let session = grant.session.clone();
    let mut seen = HashSet::new();
    for _ in 0..5 {
        test.clock.advance(TimeDelta::minutes(1));
        grant = test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
        assert_eq!(grant.session, session);
        assert!(seen.insert(grant.tokens.refresh.expose_secret().to_owned()));
        test.session(&grant).await.unwrap();
    }
}

#[tokio::test]
async fn a_retry_within_the_grace_period_gets_the_same_successor() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let first = test.login("ann").await;
    let second = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    test.clock.advance(TimeDelta::seconds(9));
    let again = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    assert_eq!(
        second.tokens.refresh.expose_secret(),
        again.tokens.refresh.expose_secret()
    );
    test.accounts.refresh(&second.tokens.refresh).await.unwrap();
}

#[tokio::test]
async fn only_the_last_token_of_a_session_reveals_that_its_account_is_disabled() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let first = test.login("ann").await;
    let second = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let ended = test.login("ann").await;
    let session = test.session(&ended).await.unwrap();
    test.accounts.logout(&session, false).await.unwrap();
    test.clock.advance(TimeDelta::seconds(11));
    let foreign = second.tokens.refresh.expose_secret();
    // The handle of the session with another secret.
    let forged = format!("{}{}", &foreign[..36], &first.tokens.refresh.expose_secret()[36..]);
    test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    let outcome = async |token: SecretString| test.accounts.refresh(&token).await.unwrap_err().code();
    assert_eq!(outcome(second.tokens.refresh.clone()).await, "ACCOUNT_DISABLED");
    assert_eq!(outcome(second.tokens.refresh.clone()).await, "ACCOUNT_DISABLED");
    for other in [
        first.tokens.refresh.clone(),
        ended.tokens.refresh.clone(),
        forged.into(),
        "prt_unknown".into(),
    ] {
        assert_eq!(outcome(other).await, "INVALID_REFRESH_TOKEN");
    }
    test.clock.advance(TimeDelta::days(7));
    assert_eq!(outcome(second.tokens.refresh.clone()).await, "INVALID_REFRESH_TOKEN");
}

#[tokio::test]
async fn reuse_after_the_grace_period_ends_the_session() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let other = test.login("ann").await;
    let first = test.login("ann").await;
    let second = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    test.clock.advance(TimeDelta::seconds(11));
    let reused = test.accounts.refresh(&first.tokens.refresh).await;
    assert!(matches!(reused, Err(Error::InvalidRefreshToken)));
    assert!(matches!(
        test.accounts.refresh(&second.tokens.refresh).await,
        Err(Error::InvalidRefreshToken)
    ));
    assert!(refused(test.session(&first).await));
    assert!(refused(test.session(&second).await));
    assert!(test.session(&other).await.is_ok(), "other sessions must not end");
}

#[tokio::test]
async fn an_older_token_ends_the_session_within_the_grace_period() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let first = test.login("ann").await;
    let second = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let third = test.accounts.refresh(&second.tokens.refresh).await.unwrap();
    assert!(test.accounts.refresh(&first.tokens.refresh).await.is_err());
    assert!(test.accounts.refresh(&third.tokens.refresh).await.is_err());
}

#[tokio::test]
async fn access_and_refresh_tokens_are_not_interchangeable() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    assert!(test.accounts.refresh(&grant.tokens.access).await.is_err());
    assert!(refused(
        test.accounts.authenticate(grant.tokens.refresh.expose_secret()).await
    ));
    test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_refreshes_get_one_successor() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let tasks = (0..100).map(|_| {
        let (accounts, token) = (Arc::clone(&test.accounts), grant.tokens.refresh.clone());
        tokio::spawn(async move { accounts.refresh(&token).await })
    });
    let outcomes = join_all(tasks).await;
    let successors: HashSet<String> = outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap().unwrap().tokens.refresh.expose_secret().to_owned())
        .collect();
    assert_eq!(successors.len(), 1);
}

#[tokio::test]
async fn an_idle_session_ends_and_so_does_an_old_one() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let mut grant = test.login("ann").await;
    // Refreshed every six days, the session continues, but not beyond thirty days.
    for _ in 0..4 {
        test.clock.advance(TimeDelta::days(6));
        grant = test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    }
    test.clock.advance(TimeDelta::days(6) - TimeDelta::minutes(5));
    grant = test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    assert!(
        grant.tokens.expires_in <= 5 * 60,
        "an access token must not outlive its session"
    );
    test.clock.advance(TimeDelta::minutes(6));
    assert!(test.accounts.refresh(&grant.tokens.refresh).await.is_err());
    let idle = test.login("ann").await;
    test.clock.advance(TimeDelta::days(7));
    assert!(test.accounts.refresh(&idle.tokens.refresh).await.is_err());
}

#[tokio::test]
async fn expired_sessions_are_removed() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let old = test.login("ann").await;
    test.clock.advance(TimeDelta::days(8));
    test.login("ann").await;
    assert!(
        records::find_session(&test.store, &old.session)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_store_holds_no_token() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let first = test.login("ann").await;
    let second = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let stored = records::find_session(&test.store, &first.session)
        .await
        .unwrap()
        .unwrap();
    let printed = format!("{stored:?}");
    for grant in [&first, &second] {
        let text = grant.tokens.refresh.expose_secret();
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &text[4..]).unwrap();
        let secret = format!("{:?}", &bytes[16..]);
        assert!(!printed.contains(secret.trim_matches(['[', ']'])));
    }
}
