//! The headers `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`, which no standard defines.
//!
//! Every proxy appends to the list of addresses. Most set one value in the other headers; some append to them as well,
//! so a single value applies to every address, and the values of a list apply to the addresses in the same place from
//! the right.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, HeaderName};

use super::hop::{Hop, authority};
use crate::http::peer::{Scheme, canonical};

pub(super) const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// All of the headers.
pub(super) static ALL: [HeaderName; 3] = [FOR, PROTO, HOST];

/// The requests according to the headers, the rightmost first; none if there is none of the headers.
pub(super) fn hops(headers: &HeaderMap) -> impl Iterator<Item = Hop> + '_ {
    let [mut clients, schemes, hosts] = [FOR, PROTO, HOST].map(|name| values(headers, &name));
    if clients.is_empty() && !(schemes.is_empty() && hosts.is_empty()) {
        clients.push("");
    }
    clients.into_iter().enumerate().map(move |(place, client)| Hop {
        client: address(client),
        scheme: at(&schemes, place).and_then(Scheme::from_name),
        host: at(&hosts, place).and_then(|host| authority(host.as_bytes())),
    })
}

/// The values of a list in all lines of a header, the rightmost first.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let lines = headers.get_all(name).iter().rev();
    lines
        .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','))
        .map(|value| std::str::from_utf8(value).unwrap_or_default().trim_ascii())
        .collect()
}

/// The value that applies to the address in this place. If a list is shorter, it is unclear which proxy has not
/// appended to it.
fn at<'a>(values: &[&'a str], place: usize) -> Option<&'a str> {
    match values {
        [single] => Some(single),
        list => list.get(place).copied(),
    }
}

/// An address with or without port, and an IPv6 address with or without brackets.
fn address(text: &str) -> Option<SocketAddr> {
    let bracketed = || {
        let inside = text.strip_prefix('[')?.strip_suffix(']')?;
        inside.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    };
    let with_port = || text.parse::<SocketAddr>().ok();
    let without_port = || text.parse::<IpAddr>().ok().or_else(bracketed);
    without_port()
        .map(|ip| SocketAddr::new(ip, 0))
        .or_else(with_port)
        .map(canonical)
}
