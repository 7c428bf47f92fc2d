//! Errors of backups, each one line for the operator.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::OpenError;

/// A backup could not be made, verified or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database is in memory.
    #[error("a database in memory cannot be backed up: set `database` to surrealkv://PATH")]
    InMemory,
    /// The database is on a server.
    #[error(
        "a database server is backed up and restored with its own tools, for example `surreal export` and \
         `surreal import`; the signing keys are in the folder `keys` of data_dir"
    )]
    Remote,
    /// The folder holds no store.
    #[error("no store in {}: check data_dir and database", .0.display())]
    NoStore(PathBuf),
    /// The store uses a format that this release cannot read.
    #[error("the manifest of the store in {} has an unknown format", .0.display())]
    UnknownManifest(PathBuf),
    /// A file that the store needs does not exist.
    #[error("the store is damaged: {} is missing", .0.display())]
    Missing(PathBuf),
    /// Every attempt to list the files met a change.
    #[error(
        "the files of the store changed too often to list them: run the backup again when fewer changes are written"
    )]
    Busy,
    /// A file became shorter, which only the start of a server does.
    #[error("a server opened the store during the backup and changed {0}: run the backup again")]
    Changed(String),
    /// The output file exists.
    #[error("{} exists: choose another name, or replace it with --force", .0.display())]
    Exists(PathBuf),
    /// Another process is writing the same output file.
    #[error("another backup is writing {}", .0.display())]
    Running(PathBuf),
    /// The program was told to stop.
    #[error("interrupted; no file was left")]
    Interrupted,
    /// The passphrase is too short to protect a file that others may obtain.
    #[error("the passphrase has {length} characters; at least {least} are required")]
    ShortPassphrase {
        /// The length of the given passphrase.
        length: usize,
        /// The smallest allowed length.
        least: usize,
    },
    /// A key file has neither of the two formats.
    #[error("{} is not a key: expected 32 bytes, or 64 hexadecimal digits", .0.display())]
    KeyFormat(PathBuf),
    /// The backup is damaged, or the secret is not the one it was made with.
    #[error("{}: {damage}", file.display())]
    Refused {
        /// The backup.
        file: PathBuf,
        /// The reason.
        damage: Damage,
    },
    /// The data folder is in use, or was used.
    #[error("the data folder {} is not empty: choose another --data-dir, or move its contents away", .0.display())]
    NotEmpty(PathBuf),
    /// Another restore has not finished.
    #[error("{} exists: another restore is running, or one was interrupted; if none is running, remove it", .0.display())]
    Unfinished(PathBuf),
    /// A newer release wrote the store.
    #[error("the backup has schema version {found}, this release knows only {known}: use a newer release")]
    TooNew {
        /// The version in the backup.
        found: u32,
        /// The newest version that this release knows.
        known: u32,
    },
    /// The restored store does not open.
    #[error("the store in the backup does not open: {0}")]
    Store(OpenError),
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The random number generator failed.
    #[error("the random number generator failed")]
    Random,
    /// A background task failed.
    #[error("the task failed: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

impl BackupError {
    /// Maps an error of the operating system about `path`.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }

    /// Maps an error of reading the backup `file`: damage is carried through readers as an [`io::Error`].
    pub(super) fn reading(file: &Path, error: io::Error) -> Self {
        match error.downcast::<Damage>() {
            Ok(damage) => Self::Refused {
                file: file.to_owned(),
                damage,
            },
            Err(source) => Self::Io {
                path: file.to_owned(),
                source,
            },
        }
    }
}

/// The reason why a backup is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The file begins with other bytes.
    #[error("it is not a backup of Portcullis")]
    NotABackup,
    /// A newer release wrote the file.
    #[error("it has format version {found}, this release knows only {known}: use a newer release")]
    TooNew {
        /// The version of the file.
        found: u8,
        /// The newest version that this release knows.
        known: u8,
    },
    /// The checksum of the header is wrong.
    #[error("its header is damaged")]
    Header,
    /// The backup was made with a key file.
    #[error("it was encrypted with a key file: use --key-file")]
    NeedsKeyFile,
    /// The backup was made with a passphrase.
    #[error("it was encrypted with a passphrase: use --passphrase-file or PORTCULLIS_BACKUP_PASSPHRASE")]
    NeedsPassphrase,
    /// The header is intact, but another secret was used.
    #[error("the passphrase or key is not the one it was encrypted with")]
    WrongSecret,
    /// The file ends early.
    #[error("it is cut off at byte {0}: the end is missing")]
    Cut(u64),
    /// The file continues after its end.
    #[error("it continues after its end, at byte {0}")]
    Appended(u64),
    /// A part of the file is not what was written there.
    #[error("it is damaged between the bytes {from} and {to}: they were changed, moved or replaced")]
    Part {
        /// The offset of the part.
        from: u64,
        /// The offset after the part.
        to: u64,
    },
    /// The contents are authentic, but not what this program writes.
    #[error("its contents are invalid: {0}")]
    Contents(String),
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        Self::new(io::ErrorKind::InvalidData, damage)
    }
}
