//! API keys: what they open, what ends them.

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

async fn owner(house: &House, name: &str) -> Arc<Session> {
    let grant = house.login(name).await;
    house.session(&grant).await.unwrap()
}

async fn open(house: &House, secret: &SecretString) -> Result<Arc<Session>, Error> {
    house.accounts.authenticate(secret.expose_secret()).await
}

#[tokio::test]
async fn a_key_stands_for_its_owner_and_is_kept_as_a_hash() {
    let house = House::open().await;
    house.register("ann").await;
    let ann = owner(&house, "ann").await;
    let (key, secret) = house.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    assert!(secret.expose_secret().starts_with("pk_"));
    assert_eq!((&*key.name, key.last_used_at), ("nightly batch", None));
    let session = open(&house, &secret).await.unwrap();
    assert_eq!(
        (session.actor.id(), session.credential),
        (Some("ann"), Credential::ApiKey)
    );
    assert!(session.actor.permissions().contains(Permission::Predict));
    house.accounts.recheck(&session).await.unwrap();
    let listed = house.accounts.api_keys("ann").await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].last_used_at.is_some());
    let stored = records::find_key(&house.store, &key.id).await.unwrap().unwrap();
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
        assert!(refused(house.accounts.authenticate(text).await), "{text:.9}");
    }
}

#[tokio::test]
async fn a_key_never_outgrows_its_owner() {
    let house = House::open().await;
    house.admin("root").await;
    house.register("ann").await;
    let ann = owner(&house, "ann").await;
    for roles in [&[ADMIN][..], &["KING"], &[], &[USER, ADMIN]] {
        let outcome = house.accounts.create_api_key(&ann, wanted(roles)).await;
        assert!(matches!(outcome, Err(Error::InvalidInput { path: "roles", .. })));
    }
    let boss = owner(&house, "root").await;
    let (_, small) = house.accounts.create_api_key(&boss, wanted(&[USER])).await.unwrap();
    let session = open(&house, &small).await.unwrap();
    assert!(!session.actor.permissions().contains(Permission::ManageUsers));
    house
        .accounts
        .set_roles(&root(), "ann", &[ADMIN.to_owned()])
        .await
        .unwrap();
    let ann = owner(&house, "ann").await;
    let (_, secret) = house.accounts.create_api_key(&ann, wanted(&[ADMIN])).await.unwrap();
    assert_eq!(
        open(&house, &secret).await.unwrap().actor.permissions(),
        Permissions::ALL
    );
    house.accounts.set_roles(&root(), "ann", &[]).await.unwrap();
    assert_eq!(
        open(&house, &secret).await.unwrap().actor.permissions(),
        Permissions::NONE
    );
}

#[tokio::test]
async fn a_key_ends_with_its_time_its_removal_and_its_owner() {
    let house = House::open().await;
    house.admin("root").await;
    house.register("ann").await;
    house.register("bob").await;
    let (ann, bob) = (owner(&house, "ann").await, owner(&house, "bob").await);
    let make = async || house.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    let (removed, removed_secret) = make().await;
    open(&house, &removed_secret).await.unwrap();
    let foreign = house.accounts.remove_api_key(&bob, &removed.id).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    house.accounts.remove_api_key(&ann, &removed.id).await.unwrap();
    assert!(refused(open(&house, &removed_secret).await));
    let (by_admin, by_admin_secret) = make().await;
    let boss = owner(&house, "root").await;
    house.accounts.remove_api_key(&boss, &by_admin.id).await.unwrap();
    assert!(refused(open(&house, &by_admin_secret).await));
    let (_, secret) = make().await;
    let session = open(&house, &secret).await.unwrap();
    house.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    assert!(refused(open(&house, &secret).await));
    assert!(house.accounts.recheck(&session).await.is_err());
    house.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    open(&house, &secret).await.unwrap();
    // Whoever takes the name next does not get the keys, remembered ones included.
    house.accounts.remove(&root(), "ann").await.unwrap();
    house.clock.advance(TimeDelta::seconds(1));
    house.register("ann").await;
    assert!(refused(open(&house, &secret).await));
    assert!(house.accounts.api_keys("ann").await.unwrap().is_empty());
    let ann = owner(&house, "ann").await;
    let new = NewApiKey {
        expires_at: Some(house.clock.now() + TimeDelta::minutes(1)),
        ..wanted(&[USER])
    };
    let (_, brief) = house.accounts.create_api_key(&ann, new).await.unwrap();
    let session = open(&house, &brief).await.unwrap();
    house.clock.advance(TimeDelta::minutes(1));
    assert!(refused(open(&house, &brief).await));
    assert!(house.accounts.recheck(&session).await.is_err());
}

#[tokio::test]
async fn a_key_does_not_manage_its_owner_s_account() {
    let house = House::open().await;
    house.register("ann").await;
    let ann = owner(&house, "ann").await;
    let (key, secret) = house.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    let machine = open(&house, &secret).await.unwrap();
    let accounts = &house.accounts;
    let outcomes = [
        accounts.create_api_key(&machine, wanted(&[USER])).await.map(drop),
        accounts.remove_api_key(&machine, &key.id).await.map(drop),
        accounts
            .change_password(&machine, password(), "another horse battery".into())
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
    let house = House::open().await;
    house.register("ann").await;
    let ann = owner(&house, "ann").await;
    let (key, secret) = house.accounts.create_api_key(&ann, wanted(&[USER])).await.unwrap();
    let token = house.accounts.exchange_api_key(&secret).await.unwrap();
    assert_eq!(token.expires_in, 15 * 60);
    let session = open(&house, &token.access).await.unwrap();
    assert_eq!(
        (session.actor.id(), session.credential),
        (Some("ann"), Credential::ApiKey)
    );
    assert!(session.expires_at < session.session_expires_at);
    house.accounts.remove_api_key(&ann, &key.id).await.unwrap();
    assert!(refused(open(&house, &token.access).await));
    assert!(house.accounts.exchange_api_key(&"pk_nothing".into()).await.is_err());
}
