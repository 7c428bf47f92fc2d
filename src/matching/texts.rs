//! The texts to encode, each once: the encoder's time is what a match costs.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::alike::{Language, Reading};

#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    all: Vec<String>,
    places: HashMap<String, usize>,
    /// Made when the first vector comes, and kept: who is compared with a thousand others is read once.
    readings: Vec<OnceLock<Reading>>,
}

impl Texts {
    /// The place of a text. White space is levelled, so that what was blanked leaves no trace.
    pub(super) fn add(&mut self, text: &str) -> usize {
        let level = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let next = self.all.len();
        *self.places.entry(level).or_insert_with_key(|text| {
            self.all.push(text.clone());
            self.readings.push(OnceLock::new());
            next
        })
    }

    pub(super) fn all(&self) -> &[String] {
        &self.all
    }

    /// The text at this place as it is compared; `vector` is the encoder's.
    pub(super) fn reading(&self, at: usize, language: &Language, vector: &[f32]) -> &Reading {
        self.readings[at].get_or_init(|| language.read(&self.all[at], vector))
    }
}
