//! The embedded engine: SurrealDB over SurrealKV, in a folder.
//!
//! SurrealDB has a storage backend for SurrealKV of its own, with memory that grows with the machine and with the store:
//! a memtable of up to 4 GiB and a block cache of half the memory, for which neither its URL nor its environment has a
//! parameter, and bloom filters, for which a compaction keeps every key of the tables that it merges. A crash may also
//! cost it an acknowledged change (see [`memtable`]). So the backend is [ours](backend), and the datastore is built here,
//! in the order of SurrealDB's `connect`, and handed to the SDK.

mod backend;
mod memtable;
mod transaction;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use surrealdb::Surreal;
use surrealdb::engine::local::Db;
use surrealdb_core::kvs::Datastore;
use surrealdb_kvs::config::SyncMode;
use surrealkv::{Options, Tree, TreeBuilder, WalRecoveryMode};

use self::backend::Factory;
use super::Settings;
use super::write_ahead_log::Log;

const MIB: u64 = 1 << 20;
/// The most memory that a byte of the log becomes in a memtable. Entries with keys of ten bytes and no value need three
/// and a half; those of this program, about one and a half.
const MEMTABLE_PER_LOG_BYTE: u64 = 4;
/// The engine's addresses within a memtable have 32 bits.
const LARGEST_MEMTABLE: u64 = u32::MAX as u64;
/// Larger values are kept apart from the tables.
const LARGEST_INLINE_VALUE: usize = 4 << 10;
const VALUE_FILE: u64 = 64 * MIB;

/// An open embedded database.
pub(super) struct Engine {
    pub(super) db: Surreal<Db>,
    datastore: Arc<Datastore>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the database in `folder`, whose log has been read.
    pub(super) async fn open(folder: &Path, sync: SyncMode, settings: Settings, log: Log) -> Result<Self, String> {
        if log.largest_segment > 0 {
            recover(folder, settings, log)
                .await
                .map_err(|error| error.to_string())?;
        }
        let memtable = u64::from(settings.memtable_mib) * MIB;
        let factory = Factory::new(options(folder, settings, memtable), sync);
        let datastore = Datastore::builder()
            // They write, and nothing may be written before the version of a new database is.
            .without_maintenance_tasks()
            .build_with_factory_path("surrealkv", factory)
            .await
            .map_err(|error| error.to_string())?;
        datastore.check_version().await.map_err(|error| error.to_string())?;
        datastore.bootstrap().await.map_err(|error| error.to_string())?;
        datastore.start_maintenance_tasks();
        let db = Surreal::unstable_from_datastore(Arc::clone(&datastore), None)
            .await
            .map_err(|error| error.message().to_owned())?;
        Ok(Self { db, datastore })
    }

    /// Writes everything to the tables and closes the files.
    pub(super) async fn close(self) -> Result<(), String> {
        let Self { db, datastore } = self;
        drop(db);
        datastore.shutdown().await.map_err(|error| error.to_string())
    }
}

/// Writes what a crash left in the log to the tables.
///
/// A segment that does not fit into one memtable is replayed into several, and the engine counts the whole segment as
/// stored when the first of them is: a second crash would lose the others. So each gets one that is large enough.
async fn recover(folder: &Path, settings: Settings, log: Log) -> Result<(), surrealkv::Error> {
    let memtable = (log.largest_segment * MEMTABLE_PER_LOG_BYTE).clamp(MIB, LARGEST_MEMTABLE);
    let mut options = options(folder, settings, memtable);
    // Closing would wait for a compaction.
    options.level0_max_files = usize::MAX;
    options.max_bytes_for_level = u64::MAX;
    open(options)?.close().await
}

fn options(folder: &Path, settings: Settings, memtable: u64) -> Options {
    Options::new()
        .with_path(folder.to_owned())
        .with_max_memtable_size(usize::try_from(memtable).unwrap_or(usize::MAX))
        .with_block_cache_capacity(u64::from(settings.block_cache_mib) * MIB)
        .with_filter_policy(None)
        .with_enable_vlog(true)
        .with_vlog_value_threshold(LARGEST_INLINE_VALUE)
        .with_vlog_max_file_size(VALUE_FILE)
        // The log has been read; what cannot be read now has changed since.
        .with_wal_recovery_mode(WalRecoveryMode::AbsoluteConsistency)
}

fn open(options: Options) -> Result<Tree, surrealkv::Error> {
    TreeBuilder::with_options(options).build()
}
