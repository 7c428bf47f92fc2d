//! A database URL whose password is never printed.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

const MASK: &str = "***";

/// The URL of a database. `Display`, `Debug` and `Serialize` mask its password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL with its password.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl From<&str> for DatabaseUrl {
    fn from(url: &str) -> Self {
        Self(url.to_owned())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask_password(&self.0))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The URL, in one line, without its password.
///
/// A URL may be mistyped, so nothing relies on its having been parsed: the text before the last `@` is masked whole unless
/// it can only be `USER:PASSWORD`, and without an `@` everything that does not parse as a host and a port is masked.
#[must_use]
pub fn mask_password(url: &str) -> String {
    let url: String = url.chars().filter(|char| !char.is_control()).collect();
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            (format!("{scheme}://"), rest)
        }
        _ => (String::new(), url.as_str()),
    };
    if scheme == "surrealkv://" && (rest.starts_with(['/', '.']) || !rest.contains(':')) {
        // A path, which has no password. A home folder may well be called `ann@example.org`.
        return url;
    }
    match rest.rsplit_once('@') {
        Some((user_info, host)) => {
            let user = match user_info.split_once(':') {
                // A `/`, `?` or `#` would end the authority: what precedes it need not be the user (RFC 3986, 3.2).
                // Before an empty password the user may be a token.
                Some((user, password))
                    if !password.is_empty() && !user.contains('@') && !user_info.contains(['/', '\\', '?', '#']) =>
                {
                    user
                }
                _ => MASK,
            };
            format!("{scheme}{user}:{MASK}@{}", without_query(host))
        }
        None if !rest.contains(':') => scheme + &without_query(rest),
        None if !scheme.is_empty() && !rest.contains('\\') && Url::parse(&url).is_ok() => scheme + &without_query(rest),
        None => scheme + MASK,
    }
}

/// The text with the values of its query masked: some databases take a password there.
fn without_query(text: &str) -> String {
    match text.find(['?', '#']) {
        Some(at) => format!("{}{MASK}", &text[..=at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    //! Tests of the masker alone. `config::tests` and `tests/it` test what prints a URL.

    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_password_is_masked_and_the_rest_is_kept() {
        for (url, masked) in [
            ("ws://ann:secret@db:80/ns/db", "ws://ann:***@db:80/ns/db"),
            ("ws://ann:se/cret@db:80/ns/db", "ws://***:***@db:80/ns/db"),
            ("ws://ann:se@cret@db:80/ns/db", "ws://ann:***@db:80/ns/db"),
            ("ws://se@cret:x@db:80/ns/db", "ws://***:***@db:80/ns/db"),
            ("ws://secret@db:80/ns/db", "ws://***:***@db:80/ns/db"),
            ("ws://secret:@db:80/ns/db", "ws://***:***@db:80/ns/db"),
            ("ws://ann:secret@db/n@s", "ws://***:***@s"),
            ("ws://ann:secret", "ws://***"),
            ("ws://ann:secret/ns/db", "ws://***"),
            ("ws:/ann:secret@db", "***:***@db"),
            ("ann:sec://ret@db", "***:***@db"),
            ("ann:secret", "***"),
            ("ws://db/ns/db?password=secret", "ws://db/ns/db?***"),
            ("ws://db:8000/ns/db", "ws://db:8000/ns/db"),
            ("ws://[::1]:8000/ns/db", "ws://[::1]:8000/ns/db"),
            ("mem://", "mem://"),
            ("data/db", "data/db"),
            ("surrealkv://data/db?sync=1s", "surrealkv://data/db?sync=1s"),
            (
                "surrealkv:///home/ann@example.org/a:b@c?sync=1s",
                "surrealkv:///home/ann@example.org/a:b@c?sync=1s",
            ),
            ("surrealkv://ann@example.org/db", "surrealkv://ann@example.org/db"),
            ("surrealkv://ann:secret@db", "surrealkv://ann:***@db"),
        ] {
            assert_eq!(mask_password(url), masked, "{url}");
        }
        assert_eq!(
            format!("{:?}", DatabaseUrl::from("ws://a:secret@b")),
            "DatabaseUrl(ws://a:***@b)"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn nothing_that_is_shown_depends_on_the_password(
            password in r"([a-z]|[/@?#:%\\ \[\]&=.*]|://|\PC|\n){0,16}",
            encode: bool,
        ) {
            let password = match encode {
                true => utf8_percent_encode(&password, NON_ALPHANUMERIC).to_string(),
                false => password,
            };
            let masked = mask_password(&format!("wss://ann:{password}@db:80/ns/db"));
            let expected = ["wss://ann:***@db:80/ns/db", "wss://***:***@db:80/ns/db"];
            prop_assert!(expected.contains(&masked.as_str()), "{}", masked);
            prop_assert!(!encode || password.is_empty() || masked == expected[0], "{}", masked);
        }
    }
}
