//! Session records, with refresh token hashes.

use chrono::{DateTime, TimeDelta, Utc};
use surrealdb::types::{Bytes, RecordId, SurrealValue, Variables};

use super::hashed_ids::known_network_ids;
use super::user_list::NEXT_VERSION;
use super::{random_id, session_id, user_id};
use crate::access::{Permission, Permissions};
use crate::audit::{APPEND, Stamped};
use crate::identity::error::Error;
use crate::identity::session::{OpenSession, StoredSession};
use crate::store::{self, Column, FieldCipher, Store, record_key};

const ERA_OVER: &str = "era over";
/// Selects the sessions of an account except the `$most` most recently used.
const SURPLUS: &str = "SELECT id, idle_until FROM session WHERE user = $user
    ORDER BY last_seen_at DESC LIMIT $limit START $most";
/// Selects expired sessions.
const EXPIRED: &str = "SELECT VALUE id FROM session WHERE idle_until <= $now LIMIT $limit";
/// The condition for an unexpired session of an account. A session with an earlier epoch was ended by disabling it.
const OPEN: &str = "user = $user AND idle_until > $now AND era = $user.era";
/// The time for which a network stays known after a login from it.
const KNOWN_NETWORK_TTL: TimeDelta = TimeDelta::days(90);

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
    scope: Option<Vec<String>>,
}

#[derive(SurrealValue)]
struct Surplus {
    id: RecordId,
    idle_until: DateTime<Utc>,
}

impl SessionRecord {
    fn open(self, cipher: &FieldCipher) -> Result<StoredSession, store::Error> {
        let id = record_key(self.id);
        Ok(StoredSession {
            user: record_key(self.user),
            session_epoch: self.era,
            current: self.current.to_vec(),
            previous: self.previous.map(|bytes| bytes.to_vec()),
            successor: self.successor.map(|bytes| bytes.to_vec()),
            rotated_at: self.rotated_at,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
            idle_until: self.idle_until,
            ends_at: self.ends_at,
            user_agent: cipher.open_option(Column::SessionUserAgent, &id, self.user_agent)?,
            address: cipher.open_option(Column::SessionAddress, &id, self.address)?,
            scope: self.scope.map(|names| scope(&names)),
        })
    }

    fn open_listed(self, cipher: &FieldCipher) -> Result<OpenSession, store::Error> {
        let id = record_key(self.id.clone());
        let session = self.open(cipher)?;
        Ok(OpenSession {
            id,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.idle_until,
            user_agent: session.user_agent,
            address: session.address,
        })
    }
}

/// A name that is not a permission grants nothing, as after a downgrade.
fn scope(names: &[String]) -> Permissions {
    let known: Vec<Permission> = names.iter().filter_map(|name| name.parse().ok()).collect();
    Permissions::of(&known)
}

/// Stores a new session and records its network as known. Returns false if the account was disabled or its session
/// epoch has changed since the password was checked.
pub(in crate::identity) async fn create_session(
    store: &Store,
    id: &str,
    session: &StoredSession,
    network: Option<&str>,
    event: &Stamped,
) -> Result<bool, Error> {
    let cipher = store.cipher();
    let mut networks = known_network_ids(store, &session.user, network.unwrap_or_default()).into_iter();
    let known_network = networks.next();
    let network_key = known_network.clone().map(record_key).unwrap_or_default();
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert(
        "network",
        cipher.seal_option(Column::KnownNetwork, &network_key, network)?,
    );
    bindings.insert("network_id", known_network);
    bindings.insert("earlier_networks", networks.collect::<Vec<_>>());
    bindings.insert("yesterday", session.created_at - TimeDelta::days(1));
    bindings.insert("long_ago", session.created_at - KNOWN_NETWORK_TTL);
    bindings.insert("family", session_id(id));
    bindings.insert("user", user_id(&session.user));
    bindings.insert("era", session.session_epoch.clone());
    bindings.insert("now", session.created_at);
    bindings.insert("era_over", ERA_OVER.to_owned());
    bindings.insert(
        "content",
        SessionRecord {
            id: session_id(id),
            user: user_id(&session.user),
            era: session.session_epoch.clone(),
            current: session.current.clone().into(),
            previous: None,
            successor: None,
            rotated_at: None,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            idle_until: session.idle_until,
            ends_at: session.ends_at,
            user_agent: cipher.seal_option(Column::SessionUserAgent, id, session.user_agent.as_deref())?,
            address: cipher.seal_option(Column::SessionAddress, id, session.address.as_deref())?,
            scope: session
                .scope
                .map(|scope| scope.iter().map(|permission| permission.name().to_owned()).collect()),
        },
    );
    let statement = format!(
        "{{
        LET $owner = (SELECT enabled, era FROM ONLY $user);
        IF $owner IS NONE OR !$owner.enabled OR $owner.era != $era {{ THROW $era_over }};
        CREATE $family CONTENT $content RETURN NONE;
        {APPEND}
        IF $network IS NOT NONE {{
            LET $last_at = (SELECT VALUE last_at FROM ONLY $network_id);
            IF $last_at IS NONE OR $last_at < $yesterday {{
                DELETE haunt WHERE user = $user AND last_at < $long_ago RETURN NONE;
                DELETE $earlier_networks RETURN NONE;
                UPSERT $network_id CONTENT {{ user: $user, network: $network, last_at: $now }} RETURN NONE;
            }};
        }};
    }}"
    );
    match store.run(&statement, bindings).await {
        Ok(_) => Ok(true),
        Err(store::Error::Refused(word)) if word == ERA_OVER => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Returns at most `limit` sessions of the account other than `kept` and the `most` most recently used, each with
/// whether it has expired. Reads at most `most + limit` index entries, independent of the number of sessions.
pub(in crate::identity) async fn list_surplus_sessions(
    store: &Store,
    user: &str,
    kept: &str,
    most: u32,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<(String, bool)>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(user));
    bindings.insert("most", i64::from(most));
    bindings.insert("limit", i64::from(limit));
    let surplus: Vec<Surplus> = store.run(SURPLUS, bindings).await?.take()?;
    Ok(surplus
        .into_iter()
        .map(|session| (record_key(session.id), session.idle_until <= now))
        .filter(|(id, _)| id != kept)
        .collect())
}

/// Removes at most `limit` expired sessions and returns their number.
pub(in crate::identity) async fn remove_expired_sessions(
    store: &Store,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<u32, Error> {
    let mut bindings = Variables::new();
    bindings.insert("now", now);
    bindings.insert("limit", i64::from(limit));
    let statement =
        format!("{{ LET $expired = ({EXPIRED}); DELETE $expired RETURN NONE; RETURN array::len($expired); }}");
    let removed: i64 = store.run(&statement, bindings).await?.take()?;
    Ok(u32::try_from(removed).unwrap_or(limit))
}

pub(in crate::identity) async fn find_session(store: &Store, id: &str) -> Result<Option<StoredSession>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("family", session_id(id));
    let record: Option<SessionRecord> = store.run("SELECT * FROM ONLY $family", bindings).await?.take()?;
    Ok(record.map(|record| record.open(store.cipher())).transpose()?)
}

/// The values that a rotation writes.
pub(in crate::identity) struct Rotation<'a> {
    pub(in crate::identity) presented: Vec<u8>,
    pub(in crate::identity) next: Vec<u8>,
    pub(in crate::identity) sealed: &'a [u8],
    pub(in crate::identity) now: DateTime<Utc>,
    pub(in crate::identity) idle_until: DateTime<Utc>,
}

/// Replaces the presented refresh token with the next one. Returns false if the presented token is not the current one.
pub(in crate::identity) async fn rotate(store: &Store, id: &str, rotation: Rotation<'_>) -> Result<bool, Error> {
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

/// Ends one session. Returns false if it does not exist.
pub(in crate::identity) async fn end_session(store: &Store, id: &str, event: &Stamped) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("family", session_id(id));
    event.bind(&mut bindings);
    let statement = format!(
        "{{
        LET $ended = (DELETE $family RETURN BEFORE);
        IF !array::is_empty($ended) {{ {APPEND} }};
        RETURN !array::is_empty($ended);
    }}"
    );
    Ok(store.run(&statement, bindings).await?.take()?)
}

/// Ends every session of the account, including those being created concurrently, and returns their number.
pub(in crate::identity) async fn end_sessions(store: &Store, user: &str, event: &Stamped) -> Result<u64, Error> {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("user", user_id(user));
    bindings.insert("era", random_id());
    let statement = format!(
        "{{
        LET $ended = (DELETE session WHERE user = $user RETURN BEFORE);
        UPDATE $user SET era = $era RETURN NONE;
        {APPEND}
        RETURN array::len($ended);
    }}"
    );
    let ended: i64 = store.run(&statement, bindings).await?.take()?;
    Ok(ended.unsigned_abs())
}

/// Returns the unexpired sessions of the account, most recently seen first.
pub(in crate::identity) async fn list_sessions(
    store: &Store,
    user: &str,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<OpenSession>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(user));
    bindings.insert("now", now);
    bindings.insert("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    let statement = format!("SELECT * FROM session WHERE {OPEN} ORDER BY last_seen_at DESC, id LIMIT $limit");
    let records: Vec<SessionRecord> = store.run(&statement, bindings).await?.take()?;
    let listed = records.into_iter().map(|record| record.open_listed(store.cipher()));
    Ok(listed.collect::<Result<_, _>>()?)
}

/// Counts the unexpired sessions of the account.
pub(in crate::identity) async fn count_sessions(store: &Store, user: &str, now: DateTime<Utc>) -> Result<u32, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(user));
    bindings.insert("now", now);
    let statement = format!("RETURN count((SELECT VALUE id FROM session WHERE {OPEN}))");
    let number: i64 = store.run(&statement, bindings).await?.take()?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The values that a change of password writes.
pub(in crate::identity) struct PasswordChange<'a> {
    /// The session that is kept.
    pub(in crate::identity) kept: &'a str,
    /// The hash that the current password was verified against.
    pub(in crate::identity) old: &'a str,
    pub(in crate::identity) new: &'a str,
    pub(in crate::identity) now: DateTime<Utc>,
    /// Whether to remove the API keys of the account.
    pub(in crate::identity) end_api_keys: bool,
}

#[derive(SurrealValue)]
struct Changed {
    sessions: i64,
    keys: Vec<RecordId>,
}

/// Replaces the password hash and ends every session except `kept`. Returns the number of sessions ended and the ids of
/// the API keys removed.
///
/// # Errors
/// [`Error::InvalidCredentials`] if the stored hash has changed since it was verified, or the account is disabled.
pub(in crate::identity) async fn change_password(
    store: &Store,
    user: &str,
    change: PasswordChange<'_>,
    event: &Stamped,
) -> Result<(u64, Vec<String>), Error> {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("end_keys", change.end_api_keys);
    bindings.insert("user", user_id(user));
    bindings.insert("kept", session_id(change.kept));
    bindings.insert("old", change.old.to_owned());
    bindings.insert("new", change.new.to_owned());
    bindings.insert("era", random_id());
    bindings.insert("now", change.now);
    bindings.insert("era_over", ERA_OVER.to_owned());
    let statement = format!(
        "{{
        {NEXT_VERSION}
        LET $changed = (UPDATE $user SET password = $new, era = $era, updated_at = $now, version = $version
            WHERE password = $old AND enabled = true RETURN VALUE id);
        IF array::is_empty($changed) {{ THROW $era_over }};
        LET $ended = (DELETE session WHERE user = $user AND id != $kept RETURN BEFORE);
        UPDATE $kept SET era = $era WHERE user = $user RETURN NONE;
        LET $keys = IF $end_keys {{ (SELECT VALUE id FROM api_key WHERE user = $user) }} ELSE {{ [] }};
        DELETE $keys RETURN NONE;
        {APPEND}
        RETURN {{ sessions: array::len($ended), keys: $keys }};
    }}"
    );
    match store.run(&statement, bindings).await {
        Ok(answer) => {
            let changed: Changed = answer.take()?;
            let keys = changed.keys.into_iter().map(record_key).collect();
            Ok((changed.sessions.unsigned_abs(), keys))
        }
        Err(store::Error::Refused(word)) if word == ERA_OVER => Err(Error::InvalidCredentials),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    //! Query plans only; the effects of the statements are tested in `identity::tests`.

    use surrealdb::types::{ToSql as _, Value};

    use super::*;

    #[tokio::test]
    async fn the_queries_of_a_login_use_an_index() {
        let store = Store::open("mem://").await.unwrap();
        let mut bindings = Variables::new();
        bindings.insert("user", user_id("ann"));
        bindings.insert("now", DateTime::<Utc>::UNIX_EPOCH);
        bindings.insert("most", 100);
        bindings.insert("limit", 10);
        for (statement, index) in [(SURPLUS, "session_user_last_seen"), (EXPIRED, "session_idle_until")] {
            let explain = format!("EXPLAIN {statement}");
            let plan: Value = store.run(&explain, bindings.clone()).await.unwrap().take().unwrap();
            let plan = plan.to_sql();
            assert!(
                plan.contains(index) && !plan.contains("TableScan") && !plan.contains("Sort"),
                "{plan}"
            );
        }
    }
}
