//! The client of a request: the remote end of its connection, or the client that a trusted proxy states.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::request::Parts;
use http::uri::Authority;

/// The client of a request.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    /// The scheme of the URL that the client uses. `None` if it is not known: without TLS here, a proxy may terminate
    /// TLS and not state it.
    pub(super) scheme: Option<Scheme>,
    /// The host and port of that URL, if a trusted proxy states them; otherwise they are those of the request.
    pub(super) host: Option<Authority>,
}

/// The scheme of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// The scheme of this name. Some proxies state `ws` or `wss` for a WebSocket, whose origin has `http` or `https`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match () {
            () if is("https") || is("wss") => Some(Self::Https),
            () if is("http") || is("ws") => Some(Self::Http),
            () => None,
        }
    }
}

impl Peer {
    /// The remote end of a connection.
    pub(super) fn new(address: SocketAddr, tls: bool) -> Self {
        Self {
            address: canonical(address),
            scheme: tls.then_some(Scheme::Https),
            host: None,
        }
    }

    /// Whether the client uses TLS, as far as known.
    pub(super) fn is_secure(&self) -> bool {
        self.scheme == Some(Scheme::Https)
    }
}

/// The address with an IPv4 address that is mapped to IPv6 as IPv4 address.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// The address of the client; unspecified if there is no connection.
pub(super) fn address(parts: &Parts) -> SocketAddr {
    let unknown = || SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    parts.extensions.get::<Peer>().map_or_else(unknown, |peer| peer.address)
}

/// The scheme of the URL that the client uses, if known.
pub(super) fn scheme(parts: &Parts) -> Option<Scheme> {
    parts.extensions.get::<Peer>()?.scheme
}

/// The host of the URL that the client uses, if a trusted proxy states it; otherwise it is that of the request.
pub(super) fn stated_host(parts: &Parts) -> Option<&str> {
    let peer = parts.extensions.get::<Peer>()?;
    peer.host.as_ref().map(Authority::as_str)
}
