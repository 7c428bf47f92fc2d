//! Syncs of the folders of a store.
//!
//! SurrealKV syncs the files that it creates when a store is opened, but not all their folders. POSIX does not promise that
//! a synced file has a name after a power cut unless its folder was synced as well.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

const BELOW: [&str; 4] = ["manifest", "sstables", "vlog", "wal"];

/// Syncs the folders of the store in `folder` and those above it, which may be new.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    // Only Unix can sync a folder, and only Unix has to.
    if !cfg!(unix) {
        return Ok(());
    }
    let below = BELOW.map(|name| folder.join(name));
    for path in below.iter().map(PathBuf::as_path).chain([folder]) {
        File::open(path)?.sync_all()?;
    }
    for above in folder.canonicalize()?.ancestors().skip(1) {
        match File::open(above).and_then(|folder| folder.sync_all()) {
            // This user may pass through the folder but not read it, or its file system has no disk.
            Err(error) if above.parent().is_some() && !is_harmless(&error) => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn is_harmless(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, ReadOnlyFilesystem, Unsupported};
    matches!(
        error.kind(),
        PermissionDenied | ReadOnlyFilesystem | InvalidInput | Unsupported
    )
}
