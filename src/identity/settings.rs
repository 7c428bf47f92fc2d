//! The settings of accounts, passwords, tokens and sessions.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;

use super::foreign_issuer::ForeignIssuer;
use super::keyring::KeySource;
use super::password::Cost;
use super::throttle::Throttling;

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anybody, and it works at once.
    #[default]
    Open,
    /// Anybody, but it works only after an administrator has enabled it.
    Approval,
    /// Administrators only.
    Closed,
}

/// Every setting of this domain; the configuration fills it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The claim `iss` of our tokens.
    pub issuer: String,
    /// The claim `aud` of our tokens.
    pub audience: String,
    /// Whose access tokens are accepted beside ours.
    pub issuers: Vec<ForeignIssuer>,
    /// Where the signing key comes from.
    pub key: KeySource,
    /// How long an access token lasts.
    pub access_lifetime: TimeDelta,
    /// How long a session lasts when nobody refreshes it.
    pub idle_lifetime: TimeDelta,
    /// How long a session lasts at most.
    pub absolute_lifetime: TimeDelta,
    /// The maximum number of sessions of an account; a login beyond it ends the least recently used.
    pub max_sessions: u32,
    /// How long a used refresh token gives its successor again, for a client that lost the answer.
    pub refresh_grace: TimeDelta,
    /// By how much the clocks of two machines may differ; at most 30 s.
    pub leeway: TimeDelta,
    /// What one password check costs.
    pub password_cost: Cost,
    /// How many passwords are checked at once; each takes a core and the memory of `password_cost`.
    pub password_permits: usize,
    /// How long a password waits for its turn before the answer is [`Error::Overloaded`].
    pub password_patience: Duration,
    /// How guessing passwords is slowed down.
    pub throttling: Throttling,
    /// Who may make an account.
    pub registration: Registration,
    /// How long audit events are kept.
    pub audit_retention: TimeDelta,
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
            audit_retention: TimeDelta::days(365),
        }
    }
}
