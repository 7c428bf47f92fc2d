//! Database errors, grouped by how a caller can react.

use std::collections::HashMap;
use std::path::PathBuf;

use surrealdb::types::{AlreadyExistsError, ErrorDetails, QueryError};

use super::data_key::DataKeyError;
use super::field_cipher::Column;

/// A statement failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Other transactions kept changing the same rows. The operation can be retried later.
    #[error("the same data is being changed too often at once")]
    Conflict,
    /// The table already has a record with this id. The id is omitted: it may be personal data.
    #[error("a record of the table {0} exists already")]
    Exists(String),
    /// The statement threw an error with this text.
    #[error("refused: {0}")]
    Refused(String),
    /// The database does not respond. Whether a change was made is unknown.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// A write failed, and changes are refused until the database was opened again, which happens by itself. The cause is
    /// one for operators, such as a full disk.
    #[error("the store takes no changes: {0}")]
    NotWritable(&'static str),
    /// A value is encrypted with a data key that this process does not have.
    #[error("a value of {0} is encrypted with a data key that is not given: add its file to previous_data_keys")]
    UnknownDataKey(Column),
    /// An encrypted value was changed, or copied from another record or column.
    #[error("a value of {0} cannot be decrypted: it was changed, or copied from another record")]
    Undecryptable(Column),
    /// Any other error: a defect of this program or of the database.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl From<surrealdb::Error> for Error {
    fn from(error: surrealdb::Error) -> Self {
        match error.details() {
            ErrorDetails::Query(Some(QueryError::TransactionConflict)) => Self::Conflict,
            ErrorDetails::Query(Some(QueryError::TimedOut { .. })) => Self::Unavailable(error.message().to_owned()),
            ErrorDetails::AlreadyExists(Some(AlreadyExistsError::Record { id })) => {
                Self::Exists(id.split(':').next().unwrap_or_default().to_owned())
            }
            ErrorDetails::Thrown => {
                let message = error.message();
                Self::Refused(
                    message
                        .strip_prefix("An error occurred: ")
                        .unwrap_or(message)
                        .to_owned(),
                )
            }
            ErrorDetails::Connection(_) => Self::Unavailable(error.message().to_owned()),
            _ => Self::Failed(error.message().to_owned()),
        }
    }
}

/// Returns the error that made a group of statements fail. The other errors only state that a statement was not
/// executed.
pub(super) fn first(errors: HashMap<usize, surrealdb::Error>) -> Option<Error> {
    let mut errors: Vec<_> = errors.into_iter().collect();
    errors.sort_by_key(|(position, error)| {
        let collateral = matches!(error.details(), ErrorDetails::Query(Some(QueryError::NotExecuted)));
        (collateral, *position)
    });
    errors.into_iter().next().map(|(_, error)| error.into())
}

/// The database could not be opened. `Display` is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is not allowed.
    #[error(
        "database: {url} is not allowed: {reason}; expected mem://, surrealkv://PATH or ws[s]://USER:PASSWORD@HOST/NAMESPACE/DATABASE"
    )]
    Url {
        /// The URL with its password masked.
        url: String,
        /// The reason.
        reason: &'static str,
    },
    /// Another process has the folder open.
    #[error("the data folder {} is in use by another process", .0.display())]
    Locked(PathBuf),
    /// The folder cannot be created or written to.
    #[error("the data folder {} cannot be used: {reason}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The error of the operating system.
        reason: String,
    },
    /// The folder holds no store, and none may be created.
    #[error(
        "no store in {}: check data_dir and database; `portcullis serve` and `portcullis user create` create a store",
        .0.display()
    )]
    NoStore(PathBuf),
    /// The write-ahead log cannot be read to its end, and opening it would lose what follows.
    #[error(
        "the write-ahead log {path} is damaged at byte {offset} and complete changes follow, so it was not opened and \
         nothing was changed: restore the data folder from a backup, or give up every change from that byte on: \
         `truncate --size {offset} {path}`, and remove the later files of that folder",
        path = path.display()
    )]
    DamagedLog {
        /// The damaged segment.
        path: PathBuf,
        /// The offset of the first damaged record.
        offset: u64,
    },
    /// A segment of the write-ahead log is missing in between.
    #[error(
        "the write-ahead log lacks the file before {next}, so it was not opened and nothing was changed: restore the data \
         folder from a backup, or give up every change from there on: remove that file and the later ones",
        next = next.display()
    )]
    MissingSegment {
        /// The segment after the gap.
        next: PathBuf,
    },
    /// The database in the folder cannot be read, or the server refused the connection.
    #[error("the database {place} cannot be opened: {reason}")]
    Database {
        /// The location, with the password masked.
        place: String,
        /// The error of the database.
        reason: String,
    },
    /// A newer release of this program migrated the tables.
    #[error(
        "the database {place} has schema version {found}{}, but this is Portcullis {} with schema version {known}: use \
         the newer release, or restore a backup from before its start",
        release.as_ref().map(|release| format!(", written by Portcullis {release}")).unwrap_or_default(),
        env!("CARGO_PKG_VERSION")
    )]
    TooNew {
        /// The location, with the password masked.
        place: String,
        /// The version in the database.
        found: u32,
        /// The release that migrated the database to this version, if it recorded that.
        release: Option<String>,
        /// The newest version that this release knows.
        known: u32,
    },
    /// The tables could not be migrated.
    #[error("the database {place} cannot be migrated to schema version {version}: {reason}")]
    Migration {
        /// The location, with the password masked.
        place: String,
        /// The version that failed.
        version: u32,
        /// The error of the database.
        reason: String,
    },
    /// The files of a store could not be replaced by new ones.
    #[error(
        "the values in {} are encrypted, but its files could not be replaced by new ones, and may still contain what was \
         stored before: {reason}; when that is corrected, run `portcullis data-key rotate` again",
        folder.display()
    )]
    Rewriting {
        /// The folder of the store.
        folder: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The data key is not the one of the database.
    #[error(transparent)]
    DataKey(#[from] DataKeyError),
}
