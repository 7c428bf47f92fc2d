//! A cache of embeddings, keyed by the hash of the text, because job texts repeat. It is bounded in bytes and contains
//! no text.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::encoder::Embedding;
use super::encoder_input::Text;
use super::error::InferenceError;
use crate::metrics::metrics;

/// The hash of a text.
pub(super) type Key = [u8; 32];

/// The embedding of a text, or of its beginning if it is too long.
#[derive(Debug, Clone)]
pub(super) struct EncodedText {
    pub(super) embedding: Embedding,
    /// Whether the text has more word pieces than the encoder reads.
    pub(super) truncated: bool,
}

/// The approximate overhead of an entry in bytes: key, counters and bookkeeping.
const OVERHEAD: u32 = 256;

/// The cache. All methods may be called from any thread.
#[derive(Debug)]
pub(super) struct EmbeddingCache {
    entries: Cache<Key, EncodedText>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl EmbeddingCache {
    /// A cache with approximately this capacity in bytes.
    pub(super) fn new(bytes: u64) -> Self {
        let weigh =
            |_: &Key, encoded: &EncodedText| OVERHEAD + u32::try_from(size_of_val(&*encoded.embedding)).unwrap_or(0);
        Self {
            entries: Cache::builder().max_capacity(bytes).weigher(weigh).build(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The key of a text in its role.
    pub(super) fn key(text: &Text) -> Key {
        let role = Sha256::new_with_prefix([text.role() as u8]);
        role.chain_update(&**text).finalize().into()
    }

    /// Looks up an embedding and counts a hit or a miss.
    pub(super) fn get(&self, key: &Key) -> Option<EncodedText> {
        let found = self.entries.get(key);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        let told = if found.is_some() {
            &metrics().cache_hits
        } else {
            &metrics().cache_misses
        };
        told.inc();
        found
    }

    /// Inserts an embedding.
    pub(super) fn insert(&self, key: Key, encoded: EncodedText) {
        self.entries.insert(key, encoded);
    }

    /// Hits and misses since the start.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }
}

/// The texts of a call: embeddings found in the cache, and missing texts without duplicates.
pub(super) struct CacheLookup {
    known: Vec<Option<EncodedText>>,
    missing: Vec<Text>,
    /// The key and the positions of each missing text.
    wanted: Vec<(Key, Vec<usize>)>,
}

impl CacheLookup {
    /// Looks up all texts.
    pub(super) fn new(cache: &EmbeddingCache, texts: impl ExactSizeIterator<Item = Text>) -> Self {
        let mut lookup = Self {
            known: vec![None; texts.len()],
            missing: Vec::new(),
            wanted: Vec::new(),
        };
        let mut places: HashMap<Key, usize> = HashMap::new();
        for (index, text) in texts.enumerate() {
            let key = EmbeddingCache::key(&text);
            if let Some(place) = places.get(&key) {
                lookup.wanted[*place].1.push(index);
                continue;
            }
            lookup.known[index] = cache.get(&key);
            if lookup.known[index].is_none() {
                places.insert(key, lookup.missing.len());
                lookup.missing.push(text);
                lookup.wanted.push((key, vec![index]));
            }
        }
        lookup
    }

    /// The first text of the call that is known to be too long.
    pub(super) fn first_truncated(&self) -> Option<usize> {
        let is_truncated = |known: &Option<EncodedText>| known.as_ref().is_some_and(|known| known.truncated);
        self.known.iter().position(is_truncated)
    }

    /// Takes the missing texts out, to be encoded.
    pub(super) fn take_missing(&mut self) -> Vec<Text> {
        std::mem::take(&mut self.missing)
    }

    /// For every text of the call its embedding, or its index among the missing texts.
    pub(super) fn places(&self) -> impl Iterator<Item = Result<EncodedText, usize>> {
        let mut places: Vec<_> = self.known.iter().cloned().map(|known| known.map(Ok)).collect();
        for (missing, (_, indices)) in self.wanted.iter().enumerate() {
            for index in indices {
                places[*index] = Some(Err(missing));
            }
        }
        places.into_iter().flatten()
    }

    /// Fills in the embeddings of the missing texts, in their order.
    pub(super) fn fill(&mut self, cache: &EmbeddingCache, encoded: &[EncodedText]) {
        for ((key, indices), encoded) in std::mem::take(&mut self.wanted).into_iter().zip(encoded) {
            cache.insert(key, encoded.clone());
            for index in indices {
                self.known[index] = Some(encoded.clone());
            }
        }
    }

    /// The embeddings of all texts of the call, in their order; those of missing texts must have been filled in.
    pub(super) fn into_embeddings(self) -> Vec<Embedding> {
        let known = self.known.into_iter().flatten();
        known.map(|encoded| encoded.embedding).collect()
    }

    /// The worker numbers the missing texts; the caller expects the number of its own.
    pub(super) fn restore_index(&self, error: InferenceError) -> InferenceError {
        match error {
            InferenceError::BadInput { index, reason } => {
                let positions = self.wanted.get(index).map(|(_, positions)| positions);
                let index = positions
                    .and_then(|positions| positions.first())
                    .copied()
                    .unwrap_or(index);
                InferenceError::BadInput { index, reason }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    //! Capacity and counters. The tests of `inference` show that cached embeddings equal fresh ones.

    use super::*;

    #[test]
    fn holds_no_more_than_it_may() {
        let entry = u64::from(OVERHEAD) + 4 * 384;
        let cache = EmbeddingCache::new(10 * entry);
        for i in 0..100 {
            let embedding = Embedding::of(vec![0.0; 384]);
            cache.insert(
                EmbeddingCache::key(&i.to_string().into()),
                EncodedText {
                    embedding,
                    truncated: false,
                },
            );
        }
        cache.entries.run_pending_tasks();
        assert!(cache.entries.weighted_size() <= 10 * entry);
        let kept = (0..100)
            .filter(|i: &i32| cache.get(&EmbeddingCache::key(&i.to_string().into())).is_some())
            .count();
        assert!((1..=10).contains(&kept), "{kept}");
        assert_eq!(cache.counts(), (kept as u64, 100 - kept as u64));
    }
}
