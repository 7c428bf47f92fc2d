//! The log: `log`, `log_format`.

use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::Targets;

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
    if let Err(e) = config.log.parse::<Targets>() {
        let allowed = "a level, or levels of modules such as info,portcullis::http=debug";
        return refuse(format!("log: {:?} is not allowed: {e}; {allowed}", config.log));
    }
    Ok(())
}
