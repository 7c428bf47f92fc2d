//! The memory of the server.

use std::thread::available_parallelism;

use super::Config;
use super::section::section;
use crate::memory::{Division, Facts, Limits, MemorySize, StoreMemory};
use crate::store::MemorySettings;

section! {
    /// Memory of the server, divided between its caches, queues and buffers. See
    /// [operations/store.md](operations/store.md#memory).
    pub struct Memory {
        /// Memory of the server, with the processes that read documents. `store_memtable_mib` and
        /// `store_block_cache_mib` take precedence over their shares of it.
        #[setting(
            flag = "SIZE",
            allowed = Words("a size of at least 512MiB, such as 768MiB or 2GiB"),
            unset = "half of the machine's memory or three quarters of its cgroup's limit, the smaller of the two, but at least 512MiB"
        )]
        memory: Option<MemorySize> = None;
    }
}

impl Config {
    /// The sizes of the caches, queues and buffers, by the settings and the limits of this system.
    #[must_use]
    pub fn division(&self) -> Division {
        self.division_within(Limits::read(), available_parallelism().map_or(1, usize::from))
    }

    /// The memory settings of the store.
    #[must_use]
    pub fn store_memory(&self) -> MemorySettings {
        let division = self.division();
        MemorySettings {
            // Without a share if the store is not embedded.
            memtable_mib: division.memtable_mib().max(16),
            block_cache_mib: division.block_cache_mib().max(16),
        }
    }

    fn division_within(&self, limits: Limits, cores: usize) -> Division {
        let is_embedded = self.store.location().is_ok_and(|location| location.path().is_some());
        Division::new(&Facts {
            memory: self.memory.memory.unwrap_or_else(|| limits.default_memory()),
            cores,
            store: is_embedded.then_some(StoreMemory {
                memtable_mib: self.store.store_memtable_mib,
                block_cache_mib: self.store.store_block_cache_mib,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    //! The settings that decide on the division. `memory` tests the arithmetic and the limits.

    use super::*;
    use crate::config::Store;

    const LIMITS: Limits = Limits {
        machine: Some(16 << 30),
        group: Some(2 << 30),
    };

    fn division(config: &Config) -> Division {
        config.division_within(LIMITS, 2)
    }

    fn with_memory(text: &str) -> Memory {
        Memory {
            memory: text.parse().ok(),
        }
    }

    #[test]
    fn the_setting_takes_precedence_over_the_limits_of_the_system() {
        let config = Config::default();
        assert_eq!(division(&config).memory().to_string(), "1536MiB");
        let config = Config {
            memory: with_memory("1GiB"),
            ..Config::default()
        };
        assert_eq!(division(&config).memory().to_string(), "1GiB");
    }

    #[test]
    fn only_an_embedded_database_has_a_share_and_its_own_settings_apply() {
        let config = |database: Option<&str>, memtable_mib| Config {
            memory: with_memory("1GiB"),
            store: Store {
                database: database.map(Into::into),
                store_memtable_mib: memtable_mib,
                ..Store::default()
            },
            ..Config::default()
        };
        let embedded = division(&config(None, None));
        assert!((17..64).contains(&embedded.memtable_mib()), "{embedded}");
        assert_eq!(division(&config(None, Some(60))).memtable_mib(), 60);
        let remote = config(Some("ws://db.example.org/ns/db"), None);
        assert_eq!(division(&remote).memtable_mib(), 0);
        assert!(division(&remote).bodies() > embedded.bodies());
        // Every value that the store is given is allowed.
        assert_eq!(remote.store_memory().memtable_mib, 16);
    }
}
