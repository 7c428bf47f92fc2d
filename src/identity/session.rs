//! Sessions: what a request knows about its caller, and when a refresh token keeps a session alive.

use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::error::Error;
use super::refresh_token::RefreshToken;
use super::settings::Settings;
use super::user::User;
use crate::access::Actor;

const USER_AGENT_CHARS: usize = 256;

/// Where a request came from, for throttling, for the list of sessions and for the audit.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The peer's address: the client's own, not that of a proxy in front of us.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header; cut to a sensible length when stored.
    pub user_agent: Option<String>,
}

/// What was announced before a look-up began to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) u64);

/// The verified caller of a request.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who asks, with what the account's roles allow at this moment.
    pub actor: Actor,
    /// The account.
    pub user: Arc<User>,
    /// The session's id; for an API key `key:` and the key's, for a foreign token `foreign:` and a hash of it.
    pub id: Arc<str>,
    /// What the caller has shown.
    pub credential: Credential,
    /// When the access token expires.
    pub expires_at: DateTime<Utc>,
    /// When the session ends unless it is refreshed; of a foreign token, when it expires.
    pub session_expires_at: DateTime<Utc>,
    /// What was announced before the caller was let in; only of sessions.
    pub(super) since: Option<Moment>,
}

/// What a caller has shown to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The access token of a session that began with a password.
    Session,
    /// An API key, or an access token that one was exchanged for.
    ApiKey,
    /// An access token of a foreign issuer.
    Foreign,
}

impl Session {
    /// For what only the owner in person may do.
    pub(super) fn require_session(&self) -> Result<(), Error> {
        match self.credential {
            Credential::Session => Ok(()),
            Credential::ApiKey | Credential::Foreign => Err(Error::SessionRequired),
        }
    }

    /// Whether neither the access token nor the session has expired.
    pub(super) fn lasts(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.session_expires_at
    }
}

/// A session as its owner sees it in a list.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// Its id: that of [`Session::id`] for the caller's own.
    pub id: String,
    /// When somebody signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed: at most an access token's lifetime before it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends unless it is refreshed.
    pub expires_at: DateTime<Utc>,
    /// The program that signed in, in its own words.
    pub user_agent: Option<String>,
    /// Where from.
    pub address: Option<String>,
}

/// What a successful login or refresh gives.
#[derive(Debug)]
pub struct Grant {
    /// The account.
    pub user: Arc<User>,
    /// Its tokens.
    pub tokens: Tokens,
    /// The session's id.
    pub session: Arc<str>,
    /// When the session ends unless it is refreshed.
    pub session_expires_at: DateTime<Utc>,
}

/// Tokens for the client; their type is `Bearer`.
#[derive(Debug)]
pub struct Tokens {
    /// Proves who asks, for a short time.
    pub access: SecretString,
    /// When the access token expires.
    pub access_expires_at: DateTime<Utc>,
    /// For how many seconds the access token is valid.
    pub expires_in: u32,
    /// Gives the next pair of tokens, once.
    pub refresh: SecretString,
}

/// A session as the store has it.
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
}

/// What to do with a refresh token that names an existing session.
pub(super) enum RefreshDecision {
    /// It is the current one: put the next one in its place, unless somebody was faster.
    Rotate { next: RefreshToken, sealed: Vec<u8> },
    /// It was used a moment ago: the answer is the same again.
    Repeat { next: RefreshToken },
    /// Its time is over; nothing is wrong.
    Expired,
    /// It was used before: whoever has it is not alone, so the session must end.
    Reuse,
}

impl StoredSession {
    /// A new session, from its first token.
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
    //! Decisions; that exactly one of many refreshes rotates is shown in `tests/it`.

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
