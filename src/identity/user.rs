//! Accounts, and the rules for usernames and e-mail addresses.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use unicode_normalization::UnicodeNormalization;

use super::error::Error;

const USERNAME_CHARS: std::ops::RangeInclusive<usize> = 2..=64;
/// RFC 5321: 64 octets before the `@`, 254 in total.
const EMAIL_LOCAL_BYTES: usize = 64;
const EMAIL_BYTES: usize = 254;

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

/// A valid name: `id` is unique, `shown` is the spelling of the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Username {
    pub(super) id: String,
    pub(super) shown: String,
}

/// Validates and normalizes a username: NFKC, then case folding (Unicode's `toNFKC_Casefold`, UAX 31).
pub(super) fn username(text: &str) -> Result<Username, Error> {
    let refuse = |message: &str| Error::InvalidInput {
        path: "username",
        message: message.to_owned(),
    };
    let length = || refuse("must be 2 to 64 characters long");
    // Normalization makes no character of a valid name longer than 4 bytes, so longer texts are rejected first.
    if text.len() > 4 * USERNAME_CHARS.end() {
        return Err(length());
    }
    let shown: String = text.nfkc().collect();
    if !shown.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
        return Err(refuse("may hold only letters, digits, '.', '_' and '-'"));
    }
    if !shown.starts_with(char::is_alphanumeric) || !shown.ends_with(char::is_alphanumeric) {
        return Err(if shown.is_empty() {
            length()
        } else {
            refuse("must begin and end with a letter or a digit")
        });
    }
    if !USERNAME_CHARS.contains(&shown.chars().count()) {
        return Err(length());
    }
    if mixes_lookalike_scripts(&shown) {
        return Err(refuse("must not mix Latin, Greek and Cyrillic letters"));
    }
    Ok(Username {
        id: fold(&shown),
        shown,
    })
}

/// Validates and normalizes an e-mail address. Only a message can show whether it exists. The whole address is
/// case-folded, because no provider in use distinguishes local parts by case.
pub(super) fn email(text: &str) -> Result<String, Error> {
    let refuse = || Error::InvalidInput {
        path: "email",
        message: "must be an address like name@example.org of at most 254 bytes".to_owned(),
    };
    if text.len() > EMAIL_BYTES {
        return Err(refuse());
    }
    let address = fold(text.trim());
    let (local, domain) = address.split_once('@').ok_or_else(refuse)?;
    let local_fits = !local.is_empty()
        && local.len() <= EMAIL_LOCAL_BYTES
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if local_fits && domain.split('.').all(label_fits) && address.len() <= EMAIL_BYTES {
        Ok(address)
    } else {
        Err(refuse())
    }
}

/// Unicode's `toNFKC_Casefold`, except for the rare characters that it removes, which validation rejects.
pub(super) fn fold(text: &str) -> String {
    let normal: String = text.nfkc().collect();
    caseless::default_case_fold_str(&normal).nfkc().collect()
}

/// Latin, Greek and Cyrillic share letters that look alike, so a name that mixes them may impersonate another.
fn mixes_lookalike_scripts(name: &str) -> bool {
    let script = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(0),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(1),
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}' => Some(2),
        _ => None,
    };
    let mut scripts = name.chars().filter_map(script);
    match scripts.next() {
        Some(first) => scripts.any(|other| other != first),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    //! Names and addresses only; `tests/it` shows that they are unique in the store.

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        for (typed, id) in [
            ("Ann", "ann"),
            ("ＡＮＮ", "ann"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("σίσυφος", "σίσυφοσ"),
            ("Jose\u{301}", "josé"),
            ("x_1.y-2", "x_1.y-2"),
        ] {
            assert_eq!(username(typed).unwrap().id, id, "{typed}");
        }
        assert_eq!(username("Ann").unwrap().shown, "Ann");
    }

    #[test]
    fn names_that_cannot_be_are_refused_with_a_reason() {
        for typed in [
            "",
            "a",
            "a b",
            "a\0b",
            "ann\n",
            ".ann",
            "ann-",
            "a@b",
            "аdmin", // the first letter is Cyrillic
            "a\u{202e}b",
            "a\u{200b}b",
            &"a".repeat(65),
            &"é".repeat(1 << 20),
        ] {
            match username(typed) {
                Err(Error::InvalidInput { path, message }) => {
                    assert_eq!(path, "username");
                    assert!(message.starts_with("m"), "{message}");
                }
                other => panic!("{typed:.20}: {other:?}"),
            }
        }
    }

    #[test]
    fn addresses_are_normalised_and_checked() {
        assert_eq!(email(" Ann.Lee+x@Example.ORG ").unwrap(), "ann.lee+x@example.org");
        assert_eq!(email("root@localhost").unwrap(), "root@localhost");
        assert_eq!(email("用户@例子.公司").unwrap(), "用户@例子.公司");
        for text in [
            "",
            "ann",
            "@b",
            "a@",
            "a@b@c",
            "a b@c.de",
            "a@b..c",
            "a@-b.c",
            ".a@b.c",
            "a..b@c.d",
            "a\0@b.c",
            "a@b.c\r\nBcc: x@y.z",
            &format!("{}@b.c", "a".repeat(65)),
            &format!("a@{}.c", "b".repeat(64)),
            &"a@b.".repeat(1 << 18),
        ] {
            assert!(email(text).is_err(), "{text:.20}");
        }
    }

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

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,70}") {
            if let Ok(name) = username(&text) {
                let again = username(&name.id).map(|again| again.id);
                prop_assert_eq!(again.ok(), Some(name.id));
            }
            if let Ok(address) = email(&text) {
                prop_assert_eq!(email(&address).ok(), Some(address));
            }
        }
    }
}
