//! The usable keys of a JWK Set (RFC 7517).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};

use super::settings::ForeignAlgorithm;

/// The minimum length of an RSA modulus (RFC 7518, 3.3).
const LEAST_RSA_BYTES: usize = 2048 / 8;
/// The maximum number of keys kept from one set.
const MOST_KEYS: usize = 100;

/// A public key and the algorithms it may verify.
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

/// The usable keys of an issuer.
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

    /// Returns the key with this id if it may verify this algorithm.
    pub(super) fn find(&self, kid: &str, algorithm: ForeignAlgorithm) -> Option<Arc<ForeignKey>> {
        let fits = |key: &&Arc<ForeignKey>| key.kid == kid && key.algorithms.contains(&algorithm);
        self.0.iter().find(fits).map(Arc::clone)
    }
}

/// Converts a JWK; `None` if it has no id, is not for verifying signatures, or has no supported algorithm.
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

/// Returns the algorithms that a key of this type may verify, restricted to its `alg` if it has one.
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
        // Includes symmetric keys: a published key is not a secret.
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

#[cfg(test)]
mod tests {
    //! Selection of usable keys; fetching is tested with a server in `identity::tests`.

    use serde_json::{Value, json};

    use super::*;

    fn uses(jwk: Value) -> Vec<&'static str> {
        let set = KeySet::new(serde_json::from_value::<Jwk>(jwk).into_iter());
        set.0.first().map_or_else(Vec::new, |key| {
            key.algorithms.iter().map(|algorithm| algorithm.name()).collect()
        })
    }

    #[test]
    fn keys_verify_only_their_algorithms() {
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
