//! The transport: it turns HTTP into calls of an [`Endpoint`] and back, and decides nothing about accounts or models.
//!
//! `portcullis serve` binds a listener and lets [`serve`] answer on it until a [`shutdown_signal`] comes; tests call the
//! [`router`] directly, without sockets.

mod answer;
mod body;
mod connection;
mod console;
mod cookies;
mod credentials;
mod envelope;
mod gateway;
mod graphql;
mod health;
mod negotiation;
pub mod oauth;
mod origin;
mod parameters;
mod server;
mod sse;
mod tls;
mod ws;

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, TryFutureExt as _};
use http::{HeaderValue, Method, Request, header};
use tower::{Layer as _, ServiceExt as _};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};

use self::oauth::{Denial, Issued, TokenRequest};
use crate::graphql::cookies::Cookies;

pub use cookies::CookieNames;
pub use credentials::TokenHeader;
pub use envelope::{Enveloped, RequestId};
pub use server::{serve, serve_metrics, shutdown_signal};
pub use tls::{Certificates, TlsError};

/// What the transport may be told. Plain data: `config` fills it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origins whose pages may call this server from a browser, such as `https://app.example.com`. None: CORS is off.
    pub cors_origins: Vec<HeaderValue>,
    /// Bytes of a request body.
    pub body_limit: usize,
    /// How long a client may take to send a body.
    pub body_timeout: Duration,
    /// How many operations one WebSocket may run at once.
    pub socket_operations: usize,
    /// How long a client may take to introduce itself on a WebSocket.
    pub init_timeout: Duration,
    /// How many operations one batch may hold, at most [`Settings::MAX_BATCH`]; 0 refuses batches.
    pub batch_limit: usize,
    /// How long a client may take to send the head of its first request; until that of a later one is whole, the connection
    /// idles.
    pub header_timeout: Duration,
    /// A connection without a request for this long is closed (at the latest after twice the time).
    pub idle_timeout: Duration,
    /// Connections open at once; further ones wait to be accepted.
    pub max_connections: usize,
    /// How long requests that run may still take once the server is told to stop.
    pub drain_timeout: Duration,
    /// Whether `GET /` serves the console.
    pub console: bool,
    /// The header that carries a token.
    pub token: TokenHeader,
    /// The cookies that carry tokens for a browser.
    pub cookies: CookieNames,
    /// What TLS is spoken with; without it, none is.
    pub tls: Option<Arc<Certificates>>,
    /// Whether `GET /metrics` is answered here.
    pub metrics: bool,
    /// Bytes of request bodies that are held at once, all requests together; the first few of each are free.
    pub body_budget: usize,
}

impl Settings {
    /// No batch is longer, whatever the configuration says.
    pub const MAX_BATCH: usize = 10;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cors_origins: Vec::new(),
            body_limit: 6 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            batch_limit: 0,
            socket_operations: 50,
            init_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            max_connections: 1_024,
            // Ten seconds are promised; the last one is for flushing the store.
            drain_timeout: Duration::from_secs(9),
            console: true,
            token: TokenHeader::default(),
            cookies: CookieNames::default(),
            tls: None,
            metrics: true,
            body_budget: 256 * 1024 * 1024,
        }
    }
}

/// What a request says about its sender.
#[derive(Clone)]
pub struct Credentials<'a> {
    /// The token, of the header or else of the cookie.
    pub bearer: Option<&'a str>,
    /// Whether it came by a cookie.
    pub from_cookie: bool,
    /// The cookies as the operation may use and change them; `None` where the answer cannot set any.
    pub cookies: Option<Arc<Cookies>>,
    /// The other end of the connection.
    pub peer: SocketAddr,
    /// The header `User-Agent`, where it is text.
    pub user_agent: Option<&'a str>,
    /// Whether `x-portcullis-cost: 1` was sent.
    pub wants_cost: bool,
    /// The id that the log and the answer know the request by.
    pub request_id: &'a RequestId,
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("bearer", &self.bearer.map(|_| "..."))
            .field("peer", &self.peer)
            .field("user_agent", &self.user_agent)
            .field("wants_cost", &self.wants_cost)
            .field("request_id", &self.request_id)
            .finish()
    }
}

/// Why a whole request is refused before it runs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The token is bad, expired or revoked: 401 and `UNAUTHENTICATED`.
    #[error("{0}")]
    InvalidToken(String),
    /// A page that may not do so made a browser send it: 403 and `FORBIDDEN`.
    #[error("{0}")]
    Forbidden(String),
    /// Who is asking cannot be found out right now: 503 and `OVERLOADED`.
    #[error("{0}")]
    Unavailable(String),
}

/// What stands behind the transport.
pub trait Endpoint: Send + Sync + 'static {
    /// Who asks, as the endpoint knows it.
    type Caller: Clone + Send + Sync + 'static;

    /// Finds out who asks; no token is a caller too.
    ///
    /// # Errors
    /// The request must not run at all.
    fn authenticate(&self, credentials: Credentials<'_>) -> impl Future<Output = Result<Self::Caller, Refusal>> + Send;

    /// Puts the text of the document that the request names into the request, where it names one.
    ///
    /// # Errors
    /// It cannot run; [`execute`](Self::execute) says the same.
    fn find_document(&self, request: &mut async_graphql::Request) -> Result<(), async_graphql::ServerError>;

    /// Runs one operation. Its document may have been found and parsed already.
    /// An answer without data whose errors all lack a path counts as a request that never ran.
    fn execute(
        &self,
        request: async_graphql::Request,
        caller: Self::Caller,
    ) -> impl Future<Output = async_graphql::Response> + Send;

    /// Runs one operation of any kind, with any number of answers. One that never ran, as above, is the last.
    fn execute_stream(
        &self,
        request: async_graphql::Request,
        caller: Self::Caller,
    ) -> BoxStream<'static, async_graphql::Response>;

    /// Completes when the caller is not to be answered any more, because its token has expired or its session is over.
    fn ended(&self, caller: Self::Caller) -> BoxFuture<'static, ()>;

    /// Gives a token for what a client offers (RFC 6749).
    ///
    /// # Errors
    /// It gets none.
    fn grant(&self, request: TokenRequest) -> impl Future<Output = Result<Issued, Denial>> + Send;

    /// The JWK Set that access tokens are verified with.
    fn public_keys(&self) -> serde_json::Value;

    /// The claim `iss` of access tokens.
    fn issuer(&self) -> String;

    /// The schema in its definition language; `None` where it must stay hidden.
    fn sdl(&self) -> Option<&str>;

    /// Whether a request would be answered now.
    ///
    /// # Errors
    /// What is missing, in words for an operator.
    fn ready(&self) -> impl Future<Output = Result<(), String>> + Send;
}

/// The other end of the connection that a request came by.
#[derive(Debug, Clone, Copy)]
struct Peer {
    address: SocketAddr,
    /// Whether the connection is inside TLS.
    secure: bool,
}

/// What every handler shares.
struct Site<E> {
    endpoint: E,
    bodies: body::Budget,
    settings: Settings,
}

/// Everything the server answers, with what every answer gets: id, log line, security headers, compression, CORS.
///
/// Compression tells by its length what secret and guess have in common (BREACH, CVE-2013-3587), to whoever can make a
/// victim's browser send guesses and see the lengths. No page of another origin can send a request here that counts as
/// its victim's: tokens travel in a header, and cookies are `SameSite=Strict` and count only beside a header of our own.
/// So GraphQL is compressed; the answers of `/oauth/token`, which are secrets through and through, are not.
pub fn router<E: Endpoint>(endpoint: E, settings: Settings) -> Enveloped {
    let cors = cors(&settings);
    let pages = if settings.console {
        console::router()
    } else {
        Router::new()
    };
    let told = if settings.metrics {
        metrics_router()
    } else {
        Router::new()
    };
    let site = Arc::new(Site {
        endpoint,
        bodies: body::Budget::new(settings.body_budget),
        settings,
    });
    let packing = CompressionLayer::new()
        .quality(tower_http::CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(1_024)));
    let secret = Router::new()
        .route("/oauth/token", any(oauth::token::<E>))
        .with_state(Arc::clone(&site));
    let others = Router::new()
        .route("/.well-known/jwks.json", get(oauth::keys::<E>))
        .route("/.well-known/oauth-authorization-server", get(oauth::server::<E>))
        .route("/schema.graphql", get(health::schema::<E>))
        .route("/readyz", get(health::ready::<E>))
        .route("/healthz", get(health::live))
        .with_state(Arc::clone(&site))
        .merge(pages)
        .merge(told)
        .fallback(health::not_found)
        .layer(packing.clone())
        .merge(secret);
    let answer = move |request| -> BoxFuture<'static, Result<Response, Infallible>> {
        Box::pin(graphql::handle(Arc::clone(&site), request).map(Ok))
    };
    let packed = packing.layer(tower::service_fn(answer.clone()));
    // Most requests are for one path, and a router takes longer to find it than to look; many take no packed answer.
    let all = tower::service_fn(
        move |request: Request<Body>| -> BoxFuture<'static, Result<Response, Infallible>> {
            if request.uri().path() != "/graphql" {
                Box::pin(others.clone().oneshot(request))
            } else if request.headers().contains_key(header::ACCEPT_ENCODING) {
                Box::pin(packed.clone().oneshot(request).map_ok(IntoResponse::into_response))
            } else {
                answer(request)
            }
        },
    );
    match cors {
        Some(cors) => Enveloped::new(cors.layer(all)),
        None => Enveloped::new(all),
    }
}

/// What `GET /metrics` is answered by.
fn metrics_router() -> Router {
    Router::new().route("/metrics", get(health::metrics))
}

fn cors(settings: &Settings) -> Option<CorsLayer> {
    if settings.cors_origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(settings.cors_origins.clone()))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            envelope::REQUEST_ID,
            credentials::COST,
            credentials::CSRF,
            settings.token.name.clone(),
        ])
        .expose_headers([envelope::REQUEST_ID, header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .allow_credentials(true)
        .max_age(Duration::from_secs(600));
    Some(layer)
}

#[cfg(test)]
mod tests;
