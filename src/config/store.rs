//! What is kept and where: `data_dir`, `database`, `store_memtable_mib`, `store_block_cache_mib`, `audit_retention_days`.

use super::{Config, ConfigError};
use crate::store;

impl Config {
    /// The store's URL.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("surrealkv://{}", self.data_dir.join("db").display()))
    }

    /// The memory of an embedded store.
    #[must_use]
    pub fn store_settings(&self) -> store::Settings {
        store::Settings {
            memtable_mib: self.store_memtable_mib,
            block_cache_mib: self.store_block_cache_mib,
        }
    }
}

pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    if !(1..=36_500).contains(&config.audit_retention_days) {
        return refuse(format!(
            "audit_retention_days: {} is not allowed: give 1 to 36500",
            config.audit_retention_days
        ));
    }
    for (key, value, most) in [
        // Memtables have addresses of 32 bits.
        ("store_memtable_mib", config.store_memtable_mib, 4_095),
        ("store_block_cache_mib", config.store_block_cache_mib, 1 << 20),
    ] {
        if !(16..=most).contains(&value) {
            return refuse(format!("{key}: {value} is not allowed: give 16 to {most}"));
        }
    }
    Ok(())
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
