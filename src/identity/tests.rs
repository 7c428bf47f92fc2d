//! The service on a real store in memory with real Argon2, through the same calls that the resolvers make. What goes
//! over HTTP or through the schema is not tested here.

mod admins;
mod auditing;
mod foreign;
mod foreign_keys;
mod forgery;
mod guessing;
mod keys;
mod leaving;
mod listing;
mod logins;
mod owning;
mod refreshing;
mod registration;
mod reopening;
mod roles;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::access::{ADMIN, Actor};
use crate::clock::{Clock, ShiftedClock};
use crate::store::Store;

/// A service with a clock that the test moves.
struct House {
    accounts: Arc<Accounts>,
    store: Arc<Store>,
    clock: ShiftedClock,
}

impl House {
    async fn open() -> Self {
        Self::with(Settings::default()).await
    }

    async fn with(settings: Settings) -> Self {
        Self::at("mem://", settings).await
    }

    async fn at(url: &str, mut settings: Settings) -> Self {
        if matches!(&settings.key, KeySource::Folder(folder) if folder.as_os_str() == "data") {
            settings.key = KeySource::Ephemeral;
        }
        // Many logins at once are what these tests are about; that they queue is tested in `password`.
        settings.password_patience = Duration::from_secs(120);
        let store = Arc::new(Store::open(url).await.unwrap());
        let clock = ShiftedClock::default();
        let accounts = Accounts::new(Arc::clone(&store), Arc::new(clock.clone()), settings).unwrap();
        Self {
            accounts: Arc::new(accounts),
            store,
            clock,
        }
    }

    async fn register(&self, name: &str) -> Arc<User> {
        self.accounts.register(newcomer(name)).await.unwrap()
    }

    async fn admin(&self, name: &str) -> Arc<User> {
        self.accounts.create(newcomer(name), &[ADMIN.to_owned()]).await.unwrap()
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

fn newcomer(name: &str) -> NewUser {
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
