//! Keys for machines: `pk_` and 48 random bytes in base64url, 16 of an id and 32 (256 bits) of a secret. The store has a
//! hash of the secret, so the key is seen once, when it is made.
//!
//! A key stands for its owner with some roles. What these allow is cut to what the owner may do at that moment: a key
//! never outgrows its owner, and ends with the account. It manages neither the account nor other keys.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// The prefix of every key.
pub(super) const PREFIX: &str = "pk_";
/// The prefix of the claim `sid` in an access token that a key was exchanged for.
pub(super) const SESSION_PREFIX: &str = "key:";

/// What somebody asks for who wants a key.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What it is for, in the owner's words.
    pub name: String,
    /// Roles that together allow no more than the owner may do.
    pub roles: Vec<String>,
    /// When it expires, two years from now at the latest; in a year if nothing is said.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, which the secret does not follow from.
    pub id: String,
    /// The owner's id.
    pub user: Arc<str>,
    /// The task.
    pub name: String,
    /// The names of its roles, sorted.
    pub roles: Arc<[String]>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A key as the store has it.
#[derive(Clone)]
pub(super) struct StoredKey {
    pub(super) key: ApiKey,
    pub(super) hash: Vec<u8>,
    pub(super) user_since: DateTime<Utc>,
}

/// A key as it is remembered.
pub(super) struct ApiKeyState {
    pub(super) stored: StoredKey,
    /// When it was last noted to be in use, in seconds since 1970.
    pub(super) used_at: AtomicI64,
}

impl std::fmt::Debug for ApiKeyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyStanding")
            .field("key", &self.stored.key)
            .finish_non_exhaustive()
    }
}

/// An access token that a key was exchanged for (RFC 6749, 4.4).
#[derive(Debug)]
pub struct ClientToken {
    /// Its type is `Bearer`.
    pub access: SecretString,
    /// The lifetime in seconds.
    pub expires_in: u32,
}
