//! The tree of a store and the state that its transactions share.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use surrealdb_kvs::config::SyncMode;
use surrealdb_kvs::{Error, Result};
use surrealkv::{Durability, Mode, Options, Tree};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::error::{failed, is_write_failure};
use super::failure::{Failure, FirstFailure};
use super::folders;
use super::lsm_tree::LsmTree;
use super::memtable::{Memtable, Permit};
use super::segments::{self, NewestSegment};
use crate::store::synced_log::{LogPosition, SyncedLog};

/// An open tree.
pub(super) struct SharedTree {
    tree: LsmTree,
    memtable: Memtable,
    syncs: Syncs,
    /// Held while a commit is appended to the log, so that none follows a failed one.
    appending: Mutex<NewestSegment>,
    failure: FirstFailure,
    /// The end of the last complete commit in the log.
    appended: Appended,
    closing: AtomicBool,
}

type Appended = Arc<parking_lot::Mutex<Option<LogPosition>>>;

/// The task that syncs the log to disk, stopped when this is dropped.
enum Syncs {
    /// Commits wait for a sync.
    EveryCommit(mpsc::UnboundedSender<oneshot::Sender<surrealkv::Result<()>>>),
    AtIntervals {
        _until_dropped: std::sync::mpsc::Sender<()>,
    },
    Never,
}

impl SharedTree {
    pub(super) fn open(options: Options, sync: SyncMode) -> Result<Self> {
        let memtable = Memtable::new(&options);
        let folder = options.path.clone();
        let log_folder = segments::folder(&folder);
        let failure = FirstFailure::new(log_folder.clone());
        let appended = Appended::default();
        let tree = LsmTree::open(options).map_err(failed)?;
        folders::sync(&folder).map_err(unusable)?;
        let log = || LogSync::new(&tree, &folder, &failure, &appended);
        let syncs = match sync {
            SyncMode::Every => sync_commits(log()?)?,
            SyncMode::Interval(pause) => sync_at_intervals(log()?, pause)?,
            SyncMode::Never => Syncs::Never,
        };
        Ok(Self {
            tree,
            memtable,
            syncs,
            appending: Mutex::new(NewestSegment::of(log_folder)),
            failure,
            appended,
            closing: AtomicBool::new(false),
        })
    }

    /// The first failed write, after which the tree takes no more.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.failure.get()
    }

    /// Writes all changes to the tables and closes the files. Later commits are refused.
    pub(super) async fn close(&self) -> Result<()> {
        self.closing.store(true, Ordering::Release);
        let outcome = self.tree.close().await;
        if let Err(error) = &outcome {
            tracing::error!(%error, "failed to close the database; its log contains every change");
        }
        outcome.map_err(failed)
    }

    /// Begins a transaction.
    pub(super) fn begin(&self, writes: bool) -> Result<surrealkv::Transaction> {
        let mode = if writes { Mode::ReadWrite } else { Mode::ReadOnly };
        let mut inner = self.tree.begin(mode).map_err(failed)?;
        // `synced` waits for the disk, once for many commits.
        inner.set_durability(Durability::Eventual);
        Ok(inner)
    }

    /// Commits a transaction that writes this many entries, and bytes of keys and values.
    pub(super) async fn commit(
        &self,
        transaction: &mut surrealkv::Transaction,
        entries: u64,
        bytes: u64,
    ) -> Result<()> {
        if entries == 0 {
            return transaction.commit().await.map_err(failed);
        }
        let room = self.room(entries, bytes).await?;
        let mut newest = self.appending.lock().await;
        self.may_append()?;
        if let Err(error) = transaction.commit().await {
            return Err(self.refused(error));
        }
        *self.appended.lock() = newest.end().ok();
        drop(newest);
        drop(room);
        self.synced().await
    }

    /// Waits until the memtable has room for the entries. The room is reserved until the permit is dropped.
    async fn room(&self, entries: u64, bytes: u64) -> Result<Permit> {
        self.may_append()?;
        match self.memtable.room(entries, bytes, || self.begin(true)).await {
            // A filler entry or the log's folder failed.
            Err(error @ (Error::Transaction(_) | Error::Datastore(_))) => {
                Err(not_writable(self.failure.record(&error)))
            }
            outcome => outcome,
        }
    }

    fn may_append(&self) -> Result<()> {
        if self.closing.load(Ordering::Acquire) {
            return Err(Error::Shutdown);
        }
        match self.failure.get() {
            Some(failure) => Err(not_writable(failure.cause)),
            None => Ok(()),
        }
    }

    fn refused(&self, error: surrealkv::Error) -> Error {
        if self.closing.load(Ordering::Acquire) {
            Error::Shutdown
        } else if is_write_failure(&error) {
            not_writable(self.failure.record(&error))
        } else {
            failed(error)
        }
    }

    /// Waits until all commits are on disk, if the store syncs every commit.
    async fn synced(&self) -> Result<()> {
        let Syncs::EveryCommit(syncs) = &self.syncs else {
            return Ok(());
        };
        let (done, synced) = oneshot::channel();
        // The transaction is committed. Whether it is on disk is unknown while the store closes.
        let unknown = || Error::CommitOutcomeUnknown("the store was closed".to_owned());
        syncs.send(done).map_err(|_| unknown())?;
        synced
            .await
            .map_err(|_| unknown())?
            .map_err(|error| Error::CommitOutcomeUnknown(self.failure.record(&error).to_owned()))
    }
}

fn not_writable(cause: &str) -> Error {
    Error::Datastore(format!("the store cannot be written to: {cause}"))
}

/// Syncs the log to disk once for all waiting commits.
fn sync_commits(mut log: LogSync) -> Result<Syncs> {
    let (sender, mut waiting) = mpsc::unbounded_channel::<oneshot::Sender<_>>();
    spawn(move || {
        while let Some(first) = waiting.blocking_recv() {
            let mut batch = vec![first];
            while let Ok(more) = waiting.try_recv() {
                batch.push(more);
            }
            let outcome = log.sync();
            for commit in batch {
                // The receiver is gone if its operation was cancelled.
                let _ = commit.send(outcome.clone());
            }
        }
    })?;
    Ok(Syncs::EveryCommit(sender))
}

fn sync_at_intervals(mut log: LogSync, pause: Duration) -> Result<Syncs> {
    let (sender, dropped) = std::sync::mpsc::channel();
    spawn(move || {
        while dropped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            if let Err(error) = log.sync() {
                log.failure.record(&error);
            }
        }
    })?;
    Ok(Syncs::AtIntervals { _until_dropped: sender })
}

/// The log of a tree, for the thread that syncs it.
struct LogSync {
    tree: Tree,
    failure: FirstFailure,
    appended: Appended,
    synced: SyncedLog,
}

impl LogSync {
    fn new(tree: &LsmTree, folder: &Path, failure: &FirstFailure, appended: &Appended) -> Result<Self> {
        Ok(Self {
            tree: tree.share().map_err(failed)?,
            failure: failure.clone(),
            appended: Arc::clone(appended),
            synced: SyncedLog::open(folder).map_err(unusable)?,
        })
    }

    /// After a failed write, the buffer of the tree has a part of the refused record, which must not be written. The
    /// records before it are complete and only have to be synced.
    fn sync(&mut self) -> surrealkv::Result<()> {
        let end = *self.appended.lock();
        if self.failure.get().is_some() {
            self.failure.sync_log()?;
        } else {
            self.tree.flush_wal(true)?;
        }
        if let Some(end) = end {
            // If it cannot be written, an earlier end is still true.
            let _ = self.synced.advance(end);
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` passes")]
fn unusable(error: std::io::Error) -> Error {
    Error::Datastore(format!("the folder of the store cannot be used: {error}"))
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = std::thread::Builder::new().name("store-sync".to_owned());
    match thread.spawn(work) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Datastore(format!("no thread for the log: {error}"))),
    }
}
