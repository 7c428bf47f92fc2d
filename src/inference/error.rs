//! Errors of models: at startup ([`OpenError`]) and while serving ([`InferenceError`]).

use std::path::{Path, PathBuf};

/// Models cannot be served. The message is one line with the file, the reason and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The models folder was not found.
    #[error("no models folder: looked for {}; give its path with --models-dir", list(.looked))]
    NoFolder {
        /// The places that were searched, in order.
        looked: Vec<PathBuf>,
    },
    /// A file is missing, does not match its card, or does not fit the model.
    #[error("{}: {reason}", .file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The folder contains no encoder, which is required.
    #[error("{}: no model with task = \"embedding\" in this folder", .folder.display())]
    NoEncoder {
        /// The models folder.
        folder: PathBuf,
    },
    /// The encoder does not load.
    #[error("{}: {reason}", .folder.display())]
    Refused {
        /// The folder of the encoder.
        folder: PathBuf,
        /// The reason, naming the file.
        reason: String,
    },
    /// The device requires another build.
    #[error("this build computes on the CPU only: build with --features {feature}")]
    Device {
        /// The required feature.
        feature: &'static str,
    },
    /// The encoder failed its warm-up inference.
    #[error("the encoder fails its first text: {0}")]
    Warmup(String),
    /// Threads cannot be started.
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

/// A call failed. Contains nothing of the caller's texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InferenceError {
    /// No classifier with this name or version is served.
    #[error("no model named {name}; available: {}", .available.join(", "))]
    ModelNotFound {
        /// The requested name.
        name: String,
        /// The served models.
        available: Vec<String>,
    },
    /// The model does not accept this input.
    #[error("input {index}: {reason}")]
    BadInput {
        /// The index of the input, from 0.
        index: usize,
        /// The reason and what is allowed.
        reason: String,
    },
    /// The queue is full: retry later, or with fewer inputs.
    #[error("the inference queue is full; try again later")]
    Overloaded,
    /// The deadline was exceeded.
    #[error("the deadline has passed")]
    DeadlineExceeded,
    /// An internal error; the text is for the log.
    #[error("internal error: {0}")]
    Internal(String),
}
