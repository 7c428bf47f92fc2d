//! The schema as a role may use it: the SDL with the fields that a caller may select, and no other.
//!
//! The decision on each field is that of [`permits`], as `viewerCan` reports it: a field that the owner of an object may
//! read is included for every signed-in caller, because it can be selected on the caller's own objects.

use std::sync::Arc;

use super::request::access_table::{AccessTable, AccessTableError};
use super::schema_subset::{SchemaText, SdlSyntaxError};
use crate::access::{Actor, Decision, GUEST, Permissions, permits};

/// Maximum number of roles that an error lists.
const MOST_LISTED: usize = 20;

/// The SDL cannot be split by role: a mistake in the schema.
#[derive(Debug, thiserror::Error)]
pub enum RoleSchemaError {
    /// The access rules of the schema contradict each other.
    #[error(transparent)]
    Rules(#[from] AccessTableError),
    /// The SDL does not parse.
    #[error(transparent)]
    Syntax(#[from] SdlSyntaxError),
}

/// A named role does not exist.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role; allowed: {0}")]
pub struct UnknownRole(String);

/// A schema, prepared to print the part of it that a caller may use. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RoleSchema(Arc<(SchemaText, AccessTable)>);

impl RoleSchema {
    /// Reads the SDL.
    ///
    /// # Errors
    /// The SDL has a syntax error, or access rules that contradict each other.
    pub fn new(sdl: &str) -> Result<Self, RoleSchemaError> {
        Ok(Self(Arc::new((SchemaText::parse(sdl)?, AccessTable::from_sdl(sdl)?))))
    }

    /// The SDL of the fields that the actor may select, with the types, inputs and directives that they reach. For an
    /// actor with every permission and a session, it is the whole SDL.
    #[must_use]
    pub fn sdl(&self, actor: &Actor) -> String {
        let (text, table) = &*self.0;
        text.subset(|ty, field| {
            let requirement = table.rule(ty, field).and_then(|rule| rule.requirement);
            requirement.is_none_or(|needed| permits(actor, needed, actor.id()) == Decision::Allowed)
        })
    }
}

/// A caller with these roles. With the role GUEST alone, the caller is not signed in.
///
/// # Errors
/// A role is not in `known`.
pub fn actor_with_roles(names: &[String], known: &[(String, Permissions)]) -> Result<Actor, UnknownRole> {
    let mut permissions = Permissions::NONE;
    for name in names {
        let Some((_, more)) = known.iter().find(|(role, _)| role == name) else {
            let allowed: Vec<&str> = known.iter().map(|(role, _)| role.as_str()).take(MOST_LISTED).collect();
            return Err(UnknownRole(allowed.join(", ")));
        };
        permissions = permissions.union(*more);
    }
    if names.iter().all(|name| name == GUEST) {
        return Ok(Actor::guest_with(permissions));
    }
    Ok(actor_with(names, permissions))
}

/// A caller that is signed in with a session of its own and has these permissions.
#[must_use]
pub fn actor_with(roles: &[String], permissions: Permissions) -> Actor {
    // No account has this id, and none is needed: a decision compares it with itself.
    Actor::user("(any)", roles, permissions)
}
