//! The records of accounts with a data key: what is stored, what is found, and records from before the key. Encryption is
//! tested in `store`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::store::{DataKeys, MemorySettings, create_data_key};

const ADDRESS: &str = "192.0.2.77";
const AGENT: &str = "Quixotic/7.31";
const KEY_NAME: &str = "nightly imports";

/// A folder for a store and its data key.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        create_data_key(&place.key()).unwrap();
        place
    }

    fn key(&self) -> PathBuf {
        self.0.path().join("key")
    }

    async fn open(&self, key: Option<&Path>) -> TestAccounts {
        let url = format!("surrealkv://{}", self.0.path().join("db").display());
        let keys = key.map(|key| DataKeys::read(key, &[]).unwrap()).unwrap_or_default();
        let store = Store::open_with_keys(url.parse().unwrap(), MemorySettings::default(), keys).await;
        let settings = Settings {
            password_cost: Cost {
                memory: 64,
                passes: 1,
                lanes: 1,
            },
            ..Settings::default()
        };
        TestAccounts::over(store.unwrap(), settings)
    }
}

async fn close(test: TestAccounts) {
    test.accounts.audit().close().await.unwrap();
    let TestAccounts { accounts, store, .. } = test;
    drop(accounts);
    Arc::into_inner(store).unwrap().close().await;
}

/// Registers an account, and signs in once, with an API key.
async fn sign_up(test: &TestAccounts, name: &str) {
    test.register(name).await;
    let origin = Origin {
        address: Some(ADDRESS.parse().unwrap()),
        user_agent: Some(AGENT.to_owned()),
    };
    let grant = test.accounts.login(name, password(), &origin).await.unwrap();
    let caller = test.session(&grant).await.unwrap();
    let new = NewApiKey {
        name: KEY_NAME.to_owned(),
        roles: vec![crate::access::USER.to_owned()],
        expires_at: None,
    };
    test.accounts.create_api_key(&caller, new).await.unwrap();
}

/// The tables with a row that contains a text.
async fn tables_with(test: &TestAccounts, text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for table in ["api_key", "audit", "email", "haunt", "session", "user"] {
        let statement = format!("SELECT * FROM {table}");
        let rows: Value = test
            .store
            .run(&statement, Default::default())
            .await
            .unwrap()
            .take()
            .unwrap();
        assert!(!rows.as_array().unwrap().is_empty(), "{table}");
        if rows.to_string().contains(text) {
            found.push(table);
        }
    }
    found
}

async fn assert_nothing_is_readable(test: &TestAccounts) {
    for text in ["example.org", ADDRESS, AGENT, KEY_NAME] {
        assert_eq!(tables_with(test, text).await, Vec::<&str>::new(), "{text}");
    }
}

/// Checks that an account reads all of its data.
async fn assert_is_complete(test: &TestAccounts, name: &str) {
    let grant = test.login(name).await;
    let caller = test.session(&grant).await.unwrap();
    let export = test.accounts.export_my_data(&caller).await.unwrap();
    let email = format!("{name}@example.org");
    assert_eq!(export["account"]["email"], email.as_str());
    assert_eq!(export["apiKeys"][0]["name"], KEY_NAME);
    assert_eq!(export["networks"][0]["network"], ADDRESS);
    let sessions = export["sessions"].as_array().unwrap().iter();
    let first = sessions.filter(|session| session["address"] == ADDRESS && session["userAgent"] == AGENT);
    assert_eq!(first.count(), 1, "{export}");
    let events = export["auditEvents"].as_array().unwrap().iter();
    assert!(
        events.filter(|event| event["address"] == ADDRESS).count() > 0,
        "{export}"
    );
    let known = records::is_known_network(&test.store, name, ADDRESS).await.unwrap();
    assert!(
        known
            && !records::is_known_network(&test.store, name, "192.0.2.78")
                .await
                .unwrap()
    );
    let filter = UserFilter {
        text: Some(email[..email.len() - 2].to_owned()),
        ..UserFilter::default()
    };
    let page = test
        .accounts
        .list(10, None, &filter, UserOrder::default())
        .await
        .unwrap();
    assert_eq!(page.users.len(), 1);
    assert_eq!(page.users[0].email, email);
}

/// Checks that the e-mail address of an account cannot be used again.
async fn assert_email_is_taken(test: &TestAccounts, name: &str) {
    let new = NewUser {
        email: format!("{}@EXAMPLE.org", name.to_uppercase()).into(),
        ..new_user("newcomer")
    };
    let outcome = test.try_register(new).await;
    assert!(matches!(outcome, Err(Error::EmailTaken)), "{outcome:?}");
    // By the store as well, for requests that are checked at the same time.
    let mut stored = records::find_user(&test.store, name).await.unwrap().unwrap();
    stored.user.id = "newcomer".into();
    let event = test
        .accounts
        .audit()
        .stamp(crate::audit::Event::new(crate::audit::Action::Registered));
    let outcome = records::create_user(&test.store, &stored, &[], &event).await;
    assert!(matches!(outcome, Err(Error::EmailTaken)), "{outcome:?}");
    assert!(records::find_user(&test.store, "newcomer").await.unwrap().is_none());
}

#[tokio::test]
async fn personal_data_is_encrypted_exported_and_erased() {
    let place = Place::new();
    let test = place.open(Some(&place.key())).await;
    sign_up(&test, "ann").await;
    sign_up(&test, "bob").await;
    assert_nothing_is_readable(&test).await;
    for name in ["ann", "bob"] {
        assert_is_complete(&test, name).await;
        assert_email_is_taken(&test, name).await;
    }
    let grant = test.login("ann").await;
    let caller = test.session(&grant).await.unwrap();
    test.accounts.erase_me(&caller, password()).await.unwrap();
    test.register("ann").await;
    assert_is_complete(&test, "bob").await;
    close(test).await;
}

#[tokio::test]
async fn records_from_before_the_key_are_found_and_encrypted_later() {
    let place = Place::new();
    let test = place.open(None).await;
    sign_up(&test, "ann").await;
    assert_eq!(tables_with(&test, "ann@example.org").await, ["email", "user"]);
    assert_eq!(tables_with(&test, ADDRESS).await, ["audit", "haunt", "session"]);
    close(test).await;

    let key = place.key();
    let test = place.open(Some(&key)).await;
    sign_up(&test, "bob").await;
    // Of ann only.
    assert_eq!(tables_with(&test, "example.org").await, ["email", "user"]);
    for name in ["ann", "bob"] {
        assert_is_complete(&test, name).await;
        assert_email_is_taken(&test, name).await;
    }
    // An address, a network and no more: the ids of bob's records are hashes.
    assert_eq!(hash_record_ids(&test.store).await.unwrap(), 2);
    assert_eq!(hash_record_ids(&test.store).await.unwrap(), 0);
    assert!(test.store.seal_all().await.unwrap() > 0);
    close(test).await;

    let test = place.open(Some(&key)).await;
    assert!(!test.store.data_key().unwrap().is_pending);
    assert_nothing_is_readable(&test).await;
    for name in ["ann", "bob"] {
        assert_is_complete(&test, name).await;
        assert_email_is_taken(&test, name).await;
    }
    close(test).await;
}

#[tokio::test]
async fn a_login_replaces_a_known_network_from_before_the_key() {
    let place = Place::new();
    let test = place.open(None).await;
    sign_up(&test, "ann").await;
    close(test).await;
    let test = place.open(Some(&place.key())).await;
    let origin = Origin {
        address: Some(ADDRESS.parse().unwrap()),
        user_agent: None,
    };
    test.accounts.login("ann", password(), &origin).await.unwrap();
    assert!(!tables_with(&test, ADDRESS).await.contains(&"haunt"));
    let networks = records::list_known_networks(&test.store, "ann").await.unwrap();
    assert_eq!(networks.len(), 1);
    assert_eq!(networks[0].0, ADDRESS);
    close(test).await;
}
