//! The embedded engine: SurrealDB over SurrealKV, in a folder.
//!
//! SurrealDB's own backend for SurrealKV uses memory in proportion to the machine and the store: a memtable of up to 4
//! GiB and a block cache of half the memory, which neither its URL nor its environment can change, and bloom filters,
//! for which a compaction keeps every key of the merged tables in memory. After a crash it may also lose an
//! acknowledged change (see [`memtable`]). This module therefore has its own [backend], builds the datastore in the
//! order of SurrealDB's `connect`, and passes it to the SDK.

mod backend;
mod error;
mod failure;
mod folders;
mod lsm_tree;
mod memtable;
mod recovery;
mod reopening;
mod rewriting;
mod segments;
mod transaction;
mod tree;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use surrealdb::Surreal;
use surrealdb::engine::local::Db;
use surrealdb_core::kvs::Datastore;
use surrealdb_kvs::config::SyncMode;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use self::backend::Factory;
use self::recovery::Place;
use self::reopening::ReopenableTree;
pub(super) use self::rewriting::copy;
use super::MemorySettings;
use super::write_ahead_log::Log;

/// The interval of attempts to open the tree again after a failed write.
const REOPENING_INTERVAL: Duration = Duration::from_secs(1);

/// An open embedded database.
pub(super) struct Engine {
    pub(super) db: Surreal<Db>,
    tree: Arc<ReopenableTree>,
    closed: CancellationToken,
    reopening: AbortHandle,
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
        let place = Place {
            folder: folder.to_owned(),
            memtable_mib: settings.memtable_mib,
            block_cache_mib: settings.block_cache_mib,
        };
        place
            .recover(log.largest_segment)
            .await
            .map_err(|error| error.to_string())?;
        let closed = CancellationToken::new();
        let tree = Arc::new(ReopenableTree::new(place, sync, closed.clone()));
        let datastore = Datastore::builder()
            // Maintenance tasks write, and nothing may be written before the version of a new database.
            .without_maintenance_tasks()
            .build_with_factory_path("surrealkv", Factory(Arc::clone(&tree)))
            .await
            .map_err(|error| error.to_string())?;
        datastore.check_version().await.map_err(|error| error.to_string())?;
        datastore.bootstrap().await.map_err(|error| error.to_string())?;
        datastore.start_maintenance_tasks();
        let db = Surreal::unstable_from_datastore(datastore, None)
            .await
            .map_err(|error| error.message().to_owned())?;
        let reopening = tokio::spawn(reopen_after_failures(Arc::clone(&tree))).abort_handle();
        Ok(Self {
            db,
            tree,
            closed,
            reopening,
        })
    }

    /// The reason for which changes are refused; `None` while they are accepted.
    pub(super) fn failure(&self) -> Option<&'static str> {
        self.tree.failure()
    }

    /// Writes all changes to the tables and closes the files.
    pub(super) async fn close(self) {
        self.reopening.abort();
        let closed = self.closed.clone();
        // The SDK shuts the datastore down when its last handle is dropped.
        drop(self);
        closed.cancelled().await;
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.reopening.abort();
    }
}

async fn reopen_after_failures(tree: Arc<ReopenableTree>) {
    loop {
        tokio::time::sleep(REOPENING_INTERVAL).await;
        tree.reopen_if_failed().await;
    }
}
