//! Training and evaluation of the classifier of lines on files of labelled postings, called by `portcullis train
//! postings` and `portcullis eval postings`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::super::card::write_digests;
use super::super::error::LexiconError;
use super::super::{redact, words};
use super::classifier::{self, LineClassifier};
use super::kind::{CONTENT, Label, LineKind};
use super::labelled::{self, Gold, Posting};
use super::train::{self, Pieces};
use super::units;

/// The folder of the model.
pub(in crate::matching) const FOLDER: &str = "postings";
/// The postings that it is trained on, and those that training never sees: composed by a program, written whole, and real.
const LINES: [&str; 3] = ["lines.tsv.zst", "written.tsv.zst", "real.tsv.zst"];
/// The card of the model.
const CARD: &str = "model.toml";

/// Figures of the classifier on the postings of one source.
#[derive(Debug, Clone, Default)]
pub struct LineFigures {
    /// The source.
    pub source: String,
    /// The number of postings.
    pub postings: usize,
    /// The number of lines with a known kind.
    pub lines: usize,
    /// The share of lines with the right kind.
    pub accuracy: f64,
    /// The mean F1 of the kinds that occur.
    pub macro_f1: f64,
    /// The share of must-haves and nice-to-haves that are told apart, of those read as either.
    pub must_or_nice: f64,
    /// The share of headings found.
    pub headings: f64,
    /// The F1 of each kind that occurs, with the number of its lines.
    pub kinds: Vec<(LineKind, f64, usize)>,
    /// The mean time of reading a posting in milliseconds.
    pub milliseconds: f64,
    /// Wrong lines: the expected kind, the found one, and the text.
    pub errors: Vec<(String, LineKind, String)>,
}

/// Trains on the postings of the model's folder that are not held out, and on further files, and writes the model.
/// `report` gets the epoch and the mean log-likelihood.
///
/// # Errors
/// A file is missing or invalid, or the model cannot be written.
pub fn train_lines(
    models: &Path,
    further: &[PathBuf],
    seed: u64,
    report: &mut dyn FnMut(usize, f64),
) -> Result<(), LexiconError> {
    let folder = models.join(FOLDER);
    let pieces = Pieces::open(&models.join("minilm"))?;
    let mut postings = stored(&folder)?;
    for path in further {
        postings.extend(labelled::read(path)?);
    }
    postings.retain(|posting| !held_out(posting));
    train::train(&postings, &pieces, seed, report).write(&folder)?;
    write_digests(&folder.join(CARD), &[LINES[0], LINES[1], LINES[2], classifier::FILE])
}

/// The postings of the model's folder.
fn stored(folder: &Path) -> Result<Vec<Posting>, LexiconError> {
    let mut found = Vec::new();
    for name in LINES {
        found.extend(labelled::read(&folder.join(name))?);
    }
    Ok(found)
}

/// Evaluates the stored model on the held-out postings of its folder and on those of further files, by source.
///
/// # Errors
/// A file is missing or invalid.
pub fn evaluate_lines(models: &Path, further: &[PathBuf]) -> Result<Vec<LineFigures>, LexiconError> {
    let folder = models.join(FOLDER);
    let model = LineClassifier::open(&folder)?;
    let mut postings = stored(&folder)?;
    postings.retain(held_out);
    for path in further {
        postings.extend(labelled::read(path)?);
    }
    let mut sources: BTreeMap<String, Vec<&Posting>> = BTreeMap::new();
    for posting in &postings {
        sources.entry(posting.source().to_owned()).or_default().push(posting);
    }
    Ok(sources
        .into_iter()
        .map(|(source, postings)| figures(&model, source, &postings))
        .collect())
}

/// Postings whose name ends in `!` are only for evaluation.
fn held_out(posting: &Posting) -> bool {
    posting.name.ends_with('!')
}

fn figures(model: &LineClassifier, source: String, postings: &[&Posting]) -> LineFigures {
    let mut pairs: Vec<(Gold, LineKind)> = Vec::new();
    let mut errors = Vec::new();
    let mut seconds = 0.0;
    for posting in postings {
        let begin = Instant::now();
        let clean = redact::job(&posting.text);
        let units = units::units(&clean);
        let labels = model.labels(&posting.text, &clean, &words::words(&clean), &units);
        seconds += begin.elapsed().as_secs_f64();
        for (bytes, gold) in &posting.spans {
            let found = units
                .iter()
                .zip(&labels)
                .filter(|(unit, _)| unit.bytes.start < bytes.end && unit.bytes.end > bytes.start);
            // The text after a label decides, and the longest kind in a line of several sentences.
            let mut shares: BTreeMap<usize, (usize, LineKind)> = BTreeMap::new();
            for (unit, label) in found {
                let weight = if unit.label && !matches!(gold, Gold::AnyHeading | Gold::Known(Label::Heading(_))) {
                    1
                } else {
                    2 * unit.bytes.len()
                };
                shares.entry(label.kind() as usize).or_insert((0, label.kind())).0 += weight;
            }
            let Some(&(_, kind)) = shares.values().max_by_key(|(weight, _)| *weight) else {
                continue;
            };
            if *gold != Gold::Unknown {
                pairs.push((*gold, kind));
                if !fits(*gold, kind) {
                    let text = posting.text[bytes.clone()].to_owned();
                    errors.push((format!("{gold:?}"), kind, format!("{}: {text}", posting.name)));
                }
            }
        }
    }
    let right = pairs.iter().filter(|(gold, kind)| fits(*gold, *kind)).count();
    let asks: Vec<_> = pairs
        .iter()
        .filter_map(|(gold, kind)| Some((exact(*gold)?, *kind)))
        .filter(|(gold, kind)| is_must_or_nice(*gold) && is_must_or_nice(*kind))
        .collect();
    let headings: Vec<_> = pairs
        .iter()
        .filter(|(gold, _)| exact(*gold) == Some(LineKind::Heading))
        .collect();
    let kinds: Vec<_> = CONTENT
        .into_iter()
        .chain([LineKind::Heading])
        .filter_map(|kind| f1(&pairs, kind))
        .collect();
    LineFigures {
        source,
        postings: postings.len(),
        lines: pairs.len(),
        accuracy: share(right, pairs.len()),
        macro_f1: kinds.iter().map(|(_, f1, _)| f1).sum::<f64>() / kinds.len().max(1) as f64,
        must_or_nice: share(asks.iter().filter(|(gold, kind)| gold == kind).count(), asks.len()),
        headings: share(
            headings.iter().filter(|(_, kind)| *kind == LineKind::Heading).count(),
            headings.len(),
        ),
        kinds,
        milliseconds: 1_000.0 * seconds / postings.len().max(1) as f64,
        errors,
    }
}

fn share(part: usize, of: usize) -> f64 {
    super::super::span::ratio(part, of)
}

fn is_must_or_nice(kind: LineKind) -> bool {
    matches!(kind, LineKind::MustHave | LineKind::NiceToHave)
}

/// The kind that the data tell; `None` for a requirement of any kind.
fn exact(gold: Gold) -> Option<LineKind> {
    match gold {
        Gold::Known(label) => Some(label.kind()),
        Gold::AnyHeading => Some(LineKind::Heading),
        Gold::Requirement | Gold::Unknown => None,
    }
}

fn fits(gold: Gold, kind: LineKind) -> bool {
    match exact(gold) {
        Some(wanted) => wanted == kind,
        None => kind == LineKind::Duty || is_must_or_nice(kind),
    }
}

/// The F1 of a kind and the number of its lines, if there are any.
fn f1(pairs: &[(Gold, LineKind)], kind: LineKind) -> Option<(LineKind, f64, usize)> {
    let wanted = pairs.iter().filter(|(gold, _)| exact(*gold) == Some(kind)).count();
    let found = pairs
        .iter()
        .filter(|(gold, found)| *found == kind && (exact(*gold).is_some() || !fits(*gold, *found)))
        .count();
    let right = pairs
        .iter()
        .filter(|(gold, found)| *found == kind && exact(*gold) == Some(kind))
        .count();
    (wanted > 0).then(|| (kind, 2.0 * share(right, wanted + found), wanted))
}
