//! The product as the transport sees it: who sends a request, and what answers it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::oauth::grant::{Denial, IssuedTokens, TokenRequest};
use super::request_id::RequestId;
use crate::graphql::cookies::Cookies;

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

    /// The type of the operation that the request runs. `None` if the document is unknown, does not parse or leaves open
    /// which operation runs; [`execute`](Self::execute) then reports the error.
    fn operation_type(&self, request: &mut async_graphql::Request) -> Option<OperationType>;

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
    fn grant(&self, request: TokenRequest) -> impl Future<Output = Result<IssuedTokens, Denial>> + Send;

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
