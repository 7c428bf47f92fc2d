//! What is kept and where: `data_dir`, `database`, `audit_retention_days`.

use super::{Config, ConfigError};
use crate::store::{DatabaseUrl, Location};

impl Config {
    /// The store's URL.
    #[must_use]
    pub fn database_url(&self) -> DatabaseUrl {
        self.database
            .clone()
            .unwrap_or_else(|| format!("surrealkv://{}", self.data_dir.join("db").display()).into())
    }
}

pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    if let Err(error) = config.database_url().reveal().parse::<Location>() {
        return refuse(error.to_string());
    }
    if !(1..=36_500).contains(&config.audit_retention_days) {
        return refuse(format!(
            "audit_retention_days: {} is not allowed: give 1 to 36500",
            config.audit_retention_days
        ));
    }
    Ok(())
}
