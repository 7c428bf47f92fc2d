//! The subject of a quota.

use std::net::IpAddr;

use crate::access::Actor;

/// The subject whose spending is counted together: an account with all its sessions and keys, or all requests without a
/// token from one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaSubject {
    pub(super) key: String,
    pub(super) roles: Vec<String>,
}

impl QuotaSubject {
    /// The subject of a request.
    #[must_use]
    pub fn of(actor: &Actor, address: Option<IpAddr>) -> Self {
        let key = match (actor.id(), address) {
            (Some(id), _) => format!("user {id}"),
            (None, Some(address)) => Self::guest_at(address),
            (None, None) => "guest".to_owned(),
        };
        Self {
            key,
            roles: actor.roles().to_vec(),
        }
    }

    /// The key of requests without a token from this address; for IPv6, from its network.
    #[must_use]
    pub fn guest_at(address: IpAddr) -> String {
        format!("guest {}", crate::identity::network(address))
    }
}
