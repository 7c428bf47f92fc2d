//! The token cookies of a browser: those of the request, and the change that the response makes.
//!
//! The transport reads and writes the headers; the mutations decide on the change. A transport that cannot set cookies
//! provides no [`Cookies`].

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

/// A change of the cookies.
#[derive(Debug)]
pub enum Change {
    /// Sets these tokens.
    Set {
        /// The access token.
        access: SecretString,
        /// The lifetime in seconds.
        access_seconds: i64,
        /// The refresh token.
        refresh: SecretString,
        /// The lifetime of the session without a refresh, in seconds.
        refresh_seconds: i64,
    },
    /// Clears the cookies.
    Clear,
}

impl Cookies {
    /// The cookies of a request with this refresh token, and whether they authenticate it.
    #[must_use]
    pub fn new(refresh: Option<SecretString>, counted: bool) -> Self {
        Self {
            refresh,
            counted,
            change: Mutex::default(),
        }
    }

    /// The change to make; the last one wins.
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
