//! Evaluation of reading, called by `portcullis eval reading`: resumes as programs write them and labelled postings, in
//! `tests/data/reading`. `scripts/reading` makes both from sources that state what a reader should find.
//!
//! Files are read by the caller, because this module does not depend on the readers of documents. No encoder is used.

mod file;
mod gold;
mod parsers;
mod posting;
mod table;
mod words;

use std::path::Path;

pub use table::{Bound, Measure, ReadingTable, Row};

use super::EvalError;
use crate::matching::{Lexicon, Month};
use gold::{Gold, GoldPosting};
use posting::PostingFigures;
use table::FileFigures;

/// The files of the evaluation, relative to its folder.
const FILES: &str = "gold.jsonl";
const POSTINGS: &str = "postings.jsonl";
/// The month in which jobs that continue end; the sources count their years up to it.
const TODAY: Month = Month { year: 2026, month: 11 };

/// The text of a file, as the evaluation receives it.
#[derive(Debug, Clone, Default)]
pub struct FileText {
    /// The visible text.
    pub text: String,
    /// Whether the reader reported hidden text.
    pub hidden: bool,
}

/// Reads and parses every file and posting in `data`, and compares them with what the sources state. `read` extracts the
/// text of a file. `failed` is called with a line for each difference.
///
/// # Errors
/// A list in `data` is missing or invalid. A file that cannot be read counts as empty.
pub fn evaluate_reading(
    lexicon: &Lexicon,
    data: &Path,
    read: &dyn Fn(&Path) -> Result<FileText, String>,
    failed: &mut dyn FnMut(&str),
) -> Result<ReadingTable, EvalError> {
    let files: Vec<Gold> = gold::lines(&data.join(FILES))?;
    let postings: Vec<GoldPosting> = gold::lines(&data.join(POSTINGS))?;
    let mut text_of = |name: &str| {
        read(&data.join(name)).unwrap_or_else(|reason| {
            failed(&format!("{name}: not read: {reason}"));
            FileText::default()
        })
    };
    let texts: Vec<FileText> = files.iter().map(|gold| text_of(&gold.file)).collect();
    let posting_texts: Vec<FileText> = postings.iter().map(|gold| text_of(&gold.file)).collect();
    let mut figures = Vec::new();
    for (gold, text) in files.into_iter().zip(texts) {
        let found = FileFigures::of(lexicon, &gold, &text, TODAY, &mut |line| {
            failed(&format!("{}: {line}", gold.file));
        });
        figures.push((gold, found));
    }
    let mut lines = PostingFigures::default();
    for (gold, text) in postings.iter().zip(posting_texts) {
        lines.add(lexicon, gold, &text.text, &mut |line| {
            failed(&format!("{}: {line}", gold.file));
        });
    }
    Ok(ReadingTable::new(&figures, &lines))
}
