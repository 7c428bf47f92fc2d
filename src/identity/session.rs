//! Sessions: the verified caller of a request, and the handling of refresh tokens.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::error::Error;
use super::refresh_token::RefreshToken;
use super::settings::Settings;
use super::user::User;
use crate::access::{Actor, Permissions};

const USER_AGENT_CHARS: usize = 256;

/// The origin of a request, for throttling, the list of sessions and the audit trail.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The address of the peer.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header; truncated when stored.
    pub user_agent: Option<String>,
}

/// The version of the state cache at the beginning of a lookup, and the time of the beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) announced: u64,
    pub(super) at: Instant,
}

/// The verified caller of a request.
#[derive(Debug, Clone)]
pub struct Session {
    /// The actor, with the current permissions of the account's roles.
    pub actor: Actor,
    /// The account.
    pub user: Arc<User>,
    /// The session's id; `key:` and the id for an API key, `foreign:` and a hash for a token of an identity provider.
    pub id: Arc<str>,
    /// The kind of credential.
    pub credential: Credential,
    /// The permissions to which the token is limited; `None` for a token without a scope.
    pub(super) scope: Option<Permissions>,
    /// The time at which the access token expires.
    pub expires_at: DateTime<Utc>,
    /// The time at which the session expires unless it is refreshed, or the token of an identity provider expires.
    pub session_expires_at: DateTime<Utc>,
    /// The version of the state cache at authentication; only for sessions.
    pub(super) since: Option<Moment>,
}

/// The kind of credential of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// An access token of a password session.
    Session,
    /// An API key, or an access token obtained with one.
    ApiKey,
    /// An access token of a foreign issuer.
    Foreign,
}

/// The reason why an open connection of a session may not continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// The access token has expired; the session may continue with a new one.
    TokenExpired,
    /// The account was disabled.
    AccountDisabled,
    /// The session was ended: by a logout, a change of the password or the removal of the account, or it expired.
    Ended,
    /// The store or the identity provider failed, so the session cannot be verified; it may continue.
    Unverified,
}

impl SessionEnd {
    /// The reason in words, for the client.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TokenExpired => "the access token has expired",
            Self::AccountDisabled => "the account is disabled",
            Self::Ended => "the session has ended",
            Self::Unverified => "the server cannot verify the session at the moment; try again later",
        }
    }
}

impl Session {
    /// For operations that require a session.
    pub(super) fn require_session(&self) -> Result<(), Error> {
        match self.credential {
            Credential::Session if self.scope.is_none() => Ok(()),
            Credential::Session | Credential::ApiKey | Credential::Foreign => Err(Error::SessionRequired),
        }
    }

    /// Whether neither the access token nor the session has expired.
    pub(super) fn lasts(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.session_expires_at
    }
}

/// A session in a list of its owner.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// The id, equal to [`Session::id`].
    pub id: String,
    /// The time of the login.
    pub created_at: DateTime<Utc>,
    /// The time of the last refresh. The session may have been used since, for at most the lifetime of one access
    /// token.
    pub last_seen_at: DateTime<Utc>,
    /// The time at which it expires unless it is refreshed.
    pub expires_at: DateTime<Utc>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The IP address of the login.
    pub address: Option<String>,
}

/// The result of a login or refresh.
#[derive(Debug)]
pub struct Grant {
    /// The account.
    pub user: Arc<User>,
    /// The tokens.
    pub tokens: Tokens,
    /// The id of the session.
    pub session: Arc<str>,
    /// The names of the permissions to which the access token is limited, separated by spaces; `None` without a scope.
    pub scope: Option<String>,
    /// The time at which the session expires unless it is refreshed.
    pub session_expires_at: DateTime<Utc>,
}

/// The tokens of a session, of type `Bearer`.
#[derive(Debug)]
pub struct Tokens {
    /// The access token.
    pub access: SecretString,
    /// The time at which the access token expires.
    pub access_expires_at: DateTime<Utc>,
    /// The lifetime of the access token in seconds.
    pub expires_in: u32,
    /// The refresh token, which can be used once.
    pub refresh: SecretString,
}

/// A stored session.
#[derive(Debug, Clone)]
pub(super) struct StoredSession {
    pub(super) user: String,
    pub(super) session_epoch: String,
    pub(super) current: Vec<u8>,
    pub(super) previous: Option<Vec<u8>>,
    pub(super) successor: Option<Vec<u8>>,
    pub(super) rotated_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_seen_at: DateTime<Utc>,
    pub(super) idle_until: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) user_agent: Option<String>,
    pub(super) address: Option<String>,
    /// The permissions to which the tokens of the session are limited; `None` without a scope.
    pub(super) scope: Option<Permissions>,
}

/// The decision about a refresh token of an existing session.
pub(super) enum RefreshDecision {
    /// The current token: replace it by the next one, unless another request was faster.
    Rotate { next: RefreshToken, sealed: Vec<u8> },
    /// Used within the grace period: return the same successor.
    Repeat { next: RefreshToken },
    /// The session has expired.
    Expired,
    /// Used before: end the session.
    Reuse,
}

impl StoredSession {
    /// A new session with its first token.
    pub(super) fn begin(
        token: &RefreshToken,
        user: &str,
        session_epoch: &str,
        origin: &Origin,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Self {
        let ends_at = now + settings.absolute_lifetime;
        Self {
            user: user.to_owned(),
            session_epoch: session_epoch.to_owned(),
            current: token.hash(),
            previous: None,
            successor: None,
            rotated_at: None,
            created_at: now,
            last_seen_at: now,
            idle_until: (now + settings.idle_lifetime).min(ends_at),
            ends_at,
            user_agent: origin.user_agent.as_ref().map(|agent| {
                agent
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(USER_AGENT_CHARS)
                    .collect()
            }),
            address: origin.address.map(|address| address.to_string()),
            scope: None,
        }
    }

    /// Decides about a presented token.
    pub(super) fn turn(
        &self,
        presented: &RefreshToken,
        grace: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<RefreshDecision, Error> {
        if now >= self.idle_until {
            return Ok(RefreshDecision::Expired);
        }
        let hash = presented.hash();
        if same(&hash, &self.current) {
            let next = presented.next()?;
            let sealed = presented.seal(&next)?;
            return Ok(RefreshDecision::Rotate { next, sealed });
        }
        let recent = self.rotated_at.is_some_and(|rotated_at| now < rotated_at + grace);
        let is_previous = self.previous.as_ref().is_some_and(|previous| same(&hash, previous));
        let next = self.successor.as_ref().and_then(|sealed| presented.unseal(sealed));
        match next {
            Some(next) if recent && is_previous => Ok(RefreshDecision::Repeat { next }),
            _ => Ok(RefreshDecision::Reuse),
        }
    }
}

fn same(a: &[u8], b: &[u8]) -> bool {
    verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    //! Decisions. `tests/it` shows that exactly one of many concurrent refreshes rotates the token.

    use super::*;

    fn session(token: &RefreshToken, now: DateTime<Utc>) -> StoredSession {
        StoredSession::begin(token, "ann", "era", &Origin::default(), &Settings::default(), now)
    }

    #[test]
    fn the_successor_is_the_same_within_the_grace_and_reuse_after() {
        let now = DateTime::UNIX_EPOCH;
        let grace = TimeDelta::seconds(10);
        let first = RefreshToken::first().unwrap();
        let mut stored = session(&first, now);
        let Ok(RefreshDecision::Rotate { next, sealed }) = stored.turn(&first, grace, now) else {
            panic!("the current token rotates");
        };
        stored.previous = Some(first.hash());
        stored.current = next.hash();
        stored.successor = Some(sealed);
        stored.rotated_at = Some(now);
        match stored.turn(&first, grace, now + TimeDelta::seconds(9)).unwrap() {
            RefreshDecision::Repeat { next: again } => assert_eq!(again.hash(), next.hash()),
            _ => panic!("the answer is the same again"),
        }
        assert!(matches!(
            stored.turn(&first, grace, now + grace),
            Ok(RefreshDecision::Reuse)
        ));
        assert!(matches!(
            stored.turn(&next, grace, now + grace),
            Ok(RefreshDecision::Rotate { .. })
        ));
        let stranger = first.next().unwrap();
        assert!(matches!(stored.turn(&stranger, grace, now), Ok(RefreshDecision::Reuse)));
        let late = now + TimeDelta::days(7);
        assert!(matches!(stored.turn(&next, grace, late), Ok(RefreshDecision::Expired)));
    }

    #[test]
    fn user_agents_are_cut_and_cleaned() {
        let origin = Origin {
            address: None,
            user_agent: Some("a\r\nb".repeat(1000)),
        };
        let token = RefreshToken::first().unwrap();
        let stored = StoredSession::begin(
            &token,
            "ann",
            "era",
            &origin,
            &Settings::default(),
            DateTime::UNIX_EPOCH,
        );
        let agent = stored.user_agent.unwrap();
        assert_eq!(agent.len(), USER_AGENT_CHARS);
        assert!(!agent.contains('\n'));
    }
}
