//! Errors of the matcher.

use std::path::PathBuf;

/// `models/skills` or `models/matching` cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct LexiconError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// The vectors given to [`Plan::score`] are not those of its texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{texts} texts need as many vectors of one length, got {vectors}")]
pub struct VectorsMismatch {
    /// How many texts there were to encode.
    pub texts: usize,
    /// How many vectors came back.
    pub vectors: usize,
}
