//! The failures that the errors of the services become.

use super::failure::Failure;
use super::user_error::user_errors;
use crate::app::MatchError;
use crate::document::DocumentError;
use crate::{catalogue, identity, inference, quota, store};

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
                Ok(errors) => Self::internal(format_args!("the field has no payload for {errors:?}")),
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
