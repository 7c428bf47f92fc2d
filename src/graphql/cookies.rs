//! The tokens of a browser that keeps them in cookies: what its request brought, and what its answer shall put there.
//!
//! The transport reads and writes the headers; the mutations only say what shall happen. A transport that cannot set
//! cookies gives no [`Cookies`].

use parking_lot::Mutex;
use secrecy::SecretString;

use crate::identity::{Grant, Tokens};

/// The cookies of one request. Share it in an `Arc`.
#[derive(Debug, Default)]
pub struct Cookies {
    refresh: Option<SecretString>,
    counted: bool,
    change: Mutex<Option<Change>>,
}

/// What an answer does to the cookies.
#[derive(Debug)]
pub enum Change {
    /// They hold these tokens from now on.
    Set {
        /// The access token.
        access: SecretString,
        /// The lifetime in seconds.
        access_seconds: i64,
        /// The refresh token.
        refresh: SecretString,
        /// After how many seconds the session ends unless it is refreshed.
        refresh_seconds: i64,
    },
    /// They are gone.
    Clear,
}

impl Cookies {
    /// The cookies of a request that brought this refresh token, and whether it counts as its sender's by its cookies.
    #[must_use]
    pub fn new(refresh: Option<SecretString>, counted: bool) -> Self {
        Self {
            refresh,
            counted,
            change: Mutex::default(),
        }
    }

    /// What the answer shall do; the last word counts.
    #[must_use]
    pub fn take(&self) -> Option<Change> {
        self.change.lock().take()
    }

    pub(super) fn refresh(&self) -> Option<&SecretString> {
        self.refresh.as_ref()
    }

    pub(super) fn counted(&self) -> bool {
        self.counted
    }

    pub(super) fn change(&self, change: Change) {
        *self.change.lock() = Some(change);
    }
}

impl From<Grant> for Change {
    fn from(grant: Grant) -> Self {
        let Tokens {
            access,
            access_expires_at,
            expires_in,
            refresh,
        } = grant.tokens;
        let access_seconds = i64::from(expires_in);
        Self::Set {
            access,
            access_seconds,
            refresh,
            refresh_seconds: (grant.session_expires_at - access_expires_at).num_seconds() + access_seconds,
        }
    }
}
