//! The texts to encode, each once: the encoder's time is what a match costs.

use std::collections::HashMap;

#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    all: Vec<String>,
    places: HashMap<String, usize>,
}

impl Texts {
    /// The place of a text. White space is levelled, so that what was blanked leaves no trace.
    pub(super) fn add(&mut self, text: &str) -> usize {
        let level = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let next = self.all.len();
        *self.places.entry(level).or_insert_with_key(|text| {
            self.all.push(text.clone());
            next
        })
    }

    pub(super) fn all(&self) -> &[String] {
        &self.all
    }
}
