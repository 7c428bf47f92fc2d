//! The vectors of the evaluation's texts, each encoded once.

use std::collections::{HashMap, HashSet};

use super::EvalError;
use crate::inference::{Embedding, Inference};

/// Texts that are encoded at once: enough to keep all threads busy, and far below the queue's bound.
const CHUNK: usize = 512;

/// What was encoded so far.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    known: HashMap<String, Embedding>,
    /// What stands for a text that was never encoded; there is none.
    nothing: Vec<f32>,
}

impl Vectors {
    /// Encodes those that are not known yet.
    pub(super) async fn encode<'a>(
        &mut self,
        inference: &Inference,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<(), EvalError> {
        let mut seen = HashSet::new();
        let mut missing: Vec<&str> = texts
            .filter(|text| !self.known.contains_key(*text) && seen.insert(*text))
            .collect();
        missing.sort_by_key(|text| text.len());
        for chunk in missing.chunks(CHUNK) {
            let texts: Vec<String> = chunk.iter().map(|text| (*text).to_owned()).collect();
            let found = inference.embed("", texts.clone()).await?;
            self.known.extend(texts.into_iter().zip(found));
        }
        Ok(())
    }

    /// The vector of a text that was encoded.
    pub(super) fn of(&self, text: &str) -> &[f32] {
        self.known.get(text).map_or(&self.nothing, |embedding| embedding)
    }

    /// The vector of a text of any length: the mean of its windows', of unit length.
    pub(super) async fn whole(&mut self, inference: &Inference, text: &str) -> Result<Vec<f32>, EvalError> {
        let windows: Vec<&str> = inference.windows(text)?.into_iter().map(|range| &text[range]).collect();
        self.encode(inference, windows.iter().copied()).await?;
        Ok(mean(windows.iter().map(|window| self.of(window))))
    }
}

/// The mean of vectors, of unit length.
pub(super) fn mean<'a>(vectors: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for vector in vectors {
        sum.resize(vector.len(), 0.0);
        sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    sum.iter_mut().for_each(|x| *x /= length);
    sum
}
