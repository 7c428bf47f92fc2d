//! Stores with data keys: which are refused, what becomes of existing values, and interrupted rotations. The records of
//! accounts are tested in `identity::tests::data_key`, the command in `tests/it/data_key.rs`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use strum::VariantArray as _;
use surrealdb::types::Variables;

use super::*;
use crate::store::field_cipher::{Column, DataKey, Kind, SECRET};
use crate::store::{Location, MemorySettings};

const JOBS: usize = 90;
/// The steps until the first batch of jobs is done: a batch of each table before, and one of jobs.
const STEPS: usize = 6;

/// Texts that are stored as they are, each with the reason.
const PLAIN: [(&str, &[&str], &str); 9] = [
    (
        "api_key",
        &["hash", "roles"],
        "a hash of 256 random bits; names of roles",
    ),
    (
        "audit",
        &[
            "action",
            "refusal",
            "actor",
            "subject",
            "session",
            "field",
            "model",
            "weights_digest",
        ],
        "names of kinds, accounts, sessions and fields, by which events are selected",
    ),
    (
        "data_key",
        &["kid", "lookup", "previous", "retired"],
        "ids of keys; an encrypted key",
    ),
    ("job_entry", &["maker"], "digests of models"),
    ("role", &["permissions"], "names of permissions"),
    ("rule", &["touched"], "random text, and the version of the skeletons"),
    (
        "session",
        &["era", "current", "previous", "successor", "scope"],
        "random text, hashes, an encrypted token, and names of permissions",
    ),
    ("signing_key", &["kid"], "the id of a key"),
    (
        "user",
        &["username", "password", "roles", "era", "issuer"],
        "names, which are ids of records as well, a hash, and random text",
    ),
];

fn keys(current: u8, previous: &[u8]) -> DataKeys {
    let key = |byte: u8| DataKey::derive(&[byte; SECRET]).unwrap();
    DataKeys {
        current: Some(key(current)),
        previous: previous.iter().map(|byte| key(*byte)).collect(),
    }
}

fn id(byte: u8) -> String {
    DataKey::derive(&[byte; SECRET]).unwrap().id()
}

async fn open(folder: &Path, keys: DataKeys) -> Result<Store, OpenError> {
    Store::open_with_keys(Location::of_folder(folder), MemorySettings::default(), keys).await
}

async fn refusal(folder: &Path, keys: DataKeys) -> String {
    let line = open(folder, keys).await.unwrap_err().to_string();
    assert_eq!(line.lines().count(), 1, "{line}");
    line
}

async fn ask(store: &Store, statement: &str) -> Value {
    store.run(statement, Variables::new()).await.unwrap().take().unwrap()
}

fn text(number: usize) -> String {
    format!("Welder number {number}\n\nWeld pipes.")
}

/// A closed store with jobs from before the data key.
async fn plain_store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), DataKeys::default()).await.unwrap();
    for number in 0..JOBS {
        let mut bindings = Variables::new();
        bindings.insert("text", text(number));
        let statement = format!(
            "CREATE job:`{number:03}` SET title = 'Welder', text = $text, created_at = time::now(), \
             updated_at = time::now()"
        );
        store.run(&statement, bindings).await.unwrap();
    }
    store.close().await;
    folder
}

/// The stored texts of all jobs.
async fn stored(store: &Store) -> Vec<String> {
    let texts = ask(store, "SELECT VALUE text FROM job ORDER BY id").await;
    let texts = texts.as_array().unwrap().iter();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Checks that all jobs can be read, and returns how many are encrypted with the current key.
async fn current(store: &Store) -> usize {
    let texts = stored(store).await;
    assert_eq!(texts.len(), JOBS);
    let mut current = 0;
    for (number, stored) in texts.into_iter().enumerate() {
        let key = format!("{number:03}");
        let cipher = store.cipher();
        current += usize::from(cipher.renew(Column::JobText, &key, &stored).unwrap().is_none());
        assert_eq!(cipher.open(Column::JobText, &key, stored).unwrap(), text(number));
    }
    current
}

/// Does a part of a rotation, and leaves the store as a process that was killed.
async fn interrupt(folder: &Path, keys: DataKeys) {
    let store = open(folder, keys).await.unwrap();
    let mut rotation = Rotation::new(&store);
    for _ in 0..STEPS {
        assert!(rotation.step().await.unwrap());
    }
    drop(store);
}

#[tokio::test]
async fn a_store_with_a_data_key_is_refused_without_it_or_with_another() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), keys(1, &[])).await.unwrap();
    let expected = DataKeyStatus {
        id: id(1),
        is_pending: false,
    };
    assert_eq!(store.data_key(), Some(expected));
    store.close().await;
    let line = refusal(folder.path(), DataKeys::default()).await;
    assert!(line.contains(&id(1)) && line.contains("set data_key"), "{line}");
    let line = refusal(folder.path(), keys(2, &[])).await;
    assert!(line.contains(&id(1)) && line.contains(&id(2)), "{line}");
    assert!(line.contains("previous_data_keys"), "{line}");
    open(folder.path(), keys(1, &[])).await.unwrap().close().await;
    assert_eq!(read_ids(folder.path()), [id(1)]);
}

#[tokio::test]
async fn existing_values_are_encrypted_by_a_rotation_that_may_be_interrupted() {
    let folder = plain_store().await;
    let path = folder.path();
    let store = open(path, keys(1, &[])).await.unwrap();
    assert!(store.data_key().unwrap().is_pending);
    assert_eq!(current(&store).await, 0);
    store.close().await;

    interrupt(path, keys(1, &[])).await;
    let store = open(path, keys(1, &[])).await.unwrap();
    assert!(store.data_key().unwrap().is_pending);
    let done = current(&store).await;
    assert!(0 < done && done < JOBS, "{done}");
    // Of each job, a title and a text.
    assert_eq!(store.seal_all().await.unwrap(), 2 * (JOBS - done) as u64);
    assert_eq!(current(&store).await, JOBS);
    assert!(!format!("{:?}", stored(&store).await).contains("Welder"));
    store.close().await;
    let store = open(path, keys(1, &[])).await.unwrap();
    assert!(!store.data_key().unwrap().is_pending);
    assert_eq!(store.seal_all().await.unwrap(), 0);
    store.close().await;
}

#[tokio::test]
async fn a_key_is_replaced_and_not_needed_any_more() {
    let folder = plain_store().await;
    let path = folder.path();
    let store = open(path, keys(1, &[])).await.unwrap();
    store.seal_all().await.unwrap();
    let name = store.cipher().lookup_key("email", "ann@example.org");
    store.close().await;

    interrupt(path, keys(2, &[1])).await;
    // Both are needed now.
    let line = refusal(path, keys(2, &[])).await;
    assert!(line.contains(&id(1)) && line.contains("data-key rotate"), "{line}");
    let line = refusal(path, keys(1, &[])).await;
    assert!(line.contains("was replaced by") && line.contains(&id(2)), "{line}");
    assert_eq!(read_ids(path), [id(2), id(1)]);
    let store = open(path, keys(2, &[1])).await.unwrap();
    let done = current(&store).await;
    assert!(0 < done && done < JOBS, "{done}");
    store.seal_all().await.unwrap();
    assert_eq!(current(&store).await, JOBS);
    store.close().await;
    assert_eq!(read_ids(path), [id(2)]);

    let store = open(path, keys(2, &[])).await.unwrap();
    assert_eq!(current(&store).await, JOBS);
    // Ids of records do not change.
    assert_eq!(store.cipher().lookup_key("email", "ann@example.org"), name);
    store.close().await;
    // The old key is not taken for a new one.
    let line = refusal(path, keys(1, &[2])).await;
    assert!(line.contains("was replaced by"), "{line}");
}

#[tokio::test]
async fn a_server_with_the_settings_from_before_encrypts_with_the_new_key() {
    let folder = plain_store().await;
    let path = folder.path();
    open(path, keys(1, &[])).await.unwrap().close().await;
    open(path, keys(2, &[1])).await.unwrap().close().await;
    let store = open(path, keys(1, &[2])).await.unwrap();
    assert_eq!(store.data_key().unwrap().id, id(2));
    store.seal_all().await.unwrap();
    store.close().await;
    let store = open(path, keys(2, &[])).await.unwrap();
    assert_eq!(current(&store).await, JOBS);
    store.close().await;
}

#[tokio::test]
async fn a_value_that_was_changed_stops_the_rotation() {
    let folder = plain_store().await;
    let store = open(folder.path(), keys(1, &[])).await.unwrap();
    store.seal_all().await.unwrap();
    ask(&store, "UPDATE job:`001` SET text = job:`002`.text").await;
    store.close().await;
    let store = open(folder.path(), keys(2, &[1])).await.unwrap();
    let error = store.seal_all().await.unwrap_err();
    assert!(matches!(error, Error::Undecryptable(Column::JobText)), "{error}");
    assert!(error.to_string().contains("job.text"), "{error}");
    store.close().await;
}

#[tokio::test]
async fn every_text_of_the_schema_is_encrypted_or_listed() {
    let store = Store::open("mem://").await.unwrap();
    let tables = ask(&store, "INFO FOR DB").await["tables"].clone();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for table in tables.as_object().unwrap().keys() {
        let info = ask(&store, &format!("INFO FOR TABLE {table}")).await;
        let fields = info["fields"].as_object().unwrap().iter();
        // The elements of an array are listed with the array.
        for (field, definition) in fields.filter(|(field, _)| !field.contains('.')) {
            let definition = definition.as_str().unwrap();
            let column = Column::VARIANTS
                .iter()
                .find(|column| column.table() == table && column.field() == field);
            let listed = PLAIN
                .iter()
                .any(|(name, fields, _)| name == table && fields.contains(&field.as_str()));
            let kind = [("string", Kind::Text), ("bytes", Kind::Bytes)]
                .into_iter()
                .find(|(name, _)| definition.contains(name));
            if let Some(column) = column {
                seen.insert(column.to_string());
            }
            match (kind, column) {
                (Some((_, kind)), Some(column)) if column.kind() == kind && !listed => {}
                (Some(_), None) if listed => {}
                (None, None) if !listed => {}
                _ => wrong.push(format!("{table}.{field}: {definition}")),
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let columns: BTreeSet<String> = Column::VARIANTS.iter().map(ToString::to_string).collect();
    assert_eq!(seen, columns);
}
