//! The environment: settings, and the secrets that no other source may hold. Its only reader.

use std::path::PathBuf;

use figment::providers::Env;
use figment::value::Uncased;
use secrecy::SecretString;

const PREFIX: &str = "PORTCULLIS_";
/// Variables with the prefix that are not settings: secrets, and the name of the file.
const NOT_SETTINGS: [&str; 4] = ["admin_password", "password", "signing_secret", "config"];

/// The settings in the environment, by key.
pub(super) fn settings() -> Env {
    Env::prefixed(PREFIX)
        .ignore(&NOT_SETTINGS)
        .map(|key| Uncased::from_owned(key.as_str().to_lowercase()))
}

/// The file to read settings from, if given.
pub(super) fn file() -> Option<PathBuf> {
    std::env::var_os(format!("{PREFIX}CONFIG")).map(PathBuf::from)
}

/// The password of the first admin, if given.
#[must_use]
pub fn admin_password() -> Option<SecretString> {
    secret("ADMIN_PASSWORD")
}

/// The password for `portcullis user create`, if given.
#[must_use]
pub fn password() -> Option<SecretString> {
    secret("PASSWORD")
}

pub(super) fn secret(name: &str) -> Option<SecretString> {
    std::env::var(format!("{PREFIX}{name}"))
        .ok()
        .filter(|text| !text.is_empty())
        .map(SecretString::from)
}
