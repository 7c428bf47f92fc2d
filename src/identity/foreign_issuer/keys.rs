//! The keys of one issuer, remembered. A `kid` that is not known makes it ask again, at most once a minute, so rotation
//! needs nobody here; keys that are known go on working while the issuer does not answer.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::RwLock;

use super::fetch::Fetcher;
use super::key_set::{ForeignKey, KeySet};
use super::settings::ForeignAlgorithm;
use crate::clock::Clock;

/// The issuer is asked no more often, whatever is asked of us.
fn pause() -> TimeDelta {
    TimeDelta::minutes(1)
}

/// After so long the issuer is asked again beside the next request, so that a key that it has withdrawn goes here too.
fn fresh_for() -> TimeDelta {
    TimeDelta::minutes(10)
}

/// Why there is no such key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoKey {
    /// The issuer was asked within the last minute and does not have it.
    Unknown,
    /// The issuer did not answer, so nobody knows.
    Unreachable,
}

#[derive(Default)]
struct KnownKeys {
    set: KeySet,
    /// Counts the sets.
    generation: u64,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    answered: bool,
}

/// The memory.
pub(super) struct Keys {
    issuer: String,
    fetcher: Fetcher,
    clock: Arc<dyn Clock>,
    known: RwLock<KnownKeys>,
    /// Held while asking, so that of many who miss a key one asks and the others wait.
    asking: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Keys {
    pub(super) fn new(issuer: String, fetcher: Fetcher, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer,
            fetcher,
            clock,
            known: RwLock::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Which set of keys holds now: what was checked with an earlier one is to be checked again.
    pub(super) fn generation(&self) -> u64 {
        self.known.read().generation
    }

    /// The key of this name for this algorithm.
    pub(super) async fn find(
        self: &Arc<Self>,
        kid: &str,
        algorithm: ForeignAlgorithm,
    ) -> Result<Arc<ForeignKey>, NoKey> {
        if let Some(key) = self.known(kid, algorithm) {
            return Ok(key);
        }
        let (keys, missing) = (Arc::clone(self), kid.to_owned());
        // On a task of its own, so that a caller who hangs up does not cut short what others wait for.
        let asked = tokio::spawn(async move {
            let _turn = keys.asking.lock().await;
            if keys.known(&missing, algorithm).is_none() && keys.may_ask() {
                keys.ask().await;
            }
        });
        if let Err(error) = asked.await {
            tracing::error!(%error, "asking an issuer for its keys stopped");
        }
        self.known(kid, algorithm).ok_or(if self.known.read().answered {
            NoKey::Unknown
        } else {
            NoKey::Unreachable
        })
    }

    /// Asks the issuer again if that was long ago; nobody waits for it.
    pub(super) fn refresh_if_old(self: &Arc<Self>) {
        if self.is_old() && self.may_ask() {
            let keys = Arc::clone(self);
            tokio::spawn(async move {
                let _turn = keys.asking.lock().await;
                if keys.is_old() && keys.may_ask() {
                    keys.ask().await;
                }
            });
        }
    }

    async fn ask(&self) {
        self.known.write().asked_at = Some(self.clock.now());
        let outcome = self.fetcher.key_set(&self.issuer).await;
        let mut known = self.known.write();
        known.answered = outcome.is_ok();
        match outcome {
            Ok(set) => {
                known.set = set;
                known.generation += 1;
                known.fetched_at = Some(self.clock.now());
            }
            Err(error) => tracing::warn!(%error, "an issuer's keys cannot be had; those that are known hold on"),
        }
    }

    fn known(&self, kid: &str, algorithm: ForeignAlgorithm) -> Option<Arc<ForeignKey>> {
        self.known.read().set.find(kid, algorithm)
    }

    fn is_old(&self) -> bool {
        let fetched_at = self.known.read().fetched_at;
        fetched_at.is_some_and(|at| self.clock.now() - at >= fresh_for())
    }

    fn may_ask(&self) -> bool {
        let asked_at = self.known.read().asked_at;
        asked_at.is_none_or(|at| self.clock.now() - at >= pause())
    }
}
