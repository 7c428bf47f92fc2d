//! Metrics of operations: counts by type and outcome, durations, and error codes.

use std::time::Instant;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value};

use crate::metrics::metrics;

/// All error codes; others are counted under one label.
const CODES: [&str; 14] = [
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_COMPLEX",
    "RATE_LIMITED",
    "QUOTA_EXCEEDED",
    "OVERLOADED",
    "TIMEOUT",
    "UNAVAILABLE",
    "MODEL_NOT_FOUND",
    "UNSUPPORTED_DOCUMENT",
    "INTERNAL",
];

/// The timer of one operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OperationTimer(Instant);

impl OperationTimer {
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Records the response. Without a type, the operation is unknown.
    pub(crate) fn end(self, kind: Option<OperationType>, answer: &Response) {
        let outcome = if answer.errors.is_empty() {
            "ok"
        } else if answer.data != Value::Null || answer.errors.iter().any(|error| !error.path.is_empty()) {
            "partial"
        } else {
            "refused"
        };
        let kind = name(kind);
        metrics().operations.with_label_values(&[kind, outcome]).inc();
        metrics()
            .operation_seconds
            .with_label_values(&[kind])
            .observe(self.0.elapsed().as_secs_f64());
    }

    /// Records the start of a subscription.
    pub(crate) fn goes_on(self) {
        let kind = name(Some(OperationType::Subscription));
        metrics().operations.with_label_values(&[kind, "ok"]).inc();
    }
}

fn name(kind: Option<OperationType>) -> &'static str {
    match kind {
        Some(OperationType::Query) => "query",
        Some(OperationType::Mutation) => "mutation",
        Some(OperationType::Subscription) => "subscription",
        None => "unknown",
    }
}

/// Counts an error.
pub(crate) fn error(code: Option<&Value>) {
    let code = match code {
        Some(Value::String(code)) => CODES.into_iter().find(|known| known == code),
        _ => None,
    };
    metrics().errors.with_label_values(&[code.unwrap_or("OTHER")]).inc();
}
