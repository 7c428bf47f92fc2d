//! The roles and permissions of an account, for explanations of access decisions.

use std::sync::Arc;

use super::Accounts;
use crate::access::{Actor, Permissions};
use crate::identity::error::Error;
use crate::identity::user::User;

/// An account, its actor and its roles at one time.
#[derive(Debug)]
pub struct AccountAccess {
    /// The account.
    pub user: Arc<User>,
    /// The actor of a session of the account. Sessions of a disabled account are refused.
    pub actor: Actor,
    /// The names of the account's roles, sorted, with their permissions.
    pub roles: Vec<(String, Permissions)>,
}

impl Accounts {
    /// The roles and permissions of the account with this id; `None` if it does not exist.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn access(&self, id: &str) -> Result<Option<AccountAccess>, Error> {
        let Some(user) = self.find(id).await? else {
            return Ok(None);
        };
        let actor = self.actor(&user).await?;
        let table = self.role_table().await?;
        let roles = user.roles.iter();
        let roles = roles.map(|name| (name.clone(), table.permissions(std::slice::from_ref(name))));
        Ok(Some(AccountAccess {
            roles: roles.collect(),
            actor,
            user,
        }))
    }

    /// The actor of a session of this account, with the current permissions of its roles.
    pub(in crate::identity) async fn actor(&self, user: &User) -> Result<Actor, Error> {
        let permissions = self.role_table().await?.permissions(&user.roles);
        Ok(Actor::user(Arc::clone(&user.id), Arc::clone(&user.roles), permissions))
    }
}
