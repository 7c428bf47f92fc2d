//! Classes and levels in the names of licences: `class 1`, `C class`, `level 3`, `Cert III`.

use std::ops::Range;

use super::super::words::{self, Word};

/// Words for a class, in the singular.
const CLASSES: [&str; 9] = [
    "band", "category", "cert", "class", "grade", "level", "stage", "tier", "type",
];
/// Those of which who has a higher number has the lower ones.
const RISING: [&str; 2] = ["level", "stage"];
const ROMAN: [&str; 9] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];

/// A class that a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Class {
    /// The stem of its word.
    noun: u64,
    /// The stems of the classes that will do.
    accepted: Vec<u64>,
    /// Its words in the line.
    pub(super) words: Range<usize>,
}

/// The classes that a line asks for.
pub(super) fn of(text: &str, line: &[Word]) -> Vec<Class> {
    let low = |word: &Word| text[word.bytes.clone()].to_lowercase();
    let mut found = Vec::new();
    for (at, word) in line.iter().enumerate() {
        let noun = low(word);
        if !CLASSES.contains(&&*noun) {
            continue;
        }
        let mark = |at: usize| line.get(at).map(&low).filter(|mark| is_mark(mark));
        // `Class 1`, or `C class`.
        let behind = mark(at + 1).map(|mark| (mark, at..at + 2));
        let before = || {
            at.checked_sub(1)
                .and_then(|before| Some((mark(before)?, before..at + 1)))
        };
        if let Some((mark, words)) = behind.or_else(before) {
            found.push(Class {
                noun: word.stem,
                accepted: accepted(&noun, &mark),
                words,
            });
        }
    }
    found
}

/// Whether a word is a number or a single letter.
fn is_mark(low: &str) -> bool {
    number(low).is_some() || low.len() == 1 && low != "a"
}

fn number(low: &str) -> Option<usize> {
    let roman = ROMAN.iter().position(|roman| *roman == low).map(|at| at + 1);
    roman
        .or_else(|| low.parse().ok())
        .filter(|number| (1..=ROMAN.len()).contains(number))
}

/// The stems of what will do where this class is asked for.
fn accepted(noun: &str, mark: &str) -> Vec<u64> {
    let stem = |mark: &str| words::stems(mark).collect::<Vec<_>>();
    let Some(number) = number(mark) else {
        return stem(mark);
    };
    let most = if RISING.contains(&noun) { ROMAN.len() } else { number };
    (number..=most)
        .flat_map(|number| [stem(&number.to_string()), stem(ROMAN[number - 1])].concat())
        .collect()
}

impl Class {
    /// Whether a sentence with these words names no other class.
    pub(super) fn agrees(&self, words: &[Word]) -> bool {
        let told = self.told(words);
        told.is_empty() || told.iter().any(|mark| self.accepted.contains(mark))
    }

    /// Whether it names this class.
    pub(super) fn is_told(&self, words: &[Word]) -> bool {
        self.told(words).iter().any(|mark| self.accepted.contains(mark))
    }

    /// The words beside that of the class which may be one.
    fn told(&self, words: &[Word]) -> Vec<u64> {
        let short = |word: &&Word| word.bytes.len() <= 2 || word.acronym;
        let places = (0..words.len()).filter(|&at| words[at].stem == self.noun);
        let beside = places.flat_map(|at| [at.checked_sub(1), Some(at + 1)]).flatten();
        let beside = beside.filter_map(|at| words.get(at)).filter(short);
        beside
            .filter(|word| word.subject || word.acronym)
            .map(|word| word.stem)
            .collect()
    }
}
