//! What one principal has spent, and how fast.

use chrono::{DateTime, TimeDelta, Utc};

use super::{BURST_SECONDS, Error};

#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    pub(super) ends_at: DateTime<Utc>,
    pub(super) used: u64,
    /// When all that was spent so far will have been earned at the permitted pace (GCRA, ITU-T I.371).
    pub(super) earned_at: DateTime<Utc>,
}

impl Bucket {
    /// Something dearer than a burst is let through after a pause, and paid for by a longer one.
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
