//! What errors and printed settings show of secrets.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::*;
use crate::store::Location;

#[test]
fn a_file_that_is_not_toml_is_refused_without_quoting_it() {
    for text in [
        "\ndatabase = \"ws://ann:hidden@db",
        "\ndatabase = ws://ann:hidden@db",
        "\ndatabase = \"ws://db\" hidden",
    ] {
        let error = from_file(text).unwrap_err();
        assert!(error.contains(": line 2: ") && !error.contains("hidden"), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Percent-encoded or not, in valid and in invalid URLs.
    #[test]
    fn the_password_of_the_database_is_never_shown(
        before in r"([a-z]|[/@?#:%\\ \[\]&=]|://|\n){0,6}",
        after in r"([a-z]|[/@?#:%\\ \[\]&=]|://|\n){0,6}",
        encode: bool,
        form in 0_usize..6,
    ) {
        let password = match encode {
            true => format!("{}Sw0rdfish{}", encoded(&before), encoded(&after)),
            false => format!("{before}Sw0rdfish{after}"),
        };
        let url = [
            format!("ws://ann:{password}@db:80/ns/db"),
            format!("ws://ann:{password}@db"),
            // A `:` would make the first part the name of a user, which is shown.
            format!("wss://{}@db/ns/db", password.replace(':', "%3A")),
            format!("ws:/ann:{password}@db/ns/db"),
            format!("ann:{password}@db/ns/db"),
            format!("postgres://ann:{password}@db/ns"),
        ][form].clone();
        let config = Config { store: Store { database: Some(url.as_str().into()), ..Store::default() }, ..Config::default() };
        let shown = [config.masked_toml().unwrap(), format!("{config:?}")];
        let file = format!("database = {}", toml::Value::from(url.as_str()));
        let loaded = match from_file(&file) {
            Ok(config) => {
                let printed = config.masked_toml().unwrap();
                prop_assert!(from_file(&printed).is_ok(), "{}", printed);
                [printed, format!("{config:?}")]
            }
            Err(error) => {
                prop_assert_eq!(error.lines().count(), 1);
                [error.clone(), format!("{error:?}")]
            }
        };
        let opened = match url.parse::<Location>() {
            Ok(location) => [location.to_string(), format!("{location:?}")],
            Err(error) => [error.to_string(), format!("{error:?}")],
        };
        for text in shown.iter().chain(&loaded).chain(&opened) {
            prop_assert!(!text.contains("Sw0rdfish"), "{}", text);
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
