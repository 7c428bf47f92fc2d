//! The audit events of accounts. Their storage is tested in `audit`.

use super::*;
use crate::audit::{Action, AuditFilter, Event};

async fn trail(test: &TestAccounts) -> Vec<Event> {
    let page = test
        .accounts
        .audit()
        .list(100, None, &AuditFilter::default())
        .await
        .unwrap();
    page.events.into_iter().rev().collect()
}

#[tokio::test]
async fn every_change_is_recorded() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    let by = root();
    let origin = Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: None,
    };
    let grant = test.accounts.login("ann", password(), &origin).await.unwrap();
    let wrong = test.accounts.login("ann", "wrong horse battery".into(), &origin).await;
    assert!(wrong.is_err());
    let unknown = test.accounts.login("hunter2-my-password", "x".into(), &origin).await;
    assert!(unknown.is_err());
    let set = crate::access::Permissions::NONE;
    test.accounts.put_role(&by, "IDLE", set).await.unwrap();
    test.accounts.set_roles(&by, "ann", &["IDLE".to_owned()]).await.unwrap();
    test.accounts.remove_role(&by, "IDLE").await.unwrap();
    let session = test.session(&grant).await.unwrap();
    let new = "another horse battery".into();
    test.accounts
        .change_password(&session, password(), new, false)
        .await
        .unwrap();
    test.accounts.logout(&session, false).await.unwrap();
    test.accounts.set_enabled(&by, "ann", false).await.unwrap();
    let disabled = test
        .accounts
        .login("ann", "another horse battery".into(), &origin)
        .await;
    assert!(matches!(disabled, Err(Error::AccountDisabled)));
    test.accounts.set_enabled(&by, "ann", true).await.unwrap();
    test.accounts.remove(&by, "ann").await.unwrap();
    let events = trail(&test).await;
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            (
                event.action,
                event.actor.as_deref(),
                event.subject.as_deref(),
                event.refusal.as_deref(),
            )
        })
        .collect();
    let (root, ann) = (Some("root"), Some("ann"));
    assert_eq!(
        told,
        [
            (Action::UserCreated, None, root, None),
            (Action::Registered, None, ann, None),
            (Action::Login, ann, ann, None),
            (Action::Login, None, ann, Some("INVALID_CREDENTIALS")),
            (Action::Login, None, None, Some("INVALID_CREDENTIALS")),
            (Action::RolePut, root, Some("IDLE"), None),
            (Action::UserRolesSet, root, ann, None),
            (Action::RoleRemoved, root, Some("IDLE"), None),
            (Action::PasswordChanged, ann, ann, None),
            (Action::Logout, ann, ann, None),
            (Action::UserDisabled, root, ann, None),
            (Action::Login, None, ann, Some("ACCOUNT_DISABLED")),
            (Action::UserEnabled, root, ann, None),
            (Action::UserRemoved, root, ann, None),
        ]
    );
    assert_eq!(events[2].address.as_deref(), Some("192.0.2.1"));
    assert_eq!(events[2].session.as_deref(), Some(&*grant.session));
    let printed = format!("{events:?}");
    for secret in ["hunter2", "horse", "example.org", grant.tokens.refresh.expose_secret()] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn reuse_of_a_refresh_token_is_recorded() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let first = test.login("ann").await;
    test.accounts.refresh(&first.tokens.refresh).await.unwrap();
    test.clock.advance(chrono::TimeDelta::seconds(11));
    for _ in 0..2 {
        assert!(test.accounts.refresh(&first.tokens.refresh).await.is_err());
    }
    let told = trail(&test).await;
    let reuse: Vec<_> = told
        .iter()
        .filter(|event| event.action == Action::TokenReused)
        .collect();
    assert_eq!(reuse.len(), 1);
    assert_eq!(reuse[0].session.as_deref(), Some(&*first.session));
}

#[tokio::test]
async fn a_refused_change_is_not_recorded() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    let before = trail(&test).await.len();
    assert!(test.accounts.set_enabled(&root(), "root", false).await.is_err());
    assert!(test.accounts.remove(&root(), "unknown").await.is_err());
    assert!(test.try_register(new_user("root")).await.is_err());
    assert_eq!(trail(&test).await.len(), before);
}

#[tokio::test]
async fn events_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let test = TestAccounts::at(&url, Settings::default()).await;
    test.register("ann").await;
    test.accounts
        .audit()
        .note(Event::new(Action::Inference).by(Some("ann")));
    test.accounts.audit().close().await.unwrap();
    drop(test);
    let test = TestAccounts::at(&url, Settings::default()).await;
    let actions: Vec<_> = trail(&test).await.iter().map(|event| event.action).collect();
    assert_eq!(actions, [Action::Registered, Action::Inference]);
}
