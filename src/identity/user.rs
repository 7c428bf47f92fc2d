//! Accounts.

pub(super) mod email;
pub(super) mod fold;
pub(super) mod order;
pub(super) mod skeleton;
pub(super) mod username;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// An account, without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The normalized username, or `~` and a hash for an account of an identity provider. It never changes.
    pub id: Arc<str>,
    /// The username as typed, or as given by the identity provider.
    pub username: String,
    /// The normalized e-mail address; empty for an account of an identity provider.
    pub email: String,
    /// The names of the roles, sorted; empty for an account of an identity provider, whose tokens have the roles.
    pub roles: Arc<[String]>,
    /// Whether the account is enabled.
    pub enabled: bool,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time of the last change by an administrator or the owner.
    pub updated_at: DateTime<Utc>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address is personal data, and Debug output ends up in logs.
        f.debug_struct("User")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

/// A filter for accounts.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// A substring of the username or e-mail address, case-insensitive.
    pub text: Option<String>,
    /// Whether the account is enabled.
    pub enabled: Option<bool>,
    /// The name of a role.
    pub role: Option<String>,
}

/// The data of a new account.
#[derive(Debug)]
pub struct NewUser {
    /// The username.
    pub username: String,
    /// The e-mail address.
    pub email: SecretString,
    /// The password.
    pub password: SecretString,
}

#[cfg(test)]
mod tests {
    //! The output for logs only. Names and addresses are tested in `username`, `email` and `skeleton`.

    use super::*;

    #[test]
    fn debug_output_shows_no_address() {
        let user = User {
            id: "ann".into(),
            username: "Ann".to_owned(),
            email: "ann@example.org".to_owned(),
            roles: Arc::from([]),
            enabled: true,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        assert!(!format!("{user:?}").contains("example"));
    }
}
