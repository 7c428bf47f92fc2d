//! A cache of the keys of one issuer. An unknown `kid` causes a fetch, at most once a minute, so key rotation needs no
//! manual action. Cached keys stay valid while the issuer is unreachable.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::RwLock;

use super::fetch::{FetchError, Fetcher};
use super::key_set::{ForeignKey, KeySet, Lookup};
use super::settings::{ForeignAlgorithm, ForeignIssuer};
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
    /// Several keys fit, and no id names one of them.
    Ambiguous,
    /// The issuer publishes no usable key.
    Unusable,
    /// The last fetch failed, so the key may exist.
    Unreachable,
}

/// A key with which a token may be verified.
#[derive(Debug)]
pub(super) struct FoundKey {
    pub(super) key: Arc<ForeignKey>,
    /// Whether the token names the key by its id.
    pub(super) by_id: bool,
    /// The generation of the key set.
    pub(super) generation: u64,
}

/// The outcome of the last fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Outcome {
    /// There was none, or it failed.
    #[default]
    Failed,
    Succeeded,
    /// The key set has no usable key.
    Unusable,
}

#[derive(Default)]
struct KnownKeys {
    set: KeySet,
    /// The number of sets fetched so far.
    generation: u64,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    outcome: Outcome,
}

/// The cached keys of one issuer.
pub(super) struct Keys {
    issuer: String,
    algorithms: Vec<ForeignAlgorithm>,
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
    pub(super) fn new(issuer: &ForeignIssuer, fetcher: Fetcher, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer: issuer.url.clone(),
            algorithms: issuer.algorithms.clone(),
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

    /// Returns the key for a token with this id and algorithm, fetching the keys if there is none.
    pub(super) async fn find(
        self: &Arc<Self>,
        kid: Option<&str>,
        algorithm: ForeignAlgorithm,
    ) -> Result<FoundKey, NoKey> {
        if let Ok(found) = self.known(kid, algorithm) {
            return Ok(found);
        }
        let (keys, missing) = (Arc::clone(self), kid.map(str::to_owned));
        self.ask_unless(move || keys.known(missing.as_deref(), algorithm).is_ok())
            .await;
        self.known(kid, algorithm)
    }

    /// Fetches the keys again, unless they have changed since this generation or were fetched within a minute. Returns
    /// whether they have changed.
    pub(super) async fn renew(self: &Arc<Self>, since: u64) -> bool {
        let keys = Arc::clone(self);
        self.ask_unless(move || keys.generation() != since).await;
        self.generation() != since
    }

    /// Fetches the keys if that is allowed and no other fetch has done so meanwhile.
    async fn ask_unless(self: &Arc<Self>, done: impl Fn() -> bool + Send + 'static) {
        let keys = Arc::clone(self);
        // A separate task, so that a cancelled caller does not cancel the fetch that others wait for.
        let asked = tokio::spawn(async move {
            let _turn = keys.asking.lock().await;
            if !done() && keys.may_ask() {
                keys.ask().await;
            }
        });
        if let Err(error) = asked.await {
            tracing::error!(%error, "the task that fetches the keys of an issuer failed");
        }
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
        let fetched = self.fetcher.key_set(&self.issuer, &self.algorithms).await;
        let mut known = self.known.write();
        known.outcome = match &fetched {
            Ok(_) => Outcome::Succeeded,
            Err(FetchError::Unusable(_)) => Outcome::Unusable,
            Err(FetchError::Failed(_)) => Outcome::Failed,
        };
        match fetched {
            Ok(set) => {
                known.set = set;
                known.generation += 1;
                known.fetched_at = Some(self.clock.now());
            }
            Err(error) => tracing::warn!(%error, "failed to fetch the keys of an issuer; cached keys stay in use"),
        }
    }

    fn known(&self, kid: Option<&str>, algorithm: ForeignAlgorithm) -> Result<FoundKey, NoKey> {
        let known = self.known.read();
        let (key, by_id) = match known.set.find(kid, algorithm) {
            Lookup::ById(key) => (key, true),
            Lookup::Only(key) => (key, false),
            Lookup::Several => return Err(NoKey::Ambiguous),
            Lookup::Missing => {
                return Err(match known.outcome {
                    Outcome::Succeeded => NoKey::Unknown,
                    Outcome::Unusable => NoKey::Unusable,
                    Outcome::Failed => NoKey::Unreachable,
                });
            }
        };
        Ok(FoundKey {
            key,
            by_id,
            generation: known.generation,
        })
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
