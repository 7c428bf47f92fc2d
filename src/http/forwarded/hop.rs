//! The requests that a chain of proxies received.

use std::net::{IpAddr, SocketAddr};

use http::uri::Authority;

use crate::http::peer::Scheme;

/// A request as one proxy received it, according to that proxy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hop {
    /// The address that sent it; `None` if the proxy does not state it.
    pub(super) client: Option<SocketAddr>,
    /// The scheme of its URL.
    pub(super) scheme: Option<Scheme>,
    /// Its `Host`.
    pub(super) host: Option<Authority>,
}

impl Hop {
    /// Whether two statements about the same request are compatible.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        let ip = |hop: &Self| hop.client.map(|client| client.ip());
        agree(&ip(self), &ip(other)) && agree(&self.scheme, &other.scheme) && agree(&self.host, &other.host)
    }
}

fn agree<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The request of the client, from the requests that this proxy and those before it received, the last one first.
///
/// Its address is the first that is not trusted; if all are, the last. If a proxy does not state the address, it is that
/// of the proxy. `None` if there are no requests.
pub(super) fn outermost(
    proxy: SocketAddr,
    hops: impl Iterator<Item = Hop>,
    trusts: impl Fn(IpAddr) -> bool,
) -> Option<Hop> {
    let mut proxy = proxy;
    let mut outermost = None;
    for hop in hops {
        let client = hop.client;
        outermost = Some(Hop {
            client: client.or(Some(proxy)),
            ..hop
        });
        match client {
            Some(client) if trusts(client.ip()) => proxy = client,
            _ => break,
        }
    }
    outermost
}

/// Parses a host with an optional port.
pub(super) fn authority(text: &[u8]) -> Option<Authority> {
    Authority::try_from(text)
        .ok()
        .filter(|host| !host.as_str().contains('@'))
}
