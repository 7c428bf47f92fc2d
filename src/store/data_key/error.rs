//! Errors of data keys, each one line for the operator.

use std::io;
use std::path::PathBuf;

/// A data key cannot be used. `Display` is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum DataKeyError {
    /// The file cannot be read or written.
    #[error("the data key {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file holds no key.
    #[error("{} is not a data key: expected 32 bytes, as 64 hexadecimal digits or in base64", .0.display())]
    Format(PathBuf),
    /// Users other than the owner and the group of the file may read it.
    #[error("the data key {} can be read by all users: restrict it, for example with `chmod 600`", .0.display())]
    Readable(PathBuf),
    /// The file of a new key exists.
    #[error("{} exists, and a key that is overwritten is lost: choose another name", .0.display())]
    Exists(PathBuf),
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Library,
    /// No key is given.
    #[error(
        "personal data in the database is encrypted with the data key {0}: set data_key to its file; without that key, the \
         data is lost"
    )]
    Missing(String),
    /// Another key is given.
    #[error(
        "the data key {found} is not the one of the database, {expected}: set data_key to the file of {expected}; to \
         replace that key by {found}, add the file of {expected} to previous_data_keys"
    )]
    Other {
        /// The id of the key that is given.
        found: String,
        /// The id of the key that encrypts.
        expected: String,
    },
    /// The key was replaced.
    #[error("the data key {found} was replaced by {by}: set data_key to the file of {by}, or to a new key")]
    Replaced {
        /// The id of the key that is given.
        found: String,
        /// The id of the key that encrypts.
        by: String,
    },
    /// A key is missing that values may be encrypted with.
    #[error(
        "values in the database may be encrypted with the data key {0}: add its file to previous_data_keys until \
         `portcullis data-key rotate` has replaced it"
    )]
    PreviousMissing(String),
    /// The row of the database about its data key cannot be decrypted with that key.
    #[error("the record of the data key {0} in the database was changed: restore a backup")]
    Damaged(String),
}
