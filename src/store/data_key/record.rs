//! The row of the database about its data key, and the decision whether the keys of the settings are the right ones.

use aws_lc_rs::rand;
use surrealdb::types::{Bytes, RecordId, SurrealValue, Variables};
use zeroize::Zeroizing;

use super::error::DataKeyError;
use super::file::DataKeys;
use crate::store::field_cipher::{DataKey, FieldCipher, SECRET};
use crate::store::{Error, OpenError, Store};
use crate::text::one_line;

/// Tables that have rows if there are values to encrypt.
const WITH_VALUES: [&str; 4] = ["user", "audit", "job", "session"];

#[derive(Debug, Clone, SurrealValue)]
pub(in crate::store) struct KeyRecord {
    pub(super) kid: String,
    lookup: Bytes,
    previous: Vec<String>,
    retired: Vec<String>,
    plain: bool,
}

impl KeyRecord {
    /// Whether values may not be encrypted with the current key.
    pub(super) fn is_pending(&self) -> bool {
        self.plain || !self.previous.is_empty()
    }

    /// The ids of all keys that values may be encrypted with.
    pub(super) fn ids(&self) -> Vec<String> {
        std::iter::once(&self.kid).chain(&self.previous).cloned().collect()
    }
}

/// What a store has to do before it uses the keys of the settings.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Nothing.
    Keep,
    /// Record the key of the settings as the one that encrypts.
    Replace,
}

/// Checks the keys of the settings against the row of the database, which is created or changed if they are new. Returns the
/// cipher and the row; no row without a data key.
pub(super) async fn unlock(store: &Store, keys: DataKeys) -> Result<(FieldCipher, Option<KeyRecord>), OpenError> {
    let DataKeys { current, previous } = keys;
    loop {
        let record = read(store).await.map_err(|error| failed(store, &error))?;
        let (record, key) = match (record, &current) {
            (None, None) => return Ok((FieldCipher::default(), None)),
            (Some(record), None) => return Err(DataKeyError::Missing(record.kid).into()),
            (None, Some(key)) => {
                create(store, key).await?;
                continue;
            }
            (Some(record), Some(key)) => (record, key),
        };
        let others: Vec<String> = previous.iter().map(DataKey::id).collect();
        let step = step(&record, &key.id(), &others)?;
        let lookup = std::iter::once(key)
            .chain(&previous)
            .find(|key| key.id() == record.kid)
            .and_then(|key| key.decrypt_lookup_key(&record.lookup))
            .ok_or_else(|| DataKeyError::Damaged(record.kid.clone()))?;
        if step == Step::Replace {
            let secret = <&[u8; SECRET]>::try_from(lookup.as_slice());
            let secret = secret.map_err(|_| DataKeyError::Damaged(record.kid.clone()))?;
            let lookup = key.encrypt_lookup_key(secret).map_err(|_| DataKeyError::Library)?;
            let replaced = replace(store, &record, &key.id(), lookup).await;
            replaced.map_err(|error| failed(store, &error))?;
            continue;
        }
        let mut keys: Vec<DataKey> = current.into_iter().chain(previous).collect();
        // The key of the row encrypts, also while a server still has the settings from before.
        keys.sort_by_key(|key| key.id() != record.kid);
        return Ok((FieldCipher::new(keys, &lookup), Some(record)));
    }
}

fn step(record: &KeyRecord, current: &str, others: &[String]) -> Result<Step, DataKeyError> {
    let is_given = |id: &String| *id == current || others.contains(id);
    let is_in = |ids: &[String]| ids.iter().any(|id| id == current);
    let is_known = is_given(&record.kid);
    let step = if record.kid == current || (is_known && is_in(&record.previous)) {
        Step::Keep
    } else if is_in(&record.previous) || is_in(&record.retired) {
        return Err(DataKeyError::Replaced {
            found: current.to_owned(),
            by: record.kid.clone(),
        });
    } else if is_known {
        Step::Replace
    } else {
        return Err(DataKeyError::Other {
            found: current.to_owned(),
            expected: record.kid.clone(),
        });
    };
    match record.previous.iter().find(|id| !is_given(id)) {
        Some(id) => Err(DataKeyError::PreviousMissing(id.clone())),
        None => Ok(step),
    }
}

fn failed(store: &Store, error: &Error) -> OpenError {
    OpenError::Database {
        place: store.location.to_string(),
        reason: one_line(&error.to_string()),
    }
}

async fn read(store: &Store) -> Result<Option<KeyRecord>, Error> {
    let statement = "SELECT kid, lookup, previous, retired, plain FROM ONLY data_key:current";
    store.run(statement, Variables::new()).await?.take()
}

/// Creates the row, unless another process has done so.
async fn create(store: &Store, key: &DataKey) -> Result<(), OpenError> {
    let mut secret = Zeroizing::new([0; SECRET]);
    rand::fill(secret.as_mut()).map_err(|_| DataKeyError::Library)?;
    let lookup = key.encrypt_lookup_key(&secret).map_err(|_| DataKeyError::Library)?;
    let plain = has_values(store).await.map_err(|error| failed(store, &error))?;
    let mut bindings = Variables::new();
    bindings.insert(
        "record",
        KeyRecord {
            kid: key.id(),
            lookup: lookup.into(),
            previous: Vec::new(),
            retired: Vec::new(),
            plain,
        },
    );
    let statement = "CREATE data_key:current CONTENT $record RETURN NONE";
    match store.run(statement, bindings).await {
        Ok(_) | Err(Error::Exists(_)) => Ok(()),
        Err(error) => Err(failed(store, &error)),
    }
}

async fn has_values(store: &Store) -> Result<bool, Error> {
    for table in WITH_VALUES {
        let statement = format!("SELECT VALUE id FROM {table} LIMIT 1");
        let found: Vec<RecordId> = store.run(&statement, Variables::new()).await?.take()?;
        if !found.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Records another key, unless the row has changed since it was read.
async fn replace(store: &Store, record: &KeyRecord, kid: &str, lookup: Vec<u8>) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("before", record.kid.clone());
    bindings.insert("kid", kid.to_owned());
    bindings.insert("lookup", Bytes::from(lookup));
    let statement = "UPDATE data_key:current SET
        previous = array::union(previous, [$before]), kid = $kid, lookup = $lookup
        WHERE kid = $before RETURN NONE";
    store.run(statement, bindings).await.map(drop)
}

/// Records that every value is encrypted with the key of the row, unless the row has changed since it was read.
pub(super) async fn finish(store: &Store, record: &KeyRecord) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("kid", record.kid.clone());
    bindings.insert("previous", record.previous.clone());
    let statement = "UPDATE data_key:current SET
        retired = array::union(retired, previous), previous = [], plain = false
        WHERE kid = $kid AND previous = $previous RETURN VALUE id";
    let changed: Vec<RecordId> = store.run(statement, bindings).await?.take()?;
    if changed.is_empty() {
        // Another process has set another key.
        return Err(Error::Conflict);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    //! The decision. What it does to a store is tested in `data_key::tests`.

    use super::*;

    fn record(kid: &str, previous: &[&str], retired: &[&str]) -> KeyRecord {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        KeyRecord {
            kid: kid.to_owned(),
            lookup: Vec::new().into(),
            previous: owned(previous),
            retired: owned(retired),
            plain: false,
        }
    }

    fn decision(record: &KeyRecord, current: &str, others: &[&str]) -> String {
        let others: Vec<String> = others.iter().map(|id| (*id).to_owned()).collect();
        match step(record, current, &others) {
            Ok(step) => format!("{step:?}"),
            Err(DataKeyError::Other { .. }) => "Other".to_owned(),
            Err(DataKeyError::Replaced { .. }) => "Replaced".to_owned(),
            Err(DataKeyError::PreviousMissing(id)) => format!("needs {id}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_keys_of_the_settings_must_fit_those_of_the_database() {
        let simple = record("b", &[], &["a"]);
        let rotating = record("b", &["a"], &[]);
        for (record, current, others, expected) in [
            (&simple, "b", vec![], "Keep"),
            (&simple, "b", vec!["a", "x"], "Keep"),
            (&simple, "c", vec![], "Other"),
            (&simple, "c", vec!["b"], "Replace"),
            // An earlier key is not taken for a new one.
            (&simple, "a", vec![], "Replaced"),
            (&simple, "a", vec!["b"], "Replaced"),
            (&rotating, "b", vec!["a"], "Keep"),
            (&rotating, "b", vec![], "needs a"),
            (&rotating, "c", vec!["b"], "needs a"),
            (&rotating, "c", vec!["a", "b"], "Replace"),
            // A server that still has the settings from before the rotation.
            (&rotating, "a", vec!["b"], "Keep"),
            (&rotating, "a", vec![], "Replaced"),
            (&rotating, "c", vec!["a"], "Other"),
        ] {
            assert_eq!(decision(record, current, &others), expected, "{current} {others:?}");
        }
    }
}
