//! Failures of access and of the system.

use std::time::Duration;

use async_graphql::extensions::ResolveInfo;
use async_graphql::{Error, ErrorExtensionValues, ServerError};

use super::{INTERNAL, error_path};
use crate::access::{Decision, Permission};
use crate::identity;

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

    pub(super) fn extensions(&self) -> ErrorExtensionValues {
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
