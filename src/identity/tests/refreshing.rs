//! Refresh tokens: rotation, the grace, reuse, limits, crowds.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn each_token_works_once_and_gives_the_next() {
    let house = House::open().await;
    house.register("ann").await;
    let mut grant = house.login("ann").await;
    let session = grant.session.clone();
    let mut seen = HashSet::new();
    for _ in 0..5 {
        house.clock.advance(TimeDelta::minutes(1));
        grant = house.accounts.refresh(&grant.tokens.refresh).await.unwrap();
        assert_eq!(grant.session, session);
        assert!(seen.insert(grant.tokens.refresh.expose_secret().to_owned()));
        house.session(&grant).await.unwrap();
    }
}

#[tokio::test]
async fn a_retry_within_the_grace_gets_the_same_successor() {
    let house = House::open().await;
    house.register("ann").await;
    let first = house.login("ann").await;
    let second = house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    house.clock.advance(TimeDelta::seconds(9));
    let again = house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    assert_eq!(
        second.tokens.refresh.expose_secret(),
        again.tokens.refresh.expose_secret()
    );
    house.accounts.refresh(&second.tokens.refresh).await.unwrap();
}

#[tokio::test]
async fn reuse_after_the_grace_ends_the_family() {
    let house = House::open().await;
    house.register("ann").await;
    let other = house.login("ann").await;
    let first = house.login("ann").await;
    let second = house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    house.clock.advance(TimeDelta::seconds(11));
    let reused = house.accounts.refresh(&first.tokens.refresh).await;
    assert!(matches!(reused, Err(Error::InvalidRefreshToken)));
    assert!(matches!(
        house.accounts.refresh(&second.tokens.refresh).await,
        Err(Error::InvalidRefreshToken)
    ));
    assert!(refused(house.session(&first).await));
    assert!(refused(house.session(&second).await));
    assert!(house.session(&other).await.is_ok(), "other families live on");
}

#[tokio::test]
async fn an_older_token_ends_the_family_within_the_grace_too() {
    let house = House::open().await;
    house.register("ann").await;
    let first = house.login("ann").await;
    let second = house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let third = house.accounts.refresh(&second.tokens.refresh).await.unwrap();
    assert!(house.accounts.refresh(&first.tokens.refresh).await.is_err());
    assert!(house.accounts.refresh(&third.tokens.refresh).await.is_err());
}

#[tokio::test]
async fn an_access_token_is_no_refresh_token_and_the_other_way_round() {
    let house = House::open().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    assert!(house.accounts.refresh(&grant.tokens.access).await.is_err());
    assert!(refused(
        house.accounts.authenticate(grant.tokens.refresh.expose_secret()).await
    ));
    house.accounts.refresh(&grant.tokens.refresh).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_at_once_get_one_successor() {
    let house = House::open().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let tasks = (0..100).map(|_| {
        let (accounts, token) = (Arc::clone(&house.accounts), grant.tokens.refresh.clone());
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
    let house = House::open().await;
    house.register("ann").await;
    let mut grant = house.login("ann").await;
    // Refreshed every six days it lives on, but not for longer than thirty.
    for _ in 0..4 {
        house.clock.advance(TimeDelta::days(6));
        grant = house.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    }
    house.clock.advance(TimeDelta::days(6) - TimeDelta::minutes(5));
    grant = house.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    assert!(
        grant.tokens.expires_in <= 5 * 60,
        "no access token outlives its session"
    );
    house.clock.advance(TimeDelta::minutes(6));
    assert!(house.accounts.refresh(&grant.tokens.refresh).await.is_err());
    let idle = house.login("ann").await;
    house.clock.advance(TimeDelta::days(7));
    assert!(house.accounts.refresh(&idle.tokens.refresh).await.is_err());
}

#[tokio::test]
async fn expired_sessions_are_cleared_away() {
    let house = House::open().await;
    house.register("ann").await;
    let old = house.login("ann").await;
    house.clock.advance(TimeDelta::days(8));
    house.login("ann").await;
    assert!(
        records::find_session(&house.store, &old.session)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_store_holds_no_token() {
    let house = House::open().await;
    house.register("ann").await;
    let first = house.login("ann").await;
    let second = house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let stored = records::find_session(&house.store, &first.session)
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
