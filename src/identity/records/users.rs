//! Account records.

use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, SurrealValue, Variables};

use super::hashed_ids::email_ids;
use super::names::{FREE_SKELETONS, skeleton_ids};
use super::roles::made_roles;
use super::user_list::{LIST_REMOVAL, NEXT_VERSION};
use super::{EMAIL_TAKEN, LAST_ADMIN, NOT_A_ROLE, USER_NOT_FOUND, random_id, user_id};
use crate::access::ADMIN;
use crate::audit::{APPEND, Stamped};
use crate::identity::error::Error;
use crate::identity::user::User;
use crate::store::{self, Column, FieldCipher, Store, record_key};

/// An account with the fields that are private to this domain.
#[derive(Clone)]
pub(in crate::identity) struct StoredUser {
    pub(in crate::identity) user: User,
    pub(in crate::identity) password: Option<String>,
    pub(in crate::identity) session_epoch: String,
    /// The identity at a foreign issuer; `None` for an account with a password.
    pub(in crate::identity) foreign: Option<ForeignIdentity>,
}

/// An issuer and the subject that it identifies.
#[derive(Clone)]
pub(in crate::identity) struct ForeignIdentity {
    pub(in crate::identity) issuer: String,
    pub(in crate::identity) subject: String,
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
    issuer: Option<String>,
    subject: Option<String>,
    /// The records of the skeletons of the name; `None` for an account of a foreign issuer or of an earlier release.
    skeletons: Option<Vec<RecordId>>,
    /// The version of the list of accounts with the last change; statements set it.
    version: Option<i64>,
}

/// An account and the number of sessions that ended.
#[derive(SurrealValue)]
struct Ended {
    user: UserRecord,
    ended: i64,
}

impl UserRecord {
    fn seal(stored: &StoredUser, cipher: &FieldCipher) -> Result<Self, store::Error> {
        let id = &stored.user.id;
        let foreign = stored.foreign.as_ref();
        let subject = foreign.map(|foreign| foreign.subject.as_str());
        Ok(Self {
            id: user_id(id),
            username: stored.user.username.clone(),
            email: cipher.seal(Column::UserEmail, id, &stored.user.email)?,
            password: stored.password.clone(),
            roles: stored.user.roles.to_vec(),
            enabled: stored.user.enabled,
            era: stored.session_epoch.clone(),
            created_at: stored.user.created_at,
            updated_at: stored.user.updated_at,
            issuer: foreign.map(|foreign| foreign.issuer.clone()),
            subject: cipher.seal_option(Column::UserSubject, id, subject)?,
            skeletons: None,
            version: None,
        })
    }

    fn open(self, cipher: &FieldCipher) -> Result<StoredUser, store::Error> {
        let id = record_key(self.id);
        let email = cipher.open(Column::UserEmail, &id, self.email)?;
        let subject = cipher.open_option(Column::UserSubject, &id, self.subject)?;
        let foreign = self.issuer.zip(subject);
        Ok(StoredUser {
            user: User {
                id: id.into(),
                username: self.username,
                email,
                roles: self.roles.into(),
                enabled: self.enabled,
                created_at: self.created_at,
                updated_at: self.updated_at,
            },
            password: self.password,
            session_epoch: self.era,
            foreign: foreign.map(|(issuer, subject)| ForeignIdentity { issuer, subject }),
        })
    }
}

/// Rejects a change of an account from `$before` to `$after` that leaves no enabled administrator. Such changes write
/// the same `rule` row, so concurrent ones conflict.
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

/// Rejects custom roles (`$made`) that no longer exist. Writes the same `rule` row as the removal of a role, so a
/// concurrent removal conflicts.
pub(super) const ROLES_EXIST: &str = "
    IF !array::is_empty($made) {
        IF array::len((SELECT VALUE id FROM $made)) != array::len($made) { THROW $not_a_role };
        UPSERT rule:roles SET touched = $nonce RETURN NONE;
    };
";

/// Returns the bindings for a change of an account, including those of [`KEEP_AN_ADMIN`] and [`ROLES_EXIST`].
fn change(id: &str, now: DateTime<Utc>, event: &Stamped) -> Variables {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("not_a_role", NOT_A_ROLE.to_owned());
    bindings.insert("user", user_id(id));
    bindings.insert("now", now);
    bindings.insert("admin", ADMIN.to_owned());
    bindings.insert("nonce", random_id());
    bindings.insert("era", random_id());
    bindings.insert("not_found", USER_NOT_FOUND.to_owned());
    bindings.insert("last_admin", LAST_ADMIN.to_owned());
    bindings
}

/// Stores an account. The store has one record for each name, skeleton and e-mail address, so each is unique.
pub(in crate::identity) async fn create_user(
    store: &Store,
    stored: &StoredUser,
    skeletons: &[String],
    event: &Stamped,
) -> Result<(), Error> {
    let skeletons = skeleton_ids(skeletons);
    let mut bindings = change(&stored.user.id, stored.user.created_at, event);
    bindings.insert("made", made_roles(&stored.user.roles));
    let mut emails = email_ids(store, &stored.user.email).into_iter();
    bindings.insert("email", emails.next());
    bindings.insert("earlier_emails", emails.collect::<Vec<_>>());
    bindings.insert("email_taken", EMAIL_TAKEN.to_owned());
    let content = UserRecord {
        skeletons: Some(skeletons.clone()),
        ..UserRecord::seal(stored, store.cipher())?
    };
    bindings.insert("content", content);
    bindings.insert("skeletons", skeletons);
    let statement = format!(
        "{{
        {ROLES_EXIST}
        {NEXT_VERSION}
        CREATE $user CONTENT $content RETURN NONE;
        UPDATE $user SET version = $version RETURN NONE;
        FOR $skeleton IN $skeletons {{ CREATE $skeleton SET users = [$user] RETURN NONE }};
        IF !array::is_empty((SELECT VALUE id FROM $earlier_emails)) {{ THROW $email_taken }};
        CREATE $email SET user = $user RETURN NONE;
        {APPEND}
    }}"
    );
    store.run(&statement, bindings).await?;
    Ok(())
}

/// Stores an account of a foreign issuer. It has no e-mail address; its roles come from its tokens.
pub(in crate::identity) async fn create_foreign_user(
    store: &Store,
    stored: &StoredUser,
    event: &Stamped,
) -> Result<(), Error> {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("user", user_id(&stored.user.id));
    bindings.insert("content", UserRecord::seal(stored, store.cipher())?);
    let statement = format!(
        "{{
        {NEXT_VERSION}
        CREATE $user CONTENT $content RETURN NONE;
        UPDATE $user SET version = $version RETURN NONE;
        {APPEND}
    }}"
    );
    store.run(&statement, bindings).await?;
    Ok(())
}

pub(in crate::identity) async fn find_user(store: &Store, id: &str) -> Result<Option<StoredUser>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(id));
    let record: Option<UserRecord> = store.run("SELECT * FROM ONLY $user", bindings).await?.take()?;
    Ok(record.map(|record| record.open(store.cipher())).transpose()?)
}

/// Returns whether an account has one of these addresses.
pub(in crate::identity) async fn email_is_taken(store: &Store, emails: &[&str]) -> Result<bool, Error> {
    let emails: Vec<RecordId> = emails.iter().flat_map(|email| email_ids(store, email)).collect();
    let mut bindings = Variables::new();
    bindings.insert("emails", emails);
    let found: Vec<RecordId> = store.run("SELECT VALUE id FROM $emails", bindings).await?.take()?;
    Ok(!found.is_empty())
}

/// Returns whether an account has the role ADMIN. The account with the id `first` is tried before all others, because
/// they are read one after another.
pub(in crate::identity) async fn has_admin(store: &Store, first: &str) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("first", user_id(first));
    bindings.insert("admin", ADMIN.to_owned());
    let statement = "{
        LET $found = (SELECT VALUE id FROM $first WHERE roles CONTAINS $admin);
        RETURN !array::is_empty($found)
            OR !array::is_empty((SELECT VALUE id FROM user WHERE roles CONTAINS $admin LIMIT 1));
    }";
    Ok(store.scan(statement, bindings).await?.take()?)
}

/// Enables or disables an account. Returns the updated account and the number of sessions ended.
///
/// Disabling keeps the records of the sessions, without the client's name and address, until they expire: the holder of
/// a refresh token learns from them that the account is disabled. The new session epoch ends them, and enabling the
/// account deletes them.
pub(in crate::identity) async fn set_enabled(
    store: &Store,
    id: &str,
    enabled: bool,
    now: DateTime<Utc>,
    event: &Stamped,
) -> Result<(StoredUser, u64), Error> {
    let mut bindings = change(id, now, event);
    bindings.insert("enabled", enabled);
    let statement = format!(
        "{{
        LET $before = (SELECT * FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        {NEXT_VERSION}
        LET $same = $before.enabled = $enabled;
        LET $ended = IF $same {{ [] }} ELSE IF $enabled {{ (DELETE session WHERE user = $user RETURN NONE) }} ELSE {{
            (UPDATE session SET user_agent = NONE, address = NONE WHERE user = $user RETURN VALUE id)
        }};
        LET $after = (UPDATE ONLY $user SET
            enabled = $enabled,
            version = $version,
            era = IF $enabled {{ $before.era }} ELSE {{ $era }},
            updated_at = IF $same {{ $before.updated_at }} ELSE {{ $now }});
        {KEEP_AN_ADMIN}
        {APPEND}
        RETURN {{ user: $after, ended: array::len($ended) }};
    }}"
    );
    let Ended { user, ended } = store.scan(&statement, bindings).await?.take()?;
    Ok((user.open(store.cipher())?, ended.unsigned_abs()))
}

pub(in crate::identity) async fn set_roles(
    store: &Store,
    id: &str,
    roles: &[String],
    now: DateTime<Utc>,
    event: &Stamped,
) -> Result<StoredUser, Error> {
    let mut bindings = change(id, now, event);
    bindings.insert("roles", roles.to_vec());
    bindings.insert("made", made_roles(roles));
    let statement = format!(
        "{{
        LET $before = (SELECT * FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        {ROLES_EXIST}
        {NEXT_VERSION}
        LET $same = $before.roles = $roles;
        LET $after = (UPDATE ONLY $user SET
            roles = $roles,
            version = $version,
            updated_at = IF $same {{ $before.updated_at }} ELSE {{ $now }});
        {KEEP_AN_ADMIN}
        {APPEND}
        RETURN $after;
    }}"
    );
    let record: UserRecord = store.scan(&statement, bindings).await?.take()?;
    Ok(record.open(store.cipher())?)
}

pub(in crate::identity) async fn remove_user(
    store: &Store,
    id: &str,
    now: DateTime<Utc>,
    event: &Stamped,
) -> Result<(), Error> {
    let found = find_user(store, id).await?;
    let emails = found.map_or_else(Vec::new, |stored| email_ids(store, &stored.user.email));
    let mut bindings = change(id, now, event);
    bindings.insert("emails", emails);
    let statement = format!(
        "{{
        LET $before = (SELECT * FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        LET $after = NONE;
        FOR $email IN $emails {{ DELETE $email WHERE user = $user RETURN NONE }};
        {FREE_SKELETONS}
        DELETE session WHERE user = $user RETURN NONE;
        DELETE haunt WHERE user = $user RETURN NONE;
        DELETE api_key WHERE user = $user RETURN NONE;
        DELETE $user RETURN NONE;
        {NEXT_VERSION}
        {LIST_REMOVAL}
        {KEEP_AN_ADMIN}
        {APPEND}
    }}"
    );
    store.scan(&statement, bindings).await?;
    Ok(())
}

/// Sets the password and ends every session. Returns the updated account and the number of sessions ended.
pub(in crate::identity) async fn set_password(
    store: &Store,
    id: &str,
    password: &str,
    now: DateTime<Utc>,
    event: &Stamped,
) -> Result<(StoredUser, u64), Error> {
    let mut bindings = change(id, now, event);
    bindings.insert("password", password.to_owned());
    let statement = format!(
        "{{
        LET $before = (SELECT era FROM ONLY $user);
        IF $before IS NONE {{ THROW $not_found }};
        {NEXT_VERSION}
        LET $after = (UPDATE ONLY $user SET
            password = $password, era = $era, updated_at = $now, version = $version);
        LET $ended = (DELETE session WHERE user = $user RETURN BEFORE);
        {APPEND}
        RETURN {{ user: $after, ended: array::len($ended[WHERE era = $before.era]) }};
    }}"
    );
    let Ended { user, ended } = store.run(&statement, bindings).await?.take()?;
    Ok((user.open(store.cipher())?, ended.unsigned_abs()))
}

/// Replaces a password hash with one of the same password with the current parameters, unless it has changed since.
pub(in crate::identity) async fn renew_password(store: &Store, id: &str, old: &str, new: &str) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(id));
    bindings.insert("old", old.to_owned());
    bindings.insert("new", new.to_owned());
    let statement = "UPDATE $user SET password = $new WHERE password = $old RETURN NONE";
    store.run(statement, bindings).await?;
    Ok(())
}
