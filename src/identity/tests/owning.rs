//! What owners do with their own account.

use chrono::TimeDelta;

use super::*;

fn browser(name: &str) -> Origin {
    Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: Some(name.to_owned()),
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let house = House::open().await;
    house.register("ann").await;
    house.register("bob").await;
    let first = house.accounts.login("ann", password(), &browser("one")).await.unwrap();
    house.clock.advance(TimeDelta::minutes(1));
    let second = house.accounts.login("ann", password(), &browser("two")).await.unwrap();
    let others = house.login("bob").await;
    let list = house.accounts.sessions("ann").await.unwrap();
    let agents: Vec<_> = list.iter().map(|open| open.user_agent.as_deref()).collect();
    assert_eq!(agents, [Some("two"), Some("one")]);
    assert_eq!(list[1].id, *first.session);
    assert_eq!(list[1].address.as_deref(), Some("192.0.2.1"));
    assert!(list[0].created_at - list[1].created_at >= TimeDelta::minutes(1));
    house.clock.advance(TimeDelta::minutes(1));
    house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    let list = house.accounts.sessions("ann").await.unwrap();
    assert_eq!(list[0].id, *first.session, "seen last");
    let caller = house.session(&second).await.unwrap();
    let foreign = house.accounts.end_session(&caller, &others.session).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    house.session(&others).await.unwrap();
    house.session(&first).await.unwrap();
    house.accounts.end_session(&caller, &first.session).await.unwrap();
    assert!(refused(house.session(&first).await));
    let again = house.accounts.end_session(&caller, &first.session).await;
    assert!(matches!(again, Err(Error::NotFound)));
    house.session(&second).await.unwrap();
    assert_eq!(house.accounts.sessions("ann").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_tells_when_it_ends_and_refreshing_moves_that() {
    let house = House::open().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let session = house.session(&grant).await.unwrap();
    assert_eq!(
        session.session_expires_at.timestamp(),
        grant.session_expires_at.timestamp()
    );
    house.clock.advance(TimeDelta::days(1));
    let grant = house.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    let later = house.session(&grant).await.unwrap();
    assert!(later.session_expires_at >= session.session_expires_at + TimeDelta::days(1));
    assert!(later.session_expires_at > later.expires_at);
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_at_once() {
    let house = House::open().await;
    let before = house.register("ann").await;
    let (mine, other) = (house.login("ann").await, house.login("ann").await);
    house.session(&other).await.unwrap();
    let caller = house.session(&mine).await.unwrap();
    let new = || SecretString::from("another horse battery");
    house.clock.advance(TimeDelta::minutes(1));
    let ended = house
        .accounts
        .change_password(&caller, password(), new())
        .await
        .unwrap();
    assert_eq!(ended, 1);
    assert!(refused(house.session(&other).await));
    assert!(house.accounts.refresh(&other.tokens.refresh).await.is_err());
    // The session that asked goes on, its request and its refresh token included.
    house.accounts.recheck(&caller).await.unwrap();
    house.session(&mine).await.unwrap();
    house.accounts.refresh(&mine.tokens.refresh).await.unwrap();
    let old = house.accounts.login("ann", password(), &Origin::default()).await;
    assert!(matches!(old, Err(Error::InvalidCredentials)));
    let grant = house.accounts.login("ann", new(), &Origin::default()).await.unwrap();
    assert!(grant.user.updated_at >= before.updated_at + TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_wrong_or_a_weak_password_changes_nothing() {
    let house = House::open().await;
    house.register("ann").await;
    let (mine, other) = (house.login("ann").await, house.login("ann").await);
    let caller = house.session(&mine).await.unwrap();
    let change = async |old: &str, new: &str| house.accounts.change_password(&caller, old.into(), new.into()).await;
    let wrong = change("wrong horse battery", "another horse battery").await;
    assert!(matches!(wrong, Err(Error::InvalidCredentials)));
    let weak = change("correct horse battery", "short").await;
    assert!(matches!(weak, Err(Error::WeakPassword { .. })));
    house.session(&other).await.unwrap();
    house.login("ann").await;
}
