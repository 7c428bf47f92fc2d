//! What accounts leave in the audit trail. How it is kept is tested in `audit`.

use super::*;
use crate::audit::{Action, AuditFilter, Event};

async fn trail(house: &House) -> Vec<Event> {
    let page = house
        .accounts
        .audit()
        .list(100, None, &AuditFilter::default())
        .await
        .unwrap();
    page.events.into_iter().rev().collect()
}

#[tokio::test]
async fn every_change_leaves_its_event() {
    let house = House::open().await;
    house.admin("root").await;
    house.register("ann").await;
    let by = root();
    let origin = Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: None,
    };
    let grant = house.accounts.login("ann", password(), &origin).await.unwrap();
    let wrong = house.accounts.login("ann", "wrong horse battery".into(), &origin).await;
    assert!(wrong.is_err());
    let nobody = house.accounts.login("hunter2-my-password", "x".into(), &origin).await;
    assert!(nobody.is_err());
    let set = crate::access::Permissions::NONE;
    house.accounts.put_role(&by, "IDLE", set).await.unwrap();
    house
        .accounts
        .set_roles(&by, "ann", &["IDLE".to_owned()])
        .await
        .unwrap();
    house.accounts.remove_role(&by, "IDLE").await.unwrap();
    let session = house.session(&grant).await.unwrap();
    let new = "another horse battery".into();
    house.accounts.change_password(&session, password(), new).await.unwrap();
    house.accounts.logout(&session, false).await.unwrap();
    house.accounts.set_enabled(&by, "ann", false).await.unwrap();
    let disabled = house
        .accounts
        .login("ann", "another horse battery".into(), &origin)
        .await;
    assert!(matches!(disabled, Err(Error::AccountDisabled)));
    house.accounts.set_enabled(&by, "ann", true).await.unwrap();
    house.accounts.remove(&by, "ann").await.unwrap();
    let events = trail(&house).await;
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
async fn a_used_token_that_comes_back_is_told() {
    let house = House::open().await;
    house.register("ann").await;
    let first = house.login("ann").await;
    house.accounts.refresh(&first.tokens.refresh).await.unwrap();
    house.clock.advance(chrono::TimeDelta::seconds(11));
    for _ in 0..2 {
        assert!(house.accounts.refresh(&first.tokens.refresh).await.is_err());
    }
    let told = trail(&house).await;
    let reuse: Vec<_> = told
        .iter()
        .filter(|event| event.action == Action::TokenReused)
        .collect();
    assert_eq!(reuse.len(), 1);
    assert_eq!(reuse[0].session.as_deref(), Some(&*first.session));
}

#[tokio::test]
async fn what_was_refused_changes_nothing_and_tells_of_no_change() {
    let house = House::open().await;
    house.admin("root").await;
    let before = trail(&house).await.len();
    assert!(house.accounts.set_enabled(&root(), "root", false).await.is_err());
    assert!(house.accounts.remove(&root(), "nobody").await.is_err());
    assert!(house.accounts.register(newcomer("root")).await.is_err());
    assert_eq!(trail(&house).await.len(), before);
}

#[tokio::test]
async fn what_is_written_survives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let house = House::at(&url, Settings::default()).await;
    house.register("ann").await;
    house
        .accounts
        .audit()
        .note(Event::new(Action::Inference).by(Some("ann")));
    house.accounts.audit().close().await.unwrap();
    drop(house);
    let house = House::at(&url, Settings::default()).await;
    let actions: Vec<_> = trail(&house).await.iter().map(|event| event.action).collect();
    assert_eq!(actions, [Action::Registered, Action::Inference]);
}
