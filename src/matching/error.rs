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

/// The vectors passed to [`Plan::score`](super::Plan::score) do not belong to its texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{texts} texts need as many vectors of one length, got {vectors}")]
pub struct VectorsMismatch {
    /// The number of texts to encode.
    pub texts: usize,
    /// The number of vectors.
    pub vectors: usize,
}
