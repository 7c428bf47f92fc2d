//! `POST /oauth/token`, the token endpoint of OAuth 2 (RFC 6749, 3.2), for clients that speak no GraphQL. The grants are
//! `password`, `refresh_token` and, with an API key as the client's secret, `client_credentials`.
//!
//! It counts against the same limits as `login`. A client that must wait gets 429, `Retry-After` and the error
//! `slow_down`, the one that RFC 8628 registers for token endpoints; RFC 6749 itself has none for that.

mod form;
mod metadata;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

pub(super) use self::metadata::{keys, server};
use super::body::BodyError;
use super::{Endpoint, Site, body, credentials};

/// Bytes of a form; a token request has some hundred.
const FORM_LIMIT: usize = 16 * 1024;

/// A well-formed token request.
#[derive(Debug)]
pub struct TokenRequest {
    /// What the client offers for a token.
    pub grant: Grant,
    /// The API key that the client has shown to authenticate itself, beside another grant.
    pub client: Option<SecretString>,
    /// The other end of the connection.
    pub peer: SocketAddr,
    /// The header `User-Agent`, where it is text.
    pub user_agent: Option<String>,
}

/// What a client offers for a token.
#[derive(Debug)]
pub enum Grant {
    /// Name and password of an account (RFC 6749, 4.3).
    Password {
        /// The name.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// The refresh token of a session (RFC 6749, 6).
    RefreshToken(SecretString),
    /// An API key (RFC 6749, 4.4).
    ClientCredentials(SecretString),
}

/// A successful answer (RFC 6749, 5.1).
#[derive(Debug)]
pub struct Issued {
    /// The access token; its type is `Bearer`.
    pub access: SecretString,
    /// For how many seconds it is valid.
    pub expires_in: u32,
    /// Gets the next one; an API key needs none.
    pub refresh: Option<SecretString>,
}

/// An error answer (RFC 6749, 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// The request is malformed: 400, or the status that HTTP has for it.
    InvalidRequest(StatusCode, String),
    /// The client's own secret is wrong: 401.
    InvalidClient(String),
    /// Password, refresh token or account are not accepted: 400.
    InvalidGrant(String),
    /// There is no such grant here: 400.
    UnsupportedGrantType,
    /// Too many attempts: 429; the next will be heard after this time.
    SlowDown(Duration),
    /// The server is busy: 503.
    Unavailable,
    /// Something failed that never should: 500.
    ServerError,
}

impl Denial {
    /// 400 with these words.
    pub(super) fn malformed(description: &str) -> Self {
        Self::InvalidRequest(StatusCode::BAD_REQUEST, description.to_owned())
    }

    fn into_response(self) -> Response {
        let challenge = HeaderValue::from_static("Basic realm=\"portcullis\", charset=\"UTF-8\"");
        let soon = HeaderValue::from_static("1");
        let (status, error, description, header): (_, _, _, Option<(HeaderName, HeaderValue)>) = match self {
            Self::InvalidRequest(status, text) => (status, "invalid_request", text, None),
            Self::InvalidClient(text) => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                text,
                Some((header::WWW_AUTHENTICATE, challenge)),
            ),
            Self::InvalidGrant(text) => (StatusCode::BAD_REQUEST, "invalid_grant", text, None),
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "the grants here are password, refresh_token and client_credentials".to_owned(),
                None,
            ),
            Self::SlowDown(wait) => {
                let seconds = wait.as_secs().max(1);
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    "slow_down",
                    format!("too many attempts; try again in {seconds} s"),
                    Some((header::RETRY_AFTER, seconds.into())),
                )
            }
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "the server is busy; try again soon".to_owned(),
                Some((header::RETRY_AFTER, soon)),
            ),
            Self::ServerError => (
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
}

/// Answers whatever comes to `/oauth/token`.
pub(super) async fn token<E: Endpoint>(State(site): State<Arc<Site<E>>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        let denial = Denial::InvalidRequest(StatusCode::METHOD_NOT_ALLOWED, "token requests come by POST".to_owned());
        let mut response = denial.into_response();
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
            site.settings.body_timeout,
            &site.bodies,
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
            peer: credentials::peer(&parts),
            user_agent: parts
                .headers
                .get(header::USER_AGENT)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        };
        site.endpoint.grant(request).await
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
        Err(denial) => denial.into_response(),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, Json(body)).into_response()
}
