//! Room in the memtable, and a new one before it is full.
//!
//! SurrealKV writes a commit to the log and then to the memtable. If it does not fit there, a new memtable and a new
//! segment of the log begin, and the commit goes to the new memtable, though it is in the old segment. That segment is
//! removed as soon as the old memtable is a table; a crash before the new memtable is one as well loses the commit. So no
//! commit is begun that may not fit: before that happens, and while no other commit runs, entries that mean nothing are
//! written until they have made the engine begin a new memtable.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use surrealdb_kvs::{Error, Result};
use surrealkv::{Options, Transaction};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

use super::backend::failed;

const MIB: u64 = 1 << 20;
/// Never used, for all that is estimated.
const RESERVE: u64 = MIB;
/// What the engine reserves for an entry beside its key and value: the highest node of its skip list.
const HIGHEST_NODE: u64 = 200;
/// What an entry takes in the memtable beyond what it takes in the log: 52 bytes of a node at the average, less the
/// record's 14.
const BEYOND_LOG: u64 = 44;
const FILLER_ENTRIES: u64 = 128;
/// Small enough to be kept in the tables.
const FILLER_VALUE: [u8; 4000] = [0; 4000];

pub(super) struct Memtable {
    capacity: u64,
    log: PathBuf,
    usage: Arc<Mutex<Usage>>,
    /// Commits share it; what begins a new memtable has it alone.
    gate: Arc<RwLock<()>>,
}

#[derive(Default)]
struct Usage {
    /// The segment that the memtable's entries are in; found at the first commit.
    segment: Option<u64>,
    /// Entries in the memtable.
    entries: u64,
    /// The most that commits under way may take.
    under_way: u64,
}

/// Room for a commit.
pub(super) struct Permit {
    usage: Arc<Mutex<Usage>>,
    held: u64,
    _gate: OwnedRwLockReadGuard<()>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        lock(&self.usage).under_way -= self.held;
    }
}

impl Memtable {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            capacity: options.max_memtable_size as u64,
            log: options.path.join("wal"),
            usage: Arc::default(),
            gate: Arc::default(),
        }
    }

    /// Waits until there is room for so many entries with so many bytes of keys and values.
    ///
    /// # Errors
    /// [`Error::TransactionTooLarge`] if no memtable has; the engine's.
    pub(super) async fn room(
        &self,
        entries: u64,
        bytes: u64,
        begin: impl Fn() -> Result<Transaction>,
    ) -> Result<Permit> {
        let needed = bytes + entries * HIGHEST_NODE;
        // Fillers take up some of a new memtable.
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
            // Another commit may have done it meanwhile.
            if !self.fits(&lock(&self.usage), needed)? {
                self.begin_new(&begin).await?;
            }
        }
    }

    fn take(&self, entries: u64, needed: u64) -> Result<bool> {
        let mut usage = lock(&self.usage);
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
        let logged = match std::fs::metadata(self.log.join(format!("{segment:020}.wal"))) {
            Ok(metadata) => metadata.len(),
            // The engine has begun another one all the same.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unreadable(error)),
        };
        let used = logged + usage.entries * BEYOND_LOG + usage.under_way;
        Ok(used + needed + RESERVE <= self.capacity)
    }

    /// Fills the memtable until there is another one.
    async fn begin_new(&self, begin: &impl Fn() -> Result<Transaction>) -> Result<()> {
        let full = lock(&self.usage).segment;
        while Some(self.newest_segment()?) == full {
            let mut filler = begin()?;
            for n in 0..FILLER_ENTRIES {
                // Before every key of SurrealDB.
                filler.set(&n.to_be_bytes(), &FILLER_VALUE[..]).map_err(failed)?;
            }
            filler.commit().await.map_err(failed)?;
        }
        *lock(&self.usage) = Usage {
            segment: Some(self.newest_segment()?),
            // The last filler is in the new memtable, but not in its segment.
            entries: FILLER_ENTRIES * (1 + FILLER_VALUE.len() as u64 / BEYOND_LOG),
            under_way: 0,
        };
        Ok(())
    }

    fn newest_segment(&self) -> Result<u64> {
        let mut newest = 0;
        for entry in std::fs::read_dir(&self.log).map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(".wal"));
            newest = newest.max(stem.and_then(|stem| stem.parse().ok()).unwrap_or(0));
        }
        Ok(newest)
    }
}

fn lock(usage: &Mutex<Usage>) -> MutexGuard<'_, Usage> {
    usage.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` passes")]
fn unreadable(error: io::Error) -> Error {
    Error::Datastore(format!("the write-ahead log cannot be read: {error}"))
}
