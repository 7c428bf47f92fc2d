//! A cache of the keys of one issuer. An unknown `kid` causes a fetch, at most once a minute, so key rotation needs no
//! manual action. Cached keys stay valid while the issuer is unreachable.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::RwLock;

use super::fetch::Fetcher;
use super::key_set::{ForeignKey, KeySet};
use super::settings::ForeignAlgorithm;
use crate::clock::Clock;

/// The minimum interval between two fetches.
fn pause() -> TimeDelta {
    TimeDelta::minutes(1)
}

/// The age at which keys are fetched again in the background, so that withdrawn keys are dropped.
fn fresh_for() -> TimeDelta {
    TimeDelta::minutes(10)
}

/// The reason that a key was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoKey {
    /// The last fetch succeeded, and its keys do not include it.
    Unknown,
    /// The last fetch failed, so the key may exist.
    Unreachable,
}

#[derive(Default)]
struct KnownKeys {
    set: KeySet,
    /// The number of sets fetched so far.
    generation: u64,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    answered: bool,
}

/// The cached keys of one issuer.
pub(super) struct Keys {
    issuer: String,
    fetcher: Fetcher,
    clock: Arc<dyn Clock>,
    known: RwLock<KnownKeys>,
    /// Held during a fetch, so that concurrent requests for a missing key share one fetch.
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

    /// Returns the generation of the current key set. Tokens verified with an earlier generation must be verified
    /// again.
    pub(super) fn generation(&self) -> u64 {
        self.known.read().generation
    }

    /// Returns the key with this id for this algorithm, fetching the keys if it is unknown.
    pub(super) async fn find(
        self: &Arc<Self>,
        kid: &str,
        algorithm: ForeignAlgorithm,
    ) -> Result<Arc<ForeignKey>, NoKey> {
        if let Some(key) = self.known(kid, algorithm) {
            return Ok(key);
        }
        let (keys, missing) = (Arc::clone(self), kid.to_owned());
        // A separate task, so that a cancelled caller does not cancel the fetch that others wait for.
        let asked = tokio::spawn(async move {
            let _turn = keys.asking.lock().await;
            if keys.known(&missing, algorithm).is_none() && keys.may_ask() {
                keys.ask().await;
            }
        });
        if let Err(error) = asked.await {
            tracing::error!(%error, "the task that fetches the keys of an issuer failed");
        }
        self.known(kid, algorithm).ok_or(if self.known.read().answered {
            NoKey::Unknown
        } else {
            NoKey::Unreachable
        })
    }

    /// Starts a fetch in the background if the keys are old.
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
            Err(error) => tracing::warn!(%error, "failed to fetch the keys of an issuer; cached keys stay in use"),
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
