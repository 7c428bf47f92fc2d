//! Counts of failed password attempts in a database shared by several processes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, SurrealValue, Variables};

use crate::store::{Error, Store};

/// A count. `changes` is 0 before the first.
#[derive(SurrealValue)]
pub(in crate::identity) struct PasswordFailures {
    pub(in crate::identity) level: f64,
    pub(in crate::identity) failed_at: DateTime<Utc>,
    pub(in crate::identity) changes: i64,
}

/// Returns the count of a key; `None` without failures.
pub(in crate::identity) async fn find_password_failures(
    store: &Store,
    key: &[u8],
) -> Result<Option<PasswordFailures>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("row", row(store, key));
    let statement = "SELECT level, failed_at, changes FROM ONLY $row";
    store.run(statement, bindings).await?.take()
}

/// Replaces a count unless it has changed since it was read. Returns whether it was replaced.
pub(in crate::identity) async fn replace_password_failures(
    store: &Store,
    key: &[u8],
    count: PasswordFailures,
) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("row", row(store, key));
    bindings.insert("level", count.level);
    bindings.insert("failed_at", count.failed_at);
    bindings.insert("changes", count.changes);
    let statement = "{
        LET $found = (SELECT VALUE changes FROM ONLY $row) ?? 0;
        IF $found != $changes { RETURN false };
        UPSERT $row CONTENT { level: $level, failed_at: $failed_at, changes: $changes + 1 } RETURN NONE;
        RETURN true;
    }";
    store.run(statement, bindings).await?.take()
}

/// Removes a count.
pub(in crate::identity) async fn remove_password_failures(store: &Store, key: &[u8]) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("row", row(store, key));
    store.run("DELETE $row RETURN NONE", bindings).await.map(drop)
}

/// Removes the counts that have not changed since this time.
pub(in crate::identity) async fn forget_password_failures(store: &Store, before: DateTime<Utc>) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("before", before);
    let statement = "DELETE password_failures WHERE failed_at < $before RETURN NONE";
    store.run(statement, bindings).await.map(drop)
}

/// With a data key, the hash in `key`, which is not keyed, is hashed again: names and addresses can be guessed.
fn row(store: &Store, key: &[u8]) -> RecordId {
    let plain = URL_SAFE_NO_PAD.encode(key);
    let keyed = store.cipher().lookup_key("password_failures", &plain);
    RecordId::new("password_failures", keyed.unwrap_or(plain))
}
