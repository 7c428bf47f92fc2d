//! Cost limits of callers, and the deadlines of operations.

use std::collections::BTreeMap;
use std::time::Duration;

use super::section::section;

section! {
    /// Cost limits by role, in cost units, and the deadlines of operations. If several roles of a caller have a limit,
    /// the highest applies.
    pub struct Limits {
        /// Maximum cost units per hour. Callers with none of these roles are not limited.
        // `viewer.quota` returns it as a GraphQL Int, which has 32 bits.
        #[setting(allowed = RangeByRole(1, i32::MAX as u64))]
        quotas: BTreeMap<String, u64> = BTreeMap::new();

        /// Maximum cost units per second on average; a burst may spend the units of ten seconds at once. Callers with
        /// none of these roles are not limited.
        #[setting(allowed = RangeByRole(1, 1_000_000))]
        rate_limits: BTreeMap<String, u32> = BTreeMap::new();

        /// Maximum cost units of one operation. The maximum for callers with none of these roles is 5,000.
        #[setting(allowed = RangeByRole(1, u32::MAX as u64))]
        max_cost: BTreeMap<String, u32> = BTreeMap::new();

        /// Maximum duration of an operation in seconds; for a subscription, of each event. Operations that compare or
        /// add documents (`matchResume`, `rankJobs`, `rankResumes`, `addJobs`) may take longer: for a ranking, this is the
        /// maximum time without progress.
        #[setting(flag = "SECONDS", allowed = Range(1, 3_600))]
        deadline_seconds: u32 = 30;

        /// Maximum duration in seconds of an operation that compares or adds documents, and of a subscription to a
        /// ranking.
        #[setting(flag = "SECONDS", allowed = Range(1, 86_400))]
        ranking_deadline_seconds: u32 = 600;
    }
}

impl Limits {
    /// Maximum duration of an operation; for a subscription, of each event.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.into())
    }

    /// Maximum duration of an operation that compares or adds documents.
    #[must_use]
    pub fn ranking_deadline(&self) -> Duration {
        Duration::from_secs(self.ranking_deadline_seconds.into())
    }
}
