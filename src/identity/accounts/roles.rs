//! Management of roles. Changes apply to the next request.
//!
//! ADMIN always has every permission, so that administrators cannot be locked out. USER and GUEST can be changed but
//! not removed, because every account and every request without a token uses them.

use std::sync::Arc;

use super::Accounts;
use crate::access::{self, ADMIN, Actor, GUEST, Permissions};
use crate::audit::{Action, Event};
use crate::identity::error::{Error, ObjectKind};
use crate::identity::records;
use crate::identity::role::{Role, Roles, check_name, invalid};

/// Attempts to create a role while others are created.
const ATTEMPTS: usize = 8;
/// Maximum number of roles.
const MOST_ROLES: usize = 200;

impl Accounts {
    /// All roles, ordered by name.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn roles(&self) -> Result<Vec<Role>, Error> {
        Ok(self.role_table().await?.all().cloned().collect())
    }

    /// Creates a role, or replaces the permissions of an existing one.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for an invalid name, for a name that looks like that of another role, for ADMIN
    /// without all permissions, and for too many roles;
    /// [`Error::Store`].
    pub async fn put_role(&self, by: &Actor, name: &str, permissions: Permissions) -> Result<Role, Error> {
        check_name(name)?;
        if name == ADMIN {
            return if permissions == Permissions::ALL {
                self.role_table()
                    .await?
                    .get(ADMIN)
                    .cloned()
                    .ok_or(Error::NotFound(ObjectKind::Role))
            } else {
                Err(invalid("permissions", "ADMIN always has every permission"))
            };
        }
        let now = self.now();
        let event = self.audit.stamp(Event::new(Action::RolePut).by(by.id()).to(name));
        let mut put = Err(Error::Store(crate::store::Error::Conflict));
        for _ in 0..ATTEMPTS {
            // From the store, because the name is compared with those of all other roles.
            let stored = records::list_roles(&self.store).await?;
            let names: Vec<String> = stored.iter().map(|(name, ..)| name.clone()).collect();
            let roles = Roles::new(stored);
            if roles.get(name).is_none() {
                if roles.len() >= MOST_ROLES {
                    return Err(invalid("name", "there are as many roles as there can be"));
                }
                if roles.has_lookalike(name) {
                    return Err(invalid("name", "must not look like the name of another role"));
                }
            }
            match records::put_role(&self.store, name, permissions, now, &names, &event).await {
                Ok(true) => put = Ok(()),
                Ok(false) => continue,
                Err(error) => put = Err(error),
            }
            break;
        }
        self.states.roles_changed();
        put.map(|()| Role {
            name: name.to_owned(),
            permissions,
            built_in: access::built_in_role(name).is_some(),
            updated_at: Some(now),
        })
    }

    /// Removes a role, also from all accounts that have it, and returns its name.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for a built-in role, [`Error::Store`].
    pub async fn remove_role(&self, by: &Actor, name: &str) -> Result<String, Error> {
        if access::built_in_role(name).is_some() {
            return Err(invalid("name", "a built-in role cannot be removed"));
        }
        check_name(name).map_err(|_| Error::NotFound(ObjectKind::Role))?;
        let event = self.audit.stamp(Event::new(Action::RoleRemoved).by(by.id()).to(name));
        let removed = records::remove_role(&self.store, name, &event).await;
        self.states.roles_changed();
        removed.map(|()| name.to_owned())
    }

    /// The actor of requests without a token, with the current permissions of GUEST.
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
