//! Responses of the OAuth endpoints: JSON that no cache stores.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

use super::super::response::INVALID_TOKEN;
use super::grant::Denial;

/// The challenge for client credentials (RFC 7617).
const BASIC: HeaderValue = HeaderValue::from_static("Basic realm=\"portcullis\", charset=\"UTF-8\"");
const SOON: HeaderValue = HeaderValue::from_static("1");

/// A response with a JSON body.
pub(super) fn json_answer(status: StatusCode, body: &impl Serialize) -> Response {
    (status, uncached(), Json(body)).into_response()
}

/// A response without a body.
pub(super) fn empty_answer() -> Response {
    (StatusCode::OK, uncached()).into_response()
}

fn uncached() -> [(HeaderName, HeaderValue); 2] {
    [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ]
}

/// The error response for a denial (RFC 6749, 5.2; RFC 6750, 3.1; RFC 7009, 2.2.1).
pub(super) fn denied(denial: Denial) -> Response {
    let (status, error, description, header): (_, _, _, Option<(HeaderName, HeaderValue)>) = match denial {
        Denial::InvalidRequest(status, text) => {
            let allow = (header::ALLOW, HeaderValue::from_static("POST"));
            let allow = (status == StatusCode::METHOD_NOT_ALLOWED).then_some(allow);
            (status, "invalid_request", text, allow)
        }
        Denial::InvalidClient(text) => (
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            text,
            Some((header::WWW_AUTHENTICATE, BASIC)),
        ),
        Denial::InvalidToken(text) => (
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            text,
            Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN))),
        ),
        Denial::InsufficientScope(text) => (StatusCode::FORBIDDEN, "insufficient_scope", text, None),
        Denial::InvalidGrant(text) => (StatusCode::BAD_REQUEST, "invalid_grant", text, None),
        Denial::InvalidScope(text) => (StatusCode::BAD_REQUEST, "invalid_scope", text, None),
        Denial::UnsupportedGrantType => (
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "supported grants: password, refresh_token, client_credentials".to_owned(),
            None,
        ),
        Denial::UnsupportedTokenType(text) => {
            (StatusCode::BAD_REQUEST, "unsupported_token_type", text.to_owned(), None)
        }
        Denial::SlowDown(wait) => {
            let seconds = wait.as_secs().max(1);
            (
                StatusCode::TOO_MANY_REQUESTS,
                "slow_down",
                format!("too many attempts; try again in {seconds} s"),
                Some((header::RETRY_AFTER, seconds.into())),
            )
        }
        Denial::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "temporarily_unavailable",
            "the server is busy; try again later".to_owned(),
            Some((header::RETRY_AFTER, SOON)),
        ),
        Denial::ServerError => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "something went wrong on the server".to_owned(),
            None,
        ),
    };
    let body = json!({ "error": error, "error_description": description });
    let mut response = json_answer(status, &body);
    response.headers_mut().extend(header);
    response
}
