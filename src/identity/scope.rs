//! The scope of a token (RFC 6749, 3.3): names of permissions, to which the token is limited whatever the roles of its
//! account allow.
//!
//! A scope can only narrow. It is fixed when a session begins and lasts through every refresh, so permissions that the
//! account gains later do not extend it. Like an API key, a token with a scope cannot manage its account.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::Error;
use crate::access::{Permission, Permissions};

/// A scope as a claim: the names of the permissions, separated by spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope(pub(super) Permissions);

/// The scope that a client asks for.
///
/// # Errors
/// [`Error::InvalidScope`] if a name is not that of a permission. The names are separated by single spaces.
pub(super) fn parse(text: &str) -> Result<Permissions, Error> {
    let names = text.split(' ').map(str::parse::<Permission>);
    let permissions: Vec<Permission> = names.collect::<Result<_, _>>().map_err(|_| Error::InvalidScope)?;
    Ok(Permissions::of(&permissions))
}

/// The part of the scope asked for that may be granted.
///
/// # Errors
/// [`Error::InvalidScope`] if it is empty: such a token would be of no use.
pub(super) fn granted(asked: Option<Permissions>, available: Permissions) -> Result<Option<Permissions>, Error> {
    match asked.map(|asked| asked.intersection(available)) {
        Some(Permissions::NONE) => Err(Error::InvalidScope),
        granted => Ok(granted),
    }
}

/// The names of the permissions, separated by spaces.
pub(super) fn text(permissions: Permissions) -> String {
    let names: Vec<&str> = permissions.iter().map(Permission::name).collect();
    names.join(" ")
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(self.0))
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;
    use strum::VariantArray as _;

    use super::*;

    proptest! {
        #[test]
        fn a_scope_never_widens(
            asked in subsequence(Permission::VARIANTS, 1..=Permission::VARIANTS.len()).prop_shuffle(),
            available in subsequence(Permission::VARIANTS, 0..=Permission::VARIANTS.len()),
        ) {
            let names: Vec<&str> = asked.iter().map(|permission| permission.name()).collect();
            let scope = parse(&names.join(" ")).unwrap();
            prop_assert_eq!(scope, Permissions::of(&asked));
            prop_assert_eq!(parse(&text(scope)).unwrap(), scope);
            let available = Permissions::of(&available);
            match granted(Some(scope), available) {
                Ok(Some(granted)) => {
                    prop_assert_eq!(granted, scope.intersection(available));
                    prop_assert_ne!(granted, Permissions::NONE);
                }
                Ok(None) => prop_assert!(false, "a scope was asked for"),
                Err(error) => {
                    prop_assert!(matches!(error, Error::InvalidScope));
                    prop_assert_eq!(scope.intersection(available), Permissions::NONE);
                }
            }
        }

        #[test]
        fn a_text_with_another_name_is_refused(other in "[!-~]{0,12}", position in 0..3_usize) {
            prop_assume!(other.parse::<Permission>().is_err());
            let mut names = vec!["PREDICT", "READ_JOBS"];
            names.insert(position, &other);
            prop_assert!(matches!(parse(&names.join(" ")), Err(Error::InvalidScope)));
        }
    }

    #[test]
    fn without_a_scope_nothing_is_limited() {
        assert_eq!(granted(None, Permissions::NONE).unwrap(), None);
        assert_eq!(granted(None, Permissions::ALL).unwrap(), None);
    }
}
