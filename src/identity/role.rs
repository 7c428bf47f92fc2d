//! Roles as data: the built-in ones and those that administrators define.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::error::Error;
use super::user::skeleton::{skeleton, skeletons};
use crate::access::{self, ADMIN, Permissions};

const NAME_CHARS: usize = 64;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The name, which cannot be changed.
    pub name: String,
    /// The permissions.
    pub permissions: Permissions,
    /// Whether the role is built in; built-in roles cannot be removed.
    pub built_in: bool,
    /// The time of the last change; `None` for a built-in role with its default permissions.
    pub updated_at: Option<DateTime<Utc>>,
}

/// All roles at one time.
#[derive(Debug)]
pub(crate) struct Roles(BTreeMap<String, Role>);

impl Roles {
    pub(crate) fn new(stored: Vec<(String, Permissions, DateTime<Utc>)>) -> Self {
        let built_in = access::BUILT_IN_ROLES.map(|(name, permissions)| Role {
            name: name.to_owned(),
            permissions,
            built_in: true,
            updated_at: None,
        });
        let changed = stored
            .into_iter()
            .filter(|(name, ..)| name != ADMIN)
            .map(|(name, permissions, updated_at)| Role {
                built_in: access::built_in_role(&name).is_some(),
                name,
                permissions,
                updated_at: Some(updated_at),
            });
        // Later entries replace earlier ones.
        Self(
            built_in
                .into_iter()
                .chain(changed)
                .map(|role| (role.name.clone(), role))
                .collect(),
        )
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Role> {
        self.0.values()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Role> {
        self.0.get(name)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the name of a role has one of these skeletons.
    pub(super) fn resembles(&self, names: &[String]) -> bool {
        let resembles = |role: &String| skeletons(role).iter().any(|skeleton| names.contains(skeleton));
        self.0.keys().any(resembles)
    }

    /// Whether another role has a name that looks like this one. Names of roles have capital letters only.
    pub(super) fn has_lookalike(&self, name: &str) -> bool {
        let own = skeleton(name);
        self.0.keys().any(|other| other != name && skeleton(other) == own)
    }

    /// The union of the permissions of these roles; an unknown role has none.
    pub(crate) fn permissions(&self, names: &[String]) -> Permissions {
        names
            .iter()
            .filter_map(|name| self.0.get(name))
            .fold(Permissions::NONE, |all, role| all.union(role.permissions))
    }

    /// These names, sorted and without duplicates, if all are roles.
    pub(crate) fn known(&self, names: &[String]) -> Result<Vec<String>, Error> {
        if let Some(unknown) = names.iter().find(|name| !self.0.contains_key(*name)) {
            let known: Vec<&str> = self.0.keys().map(String::as_str).take(20).collect();
            let shown: String = unknown.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
            return Err(Error::InvalidInput {
                path: "roles",
                message: format!("there is no role `{shown}`; there are {}", known.join(", ")),
            });
        }
        let mut names = names.to_vec();
        names.sort();
        names.dedup();
        Ok(names)
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let fits = (1..=NAME_CHARS).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if fits {
        Ok(())
    } else {
        let message = "must be 1 to 64 capital letters, digits and _, beginning with a letter";
        Err(invalid("name", message))
    }
}

pub(super) fn invalid(path: &'static str, message: &str) -> Error {
    Error::InvalidInput {
        path,
        message: message.to_owned(),
    }
}
