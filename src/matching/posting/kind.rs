//! The kinds of the lines of a posting.

use serde::Serialize;

/// The kind of a line or sentence of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LineKind {
    /// The title of the job, or the heading of a section.
    Heading,
    /// A duty or task.
    Duty,
    /// A requirement that must be met.
    MustHave,
    /// An optional requirement.
    NiceToHave,
    /// Pay, hours, place, contract, benefits and working conditions.
    Terms,
    /// The employer, the team and their goals.
    Employer,
    /// How to apply, deadlines and the selection process.
    Application,
    /// Equal opportunity, privacy and other legal notices.
    Legal,
    /// Any other text.
    Other,
}

/// The kinds of text below headings, in the order of the model's outputs.
pub(super) const CONTENT: [LineKind; 8] = [
    LineKind::Duty,
    LineKind::MustHave,
    LineKind::NiceToHave,
    LineKind::Terms,
    LineKind::Employer,
    LineKind::Application,
    LineKind::Legal,
    LineKind::Other,
];

/// The index of duties in [`CONTENT`].
pub(super) const DUTY: usize = 0;
/// The index of must-haves in [`CONTENT`].
pub(super) const MUST_HAVE: usize = 1;
/// The index of nice-to-haves in [`CONTENT`].
pub(super) const NICE_TO_HAVE: usize = 2;
/// The index of terms in [`CONTENT`].
pub(super) const TERMS: usize = 3;
/// The index of text about the employer in [`CONTENT`].
pub(super) const EMPLOYER: usize = 4;
/// The index of applications in [`CONTENT`].
pub(super) const APPLICATION: usize = 5;

/// The index of other text in [`CONTENT`].
pub(super) const OTHER: usize = 7;

/// The label of a unit: text of a kind, a heading of a section, or the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// Text of `CONTENT[index]`.
    Content(usize),
    /// The heading of a section of `CONTENT[index]`.
    Heading(usize),
    Title,
}

/// The number of labels.
pub(super) const LABELS: usize = 2 * CONTENT.len() + 1;

impl Label {
    /// The index of the model's output.
    pub(super) fn index(self) -> usize {
        match self {
            Self::Content(kind) => kind,
            Self::Heading(kind) => CONTENT.len() + kind,
            Self::Title => 2 * CONTENT.len(),
        }
    }

    #[cfg(test)]
    pub(super) fn of_index(index: usize) -> Self {
        match index {
            _ if index < CONTENT.len() => Self::Content(index),
            _ if index < 2 * CONTENT.len() => Self::Heading(index - CONTENT.len()),
            _ => Self::Title,
        }
    }

    /// The kind that a reader sees.
    pub(super) fn kind(self) -> LineKind {
        match self {
            Self::Content(kind) => CONTENT[kind],
            Self::Heading(_) | Self::Title => LineKind::Heading,
        }
    }
}
