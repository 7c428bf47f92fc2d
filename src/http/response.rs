//! Responses: serialization, and the status codes of GraphQL over HTTP (September 2026, "Status Codes").

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, ServerError, Value};
use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::endpoint::Refusal;
use super::negotiation::Media;
use super::request_id::RequestId;

/// A request that is refused at the HTTP level.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem the client can correct: `BAD_USER_INPUT`.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            code: "BAD_USER_INPUT",
            message: message.into(),
            headers: Vec::new(),
        }
    }

    pub(super) fn code(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    pub(super) fn header(self, name: HeaderName, value: &'static str) -> Self {
        self.with(name, HeaderValue::from_static(value))
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Whether the credentials of the request are the problem.
    pub(super) fn is_unauthenticated(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = from_error(self.status, refused(self.code, self.message));
        response.headers_mut().extend(self.headers);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::InvalidToken(message) => Self::new(StatusCode::UNAUTHORIZED, message)
                .code("UNAUTHENTICATED")
                .header(header::WWW_AUTHENTICATE, INVALID_TOKEN),
            Refusal::Forbidden(message) => Self::new(StatusCode::FORBIDDEN, message).code("FORBIDDEN"),
            Refusal::Unavailable(message) => Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
                .code("UNAVAILABLE")
                .header(header::RETRY_AFTER, "1"),
        }
    }
}

/// The response to an internal error: a request id, and nothing of the cause.
pub(super) fn internal(id: &RequestId) -> Response {
    let mut failure = refused("INTERNAL", "Something went wrong on the server.".to_owned());
    if let Some(extensions) = &mut failure.extensions {
        extensions.set("requestId", id.to_string());
    }
    from_error(StatusCode::INTERNAL_SERVER_ERROR, failure)
}

/// The response to one operation.
pub(super) fn single(answer: &async_graphql::Response, media: Media) -> Response {
    let ran = has_run(answer);
    let status = match (ran, media) {
        (false, _) => refused_status(&answer.errors),
        // Only with the media type that defines this status.
        (true, Media::GraphqlResponse) if !answer.errors.is_empty() => PARTIAL_SUCCESS,
        (true, _) => StatusCode::OK,
    };
    // With plain JSON, a client cannot distinguish our errors from those of a proxy.
    let media = if status.is_success() {
        media
    } else {
        Media::GraphqlResponse
    };
    let mut response = from_json(status, media, &Document::of(answer));
    if let Some(seconds) = retry_after(answer).filter(|_| !ran) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    if status == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN));
    }
    response.headers_mut().extend(answer.http_headers.clone());
    response
}

/// The challenge for an invalid access token (RFC 6750, 3).
pub(super) const INVALID_TOKEN: &str = "Bearer error=\"invalid_token\"";

/// The responses of a batch, in input order. A list is not a GraphQL response, so it is plain JSON.
pub(super) fn batch(answers: &[async_graphql::Response]) -> Response {
    let documents: Vec<_> = answers.iter().map(Document::of).collect();
    let mut response = from_json(StatusCode::OK, Media::Json, &documents);
    for answer in answers {
        response.headers_mut().extend(answer.http_headers.clone());
    }
    response
}

/// "294 Partial Success": both data and errors.
const PARTIAL_SUCCESS: StatusCode = match StatusCode::from_u16(294) {
    Ok(status) => status,
    Err(_) => StatusCode::OK,
};

/// A GraphQL response as specified: without `data` if the operation was not executed.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a BTreeMap<String, Value>>,
}

impl<'a> Document<'a> {
    pub(super) fn of(answer: &'a async_graphql::Response) -> Self {
        Self {
            errors: &answer.errors,
            data: has_run(answer).then_some(&answer.data),
            extensions: Some(&answer.extensions).filter(|extensions| !extensions.is_empty()),
        }
    }
}

/// Whether the operation was executed: an error of a field has a path, an error of the request has none.
pub(super) fn has_run(answer: &async_graphql::Response) -> bool {
    answer.data != Value::Null || answer.errors.iter().any(|error| !error.path.is_empty())
}

fn refused_status(errors: &[ServerError]) -> StatusCode {
    match errors.first().and_then(code) {
        Some("GRAPHQL_PARSE_FAILED") => StatusCode::BAD_REQUEST,
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN" | "PERSISTED_QUERY_ID_REQUIRED") => StatusCode::FORBIDDEN,
        Some("RATE_LIMITED" | "QUOTA_EXCEEDED") => StatusCode::TOO_MANY_REQUESTS,
        Some("OVERLOADED" | "TIMEOUT" | "UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// `extensions.retryAfter` of the first error, in whole seconds.
fn retry_after(answer: &async_graphql::Response) -> Option<HeaderValue> {
    match answer.errors.first()?.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => {
            let seconds = seconds.as_f64()?.ceil();
            HeaderValue::from_str(&format!("{seconds:.0}")).ok()
        }
        _ => None,
    }
}

/// The error of a request that is not executed.
pub(super) fn refused(code: &'static str, message: String) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    let mut error = ServerError::new(message, None);
    error.extensions = Some(extensions);
    error
}

fn from_error(status: StatusCode, error: ServerError) -> Response {
    let answer = async_graphql::Response::from_errors(vec![error]);
    from_json(status, Media::GraphqlResponse, &Document::of(&answer))
}

fn from_json(status: StatusCode, media: Media, document: &impl Serialize) -> Response {
    let (status, bytes) = match serde_json::to_vec(document) {
        Ok(bytes) => (status, bytes),
        Err(error) => {
            tracing::error!(%error, "failed to serialize the response");
            (StatusCode::INTERNAL_SERVER_ERROR, Vec::new())
        }
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    response
}
