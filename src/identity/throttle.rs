//! Throttling of password guesses, without locking out the owner.
//!
//! Failures are counted per account and per address. Beyond a free allowance, each failure increases the delay before
//! the next attempt, up to a maximum. An attempt that is too early is refused before it is hashed and does not extend
//! the delay. An address from which the account has signed in before has its own count, so failures from other
//! addresses do not delay the owner. Names without an account are counted like all others.
//!
//! The counts are in memory, or in the store if several processes share it.
//!
//! `login` creates an [`Attempt`] for every password. The hasher checks it again before hashing, so that queued
//! attempts do not bypass the limit.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use parking_lot::Mutex;

use super::error::Error;
use super::records::{self, PasswordFailures};
use crate::clock::Clock;
use crate::store::{self, Store};

/// The maximum number of counts; the least used are evicted. Adding one costs an attacker an Argon2 run.
const REMEMBERED: u64 = 200_000;
/// The idle time after which a count is dropped; by then it has decayed to almost zero.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);
/// The maximum number of attempts to change a count in the store that other processes change at the same time.
const REPLACEMENTS: usize = 64;
/// The number of bytes of a name that are counted; longer names are truncated.
const NAME_BYTES: usize = 512;

/// The settings of throttling.
#[derive(Debug, Clone, Copy)]
pub struct Throttling {
    /// The number of failures per account without delay.
    pub account_failures: u32,
    /// The number of failures per address without delay.
    pub address_failures: u32,
    /// The first delay; it doubles with each failure.
    pub first_delay: Duration,
    /// The maximum delay, which bounds how long an attacker can delay a stranger's login.
    pub longest_delay: Duration,
    /// The time in which a count decays by half.
    pub half_life: Duration,
}

impl Default for Throttling {
    fn default() -> Self {
        Self {
            account_failures: 10,
            // Many people may share an address.
            address_failures: 300,
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(30),
            half_life: Duration::from_secs(15 * 60),
        }
    }
}

/// The group whose failures are counted together.
#[derive(Debug, Clone, Copy)]
pub(super) enum Guesser<'a> {
    /// Addresses from which the account has never signed in.
    Stranger,
    /// An address from which the account has signed in.
    Familiar(IpAddr),
    /// The holder of a session of the account, asked for the password again.
    Holder(&'a str),
}

type Key = [u8; 32];
type Slot = Arc<Mutex<Count>>;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Count {
    level: f64,
    last: DateTime<Utc>,
}

/// The counts of failures. Share it in an `Arc`.
pub(super) struct Throttle {
    settings: Throttling,
    clock: Arc<dyn Clock>,
    counts: Counts,
}

enum Counts {
    InMemory(Cache<Key, Slot>),
    InStore(Arc<Store>),
}

impl Throttle {
    pub(super) fn new(settings: Throttling, store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        if store.is_shared() {
            let counts = Counts::InStore(store);
            return Self {
                settings,
                clock,
                counts,
            };
        }
        Self::in_memory(settings, clock)
    }

    pub(super) fn in_memory(settings: Throttling, clock: Arc<dyn Clock>) -> Self {
        let counts = Cache::builder()
            .max_capacity(REMEMBERED)
            .time_to_idle(FORGOTTEN_AFTER)
            .build();
        Self {
            settings,
            clock,
            counts: Counts::InMemory(counts),
        }
    }

    /// Removes counts in the store that have decayed.
    pub(super) async fn sweep(&self) -> Result<(), Error> {
        if let Counts::InStore(store) = &self.counts {
            let age = TimeDelta::from_std(FORGOTTEN_AFTER).unwrap_or_default();
            records::forget_password_failures(store, self.clock.now() - age).await?;
        }
        Ok(())
    }

    /// Creates an attempt at the account with this name, which need not exist.
    pub(super) fn attempt(self: &Arc<Self>, name: &str, guesser: Guesser<'_>, address: Option<IpAddr>) -> Attempt {
        let name = &name.as_bytes()[..name.len().min(NAME_BYTES)];
        let (account, address) = match guesser {
            Guesser::Stranger => (key(&[b"account", name]), address),
            // The address is known to the account, so failures at other accounts from it must not delay the owner.
            Guesser::Familiar(address) => (key(&[b"familiar", name, network(address).as_bytes()]), None),
            Guesser::Holder(session) => (key(&[b"holder", name, session.as_bytes()]), None),
        };
        let limit = |key, free| (key, f64::from(free));
        let mut limits = vec![limit(account, self.settings.account_failures)];
        limits.extend(address.map(|address| {
            let network = network(address);
            limit(key(&[b"address", network.as_bytes()]), self.settings.address_failures)
        }));
        Attempt {
            throttle: Arc::clone(self),
            limits,
        }
    }

    /// Reads and changes a count. In the store, `work` runs again if another process has changed it meanwhile.
    async fn with<T>(&self, key: &Key, work: impl Fn(&mut Count, DateTime<Utc>) -> T) -> Result<T, Error> {
        match &self.counts {
            Counts::InMemory(counts) => {
                let slot = counts.get_with(*key, || {
                    let last = self.clock.now();
                    Arc::new(Mutex::new(Count { level: 0.0, last }))
                });
                let mut count = slot.lock();
                // Read under the lock: of two threads, the one that comes second must not be the earlier.
                let now = self.clock.now();
                // The clock may have been set back, which must not extend a delay.
                count.last = count.last.min(now);
                Ok(work(&mut count, now))
            }
            Counts::InStore(store) => self.with_stored(store, key, work).await,
        }
    }

    async fn with_stored<T>(
        &self,
        store: &Store,
        key: &Key,
        work: impl Fn(&mut Count, DateTime<Utc>) -> T,
    ) -> Result<T, Error> {
        for _ in 0..REPLACEMENTS {
            let found = records::find_password_failures(store, key).await?;
            let now = self.clock.now();
            let (level, last, changes) = match found {
                Some(found) => (found.level, found.failed_at, found.changes),
                None => (0.0, now, 0),
            };
            // The clock of another process may be ahead, which must not extend a delay.
            let before = Count {
                level,
                last: last.min(now),
            };
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

    fn delay(&self, level: f64, free: f64) -> TimeDelta {
        let longest = self.settings.longest_delay;
        let delay = if level.round() < free {
            Duration::ZERO
        } else {
            let doublings = (level.round() - free).min(30.0);
            longest.min(self.settings.first_delay.mul_f64(doublings.exp2()))
        };
        TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX)
    }

    /// Returns the maximum of a count, which ensures that it decays soon after a long attack.
    fn most(&self, free: f64) -> f64 {
        let ratio = self.settings.longest_delay.as_secs_f64() / self.settings.first_delay.as_secs_f64().max(1e-3);
        free + ratio.max(1.0).log2().ceil() + 1.0
    }

    /// Returns the level of a count after decay.
    fn faded(&self, count: Count, now: DateTime<Utc>) -> f64 {
        let passed = (now - count.last).to_std().unwrap_or_default().as_secs_f64();
        count.level * (-passed / self.settings.half_life.as_secs_f64().max(1e-3)).exp2()
    }
}

/// An attempt with one password.
#[derive(Clone)]
pub(super) struct Attempt {
    throttle: Arc<Throttle>,
    /// The key of each count and its number of free failures; the account comes first.
    limits: Vec<(Key, f64)>,
}

impl Attempt {
    /// Checks whether the attempt is too early, without side effects.
    pub(super) async fn peek(&self) -> Result<(), Error> {
        self.check(false).await
    }

    /// Checks whether the attempt is too early. If delays apply, the delay of the next attempt starts now, whatever the
    /// result.
    pub(super) async fn enter(&self) -> Result<(), Error> {
        self.peek().await?;
        self.check(true).await
    }

    async fn check(&self, enter: bool) -> Result<(), Error> {
        for (key, free) in &self.limits {
            let admitted = self.throttle.with(key, |count, now| {
                let faded = self.throttle.faded(*count, now);
                let ready = count.last + self.throttle.delay(count.level, *free);
                if now < ready {
                    let retry_after = (ready - now).to_std().unwrap_or_default();
                    return Err(Error::TooManyAttempts { retry_after });
                }
                if enter && faded.round() >= *free {
                    *count = Count {
                        level: faded,
                        last: now,
                    };
                }
                Ok(())
            });
            admitted.await??;
        }
        Ok(())
    }

    /// Records a wrong password.
    pub(super) async fn failed(&self) -> Result<(), Error> {
        for (key, free) in &self.limits {
            let counted = self.throttle.with(key, |count, now| {
                let level = (self.throttle.faded(*count, now) + 1.0).min(self.throttle.most(*free));
                *count = Count { level, last: now };
            });
            counted.await?;
        }
        Ok(())
    }

    /// Records a correct password, which resets the count of the account. The count of the address is kept; otherwise
    /// an attacker could reset it by signing in to their own account.
    pub(super) async fn succeeded(&self) -> Result<(), Error> {
        match (self.limits.first(), &self.throttle.counts) {
            (Some((key, _)), Counts::InMemory(counts)) => counts.invalidate(key),
            (Some((key, _)), Counts::InStore(store)) => records::remove_password_failures(store, key).await?,
            (None, _) => {}
        }
        Ok(())
    }
}

/// Returns the network usually assigned to one customer: an IPv4 address, or the /64 prefix of an IPv6 address.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn key(parts: &[&[u8]]) -> Key {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part);
    }
    let mut key = [0; 32];
    key.copy_from_slice(context.finish().as_ref());
    key
}

#[cfg(test)]
mod tests {
    //! Counts only. Logins are tested in `identity::tests::password_guessing`.

    use futures_util::FutureExt as _;

    use super::*;
    use crate::clock::ShiftedClock;

    /// The result of an attempt whose counts are in memory.
    fn at_once<T>(outcome: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        outcome.now_or_never().expect("counts in memory need no waiting")
    }

    fn throttle() -> (Arc<Throttle>, ShiftedClock) {
        let clock = ShiftedClock::default();
        let settings = Throttling {
            address_failures: 20,
            ..Throttling::default()
        };
        let throttle = Throttle::in_memory(settings, Arc::new(clock.clone()));
        (Arc::new(throttle), clock)
    }

    fn wait(attempt: &Attempt) -> u64 {
        match at_once(attempt.peek()) {
            Err(Error::TooManyAttempts { retry_after }) => retry_after.as_secs_f64().round() as u64,
            Ok(()) => 0,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn concurrent_attempts_are_not_early() {
        let (throttle, _) = throttle();
        let attempt = || throttle.attempt("ann", Guesser::Stranger, None);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..200).for_each(|_| at_once(attempt().enter()).unwrap()));
            }
        });
    }

    #[test]
    fn a_clock_set_back_does_not_extend_a_delay() {
        let (throttle, clock) = throttle();
        let attempt = throttle.attempt("ann", Guesser::Stranger, None);
        (0..12).for_each(|_| at_once(attempt.failed()).unwrap());
        let before = wait(&attempt);
        clock.advance(TimeDelta::minutes(-10));
        assert_eq!(wait(&attempt), before);
    }

    #[test]
    fn delays_grow_to_a_maximum_and_decay() {
        let (throttle, clock) = throttle();
        let attempt = throttle.attempt("ann", Guesser::Stranger, None);
        let mut waits = Vec::new();
        for _ in 0..20 {
            at_once(attempt.enter()).unwrap();
            at_once(attempt.failed()).unwrap();
            let seconds = wait(&attempt);
            waits.push(seconds);
            clock.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap() + 1));
        }
        assert_eq!(waits[..9], [0; 9]);
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert_eq!(waits[9], 1);
        assert_eq!(waits[19], 30);
        clock.advance(TimeDelta::hours(1));
        for _ in 0..5 {
            at_once(attempt.enter()).unwrap();
            at_once(attempt.failed()).unwrap();
        }
        assert_eq!(wait(&attempt), 0);
    }

    #[test]
    fn early_attempts_do_not_extend_the_delay_and_only_one_is_admitted() {
        let (throttle, clock) = throttle();
        let attempt = throttle.attempt("ann", Guesser::Stranger, None);
        for _ in 0..30 {
            at_once(attempt.failed()).unwrap();
        }
        clock.advance(TimeDelta::seconds(20));
        for _ in 0..1000 {
            assert!(at_once(attempt.enter()).is_err());
        }
        clock.advance(TimeDelta::seconds(10));
        at_once(attempt.enter()).unwrap();
        assert!(
            at_once(attempt.enter()).is_err(),
            "only one attempt is admitted at a time"
        );
    }

    #[test]
    fn success_clears_the_account_but_not_the_address() {
        let (throttle, _clock) = throttle();
        let here = Some("192.0.2.1".parse().unwrap());
        let mine = throttle.attempt("mallory", Guesser::Stranger, here);
        for n in 0..20 {
            let theirs = throttle.attempt(&format!("user{n}"), Guesser::Stranger, here);
            at_once(theirs.failed()).unwrap();
            at_once(mine.succeeded()).unwrap();
        }
        assert!(wait(&mine) > 0);
        let elsewhere = Some("192.0.2.2".parse().unwrap());
        assert_eq!(wait(&throttle.attempt("mallory", Guesser::Stranger, elsewhere)), 0);
        let owner = throttle.attempt("user1", Guesser::Familiar("192.0.2.1".parse().unwrap()), here);
        assert_eq!(
            wait(&owner),
            0,
            "failures at other accounts do not delay an owner at a known address"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn processes_with_one_store_count_together() {
        let store = Arc::new(Store::open("mem://").await.unwrap());
        let clock = ShiftedClock::default();
        let process = || {
            Arc::new(Throttle {
                settings: Throttling::default(),
                clock: Arc::new(clock.clone()),
                counts: Counts::InStore(Arc::clone(&store)),
            })
        };
        let here = Some("192.0.2.1".parse().unwrap());
        let attempts: Vec<_> = (0..3)
            .map(|_| process().attempt("ann", Guesser::Stranger, here))
            .collect();
        let failing = attempts.iter().cloned().map(|attempt| {
            tokio::spawn(async move {
                for _ in 0..4 {
                    attempt.failed().await.unwrap();
                }
            })
        });
        for failed in failing.collect::<Vec<_>>() {
            failed.await.unwrap();
        }
        for attempt in &attempts {
            let early = attempt.peek().await.unwrap_err();
            // Twelve failures: two beyond the free ones double the first delay of a second twice.
            assert!(
                matches!(early, Error::TooManyAttempts { retry_after } if retry_after > Duration::from_secs(2)),
                "{early}"
            );
        }
        clock.advance(TimeDelta::seconds(5));
        attempts[0].enter().await.unwrap();
        attempts[1].enter().await.unwrap_err();
        attempts[0].succeeded().await.unwrap();
        for attempt in &attempts {
            attempt.enter().await.unwrap();
        }
        clock.advance(TimeDelta::days(2));
        process().sweep().await.unwrap();
        let left = store.run(
            "RETURN count(SELECT VALUE id FROM password_failures)",
            Default::default(),
        );
        assert_eq!(left.await.unwrap().take::<i64>().unwrap(), 0);
    }

    #[test]
    fn networks_are_ipv4_addresses_or_ipv6_prefixes() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
