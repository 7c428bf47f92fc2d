//! Accounts, passwords, tokens and sessions: who somebody is.
//!
//! `app` builds one [`Accounts`]; the GraphQL mutations, the OAuth endpoint and the command line call it, and every
//! request asks it whose token it carries. What somebody may do is not decided here but in [`crate::access`].

mod accounts;
mod api_key;
mod authentication;
mod issuer;
mod key;
mod keyring;
mod leaving;
mod listing;
mod login;
mod password;
mod profile;
mod records;
mod refresh_token;
mod roles;
mod session;
mod standing;
mod throttle;
mod token;
mod user;

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;

pub use self::accounts::{Accounts, FirstAdmin, SetupError, Toggled};
pub use self::api_key::{ApiKey, ClientToken, NewApiKey};
pub use self::authentication::Changes;
pub use self::issuer::{ForeignAlgorithm, ForeignIssuer};
pub use self::key::{Algorithm, KeyError};
pub use self::keyring::KeySource;
pub use self::listing::{Page, UserFilter};
pub use self::password::Cost;
pub use self::roles::Role;
pub use self::session::{Credential, Grant, OpenSession, Session, Tokens};
pub use self::throttle::Throttling;
pub(crate) use self::throttle::network;
pub use self::user::{NewUser, User};

use crate::store;

/// What a caller of this domain can be told. The first group is theirs to mend.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody has this name.
    #[error("this username is taken")]
    UsernameTaken,
    /// Somebody has this address.
    #[error("this e-mail address is taken")]
    EmailTaken,
    /// A field cannot be accepted.
    #[error("{path}: {message}")]
    InvalidInput {
        /// The input field, as the schema names it.
        path: &'static str,
        /// What is allowed.
        message: String,
    },
    /// The password is too easy to guess.
    #[error("{message}")]
    WeakPassword {
        /// What is asked of a password.
        message: String,
    },
    /// Name or password is wrong; which, is not said.
    #[error("the username or the password is wrong")]
    InvalidCredentials,
    /// The password was right, but the account is switched off.
    #[error("this account is disabled")]
    AccountDisabled,
    /// Too many attempts have failed.
    #[error("too many attempts; try again in {} s", retry_after.as_secs().max(1))]
    TooManyAttempts {
        /// When the next attempt will be heard.
        retry_after: Duration,
    },
    /// The last enabled administrator must stay one.
    #[error("the last enabled administrator cannot be disabled, removed or demoted")]
    LastAdmin,
    /// There is no such account, session, role or key.
    #[error("there is no such thing")]
    NotFound,
    /// The refresh token is unknown, used up or expired.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// Nobody can register here by themselves.
    #[error("registration is closed")]
    RegistrationClosed,
    /// The bearer token is not accepted.
    #[error("the token is not valid: {reason}")]
    Unauthenticated {
        /// Why; it tells nothing that the bearer could not see in the token itself.
        reason: &'static str,
    },
    /// The token's issuer is a foreign one that does not answer, and the key that the token names is not known.
    #[error("the issuer {issuer} cannot be reached, so a token with a key that is not known yet cannot be checked")]
    IssuerUnavailable {
        /// The issuer, as it is configured.
        issuer: String,
    },
    /// An API key or a foreign token was used for what only an owner who signed in here may do.
    #[error("this needs a session that began with a password here, not an API key or a foreign token")]
    SessionRequired,
    /// Too many passwords wait to be checked.
    #[error("the server is busy; try again soon")]
    Overloaded,
    /// The database failed.
    #[error(transparent)]
    Store(store::Error),
    /// Something failed that never should.
    #[error("{0}")]
    Internal(String),
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anybody, and it works at once.
    #[default]
    Open,
    /// Anybody, but it works only after an administrator has enabled it.
    Approval,
    /// Administrators only.
    Closed,
}

/// Where a request came from, for throttling, for the list of sessions and for the audit.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The peer's address: the client's own, not that of a proxy in front of us.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header; cut to a sensible length when stored.
    pub user_agent: Option<String>,
}

/// Every setting of this domain; the configuration fills it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The claim `iss` of our tokens.
    pub issuer: String,
    /// The claim `aud` of our tokens.
    pub audience: String,
    /// Whose access tokens are accepted beside ours.
    pub issuers: Vec<ForeignIssuer>,
    /// Where the signing key comes from.
    pub key: KeySource,
    /// How long an access token lasts.
    pub access_lifetime: TimeDelta,
    /// How long a session lasts when nobody refreshes it.
    pub idle_lifetime: TimeDelta,
    /// How long a session lasts at most.
    pub absolute_lifetime: TimeDelta,
    /// How long a used refresh token gives its successor again, for a client that lost the answer.
    pub refresh_grace: TimeDelta,
    /// By how much the clocks of two machines may differ; at most 30 s.
    pub leeway: TimeDelta,
    /// What one password check costs.
    pub password_cost: Cost,
    /// How many passwords are checked at once; each takes a core and the memory of `password_cost`.
    pub password_permits: usize,
    /// How long a password waits for its turn before the answer is [`Error::Overloaded`].
    pub password_patience: Duration,
    /// How guessing passwords is slowed down.
    pub throttling: Throttling,
    /// Who may make an account.
    pub registration: Registration,
    /// How long audit events are kept.
    pub audit_retention: TimeDelta,
}

impl Error {
    /// The code that the audit keeps; the same that the schema's `UserErrorCode` has where it has one.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UsernameTaken => "USERNAME_TAKEN",
            Self::EmailTaken => "EMAIL_TAKEN",
            Self::InvalidInput { .. } => "INVALID_INPUT",
            Self::WeakPassword { .. } => "WEAK_PASSWORD",
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::AccountDisabled => "ACCOUNT_DISABLED",
            Self::TooManyAttempts { .. } => "TOO_MANY_ATTEMPTS",
            Self::LastAdmin => "LAST_ADMIN",
            Self::NotFound => "NOT_FOUND",
            Self::InvalidRefreshToken => "INVALID_REFRESH_TOKEN",
            Self::RegistrationClosed => "REGISTRATION_CLOSED",
            Self::Unauthenticated { .. } => "UNAUTHENTICATED",
            Self::SessionRequired => "FORBIDDEN",
            Self::Overloaded | Self::IssuerUnavailable { .. } => "OVERLOADED",
            Self::Store(_) | Self::Internal(_) => "INTERNAL",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            issuer: "portcullis".to_owned(),
            audience: "portcullis".to_owned(),
            issuers: Vec::new(),
            key: KeySource::Folder(PathBuf::from("data")),
            access_lifetime: TimeDelta::minutes(15),
            idle_lifetime: TimeDelta::days(7),
            absolute_lifetime: TimeDelta::days(30),
            refresh_grace: TimeDelta::seconds(10),
            leeway: TimeDelta::seconds(5),
            password_cost: Cost::default(),
            password_permits: std::thread::available_parallelism().map_or(1, usize::from),
            password_patience: Duration::from_millis(1500),
            throttling: Throttling::default(),
            registration: Registration::default(),
            audit_retention: TimeDelta::days(365),
        }
    }
}

/// A secret that the caller must show once and forget.
pub type Secret = SecretString;
