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

mod counts;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join_all;

use self::counts::{Count, Counts, Key};
use super::error::Error;
use crate::clock::Clock;
use crate::store::Store;

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

/// The counts of failures. Share it in an `Arc`.
pub(super) struct Throttle {
    settings: Throttling,
    clock: Arc<dyn Clock>,
    counts: Counts,
}

impl Throttle {
    /// `remembered` is the maximum number of counts in memory.
    pub(super) fn new(settings: Throttling, remembered: u64, store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        let counts = if store.is_shared() {
            Counts::InStore(store)
        } else {
            Counts::in_memory(remembered)
        };
        Self {
            settings,
            clock,
            counts,
        }
    }

    #[cfg(test)]
    pub(super) fn in_memory(settings: Throttling, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings,
            clock,
            counts: Counts::in_memory(1_000),
        }
    }

    /// Removes counts in the store that have decayed.
    pub(super) async fn sweep(&self) -> Result<(), Error> {
        self.counts.sweep(self.clock.now()).await
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

    /// Returns the level of a count after decay, or the remaining delay as an error.
    fn admit(&self, count: Count, free: f64, now: DateTime<Utc>) -> Result<f64, Error> {
        let ready = count.last + self.delay(count.level, free);
        if now < ready {
            let retry_after = (ready - now).to_std().unwrap_or_default();
            return Err(Error::TooManyAttempts { retry_after });
        }
        Ok(self.faded(count, now))
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
        self.delayed().await.map(drop)
    }

    /// Checks whether the attempt is too early. If delays apply, the delay of the next attempt starts now, whatever the
    /// result.
    pub(super) async fn enter(&self) -> Result<(), Error> {
        let Throttle { counts, clock, .. } = &*self.throttle;
        for (key, free) in self.delayed().await? {
            // Checked again, because another attempt may have entered meanwhile.
            let admitted = counts.with(clock, &key, |count, now| {
                let faded = self.throttle.admit(*count, free, now)?;
                *count = Count {
                    level: faded,
                    last: now,
                };
                Ok::<_, Error>(())
            });
            admitted.await??;
        }
        Ok(())
    }

    /// Reads each count once. Returns those to which a delay applies, with their numbers of free failures.
    async fn delayed(&self) -> Result<Vec<(Key, f64)>, Error> {
        let Throttle { counts, clock, .. } = &*self.throttle;
        let found = try_join_all(self.limits.iter().map(|(key, _)| counts.read(clock, key))).await?;
        let mut delayed = Vec::new();
        for ((key, free), (count, now)) in self.limits.iter().zip(found) {
            if self.throttle.admit(count, *free, now)?.round() >= *free {
                delayed.push((*key, *free));
            }
        }
        Ok(delayed)
    }

    /// Records a wrong password.
    pub(super) async fn failed(&self) -> Result<(), Error> {
        let Throttle { counts, clock, .. } = &*self.throttle;
        for (key, free) in &self.limits {
            let counted = counts.with(clock, key, |count, now| {
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
        match self.limits.first() {
            Some((key, _)) => self.throttle.counts.remove(key).await,
            None => Ok(()),
        }
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
mod tests;
