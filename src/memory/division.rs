//! The division of the memory of a server. Pure arithmetic.
//!
//! The program takes a fixed amount, and every part a smallest one. The rest is divided by weights, up to the largest
//! amount of each part, beyond which it has no use for more. With 2 GiB, the store has its largest buffers, and with 4 GiB
//! all caches their largest sizes.

use std::fmt;

use strum::{EnumCount as _, VariantArray as _};

use super::part::{ENTRIES_MOST, Facts, LARGEST_READER, LEAST_READER, MEMTABLES, MIB, PASSWORD, Part, max_readers};
use super::size::MemorySize;

/// The program with its models and threads, before it has served anything; see `docs/operations/store.md`.
const PROGRAM: u64 = 176 * MIB;
/// The copies of a request body: as received, as parsed, and as decoded.
const BODY_COPIES: u64 = 3;
/// The buffers of a connection.
const CONNECTION: u64 = 64 * 1024;
/// The memory of a job that is ready to be ranked: about half of 60 KB, as the cache has some of the jobs too.
const RANKED_JOB: u64 = 32 * 1024;
/// The jobs of the catalogue in the largest ranking.
const LARGEST_RANKING: usize = 1000;
/// The memory of a reader for which another one is started.
const READER: u64 = 256 * MIB;

/// The processes that read documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readers {
    /// The most processes at once.
    pub count: usize,
    /// The memory of each, in bytes.
    pub memory: u64,
}

impl Readers {
    /// The readers of a machine with this many cores, where memory is ample.
    #[must_use]
    pub fn ample(cores: usize) -> Self {
        Self {
            count: max_readers(cores),
            memory: LARGEST_READER,
        }
    }
}

/// The sizes of all parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    memory: MemorySize,
    cores: usize,
    /// In bytes, by part.
    sizes: [u64; Part::COUNT],
}

impl Division {
    /// Divides the memory.
    #[must_use]
    pub fn new(facts: &Facts) -> Self {
        let shares: [_; Part::COUNT] = std::array::from_fn(|at| Part::VARIANTS[at].share(facts));
        let mut sizes = shares.map(|share| share.least);
        let mut rest = facts.memory.bytes().saturating_sub(PROGRAM + sizes.iter().sum::<u64>());
        let mut open: Vec<usize> = (0..Part::COUNT).filter(|&at| shares[at].weight > 0).collect();
        while !open.is_empty() {
            let unit = rest / open.iter().map(|&at| shares[at].weight).sum::<u64>();
            let offered = |at: usize| unit * shares[at].weight;
            let (full, others): (Vec<usize>, Vec<usize>) = open
                .into_iter()
                .partition(|&at| shares[at].most - sizes[at] <= offered(at));
            if full.is_empty() {
                others.into_iter().for_each(|at| sizes[at] += offered(at));
                break;
            }
            for at in full {
                rest -= shares[at].most - sizes[at];
                sizes[at] = shares[at].most;
            }
            open = others;
        }
        Self {
            memory: facts.memory,
            cores: facts.cores.max(1),
            sizes,
        }
    }

    /// The memory that is divided.
    #[must_use]
    pub fn memory(&self) -> MemorySize {
        self.memory
    }

    /// The bytes by which the parts exceed the memory, because settings of the store are too large for it.
    #[must_use]
    pub fn excess(&self) -> u64 {
        (PROGRAM + self.sizes.iter().sum::<u64>()).saturating_sub(self.memory.bytes())
    }

    /// The name and the size in bytes of each part, the program first.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let parts = Part::VARIANTS.iter().zip(self.sizes);
        std::iter::once(("program", PROGRAM)).chain(parts.map(|(part, size)| (part.name(), size)))
    }

    /// The size of one memtable of the store, in MiB.
    #[must_use]
    pub fn memtable_mib(&self) -> u32 {
        mib(self.size(Part::Memtables) / MEMTABLES)
    }

    /// The size of the store's block cache, in MiB.
    #[must_use]
    pub fn block_cache_mib(&self) -> u32 {
        mib(self.size(Part::BlockCache))
    }

    /// The size of the cache of jobs that were ranked, in bytes.
    #[must_use]
    pub fn candidates(&self) -> u64 {
        self.size(Part::Candidates)
    }

    /// The number of jobs that rankings may have in memory besides the cache; at least those of the largest ranking.
    #[must_use]
    pub fn ranked_jobs(&self) -> usize {
        count(self.candidates() / RANKED_JOB).max(LARGEST_RANKING)
    }

    /// The size of the cache of embeddings, in bytes.
    #[must_use]
    pub fn embeddings(&self) -> u64 {
        self.size(Part::Embeddings)
    }

    /// The size of all matches that can be scored again, in bytes.
    #[must_use]
    pub fn matches(&self) -> usize {
        count(self.size(Part::Matches))
    }

    /// The length of the texts that wait for inference, in bytes.
    #[must_use]
    pub fn queue(&self) -> usize {
        count(self.size(Part::Queue))
    }

    /// The share that each cache of states, tokens and counts has of its largest number of entries, from 0 to 1.
    #[must_use]
    pub fn entries(&self) -> f64 {
        self.size(Part::Entries) as f64 / (ENTRIES_MOST * MIB) as f64
    }

    /// That share of a cache's largest number of entries.
    #[must_use]
    pub fn entries_of(&self, most: u64) -> u64 {
        (self.entries() * most as f64) as u64
    }

    /// The number of passwords that are hashed at once.
    #[must_use]
    pub fn password_permits(&self) -> usize {
        count(self.size(Part::Passwords) / PASSWORD).clamp(1, self.cores)
    }

    /// The length of all request bodies together, in bytes.
    #[must_use]
    pub fn bodies(&self) -> usize {
        count(self.size(Part::Bodies) / BODY_COPIES)
    }

    /// The number of open connections.
    #[must_use]
    pub fn connections(&self) -> usize {
        count(self.size(Part::Connections) / CONNECTION)
    }

    /// The processes that read documents: two as soon as each has the least memory, so that a slow file does not hold up
    /// all others.
    #[must_use]
    pub fn readers(&self) -> Readers {
        let size = self.size(Part::Documents);
        let least = if size < 2 * LEAST_READER { 1 } else { 2 };
        let readers = count(size / READER).max(least).min(max_readers(self.cores));
        Readers {
            count: readers,
            memory: (size / readers as u64).min(LARGEST_READER),
        }
    }

    fn size(&self, part: Part) -> u64 {
        self.sizes[part as usize]
    }
}

impl fmt::Display for Division {
    /// One line: each part with its MiB.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (name, size)) in self.parts().enumerate() {
            let separator = if n == 0 { "" } else { ", " };
            write!(f, "{separator}{name} {}", size / MIB)?;
        }
        f.write_str(" (MiB)")
    }
}

fn mib(bytes: u64) -> u32 {
    u32::try_from(bytes / MIB).unwrap_or(u32::MAX)
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
