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

/// The end of the newest segment.
pub(super) fn end(log: &Path) -> io::Result<LogPosition> {
    let segment = newest_number(log)?;
    let offset = fs::metadata(path(log, segment))?.len();
    Ok(LogPosition { segment, offset })
}

/// The length of all segments together.
pub(super) fn total_length(log: &Path) -> io::Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(log)? {
        total += entry?.metadata()?.len();
    }
    Ok(total)
}
