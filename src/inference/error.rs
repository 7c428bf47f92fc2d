//! What can go wrong with models: at the start ([`OpenError`]) and while they serve ([`InferenceError`]).

use std::path::{Path, PathBuf};

/// Why models cannot be served at all. One line each: it names the file, the reason and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No folder of models where one may lie.
    #[error("no models folder: looked for {}; give its path with --models-dir", list(.looked))]
    NoFolder {
        /// Everywhere it was looked for, in that order.
        looked: Vec<PathBuf>,
    },
    /// A file is missing, is not what its card says, or does not fit the model.
    #[error("{}: {reason}", .file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder holds no encoder, without which no text can be read.
    #[error("{}: no model with task = \"embedding\" in this folder", .folder.display())]
    NoEncoder {
        /// The folder of models.
        folder: PathBuf,
    },
    /// The encoder is there but does not load.
    #[error("{}: {reason}", .folder.display())]
    Refused {
        /// The encoder's folder.
        folder: PathBuf,
        /// Why, naming the file.
        reason: String,
    },
    /// The device needs another build.
    #[error("this build computes on the CPU only: build with --features {feature}")]
    Device {
        /// The feature it needs.
        feature: &'static str,
    },
    /// The encoder loads but does not answer.
    #[error("the encoder fails its first text: {0}")]
    Warmup(String),
    /// The machine gives no thread.
    #[error("cannot start the inference threads: {0}")]
    Threads(String),
}

impl OpenError {
    pub(super) fn broken(file: &Path, reason: &impl ToString) -> Self {
        Self::Broken {
            file: file.to_owned(),
            reason: reason.to_string(),
        }
    }
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(", ")
}

/// Why a call got no answer. Holds nothing of the caller's texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InferenceError {
    /// No classifier of this name (or of this version) is served.
    #[error("no model named {name}; there are: {}", .available.join(", "))]
    ModelNotFound {
        /// What was asked for.
        name: String,
        /// What there is.
        available: Vec<String>,
    },
    /// The model cannot take this input.
    #[error("input {index}: {reason}")]
    BadInput {
        /// Which of the call's inputs, counted from 0.
        index: usize,
        /// What is wrong and what is allowed.
        reason: String,
    },
    /// The queue has no room for this call: try again later, or with fewer inputs.
    #[error("too much work is waiting")]
    Overloaded,
    /// The answer would have come too late.
    #[error("the deadline has passed")]
    DeadlineExceeded,
    /// A fault of ours; the text is for the log.
    #[error("internal error: {0}")]
    Internal(String),
}
