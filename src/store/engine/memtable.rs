//! Reservation of room in the memtable, and its replacement before it is full.
//!
//! SurrealKV writes a commit to the log and then to the memtable. If the memtable is full, it begins a new memtable and
//! a new segment of the log, and adds the commit to the new memtable although it was logged in the old segment. The old
//! segment is removed when the old memtable is written to a table. A crash before the new memtable is written as well
//! then loses the commit. Therefore a commit starts only if it fits. Before the memtable is full, and while no commit
//! runs, filler entries are written until the engine begins a new one.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use surrealdb_kvs::{Error, Result};
use surrealkv::{Options, Transaction};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

use super::error::failed;
use super::segments;

const MIB: u64 = 1 << 20;
/// Never used, to allow for estimation errors.
const RESERVE: u64 = MIB;
/// Bytes that the engine reserves for an entry besides its key and value: the highest node of its skip list.
const HIGHEST_NODE: u64 = 200;
/// Bytes of an entry in the memtable besides those in the log: on average 52 bytes of a node, less 14 of the record.
const BEYOND_LOG: u64 = 44;
const FILLER_ENTRIES: u64 = 128;
const FILLER_VALUE: [u8; 4000] = [0; 4000];

pub(super) struct Memtable {
    capacity: u64,
    log: PathBuf,
    usage: Arc<Mutex<Usage>>,
    /// Commits hold it shared; the replacement of the memtable holds it exclusively.
    gate: Arc<RwLock<()>>,
}

#[derive(Default)]
struct Usage {
    /// The log segment of the memtable's entries; determined at the first commit.
    segment: Option<u64>,
    /// The number of entries in the memtable.
    entries: u64,
    /// The maximum number of bytes that running commits may need.
    under_way: u64,
}

/// Reserved room for a commit.
pub(super) struct Permit {
    usage: Arc<Mutex<Usage>>,
    held: u64,
    _gate: OwnedRwLockReadGuard<()>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.usage.lock().under_way -= self.held;
    }
}

impl Memtable {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            capacity: options.max_memtable_size as u64,
            log: segments::folder(&options.path),
            usage: Arc::default(),
            gate: Arc::default(),
        }
    }

    /// Waits until there is room for `entries` with `bytes` of keys and values.
    ///
    /// # Errors
    /// Returns [`Error::TransactionTooLarge`] if it does not fit into an empty memtable, or the error of the engine.
    pub(super) async fn room(
        &self,
        entries: u64,
        bytes: u64,
        begin: impl Fn() -> Result<Transaction>,
    ) -> Result<Permit> {
        let needed = bytes + entries * HIGHEST_NODE;
        // Filler entries use part of a new memtable.
        if needed > self.capacity - 2 * RESERVE {
            return Err(Error::TransactionTooLarge);
        }
        loop {
            let gate = Arc::clone(&self.gate).read_owned().await;
            if self.take(entries, needed)? {
                return Ok(Permit {
                    usage: Arc::clone(&self.usage),
                    held: needed,
                    _gate: gate,
                });
            }
            drop(gate);
            let _alone = self.gate.write().await;
            // Another commit may have replaced the memtable in the meantime.
            if !self.fits(&self.usage.lock(), needed)? {
                self.begin_new(&begin).await?;
            }
        }
    }

    fn take(&self, entries: u64, needed: u64) -> Result<bool> {
        let mut usage = self.usage.lock();
        if usage.segment.is_none() {
            usage.segment = Some(self.newest_segment()?);
        }
        let fits = self.fits(&usage, needed)?;
        if fits {
            usage.entries += entries;
            usage.under_way += needed;
        }
        Ok(fits)
    }

    fn fits(&self, usage: &Usage, needed: u64) -> Result<bool> {
        let Some(segment) = usage.segment else { return Ok(true) };
        let logged = match std::fs::metadata(segments::path(&self.log, segment)) {
            Ok(metadata) => metadata.len(),
            // The engine has begun another segment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unreadable(error)),
        };
        let used = logged + usage.entries * BEYOND_LOG + usage.under_way;
        Ok(used + needed + RESERVE <= self.capacity)
    }

    /// Writes filler entries until the engine begins a new memtable.
    async fn begin_new(&self, begin: &impl Fn() -> Result<Transaction>) -> Result<()> {
        let full = self.usage.lock().segment;
        while Some(self.newest_segment()?) == full {
            let mut filler = begin()?;
            for n in 0..FILLER_ENTRIES {
                // Sorts before every key of SurrealDB.
                filler.set(&n.to_be_bytes(), &FILLER_VALUE[..]).map_err(failed)?;
            }
            filler.commit().await.map_err(failed)?;
        }
        *self.usage.lock() = Usage {
            segment: Some(self.newest_segment()?),
            // The last filler is in the new memtable, but in the old segment.
            entries: FILLER_ENTRIES * (1 + FILLER_VALUE.len() as u64 / BEYOND_LOG),
            under_way: 0,
        };
        Ok(())
    }

    fn newest_segment(&self) -> Result<u64> {
        segments::newest_number(&self.log).map_err(unreadable)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` passes")]
fn unreadable(error: io::Error) -> Error {
    Error::Datastore(format!("the write-ahead log cannot be read: {error}"))
}
