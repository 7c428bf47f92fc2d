//! The declaration of a section of the settings.
//!
//! [`section!`] makes all of one declaration: the struct and its defaults, the keys of the file, the environment
//! variables, the flags with their help, the check of numbers, and the section's rows in `docs/settings.md`.

use std::fmt::Write as _;

use figment::value::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ConfigError;
use super::error::shown;

/// A group of settings that one file declares.
pub(super) trait Section: Default + Serialize + DeserializeOwned {
    /// The heading of its flags in `--help` and of its rows in the documentation.
    const NAME: &str;
    /// What the settings are about.
    const ABOUT: &str;
    const SETTINGS: &[Setting];

    /// The error for a value that is not allowed.
    fn refuse(key: &str, value: &str) -> ConfigError {
        let setting = Self::SETTINGS.iter().find(|setting| setting.key == key);
        ConfigError::not_allowed(key, value, &setting.map(Setting::allowed).unwrap_or_default())
    }
}

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// The key in the file. With dashes, it is the flag; in upper case behind `PORTCULLIS_`, the environment variable.
    pub(super) key: &'static str,
    /// What it sets.
    pub(super) about: &'static str,
    /// The placeholder for the flag's value. Tables have no flag.
    pub(super) flag: Option<&'static str>,
    pub(super) allowed: Allowed,
    /// What applies where the default is no value.
    pub(super) unset: Option<&'static str>,
    /// Parses a flag or an environment variable.
    pub(super) parse: fn(&str) -> Value,
}

/// The values that a setting allows.
#[derive(Debug)]
pub(super) enum Allowed {
    /// Whole numbers, from the first to the last.
    Range(u64, u64),
    /// A table of such numbers.
    RangeByRole(u64, u64),
    /// What the type and the section's own check allow, in words that can follow "give".
    Words(&'static str),
}

impl Setting {
    /// The values that are allowed, in words that can follow "give".
    pub(super) fn allowed(&self) -> String {
        match self.allowed {
            Allowed::Range(least, most) => format!("{least} to {most}"),
            Allowed::RangeByRole(least, most) => format!("{least} to {most} for each role"),
            Allowed::Words(words) => words.to_owned(),
        }
    }

    /// Refuses numbers out of range, and what is not a number where one is needed.
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

/// The value that a text gives to a setting of the type `T`: the text itself where `T` takes text, else the number,
/// boolean, list or table that is written in it. A text may be quoted.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Value {
    let verbatim = Value::from(text);
    if !text.starts_with('"') && verbatim.deserialize::<T>().is_ok() {
        return verbatim;
    }
    text.parse().unwrap_or(verbatim)
}

/// What a section declares, without its type.
pub(super) struct Declaration {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) settings: &'static [Setting],
    /// The defaults as a file would give them.
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

    /// The default of a setting, as a file or an environment variable would give it.
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

/// A Markdown page of all settings, for `docs/settings.md`.
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

/// Declares a section. Each setting has its documentation, what is allowed, its key, type and default:
///
/// ```text
/// section! {
///     /// Limits of the example.
///     pub struct Limits {
///         /// How many there may be.
///         #[setting(flag = "N", allowed = Range(1, 10))]
///         most: u32 = 5;
///     }
/// }
/// ```
///
/// `flag` names the value of the flag and is left out for a table. `unset` says what applies where the default is `None`.
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

/// What an optional part of a declaration gave.
pub(super) const fn first(given: &[&'static str]) -> Option<&'static str> {
    match given {
        [text, ..] => Some(*text),
        [] => None,
    }
}
