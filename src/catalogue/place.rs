//! Places in the results of a search, which remain valid when the catalogue changes.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::index::{FAINT, Hit, fuse};

/// The place of a search result.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    id: Arc<str>,
    /// The number of results with more common words; `None` if the result was not found by words. Scores by words are not
    /// comparable after a change of the catalogue.
    rank_by_words: Option<u32>,
    similarity: f32,
}

impl Place {
    /// The place of a result.
    #[must_use]
    pub fn of(hit: &Hit) -> Self {
        Self {
            id: Arc::clone(&hit.id),
            rank_by_words: hit.rank_by_words,
            similarity: hit.similarity,
        }
    }

    /// Removes the results up to this place from the results of the same search, of which at most `depth` were found by
    /// words and as many by embedding.
    pub fn skip(&self, hits: &mut Vec<Hit>, depth: usize) {
        if let Some(at) = hits.iter().position(|hit| hit.id == self.id) {
            hits.drain(..=at);
            return;
        }
        let earlier: HashSet<Arc<str>> = self
            .earlier(hits, depth)
            .into_iter()
            .map(|hit| Arc::clone(&hit.id))
            .collect();
        hits.retain(|hit| !earlier.contains(&hit.id));
    }

    /// The results before the place of a job that was removed. It is ranked again with the others, because their scores
    /// depend on the number of results before them.
    fn earlier<'a>(&self, hits: &'a [Hit], depth: usize) -> Vec<&'a Hit> {
        let mut by_words: Vec<&Hit> = hits.iter().filter(|hit| hit.rank_by_words.is_some()).collect();
        by_words.sort_by_key(|hit| hit.rank_by_words);
        let mut by_words: Vec<&str> = by_words.into_iter().map(|hit| &*hit.id).collect();
        if let Some(rank) = self.rank_by_words.and_then(|rank| usize::try_from(rank).ok()) {
            by_words.insert(rank.min(by_words.len()), &self.id);
        }
        let similar = hits.iter().map(|hit| (hit.similarity, &*hit.id));
        let mut by_embedding: Vec<(f32, &str)> = similar
            .chain([(self.similarity, &*self.id)])
            .filter(|(similarity, _)| *similarity > FAINT)
            .collect();
        by_embedding.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        by_embedding.truncate(depth);
        let by_embedding: Vec<&str> = by_embedding.into_iter().map(|(_, id)| id).collect();
        let scores = fuse([&by_words, &by_embedding]);
        let score = |id: &str| scores.get(id).copied().unwrap_or_default();
        let own = score(&self.id);
        let is_earlier = |hit: &&Hit| {
            let other = score(&hit.id);
            other > own || other.total_cmp(&own).is_eq() && hit.id < self.id
        };
        hits.iter().filter(is_earlier).collect()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rank = self.rank_by_words.unwrap_or(u32::MAX);
        write!(f, "{rank:08x}{:08x}{}", self.similarity.to_bits(), self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |digits: &str| u32::from_str_radix(digits, 16).map_err(drop);
        let (rank, rest) = text.split_at_checked(8).ok_or(())?;
        let (similarity, id) = rest.split_at_checked(8).ok_or(())?;
        let rank = number(rank)?;
        let similarity = f32::from_bits(number(similarity)?);
        if !similarity.is_finite() {
            return Err(());
        }
        Ok(Self {
            id: id.into(),
            rank_by_words: (rank != u32::MAX).then_some(rank),
            similarity,
        })
    }
}

#[cfg(test)]
mod tests {
    //! Places after a removal, in an index of its own. Pages of searches are tested in `tests/it/pages.rs`.

    use proptest::prelude::*;

    use super::super::entry::QuantizedVector;
    use super::super::index::{Index, Query};
    use super::*;

    const DEPTH: usize = 100;

    fn ids(hits: &[Hit]) -> Vec<Arc<str>> {
        hits.iter().map(|hit| Arc::clone(&hit.id)).collect()
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for rank_by_words in [None, Some(0), Some(7)] {
            let place = Place {
                id: "a:b".into(),
                rank_by_words,
                similarity: -0.25,
            };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for wrong in [
            "",
            "0000000",
            "00000000",
            "000000000000000",
            "0000000g3e800000a",
            "000000007f800000a",
        ] {
            assert_eq!(wrong.parse::<Place>(), Err(()), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_results_after_a_place_are_the_same_when_its_job_is_removed(
            jobs in prop::collection::vec((0..6_u8, prop::array::uniform4(-1.0..1.0_f32)), 1..16),
            at in any::<prop::sample::Index>(),
        ) {
            let mut index = Index::new(4);
            for (number, (count, direction)) in jobs.iter().enumerate() {
                // All texts have one length, so that a removal does not change the order by words.
                let terms = [(1, *count), (2, 10 - count)];
                let terms = terms.into_iter().filter(|(_, count)| *count > 0);
                let vector = QuantizedVector::of(direction);
                index.put(&format!("job-{number}").into(), 1, terms, Some(&vector));
            }
            let query = Query { terms: vec![(1, 1)], vector: vec![0.5; 4] };
            let hits = index.search(&query, DEPTH);
            prop_assume!(!hits.is_empty());
            let at = at.index(hits.len());
            let place = Place::of(&hits[at]);
            let mut rest = hits.clone();
            place.skip(&mut rest, DEPTH);
            prop_assert_eq!(ids(&rest), ids(&hits[at + 1..]));
            index.remove(&hits[at].id, 2);
            let mut rest = index.search(&query, DEPTH);
            place.skip(&mut rest, DEPTH);
            let (mut rest, mut expected) = (ids(&rest), ids(&hits[at + 1..]));
            rest.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(rest, expected);
        }
    }
}
