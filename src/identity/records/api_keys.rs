//! API key records.

use chrono::{DateTime, Utc};
use surrealdb::types::{Bytes, RecordId, SurrealValue, Variables};

use super::roles::made_roles;
use super::users::ROLES_EXIST;
use super::{KEY_NOT_FOUND, NOT_A_ROLE, USER_NOT_FOUND, random_id, user_id};
use crate::audit::{APPEND, Stamped};
use crate::identity::api_key::{ApiKey, StoredKey};
use crate::identity::error::Error;
use crate::store::{self, Column, FieldCipher, Store, record_key};

const TOO_MANY: &str = "too many keys";

#[derive(SurrealValue)]
struct KeyRecord {
    id: RecordId,
    user: RecordId,
    user_since: DateTime<Utc>,
    name: String,
    hash: Bytes,
    roles: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl KeyRecord {
    fn open(self, cipher: &FieldCipher) -> Result<StoredKey, store::Error> {
        let id = record_key(self.id);
        let name = cipher.open(Column::ApiKeyName, &id, self.name)?;
        Ok(StoredKey {
            key: ApiKey {
                id,
                user: record_key(self.user).into(),
                name,
                roles: self.roles.into(),
                created_at: self.created_at,
                expires_at: self.expires_at,
                last_used_at: self.last_used_at,
            },
            hash: self.hash.to_vec(),
            user_since: self.user_since,
        })
    }
}

/// Stores a key. Returns false if the account already has `most` keys.
///
/// # Errors
/// [`Error::NotFound`] if the account is missing, disabled or was created again since.
pub(in crate::identity) async fn create_key(
    store: &Store,
    stored: &StoredKey,
    most: usize,
    event: &Stamped,
) -> Result<bool, Error> {
    let api_key = &stored.key;
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("key", key_id(&api_key.id));
    bindings.insert("user", user_id(&api_key.user));
    bindings.insert("since", stored.user_since);
    bindings.insert("made", made_roles(&api_key.roles));
    bindings.insert("most", i64::try_from(most).unwrap_or(i64::MAX));
    bindings.insert("nonce", random_id());
    bindings.insert("not_found", USER_NOT_FOUND.to_owned());
    bindings.insert("not_a_role", NOT_A_ROLE.to_owned());
    bindings.insert("too_many", TOO_MANY.to_owned());
    bindings.insert(
        "content",
        KeyRecord {
            id: key_id(&api_key.id),
            user: user_id(&api_key.user),
            user_since: stored.user_since,
            name: store.cipher().seal(Column::ApiKeyName, &api_key.id, &api_key.name)?,
            hash: stored.hash.clone().into(),
            roles: api_key.roles.to_vec(),
            created_at: api_key.created_at,
            expires_at: api_key.expires_at,
            last_used_at: None,
        },
    );
    let statement = format!(
        "{{
        LET $owner = (SELECT created_at, enabled FROM ONLY $user);
        IF $owner IS NONE OR !$owner.enabled OR $owner.created_at != $since {{ THROW $not_found }};
        LET $others = (SELECT VALUE id FROM api_key WHERE user = $user);
        IF array::len($others) >= $most {{ THROW $too_many }};
        {ROLES_EXIST}
        CREATE $key CONTENT $content RETURN NONE;
        {APPEND}
    }}"
    );
    match store.run(&statement, bindings).await {
        Ok(_) => Ok(true),
        Err(store::Error::Refused(word)) if word == TOO_MANY => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::identity) async fn find_key(store: &Store, id: &str) -> Result<Option<StoredKey>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("key", key_id(id));
    let record: Option<KeyRecord> = store.run("SELECT * FROM ONLY $key", bindings).await?.take()?;
    Ok(record.map(|record| record.open(store.cipher())).transpose()?)
}

pub(in crate::identity) async fn list_keys(store: &Store, user: &str) -> Result<Vec<StoredKey>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(user));
    let statement = "SELECT * FROM api_key WHERE user = $user ORDER BY created_at DESC, id";
    let records: Vec<KeyRecord> = store.run(statement, bindings).await?.take()?;
    let opened = records.into_iter().map(|record| record.open(store.cipher()));
    Ok(opened.collect::<Result<_, _>>()?)
}

pub(in crate::identity) async fn remove_key(store: &Store, id: &str, event: &Stamped) -> Result<(), Error> {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("key", key_id(id));
    bindings.insert("not_found", KEY_NOT_FOUND.to_owned());
    let statement = format!(
        "{{
        LET $gone = (DELETE $key RETURN BEFORE);
        IF array::is_empty($gone) {{ THROW $not_found }};
        {APPEND}
    }}"
    );
    store.run(&statement, bindings).await?;
    Ok(())
}

pub(in crate::identity) async fn touch_key(store: &Store, id: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("key", key_id(id));
    bindings.insert("now", now);
    let statement = "UPDATE $key SET last_used_at = $now RETURN NONE";
    store.run(statement, bindings).await?;
    Ok(())
}

fn key_id(id: &str) -> RecordId {
    RecordId::new("api_key", id)
}
