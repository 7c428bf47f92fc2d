//! Tokens of a session: the first, and the next ones in exchange for a refresh token.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::Accounts;
use crate::access::Permissions;
use crate::audit::{Action, Event};
use crate::identity::error::Error;
use crate::identity::records::{self, Rotation};
use crate::identity::refresh_token::RefreshToken;
use crate::identity::scope;
use crate::identity::session::{Grant, RefreshDecision, StoredSession, Tokens};
use crate::identity::token::NewToken;
use crate::identity::user::User;

/// Attempts of a refresh after another one was faster; the second attempt finds its result.
const LOOKS: usize = 4;
/// The claim `client_id` of tokens of sessions. Clients are not registered, so all have one id.
pub(super) const CLIENT: &str = "portcullis";

impl Accounts {
    /// Exchanges a refresh token for the next tokens. Used again within the grace period, it returns the same
    /// successor; used again later, it ends the session.
    ///
    /// # Errors
    /// [`Error::InvalidRefreshToken`], [`Error::AccountDisabled`] for the last token of a session that was ended by
    /// disabling its account, until the session would have expired, [`Error::Store`].
    pub async fn refresh(&self, token: &SecretString) -> Result<Grant, Error> {
        self.refresh_with_scope(token, None).await
    }

    /// As [`refresh`](Self::refresh), with an access token that is limited to a part of the session's scope. The session
    /// keeps its scope (RFC 6749, 6).
    ///
    /// # Errors
    /// Those of `refresh`, and [`Error::InvalidScope`] for anything beyond the scope of the session.
    pub async fn refresh_with_scope(&self, token: &SecretString, scope: Option<&str>) -> Result<Grant, Error> {
        let asked = scope.map(scope::parse).transpose()?;
        let presented = RefreshToken::parse(token.expose_secret())?;
        let id = presented.session_id();
        for _ in 0..LOOKS {
            let now = self.now();
            let session = records::find_session(&self.store, &id)
                .await?
                .ok_or(Error::InvalidRefreshToken)?;
            let stored = records::find_user(&self.store, &session.user).await?;
            let user = match stored {
                Some(stored) if !stored.user.enabled => return Err(self.refusal_of_disabled(&session, &presented)?),
                Some(stored) if stored.session_epoch == session.session_epoch => Arc::new(stored.user),
                Some(_) | None => return Err(Error::InvalidRefreshToken),
            };
            let scope = match (session.scope, asked) {
                (kept, None) => Ok(kept),
                (Some(kept), Some(asked)) if asked.intersection(kept) != asked => Err(Error::InvalidScope),
                (_, Some(_)) => scope::granted(asked, self.role_table().await?.permissions(&user.roles)),
            };
            match session.turn(&presented, self.settings.refresh_grace, now)? {
                RefreshDecision::Rotate { next, sealed } => {
                    // A refused request does not use up the token.
                    let scope = scope?;
                    let rotation = Rotation {
                        presented: presented.hash(),
                        next: next.hash(),
                        sealed: &sealed,
                        now,
                        idle_until: (now + self.settings.idle_lifetime).min(session.ends_at),
                    };
                    let rotated = records::rotate(&self.store, &id, rotation).await;
                    self.states.session_changed(&id);
                    if rotated? {
                        return self.grant(&next, &session, user, scope);
                    }
                }
                RefreshDecision::Repeat { next } => return self.grant(&next, &session, user, scope?),
                RefreshDecision::Expired => {
                    let event = Event::new(Action::SessionEnded).to(&user.id).within(&id);
                    self.end(&id, event.refused("EXPIRED")).await?;
                    return Err(Error::InvalidRefreshToken);
                }
                RefreshDecision::Reuse => {
                    let event = Event::new(Action::TokenReused).to(&user.id).within(&id);
                    self.end(&id, event.refused(Error::InvalidRefreshToken.code())).await?;
                    tracing::warn!(session = %id, "a refresh token was reused; its session was ended");
                    return Err(Error::InvalidRefreshToken);
                }
            }
        }
        Err(Error::Store(crate::store::Error::Conflict))
    }

    /// The refusal of a refresh token of a disabled account. Only a token that would otherwise be accepted reveals the
    /// state of the account.
    fn refusal_of_disabled(&self, session: &StoredSession, presented: &RefreshToken) -> Result<Error, Error> {
        Ok(
            match session.turn(presented, self.settings.refresh_grace, self.now())? {
                RefreshDecision::Rotate { .. } | RefreshDecision::Repeat { .. } => Error::AccountDisabled,
                RefreshDecision::Expired | RefreshDecision::Reuse => Error::InvalidRefreshToken,
            },
        )
    }

    /// The tokens of a session, limited to this scope.
    pub(super) fn grant(
        &self,
        token: &RefreshToken,
        session: &StoredSession,
        user: Arc<User>,
        scope: Option<Permissions>,
    ) -> Result<Grant, Error> {
        let now = self.now();
        let id = token.session_id();
        let new = NewToken {
            user: &user.id,
            session: &id,
            client: CLIENT,
            roles: &user.roles,
            scope,
            session_end: session.ends_at,
        };
        let (access, access_expires_at) = self.issuer.mint(&new, now)?;
        let seconds = (access_expires_at - now).num_seconds();
        Ok(Grant {
            tokens: Tokens {
                access,
                access_expires_at,
                expires_in: u32::try_from(seconds).unwrap_or(0),
                refresh: token.reveal(),
            },
            session: id.into(),
            scope: scope.map(scope::text),
            session_expires_at: (now + self.settings.idle_lifetime).min(session.ends_at),
            user,
        })
    }
}
