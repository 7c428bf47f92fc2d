//! Quotas and rate limits: cost units per hour and per second, by role.
//!
//! The GraphQL layer calls [`Quotas::spend`] with the `@cost` of an operation before it runs, and refunds the cost if
//! the server fails. Hours are hours of the clock, so that all processes agree on them. If processes share the
//! database, the hourly count is kept there; rate limits are per process.

mod bucket;
mod records;
mod subject;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use parking_lot::Mutex;

use self::bucket::Bucket;
pub use self::subject::QuotaSubject;
use crate::clock::Clock;
use crate::store::{self, Store};

const HOUR_SECONDS: i64 = 3600;
/// The largest number of counts that are worth their memory.
pub const MOST_COUNTS: u64 = 100_000;
const FORGOTTEN_AFTER: Duration = Duration::from_secs(2 * 3600);

/// The limits, filled from the configuration.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Cost units per hour by role. The highest limit among the caller's roles applies; without any, there is no limit.
    pub hourly: BTreeMap<String, u64>,
    /// Cost units per second by role, on average; chosen as for `hourly`. Up to [`BURST_SECONDS`] seconds' worth may be
    /// spent at once.
    pub per_second: BTreeMap<String, u32>,
    /// Maximum cost units of one operation by role; chosen as for `hourly`. The default is [`MOST_AT_ONCE`].
    pub at_once: BTreeMap<String, u32>,
}

/// The default maximum cost of one operation: enough for the largest ranking (200 texts).
pub const MOST_AT_ONCE: u32 = 5_000;

/// The seconds of unused rate that may be spent at once.
pub const BURST_SECONDS: u32 = 10;

/// The reason why a cost may not be spent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The quota of the hour is used up: `QUOTA_EXCEEDED`.
    #[error("the quota of {limit} cost units an hour is used up")]
    QuotaExceeded {
        /// Units per hour.
        limit: u64,
        /// The time until the next hour. A cheaper operation may be allowed earlier.
        retry_after: Duration,
    },
    /// The rate limit is exceeded: `RATE_LIMITED`.
    #[error("too many requests; try again in {} s", retry_after.as_secs().max(1))]
    RateLimited {
        /// The time after which the same cost will be allowed, if nothing else is spent.
        retry_after: Duration,
    },
    /// The shared count failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The usage of the current hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Units per hour; `None` without a limit.
    pub limit: Option<u64>,
    /// Units spent.
    pub used: u64,
    /// When the hour ends.
    pub resets_at: DateTime<Utc>,
    /// The maximum cost of one operation.
    pub at_once: u32,
}

/// The quotas and their counts. Share it in an `Arc`.
pub struct Quotas {
    settings: Settings,
    store: Arc<Store>,
    shared: bool,
    clock: Arc<dyn Clock>,
    accounts: Cache<String, Arc<Mutex<Bucket>>>,
    /// The end of the hour before which shared counts were last removed, in seconds since 1970.
    cleared: AtomicI64,
}

impl std::fmt::Debug for Quotas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quotas")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Quotas {
    /// Counts in memory, or in the store if several processes share it. At most `remembered` counts are in memory; the
    /// least used are evicted.
    #[must_use]
    pub fn new(settings: Settings, remembered: u64, store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        let accounts = Cache::builder()
            .max_capacity(remembered)
            .time_to_idle(FORGOTTEN_AFTER)
            .build();
        Self {
            settings,
            shared: store.is_shared(),
            store,
            clock,
            accounts,
            cleared: AtomicI64::new(0),
        }
    }

    /// The maximum cost of one operation of the subject.
    #[must_use]
    pub fn most_at_once(&self, who: &QuotaSubject) -> u32 {
        most(&self.settings.at_once, who).unwrap_or(MOST_AT_ONCE)
    }

    /// Spends `cost` units, or none.
    ///
    /// # Errors
    /// [`Error::QuotaExceeded`], [`Error::RateLimited`], [`Error::Store`].
    pub async fn spend(&self, who: &QuotaSubject, cost: u32) -> Result<(), Error> {
        let now = self.clock.now();
        let ends_at = hour_end(now);
        let limit = self.limit(who);
        let cost_units = u64::from(cost);
        let exceeded = |limit| Error::QuotaExceeded {
            limit,
            retry_after: (ends_at - now).to_std().unwrap_or_default(),
        };
        if let (true, Some(limit)) = (self.shared, limit) {
            self.keep_pace(who, cost, now)?;
            self.clear(now).await;
            return match records::spend(&self.store, &who.key, ends_at, cost_units, limit).await? {
                Some(_) => Ok(()),
                None => Err(exceeded(limit)),
            };
        }
        let pace = most(&self.settings.per_second, who);
        self.with(who, now, |account| {
            let used = account.used.saturating_add(cost_units);
            if let Some(limit) = limit.filter(|limit| used > *limit) {
                return Err(exceeded(limit));
            }
            account.pace(pace, cost, now)?;
            account.used = used;
            Ok(())
        })
    }

    /// Refunds the cost of an operation that the server failed to perform.
    pub async fn refund(&self, who: &QuotaSubject, cost: u32) {
        let now = self.clock.now();
        let cost = u64::from(cost);
        if self.shared && self.limit(who).is_some() {
            if let Err(error) = records::refund(&self.store, &who.key, hour_end(now), cost).await {
                tracing::warn!(%error, "failed to refund cost units");
            }
        } else {
            self.with(who, now, |account| account.used = account.used.saturating_sub(cost));
        }
    }

    /// The usage of the subject.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn usage(&self, who: &QuotaSubject) -> Result<Usage, Error> {
        let now = self.clock.now();
        let (limit, resets_at) = (self.limit(who), hour_end(now));
        let used = if self.shared && limit.is_some() {
            records::used(&self.store, &who.key, resets_at).await?
        } else {
            self.with(who, now, |account| account.used)
        };
        Ok(Usage {
            limit,
            used,
            resets_at,
            at_once: self.most_at_once(who),
        })
    }

    fn limit(&self, who: &QuotaSubject) -> Option<u64> {
        most(&self.settings.hourly, who)
    }

    fn keep_pace(&self, who: &QuotaSubject, cost: u32, now: DateTime<Utc>) -> Result<(), Error> {
        let pace = most(&self.settings.per_second, who);
        self.with(who, now, |account| account.pace(pace, cost, now))
    }

    fn with<T>(&self, who: &QuotaSubject, now: DateTime<Utc>, work: impl FnOnce(&mut Bucket) -> T) -> T {
        let ends_at = hour_end(now);
        let fresh = || {
            Arc::new(Mutex::new(Bucket {
                ends_at,
                used: 0,
                earned_at: now,
            }))
        };
        let account = self.accounts.get_with_by_ref(&who.key, fresh);
        let mut account = account.lock();
        if account.ends_at != ends_at {
            account.ends_at = ends_at;
            account.used = 0;
        }
        work(&mut account)
    }

    /// Once an hour.
    async fn clear(&self, now: DateTime<Utc>) {
        let end = hour_end(now).timestamp();
        if self.cleared.swap(end, Ordering::Relaxed) != end
            && let Err(error) = records::forget(&self.store, now).await
        {
            tracing::warn!(%error, "failed to remove the usage of past hours");
        }
    }
}

/// The highest limit among the caller's roles.
fn most<T: Copy + Ord>(by_role: &BTreeMap<String, T>, who: &QuotaSubject) -> Option<T> {
    who.roles.iter().filter_map(|role| by_role.get(role)).max().copied()
}

fn hour_end(now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = (now.timestamp().div_euclid(HOUR_SECONDS) + 1) * HOUR_SECONDS;
    DateTime::from_timestamp(seconds, 0).unwrap_or(now)
}
