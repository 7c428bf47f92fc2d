//! An index over texts that many others are compared with.

use super::super::words::Stems;
use super::{Mix, Reading};
use crate::inference::{WIDTH, dot_product};

/// An inverted index of the words of some texts, and their vectors in one array.
#[derive(Debug, Default)]
pub(in crate::matching) struct Index {
    /// Row by row.
    vectors: Vec<f32>,
    crowds: Vec<f32>,
    /// The texts that contain a word, in order, each with the word's weight.
    having: Stems<Vec<(usize, f32)>>,
}

impl<'a> FromIterator<&'a Reading> for Index {
    fn from_iter<I: IntoIterator<Item = &'a Reading>>(texts: I) -> Self {
        let mut index = Self::default();
        for (place, text) in texts.into_iter().enumerate() {
            index.vectors.extend_from_slice(&text.vector);
            index.vectors.resize((place + 1) * WIDTH, 0.0);
            index.crowds.push(text.crowd);
            for (stem, share) in &text.terms {
                index.having.entry(*stem).push((place, *share));
            }
        }
        index
    }
}

impl Index {
    /// The similarity of each given text to each indexed text; the callback receives the index of the given text, that
    /// of the indexed text, and the similarity.
    pub(in crate::matching) fn compare(&self, mix: Mix, ones: &[&Reading], mut tell: impl FnMut(usize, usize, f32)) {
        let rows: Vec<&[f32]> = self.vectors.chunks_exact(WIDTH).collect();
        let mut cosines = Vec::new();
        dot_product(&super::vectors(ones), &rows, &mut cosines);
        // Of one text: first the shared words, then the whole similarities.
        let mut found = vec![0.0; rows.len()];
        for ((at, one), cosines) in ones.iter().enumerate().zip(cosines.chunks(rows.len().max(1))) {
            found.fill(0.0);
            if mix.words > 0.0 {
                for (stem, share) in &one.terms {
                    for (place, other) in self.having.get(*stem).into_iter().flatten() {
                        found[*place] += share * other;
                    }
                }
            }
            for ((found, cosine), crowd) in found.iter_mut().zip(cosines).zip(&self.crowds) {
                *found = mix.of(*cosine, *found, one.crowd + crowd);
            }
            for (place, likeness) in found.iter().enumerate() {
                tell(at, place, *likeness);
            }
        }
    }

    /// The similarity of this text to each indexed text.
    pub(in crate::matching) fn likenesses(&self, mix: Mix, one: &Reading) -> Vec<f32> {
        let mut found = Vec::with_capacity(self.crowds.len());
        self.compare(mix, &[one], |_, _, likeness| found.push(likeness));
        found
    }
}
