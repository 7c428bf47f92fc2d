//! The parts of the memory: what each is, its smallest and largest amount, and its weight.

use strum::{EnumCount, VariantArray};

use super::size::MemorySize;

pub(super) const MIB: u64 = 1 << 20;
/// Up to two full memtables wait to be written besides the current one.
pub(super) const MEMTABLES: u64 = 3;
/// The memory of one run of Argon2.
pub(super) const PASSWORD: u64 = 19 * MIB;
/// The least memory with which a reader of documents reads ordinary files.
pub(super) const LEAST_READER: u64 = 112 * MIB;
/// The most memory of a reader.
pub(super) const LARGEST_READER: u64 = 1 << 30;
/// The memory of all caches of states, tokens and counts with their largest numbers of entries, and with an eighth, in MiB.
pub(super) const ENTRIES_MOST: u64 = 320;
const ENTRIES_LEAST: u64 = 40;

/// The most readers of documents at once: one for each core, and at least two, so that a slow file does not hold up all
/// others.
pub(super) fn max_readers(cores: usize) -> usize {
    cores.clamp(2, 16)
}

/// What the division depends on.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// The memory of the server and of its readers of documents.
    pub memory: MemorySize,
    /// The number of CPU cores.
    pub cores: usize,
    /// The settings of the store's memory; `None` if the store is not embedded.
    pub store: Option<StoreMemory>,
}

/// The memory settings of an embedded store, each `None` if it is not set.
#[derive(Debug, Clone, Copy, Default)]
pub struct StoreMemory {
    /// The size of one memtable, in MiB.
    pub memtable_mib: Option<u32>,
    /// The size of the block cache, in MiB.
    pub block_cache_mib: Option<u32>,
}

/// A part of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumCount, VariantArray)]
pub(super) enum Part {
    Records,
    Memtables,
    BlockCache,
    Candidates,
    Embeddings,
    Matches,
    Queue,
    Entries,
    Passwords,
    Bodies,
    Connections,
    Documents,
}

use self::Part::{
    BlockCache, Bodies, Candidates, Connections, Documents, Embeddings, Entries, Matches, Memtables, Passwords, Queue,
    Records,
};

/// The smallest and the largest amount of a part in bytes, and its weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) least: u64,
    pub(super) weight: u64,
    pub(super) most: u64,
}

impl Part {
    /// The name for operators.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Records => "accounts and jobs",
            Memtables => "memtables of the store",
            BlockCache => "block cache of the store",
            Candidates => "jobs ready to be ranked",
            Embeddings => "embeddings",
            Matches => "matches to be scored again",
            Queue => "texts that wait for inference",
            Entries => "account states and counts",
            Passwords => "password hashing",
            Bodies => "request bodies",
            Connections => "connections",
            Documents => "readers of documents",
        }
    }

    pub(super) fn share(self, facts: &Facts) -> Share {
        let mib = |least: u64, weight, most: u64| Share {
            least: least * MIB,
            weight,
            most: most * MIB,
        };
        let fixed = |bytes| Share {
            least: bytes,
            weight: 0,
            most: bytes,
        };
        let set = |setting: Option<u32>| setting.map(|setting| u64::from(setting) * MIB);
        match self {
            // Grows with the store and is bounded by nothing; the share is what the other parts leave.
            Records => Share {
                most: u64::MAX,
                ..mib(32, 16, 0)
            },
            Memtables => match facts.store.map(|store| set(store.memtable_mib)) {
                None => fixed(0),
                Some(Some(setting)) => fixed(MEMTABLES * setting),
                Some(None) => mib(48, 12, 192),
            },
            BlockCache => match facts.store.map(|store| set(store.block_cache_mib)) {
                None => fixed(0),
                Some(Some(setting)) => fixed(setting),
                Some(None) => mib(16, 4, 64),
            },
            Candidates => mib(4, 6, 96),
            Embeddings => mib(4, 4, 256),
            Matches | Queue => mib(4, 4, 64),
            Entries => mib(ENTRIES_LEAST, 9, ENTRIES_MOST),
            Passwords => Share {
                least: PASSWORD,
                weight: 4,
                most: PASSWORD * facts.cores.max(1) as u64,
            },
            Bodies => mib(24, 10, 768),
            Connections => mib(16, 3, 64),
            Documents => Share {
                least: LEAST_READER,
                weight: 22,
                most: LARGEST_READER * max_readers(facts.cores) as u64,
            },
        }
    }
}
