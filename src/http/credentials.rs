//! Where a request may carry its token: the header `Authorization` and nowhere else (RFC 6750, 2.1). A token in a URL
//! ends up in logs and histories, so it is never read.

use std::net::{Ipv4Addr, SocketAddr};

use http::header;
use http::request::Parts;

use super::{Credentials, Peer, Refusal, RequestId};

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
