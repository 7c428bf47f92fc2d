//! Database statements of the identity domain: accounts, sessions, roles and API keys.

mod api_keys;
mod hashed_ids;
mod known_networks;
mod names;
mod password_failures;
mod roles;
mod sessions;
mod signing_key;
mod user_list;
mod users;

use surrealdb::types::RecordId;

use super::error::{Error, ObjectKind};
use crate::store;

pub(super) use self::api_keys::*;
pub use self::hashed_ids::hash_record_ids;
pub(super) use self::known_networks::{is_known_network, list_known_networks};
pub(super) use self::names::{claim_names, username_is_taken};
pub(super) use self::password_failures::*;
pub(super) use self::roles::{list_roles, put_role, remove_role};
pub(super) use self::sessions::*;
pub(super) use self::signing_key::{newest_signing_key, replace_newest_signing_key, set_newest_signing_key};
pub(super) use self::user_list::{UserChanges, existing_users, user_changes, user_list_version, users_after};
pub(super) use self::users::*;

const USER_NOT_FOUND: &str = "user not found";
const ROLE_NOT_FOUND: &str = "role not found";
const KEY_NOT_FOUND: &str = "key not found";
const LAST_ADMIN: &str = "last admin";
const NOT_A_ROLE: &str = "not a role";
const EMAIL_TAKEN: &str = "e-mail taken";

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Exists(table) if table == "user" || table == "name_skeleton" => Self::UsernameTaken,
            store::Error::Exists(table) if table == "email" => Self::EmailTaken,
            store::Error::Refused(word) if word == EMAIL_TAKEN => Self::EmailTaken,
            store::Error::Refused(word) if word == USER_NOT_FOUND => Self::NotFound(ObjectKind::User),
            store::Error::Refused(word) if word == ROLE_NOT_FOUND => Self::NotFound(ObjectKind::Role),
            store::Error::Refused(word) if word == KEY_NOT_FOUND => Self::NotFound(ObjectKind::ApiKey),
            store::Error::Refused(word) if word == LAST_ADMIN => Self::LastAdmin,
            store::Error::Refused(word) if word == NOT_A_ROLE => Self::InvalidInput {
                path: "roles",
                message: "a role in the list no longer exists; give only existing roles".to_owned(),
            },
            other => Self::Store(other),
        }
    }
}

/// Returns a random id (UUID version 4).
pub(super) fn random_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

fn user_id(id: &str) -> RecordId {
    RecordId::new("user", id)
}

fn session_id(id: &str) -> RecordId {
    RecordId::new("session", id)
}
