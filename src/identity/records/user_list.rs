//! Records of the list of accounts: its version, and the accounts that changed after a version.

use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, SurrealValue, Variables};

use super::user_id;
use crate::identity::error::Error;
use crate::identity::user::User;
use crate::store::{self, Column, FieldCipher, Store, record_key};

/// Takes the next version as `$version`. A statement that changes a listed field of an account begins with it and sets the
/// account's version.
pub(super) const NEXT_VERSION: &str = "
    LET $list = (UPSERT ONLY user_list:state
        SET version = (version ?? 0) + 1, forgotten = forgotten ?? 0, removed = removed ?? []);
    LET $version = $list.version;
";

/// Lists the removal of the account `$before`, after [`NEXT_VERSION`]. The latest 100 removals are kept.
pub(super) const LIST_REMOVAL: &str = "
    LET $removed = array::append($list.removed, { version: $version, created_at: $before.created_at });
    LET $full = array::len($removed) > 100;
    UPDATE user_list:state SET
        forgotten = IF $full { $removed[0].version } ELSE { $list.forgotten },
        removed = IF $full { array::remove($removed, 0) } ELSE { $removed } RETURN NONE;
";

/// The listed fields.
const FIELDS: &str = "id, username, email, roles, enabled, created_at, updated_at";

/// Selects the accounts that changed after a version.
const CHANGED: &str = "SELECT id, username, email, roles, enabled, created_at, updated_at FROM user
    WHERE version > $known LIMIT $limit";

#[derive(SurrealValue)]
struct ListedRecord {
    id: RecordId,
    username: String,
    email: String,
    roles: Vec<String>,
    enabled: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(SurrealValue)]
struct RemovalRecord {
    version: i64,
    created_at: DateTime<Utc>,
}

#[derive(SurrealValue)]
struct ChangesRecord {
    version: i64,
    forgotten: i64,
    removed: Vec<RemovalRecord>,
    changed: Vec<ListedRecord>,
}

/// The changes of the list after a version.
pub(in crate::identity) struct UserChanges {
    /// The current version.
    pub(in crate::identity) version: i64,
    /// The accounts that were created or changed.
    pub(in crate::identity) changed: Vec<User>,
    /// The creation times of the accounts that were removed.
    pub(in crate::identity) removed: Vec<DateTime<Utc>>,
}

impl ListedRecord {
    fn open(self, cipher: &FieldCipher) -> Result<User, store::Error> {
        let id = record_key(self.id);
        let email = cipher.open(Column::UserEmail, &id, self.email)?;
        Ok(User {
            id: id.into(),
            username: self.username,
            email,
            roles: self.roles.into(),
            enabled: self.enabled,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

fn open_all(store: &Store, records: Vec<ListedRecord>) -> Result<Vec<User>, store::Error> {
    records.into_iter().map(|record| record.open(store.cipher())).collect()
}

/// Returns the version of the list.
pub(in crate::identity) async fn user_list_version(store: &Store) -> Result<i64, Error> {
    let statement = "SELECT VALUE version FROM ONLY user_list:state";
    let version: Option<i64> = store.run(statement, Variables::new()).await?.take()?;
    Ok(version.unwrap_or(0))
}

/// Returns the changes after the version `known`; `None` if there are more than `limit`, or removals are no longer listed.
pub(in crate::identity) async fn user_changes(
    store: &Store,
    known: i64,
    limit: usize,
) -> Result<Option<UserChanges>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("known", known);
    bindings.insert("limit", i64::try_from(limit + 1).unwrap_or(i64::MAX));
    let statement = format!(
        "{{
        LET $state = (SELECT * FROM ONLY user_list:state);
        LET $version = $state.version ?? 0;
        LET $changed = IF $version > $known {{ ({CHANGED}) }} ELSE {{ [] }};
        RETURN {{
            version: $version,
            forgotten: $state.forgotten ?? 0,
            removed: $state.removed ?? [],
            changed: $changed
        }};
    }}"
    );
    let changes: ChangesRecord = store.run(&statement, bindings).await?.take()?;
    if known < changes.forgotten || changes.changed.len() > limit {
        return Ok(None);
    }
    let removed = changes.removed.iter().filter(|removal| removal.version > known);
    Ok(Some(UserChanges {
        version: changes.version,
        removed: removed.map(|removal| removal.created_at).collect(),
        changed: open_all(store, changes.changed)?,
    }))
}

/// Returns at most `limit` accounts in id order, starting after `after`.
pub(in crate::identity) async fn users_after(store: &Store, after: &str, limit: usize) -> Result<Vec<User>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("page", store::records_after("user", after));
    bindings.insert("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    let statement = format!("SELECT {FIELDS} FROM type::record($page.range) LIMIT $limit");
    let records: Vec<ListedRecord> = store.run(&statement, bindings).await?.take()?;
    Ok(open_all(store, records)?)
}

/// Returns which of these accounts exist.
pub(in crate::identity) async fn existing_users(
    store: &Store,
    ids: impl Iterator<Item = &str>,
) -> Result<Vec<String>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("ids", ids.map(user_id).collect::<Vec<_>>());
    let found: Vec<RecordId> = store.run("SELECT VALUE id FROM $ids", bindings).await?.take()?;
    Ok(found.into_iter().map(record_key).collect())
}

#[cfg(test)]
mod tests {
    //! The query plan only; the list is tested in `identity::tests::listing`.

    use surrealdb::types::{ToSql as _, Value};

    use super::*;

    #[tokio::test]
    async fn the_changed_accounts_are_found_by_an_index() {
        let store = Store::open("mem://").await.unwrap();
        let mut bindings = Variables::new();
        bindings.insert("known", 7);
        bindings.insert("limit", 10);
        let plan = store.run(&format!("EXPLAIN {CHANGED}"), bindings).await.unwrap();
        let plan = plan.take::<Value>().unwrap().to_sql();
        assert!(plan.contains("user_version") && !plan.contains("TableScan"), "{plan}");
    }
}
