//! Identity: accounts, passwords, tokens and sessions.
//!
//! `app` builds one [`Accounts`]. The GraphQL mutations, the OAuth endpoint and the command line call it, and every
//! request is authenticated by it. Permissions are decided in [`crate::access`], not here.

mod accounts;
mod api_key;
mod error;
mod foreign_issuer;
mod key;
mod keyring;
mod numeric_date;
mod own_session;
mod password;
mod records;
mod refresh_token;
mod registration_limit;
mod role;
mod scope;
mod session;
mod settings;
mod signing_key;
mod state_cache;
mod throttle;
mod token;
mod user;
mod user_list;

#[cfg(test)]
mod tests;

pub use self::accounts::account_access::AccountAccess;
pub use self::accounts::authentication::Changes;
pub use self::accounts::introspection::{ActiveToken, Revocation};
pub use self::accounts::profile::PasswordChanged;
pub use self::accounts::registration::FirstAdmin;
pub use self::accounts::{Accounts, PasswordSet, SetupError, ToggledUser};
pub use self::api_key::{ApiKey, ClientToken, NewApiKey};
pub use self::error::{Error, ObjectKind};
pub use self::foreign_issuer::{ForeignAlgorithm, ForeignIssuer};
pub use self::key::{Algorithm, KeyError};
pub use self::keyring::KeySource;
pub use self::own_session::watch;
pub use self::password::Cost;
pub use self::records::hash_record_ids;
pub use self::registration_limit::RegistrationRate;
pub use self::role::Role;
pub use self::session::{Credential, Grant, OpenSession, Origin, Session, SessionEnd, Tokens};
pub use self::settings::{CacheCapacities, Registration, Settings};
pub use self::signing_key::{SigningKeyError, confirm_signing_key, replace_signing_key};
pub use self::throttle::Throttling;
pub(crate) use self::throttle::network;
pub use self::user::order::{UserOrder, UserOrderField, UserPosition};
pub use self::user::{NewUser, User, UserFilter};
pub use self::user_list::page::Page;
