//! The usable keys of a JWK Set (RFC 7517).

use std::sync::Arc;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde_json::Value;

use super::key_material;
use super::settings::ForeignAlgorithm;

/// The maximum number of keys kept from one set.
const MOST_KEYS: usize = 100;
/// The maximum number of unusable keys that an error describes.
const MOST_REASONS: usize = 5;

/// A public key and the algorithms it may verify.
pub(super) struct ForeignKey {
    kid: Option<String>,
    algorithms: Vec<ForeignAlgorithm>,
    pub(super) decoding: DecodingKey,
}

impl std::fmt::Debug for ForeignKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// The usable keys of an issuer.
#[derive(Debug, Default)]
pub(super) struct KeySet(Vec<Arc<ForeignKey>>);

/// The result of a look-up.
#[derive(Debug)]
pub(super) enum Lookup {
    /// The key with the id of the token.
    ById(Arc<ForeignKey>),
    /// The only key that fits, for a token or a key without an id.
    Only(Arc<ForeignKey>),
    /// Several keys fit, and no id names one of them.
    Several,
    /// No key fits.
    Missing,
}

impl KeySet {
    /// Selects the keys that can verify one of the `allowed` algorithms.
    ///
    /// # Errors
    /// No key can; the reasons, in one line.
    pub(super) fn new(keys: Vec<Value>, allowed: &[ForeignAlgorithm]) -> Result<Self, String> {
        let (mut set, mut reasons) = (Vec::new(), Vec::new());
        for (at, key) in keys.into_iter().take(MOST_KEYS).enumerate() {
            match usable(key, allowed) {
                Ok(key) => set.push(Arc::new(key)),
                Err(reason) => reasons.push(format!("keys[{at}]: {reason}")),
            }
        }
        if !set.is_empty() {
            return Ok(Self(set));
        }
        if reasons.is_empty() {
            return Err("it is empty".to_owned());
        }
        let more = reasons.len().saturating_sub(MOST_REASONS);
        reasons.truncate(MOST_REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        Err(reasons.join("; "))
    }

    /// Looks up the key for a token. The id only selects among keys of the issuer, so without one, the only key that fits
    /// the algorithm is used: a key without an id for a token with one, any key for a token without.
    pub(super) fn find(&self, kid: Option<&str>, algorithm: ForeignAlgorithm) -> Lookup {
        let fits = || self.0.iter().filter(|key| key.algorithms.contains(&algorithm));
        if let Some(key) = fits().find(|key| kid.is_some() && key.kid.as_deref() == kid) {
            return Lookup::ById(Arc::clone(key));
        }
        let mut candidates = fits().filter(|key| kid.is_none() || key.kid.is_none());
        match (candidates.next(), candidates.next()) {
            (None, _) => Lookup::Missing,
            (Some(key), None) => Lookup::Only(Arc::clone(key)),
            (Some(_), Some(_)) => Lookup::Several,
        }
    }
}

/// Converts a JWK.
///
/// # Errors
/// The reason that it cannot verify any allowed algorithm.
fn usable(key: Value, allowed: &[ForeignAlgorithm]) -> Result<ForeignKey, &'static str> {
    let jwk: Jwk = serde_json::from_value(key).map_err(|_| "not a JWK of a known type and curve")?;
    let common = &jwk.common;
    if common
        .public_key_use
        .as_ref()
        .is_some_and(|kind| *kind != PublicKeyUse::Signature)
    {
        return Err("`use` is not \"sig\"");
    }
    if common
        .key_operations
        .as_ref()
        .is_some_and(|operations| !operations.contains(&KeyOperations::Verify))
    {
        return Err("`key_ops` does not contain \"verify\"");
    }
    let (possible, decoding) = key_material::read(&jwk.algorithm)?;
    let made_for = |algorithm: &ForeignAlgorithm| {
        common
            .key_algorithm
            .is_none_or(|one| KeyAlgorithm::from(algorithm.jose()) == one)
    };
    let algorithms: Vec<ForeignAlgorithm> = possible.iter().copied().filter(made_for).collect();
    if algorithms.is_empty() {
        return Err("`alg` is not a supported algorithm of its type");
    }
    let algorithms: Vec<ForeignAlgorithm> = algorithms
        .into_iter()
        .filter(|algorithm| allowed.contains(algorithm))
        .collect();
    if algorithms.is_empty() {
        return Err("it verifies none of the algorithms in the setting `algorithms` of the issuer");
    }
    Ok(ForeignKey {
        kid: common.key_id.clone().filter(|kid| !kid.is_empty()),
        algorithms,
        decoding,
    })
}

#[cfg(test)]
mod tests;
