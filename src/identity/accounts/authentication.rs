//! Authentication of tokens, for each request and as long as a connection stays open.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::Accounts;
use crate::access::{Actor, Permissions};
use crate::identity::error::Error;
use crate::identity::session::{Credential, Session, SessionEnd};
use crate::identity::state_cache::{AccountState, SessionState};
use crate::identity::token::Fingerprint;
use crate::identity::{api_key, records};
use crate::store;

/// The pause of an open connection before it reads the store again after a failure.
const RETRY_INTERVAL: Duration = Duration::from_millis(250);

impl Accounts {
    /// Authenticates an access token or API key. Checks the token, the session and the account, unless the result is
    /// cached and nothing has been announced since. Tokens of foreign issuers are verified by them.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::IssuerUnavailable`], [`Error::Store`].
    pub async fn authenticate(&self, bearer: &str) -> Result<Arc<Session>, Error> {
        let token = Fingerprint::of(bearer);
        match self.states.caller(&token, self.now()) {
            Some(known) => Ok(known),
            // Rare, so it is boxed to keep the future of each request small.
            None => Box::pin(self.identify(bearer, token)).await,
        }
    }

    async fn identify(&self, bearer: &str, token: Fingerprint) -> Result<Arc<Session>, Error> {
        if bearer.starts_with(api_key::PREFIX) {
            return self.authenticate_key(bearer).await.map(Arc::new);
        }
        if let Some(provider) = self.issuers.named_by(bearer) {
            return self.authenticate_foreign(provider, bearer).await.map(Arc::new);
        }
        let since = self.states.moment();
        let claims = self.issuer.verify(bearer, self.now())?;
        let expires_at = claims.exp.time();
        let scope = claims.scope.map(|scope| scope.0);
        if let Some(key) = claims.sid.strip_prefix(api_key::SESSION_PREFIX) {
            let session = self.authenticate_exchanged(key, &claims.sub, scope, expires_at).await;
            return session.map(Arc::new);
        }
        let over = Error::Unauthenticated {
            reason: "its session is over",
        };
        let Some(session) = self.session_state(&claims.sid).await? else {
            return Err(over);
        };
        let Some(account_state) = self.account_state(&claims.sub).await? else {
            return Err(over);
        };
        if *session.user != *claims.sub || !stands(&session, &account_state) || self.now() >= session.idle_until {
            return Err(over);
        }
        let id = claims.sid.as_str().into();
        let mut session = self.session(id, &session, &account_state, scope, expires_at).await?;
        session.since = Some(since);
        let session = Arc::new(session);
        self.states.remember_caller(token, &session, self.now());
        Ok(session)
    }

    /// The current state of a caller with a session.
    async fn session(
        &self,
        id: Arc<str>,
        session: &SessionState,
        account: &AccountState,
        scope: Option<Permissions>,
        expires_at: DateTime<Utc>,
    ) -> Result<Session, Error> {
        let user = &account.user;
        let actor = self.actor(user).await?;
        Ok(Session {
            actor: match scope {
                None => actor,
                // A token with a scope may manage neither the account nor its keys.
                Some(scope) => {
                    let permissions = actor.permissions().intersection(scope);
                    Actor::user(Arc::clone(&user.id), Arc::clone(&user.roles), permissions).by_api_key()
                }
            },
            scope,
            user: Arc::clone(user),
            id,
            credential: Credential::Session,
            expires_at,
            session_expires_at: session.idle_until,
            since: None,
        })
    }

    async fn session_state(&self, id: &str) -> Result<Option<Arc<SessionState>>, Error> {
        if let Some(account_state) = self.states.session(id) {
            return Ok(Some(account_state));
        }
        let since = self.states.moment();
        let Some(stored) = records::find_session(&self.store, id).await? else {
            return Ok(None);
        };
        let account_state = Arc::new(SessionState {
            user: stored.user.into(),
            session_epoch: stored.session_epoch.into(),
            idle_until: stored.idle_until,
        });
        self.states.remember_session(since, &id.into(), &account_state);
        Ok(Some(account_state))
    }

    /// Checks that a session is still valid. Must be called before a long-running response is sent, so that no one is
    /// answered after being disabled.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if it has ended, [`Error::Store`].
    pub async fn recheck(&self, session: &Session) -> Result<(), Error> {
        let unchanged = session.since.is_some_and(|since| self.states.unchanged(since));
        if unchanged && session.lasts(self.now()) {
            return Ok(());
        }
        Box::pin(self.current(session)).await.map(drop)
    }

    /// The current state of a session with its account and permissions, for connections that stay open.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if it has ended, [`Error::Store`].
    pub async fn current(&self, session: &Session) -> Result<Session, Error> {
        let over = Error::Unauthenticated {
            reason: "its session is over",
        };
        if self.now() >= session.expires_at {
            return Err(over);
        }
        match session.credential {
            Credential::ApiKey => return self.current_of_key(session).await,
            Credential::Foreign => return self.current_of_foreign(session).await?.ok_or(over),
            Credential::Session => {}
        }
        let id = &session.id;
        match (
            self.session_state(id).await?,
            self.account_state(&session.user.id).await?,
        ) {
            (Some(now), Some(account)) if stands(&now, &account) => {
                self.session(Arc::clone(id), &now, &account, session.scope, session.expires_at)
                    .await
            }
            _ => Err(over),
        }
    }

    /// Like [`Accounts::current`], but waits while the store does not respond.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the session has ended.
    pub async fn current_when_reachable(&self, session: &Session) -> Result<Session, Error> {
        loop {
            match self.current(session).await {
                Err(Error::Store(store::Error::Unavailable(_))) => tokio::time::sleep(RETRY_INTERVAL).await,
                outcome => return outcome,
            }
        }
    }

    /// Notifications of possible changes of sessions, accounts or roles.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes {
            news: self.states.news(),
            // Changes by other processes on a shared store cause no notification here.
            nap: self.store.is_shared().then_some(Duration::from_millis(250)),
        }
    }

    /// Completes with the reason when the session has ended or its access token has expired, for connections that stay
    /// open.
    pub async fn ended(&self, session: &Session) -> SessionEnd {
        let mut changes = self.changes();
        loop {
            match self.recheck(session).await {
                Ok(()) => {}
                // Each response is checked before it is sent, so nothing is sent until the session is confirmed.
                Err(Error::Store(store::Error::Unavailable(_))) => {
                    tokio::time::sleep(RETRY_INTERVAL).await;
                    continue;
                }
                Err(error) => return self.session_end(session, &error).await,
            }
            let left = (session.expires_at - self.now()).to_std().unwrap_or_default();
            let _ = tokio::time::timeout(left, changes.next()).await;
        }
    }

    /// The reason of an error of [`recheck`](Self::recheck).
    async fn session_end(&self, session: &Session, error: &Error) -> SessionEnd {
        if self.now() >= session.expires_at {
            return SessionEnd::TokenExpired;
        }
        let state = match error {
            Error::Unauthenticated { .. } => self.account_state(&session.user.id).await,
            _ => return unverified(error),
        };
        match state {
            Ok(Some(account)) if !account.user.enabled => SessionEnd::AccountDisabled,
            Ok(_) => SessionEnd::Ended,
            Err(error) => unverified(&error),
        }
    }
}

/// Notifications for holders of open connections; created by [`Accounts::changes`].
#[derive(Debug)]
pub struct Changes {
    news: watch::Receiver<u64>,
    nap: Option<Duration>,
}

impl Changes {
    /// Waits until something may have changed since the last call.
    pub async fn next(&mut self) {
        let changed = async {
            if self.news.changed().await.is_err() {
                // The accounts have been dropped, so nothing can change.
                std::future::pending::<()>().await;
            }
        };
        match self.nap {
            Some(nap) => {
                let _ = tokio::time::timeout(nap, changed).await;
            }
            None => changed.await,
        }
    }
}

/// Logs the error and hides it from the client.
fn unverified(error: &Error) -> SessionEnd {
    tracing::error!(%error, "failed to verify the session of a connection");
    SessionEnd::Unverified
}

/// Whether a session is valid for the current state of its account. Only a change of the password by its owner moves
/// the epoch of a session, of the one that changed it.
fn stands(session: &SessionState, account: &AccountState) -> bool {
    session.user == account.user.id && session.session_epoch == account.session_epoch && account.user.enabled
}
