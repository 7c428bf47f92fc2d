//! The texts to encode, each once: the encoder's time is what a match costs.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use super::similarity::{Language, Reading};
use crate::inference::{Role, Text};
use crate::text::one_line;

#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    all: Vec<Text>,
    places: HashMap<Text, usize>,
    /// Made when the vectors come, and kept: who is compared with a thousand others is read once.
    readings: Vec<OnceLock<Reading>>,
}

/// The places of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Title {
    /// As it is compared with other titles.
    pub(super) as_title: usize,
    /// As part of what the whole text is about.
    pub(super) as_sentence: usize,
}

impl Texts {
    /// The place of a sentence. White space is levelled, so that what was blanked leaves no trace.
    pub(super) fn add(&mut self, text: &str) -> usize {
        self.add_as(text, Role::Sentence)
    }

    /// The places of a title, levelled likewise and without the signs of a Markdown heading.
    pub(super) fn add_title(&mut self, title: &str) -> Title {
        let title = title
            .trim_start_matches(['#', '*', '_', '>', ' '])
            .trim_end_matches(['*', '_', ' ']);
        Title {
            as_title: self.add_as(title, Role::Title),
            as_sentence: self.add(title),
        }
    }

    /// The place of a text in its role.
    pub(super) fn add_as(&mut self, text: &str, role: Role) -> usize {
        let level = one_line(text);
        let next = self.all.len();
        *self.places.entry(Text::new(level, role)).or_insert_with_key(|text| {
            self.all.push(text.clone());
            self.readings.push(OnceLock::new());
            next
        })
    }

    pub(super) fn all(&self) -> &[Text] {
        &self.all
    }

    /// Those at these places, each once, in their order.
    pub(super) fn at(&self, places: impl Iterator<Item = usize>) -> Vec<Text> {
        let places: BTreeSet<usize> = places.collect();
        places.into_iter().map(|at| self.all[at].clone()).collect()
    }

    /// Reads together those texts that have a vector by now and were not read.
    pub(super) fn read<'v>(&self, language: &Language, vector: impl Fn(usize) -> Option<&'v [f32]>) {
        let unread = self
            .readings
            .iter()
            .enumerate()
            .filter(|(_, reading)| reading.get().is_none());
        let (places, texts): (Vec<usize>, Vec<_>) = unread
            .filter_map(|(at, _)| Some((at, (&self.all[at], vector(at)?))))
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
