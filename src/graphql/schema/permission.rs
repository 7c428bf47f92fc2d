//! GraphQL types of the policy: the permission enum and the answer to "may I?".

use std::sync::{Arc, OnceLock};

use async_graphql::{Context, SimpleObject};

use super::enumeration::schema_enum;
use crate::access::{self, Actor, Decision, Permission, Requirement};
use crate::graphql::error::Failure;
use crate::graphql::request::access_table::AccessTable;

/// The maximum length of `Type.field` in bytes; the text is part of the response.
const MAX_FIELD_NAME: usize = 200;

schema_enum! {
    /// A permission that a field can require. A role is a set of permissions.
    Permission as "Permission"
}

/// Whether the caller, or the account of a `userAccess`, may select a field. The decision is made by the code that guards
/// the field.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AccessDecision {
    /// The field as given, such as `Query.predict`.
    pub field: String,
    /// Whether the field may be selected now. For a field that an owner may read, the decision for an own object.
    pub allowed: bool,
    /// The permission that the field requires; null if it requires none.
    pub requires: Option<Permission>,
}

impl AccessDecision {
    /// The decision for an actor. `argument` begins the error about a name that is too long.
    pub(super) fn of(ctx: &Context<'_>, actor: &Actor, field: String, argument: &str) -> Result<Self, Failure> {
        if field.len() > MAX_FIELD_NAME {
            return Err(Failure::BadUserInput(format!(
                "{argument} has at most {MAX_FIELD_NAME} bytes"
            )));
        }
        let table = ctx.data_unchecked::<Arc<OnceLock<AccessTable>>>().get();
        let rule = field
            .split_once('.')
            .and_then(|(parent, name)| table?.rule(parent, name));
        let requirement = rule.and_then(|rule| rule.requirement);
        let permits = |needed| access::permits(actor, needed, actor.id()) == Decision::Allowed;
        Ok(Self {
            allowed: rule.is_some() && requirement.is_none_or(permits),
            requires: match requirement {
                Some(Requirement::Permission { permission, .. }) => Some(permission),
                Some(Requirement::Session) | None => None,
            },
            field,
        })
    }
}
