//! Reads a backup and verifies it.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::about::{About, Progress, Size};
use super::archive::{Archive, ReceiveError, Receiver};
use super::error::BackupError;
use super::sealed::{CHUNK, SealedReader, TAG};
use super::secret::{self, Secret};

/// Verifies the whole of a backup: every encrypted part, every digest and the end. Writes nothing.
///
/// # Errors
/// [`BackupError::Refused`] with the reason, or an error of reading.
pub fn verify(file: &Path, secret: &Secret, progress: Progress<'_>) -> Result<(About, Size), BackupError> {
    receive(file, secret, &mut Nothing, progress)
}

/// Opens a backup and passes its files to the receiver.
pub(super) fn receive<T: Receiver>(
    file: &Path,
    secret: &Secret,
    receiver: &mut T,
    progress: Progress<'_>,
) -> Result<(About, Size), BackupError> {
    let reading = |error| BackupError::reading(file, error);
    let open = || {
        let mut reader = BufReader::with_capacity(CHUNK + TAG, File::open(file)?);
        let key = secret::open(&mut reader, secret)?;
        Archive::open(SealedReader::new(reader, key, secret::HEADER as u64))
    };
    let archive = open().map_err(reading)?;
    let about = archive.contents.about.clone();
    let size = Size {
        files: archive.contents.files.len(),
        bytes: archive.contents.bytes(),
    };
    match archive.receive(receiver, progress) {
        Ok(()) => Ok((about, size)),
        Err(ReceiveError::Archive(error)) => Err(reading(error)),
        Err(ReceiveError::Receiver(error)) => Err(error),
        Err(ReceiveError::Interrupted) => Err(BackupError::Interrupted),
    }
}

/// Discards the files.
struct Nothing;

impl Receiver for Nothing {
    type File = io::Sink;

    fn begin(&mut self, _name: &str) -> Result<io::Sink, BackupError> {
        Ok(io::sink())
    }

    fn end(&mut self, _name: &str, _file: io::Sink) -> Result<(), BackupError> {
        Ok(())
    }

    fn failed(&self, name: &str, error: io::Error) -> BackupError {
        BackupError::io(Path::new(name))(error)
    }
}
