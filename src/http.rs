//! The transport: it turns HTTP into calls of an [`Endpoint`] and back. It makes no decisions about accounts or models.
//!
//! `portcullis serve` binds a listener and lets [`serve`] answer on it until a [`shutdown_signal`] arrives; tests call the
//! [`router()`] directly, without sockets.

mod body;
mod connection;
mod console;
mod content_type;
mod cookies;
mod credentials;
mod endpoint;
mod etag;
mod forwarded;
mod gateway;
mod graphql;
mod handler_state;
mod health;
mod host;
mod middleware;
mod negotiation;
pub mod oauth;
mod origin;
mod parameters;
mod peer;
mod refusal_delay;
mod request_id;
mod response;
mod router;
mod schema_file;
mod server;
mod settings;
mod sse;
mod tls;
mod token_header;
mod web_origin;
mod ws;

pub use self::cookies::CookieNames;
pub use self::endpoint::{Credentials, Endpoint, Refusal, SchemaRefusal, SchemaRoles};
pub use self::forwarded::TrustedProxies;
pub use self::middleware::HttpService;
pub use self::request_id::RequestId;
pub use self::router::router;
pub use self::server::{serve, serve_metrics, shutdown_signal};
pub use self::settings::Settings;
pub use self::tls::{Certificates, TlsError};
pub use self::token_header::TokenHeader;

#[cfg(test)]
mod tests;
