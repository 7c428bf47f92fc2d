//! Whether a form that is ambiguous by itself names a skill at its place in a sentence.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::matching::words::{self, Case, Gap, Word};

/// A sentence, and what its form as a whole says about its words.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) sentence: &'a [Word],
    /// Whether it is a list of skills.
    pub(super) list: bool,
    /// Whether all of it is in capitals.
    pub(super) shouted: bool,
    items: bool,
}

/// Words around the programming languages C and R.
const CODE: &str = "program programming programmer coding code language languages developer development embedded \
    compiler script scripting software statistics statistical library package studio shiny firmware microcontroller \
    python java javascript typescript sql sas matlab stata spss c++ c# .net perl ruby scala julia fortran cobol \
    assembly php rust swift vba tableau excel linux unix";
/// Words that a letter numbers: vitamin C, hepatitis C.
const NUMBERED: &str = "vitamin hepatitis grade class level category licence license schedule appendix section type plan \
    part option group title block unit exhibit phase tier series form endorsement cdl figure room wing building gate";
/// Words after the name of a season.
const SEASON: &str = "semester term season quarter break session intake";

fn stems(list: &str) -> HashSet<u64> {
    words::stems(list).collect()
}

static CODE_WORDS: LazyLock<HashSet<u64>> = LazyLock::new(|| stems(CODE));
static NUMBERED_WORDS: LazyLock<HashSet<u64>> = LazyLock::new(|| stems(NUMBERED));
static AFTER_SEASONS: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let years = (1950..2050).map(|year: u32| words::hash(year.to_string().as_bytes()));
    stems(SEASON).into_iter().chain(years).collect()
});
static CONJUNCTIONS: LazyLock<HashSet<u64>> = LazyLock::new(|| stems("and or"));

/// The words on each side of a letter that show what it is.
const WINDOW: usize = 5;

impl<'a> Place<'a> {
    pub(super) fn new(sentence: &'a [Word], list: bool) -> Self {
        let items = 1 + sentence.iter().skip(1).filter(|word| word.gap == Gap::Break).count();
        Self {
            sentence,
            list,
            shouted: sentence.len() > 1 && sentence.iter().all(|word| word.case == Case::Upper),
            items: list || items >= 3 && sentence.len() <= 3 * items,
        }
    }

    /// Whether these words are an item of a list.
    pub(super) fn is_item(&self, at: usize, end: usize) -> bool {
        let conjunction = |word: Option<&Word>| word.is_some_and(|word| CONJUNCTIONS.contains(&word.stem));
        let before = self.sentence[at].gap != Gap::Space || conjunction(self.before(at));
        let next = self.sentence.get(end);
        self.items && before && (next.is_none_or(|word| word.gap != Gap::Space) || conjunction(next))
    }

    /// Whether an everyday word is used as a name.
    pub(super) fn is_name(&self, at: usize, end: usize) -> bool {
        let next = self.sentence.get(end);
        if next.is_some_and(|word| word.gap == Gap::Space && AFTER_SEASONS.contains(&word.stem)) {
            return false;
        }
        let joined = |word: &Word| word.case == Case::Lower || !word.subject;
        // A part of a phrase: Go-to-market.
        let phrase = next.is_some_and(|word| word.gap == Gap::Joint && joined(word));
        self.is_item(at, end) || self.sentence[at].case != Case::Lower && at > 0 && !self.shouted && !phrase
    }

    /// Whether a letter is the name of a programming language.
    pub(super) fn is_letter_skill(&self, at: usize) -> bool {
        let word = &self.sentence[at];
        if word.case != Case::Upper {
            return false;
        }
        let code = |word: &Word| CODE_WORDS.contains(&word.stem);
        let (before, next) = (self.before(at), self.sentence.get(at + 1));
        let joint = [word, next.unwrap_or(word)]
            .into_iter()
            .zip([before, next])
            .any(|(gap, other)| {
                gap.gap == Gap::Joint && other.is_some_and(|other| !code(other) && other.bytes.len() > 1)
            });
        let and = next.is_some_and(|word| word.gap == Gap::Joint && word.bytes.len() == 1);
        let numbered = before.is_some_and(|word| NUMBERED_WORDS.contains(&word.stem));
        if joint || and || numbered {
            return false;
        }
        let window = &self.sentence[at.saturating_sub(WINDOW)..self.sentence.len().min(at + 1 + WINDOW)];
        self.list && self.sentence.len() == 1 || window.iter().any(code)
    }

    fn before(&self, at: usize) -> Option<&Word> {
        at.checked_sub(1).and_then(|at| self.sentence.get(at))
    }
}
