//! The vectors of the evaluation's texts, each encoded once.

use std::collections::{HashMap, HashSet};

use super::EvalError;
use crate::inference::{Embedding, Inference, Role, Text};

/// Texts that are encoded at once: enough to keep all threads busy, and far below the queue's bound.
const CHUNK: usize = 512;

/// What was encoded so far.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    known: HashMap<Role, HashMap<String, Embedding>>,
    /// What stands for a text that was never encoded; there is none.
    nothing: Vec<f32>,
}

impl Vectors {
    /// Encodes those sentences that are not known yet.
    pub(super) async fn encode<'a>(
        &mut self,
        inference: &Inference,
        sentences: impl Iterator<Item = &'a str>,
    ) -> Result<(), EvalError> {
        self.encode_as(Role::Sentence, inference, sentences).await
    }

    /// The same for texts of one role.
    pub(super) async fn encode_as<'a>(
        &mut self,
        role: Role,
        inference: &Inference,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<(), EvalError> {
        let known = self.known.entry(role).or_default();
        let mut seen = HashSet::new();
        let mut missing: Vec<&str> = texts
            .filter(|text| !known.contains_key(*text) && seen.insert(*text))
            .collect();
        missing.sort_by_key(|text| text.len());
        for chunk in missing.chunks(CHUNK) {
            let texts = chunk.iter().map(|text| Text::new(*text, role)).collect();
            let found = inference.embed("", texts).await?;
            known.extend(chunk.iter().map(|text| (*text).to_owned()).zip(found));
        }
        Ok(())
    }

    /// The same for what was read of a resume or a posting.
    pub(super) async fn encode_texts(&mut self, inference: &Inference, texts: &[Text]) -> Result<(), EvalError> {
        for role in [Role::Sentence, Role::Title] {
            let own = texts.iter().filter(|text| text.role() == role);
            self.encode_as(role, inference, own.map(|text| &**text)).await?;
        }
        Ok(())
    }

    /// The vector of a sentence that was encoded.
    pub(super) fn of(&self, sentence: &str) -> &[f32] {
        self.of_as(Role::Sentence, sentence)
    }

    /// The vector of a text that was encoded in this role.
    pub(super) fn of_as(&self, role: Role, text: &str) -> &[f32] {
        let embedding = self.known.get(&role).and_then(|known| known.get(text));
        embedding.map_or(&self.nothing, |embedding| embedding)
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
