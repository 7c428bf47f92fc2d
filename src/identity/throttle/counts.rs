//! The counts of failures, in memory or in the store.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use parking_lot::Mutex;

use crate::clock::Clock;
use crate::identity::error::Error;
use crate::identity::records::{self, PasswordFailures};
use crate::store::{self, Store};

/// The idle time after which a count is dropped; by then it has decayed to almost zero.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);
/// The maximum number of attempts to change a count in the store that other processes change at the same time.
const REPLACEMENTS: usize = 64;

pub(super) type Key = [u8; 32];

/// A number of failures, which decays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Count {
    pub(super) level: f64,
    pub(super) last: DateTime<Utc>,
}

impl Count {
    fn none(now: DateTime<Utc>) -> Self {
        Self { level: 0.0, last: now }
    }

    /// The count if it is not later than now: the clock may have been set back, and that of another process may be ahead,
    /// which must not extend a delay.
    fn at(self, now: DateTime<Utc>) -> Self {
        Self {
            last: self.last.min(now),
            ..self
        }
    }
}

/// The counts by key.
pub(super) enum Counts {
    InMemory(Cache<Key, Arc<Mutex<Count>>>),
    InStore(Arc<Store>),
}

impl Counts {
    /// Keeps at most so many counts; the least used are evicted. Adding one costs an attacker an Argon2 run.
    pub(super) fn in_memory(most: u64) -> Self {
        Self::InMemory(
            Cache::builder()
                .max_capacity(most)
                .time_to_idle(FORGOTTEN_AFTER)
                .build(),
        )
    }

    /// Reads a count, with the time at which it was read.
    pub(super) async fn read(&self, clock: &Arc<dyn Clock>, key: &Key) -> Result<(Count, DateTime<Utc>), Error> {
        match self {
            Self::InMemory(counts) => {
                let Some(slot) = counts.get(key) else {
                    let now = clock.now();
                    return Ok((Count::none(now), now));
                };
                let mut count = slot.lock();
                // Read under the lock: of two threads, the one that comes second must not be the earlier.
                let now = clock.now();
                *count = count.at(now);
                Ok((*count, now))
            }
            Self::InStore(store) => {
                let found = records::find_password_failures(store, key).await?;
                let now = clock.now();
                let count = found.map_or(Count::none(now), |found| stored(&found).at(now));
                Ok((count, now))
            }
        }
    }

    /// Reads and changes a count. In the store, `work` runs again if another process has changed it meanwhile.
    pub(super) async fn with<T>(
        &self,
        clock: &Arc<dyn Clock>,
        key: &Key,
        work: impl Fn(&mut Count, DateTime<Utc>) -> T,
    ) -> Result<T, Error> {
        match self {
            Self::InMemory(counts) => {
                let slot = counts.get_with(*key, || Arc::new(Mutex::new(Count::none(clock.now()))));
                let mut count = slot.lock();
                // As in `read`.
                let now = clock.now();
                *count = count.at(now);
                Ok(work(&mut count, now))
            }
            Self::InStore(store) => with_stored(store, clock, key, work).await,
        }
    }

    /// Removes a count.
    pub(super) async fn remove(&self, key: &Key) -> Result<(), Error> {
        match self {
            Self::InMemory(counts) => {
                counts.invalidate(key);
                Ok(())
            }
            Self::InStore(store) => Ok(records::remove_password_failures(store, key).await?),
        }
    }

    /// Removes counts in the store that have decayed.
    pub(super) async fn sweep(&self, now: DateTime<Utc>) -> Result<(), Error> {
        if let Self::InStore(store) = self {
            let age = TimeDelta::from_std(FORGOTTEN_AFTER).unwrap_or_default();
            records::forget_password_failures(store, now - age).await?;
        }
        Ok(())
    }
}

async fn with_stored<T>(
    store: &Store,
    clock: &Arc<dyn Clock>,
    key: &Key,
    work: impl Fn(&mut Count, DateTime<Utc>) -> T,
) -> Result<T, Error> {
    for _ in 0..REPLACEMENTS {
        let found = records::find_password_failures(store, key).await?;
        let now = clock.now();
        let changes = found.as_ref().map_or(0, |found| found.changes);
        let before = found.map_or(Count::none(now), |found| stored(&found).at(now));
        let mut after = before;
        let outcome = work(&mut after, now);
        let changed = PasswordFailures {
            level: after.level,
            failed_at: after.last,
            changes,
        };
        if after == before || records::replace_password_failures(store, key, changed).await? {
            return Ok(outcome);
        }
    }
    Err(store::Error::Conflict.into())
}

fn stored(found: &PasswordFailures) -> Count {
    Count {
        level: found.level,
        last: found.failed_at,
    }
}
