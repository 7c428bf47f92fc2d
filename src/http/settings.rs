//! The settings of the transport.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::cookies::CookieNames;
use super::forwarded::TrustedProxies;
use super::tls::Certificates;
use super::token_header::TokenHeader;
use super::web_origin;
use crate::config::Config;

/// The settings of the transport, filled from `config`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origins whose pages may call this server from a browser, as browsers write them: `https://app.example.com`. If
    /// empty, CORS is disabled.
    pub cors_origins: Vec<HeaderValue>,
    /// The reverse proxies whose headers state the client of a request.
    pub trusted_proxies: TrustedProxies,
    /// Maximum length of a request body in bytes.
    pub body_limit: usize,
    /// Maximum time for receiving a body.
    pub body_timeout: Duration,
    /// Maximum number of concurrent operations on one WebSocket.
    pub socket_operations: usize,
    /// Maximum time until `connection_init` on a WebSocket.
    pub init_timeout: Duration,
    /// Maximum number of operations in a batch, at most [`Settings::MAX_BATCH`]; 0 disables batches.
    pub batch_limit: usize,
    /// Maximum time for receiving the head of the first request. The idle timeout bounds later ones.
    pub header_timeout: Duration,
    /// A connection without a request is closed after this time, or at the latest after twice this time.
    pub idle_timeout: Duration,
    /// Maximum number of open connections; further ones wait to be accepted.
    pub max_connections: usize,
    /// Maximum time for running requests to complete after the server is told to stop.
    pub drain_timeout: Duration,
    /// Whether the console is served.
    pub console: bool,
    /// The header that carries the token.
    pub token: TokenHeader,
    /// The cookies that carry tokens for a browser.
    pub cookies: CookieNames,
    /// The certificates for TLS; `None` disables TLS.
    pub tls: Option<Arc<Certificates>>,
    /// Whether `GET /metrics` is served here.
    pub metrics: bool,
    /// Maximum total memory of request bodies in bytes; the first bytes of each body are free.
    pub body_budget: usize,
}

impl Settings {
    /// The upper bound of `batch_limit`.
    pub const MAX_BATCH: usize = 10;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cors_origins: Vec::new(),
            trusted_proxies: TrustedProxies::default(),
            body_limit: 6 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            batch_limit: 0,
            socket_operations: 50,
            init_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            max_connections: 1_024,
            // Shutdown is promised within ten seconds; the last second is for flushing the store.
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

impl Settings {
    /// The settings of the configuration, and defaults for the rest.
    ///
    /// # Errors
    /// A name or an origin is not valid in a header; `Config::load` has refused it before.
    pub fn of(config: &Config) -> Result<Self, http::Error> {
        let division = config.division();
        let origins = config.transport.cors_origins.iter();
        let origins = origins.map(|origin| HeaderValue::try_from(web_origin::normalised(origin)));
        Ok(Self {
            cors_origins: origins.collect::<Result<_, _>>()?,
            trusted_proxies: TrustedProxies::new(&config.transport.trusted_proxies),
            token: TokenHeader {
                name: HeaderName::try_from(&config.tokens.token_header)?,
                prefix: config.tokens.token_prefix.clone(),
            },
            cookies: CookieNames {
                access: config.tokens.access_cookie.clone(),
                refresh: config.tokens.refresh_cookie.clone(),
            },
            metrics: config.transport.metrics_listen.is_none(),
            body_budget: division.bodies(),
            max_connections: division.connections(),
            // The console sends documents, which would be refused.
            console: !config.schema.trusted_documents_only,
            ..Self::default()
        })
    }
}
