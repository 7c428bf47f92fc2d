//! The figures of labelled postings.

use std::collections::HashMap;
use std::ops::Range;

use super::gold::GoldPosting;
use super::parsers;
use super::words::{find, tokens, words};
use crate::matching::{Job, Lexicon};

const MUST: &str = "MUST_HAVE";
const NICE: &str = "NICE_TO_HAVE";
const HEADING: &str = "HEADING";

/// The lines of all postings: how often each kind was read as each other one.
#[derive(Debug, Default)]
pub(super) struct PostingFigures {
    confusion: HashMap<(String, String), usize>,
    /// Must-haves and nice-to-haves that a heading or a cue states: those told apart, and all.
    told_apart: (usize, usize),
}

impl PostingFigures {
    /// Adds a posting. `failed` gets a line for each difference.
    pub(super) fn add(&mut self, lexicon: &Lexicon, gold: &GoldPosting, text: &str, failed: &mut dyn FnMut(&str)) {
        let job = Job::read(lexicon, text);
        let lines = parsers::lines(&job);
        let found = tokens(text);
        let mut from = 0;
        for line in &gold.lines {
            let place = find(&found, &words(&line.text), from);
            from = place.as_ref().map_or(from, |place| place.end);
            let bytes = place.map(|place| found[place.start].bytes.start..found[place.end - 1].bytes.end);
            let kind = bytes.and_then(|bytes| most(&lines, &bytes)).unwrap_or("NONE");
            *self.confusion.entry((line.kind.clone(), kind.to_owned())).or_default() += 1;
            let needs = |kind: &str| kind == MUST || kind == NICE;
            if line.stated && needs(&line.kind) && needs(kind) {
                self.told_apart.0 += usize::from(line.kind == kind);
                self.told_apart.1 += 1;
            }
            if line.kind != kind {
                failed(&format!("{kind} instead of {}: {}", line.kind, line.text));
            }
        }
    }

    /// The number of lines.
    pub(super) fn total(&self) -> usize {
        self.confusion.values().sum()
    }

    /// The share of lines with the right kind.
    pub(super) fn accuracy(&self) -> f64 {
        let right = self
            .confusion
            .iter()
            .filter(|((gold, found), _)| gold == found)
            .map(|(_, count)| count);
        share(right.sum(), self.total())
    }

    /// The F1 of each kind, with the number of its lines.
    pub(super) fn kinds(&self) -> Vec<(String, f64, usize)> {
        let mut kinds: Vec<&str> = self.confusion.keys().map(|(gold, _)| gold.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let sum = |wanted: &dyn Fn(&str, &str) -> bool| -> usize {
            self.confusion
                .iter()
                .filter(|((gold, found), _)| wanted(gold, found))
                .map(|(_, count)| count)
                .sum()
        };
        kinds
            .into_iter()
            .map(|kind| {
                let right = sum(&|gold, found| gold == kind && found == kind);
                let (wanted, found) = (sum(&|gold, _| gold == kind), sum(&|_, found| found == kind));
                (kind.to_owned(), share(2 * right, wanted + found), wanted)
            })
            .collect()
    }

    /// The mean F1 of the kinds.
    pub(super) fn macro_f1(&self) -> f64 {
        let kinds = self.kinds();
        kinds.iter().map(|(_, f1, _)| f1).sum::<f64>() / kinds.len().max(1) as f64
    }

    /// The share of must-haves and nice-to-haves that are told apart, of those that are stated and read as either.
    pub(super) fn told_apart(&self) -> f64 {
        share(self.told_apart.0, self.told_apart.1)
    }

    /// The share of headings read as headings.
    pub(super) fn headings(&self) -> f64 {
        let of = |found: &dyn Fn(&str) -> bool| -> usize {
            self.confusion
                .iter()
                .filter(|((gold, kind), _)| gold == HEADING && found(kind))
                .map(|(_, count)| count)
                .sum()
        };
        share(of(&|kind| kind == HEADING), of(&|_| true))
    }
}

fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

/// The kind that covers most of these bytes.
fn most<'l>(lines: &'l [(Range<usize>, String)], bytes: &Range<usize>) -> Option<&'l str> {
    let shared = |line: &Range<usize>| line.end.min(bytes.end).saturating_sub(line.start.max(bytes.start));
    let covering = lines.iter().filter(|(line, _)| shared(line) > 0);
    covering
        .max_by_key(|(line, _)| shared(line))
        .map(|(_, kind)| kind.as_str())
}
