//! Middleware of every request: a request id, a log line, panic handling and security headers.
//!
//! Refused and failed requests are logged at `info` and `warn`. Successful requests are logged at `debug`, because at
//! thousands a second a line each takes a tenth of the time. `/metrics` counts all requests.

use std::convert::Infallible;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Map};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tower::{Service, ServiceExt as _};
use tracing::Instrument as _;

use super::peer::Peer;
use super::request_id::{REQUEST_ID, RequestId};
use super::response::{self, Problem};
use super::{console, host};
use crate::metrics::metrics;

/// The complete HTTP service. Cheap to clone.
#[derive(Clone)]
pub struct HttpService(Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>);

impl HttpService {
    pub(super) fn new<S, B>(inside: S) -> Self
    where
        S: Service<Request, Response = http::Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
        B: axum::body::HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        Self(Arc::new(move |request| Box::pin(wrap(request, inside.clone()))))
    }
}

impl fmt::Debug for HttpService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpService").finish_non_exhaustive()
    }
}

impl Service<Request> for HttpService {
    type Response = Response;
    type Error = Infallible;
    type Future = Map<BoxFuture<'static, Response>, fn(Response) -> Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        (self.0)(request).map(Ok)
    }
}

async fn wrap<S, B>(mut request: Request, inside: S) -> Response
where
    S: Service<Request, Response = http::Response<B>, Error = Infallible>,
    B: axum::body::HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    let id = RequestId::from_headers(request.headers());
    request.extensions_mut().insert(id.clone());
    let secure = request.extensions().get::<Peer>().is_some_and(Peer::is_secure);
    // Requests that no connection carried, such as those of tests, name no host.
    let connected = request.extensions().get::<Peer>().is_some();
    let named = if connected {
        host::check(request.version(), request.headers())
    } else {
        Ok(())
    };
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let span = tracing::info_span!("request", %id);
    async move {
        let start = Instant::now();
        let mut response = match named {
            Ok(()) => match AssertUnwindSafe(inside.oneshot(request)).catch_unwind().await {
                Ok(Ok(response)) => response.map(Body::new),
                Err(_) => {
                    tracing::error!("a handler panicked");
                    response::internal(&id)
                }
            },
            // A proxy in front may read the rest of the connection differently, so it is closed.
            Err(error) => Problem::new(StatusCode::BAD_REQUEST, error.to_string())
                .header(header::CONNECTION, "close")
                .into_response(),
        };
        set_headers(response.headers_mut(), &id, secure);
        let (route, status, took) = (route(uri.path()), response.status(), start.elapsed().as_secs_f64());
        metrics().requests.with_label_values(&[route, status.as_str()]).inc();
        metrics().request_seconds.with_label_values(&[route]).observe(took);
        // The query of a URL may contain a user's text, so only the path is logged.
        let path = uri.path();
        let path = path.get(..path.floor_char_boundary(100)).unwrap_or(path);
        let (status, milliseconds) = (status.as_u16(), took * 1_000.0);
        match status {
            ..400 => tracing::debug!(%method, path, status, milliseconds, "answered"),
            400..500 => tracing::info!(%method, path, status, milliseconds, "refused"),
            500.. => tracing::warn!(%method, path, status, milliseconds, "failed"),
        }
        response
    }
    .instrument(span)
    .await
}

/// The label of a path in the metrics.
fn route(path: &str) -> &'static str {
    match path {
        "/graphql" | "/graphql/" => "graphql",
        "/oauth/token" => "oauth_token",
        "/oauth/introspect" => "oauth_introspect",
        "/oauth/revoke" => "oauth_revoke",
        "/metrics" => "metrics",
        "/healthz" | "/readyz" => "health",
        "/schema.graphql" | "/.well-known/jwks.json" | "/.well-known/oauth-authorization-server" => "published",
        path if console::is_path(path) => "console",
        _ => "other",
    }
}

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

fn set_headers(headers: &mut HeaderMap, id: &RequestId, secure: bool) {
    if secure {
        // Browsers use only TLS for this host from now on (RFC 6797).
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Some(value) = id.header() {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    // The console sets its own policy, which allows its scripts.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
