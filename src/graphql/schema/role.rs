//! Roles as the schema shows them.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use super::permission::Permission;
use crate::graphql::error::UserError;
use crate::identity;

/// A name for a set of permissions.
#[derive(Debug, SimpleObject)]
pub(crate) struct Role {
    /// The name, which never changes.
    pub name: String,
    /// What the role allows.
    pub permissions: Vec<Permission>,
    /// Whether it has always been there and cannot be removed.
    pub built_in: bool,
    /// When somebody last changed it; null for a built-in role that is as it came.
    pub updated_at: Option<DateTime<Utc>>,
}

impl From<identity::Role> for Role {
    fn from(role: identity::Role) -> Self {
        Self {
            name: role.name,
            permissions: role.permissions.iter().map(Into::into).collect(),
            built_in: role.built_in,
            updated_at: role.updated_at,
        }
    }
}

/// What `putRole` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct PutRolePayload {
    /// The role as it is now.
    pub role: Option<Role>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `removeRole` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveRolePayload {
    /// The name of the role that is gone.
    pub removed_role: Option<String>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}
