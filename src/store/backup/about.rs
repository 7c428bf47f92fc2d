//! The origin and the size of a backup.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Receives the number of bytes that were processed and of all bytes. Ends the work with [`ControlFlow::Break`].
pub type Progress<'a> = &'a (dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync);

/// The origin of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of the program that made the backup.
    pub program: String,
    /// The time of the backup.
    pub created: DateTime<Utc>,
    /// The models, which are not in the backup.
    pub models: Vec<ModelDigest>,
    /// The ids of the data keys with which values of the database are encrypted. The keys are not in the backup. Filled when
    /// it is made.
    #[serde(default)]
    pub data_keys: Vec<String>,
}

/// A model that the server had when the backup was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelDigest {
    /// `name@version`.
    pub id: String,
    /// The digest in the model's card.
    pub digest: String,
}

/// The size of a backup's contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The number of files.
    pub files: usize,
    /// The number of their bytes.
    pub bytes: u64,
}
