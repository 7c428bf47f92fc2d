//! API keys: `pk_` and 48 random bytes in base64url, of which 16 are an id and 32 (256 bits) a secret. The store has
//! only a hash of the secret, so a key is shown once.
//!
//! A key acts for its owner with some roles, limited to the owner's current permissions. It ends with the account, and
//! can manage neither the account nor keys.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// The prefix of every key.
pub(super) const PREFIX: &str = "pk_";
/// The prefix of the claim `sid` in access tokens obtained with a key.
pub(super) const SESSION_PREFIX: &str = "key:";

/// The data of a new key.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The description given by the owner.
    pub name: String,
    /// The roles; their permissions must not exceed the owner's.
    pub roles: Vec<String>,
    /// The time of expiry, at most two years ahead; defaults to one year.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The id, from which the secret cannot be derived.
    pub id: String,
    /// The id of the owner.
    pub user: Arc<str>,
    /// The description given by the owner.
    pub name: String,
    /// The names of the roles, sorted.
    pub roles: Arc<[String]>,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time of expiry.
    pub expires_at: DateTime<Utc>,
    /// The time of last use, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A stored key.
#[derive(Clone)]
pub(super) struct StoredKey {
    pub(super) key: ApiKey,
    pub(super) hash: Vec<u8>,
    pub(super) user_since: DateTime<Utc>,
}

/// A cached key.
pub(super) struct ApiKeyState {
    pub(super) stored: StoredKey,
    /// The last recorded use, in seconds since 1970.
    pub(super) used_at: AtomicI64,
}

impl std::fmt::Debug for ApiKeyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyStanding")
            .field("key", &self.stored.key)
            .finish_non_exhaustive()
    }
}

/// An access token obtained with a key (RFC 6749, 4.4).
#[derive(Debug)]
pub struct ClientToken {
    /// The token, of type `Bearer`.
    pub access: SecretString,
    /// The lifetime in seconds.
    pub expires_in: u32,
    /// The names of the permissions to which the token is limited, separated by spaces; `None` without a scope.
    pub scope: Option<String>,
}
