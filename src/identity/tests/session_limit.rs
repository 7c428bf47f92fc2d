//! The maximum number of sessions of an account, and the removal of expired sessions. The cost of a login is measured
//! by `benches/guard.rs`.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;
use crate::audit::{Action, AuditFilter, Event};

fn at_most(max_sessions: u32) -> Settings {
    Settings {
        max_sessions,
        // Cheap password hashing, to keep the test fast.
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

impl TestAccounts {
    async fn login_later(&self, name: &str) -> Grant {
        self.clock.advance(TimeDelta::seconds(1));
        self.login(name).await
    }

    /// Returns the ids of the account's sessions in order of last use.
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
        page.events
    }
}

#[tokio::test]
async fn a_login_beyond_the_limit_ends_the_least_recently_used_session() {
    let test = TestAccounts::with(at_most(3)).await;
    test.register("ann").await;
    test.register("bob").await;
    let bob = test.login("bob").await;
    let first = test.login_later("ann").await;
    let second = test.login_later("ann").await;
    let third = test.login_later("ann").await;
    test.clock.advance(TimeDelta::seconds(1));
    test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    assert!(test.events(Action::SessionEvicted).await.is_empty());
    let session = test.session(&second).await.unwrap();
    let accounts = Arc::clone(&test.accounts);
    let connection = tokio::spawn(async move { accounts.ended(&session).await });

    let home = Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: None,
    };
    test.clock.advance(TimeDelta::seconds(1));
    let fourth = test.accounts.login("ann", password(), &home).await.unwrap();
    assert!(refused(test.session(&second).await));
    assert!(test.accounts.refresh(&second.tokens.refresh).await.is_err());
    tokio::time::timeout(Duration::from_secs(60), connection)
        .await
        .unwrap()
        .unwrap();
    for grant in [&first, &third, &fourth, &bob] {
        test.session(grant).await.unwrap();
    }
    let evicted = test.events(Action::SessionEvicted).await;
    assert_eq!(evicted.len(), 1, "{evicted:?}");
    assert_eq!(evicted[0].subject.as_deref(), Some("ann"));
    assert_eq!(evicted[0].session.as_deref(), Some(&*second.session));
    assert_eq!(evicted[0].address.as_deref(), Some("192.0.2.1"));
    assert_eq!(evicted[0].refusal, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_logins_in_two_processes_keep_the_limit() {
    const LOGINS: usize = 40;
    let test = TestAccounts::with(at_most(5)).await;
    test.register("ann").await;
    let other = Accounts::new(Arc::clone(&test.store), Arc::new(test.clock.clone()), at_most(5)).unwrap();
    let other = Arc::new(other);
    let logins = (0..LOGINS).map(|n| {
        let accounts = Arc::clone(if n % 2 == 0 { &test.accounts } else { &other });
        tokio::spawn(async move { accounts.login("ann", password(), &Origin::default()).await })
    });
    let grants: Vec<Grant> = join_all(logins.collect::<Vec<_>>())
        .await
        .into_iter()
        .map(|login| login.unwrap().unwrap())
        .collect();
    let open = test.open_sessions("ann").await;
    assert!(open.len() == 5 || open.len() == 6, "{open:?}");
    let mut evicted: Vec<String> = test
        .events(Action::SessionEvicted)
        .await
        .into_iter()
        .filter_map(|event| event.session)
        .collect();
    evicted.sort_unstable();
    evicted.dedup();
    assert_eq!(evicted.len(), LOGINS - open.len(), "each eviction must have an event");
    for grant in &grants {
        let is_open = open.iter().any(|id| **id == *grant.session);
        assert_ne!(is_open, evicted.iter().any(|id| **id == *grant.session));
        assert_eq!(is_open, other.refresh(&grant.tokens.refresh).await.is_ok());
    }
    test.login("ann").await;
    assert_eq!(test.open_sessions("ann").await.len(), 5);
}

#[tokio::test]
async fn a_lower_limit_applies_from_the_next_login() {
    let test = TestAccounts::with(at_most(20)).await;
    test.register("ann").await;
    for _ in 0..8 {
        test.login_later("ann").await;
    }
    let before = test.open_sessions("ann").await;
    let lower = Accounts::new(Arc::clone(&test.store), Arc::new(test.clock.clone()), at_most(1)).unwrap();
    assert_eq!(test.open_sessions("ann").await.len(), 8);
    // With a clock that is behind, the new session looks older than the others; it is kept nevertheless.
    test.clock.advance(TimeDelta::seconds(-5));
    let grant = lower.login("ann", password(), &Origin::default()).await.unwrap();
    let after = test.open_sessions("ann").await;
    assert!(after.iter().any(|id| **id == *grant.session), "{after:?}");
    assert_eq!(after, [before[0].clone(), grant.session.to_string()]);
    test.clock.advance(TimeDelta::seconds(10));
    let grant = lower.login("ann", password(), &Origin::default()).await.unwrap();
    assert_eq!(test.open_sessions("ann").await, [grant.session.to_string()]);
}

#[tokio::test]
async fn expired_sessions_are_removed_once_an_hour() {
    let test = TestAccounts::with(at_most(500)).await;
    test.register("ann").await;
    test.register("bob").await;
    let mut bobs = Vec::new();
    for _ in 0..120 {
        bobs.push(test.login("bob").await);
    }
    let stored = async || {
        let mut found = 0;
        for grant in &bobs {
            let session = records::find_session(&test.store, &grant.session).await.unwrap();
            found += usize::from(session.is_some());
        }
        found
    };
    let idle = at_most(500).idle_lifetime;
    test.clock.advance(idle - TimeDelta::minutes(1));
    test.login("ann").await;
    assert_eq!(stored().await, 120, "no session has expired yet");
    test.clock.advance(TimeDelta::minutes(30));
    test.login("ann").await;
    assert_eq!(stored().await, 120, "the last removal was half an hour ago");
    test.clock.advance(TimeDelta::minutes(30));
    test.login("ann").await;
    assert_eq!(stored().await, 20, "a login removes at most 100 sessions");
    test.login("ann").await;
    assert_eq!(stored().await, 0);
    assert_eq!(test.open_sessions("ann").await.len(), 4);
    assert!(test.events(Action::SessionEvicted).await.is_empty());
}

#[tokio::test]
async fn an_expired_session_beyond_the_limit_is_not_an_eviction() {
    let test = TestAccounts::with(at_most(1)).await;
    test.register("ann").await;
    let old = test.login("ann").await;
    // Expired sessions have just been removed; this session expires before the next removal.
    test.clock.advance(at_most(1).idle_lifetime - TimeDelta::minutes(1));
    test.register("bob").await;
    test.login("bob").await;
    test.clock.advance(TimeDelta::minutes(2));
    test.login("ann").await;
    assert!(test.events(Action::SessionEvicted).await.is_empty());
    let ended = test.events(Action::SessionEnded).await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0].session.as_deref(), Some(&*old.session));
    assert_eq!(ended[0].refusal.as_deref(), Some("EXPIRED"));
}
