//! The first failed write of a tree, after which it takes no more.
//!
//! After a failed write, SurrealKV keeps the rest of the record in a buffer and writes it before the next one. A change
//! that was refused would then be in the log, and appear after a restart. It may also append the header of a record
//! without its text, so that no later record can be read. And after a failed sync, the operating system may drop what it
//! could not write, and report success at the next one. So the first failure ends the writes to a tree; it is then
//! opened again from its files, see [`super::reopening`].

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::segments;

/// A write that failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// For operators and callers: without paths.
    pub(super) cause: &'static str,
    /// The end of the log at that moment; `None` if it cannot be read.
    pub(super) log_end: Option<LogEnd>,
}

/// The end of the last segment of the log.
#[derive(Debug, Clone)]
pub(super) struct LogEnd {
    segment: PathBuf,
    length: u64,
}

impl LogEnd {
    /// Removes what was appended since. The tree must not be open.
    pub(super) fn restore(&self) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.segment)?;
        if file.metadata()?.len() > self.length {
            file.set_len(self.length)?;
            file.sync_all()?;
        }
        Ok(())
    }
}

/// The first failure of a tree, shared with the thread that syncs its log.
#[derive(Clone)]
pub(super) struct FirstFailure {
    log: PathBuf,
    first: Arc<OnceLock<Failure>>,
}

impl FirstFailure {
    /// `log` is the folder of the log.
    pub(super) fn new(log: PathBuf) -> Self {
        Self {
            log,
            first: Arc::default(),
        }
    }

    pub(super) fn get(&self) -> Option<&Failure> {
        self.first.get()
    }

    /// Syncs what is in the last segment of the log.
    pub(super) fn sync_log(&self) -> io::Result<()> {
        let (segment, _) = segments::newest(&self.log)?;
        File::open(segment)?.sync_all()
    }

    /// Records a failure, unless there was one, and returns its cause.
    pub(super) fn record(&self, error: &dyn Display) -> &'static str {
        let failure = self.first.get_or_init(|| {
            let text = error.to_string();
            tracing::error!(error = %text, "the store failed to write and takes no changes; reads are answered");
            Failure {
                cause: cause(&text),
                log_end: segments::newest(&self.log)
                    .ok()
                    .map(|(segment, length)| LogEnd { segment, length }),
            }
        });
        failure.cause
    }
}

/// The cause in the text of an error of SurrealKV, which does not keep the error of the operating system.
fn cause(text: &str) -> &'static str {
    const CAUSES: [(i32, &str); 5] = [
        (28, "the disk is full"),
        (30, "the file system is read-only"),
        (122, "the disk quota is used up"),
        (27, "the file size limit is reached"),
        (13, "the permission to write is missing"),
    ];
    let found = CAUSES
        .iter()
        .find(|(code, _)| text.contains(&format!("(os error {code})")));
    found.map_or("a write failed; the log has the error", |(_, cause)| *cause)
}

#[cfg(test)]
mod tests {
    //! Causes and the end of the log. `tests/it/full_disk.rs` tests a disk that is full.

    use std::fs;

    use super::*;

    #[test]
    fn the_cause_is_that_of_the_operating_system() {
        for (code, expected) in [(28, "full"), (30, "read-only"), (122, "quota"), (5, "the log")] {
            let error = io::Error::from_raw_os_error(code);
            let cause = cause(&format!("WAL error: IO error: kind=other, message={error}"));
            assert!(cause.contains(expected), "{error}: {cause}");
        }
    }

    #[test]
    fn what_follows_the_first_failure_is_removed_from_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("wal");
        fs::create_dir(&log).unwrap();
        let segment = segments::path(&log, 7);
        fs::write(&segment, "kept").unwrap();
        fs::write(segments::path(&log, 6), "older").unwrap();
        let failures = FirstFailure::new(log);
        assert!(failures.get().is_none());
        failures.record(&io::Error::from_raw_os_error(28));
        fs::write(&segment, "kept and more").unwrap();
        assert_eq!(failures.record(&"another"), "the disk is full");
        failures.get().unwrap().log_end.as_ref().unwrap().restore().unwrap();
        assert_eq!(fs::read(&segment).unwrap(), b"kept");
    }
}
