//! A storage backend of SurrealDB over SurrealKV: opens trees, begins transactions, syncs commits to disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use surrealdb_cnf::ConfigMap;
use surrealdb_core::kvs::{TransactionBuilderFactory, TransactionBuilderParts};
use surrealdb_kvs::api::BoxFut;
use surrealdb_kvs::config::SyncMode;
use surrealdb_kvs::{Error, Metrics, Result, Transactable, TransactionBuilder, TransactionType};
use surrealkv::{Durability, Mode, Options, Tree};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::memtable::{Memtable, Permit};
use super::transaction::Transaction;

/// Opens the tree when SurrealDB requests it.
pub(super) struct Factory {
    options: Options,
    sync: SyncMode,
}

impl Factory {
    pub(super) fn new(options: Options, sync: SyncMode) -> Self {
        Self { options, sync }
    }
}

impl TransactionBuilderFactory for Factory {
    type RouterState = ();

    async fn new_transaction_builder(
        &self,
        _path: &str,
        _canceller: CancellationToken,
        _config: ConfigMap,
    ) -> anyhow::Result<TransactionBuilderParts<()>> {
        let backend = Backend::open(self.options.clone(), self.sync)?;
        Ok(TransactionBuilderParts::without_router_state(Box::new(backend)))
    }

    fn path_valid(&self, path: &str) -> anyhow::Result<String> {
        Ok(path.to_owned())
    }
}

struct Backend(Arc<Shared>);

/// The state that the transactions of a tree share.
pub(super) struct Shared {
    tree: Tree,
    memtable: Memtable,
    syncs: Syncs,
    closing: AtomicBool,
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

impl Backend {
    fn open(options: Options, sync: SyncMode) -> Result<Self> {
        let memtable = Memtable::new(&options);
        let tree = super::open(options).map_err(failed)?;
        let syncs = match sync {
            SyncMode::Every => sync_commits(tree.clone())?,
            SyncMode::Interval(pause) => sync_at_intervals(tree.clone(), pause)?,
            SyncMode::Never => Syncs::Never,
        };
        Ok(Self(Arc::new(Shared {
            tree,
            memtable,
            syncs,
            closing: AtomicBool::new(false),
        })))
    }
}

impl TransactionBuilder for Backend {
    fn name(&self) -> &'static str {
        "surrealkv"
    }

    fn new_transaction(&self, kind: TransactionType) -> BoxFut<'_, Result<(Box<dyn Transactable>, bool)>> {
        Box::pin(async move {
            let writes = kind == TransactionType::Write;
            let inner = self.0.begin(writes)?;
            let transaction: Box<dyn Transactable> = Box::new(Transaction::new(Arc::clone(&self.0), inner, writes));
            Ok((transaction, true))
        })
    }

    fn shutdown(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            self.0.closing.store(true, Ordering::Release);
            self.0.tree.close().await.map_err(failed)
        })
    }

    fn register_metrics(&self) -> Option<Metrics> {
        None
    }

    fn collect_u64_metric(&self, _metric: &str) -> Option<u64> {
        None
    }
}

impl Shared {
    fn begin(&self, writes: bool) -> Result<surrealkv::Transaction> {
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

pub(super) fn failed(error: surrealkv::Error) -> Error {
    match error {
        surrealkv::Error::TransactionWriteConflict => Error::TransactionConflict(error.to_string()),
        surrealkv::Error::TransactionReadOnly => Error::TransactionReadonly,
        surrealkv::Error::TransactionClosed => Error::TransactionFinished,
        error => Error::Transaction(error.to_string()),
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
