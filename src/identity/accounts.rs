//! The service: changes of accounts. `registration` creates them, `login` handles sessions, `authentication` verifies tokens.
//!
//! Callers are authorized before they get here.

pub(super) mod account_access;
pub(super) mod api_keys;
pub(super) mod authentication;
pub(super) mod foreign;
pub(super) mod introspection;
pub(super) mod listing;
pub(super) mod login;
pub(super) mod personal_data;
pub(super) mod profile;
pub(super) mod refresh;
pub(super) mod registration;
pub(super) mod roles;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::error::{Error, ObjectKind};
use super::foreign_issuer::{self, Issuers};
use super::key::KeyError;
use super::keyring::Keyring;
use super::own_session::{self, Ending};
use super::password::{self, Hasher};
use super::records;
use super::registration_limit::RegistrationLimit;
use super::settings::Settings;
use super::state_cache::{AccountState, StateCache};
use super::throttle::Throttle;
use super::token::AccessTokens;
use super::user::User;
use super::user::username::username_id;
use super::user_list::UserList;
use crate::access::Actor;
use crate::audit::{Action, Audit, Event};
use crate::clock::Clock;
use crate::store::Store;

/// Accounts and sessions. Share it in an `Arc`.
pub struct Accounts {
    pub(super) store: Arc<Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Settings,
    pub(super) hasher: Hasher,
    pub(super) issuer: AccessTokens,
    pub(super) issuers: Issuers,
    pub(super) states: StateCache,
    pub(super) user_list: UserList,
    pub(super) throttle: Arc<Throttle>,
    pub(super) registrations: RegistrationLimit,
    /// Held while an account is created: creations change the same row of the store, and would conflict.
    pub(super) creating: tokio::sync::Mutex<()>,
    /// Set once every account has the current skeletons of its name.
    pub(super) names_claimed: OnceCell<()>,
    pub(super) audit: Arc<Audit>,
    /// The time of the last removal of expired sessions, in seconds since 1970.
    pub(super) swept_at: AtomicI64,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}

/// The result of [`Accounts::set_enabled`].
#[derive(Debug)]
pub struct ToggledUser {
    /// The account after the change.
    pub user: Arc<User>,
    /// The number of sessions that were ended.
    pub ended_sessions: u64,
}

/// The result of [`Accounts::set_password`].
#[derive(Debug)]
pub struct PasswordSet {
    /// The account after the change.
    pub user: Arc<User>,
    /// The number of sessions that were ended.
    pub ended_sessions: u64,
}

/// [`Accounts`] could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The signing key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The password parameters are out of range.
    #[error("{0}")]
    Password(String),
    /// A configured identity provider is invalid.
    #[error("{0}")]
    Issuer(String),
}

impl Accounts {
    /// Sets up the service and reads or creates the signing key.
    ///
    /// # Errors
    /// One line for the operator.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, settings: Settings) -> Result<Self, SetupError> {
        let keyring = Keyring::open(&settings.key)?;
        let hasher = Hasher::new(
            settings.password_cost,
            settings.password_permits,
            settings.password_patience,
        )
        .map_err(|error| SetupError::Password(error.to_string()))?;
        let issuer = AccessTokens::new(
            keyring,
            settings.issuer.clone(),
            settings.audience.clone(),
            settings.access_lifetime,
            settings.leeway,
            settings.capacities.tokens,
        );
        let issuers = Issuers::new(
            &settings.issuers,
            &clock,
            settings.leeway,
            &settings.issuer,
            settings.capacities.tokens,
        )?;
        let states = StateCache::new(store.is_shared(), settings.capacities.states);
        let throttle = Arc::new(Throttle::new(
            settings.throttling,
            settings.capacities.failures,
            Arc::clone(&store),
            Arc::clone(&clock),
        ));
        let registrations = RegistrationLimit::new(
            settings.registration_rate,
            settings.capacities.registrations,
            Arc::clone(&clock),
        );
        let audit = Audit::new(Arc::clone(&store), Arc::clone(&clock), settings.audit_retention);
        Ok(Self {
            store,
            clock,
            settings,
            hasher,
            issuer,
            issuers,
            states,
            user_list: UserList::default(),
            throttle,
            registrations,
            creating: tokio::sync::Mutex::default(),
            names_claimed: OnceCell::new(),
            audit: Arc::new(audit),
            swept_at: AtomicI64::new(0),
        })
    }

    /// The audit trail. Must be closed before the store.
    #[must_use]
    pub fn audit(&self) -> &Arc<Audit> {
        &self.audit
    }

    /// The number of password hashes computed since the start.
    #[must_use]
    pub fn password_runs(&self) -> u64 {
        self.hasher.runs()
    }

    /// The JWK Set that verifies our access tokens.
    #[must_use]
    pub fn public_keys(&self) -> Value {
        self.issuer.public_keys()
    }

    /// Enables or disables an account. Once this returns, no token of a disabled account is accepted.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`], [`Error::Store`].
    pub async fn set_enabled(&self, by: &Actor, id: &str, enabled: bool) -> Result<ToggledUser, Error> {
        let id = existing_id(id)?;
        let action = if enabled {
            Action::UserEnabled
        } else {
            Action::UserDisabled
        };
        let event = self.audit.stamp(Event::new(action).by(by.id()).to(&id));
        let changed = records::set_enabled(&self.store, &id, enabled, self.now(), &event).await;
        self.announce_end(&Ending::Account(&id), changed.is_ok() && !enabled);
        let (stored, ended_sessions) = changed?;
        Ok(ToggledUser {
            user: Arc::new(stored.user),
            ended_sessions,
        })
    }

    /// Replaces the roles of an account. The change applies to its next request. Accounts of identity providers have
    /// the roles of their tokens, so theirs cannot be set.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`], [`Error::InvalidInput`] for an unknown role or an account of an
    /// identity provider, [`Error::Store`].
    pub async fn set_roles(&self, by: &Actor, id: &str, roles: &[String]) -> Result<Arc<User>, Error> {
        let id = existing_id(id)?;
        if foreign_issuer::is_foreign(&id) && self.account_state(&id).await?.is_some() {
            return Err(Error::InvalidInput {
                path: "roles",
                message: "the roles of this account come with the tokens of its issuer and cannot be set here"
                    .to_owned(),
            });
        }
        let roles = self.role_table().await?.known(roles)?;
        let event = self.audit.stamp(Event::new(Action::UserRolesSet).by(by.id()).to(&id));
        let changed = records::set_roles(&self.store, &id, &roles, self.now(), &event).await;
        self.states.account_changed(&id);
        Ok(Arc::new(changed?.user))
    }

    /// Sets the password of an account without its old password, and ends its sessions. The account keeps its roles and
    /// API keys, and stays disabled if it is.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::WeakPassword`], [`Error::InvalidInput`] for an account of a foreign issuer,
    /// [`Error::Overloaded`], [`Error::Store`].
    pub async fn set_password(&self, id: &str, new: SecretString) -> Result<PasswordSet, Error> {
        let id = existing_id(id)?;
        let account = self
            .account_state(&id)
            .await?
            .ok_or(Error::NotFound(ObjectKind::User))?;
        if foreign_issuer::is_foreign(&id) {
            return Err(Error::InvalidInput {
                path: "id",
                message: "the account signs in at its identity provider and has no password here".to_owned(),
            });
        }
        password::check(&new, &id, &account.user.email)?;
        let hash = self.hasher.hash(new).await?;
        let event = self.audit.stamp(Event::new(Action::PasswordSet).to(&id));
        let changed = records::set_password(&self.store, &id, &hash, self.now(), &event).await;
        self.announce_end(&Ending::Account(&id), changed.is_ok());
        let (stored, ended_sessions) = changed?;
        Ok(PasswordSet {
            user: Arc::new(stored.user),
            ended_sessions,
        })
    }

    /// Removes an account with its sessions and returns its id.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`], [`Error::Store`].
    pub async fn remove(&self, by: &Actor, id: &str) -> Result<String, Error> {
        let id = existing_id(id)?;
        let event = self.audit.stamp(Event::new(Action::UserRemoved).by(by.id()).to(&id));
        let removed = records::remove_user(&self.store, &id, self.now(), &event).await;
        self.announce_end(&Ending::Account(&id), removed.is_ok());
        removed.map(|()| id)
    }

    /// The account with this id.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn find(&self, id: &str) -> Result<Option<Arc<User>>, Error> {
        let Ok(id) = existing_id(id) else {
            return Ok(None);
        };
        Ok(self
            .account_state(&id)
            .await?
            .map(|account_state| Arc::clone(&account_state.user)))
    }

    /// The current state of the account, cached or from the store.
    pub(super) async fn account_state(&self, id: &str) -> Result<Option<Arc<AccountState>>, Error> {
        if let Some(account_state) = self.states.account(id) {
            return Ok(Some(account_state));
        }
        let since = self.states.moment();
        let Some(stored) = records::find_user(&self.store, id).await? else {
            return Ok(None);
        };
        let account_state = Arc::new(AccountState {
            session_epoch: stored.session_epoch.into(),
            user: Arc::new(stored.user),
        });
        self.states.remember_account(since, &account_state);
        Ok(Some(account_state))
    }

    /// Announces that sessions have ended in the store; `done` is false if the store failed and they may have ended. Must be
    /// called before the request is answered.
    pub(super) fn announce_end(&self, what: &Ending<'_>, done: bool) {
        match what {
            Ending::Account(id) => self.states.account_changed(id),
            Ending::Session(id) => self.states.session_ended(id),
        }
        if done {
            own_session::note(what);
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// The normalized id, or [`Error::NotFound`] for a text that cannot be an id.
pub(super) fn existing_id(id: &str) -> Result<String, Error> {
    if foreign_issuer::is_foreign(id) {
        return Ok(id.to_owned());
    }
    username_id(id).ok_or(Error::NotFound(ObjectKind::User))
}
