//! Replacement of the files of an embedded store by new ones with its present values only.
//!
//! The new files are written beside the folder and exchanged with it in one step, so that a crash leaves the old store or
//! the new one.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::data_key::{read_ids, write_ids};
use super::engine;
use super::error::OpenError;
use super::location::Location;
use super::lock::FolderLock;
use super::{MemorySettings, write_ahead_log};
use crate::text::one_line;

/// The time to wait for another process, or for the engine after a store was closed, which may merge tables.
const LOCK_TIMEOUT: Duration = Duration::from_mins(10);
/// Added to the name of the folder, for the new files and then the old ones.
const DRAFT: &str = "rewritten";

/// Replaces the files of a closed store. A store that is not embedded is left as it is.
///
/// # Errors
/// [`OpenError::Rewriting`], and the store is as before, or an error of opening it.
pub async fn rewrite_files(location: &Location, settings: MemorySettings) -> Result<(), OpenError> {
    let Some((folder, _)) = location.folder() else {
        return Ok(());
    };
    // Of the old folder, until the end.
    let _lock = FolderLock::take(folder, LOCK_TIMEOUT).await?;
    let failed = |reason: String| OpenError::Rewriting {
        folder: folder.to_owned(),
        reason: one_line(&reason),
    };
    let unusable = |error: io::Error| failed(error.to_string());
    // A link keeps its place.
    let real = folder.canonicalize().map_err(unusable)?;
    let draft = draft(&real).ok_or_else(|| failed("it has no name".to_owned()))?;
    // A command that was interrupted may have left it.
    remove(&draft).map_err(unusable)?;
    create_private(&draft).map_err(unusable)?;
    let log = write_ahead_log::inspect(&real)?;
    let copied = Box::pin(engine::copy(&real, log.largest_segment, &draft, settings)).await;
    let exchanged = match copied {
        Ok(()) => write_ids(&draft, &read_ids(&real))
            .map_err(|error| failed(error.to_string()))
            .and_then(|()| exchange(&draft, &real).map_err(unusable)),
        Err(reason) => Err(failed(reason)),
    };
    let removed = remove(&draft).map_err(unusable);
    exchanged.and(removed)
}

fn draft(folder: &Path) -> Option<PathBuf> {
    let mut name = folder.file_name()?.to_owned();
    name.push(".");
    name.push(DRAFT);
    Some(folder.with_file_name(name))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Exchanges two folders in one step.
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?;
    let parent = other.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    //! What is in the files afterwards, and what remains of interrupted commands.

    use surrealdb::types::Variables;

    use super::*;
    use crate::store::Store;

    async fn open(location: &Location) -> Store {
        Store::open_at(location.clone(), MemorySettings::default())
            .await
            .unwrap()
    }

    /// Whether a file below a folder contains a text.
    fn contain(folder: &Path, text: &str) -> bool {
        fs::read_dir(folder).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                return contain(&path, text);
            }
            let bytes = fs::read(path).unwrap();
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        })
    }

    async fn change(store: &Store, statement: &str) {
        store.run(statement, Variables::new()).await.unwrap();
    }

    async fn texts(store: &Store) -> Vec<String> {
        let answer = store.run("SELECT VALUE text FROM note ORDER BY id", Variables::new());
        answer.await.unwrap().take().unwrap()
    }

    #[tokio::test]
    async fn only_present_values_are_in_the_new_files() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("db");
        let location = Location::of_folder(&folder);
        let store = open(&location).await;
        change(&store, "CREATE note:`removed person` SET text = 'first'").await;
        change(&store, "CREATE note:a SET text = 'replaced text'").await;
        // More than a page.
        for n in 0..10 {
            let text = "x".repeat(1 << 20);
            change(&store, &format!("CREATE note:n{n} SET text = '{text}'")).await;
        }
        store.close().await;
        let store = open(&location).await;
        change(&store, "UPDATE note:a SET text = 'present text'").await;
        change(&store, "DELETE note:`removed person`").await;
        let before = texts(&store).await;
        assert_eq!(before.len(), 11);
        store.close().await;
        write_ids(&folder, &["0123456789abcdef".to_owned()]).unwrap();
        assert!(contain(&folder, "replaced text") && contain(&folder, "removed person"));

        // Left by a command that was killed.
        fs::create_dir_all(place.path().join("db.rewritten/wal")).unwrap();
        fs::write(place.path().join("db.rewritten/wal/x"), "x").unwrap();
        rewrite_files(&location, MemorySettings::default()).await.unwrap();
        for (text, is_in) in [
            ("present text", true),
            ("replaced text", false),
            ("removed person", false),
        ] {
            assert_eq!(contain(&folder, text), is_in, "{text}");
        }
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        assert_eq!(read_ids(&folder), ["0123456789abcdef"]);
        // The new files are those of a store like any other.
        let store = open(&location).await;
        assert_eq!(texts(&store).await, before);
        change(&store, "CREATE note:b SET text = 'later'").await;
        store.close().await;
        let store = open(&location).await;
        assert_eq!(texts(&store).await.len(), 12);
        store.close().await;
    }

    #[tokio::test]
    async fn a_database_in_memory_is_left_as_it_is() {
        let location: Location = "mem://".parse().unwrap();
        rewrite_files(&location, MemorySettings::default()).await.unwrap();
    }
}
