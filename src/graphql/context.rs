//! The data of a request: what the transport knows of it, and accessors for resolvers.

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::Context;

use super::cookies::Cookies;
use super::error::Failure;
use super::request::authorization::Authorization;
use crate::access::Actor;
use crate::app::App;
use crate::identity::{Origin, Session};

/// The sender of a request, as the transport knows it.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The verified session; `None` for a guest.
    pub session: Option<Arc<Session>>,
    /// The address the request came from.
    pub address: IpAddr,
    /// The request's `User-Agent`, at most 200 characters of it.
    pub user_agent: Option<String>,
    /// The request's id in the log and in `INTERNAL` errors.
    pub request_id: Arc<str>,
    /// Whether the response reports the cost of the operation.
    pub wants_cost: bool,
    /// The request's cookies; `None` if the transport cannot set cookies in its response.
    pub cookies: Option<Arc<Cookies>>,
}

/// The services.
pub(super) fn app<'a>(ctx: &Context<'a>) -> &'a App {
    ctx.data_unchecked::<App>()
}

/// The context of the request; `None` if the schema is executed without the gateway.
pub(super) fn request<'a>(ctx: &Context<'a>) -> Option<&'a RequestContext> {
    ctx.data_opt::<RequestContext>()
}

/// The session of the request; `None` for a guest.
pub(super) fn session<'a>(ctx: &Context<'a>) -> Option<&'a Session> {
    request(ctx)?.session.as_deref()
}

/// The session of a request that `@signedIn` has admitted.
pub(super) fn own_session<'a>(ctx: &Context<'a>) -> Result<&'a Session, Failure> {
    session(ctx).ok_or(Failure::Unauthenticated)
}

/// The actor that the guard decides on.
pub(super) fn actor(ctx: &Context<'_>) -> Actor {
    ctx.data_opt::<Arc<Authorization>>()
        .map_or_else(Actor::guest, |authorization| authorization.actor())
}

/// The address and the user agent, for the audit trail.
pub(super) fn origin(ctx: &Context<'_>) -> Origin {
    Origin {
        address: request(ctx).map(|request| request.address),
        user_agent: request(ctx).and_then(|request| request.user_agent.clone()),
    }
}

/// The cookies of the request; `None` if its transport has none.
pub(super) fn cookies<'a>(ctx: &Context<'a>) -> Option<&'a Cookies> {
    request(ctx)?.cookies.as_deref()
}
