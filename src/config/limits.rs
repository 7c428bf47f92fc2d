//! What a caller may spend and for how long: `quotas`, `rate_limits`, `max_cost`, `deadline_seconds`.

use std::time::Duration;

use super::{Config, ConfigError};

impl Config {
    /// How long an operation may run.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.into())
    }
}

pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    for (role, units) in &config.quotas {
        // GraphQL's Int, in which `viewer.quota` tells it.
        if !(1..=i32::MAX as u64).contains(units) {
            return refuse(format!("quotas.{role}: {units} is not allowed: give 1 to {}", i32::MAX));
        }
    }
    for (role, units) in &config.rate_limits {
        if !(1..=1_000_000).contains(units) {
            return refuse(format!("rate_limits.{role}: {units} is not allowed: give 1 to 1000000"));
        }
    }
    for (role, units) in &config.max_cost {
        if *units == 0 {
            return refuse(format!("max_cost.{role}: 0 is not allowed: give 1 to {}", u32::MAX));
        }
    }
    if !(1..=3_600).contains(&config.deadline_seconds) {
        return refuse(format!(
            "deadline_seconds: {} is not allowed: give 1 to 3600",
            config.deadline_seconds
        ));
    }
    Ok(())
}
