//! Records of custom roles and of changed built-in roles.

use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, SurrealValue, Variables};

use super::user_list::NEXT_VERSION;
use super::{ROLE_NOT_FOUND, random_id};
use crate::access::{Permission, Permissions};
use crate::audit::{APPEND, Stamped};
use crate::identity::error::Error;
use crate::store::{self, Store, record_key};

const OTHER_ROLES: &str = "other roles";

#[derive(SurrealValue)]
struct RoleRecord {
    id: RecordId,
    permissions: Vec<String>,
    updated_at: DateTime<Utc>,
}

pub(in crate::identity) async fn list_roles(store: &Store) -> Result<Vec<(String, Permissions, DateTime<Utc>)>, Error> {
    let records: Vec<RoleRecord> = store.run("SELECT * FROM role", Variables::new()).await?.take()?;
    let read = |record: RoleRecord| {
        // Permissions that this release does not know are ignored; a newer release may have stored them.
        let known: Vec<Permission> = record.permissions.iter().filter_map(|name| name.parse().ok()).collect();
        (record_key(record.id), Permissions::of(&known), record.updated_at)
    };
    Ok(records.into_iter().map(read).collect())
}

/// Creates or changes a role, unless a role that is not in `known` was created since; returns whether it did. Every creation
/// writes the same `rule` row, so concurrent ones conflict.
pub(in crate::identity) async fn put_role(
    store: &Store,
    name: &str,
    permissions: Permissions,
    now: DateTime<Utc>,
    known: &[String],
    event: &Stamped,
) -> Result<bool, Error> {
    let names: Vec<String> = permissions
        .iter()
        .map(|permission| permission.name().to_owned())
        .collect();
    let mut bindings = Variables::new();
    bindings.insert("role", role_id(name));
    bindings.insert("permissions", names);
    bindings.insert("now", now);
    bindings.insert("known", known.iter().map(|name| role_id(name)).collect::<Vec<_>>());
    bindings.insert("nonce", random_id());
    bindings.insert("other_roles", OTHER_ROLES.to_owned());
    event.bind(&mut bindings);
    let statement = format!(
        "{{
        IF $role NOT IN $known {{
            UPSERT rule:role_names SET touched = $nonce RETURN NONE;
            IF !array::is_empty((SELECT VALUE id FROM role WHERE id NOT IN $known)) {{ THROW $other_roles }};
        }};
        UPSERT $role SET permissions = $permissions, updated_at = $now RETURN NONE;
        {APPEND}
    }}"
    );
    match store.run(&statement, bindings).await {
        Ok(_) => Ok(true),
        Err(store::Error::Refused(word)) if word == OTHER_ROLES => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Removes a role from the store and from every account and key. This statement and every assignment of a custom role
/// write the same `rule` row, so a concurrent assignment of the removed role conflicts. The changed accounts get the time
/// of the event, by which the event is found from an account.
pub(in crate::identity) async fn remove_role(store: &Store, name: &str, event: &Stamped) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("role", role_id(name));
    bindings.insert("name", name.to_owned());
    bindings.insert("now", event.at());
    bindings.insert("nonce", random_id());
    bindings.insert("not_found", ROLE_NOT_FOUND.to_owned());
    event.bind(&mut bindings);
    let statement = format!(
        "{{
        LET $gone = (DELETE $role RETURN BEFORE);
        IF array::is_empty($gone) {{ THROW $not_found }};
        UPSERT rule:roles SET touched = $nonce RETURN NONE;
        {NEXT_VERSION}
        UPDATE user SET roles -= $name, updated_at = $now, version = $version WHERE roles CONTAINS $name RETURN NONE;
        UPDATE api_key SET roles -= $name WHERE roles CONTAINS $name RETURN NONE;
        {APPEND}
    }}"
    );
    store.scan(&statement, bindings).await?;
    Ok(())
}

/// Returns the record ids of the names that are not built-in roles.
pub(super) fn made_roles(names: &[String]) -> Vec<RecordId> {
    names
        .iter()
        .filter(|name| crate::access::built_in_role(name).is_none())
        .map(|name| role_id(name))
        .collect()
}

fn role_id(name: &str) -> RecordId {
    RecordId::new("role", name)
}
