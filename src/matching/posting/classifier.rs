//! The classifier of units: linear scores over hashed features and over the meanings of words, decoded along the
//! posting by a chain.
//!
//! The meaning of a word is the encoder's vector of its word pieces, before any layer. A linear function of it is
//! computed for each piece when the model is trained, so that reading is a look-up and needs no encoder.

use std::collections::HashMap;
use std::path::Path;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};

use super::super::error::LexiconError;
use super::super::words::{self, Hashed, Word};
use super::chain::{self, Arcs, WEIGHTS};
use super::cues::{Cue, cue};
use super::features::{self, BUCKETS, Features};
use super::forms;
use super::kind::{CONTENT, LABELS, Label, MUST_HAVE, NICE_TO_HAVE};
use super::needs;
use super::sentence::{introduces_needs, is_sentence, must_be_heading};
use super::statements;
use super::units::{Place, Unit};

/// The file name of the weights.
pub(super) const FILE: &str = "model.safetensors";
/// The longest word piece in bytes.
const LONGEST_PIECE: usize = 18;

/// The scores of a word piece: as any word of the unit, then as its first word.
pub(super) const MEANINGS: usize = 2 * LABELS;

/// Units beyond this number are not classified: no posting is as long.
const MOST_UNITS: usize = 1_500;
/// The kind of the units beyond it.
const OTHER: usize = 7;

/// The score of a label that a unit cannot have.
const NEVER: f32 = -1e6;
/// The difference of scores at which the words of a heading outweigh the lines below it.
const CLEAR: f32 = 3.0;
/// The difference from which a heading is one of optional requirements if the lines below it are: `JD:` has less.
const HINT: f32 = 1.0;

/// The weights of the classifier. Without weights, every line is a must-have.
#[derive(Debug, Default)]
pub(in crate::matching) struct LineClassifier {
    /// `[BUCKETS, LABELS]`, each label with its own scale.
    pub(super) buckets: Vec<i8>,
    pub(super) bucket_scales: Vec<f32>,
    /// Word pieces by their hash.
    pieces: HashMap<u64, u32, Hashed>,
    /// `[pieces, MEANINGS]`, each column with its own scale.
    meanings: Vec<i8>,
    meaning_scales: Vec<f32>,
    pub(super) chain: Vec<f32>,
    arcs: Arcs,
}

impl LineClassifier {
    /// Loads the weights from this folder.
    ///
    /// # Errors
    /// The file is missing or invalid.
    pub(in crate::matching) fn open(folder: &Path) -> Result<Self, LexiconError> {
        let path = folder.join(FILE);
        let fail = |reason: String| LexiconError {
            path: path.clone(),
            reason,
        };
        let bytes = std::fs::read(&path).map_err(|cause| fail(cause.to_string()))?;
        Self::parse(&bytes).map_err(fail)
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file = SafeTensors::deserialize(bytes).map_err(|cause| cause.to_string())?;
        let tensor = |name: &str, dtype: Dtype, shape: &[usize]| {
            let tensor = file.tensor(name).map_err(|cause| cause.to_string())?;
            let fits = tensor.dtype() == dtype
                && tensor.shape().len() == shape.len()
                && tensor
                    .shape()
                    .iter()
                    .zip(shape)
                    .all(|(have, want)| *want == 0 || have == want);
            if fits {
                Ok(tensor)
            } else {
                Err(format!(
                    "{name} is {:?} {:?}, expected {dtype:?} {shape:?}",
                    tensor.dtype(),
                    tensor.shape()
                ))
            }
        };
        let floats = |tensor: &TensorView<'_>| -> Vec<f32> {
            let (values, _) = tensor.data().as_chunks::<4>();
            values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
        };
        let signed = |tensor: &TensorView<'_>| tensor.data().iter().map(|&byte| byte.cast_signed()).collect();
        let pieces = tensor("pieces", Dtype::U64, &[0])?;
        let (keys, _) = pieces.data().as_chunks::<8>();
        let count = keys.len();
        let pieces = keys.iter().map(|bytes| u64::from_le_bytes(*bytes));
        let loaded = Self {
            buckets: signed(&tensor("buckets", Dtype::I8, &[BUCKETS, LABELS])?),
            bucket_scales: floats(&tensor("bucket_scales", Dtype::F32, &[LABELS])?),
            pieces: pieces.zip(0..).collect(),
            meanings: signed(&tensor("meanings", Dtype::I8, &[count, MEANINGS])?),
            meaning_scales: floats(&tensor("meaning_scales", Dtype::F32, &[MEANINGS])?),
            chain: floats(&tensor("chain", Dtype::F32, &[WEIGHTS])?),
            arcs: Arcs::new(),
        };
        let finite = [&loaded.bucket_scales, &loaded.meaning_scales, &loaded.chain];
        if finite
            .iter()
            .any(|values| values.iter().any(|value| !value.is_finite()))
        {
            return Err("a weight is not a finite number".to_owned());
        }
        Ok(loaded)
    }

    /// Quantizes trained weights: those of the buckets, word pieces with their weights, and those of the chain.
    pub(super) fn new(buckets: &[f32], pieces: &[(u64, Vec<f32>)], chain: Vec<f32>) -> Self {
        let (buckets, bucket_scales) = quantize(buckets, LABELS);
        let flat: Vec<f32> = pieces.iter().flat_map(|(_, scores)| scores.iter().copied()).collect();
        let (meanings, meaning_scales) = quantize(&flat, MEANINGS);
        Self {
            buckets,
            bucket_scales,
            pieces: pieces.iter().map(|(key, _)| *key).zip(0..).collect(),
            meanings,
            meaning_scales,
            chain,
            arcs: Arcs::new(),
        }
    }

    /// Writes the weights into this folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), LexiconError> {
        let path = folder.join(FILE);
        let fail = |reason: String| LexiconError {
            path: path.clone(),
            reason,
        };
        let bytes = self.serialize().map_err(|cause| fail(cause.to_string()))?;
        std::fs::write(&path, bytes).map_err(|cause| fail(cause.to_string()))
    }

    fn serialize(&self) -> Result<Vec<u8>, safetensors::SafeTensorError> {
        let mut keys = vec![0_u64; self.pieces.len()];
        for (&key, &at) in &self.pieces {
            keys[at as usize] = key;
        }
        let keys: Vec<u8> = keys.iter().flat_map(|key| key.to_le_bytes()).collect();
        let unsigned = |values: &[i8]| values.iter().map(|&value| value.cast_unsigned()).collect::<Vec<u8>>();
        let floats = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let count = self.pieces.len();
        let tensors = [
            ("buckets", Dtype::I8, vec![BUCKETS, LABELS], unsigned(&self.buckets)),
            ("bucket_scales", Dtype::F32, vec![LABELS], floats(&self.bucket_scales)),
            ("pieces", Dtype::U64, vec![count], keys),
            ("meanings", Dtype::I8, vec![count, MEANINGS], unsigned(&self.meanings)),
            (
                "meaning_scales",
                Dtype::F32,
                vec![MEANINGS],
                floats(&self.meaning_scales),
            ),
            ("chain", Dtype::F32, vec![WEIGHTS], floats(&self.chain)),
        ];
        let views = tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| Ok((*name, TensorView::new(*dtype, shape.clone(), bytes)?)));
        serialize(views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?, None)
    }

    /// The labels of the units of a posting; `clean` is `text` with contact data blanked.
    pub(super) fn labels(&self, text: &str, clean: &str, all: &[Word], units: &[Unit]) -> Vec<Label> {
        if self.buckets.is_empty() {
            // Without a model, every line is a must-have.
            return vec![Label::Content(MUST_HAVE); units.len()];
        }
        let read = &units[..units.len().min(MOST_UNITS)];
        let features = features::features(text, clean, all, read);
        let mut scores: Vec<[f32; LABELS]> = features.iter().map(|one| self.scores(one)).collect();
        for (scores, unit) in scores.iter_mut().zip(read) {
            // A heading such as `Lovely extras (not required)` is one of optional requirements, whatever its other words say.
            if matches!(cue(&clean[unit.bytes.clone()]), Cue::Nice | Cue::Not) {
                let headings = (0..CONTENT.len()).map(|kind| scores[Label::Heading(kind).index()]);
                let highest = headings.fold(f32::NEG_INFINITY, f32::max);
                scores[Label::Heading(NICE_TO_HAVE).index()] = highest + CLEAR;
            }
            if is_sentence(&clean[unit.bytes.clone()], unit) {
                scores[CONTENT.len()..].fill(NEVER);
            }
        }
        for at in 0..read.len() {
            let Some(next) = read.get(at + 1).filter(|next| next.place != Place::SameLine) else {
                continue;
            };
            let text = &clean[read[at].bytes.clone()];
            if at > 0 && must_be_heading(text, &read[at], &clean[next.bytes.clone()]) {
                scores[at][..CONTENT.len()].fill(NEVER);
                if introduces_needs(text) {
                    scores[at][Label::Heading(MUST_HAVE).index()] += CLEAR;
                }
            }
            // A heading of a form that many postings have.
            if let Some(kind) = forms::heading(text).filter(|_| !read[at].label) {
                scores[at].fill(NEVER);
                scores[at][Label::Heading(kind).index()] = 0.0;
            }
        }
        let mut labels = chain::decode(&self.arcs, &self.chain, read, &scores);
        let score = |at: usize, kind: usize| scores[at][Label::Heading(kind).index()];
        let optional = |at: usize, label: Label| match cue(&clean[read[at].bytes.clone()]) {
            Cue::Must => false,
            // `Preferred candidate profile` is that of the candidate who is sought.
            Cue::Nice => !clean[read[at].bytes.clone()]
                .to_lowercase()
                .contains("candidate profile"),
            Cue::Not | Cue::None => {
                let lead = score(at, NICE_TO_HAVE) - score(at, MUST_HAVE);
                let optional = label == Label::Heading(NICE_TO_HAVE);
                if optional { lead > HINT } else { lead > CLEAR }
            }
        };
        statements::correct(clean, read, &mut labels);
        needs::settle(clean, read, &mut labels, optional);
        labels.resize(units.len(), Label::Content(OTHER));
        labels
    }

    fn scores(&self, features: &Features) -> [f32; LABELS] {
        let mut sums = [0_i32; LABELS];
        for &bucket in features.words.iter().chain(&features.form) {
            let at = bucket as usize * LABELS;
            for (sum, &weight) in sums.iter_mut().zip(&self.buckets[at..at + LABELS]) {
                *sum += i32::from(weight);
            }
        }
        let mut scores = [0.0; LABELS];
        for ((score, sum), scale) in scores.iter_mut().zip(sums).zip(&self.bucket_scales) {
            *score = as_f32(sum) * scale;
        }
        let mut meaning = [0_i32; LABELS];
        let mut first = [0_i32; LABELS];
        let mut count = 0;
        for (at, token) in features.tokens.iter().enumerate() {
            for_each_piece(
                token,
                |key| self.pieces.get(&key).copied(),
                |piece| {
                    let row = piece as usize * MEANINGS;
                    let row = &self.meanings[row..row + MEANINGS];
                    for (sum, &weight) in meaning.iter_mut().zip(&row[..LABELS]) {
                        *sum += i32::from(weight);
                    }
                    if at == 0 && first == [0; LABELS] {
                        for (sum, &weight) in first.iter_mut().zip(&row[LABELS..]) {
                            *sum = i32::from(weight);
                        }
                    }
                    count += 1;
                },
            );
        }
        let share = 1.0 / as_f32(count.max(1));
        for at in 0..LABELS {
            scores[at] += as_f32(meaning[at]) * share * self.meaning_scales[at]
                + as_f32(first[at]) * self.meaning_scales[LABELS + at];
        }
        scores
    }
}

/// Sums are far below 2^24.
#[expect(clippy::cast_precision_loss, reason = "sums of a few hundred bytes are exact")]
fn as_f32(sum: i32) -> f32 {
    sum as f32
}

/// Splits a word in lower case into pieces as the encoder's tokenizer does, the longest piece first. A part that is no
/// piece is skipped.
pub(super) fn for_each_piece<T>(token: &str, find: impl Fn(u64) -> Option<T>, mut with: impl FnMut(T)) {
    for run in token
        .split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
    {
        let mut at = 0;
        while at < run.len() {
            let longest = run.len().min(at + LONGEST_PIECE);
            let ends = (at + 1..=longest).rev().filter(|&end| run.is_char_boundary(end));
            let mut piece = ends.map(|end| (end, find(piece_key(&run[at..end], at > 0))));
            match piece.find_map(|(end, piece)| Some((end, piece?))) {
                Some((end, piece)) => {
                    with(piece);
                    at = end;
                }
                None => break,
            }
        }
    }
}

/// The hash of a word piece; `inside` if it continues a word.
pub(super) fn piece_key(piece: &str, inside: bool) -> u64 {
    words::chain(u64::from(inside) + 1, words::hash(piece.as_bytes()))
}

/// Rows of bytes, and the scale of each column.
fn quantize(values: &[f32], columns: usize) -> (Vec<i8>, Vec<f32>) {
    let mut scales = vec![0.0_f32; columns];
    for row in values.chunks(columns) {
        for (scale, value) in scales.iter_mut().zip(row) {
            *scale = scale.max(value.abs() / 127.0);
        }
    }
    let byte = |value: f32, scale: f32| if scale > 0.0 { (value / scale).round() } else { 0.0 };
    let rows = values.chunks(columns);
    #[expect(clippy::cast_possible_truncation, reason = "the scale keeps every value within 127")]
    let bytes = rows.flat_map(|row| row.iter().zip(&scales).map(|(&value, &scale)| byte(value, scale) as i8));
    (bytes.collect(), scales)
}
