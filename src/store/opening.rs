//! Opens the database at a location and selects its namespace.

use std::path::Path;

use surrealdb_kvs::config::SyncMode;

use super::engine::Engine;
use super::error::OpenError;
use super::location::Location;
use super::remote::Remote;
use super::{Database, MemorySettings, prepare, write_ahead_log};
use crate::text::one_line;

/// Opens the embedded database in a folder, whose lock is held.
pub(super) async fn open_folder(
    location: &Location,
    folder: &Path,
    sync: SyncMode,
    settings: MemorySettings,
) -> Result<Engine, OpenError> {
    let failed = |reason: String| OpenError::Database {
        place: location.to_string(),
        reason: one_line(&reason),
    };
    let log = {
        let folder = folder.to_owned();
        let reading = tokio::task::spawn_blocking(move || write_ahead_log::inspect(&folder));
        reading.await.map_err(|stopped| failed(stopped.to_string()))??
    };
    // Without a time limit: replaying the log takes as long as it takes.
    let engine = Engine::open(folder, sync, settings, log).await.map_err(failed)?;
    match prepare(&engine.db, location).await {
        Ok(()) => Ok(engine),
        Err(error) => Err(failed(error.message().to_owned())),
    }
}

/// Connects to a database in memory or on a server.
pub(super) async fn connect(location: &Location) -> Result<Database, OpenError> {
    let failed = |reason: String| OpenError::Database {
        place: location.to_string(),
        reason: one_line(&reason),
    };
    if location.is_remote() {
        return Remote::open(location).await.map(Database::Remote).map_err(failed);
    }
    let opening = async {
        let db = surrealdb::engine::any::connect(location.address()).await?;
        prepare(&db, location).await?;
        Ok(Database::Memory(db))
    };
    opening
        .await
        .map_err(|error: surrealdb::Error| failed(error.message().to_owned()))
}
