//! The remote end of a connection.

use std::net::{Ipv4Addr, SocketAddr};

use http::request::Parts;

/// The remote end of the connection of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    /// Whether the connection uses TLS.
    pub(super) secure: bool,
}

/// The address of the remote end; unspecified if there is no connection.
pub(super) fn address(parts: &Parts) -> SocketAddr {
    let unknown = || SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    parts.extensions.get::<Peer>().map_or_else(unknown, |peer| peer.address)
}
