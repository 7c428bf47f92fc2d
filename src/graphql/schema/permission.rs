//! The policy as the schema shows it: the permission enum and the answer to "may I?".

use async_graphql::SimpleObject;

use super::enumeration::schema_enum;
use crate::access::Permission;

schema_enum! {
    /// A permission that a field can require. A role is a set of permissions.
    Permission as "Permission"
}

/// Whether the caller may select a field. The decision is made by the code that guards the field.
#[derive(Debug, SimpleObject)]
pub(crate) struct AccessDecision {
    /// The field as given, such as `Query.predict`.
    pub field: String,
    /// Whether the caller may select the field now. For a field that an owner may read, the decision for the caller's
    /// own object.
    pub allowed: bool,
    /// The permission that the field requires; null if it requires none.
    pub requires: Option<Permission>,
}
