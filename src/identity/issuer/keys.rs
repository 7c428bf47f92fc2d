//! The keys of one issuer, remembered. A `kid` that is not known makes it ask again, at most once a minute, so rotation
//! needs nobody here; keys that are known go on working while the issuer does not answer.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};

use super::ForeignAlgorithm;
use super::fetch::Fetcher;
use crate::clock::Clock;

/// RFC 7518, 3.3: a shorter modulus must not be used.
const LEAST_RSA_BYTES: usize = 2048 / 8;
/// More keys than any issuer has at once.
const MOST_KEYS: usize = 100;

/// The issuer is asked no more often, whatever is asked of us.
fn pause() -> TimeDelta {
    TimeDelta::minutes(1)
}

/// After so long the issuer is asked again beside the next request, so that a key that it has withdrawn goes here too.
fn fresh_for() -> TimeDelta {
    TimeDelta::minutes(10)
}

/// A public key and what it may check.
pub(super) struct ForeignKey {
    kid: String,
    algorithms: &'static [ForeignAlgorithm],
    pub(super) decoding: DecodingKey,
}

impl std::fmt::Debug for ForeignKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// What an issuer publishes, as far as it is of use.
#[derive(Debug, Default)]
pub(super) struct KeySet(Vec<Arc<ForeignKey>>);

impl KeySet {
    pub(super) fn new(keys: impl Iterator<Item = Jwk>) -> Self {
        Self(
            keys.filter_map(|jwk| usable(&jwk))
                .take(MOST_KEYS)
                .map(Arc::new)
                .collect(),
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn find(&self, kid: &str, algorithm: ForeignAlgorithm) -> Option<Arc<ForeignKey>> {
        let fits = |key: &&Arc<ForeignKey>| key.kid == kid && key.algorithms.contains(&algorithm);
        self.0.iter().find(fits).map(Arc::clone)
    }
}

/// A key with a name that is for signatures of a kind we check.
fn usable(jwk: &Jwk) -> Option<ForeignKey> {
    let common = &jwk.common;
    let signs = common
        .public_key_use
        .as_ref()
        .is_none_or(|kind| *kind == PublicKeyUse::Signature);
    let verifies = common
        .key_operations
        .as_ref()
        .is_none_or(|operations| operations.contains(&KeyOperations::Verify));
    let kid = common.key_id.clone().filter(|kid| !kid.is_empty())?;
    if !signs || !verifies {
        return None;
    }
    let algorithms = algorithms(&jwk.algorithm, common.key_algorithm)?;
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    Some(ForeignKey {
        kid,
        algorithms,
        decoding,
    })
}

/// What a key of this kind may check: only what it was made for, where it says so.
fn algorithms(key: &AlgorithmParameters, made_for: Option<KeyAlgorithm>) -> Option<&'static [ForeignAlgorithm]> {
    use ForeignAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    let all: &'static [ForeignAlgorithm] = match key {
        AlgorithmParameters::RSA(rsa) => {
            let modulus = URL_SAFE_NO_PAD.decode(&rsa.n).ok()?;
            let bytes = modulus.iter().skip_while(|byte| **byte == 0).count();
            if bytes < LEAST_RSA_BYTES {
                return None;
            }
            &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512]
        }
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => &[Es256],
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P384 => &[Es384],
        AlgorithmParameters::OctetKeyPair(okp) if okp.curve == EllipticCurve::Ed25519 => &[EdDsa],
        // Shared secrets among them: what is published is none.
        _ => return None,
    };
    match made_for {
        None => Some(all),
        Some(one) => all
            .iter()
            .position(|algorithm| KeyAlgorithm::from(algorithm.jose()) == one)
            .map(|at| &all[at..=at]),
    }
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
struct Known {
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
    known: RwLock<Known>,
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
        self.read().generation
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
        self.known(kid, algorithm).ok_or(if self.read().answered {
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
        self.write().asked_at = Some(self.clock.now());
        let outcome = self.fetcher.key_set(&self.issuer).await;
        let mut known = self.write();
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
        self.read().set.find(kid, algorithm)
    }

    fn is_old(&self) -> bool {
        let fetched_at = self.read().fetched_at;
        fetched_at.is_some_and(|at| self.clock.now() - at >= fresh_for())
    }

    fn may_ask(&self) -> bool {
        let asked_at = self.read().asked_at;
        asked_at.is_none_or(|at| self.clock.now() - at >= pause())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        // A set of keys is exchanged as a whole, whoever panicked.
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    //! Which published keys are used; when they are fetched is tested with a server in `identity::tests`.

    use serde_json::{Value, json};

    use super::*;

    fn uses(jwk: Value) -> Vec<&'static str> {
        let set = KeySet::new(serde_json::from_value::<Jwk>(jwk).into_iter());
        set.0.first().map_or_else(Vec::new, |key| {
            key.algorithms.iter().map(|algorithm| algorithm.name()).collect()
        })
    }

    #[test]
    fn a_key_checks_only_what_it_is_for() {
        let n = URL_SAFE_NO_PAD.encode([0xff; 256]);
        let x = URL_SAFE_NO_PAD.encode([1; 32]);
        let rsa = |extra: Value| {
            let mut jwk = json!({ "kty": "RSA", "kid": "a", "n": n, "e": "AQAB" });
            jwk.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            uses(jwk)
        };
        assert_eq!(rsa(json!({})), ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]);
        assert_eq!(
            rsa(json!({ "use": "sig", "alg": "PS384", "key_ops": ["verify"] })),
            ["PS384"]
        );
        for unfit in [
            json!({ "use": "enc" }),
            json!({ "key_ops": ["encrypt"] }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "ES256" }),
            json!({ "alg": "RSA-OAEP" }),
            json!({ "alg": "made up" }),
            json!({ "kid": "" }),
            json!({ "kid": null }),
            json!({ "n": URL_SAFE_NO_PAD.encode([0xff; 128]) }),
            json!({ "n": URL_SAFE_NO_PAD.encode([&[0; 128][..], &[0xff; 128][..]].concat()) }),
            json!({ "n": "no base64!" }),
        ] {
            assert!(rsa(unfit.clone()).is_empty(), "{unfit}");
        }
        let ec = |curve: &str| uses(json!({ "kty": "EC", "kid": "a", "crv": curve, "x": x, "y": x }));
        assert_eq!((ec("P-256"), ec("P-384")), (vec!["ES256"], vec!["ES384"]));
        assert!(ec("P-521").is_empty() && ec("secp256k1").is_empty());
        let okp = |curve: &str| uses(json!({ "kty": "OKP", "kid": "a", "crv": curve, "x": x }));
        assert_eq!(okp("Ed25519"), ["EdDSA"]);
        assert!(okp("X25519").is_empty() && okp("P-256").is_empty());
        assert!(uses(json!({ "kty": "oct", "kid": "a", "k": x })).is_empty());
    }
}
