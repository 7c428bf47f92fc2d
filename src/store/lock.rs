//! A lock that keeps a second process out of a data folder.
//!
//! The engine has its own lock, but takes it late, with an error text for its developers, and releases it some time
//! after the last handle is dropped. This lock is taken first, reports which folder is in use, and can wait until the
//! engine has released its lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::OpenError;

/// The engine's lock file inside the folder.
const ENGINE_LOCK: &str = "LOCK";
const POLL: Duration = Duration::from_millis(20);

/// Held while the folder is in use. The operating system releases it when the process ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    folder: PathBuf,
    _file: File,
}

impl FolderLock {
    /// Creates the folder if it is missing and locks it, waiting at most `timeout` for another process.
    pub(super) async fn take(folder: &Path, timeout: Duration) -> Result<Self, OpenError> {
        let unusable = |error: io::Error| OpenError::Folder {
            folder: folder.to_owned(),
            reason: error.to_string(),
        };
        create_private(folder).map_err(unusable)?;
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(folder.join("portcullis.lock"))
            .map_err(unusable)?;
        let engine = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(folder.join(ENGINE_LOCK))
            .map_err(unusable)?;
        let start = Instant::now();
        loop {
            match file.try_lock().and_then(|()| engine.try_lock()) {
                Ok(()) => {
                    engine.unlock().map_err(unusable)?;
                    return Ok(Self {
                        folder: folder.to_owned(),
                        _file: file,
                    });
                }
                Err(TryLockError::WouldBlock) if start.elapsed() < timeout => tokio::time::sleep(POLL).await,
                Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(folder.to_owned())),
                Err(TryLockError::Error(error)) => return Err(unusable(error)),
            }
        }
    }

    /// Waits until the engine has closed its files.
    pub(super) async fn engine_released(&self, timeout: Duration) {
        let start = Instant::now();
        while start.elapsed() < timeout {
            if !engine_holds(&self.folder) {
                return;
            }
            tokio::time::sleep(POLL).await;
        }
        tracing::warn!(folder = %self.folder.display(), "the database is slow to close its files");
    }
}

/// Whether the engine has the files in the folder open.
pub(super) fn engine_holds(folder: &Path) -> bool {
    File::open(folder.join(ENGINE_LOCK)).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// The folder contains password hashes, so only its owner may read it.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
