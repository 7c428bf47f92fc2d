//! Problems that the client can correct in its input.

use async_graphql::{Enum, SimpleObject};

use super::failure::Failure;
use crate::{catalogue, identity};

/// A problem the client can correct, with the path of the input it concerns.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// The machine-readable code.
    pub code: UserErrorCode,
    /// The problem and what is allowed, in words.
    pub message: String,
    /// The path within the arguments, such as `["input", "username"]`; empty if the problem concerns the whole call.
    pub path: Vec<String>,
}

/// The reason why a mutation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// Another account or a role has this username, or one that looks like it.
    UsernameTaken,
    /// Another account has this e-mail address.
    EmailTaken,
    /// A value is invalid; the message describes what is allowed.
    InvalidInput,
    /// No text can be extracted from the document.
    UnsupportedDocument,
    /// The password is too short, too long or easy to guess. The message lists every problem.
    WeakPassword,
    /// The username or the password is wrong. Which one is not disclosed.
    InvalidCredentials,
    /// The password or the refresh token is correct, but the account is disabled.
    AccountDisabled,
    /// Too many failed attempts, or registrations from one address. The message tells when to retry.
    TooManyAttempts,
    /// The last enabled account with the role ADMIN cannot be disabled, removed or demoted.
    LastAdmin,
    /// The account, session, role, key or job does not exist.
    NotFound,
    /// The refresh token is unknown, used, expired or revoked.
    InvalidRefreshToken,
    /// Registration is closed on this server.
    RegistrationClosed,
}

/// Divides errors of accounts into problems that the client can correct (`Ok`) and others (`Err`).
pub fn user_errors(error: identity::Error) -> Result<Vec<UserError>, Failure> {
    use UserErrorCode as Code;
    use identity::Error as E;
    if let E::Several(errors) = error {
        let each = errors.into_iter().map(user_errors);
        return Ok(each.collect::<Result<Vec<_>, _>>()?.concat());
    }
    let (code, path) = match &error {
        E::UsernameTaken => (Code::UsernameTaken, vec!["input", "username"]),
        E::EmailTaken => (Code::EmailTaken, vec!["input", "email"]),
        E::InvalidInput { path, .. } => (Code::InvalidInput, vec!["input", *path]),
        E::WeakPassword { .. } => (Code::WeakPassword, vec!["input", "password"]),
        E::InvalidCredentials => (Code::InvalidCredentials, vec![]),
        E::AccountDisabled => (Code::AccountDisabled, vec![]),
        E::TooManyAttempts { .. } => (Code::TooManyAttempts, vec![]),
        E::LastAdmin => (Code::LastAdmin, vec!["input", "id"]),
        E::NotFound(_) => (Code::NotFound, vec!["input", "id"]),
        E::InvalidRefreshToken => (Code::InvalidRefreshToken, vec!["input", "refreshToken"]),
        E::RegistrationClosed => (Code::RegistrationClosed, vec![]),
        E::Unauthenticated { .. } => return Err(Failure::Unauthenticated),
        E::Overloaded | E::IssuerUnavailable { .. } => return Err(Failure::Overloaded),
        E::SessionRequired => return Err(Failure::SessionRequired),
        E::Several(_) | E::Store(_) | E::Internal(_) | E::InvalidScope => {
            return Err(match error {
                E::Store(cause) => cause.into(),
                error => Failure::internal(error),
            });
        }
    };
    Ok(vec![UserError {
        code,
        message: error.to_string(),
        path: path.into_iter().map(str::to_owned).collect(),
    }])
}

/// As [`user_errors`], for a mutation with arguments instead of an input object.
pub fn argument_errors(error: identity::Error) -> Result<Vec<UserError>, Failure> {
    let mut errors = user_errors(error)?;
    for error in &mut errors {
        error.path.retain(|step| step != "input");
    }
    Ok(errors)
}

/// Divides the failures of `removeJob` into problems that the client can correct (`Ok`) and others (`Err`).
pub fn job_errors(error: catalogue::Error) -> Result<Vec<UserError>, Failure> {
    match error {
        catalogue::Error::NotFound => Ok(vec![UserError {
            code: UserErrorCode::NotFound,
            message: error.to_string(),
            path: vec!["input".to_owned(), "id".to_owned()],
        }]),
        error => Err(error.into()),
    }
}
