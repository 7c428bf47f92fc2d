//! What is logged, and how.

use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::Targets;

use super::ConfigError;
use super::section::{Section as _, section};

section! {
    /// The log, written to standard error.
    pub struct Logging {
        /// Level to log (`error`, `warn`, `info`, `debug`, `trace` or `off`), or levels by module.
        // SurrealKV warns of every orderly end, since a thread of its own is the last to let go of a tree.
        #[setting(flag = "FILTER", allowed = Words("a level, or levels by module such as info,portcullis::http=debug"))]
        log: String = "info,surrealdb=warn,surrealkv=error".to_owned();

        /// Format of the log.
        #[setting(flag = "FORMAT", allowed = Words("text or json"))]
        log_format: LogFormat = LogFormat::Text;
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
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
