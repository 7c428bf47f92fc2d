//! The application, as the transport calls it: an [`Endpoint`] that authenticates and executes requests.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::oauth::grant::{Denial, IssuedTokens, TokenRequest};
use super::oauth::token_query::{TokenQuery, TokenStatus};
use super::request_id::RequestId;
use crate::graphql::cookies::Cookies;

/// The credentials of a request, unverified.
#[derive(Clone)]
pub struct Credentials<'a> {
    /// The token, from the header or else the cookie.
    pub bearer: Option<&'a str>,
    /// Whether the token comes from a cookie.
    pub from_cookie: bool,
    /// Whether the request has only the cookie of the refresh token, because that of the access token has expired.
    pub access_expired: bool,
    /// The cookies that the operation may read and change; `None` if the response cannot set cookies.
    pub cookies: Option<Arc<Cookies>>,
    /// The remote end of the connection.
    pub peer: SocketAddr,
    /// The header `User-Agent`, if it is text.
    pub user_agent: Option<&'a str>,
    /// Whether `x-portcullis-cost: 1` was sent.
    pub wants_cost: bool,
    /// The id of the request in the log and in the response.
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

/// The refusal of a whole request before it is executed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The token is invalid, expired or revoked: 401 and `UNAUTHENTICATED`.
    #[error("{0}")]
    InvalidToken(String),
    /// A browser sent the request for a page of a foreign origin: 403 and `FORBIDDEN`.
    #[error("{0}")]
    Forbidden(String),
    /// The caller cannot be authenticated at the moment: 503 and `UNAVAILABLE`.
    #[error("{0}")]
    Unavailable(String),
}

/// The callers for whom a part of the schema is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaRoles {
    /// The caller of the request.
    Mine,
    /// Callers with all of these roles.
    Named(Vec<String>),
}

/// The refusal to print the part of the schema that a role may use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaRefusal {
    /// The caller is not signed in: 401 and `UNAUTHENTICATED`.
    #[error("role=mine needs the token of a signed-in caller.")]
    SignInRequired,
    /// A role does not exist, or the caller may not know it: 400 and `BAD_USER_INPUT`. Contains the roles that the
    /// caller may name.
    #[error("{0}")]
    UnknownRole(String),
    /// The roles or the schema cannot be read at the moment: 503 and `UNAVAILABLE`.
    #[error("The server cannot print the schema of a role at the moment; try again later.")]
    Unavailable,
}

/// The product behind the transport.
pub trait Endpoint: Send + Sync + 'static {
    /// The authenticated caller.
    type Caller: Clone + Send + Sync + 'static;

    /// Authenticates a request. A request without a token has a caller too.
    ///
    /// # Errors
    /// The request must not be executed.
    fn authenticate(&self, credentials: Credentials<'_>) -> impl Future<Output = Result<Self::Caller, Refusal>> + Send;

    /// The type of the operation that the request runs. `None` if the document is unknown, does not parse or leaves open
    /// which operation runs; [`execute`](Self::execute) then reports the error.
    fn operation_type(&self, request: &mut async_graphql::Request) -> Option<OperationType>;

    /// Whether the operation only registers, signs in, refreshes or signs out, which requires no valid access token.
    /// False if the document is unknown or does not parse.
    fn manages_session(&self, request: &mut async_graphql::Request) -> bool;

    /// Whether the operation only registers, signs in or refreshes, which a guest may do. False if the document is
    /// unknown or does not parse.
    fn opens_session(&self, request: &mut async_graphql::Request) -> bool;

    /// Executes one operation. The document may already be parsed. A response without data, all of whose errors lack a
    /// path, counts as a request that was not executed.
    fn execute(
        &self,
        request: async_graphql::Request,
        caller: Self::Caller,
    ) -> impl Future<Output = async_graphql::Response> + Send;

    /// Executes one operation of any type, with any number of responses. A response that was not executed, as above, is
    /// the last.
    fn execute_stream(
        &self,
        request: async_graphql::Request,
        caller: Self::Caller,
    ) -> BoxStream<'static, async_graphql::Response>;

    /// Completes when the caller's token expires, its session ends or can no longer be verified, with the reason.
    fn ended(&self, caller: Self::Caller) -> BoxFuture<'static, Refusal>;

    /// Issues a token for a grant (RFC 6749).
    ///
    /// # Errors
    /// The grant is refused.
    fn grant(&self, request: TokenRequest) -> impl Future<Output = Result<IssuedTokens, Denial>> + Send;

    /// The state of a token (RFC 7662); `None` if it is not active.
    ///
    /// # Errors
    /// The client may not introspect tokens.
    fn introspect(&self, query: TokenQuery) -> impl Future<Output = Result<Option<TokenStatus>, Denial>> + Send;

    /// Ends the session of a token (RFC 7009). An unknown token is not an error.
    ///
    /// # Errors
    /// The client's credential is invalid, or tokens of this type cannot be revoked.
    fn revoke(&self, query: TokenQuery) -> impl Future<Output = Result<(), Denial>> + Send;

    /// The JWK Set that verifies access tokens.
    fn public_keys(&self) -> serde_json::Value;

    /// The claim `iss` of access tokens.
    fn issuer(&self) -> String;

    /// The SDL; `None` if it must not be shown.
    fn sdl(&self) -> Option<&str>;

    /// The SDL with the fields that callers with these roles may select. Without a caller, only built-in roles are
    /// known.
    ///
    /// # Errors
    /// The roles are not known to the caller, or cannot be read.
    fn role_sdl(
        &self,
        roles: &SchemaRoles,
        caller: Option<Self::Caller>,
    ) -> impl Future<Output = Result<String, SchemaRefusal>> + Send;

    /// Whether the server is ready.
    ///
    /// # Errors
    /// The missing part, for an operator.
    fn ready(&self) -> impl Future<Output = Result<(), String>> + Send;
}
