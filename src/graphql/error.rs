//! Errors as clients see them. All errors are mapped here.
//!
//! Rules:
//! - A problem that the client can correct in its input is a [`UserError`] in the payload.
//! - Access and system failures are GraphQL errors whose `extensions.code` is that of a [`Failure`].
//! - Internal details are reported as `INTERNAL` with the request id; the log has the cause under the same id.
//! - An error without a code is `INTERNAL`, except errors of async-graphql about arguments.

use std::time::Duration;

use async_graphql::extensions::ResolveInfo;
use async_graphql::{
    Enum, Error, ErrorExtensionValues, PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError,
    SimpleObject, Value,
};

use super::request::metrics;
use crate::access::{Decision, Permission};
use crate::app::MatchError;
use crate::document::DocumentError;
use crate::{catalogue, identity, inference, quota, store};

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
    /// The password is too short, too long or easy to guess. The message names everything that is wrong.
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

/// A failure that becomes a GraphQL error, by its `extensions.code`.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The field requires authentication.
    #[error("sign in to use this field")]
    Unauthenticated,
    /// The session ended during the request.
    #[error("the session has ended")]
    SessionOver,
    /// The caller lacks the permission.
    #[error("this field requires the permission {0}")]
    Forbidden(Permission),
    /// The field requires a session, not an API key or a token of an identity provider.
    #[error("this field requires a password login; an API key or a token of an identity provider is not sufficient")]
    SessionRequired,
    /// An argument is invalid; the text describes what is allowed.
    #[error("{0}")]
    BadUserInput(String),
    /// No model has this name.
    #[error("{0}")]
    ModelNotFound(String),
    /// No text can be extracted from a document.
    #[error("{message}")]
    UnsupportedDocument {
        /// The reason, in words.
        message: String,
        /// The reason, machine-readable: `extensions.reason`.
        reason: &'static str,
    },
    /// The queue is full; retrying later helps.
    #[error("the server is busy; try again later")]
    Overloaded,
    /// The rate limit is exceeded.
    #[error("too many requests; try again in {} s", .0.as_secs().max(1))]
    RateLimited(Duration),
    /// The quota of the hour is used up.
    #[error("the quota of {limit} cost units per hour is used up; try again in {} s", .retry_after.as_secs().max(1))]
    QuotaExceeded {
        /// Units per hour.
        limit: u64,
        /// The time until the next hour.
        retry_after: Duration,
    },
    /// The operation exceeds the caller's cost limit.
    #[error("the operation costs {cost} units; the limit is {maximum}")]
    TooComplex {
        /// The cost in units.
        cost: u32,
        /// The limit in units.
        maximum: u32,
    },
    /// The deadline was exceeded.
    #[error("the request timed out; a mutation may still take effect")]
    Timeout,
    /// The store takes no changes or does not respond at the moment; retrying later helps. The log has the cause.
    #[error("the server cannot read or save data at the moment; try again later")]
    Unavailable,
    /// Any other failure. The log has the cause under the request id.
    #[error("internal error")]
    Internal,
}

impl Failure {
    /// The value of `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated | Self::SessionOver => "UNAUTHENTICATED",
            Self::Forbidden(_) | Self::SessionRequired => "FORBIDDEN",
            Self::BadUserInput(_) => "BAD_USER_INPUT",
            Self::ModelNotFound(_) => "MODEL_NOT_FOUND",
            Self::UnsupportedDocument { .. } => "UNSUPPORTED_DOCUMENT",
            Self::Overloaded => "OVERLOADED",
            Self::RateLimited(_) => "RATE_LIMITED",
            Self::QuotaExceeded { .. } => "QUOTA_EXCEEDED",
            Self::TooComplex { .. } => "QUERY_TOO_COMPLEX",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => INTERNAL,
        }
    }

    /// Whether the server, not the client, is at fault.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::Overloaded | Self::Timeout | Self::Unavailable | Self::Internal
        )
    }

    /// Logs the cause and hides it from the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::Internal
    }

    /// The failure of a session that could not be verified again. A session that has ended is told from a store that
    /// failed, so that a client does not discard a token that is still valid.
    #[must_use]
    pub fn of_session(error: identity::Error) -> Self {
        match error {
            identity::Error::Unauthenticated { .. } => Self::SessionOver,
            error => {
                tracing::error!(cause = %error, "failed to verify the session of a request");
                Self::Unavailable
            }
        }
    }

    fn extensions(&self) -> ErrorExtensionValues {
        let mut values = ErrorExtensionValues::default();
        values.set("code", self.code());
        match self {
            Self::Forbidden(permission) => values.set("requires", permission.name()),
            Self::UnsupportedDocument { reason, .. } => values.set("reason", *reason),
            Self::TooComplex { cost, maximum } => {
                values.set("cost", *cost);
                values.set("maximum", *maximum);
            }
            Self::RateLimited(after) | Self::QuotaExceeded { retry_after: after, .. } => {
                // Rounded up, so that a client that waits as told is not refused again.
                values.set("retryAfter", after.as_secs() + 1);
            }
            _ => {}
        }
        values
    }

    /// The error of a request that is not executed.
    #[must_use]
    pub fn into_request_error(self) -> ServerError {
        let mut error = ServerError::new(self.to_string(), None);
        error.extensions = Some(self.extensions());
        error
    }

    /// The error of the field being resolved.
    #[must_use]
    pub fn into_server_error(self, info: &ResolveInfo<'_>) -> ServerError {
        // `Error` keeps the failure as its source, and `finish` reads the code from it.
        Error::from(self)
            .into_server_error(info.field.name.pos)
            .with_path(error_path(info.path_node))
    }
}

impl From<Decision> for Failure {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Unauthenticated => Self::Unauthenticated,
            Decision::Forbidden(permission) => Self::Forbidden(permission),
            Decision::SessionRequired => Self::SessionRequired,
            Decision::Allowed => Self::internal("a permission that was granted became a refusal"),
        }
    }
}

impl From<inference::InferenceError> for Failure {
    fn from(error: inference::InferenceError) -> Self {
        use inference::InferenceError as E;
        match error {
            E::ModelNotFound { .. } => Self::ModelNotFound(error.to_string()),
            E::BadInput { .. } => Self::BadUserInput(error.to_string()),
            E::Overloaded => Self::Overloaded,
            E::DeadlineExceeded => Self::Timeout,
            E::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<identity::Error> for Failure {
    /// For fields whose payload has no `errors`.
    fn from(error: identity::Error) -> Self {
        match error {
            identity::Error::InvalidInput { .. } | identity::Error::Several(_) => Self::BadUserInput(error.to_string()),
            error => match user_errors(error) {
                Ok(errors) => Self::internal(format_args!("nowhere to put {errors:?}")),
                Err(failure) => failure,
            },
        }
    }
}

impl From<quota::Error> for Failure {
    fn from(error: quota::Error) -> Self {
        match error {
            quota::Error::QuotaExceeded { limit, retry_after } => Self::QuotaExceeded { limit, retry_after },
            quota::Error::RateLimited { retry_after } => Self::RateLimited(retry_after),
            quota::Error::Store(cause) => cause.into(),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotWritable(_) | store::Error::Unavailable(_) => {
                tracing::error!(cause = %error, "a request failed");
                Self::Unavailable
            }
            error => Self::internal(error),
        }
    }
}

impl From<catalogue::Error> for Failure {
    fn from(error: catalogue::Error) -> Self {
        use catalogue::Error as E;
        match error {
            E::InvalidInput { path, message } => Self::BadUserInput(format!("{path}: {message}")),
            E::NotFound => Self::BadUserInput(error.to_string()),
            E::Loading => Self::Overloaded,
            E::Inference(cause) => cause.into(),
            E::Store(cause) => cause.into(),
            E::Stopped(_) => Self::internal(error),
        }
    }
}

impl From<MatchError> for Failure {
    fn from(error: MatchError) -> Self {
        match error {
            MatchError::Document {
                error: DocumentError::Busy,
                ..
            } => Self::Overloaded,
            MatchError::Document { error: ref cause, .. } => Self::UnsupportedDocument {
                reason: cause.reason(),
                message: error.to_string(),
            },
            MatchError::Empty { .. } => Self::BadUserInput(error.to_string()),
            MatchError::Scoring(_) | MatchError::NotKept => Self::BadUserInput(format!("input.{error}")),
            MatchError::Inference(cause) => cause.into(),
            MatchError::Catalogue(cause) => cause.into(),
            MatchError::NoEncoder | MatchError::Vectors(_) | MatchError::Stopped(_) => Self::internal(error),
        }
    }
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
        E::NotFound => (Code::NotFound, vec!["input", "id"]),
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

const INTERNAL: &str = "INTERNAL";

/// Adds a code to an error without one.
#[must_use]
pub fn with_code(mut error: ServerError, code: &'static str) -> ServerError {
    let values = error.extensions.get_or_insert_default();
    if values.get("code").is_none() {
        values.set("code", code);
    }
    error
}

/// Gives every error a code, and removes internal details.
pub fn finish(response: &mut Response, request_id: &str) {
    for error in &mut response.errors {
        if let Some(failure) = error.source::<Failure>() {
            error.extensions = Some(failure.extensions());
        }
        let values = error.extensions.get_or_insert_default();
        if values.get("code").is_none() {
            // An error without a source is one of async-graphql about an argument or variable.
            let foreign = error.source.is_some();
            values.set("code", if foreign { INTERNAL } else { "BAD_USER_INPUT" });
            if foreign {
                tracing::error!(cause = %error.message, "a resolver failed");
                error.message = Failure::Internal.to_string();
            }
        }
        if values.get("code") == Some(&Value::from(INTERNAL)) {
            values.set("requestId", request_id);
        }
        metrics::error(values.get("code"));
    }
}

/// The path of a field in an error.
pub fn error_path(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path: Vec<_> = std::iter::once(node)
        .chain(node.parents())
        .map(|node| match node.segment {
            QueryPathSegment::Index(index) => PathSegment::Index(index),
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        })
        .collect();
    path.reverse();
    path
}
