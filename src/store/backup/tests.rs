//! Tests of whole backups: of a store in use, damaged in every way, interrupted, and restored.

mod damage;
mod in_use;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use surrealdb::types::Variables;

use super::*;
use crate::clock::{Clock as _, SystemClock};
use crate::store::{Location, MemorySettings, Store};

const SMALL: MemorySettings = MemorySettings {
    memtable_mib: 16,
    block_cache_mib: 16,
};

fn go_on(_done: u64, _total: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn stop(_done: u64, _total: u64) -> ControlFlow<()> {
    ControlFlow::Break(())
}

fn about() -> About {
    About {
        program: "1.2.3".to_owned(),
        created: SystemClock.now(),
        models: vec![ModelDigest {
            id: "minilm@1".to_owned(),
            digest: "sha256:00".to_owned(),
        }],
        data_keys: Vec::new(),
    }
}

fn key() -> Secret {
    Secret::Key(zeroize::Zeroizing::new([7; 32]))
}

/// A folder with a data folder, `data`, and room for backups.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(place.data().join("keys")).unwrap();
        fs::write(place.data().join("keys/current.pem"), "a key").unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    fn location(&self) -> Location {
        Location::of_folder(&self.data().join("db"))
    }

    async fn store(&self) -> Store {
        Store::open_at(self.location(), SMALL).await.unwrap()
    }

    fn back_up(&self, file: &Path, secret: &Secret) -> Result<Size, BackupError> {
        create(&self.location(), &self.data(), about(), secret, file, false, &go_on)
    }

    /// The names beside the data folder.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

/// Writes a note of letters that do not compress.
async fn write(store: &Store, letters: usize) {
    let mut state = 1_u64;
    let text: String = (0..letters)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
        })
        .collect();
    let mut bindings = Variables::new();
    bindings.insert("text", text);
    store.run("CREATE note SET text = $text", bindings).await.unwrap();
}

async fn notes(store: &Store) -> usize {
    let answer = store.run("RETURN count(SELECT VALUE id FROM note)", Variables::new());
    let count: i64 = answer.await.unwrap().take().unwrap();
    usize::try_from(count).unwrap()
}

async fn restored(file: &Path, secret: &Secret, data: &Path) -> Result<(About, Size), BackupError> {
    unpack(file, secret, data, &go_on)?.finish(SMALL).await
}

async fn open(data: &Path) -> Store {
    Store::open_at(Location::of_folder(&data.join("db")), SMALL)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_store_in_use_is_backed_up_and_restored_with_its_keys() {
    let place = Place::new();
    let store = place.store().await;
    // In the log, in a table and in a value file.
    for letters in [10, 5_000, 200_000] {
        write(&store, letters).await;
    }
    store.close().await;
    let store = place.store().await;
    write(&store, 10).await;
    for (name, secret) in [
        ("key", key()),
        ("passphrase", Secret::Passphrase("twelve letters".into())),
    ] {
        let file = place.path(name);
        let size = place.back_up(&file, &secret).unwrap();
        assert_eq!(verify(&file, &secret, &go_on).unwrap().1, size);
        let to = place.path(&format!("{name}-restored/data"));
        let (origin, restored_size) = restored(&file, &secret, &to).await.unwrap();
        assert_eq!((origin.program.as_str(), restored_size), ("1.2.3", size));
        assert_eq!(origin.models, about().models);
        assert_eq!(fs::read_to_string(to.join("keys/current.pem")).unwrap(), "a key");
        let again = open(&to).await;
        assert_eq!(notes(&again).await, 4);
        write(&again, 10).await;
        again.close().await;
        assert_eq!(notes(&open(&to).await).await, 5);
    }
    // The store goes on, and nothing was written beside it.
    write(&store, 10).await;
    assert_eq!(notes(&store).await, 5);
    let mut left: Vec<_> = fs::read_dir(place.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["db", "keys"]);
}

#[tokio::test]
async fn a_closed_store_is_backed_up_without_being_opened() {
    let place = Place::new();
    let store = place.store().await;
    write(&store, 10).await;
    store.close().await;
    let file = place.path("backup");
    place.back_up(&file, &key()).unwrap();
    let to = place.path("restored");
    restored(&file, &key(), &to).await.unwrap();
    assert_eq!(notes(&open(&to).await).await, 1);
}

#[tokio::test]
async fn an_interrupted_backup_or_restore_leaves_nothing() {
    let place = Place::new();
    let store = place.store().await;
    write(&store, 10).await;
    let (file, key) = (place.path("backup"), key());
    let interrupted = create(&place.location(), &place.data(), about(), &key, &file, false, &stop);
    assert!(matches!(interrupted, Err(BackupError::Interrupted)));
    assert_eq!(place.names(), ["data"]);
    // A process that was killed leaves a draft, which the next backup replaces.
    fs::write(place.path("backup.part"), vec![1; 1_000_000]).unwrap();
    place.back_up(&file, &key).unwrap();
    assert_eq!(place.names(), ["backup", "data"]);
    let to = place.path("restored");
    assert!(matches!(unpack(&file, &key, &to, &stop), Err(BackupError::Interrupted)));
    assert!(!to.exists());
    // The folder stays if it was there before.
    fs::create_dir(&to).unwrap();
    assert!(matches!(unpack(&file, &key, &to, &stop), Err(BackupError::Interrupted)));
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
    // Nothing of what was unpacked stays if it is not moved to its place.
    drop(unpack(&file, &key, &to, &go_on).unwrap());
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
    restored(&file, &key, &to).await.unwrap();
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let place = Place::new();
    let store = place.store().await;
    let (file, key) = (place.path("backup"), key());
    fs::write(&file, "something else").unwrap();
    assert!(matches!(place.back_up(&file, &key), Err(BackupError::Exists(path)) if path == file));
    assert_eq!(fs::read_to_string(&file).unwrap(), "something else");
    create(&place.location(), &place.data(), about(), &key, &file, true, &go_on).unwrap();
    verify(&file, &key, &go_on).unwrap();
    drop(store);
    let used = unpack(&file, &key, &place.data(), &go_on);
    assert!(matches!(used, Err(BackupError::NotEmpty(path)) if path == place.data()));
    let to = place.path("restored");
    fs::create_dir_all(to.join(".restore")).unwrap();
    assert!(matches!(
        unpack(&file, &key, &to, &go_on),
        Err(BackupError::Unfinished(_))
    ));
    fs::remove_dir(to.join(".restore")).unwrap();
    // The root of a file system.
    fs::create_dir(to.join("lost+found")).unwrap();
    restored(&file, &key, &to).await.unwrap();
}

#[test]
fn two_backups_do_not_write_the_same_file() {
    let place = Place::new();
    let file = place.path("backup");
    let first = super::output::Output::begin(&file, false).unwrap();
    let second = super::output::Output::begin(&file, false);
    assert!(matches!(second, Err(BackupError::Running(_))));
    first.finish(false).unwrap();
    assert!(matches!(
        super::output::Output::begin(&file, false),
        Err(BackupError::Exists(_))
    ));
    assert_eq!(place.names(), ["backup", "data"]);
}

#[tokio::test]
async fn a_newer_store_is_refused_with_both_versions() {
    let place = Place::new();
    let store = place.store().await;
    store
        .run("CREATE migration:999 SET version = 999", Variables::new())
        .await
        .unwrap();
    let (file, to) = (place.path("backup"), place.path("restored"));
    place.back_up(&file, &key()).unwrap();
    let error = restored(&file, &key(), &to).await.unwrap_err();
    let line = error.to_string();
    assert!(matches!(error, BackupError::TooNew { found: 999, .. }), "{line}");
    assert!(line.contains("999") && line.contains("only 1"), "{line}");
    assert!(!to.exists());
}

#[test]
fn what_cannot_be_backed_up_is_refused_with_a_reason() {
    let place = Place::new();
    let file = place.path("backup");
    let refused = |url: &str, secret: &Secret| {
        let location = url.parse().unwrap();
        let error = create(&location, &place.data(), about(), secret, &file, false, &go_on).unwrap_err();
        assert_eq!(error.to_string().lines().count(), 1);
        error
    };
    assert!(matches!(refused("mem://", &key()), BackupError::InMemory));
    assert!(matches!(refused("ws://localhost/a/b", &key()), BackupError::Remote));
    let none = format!("surrealkv://{}", place.path("none").display());
    assert!(matches!(refused(&none, &key()), BackupError::NoStore(_)));
    let short = Secret::Passphrase("eleven char".into());
    assert!(matches!(
        refused(&none, &short),
        BackupError::ShortPassphrase { length: 11, least: 12 }
    ));
    assert_eq!(place.names(), ["data"]);
}
