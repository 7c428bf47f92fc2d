//! `POST /oauth/token`, the token endpoint of OAuth 2 (RFC 6749, 3.2), for clients without GraphQL. The grants are
//! `password`, `refresh_token` and, with an API key as client secret, `client_credentials`.
//!
//! Attempts count towards the same limits as `login`. A throttled client gets 429, `Retry-After` and the error
//! `slow_down`, which RFC 8628 registers for token endpoints; RFC 6749 itself has none.

mod form;
pub mod grant;
mod metadata;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use self::grant::{Denial, TokenRequest};
pub(super) use self::metadata::{keys, server};
use super::body::{self, BodyError};
use super::endpoint::Endpoint;
use super::handler_state::HandlerState;
use super::peer;

/// The limit of the form in bytes; a token request has a few hundred.
const FORM_LIMIT: usize = 16 * 1024;

/// The error response for a denial (RFC 6749, 5.2).
fn denied(denial: Denial) -> Response {
    let challenge = HeaderValue::from_static("Basic realm=\"portcullis\", charset=\"UTF-8\"");
    let soon = HeaderValue::from_static("1");
    let (status, error, description, header): (_, _, _, Option<(HeaderName, HeaderValue)>) = match denial {
        Denial::InvalidRequest(status, text) => (status, "invalid_request", text, None),
        Denial::InvalidClient(text) => (
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            text,
            Some((header::WWW_AUTHENTICATE, challenge)),
        ),
        Denial::InvalidGrant(text) => (StatusCode::BAD_REQUEST, "invalid_grant", text, None),
        Denial::UnsupportedGrantType => (
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "supported grants: password, refresh_token, client_credentials".to_owned(),
            None,
        ),
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
            Some((header::RETRY_AFTER, soon)),
        ),
        Denial::ServerError => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "something went wrong on the server".to_owned(),
            None,
        ),
    };
    let mut response = answer(status, &json!({ "error": error, "error_description": description }));
    response.headers_mut().extend(header);
    response
}

/// Handles every request to `/oauth/token`.
pub(super) async fn token<E: Endpoint>(State(state): State<Arc<HandlerState<E>>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        let denial = Denial::InvalidRequest(
            StatusCode::METHOD_NOT_ALLOWED,
            "token requests must use POST".to_owned(),
        );
        let mut response = denied(denial);
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let issued = async {
        let held = body::read(
            &parts.headers,
            body,
            FORM_LIMIT,
            state.settings.body_timeout,
            &state.bodies,
        )
        .await
        .map_err(|error| match error {
            BodyError::Busy => Denial::Unavailable,
            error => Denial::InvalidRequest(error.status(), error.to_string()),
        })?;
        let (grant, client) = form::read(&parts, &held.bytes)?;
        let request = TokenRequest {
            grant,
            client,
            peer: peer::address(&parts),
            user_agent: parts
                .headers
                .get(header::USER_AGENT)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        };
        state.endpoint.grant(request).await
    };
    match issued.await {
        Ok(issued) => {
            let mut body = json!({
                "access_token": issued.access.expose_secret(),
                "token_type": "Bearer",
                "expires_in": issued.expires_in,
            });
            if let Some(refresh) = &issued.refresh {
                body["refresh_token"] = refresh.expose_secret().into();
            }
            answer(StatusCode::OK, &body)
        }
        Err(denial) => denied(denial),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, Json(body)).into_response()
}
