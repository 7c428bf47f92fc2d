//! Operations on the caller's own account.

use chrono::TimeDelta;

use super::*;

fn browser(name: &str) -> Origin {
    Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: Some(name.to_owned()),
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    test.register("bob").await;
    let first = test.accounts.login("ann", password(), &browser("one")).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    let second = test.accounts.login("ann", password(), &browser("two")).await.unwrap();
    let others = test.login("bob").await;
    let list = test.accounts.sessions("ann").await.unwrap();
    let agents: Vec<_> = list.iter().map(|open| open.user_agent.as_deref()).collect();
    assert_eq!(agents, [Some("two"), Some("one")]);
    assert_eq!(list[1].id, *first.session);
    assert_eq!(list[1].address.as_deref(), Some("192.0.2.1"));
    assert!(list[0].created_at - list[1].created_at >= TimeDelta::minutes(1));
    test.clock.advance(TimeDelta::minutes(1));
    test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let list = test.accounts.sessions("ann").await.unwrap();
    assert_eq!(list[0].id, *first.session, "seen last");
    let caller = test.session(&second).await.unwrap();
    let foreign = test.accounts.end_session(&caller, &others.session).await;
    assert!(matches!(foreign, Err(Error::NotFound(ObjectKind::Session))));
    test.session(&others).await.unwrap();
    test.session(&first).await.unwrap();
    test.accounts.end_session(&caller, &first.session).await.unwrap();
    assert!(refused(test.session(&first).await));
    let again = test.accounts.end_session(&caller, &first.session).await;
    assert!(matches!(again, Err(Error::NotFound(ObjectKind::Session))));
    test.session(&second).await.unwrap();
    assert_eq!(test.accounts.sessions("ann").await.unwrap().len(), 1);
}

#[tokio::test]
async fn refreshing_extends_the_end_of_a_session() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    assert_eq!(
        session.session_expires_at.timestamp(),
        grant.session_expires_at.timestamp()
    );
    test.clock.advance(TimeDelta::days(1));
    let grant = test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    let later = test.session(&grant).await.unwrap();
    assert!(later.session_expires_at >= session.session_expires_at + TimeDelta::days(1));
    assert!(later.session_expires_at > later.expires_at);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_at_once() {
    let test = TestAccounts::open().await;
    let before = test.register("ann").await;
    let (mine, other) = (test.login("ann").await, test.login("ann").await);
    test.session(&other).await.unwrap();
    let caller = test.session(&mine).await.unwrap();
    let new = || SecretString::from("another horse battery");
    test.clock.advance(TimeDelta::minutes(1));
    let ended = test
        .accounts
        .change_password(&caller, password(), new(), false)
        .await
        .unwrap();
    assert_eq!((ended.ended_sessions, ended.ended_api_keys), (1, 0));
    assert!(refused(test.session(&other).await));
    assert!(test.accounts.refresh(&other.tokens.refresh).await.is_err());
    // The session of the request continues, with its access token and its refresh token.
    test.accounts.recheck(&caller).await.unwrap();
    test.session(&mine).await.unwrap();
    test.accounts.refresh(&mine.tokens.refresh).await.unwrap();
    let old = test.accounts.login("ann", password(), &Origin::default()).await;
    assert!(matches!(old, Err(Error::InvalidCredentials)));
    let grant = test.accounts.login("ann", new(), &Origin::default()).await.unwrap();
    assert!(grant.user.updated_at >= before.updated_at + TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_wrong_or_weak_password_changes_nothing() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let (mine, other) = (test.login("ann").await, test.login("ann").await);
    let caller = test.session(&mine).await.unwrap();
    let change = async |old: &str, new: &str| {
        test.accounts
            .change_password(&caller, old.into(), new.into(), true)
            .await
    };
    let wrong = change("wrong horse battery", "another horse battery").await;
    assert!(matches!(wrong, Err(Error::InvalidCredentials)));
    let weak = change("correct horse battery", "short").await;
    assert!(matches!(weak, Err(Error::WeakPassword { .. })));
    test.session(&other).await.unwrap();
    test.login("ann").await;
}
