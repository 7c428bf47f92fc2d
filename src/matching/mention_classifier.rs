//! Classification of mentions: "Java" is a skill, "a can-do attitude" is not, and "English" depends on its context.
//!
//! Logistic regression on features that need no encoder: the label, its spelling, the rarity of its words, and the
//! words before and after. It is trained on SkillSpan (Zhang et al. 2022) and on the advertisements of Green et al. (2022)
//! by `portcullis train matching`. A classifier on the embedding of each mention with its context would encode one text
//! per mention, which costs more than the whole match.

use std::collections::HashMap;
use std::path::Path;

use super::error::LexiconError;
use super::text_file;
use super::words::{self, Case, Gap, Hashed, Word};

/// The file name of the weights.
pub(super) const FILE: &str = "context.tsv.zst";
/// Sanity limit of the decompressed weights in bytes.
const MOST_BYTES: usize = 8 << 20;
/// Training epochs.
const EPOCHS: usize = 30;
/// The learning rate of AdaGrad (Duchi et al. 2011).
const RATE: f32 = 0.3;
/// Smaller weights are not stored.
const LEAST_WEIGHT: f32 = 0.005;
/// The weight decay, applied once per epoch.
const DECAY: f32 = 1.5;

/// The words on each side whose presence counts in any order.
const WINDOW: usize = 6;

/// A feature and its value.
pub(super) type Feature = (u64, f32);

/// The weights of the classifier.
#[derive(Debug, Default)]
pub(super) struct MentionClassifier {
    weights: HashMap<u64, f32, Hashed>,
}

/// The lexicon's data of a mention.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label<'a> {
    pub(super) label: &'a str,
    pub(super) concept: bool,
    pub(super) everyday: bool,
    pub(super) acronym: bool,
    /// The mean rarity of its words.
    pub(super) rarity: f32,
}

fn feature(kind: u8, value: u64) -> u64 {
    words::chain(u64::from(kind), value)
}

/// The features of the mention from word `at` to word `end` of a sentence.
pub(super) fn features(sentence: &[Word], at: usize, end: usize, named: Label<'_>) -> Vec<Feature> {
    let flag = |kind: u8, value: usize| (feature(kind, value as u64), 1.0);
    let around = |place: Option<usize>| place.and_then(|at| sentence.get(at)).map_or(0, |word| word.stem);
    let gap = |place: usize| match sentence.get(place).map(|word| word.gap) {
        Some(Gap::Space) => 0,
        Some(Gap::Joint) => 1,
        Some(Gap::Break) => 2,
        None => 3,
    };
    let case = match sentence[at].case {
        Case::Lower => 0,
        Case::Capital => 1,
        Case::Upper => 2,
    };
    let named_in_capitals = usize::from(named.label.contains(char::is_uppercase));
    let shouted = usize::from(sentence.iter().all(|word| word.case == Case::Upper));
    let items = 1 + sentence.iter().skip(1).filter(|word| word.gap == Gap::Break).count();
    let mut all = vec![
        (feature(0, 0), 1.0),
        flag(1, (end - at).min(3)),
        flag(2, usize::from(named.everyday)),
        flag(3, usize::from(named.concept)),
        flag(4, case),
        flag(5, usize::from(at == 0)),
        flag(6, usize::from(items >= 3 && sentence.len() <= 3 * items)),
        flag(7, gap(at)),
        flag(8, gap(end)),
        (feature(9, 0), named.rarity / 5.0),
        (feature(10, 0), sentence.len().min(40) as f32 / 40.0),
        (feature(11, words::hash(named.label.as_bytes())), 1.0),
        (feature(12, around(at.checked_sub(1))), 1.0),
        (feature(13, around(at.checked_sub(2))), 1.0),
        (feature(14, around(Some(end))), 1.0),
        (feature(15, around(Some(end + 1))), 1.0),
        flag(16, usize::from(named.acronym) * 3 + case),
        flag(17, named_in_capitals * 3 + case),
        flag(18, shouted),
        (feature(19, sentence[end - 1].stem), 1.0),
        (feature(20, sentence[at].stem), 1.0),
    ];
    // The words around it in any order.
    let window = sentence[at.saturating_sub(WINDOW)..at].iter();
    let window = window.chain(&sentence[end..sentence.len().min(end + WINDOW)]);
    all.extend(
        window
            .filter(|word| word.subject)
            .map(|word| (feature(21, word.stem), 0.5)),
    );
    all
}

impl MentionClassifier {
    /// Loads the weights from this folder.
    pub(super) fn open(folder: &Path) -> Result<Self, LexiconError> {
        let path = folder.join(FILE);
        let fail = |reason: String| LexiconError {
            path: path.clone(),
            reason,
        };
        let text = text_file::read(&path, MOST_BYTES)?;
        let parse = |line: &str| {
            let (feature, weight) = line.split_once('\t')?;
            let weight: f32 = weight.parse().ok()?;
            Some((u64::from_str_radix(feature, 16).ok()?, weight)).filter(|(_, weight)| weight.is_finite())
        };
        let weights: Option<HashMap<u64, f32, Hashed>> = text.lines().map(parse).collect();
        let weights = weights.ok_or_else(|| fail("a line is not a feature and its weight".to_owned()))?;
        Ok(Self { weights })
    }

    /// Writes the non-zero weights into this folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), LexiconError> {
        let path = folder.join(FILE);
        let mut lines: Vec<_> = self
            .weights
            .iter()
            .filter(|(_, weight)| weight.abs() >= LEAST_WEIGHT)
            .collect();
        lines.sort_by_key(|(feature, _)| **feature);
        let text: String = lines
            .into_iter()
            .map(|(feature, weight)| format!("{feature:016x}\t{weight:.3}\n"))
            .collect();
        let packed = zstd::bulk::compress(text.as_bytes(), 19);
        packed
            .and_then(|packed| std::fs::write(&path, packed))
            .map_err(|cause| LexiconError {
                path,
                reason: cause.to_string(),
            })
    }

    /// The probability that a mention with these features is a skill.
    pub(super) fn probability(&self, features: &[Feature]) -> f32 {
        let weight = |(feature, value): &Feature| self.weights.get(feature).map_or(0.0, |weight| weight * value);
        1.0 / (1.0 + (-features.iter().map(weight).sum::<f32>()).exp())
    }

    /// Trains on mentions with their labels, in the given order.
    pub(super) fn learn(examples: &[(Vec<Feature>, bool)]) -> Self {
        let mut context = Self::default();
        let mut squares: HashMap<u64, f32, Hashed> = HashMap::default();
        let mut counts: HashMap<u64, f32, Hashed> = HashMap::default();
        for (feature, _) in examples.iter().flat_map(|(features, _)| features) {
            *counts.entry(*feature).or_default() += 1.0;
        }
        for _ in 0..EPOCHS {
            for (features, skill) in examples {
                let off = context.probability(features) - f32::from(u8::from(*skill));
                for (feature, value) in features {
                    let weight = context.weights.entry(*feature).or_default();
                    let gradient = off * value + DECAY * *weight / counts[feature];
                    let square = squares.entry(*feature).or_insert(1.0);
                    *square += gradient * gradient;
                    *weight -= RATE * gradient / square.sqrt();
                }
            }
        }
        context
    }
}

#[cfg(test)]
mod tests {
    //! Learning and serialization. The accuracy is part of the evaluation.

    use super::*;

    fn seen(text: &str, at: usize, label: &str) -> Vec<Feature> {
        let named = Label {
            label,
            concept: false,
            everyday: false,
            acronym: false,
            rarity: 3.0,
        };
        features(&words::words(text), at, at + 1, named)
    }

    #[test]
    fn labels_and_their_surroundings_are_learnt() {
        let examples = [
            (seen("you speak english well", 2, "english"), true),
            (seen("please write in english to us", 3, "english"), false),
            (seen("we use java daily", 2, "java"), true),
            (seen("you speak danish well", 2, "danish"), true),
            (seen("please apply in danish to us", 3, "danish"), false),
            (seen("our vision is big", 1, "vision"), false),
        ];
        let context = MentionClassifier::learn(&examples);
        assert!(context.probability(&seen("you speak german well", 2, "german")) > 0.5);
        assert!(context.probability(&seen("please write in german to us", 3, "german")) < 0.5);
        assert!(
            context.probability(&seen("the vision here", 1, "vision"))
                < context.probability(&seen("the java here", 1, "java"))
        );

        let folder = tempfile::tempdir().unwrap();
        context.write(folder.path()).unwrap();
        let read = MentionClassifier::open(folder.path()).unwrap();
        for (features, _) in &examples {
            assert!((read.probability(features) - context.probability(features)).abs() < 0.05);
        }
    }

    #[test]
    fn broken_weights_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["00ff\tNaN\n", "no feature\t1\n", "00ff 1\n"] {
            std::fs::write(
                folder.path().join(FILE),
                zstd::bulk::compress(text.as_bytes(), 1).unwrap(),
            )
            .unwrap();
            assert!(
                MentionClassifier::open(folder.path())
                    .unwrap_err()
                    .to_string()
                    .contains(FILE)
            );
        }
    }
}
