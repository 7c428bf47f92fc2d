//! Data folder, database, its memory, and audit retention.

use std::path::PathBuf;

use super::ConfigError;
use super::section::section;
use crate::store::{DatabaseUrl, Location, MemorySettings, OpenError};

section! {
    /// Data folder, database, its memory, and audit retention.
    pub struct Store {
        /// Folder for the generated signing key and the embedded database.
        #[setting(flag = "DIR", allowed = Words("a folder path"))]
        data_dir: PathBuf = PathBuf::from("./data");

        /// Database URL. `check-config` masks the password in it.
        #[setting(
            flag = "URL",
            allowed = Words("surrealkv://PATH, mem:// or ws[s]://USER:PASSWORD@HOST/NAMESPACE/DATABASE"),
            unset = "`surrealkv://DIR/db`, with `data_dir` for DIR"
        )]
        database: Option<DatabaseUrl> = None;

        /// Memory of an embedded database for its newest changes, in MiB. Up to two full memtables wait to be written to
        /// disk, so up to three times as much is used. A transaction must fit into one.
        #[setting(flag = "MIB", allowed = Range(16, 4_095))]
        store_memtable_mib: u32 = 64;

        /// Memory of an embedded database for blocks read from disk, in MiB.
        #[setting(flag = "MIB", allowed = Range(16, 1 << 20))]
        store_block_cache_mib: u32 = 64;

        /// Retention of audit events, in days.
        #[setting(flag = "DAYS", allowed = Range(1, 36_500))]
        audit_retention_days: u32 = 365;
    }
}

impl Store {
    /// The database URL.
    #[must_use]
    pub fn url(&self) -> DatabaseUrl {
        self.database
            .clone()
            .unwrap_or_else(|| format!("surrealkv://{}", self.data_dir.join("db").display()).into())
    }

    /// The location of the database.
    ///
    /// # Errors
    /// The URL is not allowed.
    pub fn location(&self) -> Result<Location, OpenError> {
        self.url().reveal().parse()
    }

    /// The memory settings of an embedded database.
    #[must_use]
    pub fn memory(&self) -> MemorySettings {
        MemorySettings {
            memtable_mib: self.store_memtable_mib,
            block_cache_mib: self.store_block_cache_mib,
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match self.location() {
            Ok(_) => Ok(()),
            Err(error) => Err(ConfigError(error.to_string())),
        }
    }
}
