//! The embedded engine: SurrealDB over SurrealKV, in a folder.
//!
//! SurrealDB's own backend for SurrealKV uses memory in proportion to the machine and the store: a memtable of up to 4
//! GiB and a block cache of half the memory, which neither its URL nor its environment can change, and bloom filters,
//! for which a compaction keeps every key of the merged tables in memory. After a crash it may also lose an
//! acknowledged change (see [`memtable`]). This module therefore has its own [backend], builds the datastore in the
//! order of SurrealDB's `connect`, and passes it to the SDK.

mod backend;
mod error;
mod memtable;
mod transaction;
mod tree;

use std::fmt;
use std::path::Path;

use surrealdb::Surreal;
use surrealdb::engine::local::Db;
use surrealdb_core::kvs::Datastore;
use surrealdb_kvs::config::SyncMode;
use surrealkv::{Options, TreeBuilder, WalRecoveryMode};
use tokio_util::sync::CancellationToken;

use self::backend::Factory;
use super::MemorySettings;
use super::write_ahead_log::Log;

const MIB: u64 = 1 << 20;
/// The maximum memtable size per byte of the log. Entries with keys of ten bytes and no value need 3.5; those of this
/// program about 1.5.
const MEMTABLE_PER_LOG_BYTE: u64 = 4;
/// Offsets within a memtable of the engine have 32 bits.
const LARGEST_MEMTABLE: u64 = u32::MAX as u64;
/// Larger values are stored outside of the tables.
const LARGEST_INLINE_VALUE: usize = 4 << 10;
const VALUE_FILE: u64 = 64 * MIB;

/// An open embedded database.
pub(super) struct Engine {
    pub(super) db: Surreal<Db>,
    closed: CancellationToken,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the database in `folder`, whose log has been verified.
    pub(super) async fn open(
        folder: &Path,
        sync: SyncMode,
        settings: MemorySettings,
        log: Log,
    ) -> Result<Self, String> {
        if log.largest_segment > 0 {
            recover(folder, settings, log)
                .await
                .map_err(|error| error.to_string())?;
        }
        let memtable = u64::from(settings.memtable_mib) * MIB;
        let closed = CancellationToken::new();
        let factory = Factory::new(options(folder, settings, memtable), sync, closed.clone());
        let datastore = Datastore::builder()
            // Maintenance tasks write, and nothing may be written before the version of a new database.
            .without_maintenance_tasks()
            .build_with_factory_path("surrealkv", factory)
            .await
            .map_err(|error| error.to_string())?;
        datastore.check_version().await.map_err(|error| error.to_string())?;
        datastore.bootstrap().await.map_err(|error| error.to_string())?;
        datastore.start_maintenance_tasks();
        let db = Surreal::unstable_from_datastore(datastore, None)
            .await
            .map_err(|error| error.message().to_owned())?;
        Ok(Self { db, closed })
    }

    /// Writes all changes to the tables and closes the files.
    pub(super) async fn close(self) {
        let Self { db, closed } = self;
        // The SDK shuts the datastore down when its last handle is dropped.
        drop(db);
        closed.cancelled().await;
    }
}

/// Writes the changes that a crash left in the log to the tables.
///
/// The engine replays a segment larger than the memtable into several, and counts the whole segment as stored when the
/// first of them is. A second crash would lose the others. So every segment is replayed into a memtable that is large
/// enough.
async fn recover(folder: &Path, settings: MemorySettings, log: Log) -> Result<(), surrealkv::Error> {
    let memtable = (log.largest_segment * MEMTABLE_PER_LOG_BYTE).clamp(MIB, LARGEST_MEMTABLE);
    let mut options = options(folder, settings, memtable);
    // Closing would wait for a compaction.
    options.level0_max_files = usize::MAX;
    options.l0_stall_threshold = usize::MAX;
    options.max_bytes_for_level = u64::MAX;
    TreeBuilder::with_options(options).build()?.close().await
}

fn options(folder: &Path, settings: MemorySettings, memtable: u64) -> Options {
    Options::new()
        .with_path(folder.to_owned())
        .with_max_memtable_size(usize::try_from(memtable).unwrap_or(usize::MAX))
        .with_block_cache_capacity(u64::from(settings.block_cache_mib) * MIB)
        .with_filter_policy(None)
        .with_enable_vlog(true)
        .with_vlog_value_threshold(LARGEST_INLINE_VALUE)
        .with_vlog_max_file_size(VALUE_FILE)
        // The log was verified. A record that cannot be read was changed since.
        .with_wal_recovery_mode(WalRecoveryMode::AbsoluteConsistency)
}
