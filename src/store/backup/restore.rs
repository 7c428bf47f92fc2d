//! Restores a backup into an empty data folder.
//!
//! The files are written into a folder inside it, which may be a mount point, and moved to their places when everything
//! was verified and the store was opened once.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::about::{About, Progress, Size};
use super::archive::Receiver;
use super::error::BackupError;
use super::output::sync_parent;
use super::secret::Secret;
use super::verify::receive;
use crate::store::data_key::write_ids;
use crate::store::lock::FolderLock;
use crate::store::{Location, MemorySettings, OpenError, Store};

/// The time to wait for the engine after the store was closed.
const MERGE_TIMEOUT: Duration = Duration::from_mins(10);
const DRAFT: &str = ".restore";
/// The keys first: a server must not start with the store alone and create others.
const FOLDERS: [&str; 2] = ["keys", "db"];

/// A backup in a folder of its own, verified. Removed when dropped.
#[derive(Debug)]
pub struct Unpacked {
    draft: Draft,
    about: About,
    size: Size,
}

/// Unpacks and verifies a backup in the data folder, which must be missing or empty.
///
/// # Errors
/// [`BackupError::NotEmpty`] or [`BackupError::Unfinished`] before anything is read, [`BackupError::Refused`] if the
/// backup is damaged, or an error of the operating system. Nothing is left in these cases.
pub fn unpack(file: &Path, secret: &Secret, data_dir: &Path, progress: Progress<'_>) -> Result<Unpacked, BackupError> {
    let mut draft = Draft::begin(data_dir)?;
    let (about, size) = receive(file, secret, &mut draft, progress)?;
    Ok(Unpacked { draft, about, size })
}

/// Checks that a backup may be restored into a data folder. Returns whether it is missing.
///
/// # Errors
/// [`BackupError::NotEmpty`], [`BackupError::Unfinished`], or an error of the operating system.
pub fn check_empty(data: &Path) -> Result<bool, BackupError> {
    let entries = match fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(BackupError::io(data)(error)),
    };
    for entry in entries {
        let name = entry.map_err(BackupError::io(data))?.file_name();
        if name == DRAFT {
            return Err(BackupError::Unfinished(data.join(DRAFT)));
        }
        // Some file systems have this folder from the beginning.
        if name != "lost+found" {
            return Err(BackupError::NotEmpty(data.to_owned()));
        }
    }
    Ok(false)
}

impl Unpacked {
    /// Opens the store once, which replays its log and migrates it, and moves everything to its place.
    ///
    /// # Errors
    /// [`BackupError::TooNew`], [`BackupError::Store`], or an error of the operating system. Nothing is left.
    pub async fn finish(self, settings: MemorySettings) -> Result<(About, Size), BackupError> {
        let Self { draft, about, size } = self;
        open_once(&draft.folder.join("db"), settings)
            .await
            .map_err(|error| match error {
                OpenError::TooNew { found, known, .. } => BackupError::TooNew { found, known },
                other => BackupError::Store(other),
            })?;
        write_ids(&draft.folder.join("db"), &about.data_keys).map_err(|error| BackupError::Store(error.into()))?;
        tokio::task::spawn_blocking(move || draft.finish()).await??;
        Ok((about, size))
    }
}

async fn open_once(folder: &Path, settings: MemorySettings) -> Result<(), OpenError> {
    // The data key may be elsewhere.
    Store::open_sealed(Location::of_folder(folder), settings)
        .await?
        .close()
        .await;
    // The engine may still be merging tables. The folder is moved when its files are closed.
    FolderLock::take(folder, MERGE_TIMEOUT).await.map(drop)
}

/// The folder in which a backup is unpacked, removed when dropped.
#[derive(Debug)]
struct Draft {
    data: PathBuf,
    folder: PathBuf,
    /// Whether the data folder did not exist before.
    is_new: bool,
    is_finished: bool,
}

impl Draft {
    fn begin(data: &Path) -> Result<Self, BackupError> {
        let is_new = check_empty(data)?;
        if is_new {
            create_private(data, true).map_err(BackupError::io(data))?;
        }
        let folder = data.join(DRAFT);
        match create_private(&folder, false) {
            Ok(()) => Ok(Self {
                data: data.to_owned(),
                folder,
                is_new,
                is_finished: false,
            }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(BackupError::Unfinished(folder)),
            Err(error) => Err(BackupError::io(&folder)(error)),
        }
    }

    fn finish(mut self) -> Result<(), BackupError> {
        let moved = || {
            for name in FOLDERS {
                let from = self.folder.join(name);
                if from.exists() {
                    fs::rename(from, self.data.join(name))?;
                    sync_parent(&self.data.join(name))?;
                }
            }
            fs::remove_dir(&self.folder)?;
            sync_parent(&self.data)
        };
        moved().map_err(BackupError::io(&self.data))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_finished {
            // What cannot be removed is named by the next restore.
            let _ = fs::remove_dir_all(&self.folder);
            if self.is_new {
                let _ = fs::remove_dir(&self.data);
            }
        }
    }
}

impl Receiver for Draft {
    type File = File;

    fn begin(&mut self, name: &str) -> Result<File, BackupError> {
        let path = self.folder.join(name);
        let create = || {
            create_private(path.parent().unwrap_or(&self.folder), true)?;
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)
        };
        create().map_err(BackupError::io(&path))
    }

    fn end(&mut self, name: &str, file: File) -> Result<(), BackupError> {
        let path = self.folder.join(name);
        let synced = file.sync_all().and_then(|()| sync_parent(&path));
        synced.map_err(BackupError::io(&path))
    }

    fn failed(&self, name: &str, error: io::Error) -> BackupError {
        BackupError::io(&self.folder.join(name))(error)
    }
}

fn create_private(folder: &Path, recursive: bool) -> io::Result<()> {
    DirBuilder::new().recursive(recursive).mode(0o700).create(folder)
}
