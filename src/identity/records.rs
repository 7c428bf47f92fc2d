//! Accounts and sessions in the database: every statement of this domain, and the only place that knows its types.

use chrono::{DateTime, Utc};
use surrealdb::types::{Bytes, RecordId, RecordIdKey, SurrealValue, Variables};

use super::Error;
use super::accounts::UserFilter;
use super::session::StoredSession;
use super::user::User;
use crate::access::ADMIN;
use crate::store::{self, Store};

const NOT_FOUND: &str = "not found";
const LAST_ADMIN: &str = "last admin";
const ERA_OVER: &str = "era over";

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Exists(table) if table == "user" => Self::UsernameTaken,
            store::Error::Exists(table) if table == "email" => Self::EmailTaken,
            store::Error::Refused(word) if word == NOT_FOUND => Self::NotFound,
            store::Error::Refused(word) if word == LAST_ADMIN => Self::LastAdmin,
            other => Self::Store(other),
        }
    }
}

/// An account with what only this domain may see.
#[derive(Clone)]
pub(super) struct StoredUser {
    pub(super) user: User,
    pub(super) password: Option<String>,
    pub(super) era: String,
}

#[derive(SurrealValue)]
struct UserRecord {
    id: RecordId,
    username: String,
    email: String,
    password: Option<String>,
    roles: Vec<String>,
    enabled: bool,
    era: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(SurrealValue)]
struct SessionRecord {
    id: RecordId,
    user: RecordId,
    era: String,
    current: Bytes,
    previous: Option<Bytes>,
    successor: Option<Bytes>,
    rotated_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    idle_until: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    user_agent: Option<String>,
    address: Option<String>,
}

#[derive(SurrealValue)]
struct Toggled {
    user: UserRecord,
    ended: i64,
}

impl From<UserRecord> for StoredUser {
    fn from(record: UserRecord) -> Self {
        Self {
            user: User {
                id: key(record.id).into(),
                username: record.username,
                email: record.email,
                roles: record.roles.into(),
                enabled: record.enabled,
                created_at: record.created_at,
                updated_at: record.updated_at,
            },
            password: record.password,
            era: record.era,
        }
    }
}

impl From<&StoredUser> for UserRecord {
    fn from(stored: &StoredUser) -> Self {
        Self {
            id: user_id(&stored.user.id),
            username: stored.user.username.clone(),
            email: stored.user.email.clone(),
            password: stored.password.clone(),
            roles: stored.user.roles.to_vec(),
            enabled: stored.user.enabled,
            era: stored.era.clone(),
            created_at: stored.user.created_at,
            updated_at: stored.user.updated_at,
        }
    }
}

impl From<SessionRecord> for StoredSession {
    fn from(record: SessionRecord) -> Self {
        Self {
            user: key(record.user),
            era: record.era,
            current: record.current.to_vec(),
            previous: record.previous.map(|bytes| bytes.to_vec()),
            successor: record.successor.map(|bytes| bytes.to_vec()),
            rotated_at: record.rotated_at,
            created_at: record.created_at,
            last_seen_at: record.last_seen_at,
            idle_until: record.idle_until,
            ends_at: record.ends_at,
            user_agent: record.user_agent,
            address: record.address,
        }
    }
}

/// After a change of one account, `$before` and `$after`: refuses it if no enabled administrator is left. The row of
/// the rule is written, so of two such changes at once the second sees the first.
const KEEP_AN_ADMIN: &str = "
    LET $was_admin = $before.enabled AND $before.roles CONTAINS $admin;
    LET $is_admin = $after IS NOT NONE AND $after.enabled AND $after.roles CONTAINS $admin;
    IF $was_admin AND !$is_admin {
        UPSERT rule:keep_an_admin SET touched = $nonce RETURN NONE;
        IF array::is_empty((SELECT VALUE id FROM user WHERE enabled = true AND roles CONTAINS $admin LIMIT 1)) {
            THROW $last_admin;
        };
    };
";

/// The bindings that [`KEEP_AN_ADMIN`] and its neighbours need.
fn change(id: &str, now: DateTime<Utc>) -> Variables {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(id));
    bindings.insert("now", now);
    bindings.insert("admin", ADMIN.to_owned());
    bindings.insert("nonce", fresh_era());
    bindings.insert("era", fresh_era());
    bindings.insert("not_found", NOT_FOUND.to_owned());
    bindings.insert("last_admin", LAST_ADMIN.to_owned());
    bindings
}

/// A word that no session has been given yet.
pub(super) fn fresh_era() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

pub(super) async fn create_user(store: &Store, stored: &StoredUser) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(&stored.user.id));
    bindings.insert("email", RecordId::new("email", stored.user.email.as_str()));
    bindings.insert("content", UserRecord::from(stored));
    let statement = "{
        CREATE $user CONTENT $content RETURN NONE;
        CREATE $email SET user = $user RETURN NONE;
    }";
    store.run(statement, bindings).await?;
    Ok(())
}

pub(super) async fn find_user(store: &Store, id: &str) -> Result<Option<StoredUser>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(id));
    let record: Option<UserRecord> = store.run("SELECT * FROM ONLY $user", bindings).await?.take()?;
    Ok(record.map(StoredUser::from))
}

pub(super) async fn email_is_taken(store: &Store, email: &str) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("email", RecordId::new("email", email));
    let found: Option<RecordId> = store.run("SELECT VALUE id FROM ONLY $email", bindings).await?.take()?;
    Ok(found.is_some())
}

pub(super) async fn has_admin(store: &Store) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("admin", ADMIN.to_owned());
    let statement = "SELECT VALUE id FROM user WHERE roles CONTAINS $admin LIMIT 1";
    let found: Vec<RecordId> = store.run(statement, bindings).await?.take()?;
    Ok(!found.is_empty())
}

/// The account as it is now, and how many sessions ended.
pub(super) async fn set_enabled(
    store: &Store,
    id: &str,
    enabled: bool,
    now: DateTime<Utc>,
) -> Result<(StoredUser, u64), Error> {
    let mut bindings = change(id, now);
    bindings.insert("enabled", enabled);
    let statement = format!(
        "{{
        LET $before = (SELECT * FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        LET $same = $before.enabled = $enabled;
        LET $ended = IF $enabled {{ [] }} ELSE {{ (DELETE session WHERE user = $user RETURN BEFORE) }};
        LET $after = (UPDATE ONLY $user SET
            enabled = $enabled,
            era = IF $enabled {{ $before.era }} ELSE {{ $era }},
            updated_at = IF $same {{ $before.updated_at }} ELSE {{ $now }});
        {KEEP_AN_ADMIN}
        RETURN {{ user: $after, ended: array::len($ended) }};
    }}"
    );
    let toggled: Toggled = store.run(&statement, bindings).await?.take()?;
    Ok((toggled.user.into(), toggled.ended.unsigned_abs()))
}

pub(super) async fn set_roles(
    store: &Store,
    id: &str,
    roles: &[String],
    now: DateTime<Utc>,
) -> Result<StoredUser, Error> {
    let mut bindings = change(id, now);
    bindings.insert("roles", roles.to_vec());
    let statement = format!(
        "{{
        LET $before = (SELECT * FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        LET $same = $before.roles = $roles;
        LET $after = (UPDATE ONLY $user SET
            roles = $roles,
            updated_at = IF $same {{ $before.updated_at }} ELSE {{ $now }});
        {KEEP_AN_ADMIN}
        RETURN $after;
    }}"
    );
    let record: UserRecord = store.run(&statement, bindings).await?.take()?;
    Ok(record.into())
}

pub(super) async fn remove_user(store: &Store, id: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let statement = format!(
        "{{
        LET $before = (SELECT * FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        LET $after = NONE;
        DELETE email WHERE user = $user RETURN NONE;
        DELETE session WHERE user = $user RETURN NONE;
        DELETE $user RETURN NONE;
        {KEEP_AN_ADMIN}
    }}"
    );
    store.run(&statement, change(id, now)).await?;
    Ok(())
}

/// Puts a hash with today's parameters in the place of an older one of the same password.
pub(super) async fn renew_password(store: &Store, id: &str, old: &str, new: &str) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(id));
    bindings.insert("old", old.to_owned());
    bindings.insert("new", new.to_owned());
    let statement = "UPDATE $user SET password = $new WHERE password = $old RETURN NONE";
    store.run(statement, bindings).await?;
    Ok(())
}

/// Accounts in the order of their ids, those after `after` only.
pub(super) async fn list_users(
    store: &Store,
    after: Option<&str>,
    limit: usize,
    filter: &UserFilter,
) -> Result<Vec<User>, Error> {
    let (condition, mut bindings) = condition(filter);
    bindings.insert("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    bindings.insert("after", user_id(after.unwrap_or_default()));
    let statement = format!("SELECT * FROM user WHERE id > $after AND {condition} ORDER BY id LIMIT $limit");
    let records: Vec<UserRecord> = store.run(&statement, bindings).await?.take()?;
    Ok(records
        .into_iter()
        .map(|record| StoredUser::from(record).user)
        .collect())
}

pub(super) async fn count_users(store: &Store, filter: &UserFilter) -> Result<u64, Error> {
    let (condition, bindings) = condition(filter);
    let statement = format!("SELECT VALUE count() FROM user WHERE {condition} GROUP ALL");
    let counts: Vec<i64> = store.run(&statement, bindings).await?.take()?;
    Ok(counts.first().map_or(0, |count| count.unsigned_abs()))
}

fn condition(filter: &UserFilter) -> (String, Variables) {
    let mut parts = vec!["true"];
    let mut bindings = Variables::new();
    if let Some(text) = &filter.text {
        parts.push("(string::contains(record::id(id), $text) OR string::contains(email, $text))");
        bindings.insert("text", super::user::fold(text));
    }
    if let Some(enabled) = filter.enabled {
        parts.push("enabled = $enabled");
        bindings.insert("enabled", enabled);
    }
    if let Some(role) = &filter.role {
        parts.push("roles CONTAINS $role");
        bindings.insert("role", role.clone());
    }
    (parts.join(" AND "), bindings)
}

/// Stores a new session if the account still is what it was when the password was checked, and clears away the
/// account's expired ones. False if it is not.
pub(super) async fn create_session(store: &Store, id: &str, session: &StoredSession) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("family", session_id(id));
    bindings.insert("user", user_id(&session.user));
    bindings.insert("era", session.era.clone());
    bindings.insert("now", session.created_at);
    bindings.insert("era_over", ERA_OVER.to_owned());
    bindings.insert(
        "content",
        SessionRecord {
            id: session_id(id),
            user: user_id(&session.user),
            era: session.era.clone(),
            current: session.current.clone().into(),
            previous: None,
            successor: None,
            rotated_at: None,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            idle_until: session.idle_until,
            ends_at: session.ends_at,
            user_agent: session.user_agent.clone(),
            address: session.address.clone(),
        },
    );
    let statement = "{
        LET $owner = (SELECT enabled, era FROM ONLY $user);
        IF $owner IS NONE OR !$owner.enabled OR $owner.era != $era { THROW $era_over };
        DELETE session WHERE user = $user AND idle_until <= $now RETURN NONE;
        CREATE $family CONTENT $content RETURN NONE;
    }";
    match store.run(statement, bindings).await {
        Ok(_) => Ok(true),
        Err(store::Error::Refused(word)) if word == ERA_OVER => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn find_session(store: &Store, id: &str) -> Result<Option<StoredSession>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("family", session_id(id));
    let record: Option<SessionRecord> = store.run("SELECT * FROM ONLY $family", bindings).await?.take()?;
    Ok(record.map(StoredSession::from))
}

/// What a rotation writes.
pub(super) struct Rotation<'a> {
    pub(super) presented: Vec<u8>,
    pub(super) next: Vec<u8>,
    pub(super) sealed: &'a [u8],
    pub(super) now: DateTime<Utc>,
    pub(super) idle_until: DateTime<Utc>,
}

/// Puts the next token in the place of the presented one. False if that is no longer the current one.
pub(super) async fn rotate(store: &Store, id: &str, rotation: Rotation<'_>) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("family", session_id(id));
    bindings.insert("presented", Bytes::from(rotation.presented));
    bindings.insert("next", Bytes::from(rotation.next));
    bindings.insert("sealed", Bytes::from(rotation.sealed.to_vec()));
    bindings.insert("now", rotation.now);
    bindings.insert("idle_until", rotation.idle_until);
    let statement = "UPDATE $family SET
        previous = $presented, current = $next, successor = $sealed,
        rotated_at = $now, last_seen_at = $now, idle_until = $idle_until
        WHERE current = $presented RETURN VALUE id";
    let rotated: Vec<RecordId> = store.run(statement, bindings).await?.take()?;
    Ok(!rotated.is_empty())
}

/// Ends one session; false if there is none.
pub(super) async fn end_session(store: &Store, id: &str) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("family", session_id(id));
    let ended: Vec<SessionRecord> = store.run("DELETE $family RETURN BEFORE", bindings).await?.take()?;
    Ok(!ended.is_empty())
}

/// Ends every session of the account, those that are being made at this moment included; says how many there were.
pub(super) async fn end_sessions(store: &Store, user: &str) -> Result<u64, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(user));
    bindings.insert("era", fresh_era());
    let statement = "{
        LET $ended = (DELETE session WHERE user = $user RETURN BEFORE);
        UPDATE $user SET era = $era RETURN NONE;
        RETURN array::len($ended);
    }";
    let ended: i64 = store.run(statement, bindings).await?.take()?;
    Ok(ended.unsigned_abs())
}

fn user_id(id: &str) -> RecordId {
    RecordId::new("user", id)
}

fn session_id(id: &str) -> RecordId {
    RecordId::new("session", id)
}

/// The key of a record; all of ours are texts.
fn key(id: RecordId) -> String {
    match id.key {
        RecordIdKey::String(text) => text,
        other => format!("{other:?}"),
    }
}
