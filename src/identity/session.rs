//! Sessions: what a request knows about its caller, and the refresh tokens that keep a session alive.
//!
//! A refresh token is `prt_` and 48 random bytes in base64url: 16 of a handle that all tokens of the session share, 32
//! (256 bits) of its own secret. The session's id is a hash of the handle, so the token finds its session, yet whoever
//! sees the id, which stands in access tokens and lists, learns nothing of the handle. That makes reuse plain to see:
//! the right handle with a wrong secret can come only from somebody who has held a token of this session.
//!
//! The store holds hashes. For a client that lost the answer, the successor is kept too, encrypted with a key that only
//! the predecessor gives; so a copy of the store opens nothing.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::user::User;
use super::{Error, Origin, Settings};
use crate::access::Actor;

const PREFIX: &str = "prt_";
const HANDLE_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
const USER_AGENT_CHARS: usize = 256;

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

/// A refresh token taken apart.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct RefreshToken {
    handle: [u8; HANDLE_BYTES],
    secret: [u8; SECRET_BYTES],
}

impl RefreshToken {
    /// The first token of a new session.
    pub(super) fn first() -> Result<Self, Error> {
        let mut token = Self {
            handle: [0; HANDLE_BYTES],
            secret: [0; SECRET_BYTES],
        };
        rand::fill(&mut token.handle).map_err(|_| no_randomness())?;
        rand::fill(&mut token.secret).map_err(|_| no_randomness())?;
        Ok(token)
    }

    /// The next token of the same session.
    fn next(&self) -> Result<Self, Error> {
        let mut token = Self::first()?;
        token.handle = self.handle;
        Ok(token)
    }

    /// Reads what a client sent.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; HANDLE_BYTES + SECRET_BYTES]);
        let body = text.strip_prefix(PREFIX).ok_or(Error::InvalidRefreshToken)?;
        match URL_SAFE_NO_PAD.decode_slice(body, bytes.as_mut_slice()) {
            Ok(length) if length == bytes.len() => {}
            Ok(_) | Err(_) => return Err(Error::InvalidRefreshToken),
        }
        let mut token = Self {
            handle: [0; HANDLE_BYTES],
            secret: [0; SECRET_BYTES],
        };
        let (handle, secret) = bytes.split_at(HANDLE_BYTES);
        token.handle.copy_from_slice(handle);
        token.secret.copy_from_slice(secret);
        Ok(token)
    }

    /// What the client gets.
    pub(super) fn reveal(&self) -> SecretString {
        let mut bytes = Zeroizing::new([0; HANDLE_BYTES + SECRET_BYTES]);
        let (handle, secret) = bytes.split_at_mut(HANDLE_BYTES);
        handle.copy_from_slice(&self.handle);
        secret.copy_from_slice(&self.secret);
        format!(
            "{PREFIX}{}",
            Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())).as_str()
        )
        .into()
    }

    /// The id of the session that the token belongs to.
    pub(super) fn session_id(&self) -> String {
        let hash = digest(&SHA256, &self.handle);
        URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
    }

    /// What the store keeps of it.
    pub(super) fn hash(&self) -> Vec<u8> {
        digest(&SHA256, &self.secret).as_ref().to_vec()
    }

    fn sealing_key(&self) -> Result<LessSafeKey, Error> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let derived = hmac::sign(&key, b"portcullis refresh token successor");
        UnboundKey::new(&AES_256_GCM, derived.as_ref())
            .map(LessSafeKey::new)
            .map_err(|_| Error::Internal("sealing a refresh token".to_owned()))
    }

    /// The next token's secret, for whoever holds this one. A key seals one successor only, so the nonce may be fixed.
    fn seal(&self, next: &Self) -> Result<Vec<u8>, Error> {
        let mut sealed = next.secret.to_vec();
        self.sealing_key()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::empty(), &mut sealed)
            .map_err(|_| Error::Internal("sealing a refresh token".to_owned()))?;
        Ok(sealed)
    }

    fn unseal(&self, sealed: &[u8]) -> Option<Self> {
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let secret = self
            .sealing_key()
            .ok()?
            .open_in_place(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::empty(), &mut bytes)
            .ok()?;
        Some(Self {
            handle: self.handle,
            secret: (&*secret).try_into().ok()?,
        })
    }
}

/// A session as the store has it.
#[derive(Debug, Clone)]
pub(super) struct StoredSession {
    pub(super) user: String,
    pub(super) era: String,
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
pub(super) enum Turn {
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
        era: &str,
        origin: &Origin,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Self {
        let ends_at = now + settings.absolute_lifetime;
        Self {
            user: user.to_owned(),
            era: era.to_owned(),
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
    pub(super) fn turn(&self, presented: &RefreshToken, grace: TimeDelta, now: DateTime<Utc>) -> Result<Turn, Error> {
        if now >= self.idle_until {
            return Ok(Turn::Expired);
        }
        let hash = presented.hash();
        if same(&hash, &self.current) {
            let next = presented.next()?;
            let sealed = presented.seal(&next)?;
            return Ok(Turn::Rotate { next, sealed });
        }
        let recent = self.rotated_at.is_some_and(|rotated_at| now < rotated_at + grace);
        let is_previous = self.previous.as_ref().is_some_and(|previous| same(&hash, previous));
        let next = self.successor.as_ref().and_then(|sealed| presented.unseal(sealed));
        match next {
            Some(next) if recent && is_previous => Ok(Turn::Repeat { next }),
            _ => Ok(Turn::Reuse),
        }
    }
}

fn same(a: &[u8], b: &[u8]) -> bool {
    verify_slices_are_equal(a, b).is_ok()
}

fn no_randomness() -> Error {
    Error::Internal("the system's random source failed".to_owned())
}

#[cfg(test)]
mod tests {
    //! Tokens and decisions; that exactly one of many refreshes rotates is shown in `tests/it`.

    use secrecy::ExposeSecret;

    use super::*;

    fn session(token: &RefreshToken, now: DateTime<Utc>) -> StoredSession {
        StoredSession::begin(token, "ann", "era", &Origin::default(), &Settings::default(), now)
    }

    #[test]
    fn a_token_survives_the_way_to_the_client_and_back() {
        let token = RefreshToken::first().unwrap();
        let text = token.reveal();
        assert_eq!(text.expose_secret().len(), 4 + 64);
        let back = RefreshToken::parse(text.expose_secret()).unwrap();
        assert_eq!((back.session_id(), back.hash()), (token.session_id(), token.hash()));
        assert!(!text.expose_secret().contains(&token.session_id()));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let good = RefreshToken::first().unwrap().reveal().expose_secret().to_owned();
        let cut = &good[..good.len() - 1];
        for text in [
            "",
            "prt_",
            &good[4..],
            cut,
            &format!("{good}A"),
            &"prt_A".repeat(1 << 18),
            "prt_\0",
        ] {
            assert!(
                matches!(RefreshToken::parse(text), Err(Error::InvalidRefreshToken)),
                "{text:.20}"
            );
        }
    }

    #[test]
    fn the_successor_is_the_same_within_the_grace_and_reuse_after() {
        let now = DateTime::UNIX_EPOCH;
        let grace = TimeDelta::seconds(10);
        let first = RefreshToken::first().unwrap();
        let mut stored = session(&first, now);
        let Ok(Turn::Rotate { next, sealed }) = stored.turn(&first, grace, now) else {
            panic!("the current token rotates");
        };
        stored.previous = Some(first.hash());
        stored.current = next.hash();
        stored.successor = Some(sealed);
        stored.rotated_at = Some(now);
        match stored.turn(&first, grace, now + TimeDelta::seconds(9)).unwrap() {
            Turn::Repeat { next: again } => assert_eq!(again.hash(), next.hash()),
            _ => panic!("the answer is the same again"),
        }
        assert!(matches!(stored.turn(&first, grace, now + grace), Ok(Turn::Reuse)));
        assert!(matches!(
            stored.turn(&next, grace, now + grace),
            Ok(Turn::Rotate { .. })
        ));
        let stranger = first.next().unwrap();
        assert!(matches!(stored.turn(&stranger, grace, now), Ok(Turn::Reuse)));
        let late = now + TimeDelta::days(7);
        assert!(matches!(stored.turn(&next, grace, late), Ok(Turn::Expired)));
    }

    #[test]
    fn the_store_alone_opens_nothing() {
        let first = RefreshToken::first().unwrap();
        let next = first.next().unwrap();
        let sealed = first.seal(&next).unwrap();
        assert_eq!(first.unseal(&sealed).unwrap().hash(), next.hash());
        assert!(next.unseal(&sealed).is_none());
        assert!(
            !sealed
                .windows(8)
                .any(|part| next.secret.windows(8).any(|secret| secret == part))
        );
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
