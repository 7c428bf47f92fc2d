//! The tree of a store, opened again from its files after a failed write.
//!
//! Once a write has failed, for example because the disk is full, the tree takes no more (see [`super::failure`]), and
//! reads are answered. As soon as the disk has room for the log, the tree is dropped without writing anything, what it
//! appended to the log after the failure is removed, and the store is opened as after a crash. No restart is necessary.
//!
//! SurrealDB writes a heartbeat every three seconds. So an idle store finds out too that it cannot write, and no probe
//! is necessary while writes succeed.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use surrealdb_kvs::config::SyncMode;
use surrealdb_kvs::{Error, Result};
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use super::failure::LogEnd;
use super::recovery::Place;
use super::segments;
use super::tree::SharedTree;
use crate::store::lock;
use crate::store::write_ahead_log;

/// The time to wait for running transactions and tasks to release the old tree. Statements end within 5 s.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(8);
const POLL: Duration = Duration::from_millis(20);
/// The room on the disk, besides that for the log, without which a store is not opened again.
const SPARE: u64 = 4 << 20;
/// The file that shows whether the disk has room.
const PROBE: &str = "portcullis.probe";

/// The tree of a store.
pub(super) struct ReopenableTree {
    place: Place,
    sync: SyncMode,
    closed: CancellationToken,
    /// Held exclusively while the tree is replaced; new transactions wait.
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    /// `None` before the first opening, and after a failed attempt to open it again.
    tree: Option<Arc<SharedTree>>,
    /// What was appended to the log after this must be removed before it is opened.
    log_end: Option<LogEnd>,
}

impl ReopenableTree {
    /// `closed` is cancelled when the tree is closed.
    pub(super) fn new(place: Place, sync: SyncMode, closed: CancellationToken) -> Self {
        Self {
            place,
            sync,
            closed,
            state: RwLock::default(),
        }
    }

    /// Opens the tree for the first time. Its log has been recovered.
    pub(super) async fn open(&self) -> Result<()> {
        // A process that was killed may have left it.
        let _ = std::fs::remove_file(self.place.folder().join(PROBE));
        let tree = SharedTree::open(self.place.options(), self.sync)?;
        self.state.write().await.tree = Some(Arc::new(tree));
        Ok(())
    }

    /// Begins a transaction.
    pub(super) async fn begin(&self, writes: bool) -> Result<(Arc<SharedTree>, surrealkv::Transaction)> {
        let state = self.state.read().await;
        let tree = state.tree.as_ref().ok_or_else(|| {
            Error::Datastore(
                "the store is closed after a failed write, and opened again as soon as possible".to_owned(),
            )
        })?;
        Ok((Arc::clone(tree), tree.begin(writes)?))
    }

    /// The reason for which writes are refused.
    pub(super) fn failure(&self) -> Option<&'static str> {
        let Ok(state) = self.state.try_read() else {
            return Some("it is being opened again after a failed write");
        };
        match &state.tree {
            Some(tree) => tree.failure().map(|failure| failure.cause),
            None => Some("it could not be opened again after a failed write; the log has the error"),
        }
    }

    /// Opens the tree again if a write failed and the disk has room.
    pub(super) async fn reopen_if_failed(&self) {
        if self.closed.is_cancelled() || self.failure().is_none() {
            return;
        }
        let folder = self.place.folder().to_owned();
        if !matches!(tokio::task::spawn_blocking(move || has_room(&folder)).await, Ok(true)) {
            return;
        }
        let mut state = self.state.write().await;
        if !self.release(&mut state).await {
            return;
        }
        match self.open_again().await {
            Ok(tree) => {
                state.tree = Some(Arc::new(tree));
                tracing::info!("the store takes changes again");
            }
            Err(error) => tracing::error!(%error, "failed to open the store again; retrying"),
        }
    }

    /// Writes all changes to the tables and closes the files.
    pub(super) async fn close(&self) -> Result<()> {
        let mut state = self.state.write().await;
        let outcome = match &state.tree {
            Some(tree) if tree.failure().is_none() => tree.close().await,
            // The tables cannot be written from a tree whose write failed. The log has every change.
            _ => {
                self.release(&mut state).await;
                Ok(())
            }
        };
        self.closed.cancel();
        outcome
    }

    /// Drops the tree, waits until its files are closed, and removes what it appended to the log after the failure.
    /// Returns whether that is done.
    async fn release(&self, state: &mut State) -> bool {
        let mut held = None;
        if let Some(tree) = state.tree.take() {
            state.log_end = tree.failure().and_then(|failure| failure.log_end.clone());
            held = Some(Arc::downgrade(&tree));
        }
        let start = Instant::now();
        while lock::engine_holds(self.place.folder()) {
            if start.elapsed() > RELEASE_TIMEOUT {
                tracing::warn!("transactions still use the store, so it is not opened again yet");
                state.tree = held.and_then(|tree| tree.upgrade());
                return false;
            }
            tokio::time::sleep(POLL).await;
        }
        match state.log_end.as_ref().map_or(Ok(()), LogEnd::restore) {
            Ok(()) => {
                state.log_end = None;
                true
            }
            Err(error) => {
                tracing::error!(%error, "failed to cut the write-ahead log; retrying");
                false
            }
        }
    }

    async fn open_again(&self) -> std::result::Result<SharedTree, String> {
        let folder = self.place.folder().to_owned();
        let log = tokio::task::spawn_blocking(move || write_ahead_log::inspect(&folder))
            .await
            .map_err(|stopped| stopped.to_string())?
            .map_err(|error| error.to_string())?;
        self.place
            .recover(log.largest_segment)
            .await
            .map_err(|error| error.to_string())?;
        SharedTree::open(self.place.options(), self.sync).map_err(|error| error.to_string())
    }
}

/// Whether the disk has room to write the log to tables. Writes nothing if it is full, because other programs may need
/// the last bytes.
fn has_room(folder: &Path) -> bool {
    let needed = segments::total_length(&segments::folder(folder)).map(|length| length + SPARE);
    match (needed, rustix::fs::statvfs(folder)) {
        (Ok(needed), Ok(disk)) if disk.f_bavail * disk.f_frsize > needed => {
            let probe = folder.join(PROBE);
            let written = write_zeros(&probe, needed);
            let removed = std::fs::remove_file(&probe);
            written.and(removed).is_ok()
        }
        _ => false,
    }
}

fn write_zeros(path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    io::copy(&mut io::Read::take(io::repeat(0), length), &mut file)?;
    file.flush()?;
    file.sync_all()
}
