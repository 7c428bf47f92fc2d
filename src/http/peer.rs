//! The remote end of a connection.

use std::net::{Ipv4Addr, SocketAddr};

use http::request::Parts;

/// The other end of the connection that a request came by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    /// Whether the connection is inside TLS.
    pub(super) secure: bool,
}

/// The other end of the connection; none in particular where there is no connection.
pub(super) fn address(parts: &Parts) -> SocketAddr {
    let unknown = || SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    parts.extensions.get::<Peer>().map_or_else(unknown, |peer| peer.address)
}
