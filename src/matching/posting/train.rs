//! Training of the classifier of units: a conditional random field (Lafferty, McCallum and Pereira 2001) over labelled
//! postings, fitted with AdaGrad (Duchi, Hazan and Singer 2011).

use std::path::Path;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use safetensors::SafeTensors;

use super::super::error::LexiconError;
use super::super::{redact, words};
use super::chain::{self, Arcs, WEIGHTS};
use super::classifier::{LineClassifier, MEANINGS, for_each_piece, piece_key};
use super::features::{self, BUCKETS, Features};
use super::kind::{CONTENT, LABELS, Label};
use super::labelled::{Gold, Posting};
use super::lattice::Lattice;
use super::units::{self, Unit};

/// The number of classifiers, which differ by their seed, whose weights are averaged.
const RUNS: usize = 5;
const EPOCHS: usize = 5;
const RATE: f32 = 0.08;
/// The part of each weight of a bucket that is lost in an epoch.
const DECAY: f32 = 0.12;
/// The share of features of words that is left out of each step, so that meanings and form are learned too.
const DROPPED: f32 = 0.3;
/// The share of units whose words are all left out of a step, so that unknown headings are told by their form.
const HIDDEN: f32 = 0.1;
/// The width of the encoder's vectors.
const WIDTH: usize = 384;

/// The encoder's word pieces and their vectors.
pub(super) struct Pieces {
    keys: std::collections::HashMap<u64, usize>,
    vectors: Vec<f32>,
}

impl Pieces {
    /// Loads the word pieces of the encoder in this folder.
    pub(super) fn open(folder: &Path) -> Result<Self, LexiconError> {
        let path = folder.join("tokenizer.json");
        let fail = |path: &Path, reason: String| LexiconError {
            path: path.to_owned(),
            reason,
        };
        let text = std::fs::read_to_string(&path).map_err(|cause| fail(&path, cause.to_string()))?;
        let json: serde_json::Value = serde_json::from_str(&text).map_err(|cause| fail(&path, cause.to_string()))?;
        let vocabulary = json["model"]["vocab"].as_object();
        let vocabulary = vocabulary.ok_or_else(|| fail(&path, "it has no vocabulary".to_owned()))?;
        let path = folder.join("model.safetensors");
        let bytes = std::fs::read(&path).map_err(|cause| fail(&path, cause.to_string()))?;
        let file = SafeTensors::deserialize(&bytes).map_err(|cause| fail(&path, cause.to_string()))?;
        let table = file
            .tensor("embeddings.word_embeddings.weight")
            .map_err(|cause| fail(&path, cause.to_string()))?;
        let (halves, _) = table.data().as_chunks::<2>();
        let all: Vec<f32> = halves
            .iter()
            .map(|bytes| half::f16::from_le_bytes(*bytes).to_f32())
            .collect();
        let mut chosen: Vec<(u64, usize)> = Vec::new();
        for (piece, at) in vocabulary {
            let (inside, bare) = piece
                .strip_prefix("##")
                .map_or((false, piece.as_str()), |bare| (true, bare));
            let latin = bare.chars().all(|c| c.is_alphabetic() && c < '\u{250}');
            if let (true, Some(at)) = (latin, at.as_u64().and_then(|at| usize::try_from(at).ok())) {
                chosen.push((piece_key(bare, inside), at));
            }
        }
        chosen.sort_unstable();
        chosen.dedup_by_key(|(key, _)| *key);
        let mut vectors: Vec<f32> = Vec::with_capacity(chosen.len() * WIDTH);
        for (_, at) in &chosen {
            vectors.extend(&all[at * WIDTH..(at + 1) * WIDTH]);
        }
        center(&mut vectors);
        Ok(Self {
            keys: chosen.iter().map(|(key, _)| *key).zip(0..).collect(),
            vectors,
        })
    }

    fn vector(&self, at: usize) -> &[f32] {
        &self.vectors[at * WIDTH..(at + 1) * WIDTH]
    }

    /// The mean vector of the words, and the vector of the first word, as the classifier weighs them.
    fn meaning(&self, features: &Features) -> Vec<f32> {
        let mut sums = vec![0.0; 2 * WIDTH];
        let mut count = 0;
        for (at, token) in features.tokens.iter().enumerate() {
            for_each_piece(
                token,
                |key| self.keys.get(&key).copied(),
                |piece| {
                    for (sum, value) in sums.iter_mut().zip(self.vector(piece)) {
                        *sum += value;
                    }
                    if at == 0 && sums[WIDTH..].iter().all(|value| *value == 0.0) {
                        sums[WIDTH..].copy_from_slice(self.vector(piece));
                    }
                    count += 1;
                },
            );
        }
        let share = 1.0 / count.max(1) as f32;
        sums[..WIDTH].iter_mut().for_each(|sum| *sum *= share);
        sums
    }
}

/// Gives every column the mean 0 and the deviation 1.
fn center(vectors: &mut [f32]) {
    let rows = (vectors.len() / WIDTH).max(1) as f32;
    for column in 0..WIDTH {
        let values = || (column..vectors.len()).step_by(WIDTH);
        let mean = values().map(|at| vectors[at]).sum::<f32>() / rows;
        let variance = values().map(|at| (vectors[at] - mean).powi(2)).sum::<f32>() / rows;
        let scale = 1.0 / variance.sqrt().max(1e-6);
        for at in (column..vectors.len()).step_by(WIDTH) {
            vectors[at] = (vectors[at] - mean) * scale;
        }
    }
}

/// A posting ready for training.
struct Example {
    units: Vec<Unit>,
    features: Vec<Features>,
    meanings: Vec<Vec<f32>>,
    /// The state of each unit.
    path: Vec<usize>,
    /// Whether the label of each unit is certain.
    certain: Vec<bool>,
}

/// The weights in training.
struct Trainer {
    buckets: Adaptive,
    dense: Adaptive,
    chain: Adaptive,
    arcs: Arcs,
}

/// Weights with the sums of their squared gradients, and their mean over the last epochs of all runs.
struct Adaptive {
    values: Vec<f32>,
    squares: Vec<f32>,
    means: Vec<f32>,
}

impl Adaptive {
    fn new(len: usize) -> Self {
        Self {
            values: vec![0.0; len],
            squares: vec![1e-3; len],
            means: vec![0.0; len],
        }
    }

    /// Starts again, and keeps the means.
    fn reset(&mut self) {
        self.values.fill(0.0);
        self.squares.fill(1e-3);
    }

    fn step(&mut self, at: usize, gradient: f32, rate: f32) {
        self.squares[at] += gradient * gradient;
        self.values[at] += rate * gradient / self.squares[at].sqrt();
    }

    fn keep(&mut self, share: f32) {
        for (mean, value) in self.means.iter_mut().zip(&self.values) {
            *mean += share * value;
        }
    }
}

/// Trains on postings; `report` gets the number of the epoch, over all runs, and the mean log-likelihood of a unit.
pub(super) fn train(
    postings: &[Posting],
    pieces: &Pieces,
    seed: u64,
    report: &mut dyn FnMut(usize, f64),
) -> LineClassifier {
    let mut examples: Vec<Example> = postings.iter().map(|posting| example(posting, pieces)).collect();
    examples.retain(|example| !example.units.is_empty());
    let mut trainer = Trainer {
        buckets: Adaptive::new(BUCKETS * LABELS),
        dense: Adaptive::new(2 * WIDTH * LABELS),
        chain: Adaptive::new(WEIGHTS),
        arcs: Arcs::new(),
    };
    for run in 0..RUNS {
        let mut random = StdRng::seed_from_u64(seed + run as u64);
        trainer.reset();
        for epoch in 0..EPOCHS {
            examples.shuffle(&mut random);
            let (mut likelihood, mut units) = (0.0, 0);
            for example in &examples {
                likelihood += trainer.step(example, &mut random);
                units += example.units.len();
            }
            trainer
                .buckets
                .values
                .iter_mut()
                .for_each(|value| *value *= 1.0 - DECAY);
            if epoch >= EPOCHS / 2 {
                trainer.keep(1.0 / (RUNS * (EPOCHS - EPOCHS / 2)) as f32);
            }
            report(run * EPOCHS + epoch + 1, likelihood / units.max(1) as f64);
        }
    }
    let mut folded: Vec<(u64, Vec<f32>)> = pieces
        .keys
        .iter()
        .map(|(&key, &at)| {
            let vector = pieces.vector(at);
            let mut scores = vec![0.0; MEANINGS];
            for (half, scores) in scores.chunks_mut(LABELS).enumerate() {
                for (score, weights) in scores.iter_mut().zip(trainer.dense.means.chunks_exact(2 * WIDTH)) {
                    *score = dot(vector, &weights[half * WIDTH..(half + 1) * WIDTH]);
                }
            }
            (key, scores)
        })
        .collect();
    folded.sort_by_key(|(key, _)| *key);
    LineClassifier::new(&trainer.buckets.means, &folded, trainer.chain.means)
}

fn example(posting: &Posting, pieces: &Pieces) -> Example {
    let clean = redact::job(&posting.text);
    let units = units::units(&clean);
    let features = features::features(&posting.text, &clean, &words::words(&clean), &units);
    let labels: Vec<(Label, bool)> = units.iter().map(|unit| training_label(posting, unit)).collect();
    let plain: Vec<Label> = labels.iter().map(|(label, _)| *label).collect();
    Example {
        path: chain::path(&units, &plain),
        meanings: features.iter().map(|one| pieces.meaning(one)).collect(),
        certain: labels.iter().map(|(_, certain)| *certain).collect(),
        features,
        units,
    }
}

/// The label of a unit; that of `Salary:` in a line about the terms is a heading.
fn training_label(posting: &Posting, unit: &Unit) -> (Label, bool) {
    match posting.gold(unit.bytes.start) {
        Gold::Known(Label::Content(kind)) if unit.label && kind >= 3 => (Label::Heading(kind), true),
        Gold::Known(label) => (label, true),
        Gold::Requirement => (Label::Content(1), false),
        Gold::AnyHeading => (Label::Heading(CONTENT.len() - 1), false),
        Gold::Unknown => (Label::Content(CONTENT.len() - 1), false),
    }
}

impl Trainer {
    fn weights(&mut self) -> [&mut Adaptive; 3] {
        [&mut self.buckets, &mut self.dense, &mut self.chain]
    }

    fn reset(&mut self) {
        self.weights().into_iter().for_each(Adaptive::reset);
    }

    fn keep(&mut self, share: f32) {
        self.weights().into_iter().for_each(|weights| weights.keep(share));
    }

    /// Takes a step on one posting and returns its log-likelihood.
    fn step(&mut self, example: &Example, random: &mut StdRng) -> f64 {
        let count = example.units.len();
        let hidden: Vec<bool> = (0..count).map(|_| random.random::<f32>() < HIDDEN).collect();
        let kept: Vec<Vec<u32>> = example
            .features
            .iter()
            .zip(&hidden)
            .map(|(one, hidden)| {
                let dropped = if *hidden { 1.0 } else { DROPPED };
                let words = one.words.iter().copied().filter(|_| random.random::<f32>() >= dropped);
                words.chain(one.form.iter().copied()).collect()
            })
            .collect();
        let none = vec![0.0; 2 * WIDTH];
        let meaning = |at: usize| if hidden[at] { &none } else { &example.meanings[at] };
        let scores: Vec<[f32; LABELS]> = (0..count).map(|at| self.scores(&kept[at], meaning(at))).collect();
        let lattice = Lattice::new(&self.arcs, &self.chain.values, &example.units, &scores);
        let mut dense = vec![0.0; 2 * WIDTH * LABELS];
        for (at, &gold) in example.path.iter().enumerate().take(count) {
            if !example.certain[at] {
                continue;
            }
            let posterior = lattice.states(at);
            let mut gradient = [0.0_f32; LABELS];
            gradient[chain::label(gold).index()] += 1.0;
            for (state, probability) in posterior.iter().enumerate() {
                gradient[chain::label(state).index()] -= probability;
                if let Some(weight) = chain::state_weight(state, &example.units[at]) {
                    let target = f32::from(u8::from(state == gold));
                    let difference = target - probability;
                    if difference.abs() > 1e-4 {
                        self.chain.step(weight, difference, RATE);
                    }
                }
            }
            self.emit(&kept[at], meaning(at), &gradient, &mut dense);
        }
        // Small steps: the vectors are dense.
        for (at, gradient) in dense.into_iter().enumerate() {
            self.dense.step(at, gradient, RATE * 0.06);
        }
        lattice.transitions(&self.arcs, &example.units, &example.path, &mut |weight, difference| {
            self.chain.step(weight, difference, RATE);
        });
        lattice.likelihood(&example.path)
    }

    fn scores(&self, buckets: &[u32], meaning: &[f32]) -> [f32; LABELS] {
        let mut scores = [0.0; LABELS];
        for &bucket in buckets {
            let row = bucket as usize * LABELS;
            for (score, weight) in scores.iter_mut().zip(&self.buckets.values[row..row + LABELS]) {
                *score += weight;
            }
        }
        for (score, weights) in scores.iter_mut().zip(self.dense.values.chunks_exact(2 * WIDTH)) {
            *score += dot(meaning, weights);
        }
        scores
    }

    /// Updates the weights of the buckets, and adds to the gradient of the dense weights.
    fn emit(&mut self, buckets: &[u32], meaning: &[f32], gradient: &[f32; LABELS], dense: &mut [f32]) {
        for (label, &gradient) in gradient
            .iter()
            .enumerate()
            .filter(|(_, gradient)| gradient.abs() > 1e-3)
        {
            for &bucket in buckets {
                self.buckets.step(bucket as usize * LABELS + label, gradient, RATE);
            }
            let row = &mut dense[label * 2 * WIDTH..(label + 1) * 2 * WIDTH];
            row.iter_mut()
                .zip(meaning)
                .for_each(|(sum, value)| *sum += gradient * value);
        }
    }
}

/// In eight sums, which the compiler keeps in one register.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (left, _) = a.as_chunks::<8>();
    let (right, _) = b.as_chunks::<8>();
    for (left, right) in left.iter().zip(right) {
        for (sum, (a, b)) in sums.iter_mut().zip(left.iter().zip(right)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}
