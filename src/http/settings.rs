//! The settings of the transport.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::cookies::CookieNames;
use super::credentials::TokenHeader;
use super::tls::Certificates;
use crate::config::Config;

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

impl Settings {
    /// What the configuration says, and the defaults for the rest.
    ///
    /// # Errors
    /// For what is no header; `Config::load` has refused that already.
    pub fn of(config: &Config) -> Result<Self, http::Error> {
        let origins = config.cors_origins.iter().map(HeaderValue::try_from);
        Ok(Self {
            cors_origins: origins.collect::<Result<_, _>>()?,
            token: TokenHeader {
                name: HeaderName::try_from(&config.token_header)?,
                prefix: config.token_prefix.clone(),
            },
            cookies: CookieNames {
                access: config.access_cookie.clone(),
                refresh: config.refresh_cookie.clone(),
            },
            metrics: config.metrics_listen.is_none(),
            // Nothing that is typed into it would run.
            console: !config.trusted_documents_only,
            ..Self::default()
        })
    }
}
