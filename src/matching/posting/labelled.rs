//! Postings with labelled lines, as the training and evaluation data store them.
//!
//! A file holds lines of `label TAB text`; a line that consists of `=` and a name begins the next posting, and a label
//! that begins with `+` continues the previous line. Labels are `d`, `m`, `n`, `t`, `e`, `a`, `l` and `o` in the order of
//! [`CONTENT`](super::kind::CONTENT), `r` for a requirement of any kind, `?` for text that is not evaluated, `Hd` and so
//! on for headings, `H` for any heading, and `T` for the title.
//!
//! A line has the kind of what it says, and where that is open, of its section. A requirement without a sign that it is
//! optional is a must-have; what the employer gives is terms; the department and whom one reports to are about the employer.

use std::ops::Range;
use std::path::Path;

use super::super::error::LexiconError;
use super::kind::Label;

/// Sanity limit of a decompressed file in bytes.
const MOST_BYTES: usize = 64 << 20;

/// A label of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gold {
    Known(Label),
    /// A requirement: a duty, must-have or nice-to-have.
    Requirement,
    AnyHeading,
    Unknown,
}

/// A posting with labelled spans.
#[derive(Debug, Default)]
pub(super) struct Posting {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) spans: Vec<(Range<usize>, Gold)>,
}

impl Posting {
    /// The label at this offset.
    pub(super) fn gold(&self, at: usize) -> Gold {
        let behind = self.spans.partition_point(|(bytes, _)| bytes.end <= at);
        self.spans.get(behind).map_or(Gold::Unknown, |(_, gold)| *gold)
    }

    /// The group of sources, the part of the name before the first hyphen.
    pub(super) fn source(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }
}

/// Reads a file of postings, compressed if its name ends in `.zst`.
pub(super) fn read(path: &Path) -> Result<Vec<Posting>, LexiconError> {
    let fail = |reason: String| LexiconError {
        path: path.to_owned(),
        reason,
    };
    let mut bytes = std::fs::read(path).map_err(|cause| fail(cause.to_string()))?;
    if path.extension().is_some_and(|ending| ending == "zst") {
        bytes = zstd::bulk::decompress(&bytes, MOST_BYTES).map_err(|cause| fail(cause.to_string()))?;
    }
    let text = String::from_utf8(bytes).map_err(|cause| fail(cause.to_string()))?;
    parse(&text).map_err(fail)
}

fn parse(text: &str) -> Result<Vec<Posting>, String> {
    let mut found: Vec<Posting> = Vec::new();
    for (number, line) in text.split('\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('=') {
            found.push(Posting {
                name: name.to_owned(),
                ..Posting::default()
            });
            continue;
        }
        let (Some((label, text)), Some(posting)) = (line.split_once('\t'), found.last_mut()) else {
            return Err(format!("line {} is not a label and a text", number + 1));
        };
        let (joined, label) = label.strip_prefix('+').map_or((false, label), |label| (true, label));
        if !posting.text.is_empty() {
            posting.text.push(if joined { ' ' } else { '\n' });
        }
        let start = posting.text.len();
        posting.text.push_str(text);
        if !text.is_empty() {
            let gold = gold(label).ok_or_else(|| format!("line {} has the unknown label {label}", number + 1))?;
            posting.spans.push((start..posting.text.len(), gold));
        }
    }
    Ok(found)
}

fn gold(label: &str) -> Option<Gold> {
    let kind = |name: &str| "dmntealo".find(name).filter(|_| name.len() == 1);
    match label {
        "T" => Some(Gold::Known(Label::Title)),
        "H" => Some(Gold::AnyHeading),
        "r" => Some(Gold::Requirement),
        "?" => Some(Gold::Unknown),
        _ => match label.strip_prefix('H') {
            Some(name) => kind(name).map(|kind| Gold::Known(Label::Heading(kind))),
            None => kind(label).map(|kind| Gold::Known(Label::Content(kind))),
        },
    }
}
