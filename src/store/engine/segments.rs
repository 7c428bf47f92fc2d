//! The files of the write-ahead log.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::store::synced_log::LogPosition;

/// The folder of the log of the store in `folder`.
pub(super) fn folder(folder: &Path) -> PathBuf {
    folder.join("wal")
}

/// The file of a segment.
pub(super) fn path(log: &Path, number: u64) -> PathBuf {
    log.join(format!("{number:020}.wal"))
}

/// The number of the newest segment; 0 if there is none.
pub(super) fn newest_number(log: &Path) -> io::Result<u64> {
    let mut newest = 0;
    for entry in fs::read_dir(log)? {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".wal"));
        newest = newest.max(stem.and_then(|stem| stem.parse().ok()).unwrap_or(0));
    }
    Ok(newest)
}

/// The newest segment and its length.
pub(super) fn newest(log: &Path) -> io::Result<(PathBuf, u64)> {
    let segment = path(log, newest_number(log)?);
    let length = fs::metadata(&segment)?.len();
    Ok((segment, length))
}

/// The number of the newest segment, kept so that the folder is not listed for each commit.
#[derive(Debug)]
pub(super) struct NewestSegment {
    log: PathBuf,
    number: Option<u64>,
}

impl NewestSegment {
    pub(super) fn of(log: PathBuf) -> Self {
        Self { log, number: None }
    }

    /// The end of the newest segment. The engine numbers segments one after the other, and removes the oldest ones.
    pub(super) fn end(&mut self) -> io::Result<LogPosition> {
        let mut segment = match self.number {
            Some(number) => number,
            None => newest_number(&self.log)?,
        };
        while path(&self.log, segment + 1).try_exists()? {
            segment += 1;
        }
        let length = |segment| fs::metadata(path(&self.log, segment)).map(|metadata| metadata.len());
        let offset = match length(segment) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                segment = newest_number(&self.log)?;
                length(segment)?
            }
            found => found?,
        };
        self.number = Some(segment);
        Ok(LogPosition { segment, offset })
    }
}

/// The length of all segments together.
pub(super) fn total_length(log: &Path) -> io::Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(log)? {
        total += entry?.metadata()?.len();
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    //! The number that is kept. `tests/it/power_cuts.rs` tests the log itself.

    use super::*;

    #[test]
    fn the_newest_segment_is_followed_when_others_are_added_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path();
        let write = |number, length| fs::write(path(log, number), vec![0; length]).unwrap();
        let remove = |number| fs::remove_file(path(log, number)).unwrap();
        let mut newest = NewestSegment::of(log.to_owned());
        assert!(newest.end().is_err());
        let mut check = |segment, offset| assert_eq!(newest.end().unwrap(), LogPosition { segment, offset });
        write(3, 5);
        write(4, 0);
        check(4, 0);
        write(4, 9);
        check(4, 9);
        write(5, 1);
        write(6, 2);
        check(6, 2);
        remove(3);
        remove(4);
        remove(5);
        check(6, 2);
        // A gap, which the engine does not leave.
        write(9, 7);
        remove(6);
        check(9, 7);
    }
}
