//! What the commands of an operator need of the store, without models or a server.

use std::path::Path;
use std::sync::Arc;

use super::{StartError, open_accounts, open_store};
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::{self, Accounts, KeySource};
use crate::store::{self, Store};

/// Opens accounts only, for commands that need no models and issue no tokens. A store that does not exist is created only
/// if `create` is true.
///
/// # Errors
/// The store cannot be opened or does not exist.
pub async fn open_accounts_only(
    config: &Config,
    clock: Arc<dyn Clock>,
    create: bool,
) -> Result<(Arc<Store>, Accounts), StartError> {
    let store = Arc::new(open_store(config, create).await?);
    // The signing key is not on every host from which an operator manages accounts.
    let accounts = open_accounts(config, KeySource::Ephemeral, Arc::clone(&store), clock)?;
    Ok((store, accounts))
}

/// Replaces the signing key of the servers of a store, and returns the id of the new one.
///
/// # Errors
/// The store cannot be opened or does not exist, or the key cannot be created.
pub async fn new_signing_key(config: &Config) -> Result<String, StartError> {
    let store = open_store(config, false).await?;
    let kid = identity::replace_signing_key(&store, &config.key_source()?).await;
    store.close().await;
    Ok(kid?)
}

/// Writes the embedded database into a new file, as SurrealQL. Encrypted values remain encrypted.
///
/// # Errors
/// The store cannot be opened or does not exist, is not embedded, or the file cannot be written.
pub async fn export_database(config: &Config, file: &Path) -> Result<(), StartError> {
    let store = open_store(config, false).await?;
    let exported = store.export(file).await;
    store.close().await;
    Ok(exported?)
}

/// Encrypts all personal data in the store with the data key that the settings name, and replaces the files of an embedded
/// store, which may contain what was stored before. Returns the id of the key and the number of values. Can be interrupted at
/// any time and begun again.
///
/// # Errors
/// The store cannot be opened or does not exist, or fails.
pub async fn encrypt_personal_data(config: &Config) -> Result<(String, u64), StartError> {
    let store = open_store(config, false).await?;
    let id = store.data_key().map(|key| key.id).unwrap_or_default();
    let outcome = async {
        let ids = identity::hash_record_ids(&store).await?;
        Ok::<u64, store::Error>(ids + store.seal_all().await?)
    };
    let outcome = outcome.await.map_err(StartError::Statement);
    let location = store.location().clone();
    store.close().await;
    let values = outcome?;
    store::rewrite_files(&location, config.store_memory()).await?;
    Ok((id, values))
}
