//! Grants: what a client offers for a token, and what it gets (RFC 6749).

use std::net::SocketAddr;
use std::time::Duration;

use http::StatusCode;
use secrecy::SecretString;

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
pub struct IssuedTokens {
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
    /// A 400 with this description.
    pub(super) fn malformed(description: &str) -> Self {
        Self::InvalidRequest(StatusCode::BAD_REQUEST, description.to_owned())
    }
}
