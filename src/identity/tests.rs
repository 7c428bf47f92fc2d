//! The service with a store in memory and real password hashing, through the calls that the resolvers make. HTTP and the
//! schema are not tested here.

mod api_keys;
mod audit_trail;
mod data_key;
mod first_and_last_admin;
mod foreign_issuer;
mod foreign_issuer_forms;
mod foreign_issuer_keys;
mod forged_tokens;
mod introspection;
mod listing;
mod logins;
mod names;
mod own_account;
mod owned_tables;
mod password_guessing;
mod personal_data;
mod refresh_tokens;
mod registration;
mod roles;
mod scopes;
mod session_limit;
mod store_on_disk;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::access::{ADMIN, Actor};
use crate::clock::{Clock, ShiftedClock};
use crate::store::Store;

/// The accounts of a store, with a clock that the test moves.
struct TestAccounts {
    accounts: Arc<Accounts>,
    store: Arc<Store>,
    clock: ShiftedClock,
}

impl TestAccounts {
    async fn open() -> Self {
        Self::with(Settings::default()).await
    }

    async fn with(settings: Settings) -> Self {
        Self::at("mem://", settings).await
    }

    async fn at(url: &str, settings: Settings) -> Self {
        Self::over(Store::open(url).await.unwrap(), settings)
    }

    fn over(store: Store, mut settings: Settings) -> Self {
        if matches!(&settings.key, KeySource::Folder(folder) if folder.as_os_str() == "data") {
            settings.key = KeySource::Ephemeral;
        }
        // These tests have many concurrent logins; their queue is tested in `password`.
        settings.password_patience = Duration::from_secs(120);
        let store = Arc::new(store);
        let clock = ShiftedClock::default();
        let accounts = Accounts::new(Arc::clone(&store), Arc::new(clock.clone()), settings).unwrap();
        Self {
            accounts: Arc::new(accounts),
            store,
            clock,
        }
    }

    async fn register(&self, name: &str) -> Arc<User> {
        self.try_register(new_user(name)).await.unwrap()
    }

    async fn try_register(&self, new: NewUser) -> Result<Arc<User>, Error> {
        self.accounts.register(new, &Origin::default()).await
    }

    async fn admin(&self, name: &str) -> Arc<User> {
        self.accounts.create(new_user(name), &[ADMIN.to_owned()]).await.unwrap()
    }

    async fn login(&self, name: &str) -> Grant {
        self.accounts.login(name, password(), &Origin::default()).await.unwrap()
    }

    async fn session(&self, grant: &Grant) -> Result<Arc<Session>, Error> {
        self.accounts.authenticate(grant.tokens.access.expose_secret()).await
    }
}

fn password() -> SecretString {
    "correct horse battery".into()
}

fn new_user(name: &str) -> NewUser {
    NewUser {
        username: name.to_owned(),
        email: format!("{name}@example.org").into(),
        password: password(),
    }
}

fn root() -> Actor {
    Actor::user("root", [ADMIN.to_owned()], crate::access::Permissions::ALL)
}

fn refused(outcome: Result<Arc<Session>, Error>) -> bool {
    outcome.is_err_and(|error| matches!(error, Error::Unauthenticated { .. }))
}
