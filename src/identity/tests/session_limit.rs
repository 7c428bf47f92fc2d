//! The most sessions an account may have, and the removal of expired ones. What a login costs is measured by `benches/guard.rs`.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;
use crate::audit::{Action, AuditFilter, Event};

fn at_most(max_sessions: u32) -> Settings {
    Settings {
        max_sessions,
        // What a password check costs is beside the point.
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        key: KeySource::Ephemeral,
        password_patience: Duration::from_secs(120),
        ..Settings::default()
    }
}

impl House {
    async fn login_later(&self, name: &str) -> Grant {
        self.clock.advance(TimeDelta::seconds(1));
        self.login(name).await
    }

    /// The ids of the account's sessions in the order of their last use.
    async fn open_sessions(&self, name: &str) -> Vec<String> {
        let sessions = self.accounts.sessions(name).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect()
    }

    async fn events(&self, action: Action) -> Vec<Event> {
        let filter = AuditFilter {
            action: Some(action),
            ..AuditFilter::default()
        };
        let page = self.accounts.audit().list(100, None, &filter).await.unwrap();
        page.events.into_iter().map(|(_, event)| event).collect()
    }
}

#[tokio::test]
async fn a_login_beyond_the_limit_ends_the_session_unused_the_longest() {
    let house = House::with(at_most(3)).await;
    house.register("ann").await;
    house.register("bob").await;
    let bob = house.login("bob").await;
    let first = house.login_later("ann").await;
    let second = house.login_later("ann").await;
    let third = house.login_later("ann").await;
    house.clock.advance(TimeDelta::seconds(1));
    house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    assert!(house.events(Action::SessionEvicted).await.is_empty());
    let session = house.session(&second).await.unwrap();
    let accounts = Arc::clone(&house.accounts);
    let connection = tokio::spawn(async move { accounts.ended(&session).await });

    let home = Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: None,
    };
    house.clock.advance(TimeDelta::seconds(1));
    let fourth = house.accounts.login("ann", password(), &home).await.unwrap();
    assert!(refused(house.session(&second).await));
    assert!(house.accounts.refresh(&second.tokens.refresh).await.is_err());
    tokio::time::timeout(Duration::from_secs(5), connection)
        .await
        .unwrap()
        .unwrap();
    for grant in [&first, &third, &fourth, &bob] {
        house.session(grant).await.unwrap();
    }
    let evicted = house.events(Action::SessionEvicted).await;
    assert_eq!(evicted.len(), 1, "{evicted:?}");
    assert_eq!(evicted[0].subject.as_deref(), Some("ann"));
    assert_eq!(evicted[0].session.as_deref(), Some(&*second.session));
    assert_eq!(evicted[0].address.as_deref(), Some("192.0.2.1"));
    assert_eq!(evicted[0].refusal, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn logins_at_once_in_two_processes_keep_the_limit() {
    const LOGINS: usize = 40;
    let house = House::with(at_most(5)).await;
    house.register("ann").await;
    let other = Accounts::new(Arc::clone(&house.store), Arc::new(house.clock.clone()), at_most(5)).unwrap();
    let other = Arc::new(other);
    let logins = (0..LOGINS).map(|n| {
        let accounts = Arc::clone(if n % 2 == 0 { &house.accounts } else { &other });
        tokio::spawn(async move { accounts.login("ann", password(), &Origin::default()).await })
    });
    let grants: Vec<Grant> = join_all(logins.collect::<Vec<_>>())
        .await
        .into_iter()
        .map(|login| login.unwrap().unwrap())
        .collect();
    let open = house.open_sessions("ann").await;
    assert!(open.len() == 5 || open.len() == 6, "{open:?}");
    let mut evicted: Vec<String> = house
        .events(Action::SessionEvicted)
        .await
        .into_iter()
        .filter_map(|event| event.session)
        .collect();
    evicted.sort_unstable();
    evicted.dedup();
    assert_eq!(evicted.len(), LOGINS - open.len(), "each has its event");
    for grant in &grants {
        let stands = open.iter().any(|id| **id == *grant.session);
        assert_ne!(stands, evicted.iter().any(|id| **id == *grant.session));
        assert_eq!(stands, other.refresh(&grant.tokens.refresh).await.is_ok());
    }
    house.login("ann").await;
    assert_eq!(house.open_sessions("ann").await.len(), 5);
}

#[tokio::test]
async fn a_lower_limit_holds_from_the_next_login_on() {
    let house = House::with(at_most(20)).await;
    house.register("ann").await;
    for _ in 0..8 {
        house.login_later("ann").await;
    }
    let before = house.open_sessions("ann").await;
    let lower = Accounts::new(Arc::clone(&house.store), Arc::new(house.clock.clone()), at_most(1)).unwrap();
    assert_eq!(house.open_sessions("ann").await.len(), 8);
    // A clock that is behind makes the new session look older than the others; it is kept all the same.
    house.clock.advance(TimeDelta::seconds(-5));
    let grant = lower.login("ann", password(), &Origin::default()).await.unwrap();
    let after = house.open_sessions("ann").await;
    assert!(after.iter().any(|id| **id == *grant.session), "{after:?}");
    assert_eq!(after, [before[0].clone(), grant.session.to_string()]);
    house.clock.advance(TimeDelta::seconds(10));
    let grant = lower.login("ann", password(), &Origin::default()).await.unwrap();
    assert_eq!(house.open_sessions("ann").await, [grant.session.to_string()]);
}

#[tokio::test]
async fn expired_sessions_are_removed_once_an_hour() {
    let house = House::with(at_most(500)).await;
    house.register("ann").await;
    house.register("bob").await;
    let mut bobs = Vec::new();
    for _ in 0..120 {
        bobs.push(house.login("bob").await);
    }
    let stored = async || {
        let mut found = 0;
        for grant in &bobs {
            let session = records::find_session(&house.store, &grant.session).await.unwrap();
            found += usize::from(session.is_some());
        }
        found
    };
    let idle = at_most(500).idle_lifetime;
    house.clock.advance(idle - TimeDelta::minutes(1));
    house.login("ann").await;
    assert_eq!(stored().await, 120, "none has expired");
    house.clock.advance(TimeDelta::minutes(30));
    house.login("ann").await;
    assert_eq!(stored().await, 120, "the last look was half an hour ago");
    house.clock.advance(TimeDelta::minutes(30));
    house.login("ann").await;
    assert_eq!(stored().await, 20, "a login removes a hundred at most");
    house.login("ann").await;
    assert_eq!(stored().await, 0);
    assert_eq!(house.open_sessions("ann").await.len(), 4);
    assert!(house.events(Action::SessionEvicted).await.is_empty());
}

#[tokio::test]
async fn an_expired_session_beyond_the_limit_is_no_eviction() {
    let house = House::with(at_most(1)).await;
    house.register("ann").await;
    let old = house.login("ann").await;
    // The sweep has been done, and the session expires within the hour after it.
    house.clock.advance(at_most(1).idle_lifetime - TimeDelta::minutes(1));
    house.register("bob").await;
    house.login("bob").await;
    house.clock.advance(TimeDelta::minutes(2));
    house.login("ann").await;
    assert!(house.events(Action::SessionEvicted).await.is_empty());
    let ended = house.events(Action::SessionEnded).await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0].session.as_deref(), Some(&*old.session));
    assert_eq!(ended[0].refusal.as_deref(), Some("EXPIRED"));
}
