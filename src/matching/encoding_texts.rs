//! The texts to encode, without duplicates: encoding dominates the cost of a match.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use super::occupations;
use super::offset_map::BLANK;
use super::similarity::{Language, Reading};
use crate::inference::{Role, Text};
use crate::text::one_line;

#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    all: Vec<Text>,
    places: HashMap<Text, usize>,
    /// Computed when the vectors arrive, and kept: a text compared with a thousand others is processed once.
    readings: Vec<OnceLock<Reading>>,
}

/// A title without the markup of a heading.
fn bare(title: &str) -> &str {
    title
        .trim_start_matches(['#', '*', '_', '>', ' '])
        .trim_end_matches(['*', '_', ' '])
}

/// A title with the names by which more people know it.
fn better_known(title: &str) -> String {
    let mut named = title.to_owned();
    for name in occupations::better_known(title) {
        named.push_str(", ");
        named.push_str(name);
    }
    named
}

/// The indices of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Title {
    /// As a title, for the comparison with other titles.
    pub(super) as_title: usize,
    /// As a sentence, for the embedding of the whole text.
    pub(super) as_sentence: usize,
}

impl Texts {
    /// Adds a requirement or a sentence and returns its index. White space is normalized, so that redaction leaves no trace.
    pub(super) fn add(&mut self, text: &str) -> usize {
        self.add_as(text, Role::Evidence)
    }

    /// Adds a title and returns its indices. White space is normalized, and the markup of a Markdown heading removed.
    pub(super) fn add_title(&mut self, title: &str) -> Title {
        let title = bare(title);
        Title {
            as_title: self.add_as(&better_known(title), Role::Title),
            as_sentence: self.add(title),
        }
    }

    /// The indices of a title that was added.
    pub(super) fn title(&self, title: &str) -> Option<Title> {
        let title = bare(title);
        let place = |title: &str, role| {
            let level = one_line(&title.replace(BLANK, " "));
            self.places.get(&Text::new(level, role)).copied()
        };
        Some(Title {
            as_title: place(&better_known(title), Role::Title)?,
            as_sentence: place(title, Role::Evidence)?,
        })
    }

    /// Adds a text in a role and returns its index.
    pub(super) fn add_as(&mut self, text: &str, role: Role) -> usize {
        let level = one_line(&text.replace(BLANK, " "));
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

    /// The texts at these indices, without duplicates, in order.
    pub(super) fn at(&self, places: impl Iterator<Item = usize>) -> Vec<Text> {
        let places: BTreeSet<usize> = places.collect();
        places.into_iter().map(|at| self.all[at].clone()).collect()
    }

    /// Processes all texts that have a vector and were not processed yet.
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
            // Another thread may have been faster, with the same result.
            let _ = self.readings[at].set(reading);
        }
    }

    /// The text at this index in the form that is compared; `vector` is its embedding.
    pub(super) fn reading(&self, at: usize, language: &Language, vector: &[f32]) -> &Reading {
        self.readings[at].get_or_init(|| language.read(&self.all[at], vector))
    }
}
