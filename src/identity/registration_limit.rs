//! Limit of the registrations from one address.
//!
//! Every address has a budget of registrations, which refills by one in each interval. A registration counts once its
//! input is valid, also if the name or the e-mail address is in use, so that the limit also applies to finding out which
//! names exist. An attempt that is too early does not extend the delay.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use parking_lot::Mutex;

use super::error::Error;
use super::throttle::network;
use crate::clock::Clock;

/// The settings of the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistrationRate {
    /// The number of registrations at once.
    pub burst: u32,
    /// The time in which one more is allowed.
    pub interval: Duration,
}

impl Default for RegistrationRate {
    fn default() -> Self {
        Self {
            // Many people may share an address, such as the people of a school or an office.
            burst: 100,
            interval: Duration::from_secs(20),
        }
    }
}

/// The budgets by network: an IPv4 address, or the /64 prefix of an IPv6 address.
pub(super) struct RegistrationLimit {
    rate: RegistrationRate,
    clock: Arc<dyn Clock>,
    /// The time at which each budget is full again.
    full_at: Cache<String, Arc<Mutex<DateTime<Utc>>>>,
}

impl RegistrationLimit {
    /// `remembered` is the maximum number of addresses that are counted; the least used are evicted.
    pub(super) fn new(rate: RegistrationRate, remembered: u64, clock: Arc<dyn Clock>) -> Self {
        Self {
            rate,
            clock,
            full_at: Cache::builder()
                .max_capacity(remembered)
                // By then, the budget is full again.
                .time_to_idle(rate.interval.saturating_mul(rate.burst).max(Duration::from_secs(1)))
                .build(),
        }
    }

    /// Counts a registration, or refuses it with the time until the next one is allowed.
    pub(super) fn admit(&self, address: IpAddr) -> Result<(), Error> {
        let now = self.clock.now();
        let slot = self.full_at.get_with(network(address), || Arc::new(Mutex::new(now)));
        let mut full_at = slot.lock();
        let interval = delta(self.rate.interval);
        let whole = delta(self.rate.interval.saturating_mul(self.rate.burst));
        let next = (*full_at).max(now) + interval;
        if next - now > whole {
            return Err(Error::TooManyAttempts {
                retry_after: (next - now - whole).to_std().unwrap_or_default(),
            });
        }
        *full_at = next;
        Ok(())
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    //! Budgets only. Registrations are tested in `identity::tests::registration`.

    use proptest::prelude::*;

    use super::*;
    use crate::clock::ShiftedClock;

    fn limit(burst: u32, seconds: u64) -> (RegistrationLimit, ShiftedClock) {
        let clock = ShiftedClock::default();
        let interval = Duration::from_secs(seconds);
        let rate = RegistrationRate { burst, interval };
        (RegistrationLimit::new(rate, 1_000, Arc::new(clock.clone())), clock)
    }

    /// Just after a wait; the clock counts whole milliseconds.
    fn after(wait: Duration) -> TimeDelta {
        TimeDelta::from_std(wait).unwrap() + TimeDelta::milliseconds(1)
    }

    #[test]
    fn a_class_registers_at_once_and_others_wait() {
        let (limit, clock) = limit(30, 20);
        let school: IpAddr = "192.0.2.1".parse().unwrap();
        let admitted = (0..300).filter(|_| limit.admit(school).is_ok()).count();
        assert_eq!(admitted, 30);
        let Err(Error::TooManyAttempts { retry_after }) = limit.admit(school) else {
            panic!("expected a refusal");
        };
        assert!((19..=20).contains(&retry_after.as_secs()), "{retry_after:?}");
        limit.admit("192.0.2.2".parse().unwrap()).unwrap();
        clock.advance(after(retry_after));
        limit.admit(school).unwrap();
        assert!(limit.admit(school).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// At any time, the admitted registrations fit into the burst and the intervals that have passed, and a client that
        /// waits as told is admitted.
        #[test]
        fn registrations_keep_to_the_rate(
            burst in 1_u32..20,
            seconds in 1_u64..60,
            pauses in proptest::collection::vec(0_i64..90, 1..100),
        ) {
            let (limit, clock) = limit(burst, seconds);
            let address = "2001:db8::1".parse().unwrap();
            let begun = clock.now();
            let mut admitted = 0_i64;
            for pause in pauses {
                match limit.admit(address) {
                    Ok(()) => admitted += 1,
                    Err(Error::TooManyAttempts { retry_after }) => {
                        prop_assert!(retry_after <= Duration::from_secs(seconds));
                        clock.advance(after(retry_after));
                        prop_assert!(limit.admit(address).is_ok());
                        admitted += 1;
                    }
                    Err(other) => return Err(TestCaseError::fail(other.to_string())),
                }
                let passed = (clock.now() - begun).num_seconds() / i64::try_from(seconds).unwrap();
                prop_assert!(admitted <= i64::from(burst) + passed + 1, "{} in {}", admitted, passed);
                clock.advance(TimeDelta::seconds(pause));
            }
        }
    }
}
