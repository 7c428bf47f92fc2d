//! Every setting, and the only reader of the environment.
//!
//! Precedence: flag, then environment (`PORTCULLIS_` and the key in upper case), then the file given by `--config`
//! (TOML), then the default. An unknown key, a value out of range or an unreadable file is an error of one line that
//! names the key, the value and what is allowed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::Uncased;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::identity::{Algorithm, ForeignIssuer, KeySource, Registration};
use crate::inference::{Device, Precision};

mod tokens;

const PREFIX: &str = "PORTCULLIS_";
/// Variables with the prefix that are no settings: secrets that only live in the environment, and the file's own name.
const NOT_SETTINGS: [&str; 4] = ["admin_password", "password", "signing_secret", "config"];

/// The settings of a server. Every key may be given in the environment and in the file, and as a flag where it is one
/// value; a table is given in the environment as `{USER=1000}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen, `ADDRESS:PORT`; port 0 picks a free one.
    #[serde(deserialize_with = "socket_address")]
    pub listen: SocketAddr,
    /// Where keys and the embedded database live.
    pub data_dir: PathBuf,
    /// The store's URL: `surrealkv://PATH`, `mem://`, `ws://HOST:PORT` or `wss://HOST:PORT`. Default: `db` in the data
    /// folder.
    pub database: Option<String>,
    /// Where the models lie. Default: `models` in the working folder, else beside the executable.
    pub models_dir: Option<PathBuf>,
    /// Whether clients may introspect the schema and are shown suggestions.
    pub introspection: bool,
    /// A manifest of trusted documents: a JSON object of GraphQL documents by the ids that requests name them by.
    pub trusted_documents: Option<PathBuf>,
    /// Whether nothing but trusted documents runs.
    pub trusted_documents_only: bool,
    /// Who may register: `open`, `approval` (an admin enables each account) or `closed`.
    pub registration: Registration,
    /// The origins whose pages may call the API from a browser; none by default.
    #[serde(deserialize_with = "list")]
    pub cors_origins: Vec<String>,
    /// The `iss` claim of access tokens: the URL that clients reach the server at. Default: `http://` and the address it
    /// listens on.
    pub issuer: Option<String>,
    /// The `aud` claim of access tokens.
    pub audience: String,
    /// How access tokens are signed: `EdDSA`, `ES256`, `HS256`, `HS384` or `HS512`; the last three take their secret from
    /// `PORTCULLIS_SIGNING_SECRET`.
    pub signing_algorithm: Algorithm,
    /// The key that signs access tokens, a PKCS #8 PEM file. Default: one made at the first start in the data folder.
    pub signing_key: Option<PathBuf>,
    /// Cost units an hour by role; a caller's most generous role counts, and who has none of these roles has no limit.
    pub quotas: BTreeMap<String, u64>,
    /// Cost units a second by role, in the long run; those of ten seconds may come at once. Chosen like `quotas`.
    pub rate_limits: BTreeMap<String, u32>,
    /// The most cost units of one operation by role; a caller's most generous role counts, and who has none of these roles
    /// may spend 5,000.
    pub max_cost: BTreeMap<String, u32>,
    /// For how many seconds an operation may run, 1 to 3600; a subscription, for each of its events.
    pub deadline_seconds: u32,
    /// Where `GET /metrics` is answered, `ADDRESS:PORT`, without TLS. Default: where everything else is.
    #[serde(deserialize_with = "optional_socket_address")]
    pub metrics_listen: Option<SocketAddr>,
    /// The server's certificate and those that certify it, a PEM file. With it, the server speaks TLS only.
    pub tls_cert: Option<PathBuf>,
    /// The private key of `tls_cert`, a PEM file.
    pub tls_key: Option<PathBuf>,
    /// For how many days audit events are kept, 1 to 36500.
    pub audit_retention_days: u32,
    /// For how many seconds an access token is valid, at least 1 and at most 86,400.
    pub access_token_seconds: u32,
    /// After how many seconds a session ends that nobody refreshes, at least `access_token_seconds`.
    pub session_idle_seconds: u32,
    /// After how many seconds a session ends in any case, at least `session_idle_seconds` and at most ten years.
    pub session_seconds: u32,
    /// The request header that carries the token.
    pub token_header: String,
    /// What stands before the token in that header; may be empty.
    pub token_prefix: String,
    /// The cookie for the access token; its name begins with `__Host-`.
    pub access_cookie: String,
    /// The cookie for the refresh token; its name begins with `__Host-`.
    pub refresh_cookie: String,
    /// What to log, as tracing's `EnvFilter` has it.
    pub log: String,
    /// How to write the log: `text` or `json`.
    pub log_format: LogFormat,
    /// How many threads infer, 1 to 1024. Default: one a core.
    #[serde(deserialize_with = "threads")]
    pub threads: Option<usize>,
    /// What computes embeddings: `cpu`, or `cuda` or `wgpu` in builds with that feature.
    pub device: Device,
    /// What the encoder computes in: `f32`, or `int8`, which is faster and gives nearly the same embeddings.
    pub precision: Precision,
    /// OpenID providers whose access tokens are accepted, each an `[[issuers]]` of the file; none by default.
    pub issuers: Vec<ForeignIssuer>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            data_dir: PathBuf::from("./data"),
            database: None,
            models_dir: None,
            introspection: true,
            trusted_documents: None,
            trusted_documents_only: false,
            registration: Registration::Open,
            cors_origins: Vec::new(),
            issuer: None,
            audience: "portcullis".to_owned(),
            signing_algorithm: Algorithm::default(),
            signing_key: None,
            quotas: BTreeMap::new(),
            rate_limits: BTreeMap::new(),
            max_cost: BTreeMap::new(),
            deadline_seconds: 30,
            metrics_listen: None,
            tls_cert: None,
            tls_key: None,
            audit_retention_days: 365,
            access_token_seconds: 15 * 60,
            session_idle_seconds: 7 * 24 * 3600,
            session_seconds: 30 * 24 * 3600,
            token_header: "authorization".to_owned(),
            token_prefix: "Bearer".to_owned(),
            access_cookie: "__Host-portcullis-access".to_owned(),
            refresh_cookie: "__Host-portcullis-refresh".to_owned(),
            // SurrealKV warns of every orderly end, since a thread of its own is the last to let go of a tree.
            log: "info,surrealdb=warn,surrealkv=error".to_owned(),
            log_format: LogFormat::Text,
            threads: None,
            device: Device::Cpu,
            precision: Precision::F32,
            issuers: Vec::new(),
        }
    }
}

/// The settings as flags; what is not given is left to the environment, the file and the defaults.
#[derive(Debug, Default, Args, Serialize)]
pub struct Flags {
    /// Read settings from this TOML file (or `PORTCULLIS_CONFIG`)
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen; port 0 picks a free one [default: 127.0.0.1:8000]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Where keys and the embedded database live [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// The store's URL [default: surrealkv://DIR/db in the data folder DIR]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Where the models lie [default: ./models, else beside the executable]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models_dir: Option<PathBuf>,
    /// Whether clients may introspect the schema [default: true]
    #[arg(long, global = true, value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection: Option<bool>,
    /// A manifest of trusted documents, JSON as code generators write it
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_documents: Option<PathBuf>,
    /// Whether nothing but trusted documents runs [default: false]
    #[arg(long, global = true, value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_documents_only: Option<bool>,
    /// Who may register: open, approval or closed [default: open]
    #[arg(long, global = true, value_name = "MODE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    /// Origins whose pages may call the API, separated by commas
    #[arg(long, global = true, value_name = "ORIGINS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cors_origins: Option<String>,
    /// The `iss` claim of access tokens, the server's URL [default: http:// and the address]
    #[arg(long, global = true, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The `aud` claim of access tokens [default: portcullis]
    #[arg(long, global = true, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How access tokens are signed: EdDSA, ES256, HS256, HS384 or HS512 [default: EdDSA]
    #[arg(long, global = true, value_name = "ALGORITHM")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_algorithm: Option<String>,
    /// The PKCS #8 PEM file of the signing key [default: one made in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<PathBuf>,
    /// For how many seconds an operation may run [default: 30]
    #[arg(long, global = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_seconds: Option<u32>,
    /// Where to answer GET /metrics [default: where everything else is]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_listen: Option<String>,
    /// The PEM file of the certificate and its chain; the server then speaks TLS only
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_cert: Option<PathBuf>,
    /// The PEM file of the certificate's private key
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_key: Option<PathBuf>,
    /// For how many days audit events are kept [default: 365]
    #[arg(long, global = true, value_name = "DAYS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_retention_days: Option<u32>,
    /// For how long an access token is valid [default: 900]
    #[arg(long, global = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_seconds: Option<u32>,
    /// When a session ends that nobody refreshes [default: 604800, a week]
    #[arg(long, global = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_idle_seconds: Option<u32>,
    /// When a session ends in any case [default: 2592000, 30 days]
    #[arg(long, global = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_seconds: Option<u32>,
    /// The request header that carries the token [default: authorization]
    #[arg(long, global = true, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_header: Option<String>,
    /// What stands before the token in that header [default: Bearer]
    #[arg(long, global = true, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_prefix: Option<String>,
    /// The cookie for the access token [default: __Host-portcullis-access]
    #[arg(long, global = true, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_cookie: Option<String>,
    /// The cookie for the refresh token [default: __Host-portcullis-refresh]
    #[arg(long, global = true, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_cookie: Option<String>,
    /// What to log, such as info or portcullis=debug
    #[arg(long, global = true, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// How to write the log: text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<String>,
    /// How many threads infer [default: one a core]
    #[arg(long, global = true, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<usize>,
    /// What computes embeddings: cpu, cuda or wgpu [default: cpu]
    #[arg(long, global = true, value_name = "DEVICE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What the encoder computes in: f32 or int8 [default: f32]
    #[arg(long, global = true, value_name = "PRECISION")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
}

/// A setting that cannot be used: one line that names the key, the value and what is allowed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl Config {
    /// Reads the settings from everywhere they can be given.
    ///
    /// # Errors
    /// For an unknown key, a value that is not allowed, or a file that cannot be read.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        let file = flags
            .config
            .clone()
            .or_else(|| std::env::var_os(format!("{PREFIX}CONFIG")).map(PathBuf::from));
        if let Some(file) = file {
            let text = std::fs::read_to_string(&file)
                .map_err(|e| ConfigError(format!("config: cannot read {}: {e}", file.display())))?;
            toml::from_str::<toml::Table>(&text)
                .map_err(|e| ConfigError(format!("config: {}: {}", file.display(), one_line(&e.to_string()))))?;
            figment = figment.merge(Toml::string(&text));
        }
        let environment = Env::prefixed(PREFIX)
            .ignore(&NOT_SETTINGS)
            .map(|key| Uncased::from_owned(key.as_str().to_lowercase()));
        let config: Self = figment
            .merge(environment)
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|errors| ConfigError(explain(errors)))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let refuse = |text: String| Err(ConfigError(text));
        self.key_source()?;
        ForeignIssuer::check_all(&self.issuers, &self.issuer()).map_err(ConfigError)?;
        for origin in &self.cors_origins {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '*', ' '])) {
                return refuse(format!(
                    "cors_origins: \"{origin}\" is not allowed: give origins such as https://app.example.com"
                ));
            }
        }
        for (key, value) in [("issuer", &self.issuer()), ("audience", &self.audience)] {
            if value.is_empty() || value.chars().any(char::is_control) {
                return refuse(format!(
                    "{key}: {value:?} is not allowed: give a text of at least one character"
                ));
            }
        }
        for (role, units) in &self.quotas {
            // GraphQL's Int, in which `viewer.quota` tells it.
            if !(1..=i32::MAX as u64).contains(units) {
                return refuse(format!("quotas.{role}: {units} is not allowed: give 1 to {}", i32::MAX));
            }
        }
        for (role, units) in &self.rate_limits {
            if !(1..=1_000_000).contains(units) {
                return refuse(format!("rate_limits.{role}: {units} is not allowed: give 1 to 1000000"));
            }
        }
        for (role, units) in &self.max_cost {
            if *units == 0 {
                return refuse(format!("max_cost.{role}: 0 is not allowed: give 1 to {}", u32::MAX));
            }
        }
        if !(1..=3_600).contains(&self.deadline_seconds) {
            return refuse(format!(
                "deadline_seconds: {} is not allowed: give 1 to 3600",
                self.deadline_seconds
            ));
        }
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), None) => return refuse("tls_cert: it needs tls_key, the PEM file of its private key".to_owned()),
            (None, Some(_)) => return refuse("tls_key: it needs tls_cert, the PEM file of its certificate".to_owned()),
            _ => {}
        }
        if !(1..=36_500).contains(&self.audit_retention_days) {
            return refuse(format!(
                "audit_retention_days: {} is not allowed: give 1 to 36500",
                self.audit_retention_days
            ));
        }
        tokens::check(self)?;
        if self.device != Device::Cpu && self.precision != Precision::F32 {
            return refuse("precision: int8 is not allowed with this device: give f32, or device = \"cpu\"".to_owned());
        }
        if self.trusted_documents_only && self.trusted_documents.is_none() {
            return refuse("trusted_documents_only: true needs trusted_documents, a manifest".to_owned());
        }
        if let Err(e) = tracing_subscriber::EnvFilter::try_new(&self.log) {
            return refuse(format!("log: {:?} is not allowed: {e}", self.log));
        }
        Ok(())
    }

    /// The store's URL.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("surrealkv://{}", self.data_dir.join("db").display()))
    }

    /// The `iss` claim of access tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.issuer.clone().unwrap_or_else(|| self.url())
    }

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

    /// How long an operation may run.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.into())
    }

    /// Where the signing key comes from.
    ///
    /// # Errors
    /// When the algorithm lacks the key or the secret that it needs.
    pub fn key_source(&self) -> Result<KeySource, ConfigError> {
        let algorithm = self.signing_algorithm;
        match (algorithm, &self.signing_key) {
            (Algorithm::EdDsa | Algorithm::Es256, Some(path)) => Ok(KeySource::File {
                path: path.clone(),
                algorithm,
            }),
            (Algorithm::EdDsa, None) => Ok(KeySource::Folder(self.data_dir.clone())),
            (Algorithm::Es256, None) => Err(ConfigError(
                "signing_algorithm: ES256 needs signing_key, a PKCS #8 PEM file".to_owned(),
            )),
            (_, Some(_)) => Err(ConfigError(format!(
                "signing_key: {} takes no key file but the secret in PORTCULLIS_SIGNING_SECRET",
                algorithm.name()
            ))),
            (_, None) => match secret("SIGNING_SECRET") {
                Some(secret) if secret.expose_secret().len() >= 32 => Ok(KeySource::Secret { algorithm, secret }),
                _ => Err(ConfigError(format!(
                    "signing_algorithm: {} needs a secret of at least 32 bytes in PORTCULLIS_SIGNING_SECRET",
                    algorithm.name()
                ))),
            },
        }
    }

    /// The settings as a TOML file that [`Config::load`] reads, with secrets masked.
    ///
    /// # Errors
    /// When a path is not Unicode.
    pub fn masked_toml(&self) -> Result<String, ConfigError> {
        let mut shown = self.clone();
        shown.database = Some(mask_password(&self.database_url()));
        shown.issuer = Some(self.issuer());
        toml::to_string(&shown).map_err(|e| ConfigError(one_line(&e.to_string())))
    }
}

/// Hides the password of a URL's authority part.
#[must_use]
pub fn mask_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest
        .split_once('/')
        .map_or(rest, |(authority, _)| authority)
        .rsplit_once('@')
    {
        Some((credentials, host)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            let path = &rest[credentials.len() + 1 + host.len()..];
            format!("{scheme}://{user}:***@{host}{path}")
        }
        None => url.to_owned(),
    }
}

/// The password that the first admin gets, when it is given.
#[must_use]
pub fn admin_password() -> Option<SecretString> {
    secret("ADMIN_PASSWORD")
}

/// The password for `portcullis user create`, when it is given.
#[must_use]
pub fn password() -> Option<SecretString> {
    secret("PASSWORD")
}

fn secret(name: &str) -> Option<SecretString> {
    std::env::var(format!("{PREFIX}{name}"))
        .ok()
        .filter(|text| !text.is_empty())
        .map(SecretString::from)
}

fn explain(errors: figment::Error) -> String {
    let lines: Vec<String> = errors
        .into_iter()
        .map(|error| {
            let key = if error.path.is_empty() {
                String::new()
            } else {
                format!("{}: ", key(&error.path))
            };
            let from = error
                .metadata
                .as_ref()
                .map(|m| m.name.to_string())
                .filter(|name| !name.contains("::"));
            format!(
                "{key}{}{}",
                one_line(&error.kind.to_string()),
                from.map_or_else(String::new, |name| format!(" (from the {name})"))
            )
        })
        .collect();
    lines.join("; ")
}

/// The key as the file has it, a place in a list in brackets.
fn key(path: &[String]) -> String {
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

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn optional_socket_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) => socket_address(text.into_deserializer()).map(Some),
        None => Ok(None),
    }
}

fn socket_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "\"{text}\" is not allowed: give ADDRESS:PORT such as 127.0.0.1:8000"
        ))
    })
}

fn threads<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    match Option::<usize>::deserialize(deserializer)? {
        Some(n) if !(1..=1024).contains(&n) => {
            Err(serde::de::Error::custom(format!("{n} is not allowed: give 1 to 1024")))
        }
        threads => Ok(threads),
    }
}

fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
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

#[cfg(test)]
mod tests {
    //! Flags, files and masks. The environment is tried by starting the binary, in `tests/it`.

    use super::*;

    fn from_file(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("portcullis.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(&Flags {
            config: Some(file),
            ..Flags::default()
        })
        .map_err(|e| e.to_string())
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_the_default() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("portcullis.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nintrospection = false\n").unwrap();
        let flags = Flags {
            config: Some(file),
            listen: Some("127.0.0.1:2".to_owned()),
            ..Flags::default()
        };
        let config = Config::load(&flags).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert!(!config.introspection);
        assert_eq!(config.registration, Registration::Open);
    }

    #[test]
    fn what_is_wrong_is_named_in_one_line() {
        for (text, wanted) in [
            ("lisen = \"x\"", vec!["lisen", "listen"]),
            ("listen = \"x\"", vec!["listen", "\"x\"", "ADDRESS:PORT"]),
            ("introspection = 3", vec!["introspection", "3", "bool"]),
            (
                "registration = \"maybe\"",
                vec!["registration", "maybe", "open", "approval", "closed"],
            ),
            (
                "signing_algorithm = \"none\"",
                vec!["signing_algorithm", "none", "EdDSA", "HS512"],
            ),
            (
                "signing_algorithm = \"ES256\"",
                vec!["signing_algorithm", "ES256", "signing_key"],
            ),
            (
                "signing_algorithm = \"HS256\"",
                vec!["signing_algorithm", "HS256", "PORTCULLIS_SIGNING_SECRET"],
            ),
            ("threads = 0", vec!["threads", "0", "1 to 1024"]),
            ("device = \"tpu\"", vec!["device", "tpu", "cpu", "cuda", "wgpu"]),
            (
                "device = \"wgpu\"\nprecision = \"int8\"",
                vec!["precision", "int8", "device"],
            ),
            ("precision = \"f16\"", vec!["precision", "f16", "f32", "int8"]),
            ("cors_origins = [\"*\"]", vec!["cors_origins", "*", "https://"]),
            ("issuer = \"\"", vec!["issuer"]),
            ("[quotas]\nUSER = 0", vec!["quotas.USER", "0", "1 to"]),
            ("[quotas]\nUSER = \"many\"", vec!["quotas.USER", "many"]),
            ("[rate_limits]\nGUEST = 0", vec!["rate_limits.GUEST", "0", "1 to"]),
            ("[max_cost]\nUSER = 0", vec!["max_cost.USER", "0", "1 to"]),
            ("deadline_seconds = 0", vec!["deadline_seconds", "0", "1 to 3600"]),
            (
                "metrics_listen = \"x\"",
                vec!["metrics_listen", "\"x\"", "ADDRESS:PORT"],
            ),
            ("tls_cert = \"a.pem\"", vec!["tls_cert", "tls_key"]),
            ("tls_key = \"a.pem\"", vec!["tls_key", "tls_cert"]),
            (
                "audit_retention_days = 0",
                vec!["audit_retention_days", "0", "1 to 36500"],
            ),
            (
                "access_token_seconds = 0",
                vec!["access_token_seconds", "0", "1 to 86400"],
            ),
            ("session_idle_seconds = 60", vec!["session_idle_seconds", "60", "900"]),
            ("session_seconds = 60", vec!["session_seconds", "60", "604800"]),
            ("token_header = \"a b\"", vec!["token_header", "a b"]),
            ("token_header = \"Cookie\"", vec!["token_header", "Cookie"]),
            ("token_prefix = \"a b\"", vec!["token_prefix", "a b"]),
            ("access_cookie = \"access\"", vec!["access_cookie", "access", "__Host-"]),
            ("refresh_cookie = \"__Host-a;b\"", vec!["refresh_cookie", "__Host-a;b"]),
            (
                "access_cookie = \"__Host-a\"\nrefresh_cookie = \"__Host-a\"",
                vec!["refresh_cookie", "__Host-a", "access_cookie"],
            ),
            ("log = \"a=b=c\"", vec!["log", "a=b=c"]),
            (
                "trusted_documents_only = true",
                vec!["trusted_documents_only", "true", "trusted_documents, a manifest"],
            ),
            (
                "[[issuers]]\nurl = \"http://id.example.org\"\naudience = \"a\"",
                vec!["issuers[0].url: ", "http://id.example.org", "https://"],
            ),
            ("listen = ", vec!["config"]),
        ] {
            let error = from_file(text).unwrap_err();
            for part in wanted {
                assert!(error.contains(part), "{text}: {error} lacks {part}");
            }
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let flags = Flags {
            config: Some("no/such/file.toml".into()),
            ..Flags::default()
        };
        let error = Config::load(&flags).unwrap_err().to_string();
        assert!(error.contains("no/such/file.toml"), "{error}");
    }

    #[test]
    fn a_list_may_be_one_text() {
        let config = from_file("cors_origins = \"https://a.example, http://b.example:81\"").unwrap();
        assert_eq!(config.cors_origins, ["https://a.example", "http://b.example:81"]);
    }

    #[test]
    fn passwords_are_masked_and_the_rest_is_kept() {
        assert_eq!(mask_password("ws://ann:secret@db:80/ns/db"), "ws://ann:***@db:80/ns/db");
        assert_eq!(mask_password("surrealkv://data/db"), "surrealkv://data/db");
        let config = Config {
            database: Some("ws://ann:secret@db".to_owned()),
            ..Config::default()
        };
        assert!(!config.masked_toml().unwrap().contains("secret"));
    }

    #[test]
    fn the_printed_settings_can_be_read_back() {
        let config = Config {
            database: Some("surrealkv://./data/db".to_owned()),
            issuer: Some("https://id.example.com".to_owned()),
            quotas: [("USER".to_owned(), 1000)].into(),
            rate_limits: [("GUEST".to_owned(), 5)].into(),
            max_cost: [("GUEST".to_owned(), 50)].into(),
            metrics_listen: Some(SocketAddr::from(([127, 0, 0, 1], 9000))),
            tls_cert: Some("cert.pem".into()),
            tls_key: Some("key.pem".into()),
            ..Config::default()
        };
        assert_eq!(from_file(&config.masked_toml().unwrap()).unwrap(), config);
    }
}
