//! The embeddings of the evaluation's texts, each encoded once.

use std::collections::{HashMap, HashSet};

use super::EvalError;
use crate::inference::{Embedding, Inference, MAX_PIECES, Role, Text};

/// Texts encoded at once: enough to keep all threads busy, and far below the queue's limit.
const CHUNK: usize = 512;

/// The embeddings so far.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    known: HashMap<Role, HashMap<String, Embedding>>,
    /// The result for a text that was never encoded; empty.
    nothing: Vec<f32>,
}

impl Vectors {
    /// Encodes the sentences that are not encoded yet. Of a text that is too long for the encoder, the beginning is read.
    pub(super) async fn encode<'a>(
        &mut self,
        inference: &Inference,
        sentences: impl Iterator<Item = &'a str>,
    ) -> Result<(), EvalError> {
        self.encode_as(Role::Sentence, inference, sentences).await
    }

    /// As [`Vectors::encode`], for texts in one role.
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
            let texts: Result<Vec<Text>, EvalError> = chunk
                .iter()
                .map(|text| Ok(Text::new(beginning(inference, text)?, role)))
                .collect();
            let texts = texts?;
            let found = inference.embed("", texts).await?;
            known.extend(chunk.iter().map(|text| (*text).to_owned()).zip(found));
        }
        Ok(())
    }

    /// As [`Vectors::encode`], for the texts of a parsed resume or posting.
    pub(super) async fn encode_texts(&mut self, inference: &Inference, texts: &[Text]) -> Result<(), EvalError> {
        for role in [Role::Evidence, Role::Title] {
            let own = texts.iter().filter(|text| text.role() == role);
            self.encode_as(role, inference, own.map(|text| &**text)).await?;
        }
        Ok(())
    }

    /// The embedding of an encoded sentence.
    pub(super) fn of(&self, sentence: &str) -> &[f32] {
        self.of_as(Role::Sentence, sentence)
    }

    /// The embedding of a text encoded in this role.
    pub(super) fn of_as(&self, role: Role, text: &str) -> &[f32] {
        let embedding = self.known.get(&role).and_then(|known| known.get(text));
        embedding.map_or(&self.nothing, |embedding| embedding)
    }

    /// The embedding of a text of any length: the mean of its windows, scaled to unit length.
    pub(super) async fn whole(&mut self, inference: &Inference, text: &str) -> Result<Vec<f32>, EvalError> {
        let windows: Vec<&str> = inference.windows(text)?.into_iter().map(|range| &text[range]).collect();
        self.encode(inference, windows.iter().copied()).await?;
        Ok(mean(windows.iter().map(|window| self.of(window))))
    }
}

/// As much of a text as the encoder reads.
fn beginning<'a>(inference: &Inference, text: &'a str) -> Result<&'a str, EvalError> {
    // No word piece is shorter than a byte.
    if text.len() < MAX_PIECES - 2 {
        return Ok(text);
    }
    let first = inference.windows(text)?.into_iter().next();
    Ok(first.and_then(|range| text.get(..range.end)).unwrap_or(text))
}

/// The mean of vectors, scaled to unit length.
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
