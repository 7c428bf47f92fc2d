//! The file that a backup is written to: complete under its name, or not there.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::error::BackupError;

/// Written data are sent to the disk in such steps, so that a server on the same disk never waits for all of them.
const SYNC_EVERY: u64 = 32 << 20;

/// A file under a temporary name, removed when dropped.
pub(super) struct Output {
    file: File,
    target: PathBuf,
    draft: PathBuf,
    unsynced: u64,
    is_finished: bool,
}

impl Output {
    /// Creates `target` with `.part` appended, or takes over one that a killed process left.
    pub(super) fn begin(target: &Path, overwrite: bool) -> Result<Self, BackupError> {
        refuse_existing(target, overwrite)?;
        let mut draft = target.to_owned().into_os_string();
        draft.push(".part");
        let draft = PathBuf::from(draft);
        let open = || -> io::Result<Option<File>> {
            let mut options = OpenOptions::new();
            let file = options
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(&draft)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // The other process may have finished between the two calls; then this is its finished backup.
            let is_draft =
                fs::metadata(&draft).is_ok_and(|named| file.metadata().is_ok_and(|own| own.ino() == named.ino()));
            if !is_draft {
                return Ok(None);
            }
            file.set_len(0)?;
            Ok(Some(file))
        };
        match open().map_err(BackupError::io(target))? {
            Some(file) => Ok(Self {
                file,
                target: target.to_owned(),
                draft,
                unsynced: 0,
                is_finished: false,
            }),
            None => Err(BackupError::Running(target.to_owned())),
        }
    }

    /// Writes everything to disk and gives the file its name.
    pub(super) fn finish(mut self, overwrite: bool) -> Result<(), BackupError> {
        refuse_existing(&self.target, overwrite)?;
        let finish = || {
            self.file.sync_all()?;
            fs::rename(&self.draft, &self.target)
        };
        finish().map_err(BackupError::io(&self.target))?;
        self.is_finished = true;
        sync_parent(&self.target).map_err(BackupError::io(&self.target))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced += written as u64;
        if self.unsynced >= SYNC_EVERY {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.is_finished {
            // It may be gone already; the error that ended the backup is reported.
            let _ = fs::remove_file(&self.draft);
        }
    }
}

fn refuse_existing(target: &Path, overwrite: bool) -> Result<(), BackupError> {
    if !overwrite && target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    Ok(())
}

/// Writes the entry of a file in its folder to disk.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}
