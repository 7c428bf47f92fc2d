//! The spending of one quota subject, and its rate limit.

use chrono::{DateTime, TimeDelta, Utc};

use super::{BURST_SECONDS, Error};

#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    pub(super) ends_at: DateTime<Utc>,
    pub(super) used: u64,
    /// The time at which the spending so far is within the permitted rate (GCRA, ITU-T I.371).
    pub(super) earned_at: DateTime<Utc>,
}

impl Bucket {
    /// Applies the rate limit. A cost above the burst is allowed after a pause, and delays the next request
    /// accordingly.
    pub(super) fn pace(&mut self, per_second: Option<u32>, cost: u32, now: DateTime<Utc>) -> Result<(), Error> {
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
