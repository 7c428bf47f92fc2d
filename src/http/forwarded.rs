//! The client of a request that comes through reverse proxies, by the header `Forwarded` (RFC 7239) or the
//! `X-Forwarded-` headers.
//!
//! Each proxy appends the address of its own peer. So addresses are read from the right, and the first one that does
//! not belong to a trusted proxy is the client's. The client may have sent everything to the left of it, which is not
//! even parsed.
//!
//! Most proxies set one kind of header and pass the other kind on as the client sent it. So if both are there and
//! differ, neither counts.

mod hop;
mod rfc7239;
#[cfg(test)]
mod tests;
mod x_forwarded;

use std::net::IpAddr;
use std::sync::{Arc, Once};

use http::{HeaderMap, header};

use self::hop::Hop;
use super::peer::Peer;
use crate::config::Network;

/// The reverse proxies whose headers state the client.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[Network]>);

impl TrustedProxies {
    /// The proxies in these networks.
    #[must_use]
    pub fn new(networks: &[Network]) -> Self {
        Self(networks.into())
    }

    /// The client of a request with these headers on a connection of this peer.
    pub(super) fn client(&self, peer: Peer, headers: &HeaderMap) -> Peer {
        if self.0.is_empty() {
            report_ignored(&peer, headers);
            return peer;
        }
        if !self.trusts(peer.address.ip()) {
            return peer;
        }
        let trusts = |address| self.trusts(address);
        let standard = hop::outermost(peer.address, rfc7239::hops(headers), trusts);
        let customary = hop::outermost(peer.address, x_forwarded::hops(headers), trusts)
            // Without `X-Forwarded-For`, the others do not state an address that could differ.
            .map(|hop| Hop {
                client: hop.client.filter(|_| headers.contains_key(x_forwarded::FOR)),
                ..hop
            });
        let hop = match (standard, customary) {
            (Some(standard), Some(customary)) if !standard.agrees_with(&customary) => {
                report_conflict(&peer);
                return peer;
            }
            (Some(hop), _) | (None, Some(hop)) => hop,
            (None, None) => return peer,
        };
        Peer {
            address: hop.client.unwrap_or(peer.address),
            scheme: hop.scheme.or(peer.scheme),
            host: hop.host,
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// Logs once that the setting may be missing.
fn report_ignored(peer: &Peer, headers: &HeaderMap) {
    static REPORTED: Once = Once::new();
    let stated =
        || headers.contains_key(header::FORWARDED) || x_forwarded::ALL.iter().any(|name| headers.contains_key(name));
    if !REPORTED.is_completed() && stated() {
        REPORTED.call_once(|| {
            tracing::warn!(
                peer = %peer.address.ip(),
                "ignoring the Forwarded and X-Forwarded headers of requests; if this peer is your reverse proxy, \
                 set trusted_proxies to its address"
            );
        });
    }
}

/// Logs once that a proxy passes on headers of clients.
fn report_conflict(peer: &Peer) {
    static REPORTED: Once = Once::new();
    REPORTED.call_once(|| {
        tracing::warn!(
            proxy = %peer.address.ip(),
            "ignoring the Forwarded and X-Forwarded headers of requests in which they differ; \
             configure the proxy to remove those that it does not set"
        );
    });
}
