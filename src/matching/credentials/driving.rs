//! Driving licences that are told by their class or by the record of the driver: `Class C, no tickets`, `Code 08, own car`,
//! `clean B licence`, `spotless driving abstract`.

use std::cell::OnceCell;
use std::ops::Range;

use super::super::regions::is_region;
use super::super::words::{Gap, Word};

/// Words before or after the class of a licence.
const CLASSES: [&str; 4] = ["cat", "category", "class", "code"];
/// Classes of licences for cars, or for what who may drive it may drive a car as well.
const MARKS: [&str; 24] = [
    "1", "5", "8", "08", "10", "14", "a", "az", "b", "be", "bz", "c", "c1", "ce", "d", "d1", "dz", "e", "eb", "ec",
    "f", "full", "g", "m",
];
/// Words beside the class of a licence: `No tickets, no accidents, Class C`.
const OF_DRIVING: [&str; 14] = [
    "abstract",
    "accidents",
    "car",
    "collisions",
    "demerit",
    "demerits",
    "driver",
    "driver's",
    "driving",
    "endorsements",
    "mvr",
    "pdp",
    "prdp",
    "tickets",
];
/// Of these, the words that say nothing else, beside a licence without a class.
const OF_DRIVERS: [&str; 9] = [
    "abstract",
    "car",
    "demerits",
    "driver",
    "driving",
    "endorsements",
    "mvr",
    "points",
    "tickets",
];
/// The words between them and the class.
const MOST_BESIDE: usize = 6;
/// Words before a licence that say that it is for cars, and others that may stand beside them.
const FULL: [&str; 4] = ["clean", "full", "unendorsed", "unrestricted"];
const ADJECTIVES: [&str; 14] = [
    "a", "an", "british", "clear", "current", "eu", "have", "hold", "i", "irish", "my", "own", "uk", "valid",
];
/// Words for a record without offences.
const CLEAN: [&str; 4] = ["clean", "clear", "good", "spotless"];

/// The words that tell of a driving licence without naming it. `held` is set in a resume, where the record of a driver does
/// so too.
pub(super) fn place(text: &str, words: &[Word], held: bool) -> Option<Range<usize>> {
    let line = Line {
        text,
        words,
        no_points: OnceCell::new(),
    };
    let at = (0..words.len()).find_map(|at| line.class_at(at).or_else(|| line.licence_at(at)));
    let record = || (0..words.len()).filter(|_| held).find_map(|at| line.record_at(at));
    at.or_else(record)
}

struct Line<'a> {
    text: &'a str,
    words: &'a [Word],
    /// Whether it says `no points`.
    no_points: OnceCell<bool>,
}

impl Line<'_> {
    fn low(&self, at: usize) -> String {
        let word = self.words.get(at);
        word.map_or_else(String::new, |word| {
            self.text[word.bytes.clone()].to_lowercase().replace('\u{2019}', "'")
        })
    }

    fn is_licence(&self, at: usize) -> bool {
        matches!(&*self.low(at), "licence" | "license")
    }

    fn has_near(&self, at: usize, list: &[&str]) -> bool {
        let around = at.saturating_sub(MOST_BESIDE)..self.words.len().min(at + MOST_BESIDE);
        around.into_iter().any(|at| list.contains(&&*self.low(at)))
    }

    fn is_mark(&self, at: usize) -> bool {
        MARKS.contains(&&*self.low(at))
    }

    /// Whether a word is a class in capitals or figures.
    fn is_class(&self, at: usize) -> bool {
        let written = self.words.get(at).map_or("", |word| &self.text[word.bytes.clone()]);
        self.is_mark(at) && !written.contains(char::is_lowercase)
    }

    /// A class beside its word, and words of driving near it: `class C`, `C class`.
    fn class_at(&self, at: usize) -> Option<Range<usize>> {
        let word = self.low(at);
        let before = at
            .checked_sub(1)
            .filter(|&before| self.is_class(before) && self.low(before) != "a");
        let found = match before {
            _ if !CLASSES.contains(&&*word) => return None,
            // `Cat 5 cabling`
            _ if self.is_class(at + 1) && !(word.starts_with("cat") && self.low(at + 1).parse::<u32>().is_ok()) => {
                at..at + 2
            }
            Some(before) => before..at + 1,
            None => return None,
        };
        let licence = |at: usize| self.is_licence(at) || self.low(at) == "full";
        // `Class 5 BC licence`, but not `Class A asbestos licence`.
        let next = self.low(found.end);
        let about = ADJECTIVES.contains(&&*next) || FULL.contains(&&*next) || OF_DRIVING.contains(&&*next);
        let joined = about || is_region(self.text, self.words, found.end);
        let behind = Some(found.end + 1).filter(|_| joined);
        let beside = [found.start.checked_sub(1), Some(found.end), behind];
        let licensed = beside.into_iter().flatten().any(licence) || self.is_licence(found.start.saturating_sub(2));
        let no_points = || (1..self.words.len()).any(|at| self.low(at) == "points" && self.low(at - 1) == "no");
        (licensed || *self.no_points.get_or_init(no_points) || self.has_near(at, &OF_DRIVING)).then_some(found)
    }

    /// A licence behind its class in capitals or behind adjectives of driving licences: `B licence`, `full UK licence`.
    fn licence_at(&self, at: usize) -> Option<Range<usize>> {
        let before = at
            .checked_sub(1)
            .filter(|_| self.is_licence(at) && self.words[at].gap != Gap::Break)?;
        let mark = &self.words[before];
        let capitals = self.text[mark.bytes.clone()].chars().all(char::is_uppercase);
        // `A license`
        if capitals && self.is_mark(before) && self.low(before) != "a" {
            return Some(before..at + 1);
        }
        let adjective = |at: usize| {
            let low = self.low(at);
            FULL.contains(&&*low) || ADJECTIVES.contains(&&*low) || is_region(self.text, self.words, at)
        };
        let mut from = at;
        while from > 0 && self.words[from].gap != Gap::Break && adjective(from - 1) {
            from -= 1;
        }
        let begins = from < at && (from == 0 || self.words[from].gap == Gap::Break || self.low(from - 1) == "and");
        let full = (from..at).any(|at| FULL.contains(&&*self.low(at)));
        let ends = self
            .words
            .get(at + 1)
            .is_none_or(|next| next.gap == Gap::Break || self.low(at + 1) == "and");
        let told = full || self.has_near(at, &OF_DRIVERS);
        (begins && ends && told).then_some(from..at + 1)
    }

    /// The record of a driver: `spotless driving abstract`, `no tickets or demerits on my licence`.
    fn record_at(&self, at: usize) -> Option<Range<usize>> {
        let before = |back: usize| at.checked_sub(back).map_or_else(String::new, |at| self.low(at));
        let driving = matches!(&*before(1), "driving" | "driver's");
        let clean = CLEAN.contains(&&*before(if driving { 2 } else { 1 }));
        let word = self.low(at);
        if clean && (matches!(&*word, "abstract" | "mvr") || word == "record" && driving) {
            return Some(at..at + 1);
        }
        let own = at
            .checked_sub(2)
            .filter(|&on| self.low(on) == "on" && self.low(on + 1) == "my" && self.is_licence(at));
        own.filter(|&on| self.has_near(on, &["demerits", "endorsements", "points", "tickets"]))
            .map(|_| at - 1..at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words;
    use super::*;

    fn tells(text: &str) -> bool {
        place(text, &words::words(text), true).is_some()
    }

    /// In the words of drivers in many countries.
    #[test]
    fn licences_are_told_by_class_and_record() {
        for text in [
            "Class G, no demerit points, no at-fault collisions",
            "BZ licence, clean abstract",
            "Licence: Code 08, own car.",
            "Licence code 10 (PDP)",
            "Class 1 full licence since 2023",
            "Clean B licence, 40,000 km a year.",
            "Class D, no points.",
            "Full UK license",
            "Clean license, own car",
            "cat B licence (3 points)",
            "No tickets or demerits on my licence in ten yrs.",
            "Spotless driving abstract.",
            "Clean driving record",
            "Nebraska Class A driver with the T endorsement",
        ] {
            assert!(tells(text), "{text}");
        }
    }

    #[test]
    fn other_licences_classes_and_records_are_none() {
        for text in [
            "Active RN license",
            "Full liquor licence for the bar",
            "Current license, Ohio Board of Nursing",
            "Class C network addresses",
            "Kept accurate records",
            "Category B prison",
            "G2 licence, road test in spring",
            "A license from the council",
            "Cleaned the car",
            "An abstract of the paper",
            "Closed 40 tickets a day",
            "Teach a class of ten learner drivers",
            "Drive sales in a category worth five million",
            "Write a code generator for vehicle control units",
            "Cat 5 cabling, access points and switches",
            "Class C wastewater operator license or higher",
            "Class A asbestos licence",
            "Wrote a clean title abstract for each sale",
            "Full stack developer with a software license",
        ] {
            assert!(!tells(text), "{text}");
        }
    }
}
