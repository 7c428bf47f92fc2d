//! What every request and every answer gets, whoever handles it: an id, a line in the log, the guard against panics and
//! the security headers.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tracing::Instrument as _;

use super::{Peer, answer};
use crate::metrics::metrics;

/// Carries the id of a request, both ways.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request in the answer, in `INTERNAL` errors and in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The sender's own id where it is one short word, so that a log can be followed across services; else a new one.
    fn of(headers: &HeaderMap) -> Self {
        headers
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|text| (1..=64).contains(&text.len()))
            .filter(|text| {
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            })
            .map_or_else(Self::default, |text| Self(text.into()))
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }
}

impl AsRef<str> for RequestId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The query of a URL may hold a user's text, so the log has the path only.
pub(super) async fn wrap(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let route = route(request.uri().path());
    let secure = request.extensions().get::<Peer>().is_some_and(|peer| peer.secure);
    let path: String = request.uri().path().chars().take(100).collect();
    let span = tracing::info_span!("request", %id, method = %request.method(), path);
    async move {
        let start = Instant::now();
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let mut response = answered.unwrap_or_else(|_| {
            tracing::error!("a handler panicked");
            answer::internal(&id)
        });
        set_headers(response.headers_mut(), &id, secure);
        let (status, took) = (response.status(), start.elapsed().as_secs_f64());
        metrics().requests.with_label_values(&[route, status.as_str()]).inc();
        metrics().request_seconds.with_label_values(&[route]).observe(took);
        tracing::info!(status = status.as_u16(), milliseconds = took * 1_000.0, "answered");
        response
    }
    .instrument(span)
    .await
}

/// What a path is counted as.
fn route(path: &str) -> &'static str {
    match path {
        "/graphql" => "graphql",
        "/oauth/token" => "oauth_token",
        "/metrics" => "metrics",
        "/healthz" | "/readyz" => "health",
        "/schema.graphql" | "/.well-known/jwks.json" | "/.well-known/oauth-authorization-server" => "published",
        "/" => "console",
        path if path.starts_with("/console/") => "console",
        _ => "other",
    }
}

fn set_headers(headers: &mut HeaderMap, id: &RequestId, secure: bool) {
    if secure {
        // A browser that was here once comes back by TLS only (RFC 6797).
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, value);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // The console sets its own, which lets it run its scripts.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
