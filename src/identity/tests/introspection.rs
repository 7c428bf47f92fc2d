//! Introspection and revocation of every kind of token.

use chrono::TimeDelta;

use super::foreign_issuer::IssuerTest;
use super::*;
use crate::access::USER;
use crate::audit::{Action, AuditFilter};

async fn active(test: &TestAccounts, token: &SecretString) -> bool {
    test.accounts.introspect(token).await.unwrap().is_some()
}

async fn key(test: &TestAccounts, grant: &Grant) -> SecretString {
    let session = test.session(grant).await.unwrap();
    let wanted = NewApiKey {
        name: "batch".to_owned(),
        roles: vec![USER.to_owned()],
        expires_at: None,
    };
    test.accounts.create_api_key(&session, wanted).await.unwrap().1
}

#[tokio::test]
async fn every_token_of_an_account_is_active_until_the_account_is_disabled() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let key = key(&test, &grant).await;
    let exchanged = test.accounts.exchange_api_key(&key, Some("PREDICT")).await.unwrap();
    let tokens = [&grant.tokens.access, &grant.tokens.refresh, &key, &exchanged.access];
    for (at, token) in tokens.into_iter().enumerate() {
        let found = test.accounts.introspect(token).await.unwrap().unwrap();
        assert_eq!((&*found.user.id, found.is_bearer), ("ann", at != 1));
        assert_eq!(found.client == "portcullis", at < 2, "{at}: {}", found.client);
        let scope = if at == 3 {
            "PREDICT"
        } else {
            "PREDICT MATCH_RESUME READ_MODELS READ_JOBS"
        };
        assert_eq!(found.scope, scope);
        assert_eq!(
            (found.id.is_some(), found.issued_at.is_some()),
            (at % 3 == 0, at % 3 == 0)
        );
        assert!(found.expires_at > test.clock.now());
    }
    // Looking at a refresh token does not use it up.
    test.accounts.refresh(&grant.tokens.refresh).await.unwrap();

    test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    for token in tokens {
        assert!(!active(&test, token).await);
    }
    // The sessions have ended; the key works again with the account.
    test.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    for (at, token) in tokens.into_iter().enumerate() {
        assert_eq!(active(&test, token).await, at >= 2, "{at}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_not_active() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    for unknown in ["", "x", "a.b.c", "prt_", "pk_x", "prt_AAAA"] {
        assert!(!active(&test, &unknown.into()).await, "{unknown:?}");
    }
    let stranger = TestAccounts::open().await;
    stranger.register("ann").await;
    let other = stranger.login("ann").await;
    assert!(!active(&test, &other.tokens.access).await && !active(&test, &other.tokens.refresh).await);
    // A used refresh token, after the grace period: the session goes on.
    let next = test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    assert!(active(&test, &grant.tokens.refresh).await);
    test.clock.advance(TimeDelta::seconds(11));
    assert!(!active(&test, &grant.tokens.refresh).await);
    assert!(active(&test, &next.tokens.refresh).await);
    test.session(&next).await.unwrap();
    test.clock.advance(TimeDelta::minutes(15));
    assert!(!active(&test, &next.tokens.access).await, "expired");
    test.clock.advance(TimeDelta::days(8));
    assert!(!active(&test, &next.tokens.refresh).await, "expired");
}

#[tokio::test]
async fn a_token_of_another_issuer_creates_no_account() {
    let setup = IssuerTest::open().await;
    let token = SecretString::from(setup.token("ann", &[]));
    assert!(!active(&setup.test, &token).await);
    let revoked = setup
        .test
        .accounts
        .revoke_token(&token, &Origin::default())
        .await
        .unwrap();
    assert!(matches!(revoked, Revocation::Unsupported(_)));
    assert_eq!(setup.test.accounts.count(&UserFilter::default()).await.unwrap(), 0);
    assert!(setup.issuer.requests().is_empty());
}

#[tokio::test]
async fn each_token_of_a_session_ends_it() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let kept = test.login("ann").await;
    let revoke = async |token: &SecretString| {
        let origin = Origin {
            address: Some("192.0.2.1".parse().unwrap()),
            user_agent: None,
        };
        test.accounts.revoke_token(token, &origin).await.unwrap()
    };
    for which in 0..3 {
        let first = test.login("ann").await;
        let next = test.accounts.refresh(&first.tokens.refresh).await.unwrap();
        test.clock.advance(TimeDelta::seconds(60));
        let session = test.session(&next).await.unwrap();
        let token = [&next.tokens.access, &next.tokens.refresh, &first.tokens.refresh][which];
        assert_eq!(revoke(token).await, Revocation::Done);
        assert!(
            refused(test.session(&next).await) && refused(test.session(&first).await),
            "{which}"
        );
        assert!(test.accounts.refresh(&next.tokens.refresh).await.is_err());
        // Open connections learn of it.
        test.accounts.ended(&session).await;
        assert_eq!(revoke(token).await, Revocation::Done, "again");
    }
    test.session(&kept).await.unwrap();
    let filter = AuditFilter {
        action: Some(Action::Logout),
        ..AuditFilter::default()
    };
    let events = test.accounts.audit().list(10, None, &filter).await.unwrap().events;
    assert_eq!(events.len(), 3, "one for each session");

    for unknown in ["", "x", "a.b.c", "prt_AAAA"] {
        assert_eq!(revoke(&unknown.into()).await, Revocation::Done, "{unknown:?}");
    }
    let key = key(&test, &kept).await;
    let exchanged = test.accounts.exchange_api_key(&key, None).await.unwrap();
    for token in [&key, &exchanged.access] {
        assert!(matches!(revoke(token).await, Revocation::Unsupported(_)));
        assert!(active(&test, token).await);
    }
}

#[tokio::test]
async fn a_change_of_password_removes_keys_only_if_asked() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    test.register("bob").await;
    let grant = test.login("ann").await;
    let (key_a, key_b) = (key(&test, &grant).await, key(&test, &grant).await);
    let others = key(&test, &test.login("bob").await).await;
    let exchanged = test.accounts.exchange_api_key(&key_a, None).await.unwrap().access;
    let session = test.session(&grant).await.unwrap();
    let change = async |old: &str, new: &str, end_keys: bool| {
        test.accounts
            .change_password(&session, old.into(), new.into(), end_keys)
            .await
            .unwrap()
    };
    let kept = change("correct horse battery", "another horse battery", false).await;
    assert_eq!(kept.ended_api_keys, 0);
    for token in [&key_a, &key_b, &exchanged, &others] {
        assert!(active(&test, token).await);
    }
    let ended = change("another horse battery", "a third horse battery", true).await;
    assert_eq!(ended.ended_api_keys, 2);
    for token in [&key_a, &key_b, &exchanged] {
        assert!(!active(&test, token).await);
        assert!(refused(test.accounts.authenticate(token.expose_secret()).await));
    }
    assert!(active(&test, &others).await);
    test.session(&grant).await.unwrap();
    assert!(test.accounts.api_keys("ann").await.unwrap().is_empty());
    test.accounts.audit().flush().await.unwrap();
    let filter = AuditFilter {
        action: Some(Action::KeyRemoved),
        ..AuditFilter::default()
    };
    let events = test.accounts.audit().list(10, None, &filter).await.unwrap().events;
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| event.actor.as_deref() == Some("ann")));
}
