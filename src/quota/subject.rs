//! Who spends.

use std::net::IpAddr;

use crate::access::Actor;

/// Whose spending is counted together: an account with all its sessions and keys, or everybody without a token at one
/// address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaSubject {
    pub(super) key: String,
    pub(super) roles: Vec<String>,
}

impl QuotaSubject {
    /// The principal behind a request.
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

    /// What everybody without a token at one address is known by; of IPv6 the network counts.
    #[must_use]
    pub fn guest_at(address: IpAddr) -> String {
        format!("guest {}", crate::identity::network(address))
    }
}
