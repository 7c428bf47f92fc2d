//! How much a principal may spend: cost units an hour by role, and how fast.
//!
//! The GraphQL layer asks [`Quotas::spend`] with the `@cost` of what is about to run, before it runs, and gives it back
//! when the server could not do it. Hours are those of the clock, so that all processes mean the same one. Where they
//! share the database, the hour's count is kept there; the pace is each process's own.

mod records;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;

use crate::access::Actor;
use crate::clock::Clock;
use crate::store::{self, Store};

const HOUR_SECONDS: i64 = 3600;
const REMEMBERED: u64 = 100_000;
const FORGOTTEN_AFTER: Duration = Duration::from_secs(2 * 3600);

/// What may be spent; the configuration fills it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Cost units an hour by role. Of a caller's roles the one with the most counts; a caller none of whose roles is
    /// named here has no limit.
    pub hourly: BTreeMap<String, u64>,
    /// Cost units a second by role, in the long run; chosen like `hourly`. After a pause the units of
    /// [`BURST_SECONDS`] seconds may come at once.
    pub per_second: BTreeMap<String, u32>,
    /// The most cost units of one operation by role; chosen like `hourly`. Who has none of these roles may spend
    /// [`MOST_AT_ONCE`].
    pub at_once: BTreeMap<String, u32>,
}

/// Cost units of one operation, for those whose roles say nothing else: enough for the longest ranking (200 texts).
pub const MOST_AT_ONCE: u32 = 5_000;

/// For how many seconds somebody who asks for nothing saves up.
pub const BURST_SECONDS: u32 = 10;

/// Why something may not be spent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The hour's units are used up: `QUOTA_EXCEEDED`.
    #[error("the quota of {limit} cost units an hour is used up")]
    QuotaExceeded {
        /// Units an hour.
        limit: u64,
        /// When the next hour begins; so long it is pointless to come back, unless for something cheaper.
        retry_after: Duration,
    },
    /// They are spent too fast: `RATE_LIMITED`.
    #[error("too many requests; try again in {} s", retry_after.as_secs().max(1))]
    RateLimited {
        /// When this will be let through, if nothing else is asked for meanwhile.
        retry_after: Duration,
    },
    /// The shared count cannot be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// How a principal stands in this hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Units an hour; none if there is no limit.
    pub limit: Option<u64>,
    /// Units spent.
    pub used: u64,
    /// When the hour ends.
    pub resets_at: DateTime<Utc>,
}

/// Whose spending is counted together: an account with all its sessions and keys, or everybody without a token at one
/// address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    key: String,
    roles: Vec<String>,
}

impl Principal {
    /// The principal behind a request.
    #[must_use]
    pub fn of(actor: &Actor, address: Option<IpAddr>) -> Self {
        let key = match (actor.id(), address) {
            (Some(id), _) => format!("user {id}"),
            (None, Some(address)) => Self::guest_at(address),
            (None, None) => "guest".to_owned(),
        };
        Self {
            key,
            roles: actor.roles().to_vec(),
        }
    }

    /// What everybody without a token at one address is known by; of IPv6 the network counts.
    #[must_use]
    pub fn guest_at(address: IpAddr) -> String {
        format!("guest {}", crate::identity::network(address))
    }
}

#[derive(Debug, Clone, Copy)]
struct Account {
    ends_at: DateTime<Utc>,
    used: u64,
    /// When all that was spent so far will have been earned at the permitted pace (GCRA, ITU-T I.371).
    earned_at: DateTime<Utc>,
}

impl Account {
    /// Something dearer than a burst is let through after a pause, and paid for by a longer one.
    fn pace(&mut self, per_second: Option<u32>, cost: u32, now: DateTime<Utc>) -> Result<(), Error> {
        let Some(per_second) = per_second else { return Ok(()) };
        let burst = per_second.saturating_mul(BURST_SECONDS);
        let earning = |units: u32| TimeDelta::microseconds(i64::from(units) * 1_000_000 / i64::from(per_second.max(1)));
        let begins_at = self.earned_at.max(now);
        let ready = begins_at + earning(cost.min(burst)) - earning(burst);
        if now < ready {
            let retry_after = (ready - now).to_std().unwrap_or_default();
            return Err(Error::RateLimited { retry_after });
        }
        self.earned_at = begins_at + earning(cost);
        Ok(())
    }
}

/// The counts. Share it in an `Arc`.
pub struct Quotas {
    settings: Settings,
    store: Arc<Store>,
    shared: bool,
    clock: Arc<dyn Clock>,
    accounts: Cache<String, Arc<Mutex<Account>>>,
    /// The end of the hour before which the shared counts were last cleared away, in seconds since 1970.
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
    /// Counts in memory, or in the store if other processes share it.
    #[must_use]
    pub fn new(settings: Settings, store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        let accounts = Cache::builder()
            .max_capacity(REMEMBERED)
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

    /// The most cost units that one operation of the principal may have.
    #[must_use]
    pub fn most_at_once(&self, who: &Principal) -> u32 {
        most(&self.settings.at_once, who).unwrap_or(MOST_AT_ONCE)
    }

    /// Spends `cost` units, all or none.
    ///
    /// # Errors
    /// [`Error::QuotaExceeded`], [`Error::RateLimited`], [`Error::Store`].
    pub async fn spend(&self, who: &Principal, cost: u32) -> Result<(), Error> {
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

    /// Gives back what was spent on something that the server then could not do.
    pub async fn refund(&self, who: &Principal, cost: u32) {
        let now = self.clock.now();
        let cost = u64::from(cost);
        if self.shared && self.limit(who).is_some() {
            if let Err(error) = records::refund(&self.store, &who.key, hour_end(now), cost).await {
                tracing::warn!(%error, "cost units could not be given back");
            }
        } else {
            self.with(who, now, |account| account.used = account.used.saturating_sub(cost));
        }
    }

    /// How the principal stands.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn usage(&self, who: &Principal) -> Result<Usage, Error> {
        let now = self.clock.now();
        let (limit, resets_at) = (self.limit(who), hour_end(now));
        let used = if self.shared && limit.is_some() {
            records::used(&self.store, &who.key, resets_at).await?
        } else {
            self.with(who, now, |account| account.used)
        };
        Ok(Usage { limit, used, resets_at })
    }

    fn limit(&self, who: &Principal) -> Option<u64> {
        most(&self.settings.hourly, who)
    }

    fn keep_pace(&self, who: &Principal, cost: u32, now: DateTime<Utc>) -> Result<(), Error> {
        let pace = most(&self.settings.per_second, who);
        self.with(who, now, |account| account.pace(pace, cost, now))
    }

    fn with<T>(&self, who: &Principal, now: DateTime<Utc>, work: impl FnOnce(&mut Account) -> T) -> T {
        let ends_at = hour_end(now);
        let fresh = || {
            Arc::new(Mutex::new(Account {
                ends_at,
                used: 0,
                earned_at: now,
            }))
        };
        let account = self.accounts.get_with_by_ref(&who.key, fresh);
        let mut account = account.lock().unwrap_or_else(PoisonError::into_inner);
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
            tracing::warn!(%error, "the spending of past hours could not be cleared away");
        }
    }
}

/// Of the caller's roles that are named the one with the most.
fn most<T: Copy + Ord>(by_role: &BTreeMap<String, T>, who: &Principal) -> Option<T> {
    who.roles.iter().filter_map(|role| by_role.get(role)).max().copied()
}

fn hour_end(now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = (now.timestamp().div_euclid(HOUR_SECONDS) + 1) * HOUR_SECONDS;
    DateTime::from_timestamp(seconds, 0).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    //! The counts; that fields are charged at all is shown where the schema is tested.

    use super::*;
    use crate::access::{ADMIN, GUEST, Permissions, USER};
    use crate::clock::ShiftedClock;

    struct Shop {
        store: Arc<Store>,
        clock: ShiftedClock,
    }

    impl Shop {
        /// The clock stands at the beginning of an hour.
        async fn open() -> Self {
            let clock = ShiftedClock::default();
            clock.advance(hour_end(clock.now()) - clock.now());
            let store = Arc::new(Store::open("mem://").await.unwrap());
            Self { store, clock }
        }

        fn quotas(&self, per_second: Option<u32>) -> Quotas {
            let hourly = [
                (USER.to_owned(), 100),
                ("HEAVY".to_owned(), 1000),
                (GUEST.to_owned(), 10),
            ];
            let settings = Settings {
                hourly: hourly.into(),
                per_second: per_second.map(|units| (ADMIN.to_owned(), units)).into_iter().collect(),
                at_once: BTreeMap::from([(USER.to_owned(), 40), ("HEAVY".to_owned(), 4_000)]),
            };
            Quotas::new(settings, Arc::clone(&self.store), Arc::new(self.clock.clone()))
        }
    }

    fn user(name: &str, roles: &[&str]) -> Principal {
        let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
        Principal::of(&Actor::user(name, roles, Permissions::NONE), None)
    }

    #[tokio::test]
    async fn an_hour_s_units_are_spent_exactly_and_come_back_with_the_next() {
        let shop = Shop::open().await;
        let mut one = shop.quotas(None);
        let mut other = shop.quotas(None);
        for shared in [false, true] {
            (one.shared, other.shared) = (shared, shared);
            // With a shared count the second process goes on where the first one was.
            let second = if shared { &other } else { &one };
            let ann = user(&format!("ann{shared}"), &[USER]);
            for _ in 0..5 {
                one.spend(&ann, 10).await.unwrap();
                second.spend(&ann, 9).await.unwrap();
            }
            match one.spend(&ann, 6).await {
                Err(Error::QuotaExceeded {
                    limit: 100,
                    retry_after,
                }) => assert!(retry_after.as_secs() > 3000),
                outcome => panic!("{outcome:?}"),
            }
            one.spend(&ann, 5).await.unwrap();
            assert!(second.spend(&ann, 1).await.is_err());
            let usage = second.usage(&ann).await.unwrap();
            assert_eq!((usage.limit, usage.used), (Some(100), 100));
            second.refund(&ann, 40).await;
            one.spend(&ann, 40).await.unwrap();
            one.spend(&user("bob", &[USER]), 1).await.unwrap();
            shop.clock.advance(TimeDelta::hours(1));
            assert_eq!(one.usage(&ann).await.unwrap().used, 0);
            one.spend(&ann, 100).await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_most_generous_role_counts_and_guests_are_told_apart_by_address() {
        let shop = Shop::open().await;
        let quotas = shop.quotas(None);
        let limit = async |who: &Principal| quotas.usage(who).await.unwrap().limit;
        assert_eq!(limit(&user("ann", &[USER, "HEAVY", "IDLE"])).await, Some(1000));
        assert_eq!(limit(&user("root", &[ADMIN])).await, None);
        quotas.spend(&user("root", &[ADMIN]), u32::MAX).await.unwrap();
        assert_eq!(quotas.most_at_once(&user("ann", &[USER, "HEAVY", "IDLE"])), 4_000);
        assert_eq!(quotas.most_at_once(&user("ann", &[USER])), 40);
        assert_eq!(quotas.most_at_once(&user("root", &[ADMIN])), MOST_AT_ONCE);
        let guest = |address: &str| Principal::of(&Actor::guest(), Some(address.parse().unwrap()));
        quotas.spend(&guest("192.0.2.1"), 10).await.unwrap();
        assert!(quotas.spend(&guest("192.0.2.1"), 1).await.is_err());
        quotas.spend(&guest("192.0.2.2"), 10).await.unwrap();
        quotas.spend(&guest("2001:db8::1"), 10).await.unwrap();
        assert!(quotas.spend(&guest("2001:db8::2"), 1).await.is_err());
    }

    #[tokio::test]
    async fn who_spends_too_fast_waits_as_long_as_told() {
        let shop = Shop::open().await;
        let quotas = shop.quotas(Some(2));
        let root = user("root", &[ADMIN]);
        quotas.spend(&root, 10).await.unwrap();
        quotas.spend(&root, 9).await.unwrap();
        let Err(Error::RateLimited { retry_after }) = quotas.spend(&root, 20).await else {
            panic!("too fast");
        };
        assert!((7000..=9500).contains(&retry_after.as_millis()), "{retry_after:?}");
        shop.clock
            .advance(TimeDelta::from_std(retry_after).unwrap() + TimeDelta::milliseconds(1));
        quotas.spend(&root, 20).await.unwrap();
        quotas.spend(&user("ann", &[ADMIN]), 20).await.unwrap();
        // Dearer than a burst: once, after a pause.
        shop.clock.advance(TimeDelta::minutes(1));
        quotas.spend(&root, 50).await.unwrap();
        assert!(quotas.spend(&root, 1).await.is_err());
        shop.clock.advance(TimeDelta::seconds(30));
        quotas.spend(&root, 1).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_crowd_does_not_overspend() {
        let shop = Shop::open().await;
        let mut quotas = shop.quotas(None);
        for shared in [false, true] {
            quotas.shared = shared;
            let ann = user(&format!("ann{shared}"), &[USER]);
            let all = (0..24).map(|_| quotas.spend(&ann, 10));
            let outcomes = futures_util::future::join_all(all).await;
            let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(served, 10, "{outcomes:?}");
        }
    }
}
