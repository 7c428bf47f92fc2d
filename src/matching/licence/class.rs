//! Classes and levels in the names of licences: `class 1`, `C class`, `level 3`, `Cert III`.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::words::{self, Gap, Word};

/// Words for a class, in the singular.
const CLASSES: [&str; 9] = [
    "band", "category", "cert", "class", "grade", "level", "stage", "tier", "type",
];
/// Those of which who has a higher number has the lower ones.
const RISING: [&str; 2] = ["level", "stage"];
const LEVEL: &str = "level";
const ROMAN: [&str; 9] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];

/// The stems of levels of one word, each with that of its number.
static SHORT: LazyLock<Vec<(u64, u64)>> = LazyLock::new(|| {
    let stem = |text: &str| words::stems(text).next().unwrap_or_default();
    (1..=ROMAN.len())
        .map(|level| (stem(&format!("L{level}")), stem(&level.to_string())))
        .collect()
});

/// A class that a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Class {
    /// The stem of its word.
    noun: u64,
    /// The stems of the classes that will do.
    accepted: Vec<u64>,
    /// Whether a sentence has to tell it: who does not say which level says nothing of a high one.
    told: bool,
    /// Its words in the line.
    pub(super) words: Range<usize>,
}

/// The classes that a line asks for.
pub(super) fn of(text: &str, line: &[Word]) -> Vec<Class> {
    let low = |word: &Word| text[word.bytes.clone()].to_lowercase();
    let mut found = Vec::new();
    for (at, word) in line.iter().enumerate() {
        let noun = low(word);
        // `L3`
        if let Some(level) = short_level(&noun) {
            found.push(Class {
                noun: words::stems(LEVEL).next().unwrap_or_default(),
                accepted: accepted(LEVEL, level),
                told: true,
                words: at..at + 1,
            });
            continue;
        }
        if !CLASSES.contains(&&*noun) {
            continue;
        }
        let mark = |at: usize| line.get(at).map(&low).filter(|mark| is_mark(mark));
        // `Class A` has a capital.
        let first = || {
            let next = line.get(at + 1).filter(|word| &text[word.bytes.clone()] == "A")?;
            (next.gap == Gap::Space).then(|| low(next))
        };
        // `Class 1`, or `C class`.
        let behind = mark(at + 1).or_else(first).map(|mark| (mark, at..at + 2));
        let before = || {
            at.checked_sub(1)
                .and_then(|before| Some((mark(before)?, before..at + 1)))
        };
        if let Some((mark, words)) = behind.or_else(before) {
            found.push(Class {
                noun: word.stem,
                accepted: accepted(&noun, &mark),
                told: RISING.contains(&&*noun),
                words,
            });
        }
    }
    found
}

/// The number of a level that is written as one word: `L3`.
fn short_level(low: &str) -> Option<&str> {
    low.strip_prefix('l')
        .filter(|rest| rest.len() == 1 && number(rest).is_some() && rest.parse::<u8>().is_ok())
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
        told.is_empty() && !self.told || told.iter().any(|mark| self.accepted.contains(mark))
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
        let beside = beside.filter(|word| word.subject || word.acronym).map(|word| word.stem);
        let level = words::stems(LEVEL).next() == Some(self.noun);
        let short = |word: &Word| SHORT.iter().find(|(short, _)| level && *short == word.stem);
        let shortened = words.iter().filter_map(short).map(|(_, number)| *number);
        beside.chain(shortened).collect()
    }
}
