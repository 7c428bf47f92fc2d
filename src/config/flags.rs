//! The settings as flags.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

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
    /// Memory in MiB for the newest changes of an embedded store, 16 to 4095 [default: 64]
    #[arg(long, global = true, value_name = "MIB")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_memtable_mib: Option<u32>,
    /// Memory in MiB for what an embedded store has read, at least 16 [default: 64]
    #[arg(long, global = true, value_name = "MIB")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_block_cache_mib: Option<u32>,
    /// Where the models lie [default: ./models, else beside the executable]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models_dir: Option<PathBuf>,
    /// Whether clients may introspect the schema [default: true]
    #[arg(long, global = true, value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection: Option<bool>,
    /// Whether the schema is a subgraph of an Apollo federation [default: false]
    #[arg(long, global = true, value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federation: Option<bool>,
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
