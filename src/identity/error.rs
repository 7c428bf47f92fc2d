//! Errors of accounts, sessions and tokens.

use std::time::Duration;

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
