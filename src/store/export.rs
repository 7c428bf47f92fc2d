//! Export of an embedded database as SurrealQL, which a SurrealDB server can import.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{Database, Store};
use crate::text::one_line;

/// The database could not be exported. `Display` is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Only an embedded database is exported; SurrealDB has its own command for its servers.
    #[error("only an embedded database can be exported; use `surreal export` for a SurrealDB server")]
    NotEmbedded,
    /// The file cannot be created.
    #[error("the file {} cannot be created: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The error of the operating system.
        reason: String,
    },
    /// The database cannot be read, or the file cannot be written.
    #[error("the export to {} failed and was removed: {reason}", file.display())]
    Failed {
        /// The file.
        file: PathBuf,
        /// The error of the database.
        reason: String,
    },
}

impl Store {
    /// Writes definitions and records into a new file, which only its owner can read. Users of the database are left out.
    ///
    /// # Errors
    /// The database is not embedded, the file exists or cannot be created, or the export failed.
    pub async fn export(&self, file: &Path) -> Result<(), ExportError> {
        let Database::Folder(engine) = &self.db else {
            return Err(ExportError::NotEmbedded);
        };
        let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        created.map_err(|error| ExportError::File {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        let exported = engine.db.export(file).with_config().users(false).await;
        exported.map_err(|error| {
            // The part that was written is not a copy of the database.
            let _ = fs::remove_file(file);
            ExportError::Failed {
                file: file.to_owned(),
                reason: one_line(error.message()),
            }
        })
    }
}
