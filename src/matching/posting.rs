//! The kind of each line and sentence of a posting, and what it asks for.
//!
//! `units` splits the text, `glued` where line breaks were lost, `features` and `classifier` score each unit, and `chain`
//! decodes the posting as a sequence: a heading decides about the lines below it, and a line can still differ. `forms` has
//! headings and labels that many postings share, `statements` corrects sentences that say what they are; `needs` decides what is optional; `cues` and
//! `parts` split lines that ask for some of their parts only, and `cover` gives every part a kind. [`read`] is called by
//! `Job::read`.

mod chain;
mod classifier;
mod cover;
mod cues;
mod features;
mod forms;
mod glued;
mod kind;
mod labelled;
mod lattice;
mod measure;
mod needs;
mod parts;
mod sentence;
mod statements;
mod train;
mod units;

use std::ops::Range;

use self::kind::Label;
use self::units::Unit;
use super::words::Word;

pub(super) use self::classifier::LineClassifier;
pub(super) use self::cover::cover;
pub(super) use self::cues::{Cue, cue, is_cue_only};
pub use self::kind::LineKind;
pub use self::measure::{LineFigures, evaluate_lines, train_lines};
pub(super) use self::parts::parts;
pub(super) use self::statements::is_about_terms;

/// A line or sentence of a posting with its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PostingLine {
    pub(super) bytes: Range<usize>,
    pub(super) kind: LineKind,
    /// Whether it is the title of the job.
    pub(super) title: bool,
    /// The number of the paragraph or list item that it is part of.
    pub(super) line: usize,
}

/// The lines of a posting; `clean` is `text` with contact data blanked, and `words` are the words of it.
pub(super) fn read(classifier: &LineClassifier, text: &str, clean: &str, words: &[Word]) -> Vec<PostingLine> {
    let units = units::units(clean);
    let labels = classifier.labels(text, clean, words, &units);
    let mut found: Vec<PostingLine> = Vec::with_capacity(units.len());
    let mut labelled = false;
    for (unit, label) in units.iter().zip(labels) {
        // `Reporting: you write ...` is one sentence if the label opens no section.
        if labelled && let Some(last) = found.last_mut().filter(|last| last.kind == label.kind()) {
            last.bytes.end = unit.bytes.end;
        } else {
            found.push(PostingLine {
                bytes: unit.bytes.clone(),
                kind: kind(clean, unit, label),
                title: label == Label::Title,
                line: unit.line,
            });
        }
        labelled = unit.label && matches!(label, Label::Content(_));
    }
    found
}

/// The kind of a unit with this label. What is said not to be needed is no requirement.
fn kind(clean: &str, unit: &Unit, label: Label) -> LineKind {
    match label.kind() {
        LineKind::MustHave | LineKind::NiceToHave
            if parts(clean, &unit.bytes).iter().all(|part| part.cue == Cue::Not) =>
        {
            LineKind::Other
        }
        kind => kind,
    }
}

#[cfg(test)]
mod tests;
