//! Middleware of every request: a request id, a log line, panic handling and security headers.
//!
//! Refused and failed requests are logged at `info` and `warn`. Successful requests are logged at `debug`, because at
//! thousands a second a line each takes a tenth of the time. `/metrics` counts all requests.

use std::convert::Infallible;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Map};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tower::Service;

use super::peer::Peer;
use super::request_id::{REQUEST_ID, RequestId};
use super::response::{self, Problem};
use super::{console, host};
use crate::log;
use crate::metrics::{Recorder, metrics};

/// The complete HTTP service. Cheap to clone.
#[derive(Clone)]
pub struct HttpService(Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>);

impl HttpService {
    /// The service that responds with `handler`. The handler is shared, not cloned for each request: all threads would
    /// write to the same reference counts.
    pub(super) fn new<F>(handler: impl Fn(Request) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response> + Send + 'static,
    {
        Self(Arc::new(move |request| wrap(request, &handler)))
    }

    /// Responds to a request.
    pub(super) fn respond(&self, request: Request) -> BoxFuture<'static, Response> {
        (self.0)(request)
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
        self.respond(request).map(Ok)
    }
}

fn wrap<F>(mut request: Request, handler: impl Fn(Request) -> F) -> BoxFuture<'static, Response>
where
    F: Future<Output = Response> + Send + 'static,
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
    let log_id = id.shared();
    let start = Instant::now();
    let handled = named.map(|()| handler(request));
    let work = async move {
        let mut response = match handled {
            Ok(work) => match AssertUnwindSafe(work).catch_unwind().await {
                Ok(response) => response,
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
        let (status, took) = (response.status(), start.elapsed().as_secs_f64());
        record(uri.path(), status, took);
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
    };
    Box::pin(log::of_request(log_id, work))
}

/// Counts a request. Most are successful GraphQL requests, whose labels are looked up once.
fn record(path: &str, status: StatusCode, seconds: f64) {
    static GRAPHQL: LazyLock<Recorder> = LazyLock::new(|| recorder("graphql", "200"));
    match route(path) {
        "graphql" if status == StatusCode::OK => GRAPHQL.record(seconds),
        route => recorder(route, status.as_str()).record(seconds),
    }
}

fn recorder(route: &str, status: &str) -> Recorder {
    let metrics = metrics();
    Recorder::new(&metrics.requests, &[route, status], &metrics.request_seconds, route)
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

/// The headers of a response that does not set them itself. The console sets a policy of its own, which allows its
/// scripts.
static DEFAULTS: LazyLock<HeaderMap> = LazyLock::new(|| {
    let headers = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "no-store"),
    ];
    let headers = headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    headers.into_iter().collect()
});

fn set_headers(headers: &mut HeaderMap, id: &RequestId, secure: bool) {
    // Copying the map of all defaults is faster than inserting each.
    let own = std::mem::replace(headers, DEFAULTS.clone());
    headers.extend(own);
    if secure {
        // Browsers use only TLS for this host from now on (RFC 6797).
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Some(value) = id.header() {
        headers.insert(REQUEST_ID, value);
    }
}
