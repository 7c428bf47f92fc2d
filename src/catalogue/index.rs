//! The in-memory search index: BM25 over terms and cosine similarity of vectors, fused by rank.
//!
//! The search compares every vector, unlike a graph of neighbours, and finds a job as soon as it is added. Replacing or
//! removing a job only marks its row; when a third of the rows are marked, the index is compacted.

mod highest;
mod postings;
mod projections;
mod vectors;

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

use self::highest::nth_highest;
use self::postings::Postings;
use self::projections::BLOCK;
use self::vectors::Vectors;
use super::entry::QuantizedVector;

/// Parameters of BM25, the defaults of Robertson and Zaragoza (2009).
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).
const RANK_OFFSET: f32 = 60.0;
/// Similarities below this value are ignored.
pub(super) const FAINT: f32 = 0.2;
/// Maximum number of rows.
const MOST_ROWS: usize = 1 << 24;

/// A search result.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The id of the job.
    pub id: Arc<str>,
    /// The version of the job that was compared.
    pub(super) version: i64,
    /// The number of results with a higher BM25 score; `None` if the job was not found by words.
    pub(super) rank_by_words: Option<u32>,
    /// The fused score, 0 to 1: 1 for the job that is best by words and by embedding.
    pub score: f32,
    /// The BM25 score; 0 without common words.
    pub words: f32,
    /// The cosine similarity, -1 to 1; 0 for a job without a vector.
    pub similarity: f32,
}

/// A query. Each term occurs once.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) terms: Vec<(u32, u8)>,
    /// The vector; empty for a search by words only.
    pub(super) vector: Vec<f32>,
}

struct Row {
    /// `None` once the row is replaced or removed.
    id: Option<Arc<str>>,
    version: i64,
}

/// The search index.
pub(super) struct Index {
    rows: Vec<Row>,
    /// The number of terms of each row, infinite once the row is replaced or removed, so that it scores 0. Apart from the
    /// ids, since a search reads all of them.
    lengths: Vec<f32>,
    vectors: Vectors,
    /// The postings of each term.
    postings: HashMap<u32, Postings>,
    places: BTreeMap<Arc<str>, u32>,
    length: f64,
}

impl Index {
    /// An empty index over vectors of `width` numbers.
    pub(super) fn new(width: usize) -> Self {
        Self {
            rows: Vec::new(),
            lengths: Vec::new(),
            vectors: Vectors::new(width),
            postings: HashMap::new(),
            places: BTreeMap::new(),
            length: 0.0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The version of a job; `None` if it is not in the index.
    pub(super) fn version(&self, id: &str) -> Option<i64> {
        Some(self.rows[*self.places.get(id)? as usize].version)
    }

    /// The first `limit` ids after `after`, in order.
    pub(super) fn page(&self, after: Option<&str>, limit: usize) -> Vec<Arc<str>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = self.places.range::<str, _>((from, Bound::Unbounded));
        ids.take(limit).map(|(id, _)| Arc::clone(id)).collect()
    }

    /// Adds or replaces a job, unless the indexed version is as new. A vector of another width counts as absent.
    pub(super) fn put(
        &mut self,
        id: &Arc<str>,
        version: i64,
        terms: impl Iterator<Item = (u32, u8)>,
        vector: Option<&QuantizedVector>,
    ) {
        if self.version(id).is_some_and(|there| there >= version) {
            return;
        }
        self.drop_row(id);
        if self.rows.len() >= MOST_ROWS {
            tracing::error!(
                limit = MOST_ROWS,
                "the index of the catalogue is full; searches do not find further jobs"
            );
            return;
        }
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let mut length = 0.0;
        for (term, count) in terms {
            length += f32::from(count);
            self.postings.entry(term).or_default().push(row, count);
        }
        self.vectors.push(vector);
        self.rows.push(Row {
            id: Some(Arc::clone(id)),
            version,
        });
        self.lengths.push(length);
        self.length += f64::from(length);
        self.places.insert(Arc::clone(id), row);
    }

    /// Removes a job, unless the indexed version is newer.
    pub(super) fn remove(&mut self, id: &str, version: i64) {
        if self.version(id).is_some_and(|there| there <= version) {
            self.drop_row(id);
        }
    }

    fn drop_row(&mut self, id: &str) {
        let Some(row) = self.places.remove(id) else { return };
        self.rows[row as usize].id = None;
        self.length -= f64::from(std::mem::replace(&mut self.lengths[row as usize], f32::INFINITY));
        self.vectors.clear(row as usize);
        let gone = self.rows.len() - self.places.len();
        if gone > BLOCK && gone > self.rows.len() / 3 {
            self.pack();
        }
    }

    /// Moves the live rows to the front and drops the others.
    fn pack(&mut self) {
        let mut moved = vec![None; self.rows.len()];
        let mut next = 0;
        for (old, new) in moved.iter_mut().enumerate() {
            if self.rows[old].id.is_none() {
                continue;
            }
            *new = u32::try_from(next).ok();
            self.rows.swap(next, old);
            self.lengths.swap(next, old);
            if old != next {
                self.vectors.relocate(old, next);
            }
            next += 1;
        }
        self.rows.truncate(next);
        self.lengths.truncate(next);
        self.vectors.truncate(next);
        for place in self.places.values_mut() {
            *place = moved[*place as usize].unwrap_or_default();
        }
        self.postings.retain(|_, postings| {
            let before = std::mem::take(postings);
            for (row, frequency) in before.iter() {
                if let Some(row) = moved[row as usize] {
                    postings.push(row, frequency);
                }
            }
            !postings.is_empty()
        });
    }

    /// The best `depth` jobs by words and the best `depth` by embedding, fused; best first, ties by id. Runs on the
    /// current rayon pool.
    pub(super) fn search(&self, query: &Query, depth: usize) -> Vec<Hit> {
        let by_words = || {
            let scores = self.by_words(&query.terms);
            let lowest = nth_highest(&scores, depth);
            let rows = scores.iter().copied().zip(0..);
            let rows = rows.filter(|(score, _)| *score > 0.0 && *score >= lowest);
            let best = self.best(rows.collect(), 0.0, depth);
            (scores, best)
        };
        let by_meaning = || {
            let cosines = self.vectors.cosines(&query.vector)?;
            let best = self.best(cosines.highest(depth, FAINT), FAINT, depth);
            Some((cosines, best))
        };
        let ((words, best_words), meaning) = rayon::join(by_words, by_meaning);
        let (cosines, best_cosines) = meaning.unzip();
        let best_cosines = best_cosines.unwrap_or_default();
        let word_ranks: HashMap<u32, u32> = best_words.iter().copied().zip(0..).collect();
        let mut hits: Vec<Hit> = fuse([&best_words, &best_cosines])
            .into_iter()
            .filter_map(|(place, score)| {
                let at = place as usize;
                let row = &self.rows[at];
                Some(Hit {
                    id: Arc::clone(row.id.as_ref()?),
                    version: row.version,
                    rank_by_words: word_ranks.get(&place).copied(),
                    score,
                    words: words.get(at).copied().unwrap_or_default(),
                    similarity: cosines.as_ref().map_or(0.0, |cosines| cosines.of(at)),
                })
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        hits
    }

    /// The BM25 score of every row.
    fn by_words(&self, terms: &[(u32, u8)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.rows.len()];
        if terms.is_empty() {
            return scores;
        }
        let jobs = self.places.len() as f32;
        #[expect(clippy::cast_possible_truncation, reason = "an average needs no more")]
        let average = (self.length / self.places.len().max(1) as f64) as f32;
        let (plain, long) = (K1 * (1.0 - B), K1 * B / average.max(1.0));
        for (term, times) in terms {
            let Some(postings) = self.postings.get(term) else {
                continue;
            };
            // Computed from the live rows, so that all processes return the same scores whatever their history.
            let with = if self.rows.len() == self.places.len() {
                postings.len() as f32
            } else {
                let live = postings.iter().filter(|(row, _)| self.rows[*row as usize].id.is_some());
                live.count() as f32
            };
            let rarity = (1.0 + (jobs - with + 0.5) / (with + 0.5)).ln();
            let weight = rarity * (K1 + 1.0) * f32::from(*times).ln_1p() / 1.0_f32.ln_1p();
            for (row, count) in postings.iter() {
                let (row, count) = (row as usize, f32::from(count));
                scores[row] += weight * count / (count + plain + long * self.lengths[row]);
            }
        }
        scores
    }

    /// The rows with the highest values above `floor`, at most `depth`, best first, ties by id.
    fn best(&self, mut rows: Vec<(f32, u32)>, floor: f32, depth: usize) -> Vec<u32> {
        let order = |a: &(f32, u32), b: &(f32, u32)| {
            let id = |row: u32| self.rows[row as usize].id.as_deref();
            b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(&id(b.1)))
        };
        rows.retain(|(value, _)| *value > floor);
        if rows.len() > depth {
            rows.select_nth_unstable_by(depth, order);
            rows.truncate(depth);
        }
        rows.sort_unstable_by(order);
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// Reciprocal rank fusion: the scores of all items of two lists, each with the best item first.
pub(super) fn fuse<T: Copy + Eq + Hash>(lists: [&[T]; 2]) -> HashMap<T, f32> {
    let mut scores = HashMap::new();
    for list in lists {
        for (rank, item) in list.iter().enumerate() {
            *scores.entry(*item).or_default() += (RANK_OFFSET + 1.0) / (RANK_OFFSET + 1.0 + rank as f32) / 2.0;
        }
    }
    scores
}

#[cfg(test)]
mod tests;
