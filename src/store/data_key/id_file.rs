//! The ids of the data keys of an embedded database, in a file of its folder. Backups read it, because they do not open the
//! database. It may name keys that are no longer needed.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DataKeyError;

const NAME: &str = "portcullis.data-key";

/// Returns the ids; none without a data key.
pub(in crate::store) fn read_ids(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(path(folder)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Replaces the ids.
pub(in crate::store) fn write_ids(folder: &Path, ids: &[String]) -> Result<(), DataKeyError> {
    if read_ids(folder) == ids {
        return Ok(());
    }
    let path = path(folder);
    let draft = path.with_extension("draft");
    let text: String = ids.iter().map(|id| format!("{id}\n")).collect();
    fs::write(&draft, text)
        .and_then(|()| fs::rename(&draft, &path))
        .map_err(|source| DataKeyError::File { path, source })
}

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}
