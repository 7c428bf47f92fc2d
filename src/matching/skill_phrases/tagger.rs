//! The tagger of spans: which words begin and continue a skill, decoded along the line.
//!
//! An averaged structured perceptron (Collins 2002) over hashed features, which needs no encoder and takes microseconds
//! a line. It is trained by `portcullis train matching`.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::super::error::LexiconError;
use super::super::{text_file, words};
use super::features::{self, Feature};
use super::line::Line;

/// Sanity limit of the decompressed weights in bytes.
const MOST_BYTES: usize = 16 << 20;
/// Training epochs.
const EPOCHS: u64 = 12;
/// The number of labels: outside, begin, inside.
pub(super) const LABELS: usize = 3;
/// Outside of all spans.
pub(super) const OUTSIDE: usize = 0;
/// The first word of a span.
pub(super) const BEGIN: usize = 1;
/// A further word of a span.
pub(super) const INSIDE: usize = 2;
/// The steps of a stored weight in a unit.
const STEPS: f32 = 4.0;

/// The steps below which a weight is not stored.
const LEAST_STEPS: i32 = 2;
/// The numbers that are rows of transitions, not features.
const RESERVED: Feature = 2 * LABELS as Feature;

type Weights = FxHashMap<Feature, [f32; LABELS]>;

/// The weights of the tagger.
#[derive(Debug, Default)]
pub(in crate::matching) struct PhraseTagger {
    weights: Weights,
    /// By the previous label and the label.
    transitions: [[f32; LABELS]; LABELS],
}

/// The features of the words of a line, with their labels.
pub(in crate::matching) type Example = (Vec<Vec<Feature>>, Vec<usize>);

impl PhraseTagger {
    /// The file name of the weights.
    pub(in crate::matching) const FILE: &str = "phrases.tsv.zst";

    /// The spans of a line as ranges of words.
    pub(super) fn spans(&self, line: &Line<'_>) -> Vec<Range<usize>> {
        if self.weights.is_empty() {
            return Vec::new();
        }
        let rows = features::features(line);
        let scores: Vec<[f32; LABELS]> = rows.iter().map(|row| self.emission(row)).collect();
        spans(&decode(&scores, &self.transitions, None))
    }

    fn emission(&self, row: &[Feature]) -> [f32; LABELS] {
        let mut sums = [0.0; LABELS];
        for weights in row.iter().filter_map(|feature| self.weights.get(feature)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
        sums
    }

    /// Loads the weights from this folder.
    pub(in crate::matching) fn open(folder: &Path) -> Result<Self, LexiconError> {
        let path = folder.join(Self::FILE);
        let fail = |reason: String| LexiconError {
            path: path.clone(),
            reason,
        };
        let text = text_file::read(&path, MOST_BYTES)?;
        let broken = || fail("a line is not a feature and two weights".to_owned());
        let mut tagger = Self::default();
        for line in text.lines() {
            let (feature, [begin, inside]) = parse(line).ok_or_else(broken)?;
            let row = feature as usize;
            if let Some(row) = tagger.transitions.get_mut(row) {
                (row[BEGIN], row[INSIDE]) = (begin, inside);
            } else if let Some(row) = tagger.transitions.get_mut(row - LABELS) {
                row[OUTSIDE] = begin;
            } else {
                tagger.weights.insert(feature, [0.0, begin, inside]);
            }
        }
        if tagger.weights.is_empty() {
            return Err(fail("no weight in it".to_owned()));
        }
        Ok(tagger)
    }

    /// Writes the weights into this folder, relative to those of words outside of spans.
    pub(in crate::matching) fn write(&self, folder: &Path) -> Result<(), LexiconError> {
        let path = folder.join(Self::FILE);
        let steps = |weight: f32| (weight * STEPS).round() as i32;
        let relative = |w: &[f32; LABELS]| [steps(w[BEGIN] - w[OUTSIDE]), steps(w[INSIDE] - w[OUTSIDE])];
        let mut lines: Vec<(Feature, [i32; 2])> = self.weights.iter().map(|(&f, w)| (f, relative(w))).collect();
        lines.retain(|(feature, steps)| *feature >= RESERVED && steps.iter().any(|steps| steps.abs() >= LEAST_STEPS));
        // The rows of the transitions take the first numbers.
        for (row, at) in self.transitions.iter().zip(0..) {
            lines.push((at, [steps(row[BEGIN]), steps(row[INSIDE])]));
            lines.push((at + LABELS as Feature, [steps(row[OUTSIDE]), 0]));
        }
        lines.sort_unstable();
        let text: String = lines
            .into_iter()
            .map(|(feature, [begin, inside])| format!("{feature:x}\t{begin}\t{inside}\n"))
            .collect();
        let packed = zstd::bulk::compress(text.as_bytes(), 19);
        packed
            .and_then(|packed| std::fs::write(&path, packed))
            .map_err(|cause| LexiconError {
                path,
                reason: cause.to_string(),
            })
    }

    /// Trains on labelled lines. Features that occur less than `least` times are left out; a positive `bias` finds fewer
    /// spans.
    pub(in crate::matching) fn learn(examples: &[Example], least: usize, bias: f32) -> Self {
        let mut counts: HashMap<Feature, usize> = HashMap::new();
        for feature in examples.iter().flat_map(|(rows, _)| rows.iter().flatten()) {
            *counts.entry(*feature).or_default() += 1;
        }
        let mut numbers: Vec<Feature> = counts
            .iter()
            .filter(|(_, count)| **count >= least)
            .map(|(f, _)| *f)
            .collect();
        numbers.sort_unstable();
        let number: HashMap<Feature, usize> = numbers.iter().copied().zip(0..).collect();
        let dense: Vec<(Vec<Vec<usize>>, &[usize])> = examples
            .iter()
            .map(|(rows, labels)| {
                let known = |row: &Vec<Feature>| row.iter().filter_map(|f| number.get(f).copied()).collect();
                (rows.iter().map(known).collect(), labels.as_slice())
            })
            .collect();
        let mut average = Averaged::new(numbers.len());
        for epoch in 0..EPOCHS {
            let mut order: Vec<usize> = (0..dense.len()).collect();
            order.sort_by_key(|&at| words::chain(epoch, at as u64));
            for at in order {
                let (rows, gold) = &dense[at];
                average.step(rows, gold);
            }
        }
        let (weights, transitions) = average.finish();
        let mut weights: Weights = numbers.into_iter().zip(weights).collect();
        weights.entry(features::always()).or_default()[OUTSIDE] += bias;
        Self { weights, transitions }
    }
}

fn parse(line: &str) -> Option<(Feature, [f32; 2])> {
    let mut columns = line.split('\t');
    let feature = Feature::from_str_radix(columns.next()?, 16).ok()?;
    let mut weight = || {
        columns
            .next()?
            .parse::<i16>()
            .ok()
            .map(|steps| f32::from(steps) / STEPS)
    };
    let weights = [weight()?, weight()?];
    columns.next().is_none().then_some((feature, weights))
}

/// The weights of a perceptron with their sums over all steps.
struct Averaged {
    weights: Vec<[f32; LABELS]>,
    /// Each change, weighted by the number of the step.
    late: Vec<[f64; LABELS]>,
    transitions: [[f32; LABELS]; LABELS],
    late_transitions: [[f64; LABELS]; LABELS],
    steps: f64,
}

impl Averaged {
    fn new(features: usize) -> Self {
        Self {
            weights: vec![[0.0; LABELS]; features],
            late: vec![[0.0; LABELS]; features],
            transitions: [[0.0; LABELS]; LABELS],
            late_transitions: [[0.0; LABELS]; LABELS],
            steps: 1.0,
        }
    }

    fn step(&mut self, rows: &[Vec<usize>], gold: &[usize]) {
        let scores: Vec<[f32; LABELS]> = rows
            .iter()
            .map(|row| {
                let mut sums = [0.0; LABELS];
                for &feature in row {
                    for (sum, weight) in sums.iter_mut().zip(self.weights[feature]) {
                        *sum += weight;
                    }
                }
                sums
            })
            .collect();
        let found = decode(&scores, &self.transitions, Some(gold));
        for (at, row) in rows.iter().enumerate() {
            let before = |labels: &[usize]| at.checked_sub(1).map_or(OUTSIDE, |at| labels[at]);
            for (labels, change) in [(gold, 1.0_f32), (&found[..], -1.0)] {
                if found[at] != gold[at] {
                    for &feature in row {
                        self.weights[feature][labels[at]] += change;
                        self.late[feature][labels[at]] += f64::from(change) * self.steps;
                    }
                }
                self.transitions[before(labels)][labels[at]] += change;
                self.late_transitions[before(labels)][labels[at]] += f64::from(change) * self.steps;
            }
        }
        self.steps += 1.0;
    }

    fn finish(self) -> (Vec<[f32; LABELS]>, [[f32; LABELS]; LABELS]) {
        let steps = self.steps;
        let mean = |now: [f32; LABELS], late: [f64; LABELS]| {
            let one = |label: usize| (f64::from(now[label]) - late[label] / steps) as f32;
            [one(0), one(1), one(2)]
        };
        let weights = self
            .weights
            .into_iter()
            .zip(self.late)
            .map(|(now, late)| mean(now, late));
        let rows = self.transitions.into_iter().zip(self.late_transitions);
        let mut transitions = [[0.0; LABELS]; LABELS];
        for (row, (now, late)) in transitions.iter_mut().zip(rows) {
            *row = mean(now, late);
        }
        (weights.collect(), transitions)
    }
}

/// The best sequence of labels (Viterbi 1967). With `gold`, every wrong label gets a margin.
fn decode(scores: &[[f32; LABELS]], transitions: &[[f32; LABELS]; LABELS], gold: Option<&[usize]>) -> Vec<usize> {
    /// The margin of a wrong label.
    const MARGIN: f32 = 1.0;
    let mut best = [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let mut from: Vec<[usize; LABELS]> = Vec::with_capacity(scores.len());
    for (at, score) in scores.iter().enumerate() {
        let mut next = [f32::NEG_INFINITY; LABELS];
        let mut back = [OUTSIDE; LABELS];
        for label in 0..LABELS {
            for before in 0..LABELS {
                if label == INSIDE && before == OUTSIDE {
                    continue;
                }
                let sum = best[before] + transitions[before][label];
                if sum > next[label] {
                    next[label] = sum;
                    back[label] = before;
                }
            }
            next[label] += score[label];
            if gold.is_some_and(|gold| gold[at] != label) {
                next[label] += MARGIN;
            }
        }
        best = next;
        from.push(back);
    }
    let mut label = (0..LABELS).fold(
        OUTSIDE,
        |most, label| if best[label] > best[most] { label } else { most },
    );
    let mut labels = vec![OUTSIDE; scores.len()];
    for at in (0..scores.len()).rev() {
        labels[at] = label;
        label = from[at][label];
    }
    labels
}

/// The spans of a sequence of labels.
fn spans(labels: &[usize]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, &label) in labels.iter().enumerate() {
        match (label, found.last_mut()) {
            (BEGIN, _) => found.push(at..at + 1),
            (INSIDE, Some(last)) if last.end == at => last.end += 1,
            _ => {}
        }
    }
    found
}

/// The labels of these spans.
pub(in crate::matching) fn labels(count: usize, spans: &[Range<usize>]) -> Vec<usize> {
    let mut labels = vec![OUTSIDE; count];
    for span in spans {
        labels[span.clone()].fill(INSIDE);
        labels[span.start] = BEGIN;
    }
    labels
}
