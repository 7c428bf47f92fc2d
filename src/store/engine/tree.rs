//! The tree of a store and the state that its transactions share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use surrealdb_kvs::config::SyncMode;
use surrealdb_kvs::{Error, Result};
use surrealkv::{Durability, Mode, Options, Tree, TreeBuilder};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::error::failed;
use super::memtable::{Memtable, Permit};

/// An open tree.
pub(super) struct SharedTree {
    tree: Tree,
    memtable: Memtable,
    syncs: Syncs,
    closing: AtomicBool,
    closed: CancellationToken,
}

/// The task that syncs the log to disk, stopped when this is dropped.
enum Syncs {
    /// Commits wait for a sync.
    EveryCommit(mpsc::UnboundedSender<oneshot::Sender<Result<()>>>),
    AtIntervals {
        _until_dropped: std::sync::mpsc::Sender<()>,
    },
    Never,
}

impl SharedTree {
    /// Opens a tree. `closed` is cancelled when it is closed.
    pub(super) fn open(options: Options, sync: SyncMode, closed: CancellationToken) -> Result<Self> {
        let memtable = Memtable::new(&options);
        let tree = TreeBuilder::with_options(options).build().map_err(failed)?;
        let syncs = match sync {
            SyncMode::Every => sync_commits(tree.clone())?,
            SyncMode::Interval(pause) => sync_at_intervals(tree.clone(), pause)?,
            SyncMode::Never => Syncs::Never,
        };
        Ok(Self {
            tree,
            memtable,
            syncs,
            closing: AtomicBool::new(false),
            closed,
        })
    }

    /// Writes all changes to the tables and closes the files. Later commits are refused.
    pub(super) async fn close(&self) -> Result<()> {
        self.closing.store(true, Ordering::Release);
        let outcome = self.tree.close().await;
        if let Err(error) = &outcome {
            tracing::error!(%error, "failed to close the database; its log contains every change");
        }
        self.closed.cancel();
        outcome.map_err(failed)
    }

    /// Begins a transaction.
    pub(super) fn begin(&self, writes: bool) -> Result<surrealkv::Transaction> {
        let mode = if writes { Mode::ReadWrite } else { Mode::ReadOnly };
        let mut inner = self.tree.begin_with_mode(mode).map_err(failed)?;
        // `synced` waits for the disk, once for many commits.
        inner.set_durability(Durability::Eventual);
        Ok(inner)
    }

    /// Waits until the memtable has room for the entries. The room is reserved until the permit is dropped.
    pub(super) async fn room(&self, entries: u64, bytes: u64) -> Result<Permit> {
        if self.closing.load(Ordering::Acquire) {
            return Err(Error::Shutdown);
        }
        self.memtable.room(entries, bytes, || self.begin(true)).await
    }

    /// Waits until all commits are on disk, if the store syncs every commit.
    pub(super) async fn synced(&self) -> Result<()> {
        let Syncs::EveryCommit(syncs) = &self.syncs else {
            return Ok(());
        };
        let (done, synced) = oneshot::channel();
        // The transaction is committed. Whether it is on disk is unknown while the store closes.
        let unknown = || Error::CommitOutcomeUnknown("the store was closed".to_owned());
        syncs.send(done).map_err(|_| unknown())?;
        synced.await.map_err(|_| unknown())?
    }
}

/// Syncs the log to disk once for all waiting commits.
fn sync_commits(tree: Tree) -> Result<Syncs> {
    let (sender, mut waiting) = mpsc::unbounded_channel::<oneshot::Sender<_>>();
    spawn(move || {
        while let Some(first) = waiting.blocking_recv() {
            let mut batch = vec![first];
            while let Ok(more) = waiting.try_recv() {
                batch.push(more);
            }
            let outcome = tree.flush_wal(true);
            for commit in batch {
                // The receiver is gone if its operation was cancelled.
                let _ = commit.send(outcome.clone().map_err(failed));
            }
        }
    })?;
    Ok(Syncs::EveryCommit(sender))
}

fn sync_at_intervals(tree: Tree, pause: Duration) -> Result<Syncs> {
    let (sender, dropped) = std::sync::mpsc::channel();
    spawn(move || {
        while dropped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            if let Err(error) = tree.flush_wal(true) {
                tracing::error!(%error, "the store's log could not be written to disk");
            }
        }
    })?;
    Ok(Syncs::AtIntervals { _until_dropped: sender })
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = std::thread::Builder::new().name("store-sync".to_owned());
    match thread.spawn(work) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Datastore(format!("no thread for the log: {error}"))),
    }
}
