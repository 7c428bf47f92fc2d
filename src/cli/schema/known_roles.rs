//! The roles that `portcullis schema --role` knows: those of the store that the settings name, or else the built-in ones.
//!
//! Without a named store, nothing on disk is read, so that a build prints the same schema on every machine.

use std::sync::Arc;

use crate::access::{BUILT_IN_ROLES, Permissions};
use crate::app::{self, StartError};
use crate::cli::CommandError;
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::store::OpenError;

/// The names and permissions of the roles. A named folder without a store has the built-in roles.
///
/// # Errors
/// The store cannot be opened or read.
pub(super) async fn read(config: &Config) -> Result<Vec<(String, Permissions)>, CommandError> {
    let default = config::Store::default();
    let built_in = || {
        BUILT_IN_ROLES
            .map(|(name, permissions)| (name.to_owned(), permissions))
            .to_vec()
    };
    if config.store.data_dir == default.data_dir && config.store.database.is_none() {
        return Ok(built_in());
    }
    let (store, accounts) = match app::open_accounts_only(config, Arc::new(SystemClock), false).await {
        Err(StartError::Store(OpenError::NoStore(_))) => return Ok(built_in()),
        opened => opened?,
    };
    let roles = accounts.roles().await;
    app::close(store, accounts).await;
    Ok(roles?.into_iter().map(|role| (role.name, role.permissions)).collect())
}
