//! Grants and their results (RFC 6749).

use std::net::SocketAddr;
use std::time::Duration;

use http::StatusCode;
use secrecy::SecretString;

/// A well-formed token request.
#[derive(Debug)]
pub struct TokenRequest {
    /// The grant.
    pub grant: Grant,
    /// The API key with which the client authenticates itself in addition to the grant.
    pub client: Option<SecretString>,
    /// The parameter `scope`.
    pub scope: Option<String>,
    /// The remote end of the connection.
    pub peer: SocketAddr,
    /// The header `User-Agent`, if it is text.
    pub user_agent: Option<String>,
}

/// A grant: what a client presents to obtain a token.
#[derive(Debug)]
pub enum Grant {
    /// Username and password of an account (RFC 6749, 4.3).
    Password {
        /// The username.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// The refresh token of a session (RFC 6749, 6).
    RefreshToken(SecretString),
    /// An API key (RFC 6749, 4.4).
    ClientCredentials(SecretString),
}

/// A successful response (RFC 6749, 5.1).
#[derive(Debug)]
pub struct IssuedTokens {
    /// The access token, of type `Bearer`.
    pub access: SecretString,
    /// The lifetime in seconds.
    pub expires_in: u32,
    /// The refresh token; none for an API key.
    pub refresh: Option<SecretString>,
    /// The scope of the access token; `None` if it is not limited.
    pub scope: Option<String>,
}

/// An error response (RFC 6749, 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// The request is malformed: 400, or the status that HTTP has for it.
    InvalidRequest(StatusCode, String),
    /// The client secret is wrong: 401.
    InvalidClient(String),
    /// The bearer token is invalid: 401.
    InvalidToken(String),
    /// The client lacks a permission: 403.
    InsufficientScope(String),
    /// The scope is unknown, malformed or exceeds what may be granted: 400.
    InvalidScope(String),
    /// Tokens of this type cannot be revoked: 400, with what ends them.
    UnsupportedTokenType(&'static str),
    /// The password, refresh token or account is not accepted: 400.
    InvalidGrant(String),
    /// The grant type is not supported: 400.
    UnsupportedGrantType,
    /// Too many attempts: 429, with the time to wait.
    SlowDown(Duration),
    /// The server is busy: 503.
    Unavailable,
    /// An internal error: 500.
    ServerError,
}

impl Denial {
    /// A 400 with this description.
    pub(super) fn malformed(description: &str) -> Self {
        Self::InvalidRequest(StatusCode::BAD_REQUEST, description.to_owned())
    }
}
