//! Log filter and format.

use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::Targets;

use super::ConfigError;
use super::section::{Section as _, section};

section! {
    /// Log filter and format. The log is written to standard error.
    pub struct Logging {
        /// Log level (`error`, `warn`, `info`, `debug`, `trace` or `off`), or log levels by module.
        // SurrealKV logs a warning at every clean shutdown, because its own thread drops the last reference to a tree.
        #[setting(flag = "FILTER", allowed = Words("a level, or levels by module such as info,portcullis::http=debug"))]
        log: String = "info,surrealdb=warn,surrealkv=error".to_owned();

        /// Log format: lines of text (`text`), or one JSON object per line (`json`).
        #[setting(flag = "FORMAT", allowed = Words("text or json"))]
        log_format: LogFormat = LogFormat::Text;
    }
}

/// Log format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Human-readable text.
    Text,
    /// One JSON object per line.
    Json,
}

impl Logging {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match self.log.parse::<Targets>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Self::refuse("log", &format!("{:?}", self.log))),
        }
    }
}
