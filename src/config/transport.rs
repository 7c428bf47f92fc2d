//! Where the server listens and who may speak to it: `listen`, `metrics_listen`, `tls_cert`, `tls_key`, `cors_origins`.

use std::net::SocketAddr;
use std::path::Path;

use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer};

use super::{Config, ConfigError};

impl Config {
    /// What clients on this machine reach the server at.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls_files().is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.listen)
    }

    /// The certificate and its key, where TLS is spoken.
    #[must_use]
    pub fn tls_files(&self) -> Option<(&Path, &Path)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }
}

pub(super) fn check_origins(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    for origin in &config.cors_origins {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '*', ' '])) {
            return refuse(format!(
                "cors_origins: \"{origin}\" is not allowed: give origins such as https://app.example.com"
            ));
        }
    }
    Ok(())
}

pub(super) fn check_tls(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    match (&config.tls_cert, &config.tls_key) {
        (Some(_), None) => return refuse("tls_cert: it needs tls_key, the PEM file of its private key".to_owned()),
        (None, Some(_)) => return refuse("tls_key: it needs tls_cert, the PEM file of its certificate".to_owned()),
        _ => {}
    }
    Ok(())
}

pub(super) fn optional_socket_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) => socket_address(text.into_deserializer()).map(Some),
        None => Ok(None),
    }
}

pub(super) fn socket_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "\"{text}\" is not allowed: give ADDRESS:PORT such as 127.0.0.1:8000"
        ))
    })
}

pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a list, or texts separated by commas")]
    enum List {
        One(String),
        Many(Vec<String>),
    }
    Ok(match List::deserialize(deserializer)? {
        List::Many(items) => items,
        List::One(text) => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}
