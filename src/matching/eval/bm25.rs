//! Okapi BM25 (Robertson and Zaragoza 2009), the baseline that every figure stands beside: words in lower case, plurals
//! and verb endings left as they are, k1 = 1.2, b = 0.75. A word of the query counts once, or as often as it stands there: for
//! queries as long as documents the second is the stronger baseline.

use std::collections::{BTreeSet, HashMap};

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// The documents to rank.
#[derive(Debug)]
pub(super) struct Bm25 {
    /// The documents that contain a word, with its weight in each.
    postings: HashMap<String, Vec<(usize, f32)>>,
    documents: usize,
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

impl Bm25 {
    pub(super) fn new<T: AsRef<str>>(documents: impl Iterator<Item = T>) -> Self {
        let mut counts: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (number, document) in documents.enumerate() {
            let mut length = 0.0;
            for word in words(document.as_ref()) {
                length += 1.0;
                let places = counts.entry(word).or_default();
                match places.last_mut() {
                    Some((last, count)) if *last == number => *count += 1.0,
                    _ => places.push((number, 1.0)),
                }
            }
            lengths.push(length);
        }
        let mean = lengths.iter().sum::<f64>() / (lengths.len().max(1) as f64);
        let all = lengths.len() as f64;
        let postings = counts.into_iter().map(|(word, places)| {
            let with = places.len() as f64;
            let idf = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            let worth = |(number, count): (usize, f64)| {
                let norm = K1 * (1.0 - B + B * lengths[number] / mean);
                (number, (idf * count * (K1 + 1.0) / (count + norm)) as f32)
            };
            (word, places.into_iter().map(worth).collect())
        });
        Self {
            postings: postings.collect(),
            documents: lengths.len(),
        }
    }

    /// The score of every document; each word of the query counts once.
    pub(super) fn scores(&self, query: &str) -> Vec<f32> {
        self.sum(words(query).collect::<BTreeSet<_>>().into_iter())
    }

    /// As [`Bm25::scores`], with words weighted by their frequency in the query.
    pub(super) fn scores_by_count(&self, query: &str) -> Vec<f32> {
        self.sum(words(query))
    }

    fn sum(&self, query: impl Iterator<Item = String>) -> Vec<f32> {
        let mut scores = vec![0.0; self.documents];
        for word in query {
            for &(document, worth) in self.postings.get(&word).into_iter().flatten() {
                scores[document] += worth;
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    //! The published formula, on a case small enough to compute manually.

    use super::*;

    #[test]
    fn scores_are_those_of_the_formula() {
        let index = Bm25::new(["a b b", "a c", "d"].iter());
        let idf = |with: f64| (1.0 + (3.0 - with + 0.5) / (with + 0.5)).ln();
        let part = |count: f64, length: f64| count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / 2.0));
        let want = [
            idf(2.0) * part(1.0, 3.0) + 2.0 * idf(1.0) * part(2.0, 3.0),
            idf(2.0) * part(1.0, 2.0),
            0.0,
        ];
        for (got, want) in index.scores_by_count("B, a b!").iter().zip(want) {
            assert!((f64::from(*got) - want).abs() < 1e-6, "{got} {want}");
        }
        assert_eq!(index.scores("B, a b!"), index.scores_by_count("a b"));
    }
}
