//! GraphQL types of roles.

use async_graphql::SimpleObject;

use super::date_time::Timestamp;
use super::payload::impl_payload;
use crate::access::Permission;
use crate::graphql::error::UserError;
use crate::identity;

/// A named set of permissions.
#[derive(Debug, SimpleObject)]
pub(crate) struct Role {
    /// The name, which cannot be changed.
    pub name: String,
    /// The permissions of the role.
    pub permissions: Vec<Permission>,
    /// Whether the role is built in; built-in roles cannot be removed.
    pub built_in: bool,
    /// The time of the last change; null for a built-in role with its default permissions.
    pub updated_at: Option<Timestamp>,
}

impl From<identity::Role> for Role {
    fn from(role: identity::Role) -> Self {
        Self {
            name: role.name,
            permissions: role.permissions.iter().collect(),
            built_in: role.built_in,
            updated_at: role.updated_at.map(Into::into),
        }
    }
}

/// Result of `putRole`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct PutRolePayload {
    /// The role after the change; null if `errors` is not empty.
    pub role: Option<Role>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(PutRolePayload);

/// Result of `removeRole`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveRolePayload {
    /// The name of the removed role; null if `errors` is not empty.
    pub removed_role: Option<String>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(RemoveRolePayload);
