//! API keys: permissions, expiry and revocation.

use chrono::TimeDelta;

use super::*;
use crate::access::{Permission, Permissions, USER};

fn wanted(roles: &[&str]) -> NewApiKey {
    NewApiKey {
        name: " nightly batch ".to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        expires_at: None,
    }
}

async fn owner(test: &TestAccounts, name: &str) -> Arc<Session> {
    let grant = test.login(name).await;
    test.session(&grant).await.unwrap()
}

async fn open(test: &TestAccounts, secret: &SecretString) -> Result<Arc<Session>, Error> {
    test.accounts.authenticate(secret.expose_secret()).await
}

#[tokio::test]
async fn a_key_authenticates_its_owner_and_is_stored_as_a_hash() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let ann = owner(&test, "ann").await;
    let (key, secret) = test.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    assert!(secret.expose_secret().starts_with("pk_"));
    assert_eq!((&*key.name, key.last_used_at), ("nightly batch", None));
    let session = open(&test, &secret).await.unwrap();
    assert_eq!(
        (session.actor.id(), session.credential),
        (Some("ann"), Credential::ApiKey)
    );
    assert!(session.actor.permissions().contains(Permission::Predict));
    test.accounts.recheck(&session).await.unwrap();
    let listed = test.accounts.api_keys("ann").await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].last_used_at.is_some());
    let stored = records::find_key(&test.store, &key.id).await.unwrap().unwrap();
    let bytes = base64::Engine::decode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        &secret.expose_secret()[3..],
    )
    .unwrap();
    assert_ne!(stored.hash, bytes[16..]);
    let mut forged = secret.expose_secret().to_owned();
    let last = if forged.ends_with('A') { "B" } else { "A" };
    forged.replace_range(forged.len() - 1.., last);
    for text in [
        forged.as_str(),
        "pk_",
        "pk_\0",
        &format!("{}A", secret.expose_secret()),
        &"pk_A".repeat(1 << 16),
    ] {
        assert!(refused(test.accounts.authenticate(text).await), "{text:.9}");
    }
}

#[tokio::test]
async fn a_key_has_no_permission_that_its_owner_lacks() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    let ann = owner(&test, "ann").await;
    for roles in [&[ADMIN][..], &["KING"], &[], &[USER, ADMIN]] {
        let outcome = test.accounts.create_api_key(&ann, wanted(roles)).await;
        assert!(matches!(outcome, Err(Error::InvalidInput { path: "roles", .. })));
    }
    let boss = owner(&test, "root").await;
    let (_, small) = test.accounts.create_api_key(&boss, wanted(&[USER])).await.unwrap();
    let session = open(&test, &small).await.unwrap();
    assert!(!session.actor.permissions().contains(Permission::ManageUsers));
    test.accounts
        .set_roles(&root(), "ann", &[ADMIN.to_owned()])
        .await
        .unwrap();
    let ann = owner(&test, "ann").await;
    let (_, secret) = test.accounts.create_api_key(&ann, wanted(&[ADMIN])).await.unwrap();
    assert_eq!(
        open(&test, &secret).await.unwrap().actor.permissions(),
        Permissions::ALL
    );
    test.accounts.set_roles(&root(), "ann", &[]).await.unwrap();
    assert_eq!(
        open(&test, &secret).await.unwrap().actor.permissions(),
        Permissions::NONE
    );
}

#[tokio::test]
async fn a_key_ends_when_it_expires_or_it_or_its_owner_is_removed() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    test.register("bob").await;
    let (ann, bob) = (owner(&test, "ann").await, owner(&test, "bob").await);
    let make = async || test.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    let (removed, removed_secret) = make().await;
    open(&test, &removed_secret).await.unwrap();
    let foreign = test.accounts.remove_api_key(&bob, &removed.id).await;
    assert!(matches!(foreign, Err(Error::NotFound(ObjectKind::ApiKey))));
    test.accounts.remove_api_key(&ann, &removed.id).await.unwrap();
    assert!(refused(open(&test, &removed_secret).await));
    let (by_admin, by_admin_secret) = make().await;
    let boss = owner(&test, "root").await;
    test.accounts.remove_api_key(&boss, &by_admin.id).await.unwrap();
    assert!(refused(open(&test, &by_admin_secret).await));
    let (_, secret) = make().await;
    let session = open(&test, &secret).await.unwrap();
    test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    assert!(refused(open(&test, &secret).await));
    assert!(test.accounts.recheck(&session).await.is_err());
    test.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    open(&test, &secret).await.unwrap();
    // A new account of the same name does not get the keys, not even cached ones.
    test.accounts.remove(&root(), "ann").await.unwrap();
    test.clock.advance(TimeDelta::seconds(1));
    test.register("ann").await;
    assert!(refused(open(&test, &secret).await));
    assert!(test.accounts.api_keys("ann").await.unwrap().is_empty());
    let ann = owner(&test, "ann").await;
    let new = NewApiKey {
        expires_at: Some(test.clock.now() + TimeDelta::minutes(1)),
        ..wanted(&[USER])
    };
    let (_, brief) = test.accounts.create_api_key(&ann, new).await.unwrap();
    let session = open(&test, &brief).await.unwrap();
    test.clock.advance(TimeDelta::minutes(1));
    assert!(refused(open(&test, &brief).await));
    assert!(test.accounts.recheck(&session).await.is_err());
}

#[tokio::test]
async fn a_key_cannot_manage_the_account_of_its_owner() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let ann = owner(&test, "ann").await;
    let (key, secret) = test.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    let machine = open(&test, &secret).await.unwrap();
    let accounts = &test.accounts;
    let outcomes = [
        accounts.create_api_key(&machine, wanted(&[USER])).await.map(drop),
        accounts.remove_api_key(&machine, &key.id).await.map(drop),
        accounts
            .change_password(&machine, password(), "another horse battery".into(), true)
            .await
            .map(drop),
        accounts.end_session(&machine, &ann.id).await,
        accounts.erase_me(&machine, password()).await,
        accounts.export_my_data(&machine).await.map(drop),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(Error::SessionRequired)), "{outcome:?}");
    }
    assert_eq!(accounts.logout(&machine, true).await.unwrap(), 0);
    accounts.recheck(&ann).await.unwrap();
}

#[tokio::test]
async fn a_key_is_exchanged_for_a_token_that_ends_with_it() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let ann = owner(&test, "ann").await;
    let (key, secret) = test.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    let token = test.accounts.exchange_api_key(&secret, None).await.unwrap();
    assert_eq!(token.expires_in, 15 * 60);
    let session = open(&test, &token.access).await.unwrap();
    assert_eq!(
        (session.actor.id(), session.credential),
        (Some("ann"), Credential::ApiKey)
    );
    assert!(session.expires_at < session.session_expires_at);
    test.accounts.remove_api_key(&ann, &key.id).await.unwrap();
    assert!(refused(open(&test, &token.access).await));
    assert!(
        test.accounts
            .exchange_api_key(&"pk_nothing".into(), None)
            .await
            .is_err()
    );
}
