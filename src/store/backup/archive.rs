//! The contents of a backup: a table of contents, the files, and their digests, in this order, compressed with zstd.
//!
//! The table and the digests are JSON after its length (32 bits, big endian). The files follow each other; their lengths
//! are in the table.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::about::{About, Progress};
use super::error::{BackupError, Damage};
use super::snapshot::{Content, SnapshotFile};

/// Tables of a store, mostly numbers and text, shrink to a third or less; higher levels gain little.
const LEVEL: i32 = 1;
const BUFFER: usize = 64 << 10;
/// A table of contents of more than 100,000 files.
const MOST_JSON: u32 = 16 << 20;

/// The table of contents.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) about: About,
    pub(super) files: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: u64,
}

impl Contents {
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Why the files could not be written.
#[derive(Debug)]
pub(super) enum Failure {
    /// The named file has fewer bytes than when it was opened.
    Changed(String),
    Reading {
        name: String,
        error: io::Error,
    },
    Writing(io::Error),
    Interrupted,
}

/// Writes the files and returns the number of their bytes.
pub(super) fn write(
    out: impl Write,
    about: About,
    files: Vec<SnapshotFile>,
    progress: Progress<'_>,
) -> Result<u64, Failure> {
    let entry = |file: &SnapshotFile| Entry {
        name: file.name.clone(),
        bytes: file.bytes,
    };
    let contents = Contents {
        about,
        files: files.iter().map(entry).collect(),
    };
    let total = contents.bytes();
    let mut out = zstd::stream::write::Encoder::new(out, LEVEL).map_err(Failure::Writing)?;
    put(&mut out, &contents).map_err(Failure::Writing)?;
    let mut digests = Vec::with_capacity(files.len());
    let mut meter = Meter {
        done: 0,
        total,
        progress,
    };
    for SnapshotFile { name, bytes, content } in files {
        let digest = match content {
            Content::File(file) => copy(file, bytes, &mut out, &mut meter),
            Content::Memory(content) => copy(content.as_slice(), bytes, &mut out, &mut meter),
        };
        digests.push(digest.map_err(|stop| match stop {
            Stop::Reading(error) if error.kind() == io::ErrorKind::UnexpectedEof => Failure::Changed(name),
            Stop::Reading(error) => Failure::Reading { name, error },
            Stop::Writing(error) => Failure::Writing(error),
            Stop::Interrupted => Failure::Interrupted,
        })?);
    }
    put(&mut out, &digests).map_err(Failure::Writing)?;
    out.finish().map_err(Failure::Writing)?;
    Ok(total)
}

/// Receives the files of a backup that is read.
pub(super) trait Receiver {
    type File: Write;

    /// Begins a file.
    fn begin(&mut self, name: &str) -> Result<Self::File, BackupError>;

    /// Ends a file, whose digest is not verified yet.
    fn end(&mut self, name: &str, file: Self::File) -> Result<(), BackupError>;

    /// The error of a write to a file.
    fn failed(&self, name: &str, error: io::Error) -> BackupError;
}

/// An archive whose table of contents was read.
pub(super) struct Archive<R: Read> {
    reader: zstd::stream::read::Decoder<'static, io::BufReader<R>>,
    pub(super) contents: Contents,
}

/// Why an archive could not be received.
#[derive(Debug)]
pub(super) enum ReceiveError {
    /// The archive: [`Damage`] or an error of the operating system.
    Archive(io::Error),
    Receiver(BackupError),
    Interrupted,
}

impl<R: Read> Archive<R> {
    /// Reads the table of contents.
    pub(super) fn open(reader: R) -> io::Result<Self> {
        let mut reader = zstd::stream::read::Decoder::new(reader)?;
        let contents: Contents = get(&mut reader)?;
        match contents.files.iter().find(|file| !is_allowed(&file.name)) {
            None => Ok(Self { reader, contents }),
            Some(_) => Err(Damage::Contents("a file has a path that is not allowed".to_owned()).into()),
        }
    }

    /// Passes all files to the receiver, and verifies them.
    ///
    /// # Errors
    /// The receiver may have received files that are damaged.
    pub(super) fn receive<T: Receiver>(mut self, receiver: &mut T, progress: Progress<'_>) -> Result<(), ReceiveError> {
        let total = self.contents.bytes();
        let mut meter = Meter {
            done: 0,
            total,
            progress,
        };
        let mut digests = Vec::with_capacity(self.contents.files.len());
        for Entry { name, bytes } in &self.contents.files {
            let mut file = receiver.begin(name).map_err(ReceiveError::Receiver)?;
            let digest = copy(&mut self.reader, *bytes, &mut file, &mut meter);
            digests.push(digest.map_err(|stop| match stop {
                Stop::Reading(error) => ReceiveError::Archive(early_end(error)),
                Stop::Writing(error) => ReceiveError::Receiver(receiver.failed(name, error)),
                Stop::Interrupted => ReceiveError::Interrupted,
            })?);
            receiver.end(name, file).map_err(ReceiveError::Receiver)?;
        }
        self.finish(&digests).map_err(ReceiveError::Archive)
    }

    fn finish(mut self, digests: &[String]) -> io::Result<()> {
        let expected: Vec<String> = get(&mut self.reader)?;
        let files = self.contents.files.iter().zip(digests).zip(&expected);
        if let Some(((file, _), _)) = files.into_iter().find(|((_, found), expected)| found != expected) {
            return Err(Damage::Contents(format!("the SHA-256 of {} differs", file.name)).into());
        }
        if expected.len() != digests.len() {
            return Err(Damage::Contents("the number of digests differs".to_owned()).into());
        }
        // Reaches the end of the file, so that the last chunk is verified.
        match self.reader.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(Damage::Contents("data follow the last file".to_owned()).into()),
        }
    }
}

/// Whether a path may be created when a backup is restored.
fn is_allowed(name: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(|letter: char| letter.is_control() || letter == '\\')
    };
    match name.split('/').collect::<Vec<_>>()[..] {
        ["keys", file] => is_plain(file) && file.ends_with(".pem"),
        ["db", folder, file] => ["manifest", "sstables", "vlog", "wal"].contains(&folder) && is_plain(file),
        _ => false,
    }
}

fn put(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= MOST_JSON);
    let length = length.ok_or_else(|| io::Error::other("the store has too many files for a backup"))?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(&json)
}

fn get<T: DeserializeOwned>(reader: &mut impl Read) -> io::Result<T> {
    let invalid = |reason: &str| io::Error::from(Damage::Contents(reason.to_owned()));
    let mut length = [0; 4];
    reader.read_exact(&mut length).map_err(early_end)?;
    let length = u32::from_be_bytes(length);
    if length > MOST_JSON {
        return Err(invalid("a table is too long"));
    }
    let mut json = Vec::new();
    reader.take(length.into()).read_to_end(&mut json)?;
    serde_json::from_slice(&json).map_err(|_| invalid("a table is not readable"))
}

/// An intact stream that ends before the contents do.
fn early_end(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Damage::Contents("they end early".to_owned()).into(),
        _ => error,
    }
}

struct Meter<'a> {
    done: u64,
    total: u64,
    progress: Progress<'a>,
}

enum Stop {
    Reading(io::Error),
    Writing(io::Error),
    Interrupted,
}

/// Copies exactly `bytes` and returns their SHA-256 in hexadecimal.
fn copy(mut from: impl Read, bytes: u64, to: &mut impl Write, meter: &mut Meter<'_>) -> Result<String, Stop> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    let mut left = bytes;
    while left > 0 {
        let most = usize::try_from(left).map_or(BUFFER, |left| left.min(BUFFER));
        let part = match from.read(&mut buffer[..most]) {
            Ok(0) => return Err(Stop::Reading(io::ErrorKind::UnexpectedEof.into())),
            Ok(length) => &buffer[..length],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Stop::Reading(error)),
        };
        digest.update(part);
        to.write_all(part).map_err(Stop::Writing)?;
        left -= part.len() as u64;
        meter.done += part.len() as u64;
        if (meter.progress)(meter.done, meter.total).is_break() {
            return Err(Stop::Interrupted);
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    //! Paths. Contents are tested with whole backups in `backup::tests`.

    use super::*;

    #[test]
    fn only_files_of_a_store_and_keys_may_be_created() {
        for name in [
            "keys/current.pem",
            "keys/2026 old.pem",
            "db/wal/00000000000000000007.wal",
            "db/vlog/1.vlog",
        ] {
            assert!(is_allowed(name), "{name}");
        }
        for name in [
            "",
            "/",
            "db",
            "db/wal",
            "db/wal/",
            "db/wal/../x",
            "db/wal/..",
            "db/other/x",
            "db/wal/a/b",
            "/db/wal/x",
            "keys/../x.pem",
            "keys/.x.pem",
            "keys/x",
            "keys/a\\b.pem",
            "keys/a\0.pem",
            "../keys/a.pem",
            "portcullis.lock",
        ] {
            assert!(!is_allowed(name), "{name}");
        }
    }
}
