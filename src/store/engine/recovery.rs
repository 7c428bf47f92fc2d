//! Options of the tree, and the recovery of its log after a crash or a failed write.

use std::path::{Path, PathBuf};

use surrealkv::{Error, Options, WalRecoveryMode};

use super::lsm_tree::LsmTree;

const MIB: u64 = 1 << 20;
/// The maximum memtable size per byte of the log. Entries with keys of ten bytes and no value need 3.5; those of this
/// program about 1.5.
const MEMTABLE_PER_LOG_BYTE: u64 = 4;
/// Offsets within a memtable of the engine have 32 bits.
const LARGEST_MEMTABLE: u64 = u32::MAX as u64;
/// All values are stored in the tables. SurrealKV does not sync the folder of its value files, nor a value file after which
/// it begins another, nor the header of a new one, without which it does not open the store again. Values that an earlier
/// release stored in value files are still read.
const LARGEST_INLINE_VALUE: usize = usize::MAX;

/// The folder of a store and the memory that its tree may use.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// The sizes of one memtable and of the block cache.
    pub(super) memtable_mib: u32,
    pub(super) block_cache_mib: u32,
}

impl Place {
    pub(super) fn options(&self) -> Options {
        self.options_with(u64::from(self.memtable_mib) * MIB)
    }

    /// Writes the changes that a crash left in the log to the tables. `largest_segment` is its length in bytes.
    ///
    /// The engine replays a segment larger than the memtable into several, and counts the whole segment as stored when
    /// the first of them is. A second crash would lose the others. So every segment is replayed into a memtable that is
    /// large enough.
    pub(super) async fn recover(&self, largest_segment: u64) -> Result<(), Error> {
        if largest_segment == 0 {
            return Ok(());
        }
        let memtable = (largest_segment * MEMTABLE_PER_LOG_BYTE).clamp(MIB, LARGEST_MEMTABLE);
        let mut options = self.options_with(memtable);
        // Closing would wait for a compaction.
        options.level0_max_files = usize::MAX;
        options.l0_stall_threshold = usize::MAX;
        options.max_bytes_for_level = u64::MAX;
        LsmTree::open(options)?.close().await
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn options_with(&self, memtable: u64) -> Options {
        Options::new()
            .with_path(self.folder.clone())
            .with_max_memtable_size(usize::try_from(memtable).unwrap_or(usize::MAX))
            .with_block_cache_capacity(u64::from(self.block_cache_mib) * MIB)
            .with_filter_policy(None)
            .with_enable_vlog(true)
            .with_vlog_value_threshold(LARGEST_INLINE_VALUE)
            // The log was verified. A record that cannot be read was changed since.
            .with_wal_recovery_mode(WalRecoveryMode::AbsoluteConsistency)
    }
}
