//! Introspection and revocation of tokens, for other services (RFC 7662 and RFC 7009).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::Accounts;
use super::refresh::CLIENT;
use crate::audit::{Action, Event};
use crate::identity::error::Error;
use crate::identity::refresh_token::{self, RefreshToken};
use crate::identity::session::{Origin, RefreshDecision};
use crate::identity::token::Claims;
use crate::identity::user::User;
use crate::identity::{api_key, records, scope};

/// A token that is accepted at the time of the introspection.
#[derive(Debug)]
pub struct ActiveToken {
    /// The account.
    pub user: Arc<User>,
    /// Whether requests can be authenticated with it: not with a refresh token.
    pub is_bearer: bool,
    /// The client that obtained it; for an API key and its tokens, the id of the key.
    pub client: String,
    /// The names of the permissions that it has now, separated by spaces.
    pub scope: String,
    /// The time at which it expires.
    pub expires_at: DateTime<Utc>,
    /// The time of its creation; only for an access token.
    pub issued_at: Option<DateTime<Utc>>,
    /// Its id; only for an access token.
    pub id: Option<String>,
}

/// The result of [`Accounts::revoke_token`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// No session with this token exists any longer, or none ever did.
    Done,
    /// The token has no session that could be ended; the text says what ends it.
    Unsupported(&'static str),
}

impl Accounts {
    /// The state of a token of this server: access token, refresh token or API key. `None` if it is unknown, expired or
    /// revoked, if its account is disabled or removed, and for tokens of other issuers. It changes nothing; a refresh
    /// token can still be used once.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn introspect(&self, token: &SecretString) -> Result<Option<ActiveToken>, Error> {
        let token = token.expose_secret();
        let found = if token.starts_with(refresh_token::PREFIX) {
            self.introspect_refresh_token(token).await
        } else if self.issuers.named_by(token).is_some() {
            // It would create an account for a bearer who was never here.
            Ok(None)
        } else {
            self.introspect_bearer_token(token).await
        };
        match found {
            Err(Error::Unauthenticated { .. } | Error::InvalidRefreshToken) => Ok(None),
            found => found,
        }
    }

    async fn introspect_bearer_token(&self, token: &str) -> Result<Option<ActiveToken>, Error> {
        let session = self.authenticate(token).await?;
        if !session.lasts(self.now()) {
            return Ok(None);
        }
        let claims = if token.starts_with(api_key::PREFIX) {
            None
        } else {
            Some(self.issuer.verify(token, self.now())?)
        };
        let client = match session.id.strip_prefix(api_key::SESSION_PREFIX) {
            Some(key) => key,
            None => CLIENT,
        };
        Ok(Some(ActiveToken {
            user: Arc::clone(&session.user),
            is_bearer: true,
            client: client.to_owned(),
            scope: scope::text(session.actor.permissions()),
            expires_at: session.expires_at.min(session.session_expires_at),
            issued_at: claims.as_ref().map(|claims| claims.iat.time()),
            id: claims.map(|claims| claims.jti.clone()),
        }))
    }

    async fn introspect_refresh_token(&self, token: &str) -> Result<Option<ActiveToken>, Error> {
        let presented = RefreshToken::parse(token)?;
        let id = presented.session_id();
        let Some(session) = records::find_session(&self.store, &id).await? else {
            return Ok(None);
        };
        let account = self.account_state(&session.user).await?;
        let Some(account) =
            account.filter(|account| account.user.enabled && *account.session_epoch == *session.session_epoch)
        else {
            return Ok(None);
        };
        match session.turn(&presented, self.settings.refresh_grace, self.now())? {
            RefreshDecision::Rotate { .. } | RefreshDecision::Repeat { .. } => {}
            RefreshDecision::Expired | RefreshDecision::Reuse => return Ok(None),
        }
        let permissions = self.role_table().await?.permissions(&account.user.roles);
        let permissions = session
            .scope
            .map_or(permissions, |scope| permissions.intersection(scope));
        Ok(Some(ActiveToken {
            user: Arc::clone(&account.user),
            is_bearer: false,
            client: CLIENT.to_owned(),
            scope: scope::text(permissions),
            expires_at: session.idle_until,
            issued_at: None,
            id: None,
        }))
    }

    /// Ends the session of an access token or a refresh token, with all of its tokens. Each token of a session, used or
    /// not, ends it, as `refresh` with a used token does.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn revoke_token(&self, token: &SecretString, origin: &Origin) -> Result<Revocation, Error> {
        let token = token.expose_secret();
        if token.starts_with(api_key::PREFIX) {
            return Ok(Revocation::Unsupported("an API key is removed with removeApiKey"));
        }
        if self.issuers.named_by(token).is_some() {
            return Ok(Revocation::Unsupported("the token is revoked at its identity provider"));
        }
        let id = if token.starts_with(refresh_token::PREFIX) {
            match RefreshToken::parse(token) {
                Ok(token) => token.session_id(),
                Err(_) => return Ok(Revocation::Done),
            }
        } else {
            match self.issuer.verify(token, self.now()).as_deref() {
                Err(_) => return Ok(Revocation::Done),
                Ok(Claims { sid, .. }) if sid.starts_with(api_key::SESSION_PREFIX) => {
                    return Ok(Revocation::Unsupported(
                        "an access token of an API key ends when the key is removed with removeApiKey",
                    ));
                }
                Ok(Claims { sid, .. }) => sid.clone(),
            }
        };
        if let Some(session) = records::find_session(&self.store, &id).await? {
            let user = &session.user;
            let event = Event::new(Action::Logout).by(Some(user)).to(user).within(&id);
            self.end(&id, event.from(origin.address)).await?;
        }
        Ok(Revocation::Done)
    }
}
