//! Metrics of operations: counts by type and outcome, durations, and error codes.

use std::sync::LazyLock;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value};

use crate::metrics::{Recorder, metrics};

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

/// The metrics of one type of operation.
struct OfType {
    ok: Recorder,
    partial: Recorder,
    refused: Recorder,
}

impl OfType {
    fn new(name: &str) -> Self {
        let metrics = metrics();
        let outcome = |outcome| Recorder::new(&metrics.operations, &[name, outcome], &metrics.operation_seconds, name);
        Self {
            ok: outcome("ok"),
            partial: outcome("partial"),
            refused: outcome("refused"),
        }
    }

    fn of(kind: Option<OperationType>) -> &'static Self {
        static QUERY: LazyLock<OfType> = LazyLock::new(|| OfType::new("query"));
        static MUTATION: LazyLock<OfType> = LazyLock::new(|| OfType::new("mutation"));
        static SUBSCRIPTION: LazyLock<OfType> = LazyLock::new(|| OfType::new("subscription"));
        static UNKNOWN: LazyLock<OfType> = LazyLock::new(|| OfType::new("unknown"));
        match kind {
            Some(OperationType::Query) => &QUERY,
            Some(OperationType::Mutation) => &MUTATION,
            Some(OperationType::Subscription) => &SUBSCRIPTION,
            None => &UNKNOWN,
        }
    }
}

/// The timer of one operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OperationTimer(Instant);

impl OperationTimer {
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Records the response. Without a type, the operation is unknown.
    pub(crate) fn end(self, kind: Option<OperationType>, answer: &Response) {
        let metrics = OfType::of(kind);
        let outcome = if answer.errors.is_empty() {
            &metrics.ok
        } else if answer.data != Value::Null || answer.errors.iter().any(|error| !error.path.is_empty()) {
            &metrics.partial
        } else {
            &metrics.refused
        };
        outcome.record(self.0.elapsed().as_secs_f64());
    }

    /// Records the start of a subscription.
    pub(crate) fn goes_on(self) {
        OfType::of(Some(OperationType::Subscription)).ok.count();
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
