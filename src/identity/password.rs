//! Password hashing with bounded concurrency. Hashes are Argon2id (RFC 9106) in PHC string format.

mod memory;
mod rules;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use secrecy::SecretString;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use self::memory::{Memory, phc};
pub(super) use self::rules::check;
use self::rules::normalise;
use super::error::Error;
use super::throttle::Attempt;

/// Parameters of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// The recommendation of OWASP's Password Storage cheat sheet: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Hashes and verifies passwords on blocking threads with bounded concurrency. Clones share the limit.
#[derive(Debug, Clone)]
pub(super) struct Hasher {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    patience: Duration,
    runs: Arc<AtomicU64>,
    memory: Arc<Memory>,
    /// The hash that passwords are verified against if the account does not exist: the same parameters, a random
    /// password.
    dummy_hash: Arc<str>,
}

/// The result of a password verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right {
        /// Whether the hash was computed with parameters other than the current ones.
        outdated: bool,
    },
}

impl Hasher {
    pub(super) fn new(cost: Cost, permits: usize, patience: Duration) -> Result<Self, Error> {
        let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(32)).map_err(internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let dummy_hash = phc(&params, &random()?, &random()?)?;
        Ok(Self {
            argon2,
            permits: Arc::new(Semaphore::new(permits.max(1))),
            patience,
            runs: Arc::default(),
            memory: Arc::default(),
            dummy_hash: dummy_hash.into(),
        })
    }

    /// Returns the number of Argon2 runs since the start.
    pub(super) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// Returns the PHC string of a password accepted by [`check`].
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, Error> {
        let (argon2, runs, memory) = (self.argon2.clone(), Arc::clone(&self.runs), Arc::clone(&self.memory));
        self.work(move || {
            let text = normalise(&password).unwrap_or_default();
            let salt = random()?;
            runs.fetch_add(1, Ordering::Relaxed);
            memory.hash(&argon2, text.as_bytes(), &salt)
        })
        .await
    }

    /// Verifies a password against a hash, or against a dummy hash if `hash` is `None`. Both cases cost exactly one
    /// Argon2 run, so the response time does not reveal whether the account exists. The attempt is checked again before
    /// the run and records the verdict even if the caller is cancelled. An attempt that is too early costs no run.
    pub(super) async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
        attempt: Attempt,
    ) -> Result<Verdict, Error> {
        let (argon2, runs, memory) = (self.argon2.clone(), Arc::clone(&self.runs), Arc::clone(&self.memory));
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy_hash.to_string());
        let runtime = Handle::current();
        self.work(move || {
            runtime.block_on(attempt.enter())?;
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            runs.fetch_add(1, Ordering::Relaxed);
            let text = normalise(&password);
            let fits = text.is_some();
            let right = memory.verify(text.unwrap_or_default().as_bytes(), &hash)?;
            let outdated = Params::try_from(&hash).ok().as_ref() != Some(argon2.params());
            if right && fits && known {
                runtime.block_on(attempt.succeeded())?;
                Ok(Verdict::Right { outdated })
            } else {
                runtime.block_on(attempt.failed())?;
                Ok(Verdict::Wrong)
            }
        })
        .await
    }

    /// Runs blocking work with a permit. The work keeps the permit even if the caller is cancelled.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned());
        let permit = match turn.await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) | Err(_) => return Err(Error::Overloaded),
        };
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        })
        .await
        .map_err(internal)?
    }
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(internal)?;
    Ok(bytes)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    //! Hashing. That every failed login costs one run is tested in `identity::tests`.

    use super::*;
    use crate::identity::throttle::{Guesser, Throttle, Throttling};

    /// An attempt without throttling.
    fn unthrottled() -> Attempt {
        let clock = Arc::new(crate::clock::SystemClock);
        Arc::new(Throttle::in_memory(Throttling::default(), clock)).attempt("ann", Guesser::Stranger, None)
    }

    fn cheap() -> Cost {
        Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        }
    }

    #[tokio::test]
    async fn hashes_verify_and_outdated_parameters_are_reported() {
        let now = Hasher::new(Cost::default(), 1, Duration::from_secs(9)).unwrap();
        let before = Hasher::new(cheap(), 1, Duration::from_secs(9)).unwrap();
        let password = || SecretString::from("correct horse battery");
        let hash = now.hash(password()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, now.hash(password()).await.unwrap());
        let right = now.verify(password(), Some(hash.clone()), unthrottled()).await.unwrap();
        assert_eq!(right, Verdict::Right { outdated: false });
        let wrong = now
            .verify("correct horse batterz".into(), Some(hash), unthrottled())
            .await
            .unwrap();
        assert_eq!(wrong, Verdict::Wrong);
        let old = before.hash(password()).await.unwrap();
        let right = now.verify(password(), Some(old), unthrottled()).await.unwrap();
        assert_eq!(right, Verdict::Right { outdated: true });
        assert_eq!(
            now.verify(password(), None, unthrottled()).await.unwrap(),
            Verdict::Wrong
        );
    }

    #[tokio::test]
    async fn unicode_forms_of_a_password_are_equivalent() {
        let hasher = Hasher::new(cheap(), 1, Duration::from_secs(9)).unwrap();
        let hash = hasher.hash("Jose\u{301} likes tea".into()).await.unwrap();
        let verdict = hasher
            .verify("José likes tea".into(), Some(hash), unthrottled())
            .await
            .unwrap();
        assert_eq!(verdict, Verdict::Right { outdated: false });
    }

    #[tokio::test]
    async fn every_wrong_password_costs_one_run() {
        let hasher = Hasher::new(cheap(), 1, Duration::from_secs(9)).unwrap();
        let hash = hasher.hash("correct horse battery".into()).await.unwrap();
        let existing = ("wrong horse battery".to_owned(), Some(hash.clone()));
        let missing = ("wrong horse battery".to_owned(), None);
        let overlong = ("x".repeat(1 << 20), Some(hash));
        for (password, hash) in [existing, missing, overlong] {
            let before = hasher.runs();
            let verdict = hasher.verify(password.into(), hash, unthrottled()).await.unwrap();
            assert_eq!(verdict, Verdict::Wrong);
            assert_eq!(hasher.runs() - before, 1);
        }
    }

    #[tokio::test]
    async fn a_full_queue_is_reported_as_overload() {
        let hasher = Hasher::new(Cost::default(), 1, Duration::ZERO).unwrap();
        let all = (0..8).map(|_| hasher.verify("correct horse battery".into(), None, unthrottled()));
        let outcomes = futures_util::future::join_all(all).await;
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Error::Overloaded))));
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Ok(Verdict::Wrong))));
    }
}
