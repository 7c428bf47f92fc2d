//! The log: `log`, `log_format`.

use serde::{Deserialize, Serialize};

use super::{Config, ConfigError};

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    if let Err(e) = tracing_subscriber::EnvFilter::try_new(&config.log) {
        return refuse(format!("log: {:?} is not allowed: {e}", config.log));
    }
    Ok(())
}
