//! The settings of accounts, passwords, tokens and sessions.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;

use super::foreign_issuer::ForeignIssuer;
use super::keyring::KeySource;
use super::password::Cost;
use super::registration_limit::RegistrationRate;
use super::throttle::Throttling;

/// The registration mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anyone may register.
    #[default]
    Open,
    /// Anyone may register; an administrator must enable the account.
    Approval,
    /// Only administrators create accounts.
    Closed,
}

/// The settings, filled from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The claim `iss` of our tokens.
    pub issuer: String,
    /// The claim `aud` of our tokens.
    pub audience: String,
    /// The identity providers whose access tokens are accepted.
    pub issuers: Vec<ForeignIssuer>,
    /// The source of the signing key.
    pub key: KeySource,
    /// The lifetime of an access token.
    pub access_lifetime: TimeDelta,
    /// The lifetime of a session without a refresh.
    pub idle_lifetime: TimeDelta,
    /// The maximum lifetime of a session.
    pub absolute_lifetime: TimeDelta,
    /// The maximum number of sessions of an account; a login beyond it ends the least recently used.
    pub max_sessions: u32,
    /// The time during which a used refresh token returns its successor again, for clients that lost the response.
    pub refresh_grace: TimeDelta,
    /// The tolerated difference between the clocks of issuers and this server; at most 60 s.
    pub leeway: TimeDelta,
    /// The parameters of password hashing.
    pub password_cost: Cost,
    /// The maximum number of concurrent password hashes; each uses a core and the memory of `password_cost`.
    pub password_permits: usize,
    /// The maximum wait of a password before [`Error::Overloaded`](crate::identity::Error::Overloaded).
    pub password_patience: Duration,
    /// The throttling of password guesses.
    pub throttling: Throttling,
    /// The registration mode.
    pub registration: Registration,
    /// The maximum rate of registrations from one address.
    pub registration_rate: RegistrationRate,
    /// The retention of audit events.
    pub audit_retention: TimeDelta,
    /// The numbers of entries of caches and counts.
    pub capacities: CacheCapacities,
}

/// The maximum numbers of entries of caches and counts. Beyond them, the least used are evicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheCapacities {
    /// The states of accounts, and as many of sessions, of API keys and of callers.
    pub states: u64,
    /// The verified tokens of this server, and as many of each identity provider.
    pub tokens: u64,
    /// The counts of failed passwords. Adding one costs an attacker a password hash.
    pub failures: u64,
    /// The addresses from which accounts were registered.
    pub registrations: u64,
}

impl Default for CacheCapacities {
    fn default() -> Self {
        Self {
            states: 50_000,
            tokens: 20_000,
            failures: 200_000,
            registrations: 200_000,
        }
    }
}

impl CacheCapacities {
    /// This share of the default numbers, from 0 to 1. The counts that limit attackers keep at least a quarter of theirs.
    #[must_use]
    pub fn share(share: f64) -> Self {
        let all = Self::default();
        let of = |number: u64, share: f64| (number as f64 * share) as u64;
        Self {
            states: of(all.states, share),
            tokens: of(all.tokens, share),
            failures: of(all.failures, share.max(0.25)),
            registrations: of(all.registrations, share.max(0.25)),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            issuer: "portcullis".to_owned(),
            audience: "portcullis".to_owned(),
            issuers: Vec::new(),
            key: KeySource::Folder(PathBuf::from("data")),
            access_lifetime: TimeDelta::minutes(15),
            idle_lifetime: TimeDelta::days(7),
            absolute_lifetime: TimeDelta::days(30),
            max_sessions: 100,
            refresh_grace: TimeDelta::seconds(10),
            leeway: TimeDelta::seconds(5),
            password_cost: Cost::default(),
            password_permits: std::thread::available_parallelism().map_or(1, usize::from),
            password_patience: Duration::from_millis(1500),
            throttling: Throttling::default(),
            registration: Registration::default(),
            registration_rate: RegistrationRate::default(),
            audit_retention: TimeDelta::days(365),
            capacities: CacheCapacities::default(),
        }
    }
}

/// The limit of [`Settings::leeway`].
pub(super) fn longest_leeway() -> TimeDelta {
    TimeDelta::minutes(1)
}
