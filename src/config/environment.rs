//! Environment variables: settings, and the secrets that only the environment can hold. No other module reads them.

use std::net::IpAddr;
use std::path::PathBuf;

use figment::providers::Env;
use figment::value::Uncased;
use secrecy::SecretString;

const PREFIX: &str = "PORTCULLIS_";
/// Variables with the prefix that are not settings: secrets, and the path of the settings file.
const NOT_SETTINGS: [&str; 6] = [
    "admin_password",
    "backup_passphrase",
    "database_password",
    "password",
    "signing_secret",
    "config",
];

/// Settings in the environment, by key.
pub(super) fn settings() -> Env {
    Env::prefixed(PREFIX)
        .ignore(&NOT_SETTINGS)
        .filter(|key| !std::env::var(format!("{PREFIX}{key}")).is_ok_and(|value| is_service_link(key.as_str(), &value)))
        .map(|key| Uncased::from_owned(key.as_str().to_lowercase()))
}

/// Path of the settings file, if set.
pub(super) fn file() -> Option<PathBuf> {
    std::env::var_os(format!("{PREFIX}CONFIG")).map(PathBuf::from)
}

/// Password of the first admin, if set.
#[must_use]
pub fn admin_password() -> Option<SecretString> {
    secret("ADMIN_PASSWORD")
}

/// Passphrase of `portcullis backup` and `restore`, if set.
#[must_use]
pub fn backup_passphrase() -> Option<SecretString> {
    secret("BACKUP_PASSPHRASE")
}

/// Password for `portcullis user create` and `set-password`, if set.
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

/// Whether Kubernetes has set this variable for a Service named `portcullis`, as it does in every container of the
/// Service's namespace (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>). Both
/// the name and the value must match, so that a misspelled setting is still reported.
fn is_service_link(key: &str, value: &str) -> bool {
    const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];
    let is_number = |text: &str| text.parse::<u16>().is_ok() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    let is_protocol = |text: &str| PROTOCOLS.iter().any(|protocol| protocol.eq_ignore_ascii_case(text));
    let is_url = || {
        value.split_once("://").is_some_and(|(protocol, rest)| {
            rest.rsplit_once(':').is_some_and(|(host, port)| {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                is_protocol(protocol) && is_address(host) && is_number(port)
            })
        })
    };
    if let Some(name) = key.strip_prefix("SERVICE_") {
        return match name {
            "HOST" => is_address(value),
            "PORT" => is_number(value),
            // A named port, such as `http` or `web-tls`.
            _ => name.strip_prefix("PORT_").is_some_and(|port| !port.is_empty()) && is_number(value),
        };
    }
    let Some(rest) = key.strip_prefix("PORT") else {
        return false;
    };
    // `_8000_TCP`, optionally followed by `_PROTO`, `_PORT` or `_ADDR`.
    let mut parts = rest.split('_');
    match [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()] {
        [Some(""), None, ..] => is_url(),
        [Some(""), Some(port), Some(protocol), attribute, None] if is_number(port) && PROTOCOLS.contains(&protocol) => {
            match attribute {
                None => is_url(),
                Some("PROTO") => value.eq_ignore_ascii_case(protocol),
                Some("PORT") => value == port,
                Some("ADDR") => is_address(value),
                Some(_) => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    //! Detection of service variables. `tests/it` starts the binary to test that unknown variables are rejected.

    use super::*;

    #[test]
    fn variables_of_a_kubernetes_service_are_distinguished_from_settings() {
        for (key, value) in [
            ("SERVICE_HOST", "10.96.0.7"),
            ("SERVICE_HOST", "fd00::7"),
            ("SERVICE_PORT", "8000"),
            ("SERVICE_PORT_HTTP", "8000"),
            ("SERVICE_PORT_WEB_TLS", "443"),
            ("PORT", "tcp://10.96.0.7:8000"),
            ("PORT", "tcp://[fd00::7]:8000"),
            ("PORT_8000_TCP", "tcp://10.96.0.7:8000"),
            ("PORT_8000_TCP_PROTO", "tcp"),
            ("PORT_8000_TCP_PORT", "8000"),
            ("PORT_8000_TCP_ADDR", "10.96.0.7"),
            ("PORT_9000_UDP", "udp://10.96.0.7:9000"),
            ("PORT_132_SCTP_PROTO", "sctp"),
        ] {
            assert!(is_service_link(key, value), "{key}={value}");
        }
        for (key, value) in [
            ("PORT", "8000"),
            ("PORT", "http://10.96.0.7:8000"),
            ("PORT", "tcp://10.96.0.7"),
            ("PORT", "tcp://example.org:8000"),
            ("PORTS", "tcp://10.96.0.7:8000"),
            ("PORT_", "tcp://10.96.0.7:8000"),
            ("PORT_HTTP", "8000"),
            ("PORT_8000", "8000"),
            ("PORT_8000_HTTP", "tcp://10.96.0.7:8000"),
            ("PORT_8000_tcp", "tcp://10.96.0.7:8000"),
            ("PORT_8000_TCP_PROTO", "udp"),
            ("PORT_8000_TCP_PORT", "9000"),
            ("PORT_8000_TCP_ADDRESS", "10.96.0.7"),
            ("PORT_8000_TCP_ADDR_X", "10.96.0.7"),
            ("PORT_80000_TCP_PORT", "80000"),
            ("SERVICE_HOST", "db"),
            ("SERVICE_HOSTS", "10.96.0.7"),
            ("SERVICE_PORT", "+80"),
            ("SERVICE_PORT_", "80"),
            ("SERVICE_PORT_HTTP", "tcp"),
            ("SERVICE", "10.96.0.7"),
            ("LISTEN", "10.96.0.7:8000"),
            ("DB_SERVICE_HOST", "10.96.0.7"),
        ] {
            assert!(!is_service_link(key, value), "{key}={value}");
        }
    }
}
