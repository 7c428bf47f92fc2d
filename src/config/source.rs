//! Sources of settings: a file, the environment, the command line.

use std::path::Path;

use figment::error::{Actual, Kind};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::error::{of_toml, shown};
use super::section::Section;
use super::{ConfigError, Flags, SECTIONS, environment, setting};
use crate::text::one_line;

/// Values from one source.
pub(super) struct Source {
    name: String,
    values: Dict,
}

impl Source {
    pub(super) fn file(file: &Path) -> Result<Self, ConfigError> {
        let name = file.display().to_string();
        let text =
            std::fs::read_to_string(file).map_err(|e| ConfigError(format!("config: cannot read {name}: {e}")))?;
        let table: toml::Table =
            toml::from_str(&text).map_err(|e| ConfigError(format!("config: {name}: {}", of_toml(&text, &e))))?;
        let values = Value::serialize(table).map_err(|e| ConfigError(format!("config: {name}: {}", e.kind)))?;
        Self::new(name, values.into_dict().unwrap_or_default())
    }

    pub(super) fn environment() -> Result<Self, ConfigError> {
        let texts = environment::settings();
        let texts = texts
            .iter()
            .map(|(key, text)| (key.to_string(), text.trim().to_owned()));
        Self::of_texts("the environment", texts)
    }

    pub(super) fn flags(flags: &Flags) -> Result<Self, ConfigError> {
        let texts = flags.given.iter().map(|(key, text)| ((*key).to_owned(), text.clone()));
        Self::of_texts("the command line", texts)
    }

    fn of_texts(name: &str, texts: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let values = texts.map(|(key, text)| {
            let value = match setting(&key) {
                Some(setting) => (setting.parse)(&text),
                None => Value::from(text),
            };
            (key, value)
        });
        Self::new(name.to_owned(), values.collect())
    }

    fn new(name: String, values: Dict) -> Result<Self, ConfigError> {
        for (key, value) in &values {
            let checked = match setting(key) {
                Some(setting) => setting.check_range(value),
                None => {
                    let known = SECTIONS.iter().flat_map(|section| section.settings);
                    let known: Vec<_> = known.map(|setting| setting.key).collect();
                    Err(ConfigError(format!(
                        "{key}: unknown setting; expected one of {}",
                        known.join(", ")
                    )))
                }
            };
            checked.map_err(|error| error.with_source(&name))?;
        }
        Ok(Self { name, values })
    }
}

impl Provider for Source {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Deserializes a section from the merged sources.
pub(super) fn read<S: Section>(figment: &Figment) -> Result<S, ConfigError> {
    figment.extract().map_err(|error| {
        let line = match &error.path[..] {
            [key] => wrong_type::<S>(key, &error.kind, figment),
            // Inside a table, whose keys are not declared as settings.
            path => ConfigError(format!("{}: {}", full_key(path), reason(&error.kind))),
        };
        match &error.metadata {
            Some(source) => line.with_source(&source.name),
            None => line,
        }
    })
}

fn wrong_type<S: Section>(key: &str, kind: &Kind, figment: &Figment) -> ConfigError {
    // The text that is refused may be an item of a list.
    if let Kind::InvalidValue(Actual::Str(text), _) = kind {
        return S::refuse(key, &format!("{text:?}"));
    }
    let value = figment.find_value(key).map(|value| shown(&value));
    S::refuse(key, &value.unwrap_or_default())
}

fn reason(kind: &Kind) -> String {
    let list = |names: &[&str]| names.join(", ");
    match kind {
        Kind::UnknownField(name, known) => format!("unknown key {name:?}; expected one of {}", list(known)),
        Kind::UnknownVariant(name, known) => format!("{name:?} is not allowed; expected one of {}", list(known)),
        Kind::MissingField(name) => format!("the key {name} is missing"),
        other => one_line(&other.to_string()),
    }
}

/// Formats the path of a value, with list indexes in brackets, such as `issuers[0].url`.
fn full_key(path: &[String]) -> String {
    let mut key = String::new();
    for part in path {
        match part.parse::<usize>() {
            Ok(at) => key.push_str(&format!("[{at}]")),
            Err(_) if key.is_empty() => key.push_str(part),
            Err(_) => {
                key.push('.');
                key.push_str(part);
            }
        }
    }
    key
}
