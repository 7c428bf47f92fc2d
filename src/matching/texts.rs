//! The texts to encode, each once: the encoder's time is what a match costs.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::alike::{Language, Reading};

#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    all: Vec<String>,
    places: HashMap<String, usize>,
    /// Made when the vectors come, and kept: who is compared with a thousand others is read once.
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

    /// Reads together those texts that have a vector by now and were not read.
    pub(super) fn read<'v>(&self, language: &Language, vector: impl Fn(usize) -> Option<&'v [f32]>) {
        let unread = self
            .readings
            .iter()
            .enumerate()
            .filter(|(_, reading)| reading.get().is_none());
        let (places, texts): (Vec<usize>, Vec<_>) = unread
            .filter_map(|(at, _)| Some((at, (self.all[at].as_str(), vector(at)?))))
            .unzip();
        for (at, reading) in places.into_iter().zip(language.read_all(&texts)) {
            // Whoever was faster has read the same.
            let _ = self.readings[at].set(reading);
        }
    }

    /// The text at this place as it is compared; `vector` is the encoder's.
    pub(super) fn reading(&self, at: usize, language: &Language, vector: &[f32]) -> &Reading {
        self.readings[at].get_or_init(|| language.read(&self.all[at], vector))
    }
}
