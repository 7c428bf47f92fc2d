//! Errors as clients see them. All errors are mapped here.
//!
//! Rules:
//! - A problem that the client can correct in its input is a [`UserError`] in the payload.
//! - Access and system failures are GraphQL errors whose `extensions.code` is that of a [`Failure`].
//! - Internal details are reported as `INTERNAL` with the request id; the log has the cause under the same id.
//! - An error without a code is `INTERNAL`, except errors of async-graphql about arguments.

mod causes;
mod failure;
mod user_error;

use async_graphql::{PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError, Value};

pub use self::failure::Failure;
pub use self::user_error::{UserError, UserErrorCode, argument_errors, job_errors, user_errors};
use super::request::metrics;

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
