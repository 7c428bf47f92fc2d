//! Where a request may carry its token: the header `Authorization` and nowhere else (RFC 6750, 2.1). A token in a URL
//! ends up in logs and histories, so it is never read.

use std::net::{Ipv4Addr, SocketAddr};

use http::request::Parts;
use http::{HeaderName, header};

use super::{Credentials, Peer, Refusal, RequestId};

/// The header that asks with `1` for `extensions.cost`.
pub(super) const COST: HeaderName = HeaderName::from_static("x-portcullis-cost");

/// Reads the head of a request.
///
/// # Errors
/// The request carries `Authorization`, but not one bearer token in it.
pub(super) fn read<'a>(parts: &'a Parts, request_id: &'a RequestId) -> Result<Credentials<'a>, Refusal> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let bearer = match (values.next(), values.next()) {
        (None, _) => None,
        (Some(value), None) => {
            let text = value.to_str().map_err(|_| malformed())?;
            Some(token(text).ok_or_else(malformed)?)
        }
        (Some(_), Some(_)) => return Err(malformed()),
    };
    Ok(Credentials {
        bearer,
        peer: parts
            .extensions
            .get::<Peer>()
            .map_or_else(|| SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), |peer| peer.0),
        user_agent: parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok()),
        wants_cost: parts.headers.get(COST).is_some_and(|value| value == "1"),
        request_id,
    })
}

fn token(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() && !token.contains(' ')).then_some(token)
}

fn malformed() -> Refusal {
    Refusal::InvalidToken("The Authorization header must be one \"Bearer\" token.".to_owned())
}
