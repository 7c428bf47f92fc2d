//! Every setting, and the only reader of the environment.
//!
//! Precedence: flag, then environment (`PORTCULLIS_` and the key in upper case), then the file given by `--config`
//! (TOML), then the default. An unknown key, a value out of range or an unreadable file is an error of one line that
//! names the key, the value and what is allowed.
//!
//! A key is declared here and, where it is one value, in `flags`; what is allowed of it, and what follows from it, is in
//! the file of its section.

mod environment;
mod error;
mod flags;
mod inference;
mod limits;
mod logging;
mod signing;
mod store;
mod tokens;
mod transport;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

pub use self::environment::{admin_password, password};
pub use self::error::ConfigError;
use self::error::{explain, one_line};
pub use self::flags::Flags;
use self::inference::threads;
pub use self::logging::LogFormat;
pub use self::store::mask_password;
use self::transport::{list, optional_socket_address, socket_address};
use crate::identity::{Algorithm, ForeignIssuer, Registration};
use crate::inference::{Device, Precision};

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
    /// MiB of memory for the newest changes of an embedded store, 16 to 4095; a transaction must fit into it. At most
    /// three times as much is taken while changes are written to disk.
    pub store_memtable_mib: u32,
    /// MiB of memory for what an embedded store has read from disk, 16 to 1048576.
    pub store_block_cache_mib: u32,
    /// Where the models lie. Default: `models` in the working folder, else beside the executable.
    pub models_dir: Option<PathBuf>,
    /// Whether clients may introspect the schema and are shown suggestions.
    pub introspection: bool,
    /// Whether the schema is a subgraph of an Apollo federation, with `_service` and `_entities` for its router.
    pub federation: bool,
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
    /// What to log: a level (`error`, `warn`, `info`, `debug`, `trace`, `off`), or levels of modules.
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

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            data_dir: PathBuf::from("./data"),
            database: None,
            store_memtable_mib: 64,
            store_block_cache_mib: 64,
            models_dir: None,
            introspection: true,
            federation: false,
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

impl Config {
    /// Reads the settings from everywhere they can be given.
    ///
    /// # Errors
    /// For an unknown key, a value that is not allowed, or a file that cannot be read.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = flags.config.clone().or_else(environment::file) {
            let text = std::fs::read_to_string(&file)
                .map_err(|e| ConfigError(format!("config: cannot read {}: {e}", file.display())))?;
            toml::from_str::<toml::Table>(&text)
                .map_err(|e| ConfigError(format!("config: {}: {}", file.display(), one_line(&e.to_string()))))?;
            figment = figment.merge(Toml::string(&text));
        }
        let config: Self = figment
            .merge(environment::settings())
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|errors| ConfigError(explain(errors)))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.key_source()?;
        ForeignIssuer::check_all(&self.issuers, &self.issuer()).map_err(ConfigError)?;
        transport::check_origins(self)?;
        signing::check_claims(self)?;
        limits::check(self)?;
        transport::check_tls(self)?;
        store::check(self)?;
        tokens::check(self)?;
        inference::check(self)?;
        if self.trusted_documents_only && self.trusted_documents.is_none() {
            return Err(ConfigError(
                "trusted_documents_only: true needs trusted_documents, a manifest".to_owned(),
            ));
        }
        logging::check(self)
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
