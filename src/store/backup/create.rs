//! Writes a backup.

use std::io::Write as _;
use std::path::Path;

use super::about::{About, Progress, Size};
use super::archive::{self, Failure};
use super::error::BackupError;
use super::output::Output;
use super::sealed::SealedWriter;
use super::secret::{self, Secret};
use super::snapshot;
use crate::store::Location;
use crate::store::data_key::read_ids;

/// Writes a backup of the store at `location` and of the keys in `data_dir` to `file`. Every change that was acknowledged
/// before is in it. An existing file is replaced only with `overwrite`, and only by a complete one.
///
/// # Errors
/// Any [`BackupError`] but those of reading a backup. Nothing is left of an incomplete backup.
pub fn create(
    location: &Location,
    data_dir: &Path,
    mut about: About,
    secret: &Secret,
    file: &Path,
    overwrite: bool,
    progress: Progress<'_>,
) -> Result<Size, BackupError> {
    let folder = store_folder(location)?;
    let (header, key) = secret::create(secret)?;
    let mut output = Output::begin(file, overwrite)?;
    let mut data_keys = read_ids(folder);
    let mut files = snapshot::store(folder)?;
    files.extend(snapshot::keys(&data_dir.join("keys"))?);
    let count = files.len();
    // A key may have been replaced meanwhile.
    data_keys.extend(read_ids(folder));
    data_keys.sort();
    data_keys.dedup();
    about.data_keys = data_keys;
    let write = || {
        output.write_all(&header).map_err(Failure::Writing)?;
        let mut sealed = SealedWriter::new(&mut output, key);
        let bytes = archive::write(&mut sealed, about, files, progress)?;
        sealed.finish().map_err(Failure::Writing)?;
        Ok(bytes)
    };
    let bytes = write().map_err(|failure| match failure {
        Failure::Changed(name) => BackupError::Changed(name),
        Failure::Reading { name, error } => BackupError::io(&folder.join(name.trim_start_matches("db/")))(error),
        Failure::Writing(error) => BackupError::io(file)(error),
        Failure::Interrupted => BackupError::Interrupted,
    })?;
    output.finish(overwrite)?;
    Ok(Size { files: count, bytes })
}

/// Returns the folder of the store.
///
/// # Errors
/// [`BackupError::Remote`] and [`BackupError::InMemory`]: the store cannot be backed up by this program.
pub fn store_folder(location: &Location) -> Result<&Path, BackupError> {
    match location.path() {
        Some(folder) => Ok(folder),
        None if location.is_remote() => Err(BackupError::Remote),
        None => Err(BackupError::InMemory),
    }
}
