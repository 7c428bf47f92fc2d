//! Sessions: login and logout.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::Accounts;
use crate::access::Permissions;
use crate::audit::{Action, Event};
use crate::identity::error::Error;
use crate::identity::own_session::Ending;
use crate::identity::password::Verdict;
use crate::identity::records::{self, StoredUser};
use crate::identity::refresh_token::RefreshToken;
use crate::identity::scope;
use crate::identity::session::{Credential, Grant, Origin, Session, StoredSession};
use crate::identity::throttle::{Attempt, Guesser, network};
use crate::identity::user::username::username_id;
use crate::metrics::metrics;

/// The maximum number of sessions that one login evicts, and the maximum number of expired ones that it removes.
const EVICTED_AT_ONCE: u32 = 100;
const SWEPT_AT_ONCE: u32 = 100;
const BETWEEN_SWEEPS: TimeDelta = TimeDelta::hours(1);

impl Accounts {
    /// Verifies username and password and begins a session. Every failure costs one run of Argon2.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::AccountDisabled`], [`Error::TooManyAttempts`], [`Error::Overloaded`],
    /// [`Error::Store`].
    pub async fn login(&self, username: &str, password: SecretString, origin: &Origin) -> Result<Grant, Error> {
        self.login_with_scope(username, password, origin, None).await
    }

    /// As [`login`](Self::login), with tokens that are limited to a scope: names of permissions, separated by spaces.
    /// Those that the account lacks are left out.
    ///
    /// # Errors
    /// Those of `login`, and [`Error::InvalidScope`].
    pub async fn login_with_scope(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
        scope: Option<&str>,
    ) -> Result<Grant, Error> {
        // Before the password is verified, which is expensive.
        let scope = scope.map(scope::parse).transpose()?;
        let granted = self.sign_in(username, password, origin, scope).await;
        let outcome = match &granted {
            Ok(_) => "ok",
            Err(Error::InvalidCredentials) => "invalid_credentials",
            Err(Error::AccountDisabled) => "account_disabled",
            Err(Error::TooManyAttempts { .. }) => "too_many_attempts",
            Err(Error::Overloaded) => "overloaded",
            Err(_) => "failed",
        };
        metrics().logins.with_label_values(&[outcome]).inc();
        granted
    }

    async fn sign_in(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
        scope: Option<Permissions>,
    ) -> Result<Grant, Error> {
        let name = username_id(username);
        let attempt = match self.attempt(name.as_deref().unwrap_or(username), origin).await {
            Ok(attempt) => attempt,
            Err(error) => {
                // Noted without waiting: a flood of attempts must not cause a flood of writes.
                let event = Event::new(Action::Login).from(origin.address);
                self.audit.note(event.refused(error.code()));
                return Err(error);
            }
        };
        let stored = match &name {
            Some(id) => records::find_user(&self.store, id).await?,
            None => None,
        };
        let hash = stored.as_ref().and_then(|stored| stored.password.clone());
        let verdict = self.hasher.verify(password.clone(), hash, attempt).await?;
        let (Some(stored), Verdict::Right { outdated }) = (stored.clone(), verdict) else {
            return self
                .login_failed(Error::InvalidCredentials, stored.as_ref(), origin)
                .await;
        };
        if !stored.user.enabled {
            return self.login_failed(Error::AccountDisabled, Some(&stored), origin).await;
        }
        if outdated {
            self.rehash(&stored, password).await;
        }
        let available = self.role_table().await?.permissions(&stored.user.roles);
        let scope = scope::granted(scope, available)?;
        self.begin_session(stored, origin, scope).await
    }

    /// Records a failed login before the response. Unknown names are not stored, because they may be passwords.
    async fn login_failed<T>(&self, error: Error, stored: Option<&StoredUser>, origin: &Origin) -> Result<T, Error> {
        let mut event = Event::new(Action::Login).from(origin.address).refused(error.code());
        event.subject = stored.map(|stored| stored.user.id.to_string());
        self.audit.record(event).await?;
        Err(error)
    }

    /// The attempt, if it is not too early. Known networks are looked up only while strangers are delayed.
    async fn attempt(&self, name: &str, origin: &Origin) -> Result<Attempt, Error> {
        let stranger = self.throttle.attempt(name, Guesser::Stranger, origin.address);
        let wait = match stranger.peek().await {
            Ok(()) => return Ok(stranger),
            Err(wait @ Error::TooManyAttempts { .. }) => wait,
            Err(error) => return Err(error),
        };
        match origin.address {
            Some(address) if records::is_known_network(&self.store, name, &network(address)).await? => {
                let familiar = self.throttle.attempt(name, Guesser::Familiar(address), None);
                familiar.peek().await.map(|()| familiar)
            }
            Some(_) | None => Err(wait),
        }
    }

    /// A failure to update the hash does not fail the login.
    async fn rehash(&self, stored: &StoredUser, password: SecretString) {
        let Some(old) = &stored.password else { return };
        let renewed = match self.hasher.hash(password).await {
            Ok(new) => records::renew_password(&self.store, &stored.user.id, old, &new).await,
            Err(error) => Err(error),
        };
        if let Err(error) = renewed {
            tracing::warn!(%error, "failed to rehash a password");
        }
    }

    async fn begin_session(
        &self,
        stored: StoredUser,
        origin: &Origin,
        scope: Option<Permissions>,
    ) -> Result<Grant, Error> {
        let token = RefreshToken::first()?;
        let id = token.session_id();
        let mut session = StoredSession::begin(
            &token,
            &stored.user.id,
            &stored.session_epoch,
            origin,
            &self.settings,
            self.now(),
        );
        session.scope = scope;
        let network = origin.address.map(network);
        let user = &stored.user.id;
        let event = Event::new(Action::Login).by(Some(user)).to(user).within(&id);
        let event = self.audit.stamp(event.from(origin.address));
        if !records::create_session(&self.store, &id, &session, network.as_deref(), &event).await? {
            // The account was disabled, or its password changed, during verification.
            return Err(Error::InvalidCredentials);
        }
        // The session is stored already, so a failure to end others does not fail the login.
        if let Err(error) = self.evict_sessions(user, &id, origin).await {
            tracing::warn!(%error, "failed to end the sessions beyond max_sessions; the account's next login tries again");
        }
        if let Err(error) = self.sweep_sessions().await {
            tracing::warn!(%error, "failed to remove expired sessions; a login in an hour tries again");
        }
        self.grant(&token, &session, Arc::new(stored.user), scope)
    }

    /// Ends the sessions beyond `max_sessions` that have been unused the longest.
    ///
    /// It reads them after the new session is stored, so the last of several concurrent logins sees all of their sessions. It
    /// never ends the new session, even if the clock of another server is ahead. Therefore concurrent logins leave at most one
    /// session too many, until the next login.
    async fn evict_sessions(&self, user: &str, new: &str, origin: &Origin) -> Result<(), Error> {
        let most = self.settings.max_sessions;
        let surplus = records::list_surplus_sessions(&self.store, user, new, most, EVICTED_AT_ONCE, self.now()).await?;
        for (id, expired) in surplus {
            let event = if expired {
                Event::new(Action::SessionEnded).to(user).within(&id).refused("EXPIRED")
            } else {
                let event = Event::new(Action::SessionEvicted).by(Some(user)).to(user).within(&id);
                event.from(origin.address)
            };
            self.end(&id, event).await?;
        }
        Ok(())
    }

    /// Removes expired sessions of all accounts, once an hour. If more are left than one login removes, the next login
    /// continues.
    async fn sweep_sessions(&self) -> Result<(), Error> {
        let now = self.now();
        let (at, before) = (now.timestamp(), self.swept_at.load(Ordering::Relaxed));
        if at - before < BETWEEN_SWEEPS.num_seconds() {
            return Ok(());
        }
        let mine = self
            .swept_at
            .compare_exchange(before, at, Ordering::Relaxed, Ordering::Relaxed);
        if mine.is_ok() {
            self.throttle.sweep().await?;
            let removed = records::remove_expired_sessions(&self.store, now, SWEPT_AT_ONCE).await?;
            if removed == SWEPT_AT_ONCE {
                self.swept_at.store(before, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Ends the caller's session, or all sessions of the account, and returns their number. API keys and tokens of
    /// identity providers have no session.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] for a token with a scope and `everywhere`, [`Error::Store`].
    pub async fn logout(&self, session: &Session, everywhere: bool) -> Result<u64, Error> {
        if session.credential != Credential::Session {
            return Ok(0);
        }
        let user = &session.user.id;
        let event = Event::new(Action::Logout).by(Some(user)).to(user).within(&session.id);
        if everywhere {
            session.require_session()?;
            let event = self.audit.stamp(event);
            let ended = records::end_sessions(&self.store, user, &event).await;
            self.announce_end(&Ending::Account(user), ended.is_ok());
            ended
        } else {
            self.end(&session.id, event).await.map(u64::from)
        }
    }

    pub(crate) async fn end(&self, id: &str, event: Event) -> Result<bool, Error> {
        let ended = records::end_session(&self.store, id, &self.audit.stamp(event)).await;
        self.announce_end(&Ending::Session(id), matches!(ended, Ok(true)));
        ended
    }
}
