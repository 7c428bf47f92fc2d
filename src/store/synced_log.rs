//! The end of the write-ahead log that is known to be on disk.
//!
//! Until it is synced, a part of the log reaches the disk in any order: a power cut may keep a record and lose one before
//! it, which then reads as zeros. Neither was acknowledged, but the rest looks like damage in the middle of the log. So
//! the end of the log is written to a small file after each sync. Damage before that end is never due to a power cut.
//! The file itself is not synced: what it contains is true, but may be some seconds old.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The largest part of a file that a disk writes as a whole.
const SECTOR: u64 = 512;
/// The number of zeros at the end of a sector that count as lost bytes.
const LOST: u64 = 16;
/// Segment, offset and checksum.
const LENGTH: usize = 8 + 8 + 4;

/// A position in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LogPosition {
    /// The number of the segment.
    pub(super) segment: u64,
    /// The offset in the segment, in bytes.
    pub(super) offset: u64,
}

/// The file with the end of the synced part, open for writing.
#[derive(Debug)]
pub(super) struct SyncedLog(File);

impl SyncedLog {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        options.open(path(folder)).map(Self)
    }

    /// Records that the log is on disk up to `end`, the end of a record.
    pub(super) fn advance(&mut self, end: LogPosition) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&encode(end))
    }
}

/// Reads the end of the synced part; `None` if it is not known.
pub(super) fn read(folder: &Path) -> io::Result<Option<LogPosition>> {
    let mut bytes = Vec::with_capacity(LENGTH);
    match File::open(path(folder)) {
        Ok(file) => file.take(LENGTH as u64).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(decode(&bytes))
}

/// Whether bytes between two offsets were lost: a sector that ends there does so with zeros.
pub(super) fn has_gap(file: &mut File, from: u64, to: u64) -> io::Result<bool> {
    let mut end = (from / SECTOR + 1) * SECTOR;
    while end <= to {
        let start = from.max(end - LOST);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        io::Read::by_ref(file).take(end - start).read_to_end(&mut bytes)?;
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(true);
        }
        end += SECTOR;
    }
    Ok(false)
}

fn path(folder: &Path) -> PathBuf {
    folder.join("portcullis.synced")
}

fn encode(end: LogPosition) -> Vec<u8> {
    let mut bytes = [end.segment.to_be_bytes(), end.offset.to_be_bytes()].concat();
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

/// Returns `None` for bytes that are incomplete or damaged.
fn decode(bytes: &[u8]) -> Option<LogPosition> {
    let (segment, rest) = bytes.split_first_chunk()?;
    let (offset, _) = rest.split_first_chunk()?;
    let end = LogPosition {
        segment: u64::from_be_bytes(*segment),
        offset: u64::from_be_bytes(*offset),
    };
    (bytes == encode(end)).then_some(end)
}

#[cfg(test)]
mod tests {
    //! The file and the gaps. `super::super::tests` tests the log, `tests/it/power_cuts.rs` the store.

    use std::fs;

    use super::*;

    #[test]
    fn the_end_is_read_as_it_was_written_or_not_known() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        let end = |segment, offset| LogPosition { segment, offset };
        let mut synced = SyncedLog::open(folder.path()).unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        for position in [end(3, 70_000), end(3, 70_001), end(4, 0)] {
            synced.advance(position).unwrap();
            assert_eq!(read(folder.path()).unwrap(), Some(position));
        }
        // The next start does not forget it.
        drop(SyncedLog::open(folder.path()).unwrap());
        assert_eq!(read(folder.path()).unwrap(), Some(end(4, 0)));
        for at in 0..LENGTH {
            let mut bytes = encode(end(4, 512));
            bytes[at] ^= 0x10;
            fs::write(path(folder.path()), &bytes).unwrap();
            assert_eq!(read(folder.path()).unwrap(), None, "{at}");
            fs::write(path(folder.path()), &bytes[..at]).unwrap();
            assert_eq!(read(folder.path()).unwrap(), None, "{at}");
        }
        assert!(end(3, 9_000) < end(4, 0) && end(4, 0) < end(4, 1));
    }

    #[test]
    fn a_gap_reaches_the_end_of_a_sector() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("log");
        let gap = |zeros: std::ops::Range<usize>, from, to| {
            let mut bytes = vec![7; 2_048];
            bytes[zeros].fill(0);
            fs::write(&place, bytes).unwrap();
            has_gap(&mut File::open(&place).unwrap(), from, to).unwrap()
        };
        assert!(gap(512..1_024, 600, 1_100));
        assert!(gap(1_000..1_024, 600, 1_100));
        assert!(gap(1_020..1_024, 1_020, 1_100));
        assert!(gap(1_500..2_048, 600, 2_048));
        // Too few zeros, zeros within a sector, and a sector that ends elsewhere.
        assert!(!gap(1_010..1_024, 600, 1_100));
        assert!(!gap(600..1_023, 600, 1_100));
        assert!(!gap(512..1_024, 1_024, 1_100));
        assert!(!gap(512..1_024, 600, 1_023));
    }
}
