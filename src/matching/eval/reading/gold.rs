//! What the sources of the files state.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::EvalError;

/// A file with a resume.
#[derive(Debug, Deserialize)]
pub(super) struct Gold {
    /// The path in the folder of the evaluation.
    pub(super) file: String,
    /// The program that wrote it.
    pub(super) tool: String,
    /// The template.
    pub(super) layout: String,
    /// The language.
    pub(super) lang: String,
    /// The text of each column: first the head, which may span the page.
    pub(super) columns: Vec<Vec<Block>>,
    /// The years of experience.
    pub(super) years: Option<f64>,
    /// The rank of the highest degree.
    pub(super) degree: u8,
    /// The occupations.
    pub(super) titles: Vec<String>,
    /// The strings that identify the person.
    pub(super) identity: Vec<String>,
    /// The text that cannot be seen.
    pub(super) hidden: Vec<String>,
    /// Whether a reader should report hidden text; `None` if it may.
    pub(super) reported: Option<bool>,
}

/// A piece of text that a page keeps together.
#[derive(Debug, Deserialize)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// The kinds of section it may be assigned to, separated by `|`.
    pub(super) section: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BlockKind {
    Name,
    Title,
    Contact,
    Heading,
    /// The title of a job or the name of a degree.
    Entry,
    Firm,
    Dates,
    Bullet,
    Skills,
    Identity,
    Paragraph,
}

/// A posting.
#[derive(Debug, Deserialize)]
pub(super) struct GoldPosting {
    /// The path in the folder of the evaluation.
    pub(super) file: String,
    /// The lines, sentences and headings in text order.
    pub(super) lines: Vec<GoldLine>,
}

/// A line or sentence of a posting.
#[derive(Debug, Deserialize)]
pub(super) struct GoldLine {
    /// The kind, as in the schema.
    pub(super) kind: String,
    pub(super) text: String,
    /// Whether a heading or a cue states the kind.
    pub(super) stated: bool,
}

/// Reads a file with a JSON value in each line.
pub(super) fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, EvalError> {
    let broken = |reason: String| EvalError::Broken {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|cause| broken(cause.to_string()))?;
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_str(line).map_err(|cause| broken(cause.to_string())))
        .collect()
}
