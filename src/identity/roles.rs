//! Roles as data: the built-in ones and those that somebody made. What a role may do holds from the next request on.
//!
//! ADMIN is not data: it has every permission, so that nobody can be locked out of the house for good. USER and GUEST
//! can be changed but not removed, since every account and every request without a token leans on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Error;
use super::accounts::Accounts;
use super::records;
use crate::access::{self, ADMIN, Actor, GUEST, Permissions};
use crate::audit::{Action, Event};

const NAME_CHARS: usize = 64;
/// More would make reading them a burden, and nobody could tell them apart.
const MOST_ROLES: usize = 200;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name, which never changes.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// Whether it has always been there and cannot be removed.
    pub built_in: bool,
    /// When somebody last changed it; never for a built-in role that is as it came.
    pub updated_at: Option<DateTime<Utc>>,
}

/// All roles at one moment.
#[derive(Debug)]
pub(super) struct Roles(BTreeMap<String, Role>);

impl Roles {
    pub(super) fn new(stored: Vec<(String, Permissions, DateTime<Utc>)>) -> Self {
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
        // Those that come later take the place of those that came before.
        Self(
            built_in
                .into_iter()
                .chain(changed)
                .map(|role| (role.name.clone(), role))
                .collect(),
        )
    }

    /// What these roles together allow; a name that is none allows nothing.
    pub(super) fn permissions(&self, names: &[String]) -> Permissions {
        names
            .iter()
            .filter_map(|name| self.0.get(name))
            .fold(Permissions::NONE, |all, role| all.union(role.permissions))
    }

    /// These names sorted and each once, if they are all roles.
    pub(super) fn known(&self, names: &[String]) -> Result<Vec<String>, Error> {
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

impl Accounts {
    /// Every role, in the order of their names.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn roles(&self) -> Result<Vec<Role>, Error> {
        Ok(self.role_table().await?.0.values().cloned().collect())
    }

    /// Makes a role, or gives an existing one exactly these permissions.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a name that cannot be one, for ADMIN with less than everything, and for too many
    /// roles; [`Error::Store`].
    pub async fn put_role(&self, by: &Actor, name: &str, permissions: Permissions) -> Result<Role, Error> {
        check_name(name)?;
        if name == ADMIN {
            return if permissions == Permissions::ALL {
                self.role_table().await?.0.get(ADMIN).cloned().ok_or(Error::NotFound)
            } else {
                Err(invalid("permissions", "ADMIN always has every permission"))
            };
        }
        let roles = self.role_table().await?;
        if roles.0.len() >= MOST_ROLES && !roles.0.contains_key(name) {
            return Err(invalid("name", "there are as many roles as there can be"));
        }
        let now = self.now();
        let event = self.audit.stamp(Event::new(Action::RolePut).by(by.id()).to(name));
        let put = records::put_role(&self.store, name, permissions, now, &event).await;
        self.standings.roles_changed();
        put.map(|()| Role {
            name: name.to_owned(),
            permissions,
            built_in: access::built_in_role(name).is_some(),
            updated_at: Some(now),
        })
    }

    /// Removes a role and takes it from every account that has it; returns its name.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for a built-in role, [`Error::Store`].
    pub async fn remove_role(&self, by: &Actor, name: &str) -> Result<String, Error> {
        if access::built_in_role(name).is_some() {
            return Err(invalid("name", "a built-in role cannot be removed"));
        }
        check_name(name).map_err(|_| Error::NotFound)?;
        let event = self.audit.stamp(Event::new(Action::RoleRemoved).by(by.id()).to(name));
        let removed = records::remove_role(&self.store, name, self.now(), &event).await;
        self.standings.roles_changed();
        removed.map(|()| name.to_owned())
    }

    /// Whoever asks without a token, with what GUEST allows at this moment.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn guest(&self) -> Result<Actor, Error> {
        let names = [GUEST.to_owned()];
        Ok(Actor::guest_with(self.role_table().await?.permissions(&names)))
    }

    pub(super) async fn role_table(&self) -> Result<Arc<Roles>, Error> {
        if let Some(roles) = self.standings.roles() {
            return Ok(roles);
        }
        let since = self.standings.moment();
        let roles = Arc::new(Roles::new(records::list_roles(&self.store).await?));
        self.standings.remember_roles(since, &roles);
        Ok(roles)
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Error> {
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

fn invalid(path: &'static str, message: &str) -> Error {
    Error::InvalidInput {
        path,
        message: message.to_owned(),
    }
}
