//! All settings, and the only module that reads environment variables.
//!
//! Precedence: flag, then environment (`PORTCULLIS_` and the key in upper case), then the file given by `--config`
//! (TOML), then the default. An unknown key, an invalid value or an unreadable file is an error of one line that names
//! the key, the value and the allowed values.
//!
//! Each section declares its settings in its own file; see `section.rs`. To add a setting, declare it there and run
//! `just settings`, which writes its row into `docs/settings.md`.

mod accounts;
mod environment;
mod error;
mod flags;
mod inference;
mod limits;
mod logging;
mod memory;
mod network;
mod schema;
mod section;
mod signing;
mod source;
mod store;
mod tokens;
mod transport;

#[cfg(test)]
mod tests;

use figment::Figment;
use serde::Serialize;

pub use self::accounts::Accounts;
pub use self::environment::{admin_password, backup_passphrase, password};
pub use self::error::ConfigError;
pub use self::flags::Flags;
pub use self::inference::Inference;
pub use self::limits::Limits;
pub use self::logging::{LogFormat, Logging};
pub use self::memory::Memory;
pub use self::network::{InvalidNetwork, Network};
pub use self::schema::Schema;
use self::section::{Declaration, Setting};
pub use self::signing::Signing;
use self::source::{Source, read};
pub use self::store::Store;
pub use self::tokens::Tokens;
pub use self::transport::Transport;
use crate::identity::ForeignIssuer;
use crate::text::one_line;

/// Server settings. In the file, the keys of all sections are at the top level.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Config {
    /// Listen addresses, TLS, CORS origins and trusted proxies.
    #[serde(flatten)]
    pub transport: Transport,
    /// Schema options and trusted documents.
    #[serde(flatten)]
    pub schema: Schema,
    /// Registration and external identity providers.
    #[serde(flatten)]
    pub accounts: Accounts,
    /// Claims and signing of access tokens.
    #[serde(flatten)]
    pub signing: Signing,
    /// Lifetimes of tokens and sessions, and the headers and cookies that carry tokens.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// Cost limits and the operation deadline.
    #[serde(flatten)]
    pub limits: Limits,
    /// Memory of the server.
    #[serde(flatten)]
    pub memory: Memory,
    /// Data folder, database and audit retention.
    #[serde(flatten)]
    pub store: Store,
    /// Models folder and compute device.
    #[serde(flatten)]
    pub inference: Inference,
    /// Log filter and format.
    #[serde(flatten)]
    pub logging: Logging,
}

/// Declarations of all sections, in the order of the documentation.
static SECTIONS: [Declaration; 10] = [
    Declaration::of::<Transport>(),
    Declaration::of::<Schema>(),
    Declaration::of::<Accounts>(),
    Declaration::of::<Signing>(),
    Declaration::of::<Tokens>(),
    Declaration::of::<Limits>(),
    Declaration::of::<Memory>(),
    Declaration::of::<Store>(),
    Declaration::of::<Inference>(),
    Declaration::of::<Logging>(),
];

impl Config {
    /// Loads and validates the settings from all sources.
    ///
    /// # Errors
    /// An unknown key, an invalid value, or an unreadable file.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        if let Some(file) = flags.config.clone().or_else(environment::file) {
            figment = figment.merge(Source::file(&file)?);
        }
        let figment = figment.merge(Source::environment()?).merge(Source::flags(flags)?);
        let config = Self {
            transport: read(&figment)?,
            schema: read(&figment)?,
            accounts: read(&figment)?,
            signing: read(&figment)?,
            tokens: read(&figment)?,
            limits: read(&figment)?,
            memory: read(&figment)?,
            store: read(&figment)?,
            inference: read(&figment)?,
            logging: read(&figment)?,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.transport.check()?;
        self.schema.check()?;
        ForeignIssuer::check_all(&self.accounts.issuers, &self.issuer()).map_err(ConfigError)?;
        self.check_signing()?;
        self.tokens.check()?;
        self.store.check()?;
        self.inference.check()?;
        self.logging.check()
    }

    /// Formats the settings as a TOML file that [`Config::load`] accepts, with the database password masked.
    ///
    /// # Errors
    /// A path that is not valid Unicode.
    pub fn masked_toml(&self) -> Result<String, ConfigError> {
        let mut shown = self.clone();
        shown.store.database = Some(self.store.url());
        shown.signing.issuer = Some(self.issuer());
        toml::to_string(&shown).map_err(|e| ConfigError(one_line(&e.to_string())))
    }
}

/// Renders all settings as Markdown tables, the generated part of `docs/settings.md`.
#[must_use]
pub fn reference() -> String {
    section::markdown(&SECTIONS)
}

fn setting(key: &str) -> Option<&'static Setting> {
    let mut settings = SECTIONS.iter().flat_map(|section| section.settings);
    settings.find(|setting| setting.key == key)
}
