//! Declarations of settings sections.
//!
//! [`section!`] derives everything from one declaration: the struct and its defaults, the keys of the file, the
//! environment variables, the flags and their help, the range checks, and the section's rows in `docs/settings.md`.

use std::fmt::Write as _;

use figment::value::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ConfigError;
use super::error::shown;

/// A group of settings, declared in one file.
pub(super) trait Section: Default + Serialize + DeserializeOwned {
    /// Heading of the section in `--help` and in the documentation.
    const NAME: &str;
    /// Description of the section.
    const ABOUT: &str;
    const SETTINGS: &[Setting];

    /// Creates the error for an invalid value.
    fn refuse(key: &str, value: &str) -> ConfigError {
        let setting = Self::SETTINGS.iter().find(|setting| setting.key == key);
        ConfigError::not_allowed(key, value, &setting.map(Setting::allowed).unwrap_or_default())
    }
}

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// Key in the file. The flag is the key with dashes; the environment variable is `PORTCULLIS_` and the key in upper
    /// case.
    pub(super) key: &'static str,
    /// Description of the setting.
    pub(super) about: &'static str,
    /// Placeholder for the flag's value; `None` for tables, which have no flag.
    pub(super) flag: Option<&'static str>,
    pub(super) allowed: Allowed,
    /// Description of the behavior when the setting has no value; for settings whose default is `None`.
    pub(super) unset: Option<&'static str>,
    /// Parses the text of a flag or an environment variable.
    pub(super) parse: fn(&str) -> Value,
}

/// Allowed values of a setting.
#[derive(Debug)]
pub(super) enum Allowed {
    /// Integers from the first to the second number, inclusive.
    Range(u64, u64),
    /// A table from role names to integers in this range.
    RangeByRole(u64, u64),
    /// Values accepted by the type and by the section's own check, described as a phrase that can follow "expected".
    Words(&'static str),
}

impl Setting {
    /// Describes the allowed values as a phrase that can follow "expected".
    pub(super) fn allowed(&self) -> String {
        match self.allowed {
            Allowed::Range(least, most) => format!("{least} to {most}"),
            Allowed::RangeByRole(least, most) => format!("{least} to {most} for each role"),
            Allowed::Words(words) => words.to_owned(),
        }
    }

    /// Checks that the value is an integer in range, or a table of such integers, where the setting requires one.
    pub(super) fn check_range(&self, value: &Value) -> Result<(), ConfigError> {
        let check = |key: &str, value: &Value, least: u64, most: u64| match whole_number(value) {
            Some(number) if (least..=most).contains(&number) => Ok(()),
            _ => Err(ConfigError::not_allowed(
                key,
                &shown(value),
                &format!("{least} to {most}"),
            )),
        };
        match (&self.allowed, value.as_dict()) {
            (Allowed::Words(_), _) => Ok(()),
            (&Allowed::Range(least, most), _) => check(self.key, value, least, most),
            (&Allowed::RangeByRole(least, most), Some(table)) => table
                .iter()
                .try_for_each(|(role, value)| check(&format!("{}.{role}", self.key), value, least, most)),
            (Allowed::RangeByRole(..), None) => Err(ConfigError::not_allowed(self.key, &shown(value), &self.allowed())),
        }
    }
}

fn whole_number(value: &Value) -> Option<u64> {
    let signed = || value.to_i128().and_then(|number| number.try_into().ok());
    value
        .to_u128()
        .and_then(|number| number.try_into().ok())
        .or_else(signed)
}

/// Parses a text as the value of a setting of type `T`: the text itself if `T` deserializes from text, otherwise the
/// number, boolean, list or table it contains. The text may be quoted.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Value {
    let verbatim = Value::from(text);
    if !text.starts_with('"') && verbatim.deserialize::<T>().is_ok() {
        return verbatim;
    }
    text.parse().unwrap_or(verbatim)
}

/// A type-erased [`Section`].
pub(super) struct Declaration {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) settings: &'static [Setting],
    /// The defaults, as in a settings file.
    pub(super) defaults: fn() -> Result<toml::Table, toml::ser::Error>,
}

impl Declaration {
    pub(super) const fn of<S: Section>() -> Self {
        Self {
            name: S::NAME,
            about: S::ABOUT,
            settings: S::SETTINGS,
            defaults: || toml::Table::try_from(S::default()),
        }
    }

    /// Formats the default of a setting as in a settings file or an environment variable.
    pub(super) fn default(&self, setting: &Setting) -> String {
        let defaults = (self.defaults)().unwrap_or_default();
        match (defaults.get(setting.key), setting.unset) {
            (_, Some(unset)) => unset.to_owned(),
            (Some(toml::Value::String(text)), None) => text.clone(),
            (Some(value), None) => value.to_string(),
            (None, None) => "none".to_owned(),
        }
    }
}

/// Renders the sections as Markdown tables for `docs/settings.md`.
pub(super) fn markdown(sections: &[Declaration]) -> String {
    let mut page = String::new();
    for section in sections {
        let _ = writeln!(page, "\n### {}\n\n{}\n", section.name, section.about);
        page += "| setting | default | allowed | description |\n| --- | --- | --- | --- |\n";
        for setting in section.settings {
            let default = match setting.unset {
                Some(unset) => unset.to_owned(),
                None => format!("`{}`", section.default(setting)),
            };
            let (key, allowed, about) = (setting.key, setting.allowed(), setting.about);
            let _ = writeln!(page, "| `{key}` | {default} | {allowed} | {about} |");
        }
    }
    page
}

/// Declares a section. Each setting has a doc comment, its allowed values, key, type and default:
///
/// ```text
/// section! {
///     /// Limits of the example.
///     pub struct Limits {
///         /// Maximum number of examples.
///         #[setting(flag = "N", allowed = Range(1, 10))]
///         most: u32 = 5;
///     }
/// }
/// ```
///
/// `flag` is the placeholder for the flag's value and is omitted for tables. `unset` describes the behavior when the
/// default is `None`.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        pub struct $Section:ident {
            $(
                $(#[doc = $doc:literal])+
                #[setting($(flag = $flag:literal,)? allowed = $allowed:expr $(, unset = $unset:literal)?)]
                $(#[serde $serde:tt])?
                $key:ident: $type:ty = $default:expr;
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $Section {
            $(
                $(#[doc = $doc])+
                $(#[serde $serde])?
                pub $key: $type,
            )+
        }

        impl Default for $Section {
            fn default() -> Self {
                Self { $($key: $default,)+ }
            }
        }

        impl $crate::config::section::Section for $Section {
            const NAME: &str = stringify!($Section);
            const ABOUT: &str = concat!($($about),+).trim_ascii_start();
            const SETTINGS: &[$crate::config::section::Setting] = {
                use $crate::config::section::Allowed::*;
                &[$($crate::config::section::Setting {
                    key: stringify!($key),
                    about: concat!($($doc),+).trim_ascii_start(),
                    flag: $crate::config::section::first(&[$($flag)?]),
                    allowed: $allowed,
                    unset: $crate::config::section::first(&[$($unset)?]),
                    parse: $crate::config::section::parse::<$type>,
                }),+]
            };
        }
    };
}
pub(super) use section;

/// Returns the value of an optional part of a declaration, if present.
pub(super) const fn first(given: &[&'static str]) -> Option<&'static str> {
    match given {
        [text, ..] => Some(*text),
        [] => None,
    }
}
