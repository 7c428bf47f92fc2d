//! The error type of accounts, sessions and tokens.

use std::time::Duration;

use crate::store;

/// An error of an operation on accounts, sessions, roles or tokens.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another account has this username.
    #[error("this username is already in use")]
    UsernameTaken,
    /// Another account has this e-mail address.
    #[error("this e-mail address is already in use")]
    EmailTaken,
    /// An input field is invalid.
    #[error("{path}: {message}")]
    InvalidInput {
        /// The input field, as named in the schema.
        path: &'static str,
        /// The values that are allowed.
        message: String,
    },
    /// The password is too easy to guess.
    #[error("{message}")]
    WeakPassword {
        /// The requirement.
        message: String,
    },
    /// Several input fields are invalid, or their values in use.
    #[error("{}", join(.0))]
    Several(Vec<Error>),
    /// The username or the password is wrong; which one is not disclosed.
    #[error("the username or the password is wrong")]
    InvalidCredentials,
    /// The password or the refresh token is correct, but the account is disabled.
    #[error("this account is disabled")]
    AccountDisabled,
    /// Too many failed attempts, or registrations from one address.
    #[error("too many attempts; try again in {} s", retry_after.as_secs().max(1))]
    TooManyAttempts {
        /// The time until the next attempt is allowed.
        retry_after: Duration,
    },
    /// The last enabled administrator cannot be removed, disabled or demoted.
    #[error("the last enabled administrator cannot be disabled, removed or demoted")]
    LastAdmin,
    /// The object does not exist, or not for the caller.
    #[error("{0} not found")]
    NotFound(ObjectKind),
    /// The refresh token is unknown, used or expired.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// The scope asked for names no permission that the account has, or something else than a permission.
    #[error("the scope is not valid; allowed: names of permissions of the account, separated by single spaces")]
    InvalidScope,
    /// Registration is closed.
    #[error("registration is closed")]
    RegistrationClosed,
    /// The bearer token is invalid.
    #[error("the token is not valid: {reason}")]
    Unauthenticated {
        /// The reason, which reveals nothing that is not in the token.
        reason: &'static str,
    },
    /// The key of the token is unknown, and its issuer cannot be reached.
    #[error("cannot verify the token: its key is unknown and the issuer {issuer} cannot be reached; try again later")]
    IssuerUnavailable {
        /// The configured issuer.
        issuer: String,
    },
    /// The operation requires a session, not an API key, a token with a scope or a token of an identity provider.
    #[error(
        "this operation requires a session from a password login without a scope, not an API key or a foreign token"
    )]
    SessionRequired,
    /// Too many passwords are waiting to be verified.
    #[error("the server is busy; try again later")]
    Overloaded,
    /// The store failed.
    #[error(transparent)]
    Store(store::Error),
    /// An internal error.
    #[error("{0}")]
    Internal(String),
}

/// The kind of an object that [`Error::NotFound`] concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
pub enum ObjectKind {
    /// An account.
    #[strum(serialize = "user")]
    User,
    /// A session.
    #[strum(serialize = "session")]
    Session,
    /// A role.
    #[strum(serialize = "role")]
    Role,
    /// An API key.
    #[strum(serialize = "API key")]
    ApiKey,
}

impl Error {
    /// Returns these errors as one.
    pub(super) fn several(mut errors: Vec<Self>) -> Self {
        if errors.len() == 1 {
            errors.remove(0)
        } else {
            Self::Several(errors)
        }
    }

    /// Returns the code used in the audit trail; equal to the `UserErrorCode` of the schema if it has one.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UsernameTaken => "USERNAME_TAKEN",
            Self::EmailTaken => "EMAIL_TAKEN",
            Self::InvalidInput { .. } => "INVALID_INPUT",
            Self::WeakPassword { .. } => "WEAK_PASSWORD",
            Self::Several(errors) => errors.first().map_or("INVALID_INPUT", Self::code),
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::AccountDisabled => "ACCOUNT_DISABLED",
            Self::TooManyAttempts { .. } => "TOO_MANY_ATTEMPTS",
            Self::LastAdmin => "LAST_ADMIN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::InvalidRefreshToken => "INVALID_REFRESH_TOKEN",
            Self::InvalidScope => "INVALID_SCOPE",
            Self::RegistrationClosed => "REGISTRATION_CLOSED",
            Self::Unauthenticated { .. } => "UNAUTHENTICATED",
            Self::SessionRequired => "FORBIDDEN",
            Self::Overloaded | Self::IssuerUnavailable { .. } => "OVERLOADED",
            Self::Store(_) | Self::Internal(_) => "INTERNAL",
        }
    }
}

fn join(errors: &[Error]) -> String {
    let texts: Vec<String> = errors.iter().map(Error::to_string).collect();
    texts.join("; ")
}
