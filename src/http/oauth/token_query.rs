//! Requests about a token, and the state of a token.

use std::net::SocketAddr;

use secrecy::SecretString;
use serde::Serialize;

/// A request to introspect or to revoke a token.
///
/// `token_type_hint` is read and ignored: each token shows its type.
#[derive(Debug)]
pub struct TokenQuery {
    /// The token that the request is about.
    pub token: SecretString,
    /// The credential of the client, unverified.
    pub client: Option<ClientCredential>,
    /// The remote end of the connection.
    pub peer: SocketAddr,
    /// The header `User-Agent`, if it is text.
    pub user_agent: Option<String>,
}

/// The credential of a client.
#[derive(Debug)]
pub enum ClientCredential {
    /// An API key as client secret (RFC 6749, 2.3.1).
    Secret(SecretString),
    /// An access token or an API key as bearer token (RFC 6750, 2.1).
    Bearer(SecretString),
}

/// An active token (RFC 7662, 2.2). An inactive one has no other properties.
#[derive(Debug, Serialize)]
pub struct TokenStatus {
    /// Always true.
    pub active: bool,
    /// The names of the permissions, separated by spaces.
    pub scope: String,
    /// The id of the client that obtained it.
    pub client_id: String,
    /// The username.
    pub username: String,
    /// `Bearer` for an access token or an API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// The time of expiry, in seconds since 1970.
    pub exp: i64,
    /// The time of issue, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// The id of the account.
    pub sub: String,
    /// The audience.
    pub aud: String,
    /// The issuer.
    pub iss: String,
    /// The id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}
