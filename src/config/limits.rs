//! What a caller may spend, and how long an operation may run.

use std::collections::BTreeMap;
use std::time::Duration;

use super::section::section;

section! {
    /// Spending of callers by role, in cost units, and the time of an operation. The highest limit among a caller's roles
    /// applies.
    pub struct Limits {
        /// Cost units per hour. A caller with none of these roles has no limit.
        // GraphQL's Int, which `viewer.quota` answers.
        #[setting(allowed = RangeByRole(1, i32::MAX as u64))]
        quotas: BTreeMap<String, u64> = BTreeMap::new();

        /// Cost units per second on average; bursts may take the units of ten seconds. A caller with none of these roles
        /// has no limit.
        #[setting(allowed = RangeByRole(1, 1_000_000))]
        rate_limits: BTreeMap<String, u32> = BTreeMap::new();

        /// Cost units of one operation. A caller with none of these roles may spend 5,000.
        #[setting(allowed = RangeByRole(1, u32::MAX as u64))]
        max_cost: BTreeMap<String, u32> = BTreeMap::new();

        /// Seconds that an operation may run; for a subscription, each of its events.
        #[setting(flag = "SECONDS", allowed = Range(1, 3_600))]
        deadline_seconds: u32 = 30;
    }
}

impl Limits {
    /// How long an operation may run.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.into())
    }
}
