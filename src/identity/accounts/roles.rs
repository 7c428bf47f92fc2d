//! Roles as data: the built-in ones and those that somebody made. What a role may do holds from the next request on.
//!
//! ADMIN is not data: it has every permission, so that nobody can be locked out of the house for good. USER and GUEST
//! can be changed but not removed, since every account and every request without a token leans on them.

use std::sync::Arc;

use super::Accounts;
use crate::access::{self, ADMIN, Actor, GUEST, Permissions};
use crate::audit::{Action, Event};
use crate::identity::error::Error;
use crate::identity::records;
use crate::identity::role::{Role, Roles, check_name, invalid};

/// More would make reading them a burden, and nobody could tell them apart.
const MOST_ROLES: usize = 200;

impl Accounts {
    /// Every role, in the order of their names.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn roles(&self) -> Result<Vec<Role>, Error> {
        Ok(self.role_table().await?.all().cloned().collect())
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
                self.role_table().await?.get(ADMIN).cloned().ok_or(Error::NotFound)
            } else {
                Err(invalid("permissions", "ADMIN always has every permission"))
            };
        }
        let roles = self.role_table().await?;
        if roles.len() >= MOST_ROLES && roles.get(name).is_none() {
            return Err(invalid("name", "there are as many roles as there can be"));
        }
        let now = self.now();
        let event = self.audit.stamp(Event::new(Action::RolePut).by(by.id()).to(name));
        let put = records::put_role(&self.store, name, permissions, now, &event).await;
        self.states.roles_changed();
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
        self.states.roles_changed();
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

    pub(crate) async fn role_table(&self) -> Result<Arc<Roles>, Error> {
        if let Some(roles) = self.states.roles() {
            return Ok(roles);
        }
        let since = self.states.moment();
        let roles = Arc::new(Roles::new(records::list_roles(&self.store).await?));
        self.states.remember_roles(since, &roles);
        Ok(roles)
    }
}
