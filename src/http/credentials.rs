//! The credentials of a request: a token in one header, `Authorization` by default (RFC 6750, 2.1), or in a cookie.
//! Tokens in URLs end up in logs and browser histories, so they are never read.
//!
//! A browser sends cookies with every request to this server, whichever page caused it. So a cookie counts only
//! together with the header `x-portcullis-csrf: 1`, which pages of other origins cannot add without a preflight, and
//! with an allowed `Origin` if there is one.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderName, header};
use secrecy::SecretString;

use super::endpoint::{Credentials, Endpoint, Refusal};
use super::handler_state::HandlerState;
use super::origin::RequestOrigin;
use super::request_id::RequestId;
use super::response::Problem;
use super::settings::Settings;
use super::{cookies, peer};
use crate::graphql::cookies::Cookies;

/// The header that requests `extensions.cost`.
pub(super) const COST: HeaderName = HeaderName::from_static("x-portcullis-cost");

/// The header that proves that the page was allowed to set request headers.
pub(super) const CSRF: HeaderName = HeaderName::from_static("x-portcullis-csrf");

/// Reads the credentials from the head of a request. A token in the header takes precedence over one in a cookie.
///
/// # Errors
/// The header or a cookie is malformed, or the request relies on a cookie without CSRF protection.
pub(super) fn read<'a>(
    parts: &'a Parts,
    request_id: &'a RequestId,
    settings: &Settings,
) -> Result<Credentials<'a>, Refusal> {
    let trusted = asks_for_cookies(parts) && RequestOrigin::of(parts, settings) != RequestOrigin::Foreign;
    read_trusting(parts, request_id, settings, trusted)
}

/// Whether the request carries the CSRF header.
pub(super) fn asks_for_cookies(parts: &Parts) -> bool {
    parts.headers.get(CSRF).is_some_and(|value| value == "1")
}

/// As [`read`], for callers that decide by other means whether cookies count.
pub(super) fn read_trusting<'a>(
    parts: &'a Parts,
    request_id: &'a RequestId,
    settings: &Settings,
    trusted: bool,
) -> Result<Credentials<'a>, Refusal> {
    let header = settings.token.read(parts)?;
    let access = cookies::read(&parts.headers, &settings.cookies.access)?;
    let refresh = cookies::read(&parts.headers, &settings.cookies.refresh)?;
    if header.is_none() && !trusted && (access.is_some() || refresh.is_some()) {
        return Err(Refusal::Forbidden(format!(
            "A request with a token cookie must carry the header {CSRF}: 1 and come from an allowed origin."
        )));
    }
    let from_cookies = header.is_none() && (access.is_some() || refresh.is_some());
    let refresh = refresh.filter(|_| trusted).map(SecretString::from);
    Ok(Credentials {
        from_cookie: header.is_none() && access.is_some(),
        access_expired: from_cookies && access.is_none(),
        bearer: header.or(access),
        ..without_token(parts, request_id, Cookies::new(refresh, from_cookies))
    })
}

/// The credentials of a request with an invalid token, without that token. Cookies for a new session can still be set.
pub(super) fn read_as_guest<'a>(parts: &'a Parts, request_id: &'a RequestId, settings: &Settings) -> Credentials<'a> {
    let trusted = asks_for_cookies(parts) && RequestOrigin::of(parts, settings) != RequestOrigin::Foreign;
    let refresh = cookies::read(&parts.headers, &settings.cookies.refresh).ok().flatten();
    let refresh = refresh.filter(|_| trusted).map(SecretString::from);
    without_token(parts, request_id, Cookies::new(refresh, false))
}

/// The parts of the credentials that do not depend on the token.
fn without_token<'a>(parts: &'a Parts, request_id: &'a RequestId, cookies: Cookies) -> Credentials<'a> {
    Credentials {
        bearer: None,
        from_cookie: false,
        access_expired: false,
        cookies: Some(Arc::new(cookies)),
        peer: peer::address(parts),
        user_agent: parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok()),
        wants_cost: parts.headers.get(COST).is_some_and(|value| value == "1"),
        request_id,
    }
}

/// Verifies the credentials of a request. A cookie with an invalid token is cleared in the response.
///
/// # Errors
/// The [`Refusal`] of the endpoint.
pub(super) async fn authenticate<E: Endpoint>(
    state: &HandlerState<E>,
    credentials: Credentials<'_>,
) -> Result<E::Caller, Problem> {
    let from_cookie = credentials.from_cookie;
    state.endpoint.authenticate(credentials).await.map_err(|refusal| {
        let clear = from_cookie && matches!(refusal, Refusal::InvalidToken(_));
        let cleared = state.settings.cookies.clear_access().filter(|_| clear);
        let problem = Problem::from(refusal);
        match cleared {
            Some(value) => problem.with(header::SET_COOKIE, value),
            None => problem,
        }
    })
}
