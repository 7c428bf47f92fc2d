//! Errors of the matcher.

use std::path::PathBuf;

/// A file of `models/skills` or `models/matching` cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct LexiconError {
    /// The file.
    pub path: PathBuf,
    /// The reason.
    pub reason: String,
}

/// The settings of a score are invalid. The path is relative to the input.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ScoringError {
    /// A weight is out of range.
    #[error("weights.{component}: 0 to {maximum} is allowed")]
    Weight {
        /// The component.
        component: &'static str,
        /// The largest weight.
        maximum: f64,
    },
    /// All weights are 0.
    #[error("weights: at least one weight must be above 0")]
    AllZero,
    /// Too many must-haves are set.
    #[error("mustHave: at most {maximum} are allowed, not {found}")]
    TooManyOverrides {
        /// The largest number.
        maximum: usize,
        /// The given number.
        found: usize,
    },
    /// The posting has no such requirement or skill.
    #[error(
        "mustHave[{index}].text: not in the posting; allowed are the `text` of a requirement and the `label` of a \
         skill, as in a match with the same posting"
    )]
    NotInPosting {
        /// The index of the override.
        index: usize,
    },
    /// Two overrides set the same requirement or skill differently.
    #[error("mustHave[{index}]: contradicts mustHave[{other}]; set each requirement and skill once")]
    Contradiction {
        /// The index of the override.
        index: usize,
        /// The index of the other override.
        other: usize,
    },
    /// Too many gaps are closed.
    #[error("closedGaps: at most {maximum} are allowed, not {found}")]
    TooManyClosed {
        /// The largest number.
        maximum: usize,
        /// The given number.
        found: usize,
    },
    /// The match has no such gap.
    #[error("closedGaps[{index}]: not a gap of this match; allowed are the values of `id` in its `gaps`")]
    NotAGap {
        /// The index of the id.
        index: usize,
    },
}

/// The vectors passed to [`Plan::score`](super::Plan::score) do not belong to its texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{texts} texts need as many vectors of one length, got {vectors}")]
pub struct VectorsMismatch {
    /// The number of texts to encode.
    pub texts: usize,
    /// The number of vectors.
    pub vectors: usize,
}
