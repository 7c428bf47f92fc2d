//! A tree of SurrealKV whose background tasks run on a runtime of their own.
//!
//! In a runtime, a tree of SurrealKV that is dropped writes its memtables to tables. After a failed write, its files are
//! in a state that the tree does not know, and that would damage them. So only [`LsmTree::close`] writes them; dropping
//! an [`LsmTree`] leaves the files as a crash would. Its own runtime makes it possible to end the tasks, which hold the
//! tree, and keeps their blocking work off the threads that serve requests.

use std::mem::ManuallyDrop;

use surrealkv::{Error, Mode, Options, Transaction, Tree, TreeBuilder};
use tokio::runtime::{Builder, Runtime};

/// One for the memtables and one for compaction, which both block their thread.
const THREADS: usize = 2;

/// An open tree.
pub(super) struct LsmTree {
    /// `None` only if opening failed.
    tree: Option<Tree>,
    runtime: Option<Runtime>,
}

impl LsmTree {
    pub(super) fn open(options: Options) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("store-tables")
            .build()?;
        let mut opened = Self {
            tree: None,
            runtime: Some(runtime),
        };
        let built = {
            let _context = opened.runtime.as_ref().map(Runtime::enter);
            TreeBuilder::with_options(options).build()
        };
        opened.tree = Some(built?);
        Ok(opened)
    }

    /// Writes all changes to the tables and closes the files.
    pub(super) async fn close(&self) -> Result<(), Error> {
        self.tree()?.close().await
    }

    pub(super) fn begin(&self, mode: Mode) -> Result<Transaction, Error> {
        self.tree()?.begin_with_mode(mode)
    }

    /// The tree, for a thread outside of any runtime.
    pub(super) fn share(&self) -> Result<Tree, Error> {
        self.tree().cloned()
    }

    fn tree(&self) -> Result<&Tree, Error> {
        self.tree.as_ref().ok_or(Error::PipelineStall)
    }
}

impl Drop for LsmTree {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        if let Some(tree) = self.tree.take() {
            // If no thread can be started, the tree is never dropped.
            let tree = ManuallyDrop::new(tree);
            let thread = std::thread::Builder::new().name("store-drop".to_owned());
            let _ = thread.spawn(move || drop(ManuallyDrop::into_inner(tree)));
        }
    }
}
