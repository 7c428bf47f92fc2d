//! Selection of usable keys, and the forms in which issuers write them. Fetching is tested with a server in
//! `identity::tests`.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use portcullis_test_support::test_issuer::IssuerKey;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use strum::VariantArray as _;

use super::*;

fn set(keys: &[Value]) -> Result<KeySet, String> {
    KeySet::new(keys.to_vec(), ForeignAlgorithm::VARIANTS)
}

fn uses(jwk: &Value) -> Vec<&'static str> {
    set(std::slice::from_ref(jwk)).map_or_else(
        |_| Vec::new(),
        |set| set.0[0].algorithms.iter().map(|algorithm| algorithm.name()).collect(),
    )
}

fn with(jwk: &Value, changes: &Value) -> Value {
    let mut jwk = jwk.clone();
    jwk.as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    jwk
}

#[test]
fn keys_verify_only_their_algorithms() {
    let x = URL_SAFE_NO_PAD.encode([1; 32]);
    let rsa = json!({ "kty": "RSA", "kid": "a", "n": URL_SAFE_NO_PAD.encode([0xff; 256]), "e": "AQAB" });
    assert_eq!(uses(&rsa), ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]);
    let narrow = json!({ "use": "sig", "alg": "PS384", "key_ops": ["verify"] });
    assert_eq!(uses(&with(&rsa, &narrow)), ["PS384"]);
    for (unfit, reason) in [
        (json!({ "use": "enc" }), "`use`"),
        (json!({ "key_ops": ["encrypt"] }), "`key_ops`"),
        (json!({ "alg": "HS256" }), "`alg`"),
        (json!({ "alg": "ES256" }), "`alg`"),
        (json!({ "alg": "RSA-OAEP" }), "`alg`"),
        (json!({ "alg": "made up" }), "`alg`"),
        (json!({ "n": URL_SAFE_NO_PAD.encode([0xff; 128]) }), "modulus"),
        (
            json!({ "n": URL_SAFE_NO_PAD.encode([&[0; 128][..], &[0xff; 128][..]].concat()) }),
            "modulus",
        ),
        (json!({ "n": URL_SAFE_NO_PAD.encode([0xff; 1025]) }), "modulus"),
        (json!({ "n": "no base64!" }), "base64url"),
        (json!({ "e": "AQ" }), "exponent"),
        (json!({ "e": "AAAA" }), "exponent"),
        (json!({ "e": URL_SAFE_NO_PAD.encode([0xff; 6]) }), "exponent"),
        (json!({ "kid": 1 }), "not a JWK"),
    ] {
        let error = set(&[with(&rsa, &unfit)]).unwrap_err();
        assert!(
            error.starts_with("keys[0]: ") && error.contains(reason),
            "{unfit}: {error}"
        );
    }
    let ec = |curve: &str| uses(&json!({ "kty": "EC", "kid": "a", "crv": curve, "x": x, "y": x }));
    assert_eq!((ec("P-256"), ec("P-384")), (vec!["ES256"], vec!["ES384"]));
    assert!(ec("P-521").is_empty() && ec("secp256k1").is_empty());
    let okp = |curve: &str| uses(&json!({ "kty": "OKP", "kid": "a", "crv": curve, "x": x }));
    assert_eq!(okp("Ed25519"), ["EdDSA"]);
    assert!(okp("X25519").is_empty() && okp("P-256").is_empty());
    assert!(uses(&json!({ "kty": "oct", "kid": "a", "k": x })).is_empty());
}

#[test]
fn a_set_that_can_never_work_says_why() {
    assert_eq!(set(&[]).unwrap_err(), "it is empty");
    let ed = IssuerKey::new("a", "EdDSA").jwk();
    let error = KeySet::new(vec![ed.clone()], &[ForeignAlgorithm::Rs256]).unwrap_err();
    assert!(error.contains("algorithms"), "{error}");
    let error = set(&vec![json!({ "kty": "oct", "k": "AAAA" }); 80]).unwrap_err();
    assert!(error.ends_with("and 75 more") && error.lines().count() == 1, "{error}");
    // One usable key is enough.
    assert!(set(&[json!(1), json!({}), ed]).is_ok());
}

fn verifies(jwk: &Value, key: &IssuerKey, algorithm: ForeignAlgorithm) -> bool {
    let token = key.sign_as(algorithm.name(), "{}", "{}");
    let (message, signature) = token.rsplit_once('.').unwrap();
    let Lookup::Only(key) = set(std::slice::from_ref(jwk)).unwrap().find(None, algorithm) else {
        panic!("the only key fits");
    };
    jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.decoding, algorithm.jose()).unwrap_or(false)
}

/// Shared by all cases: they take long to generate, and no RSA modulus begins with zeros.
static RSA: LazyLock<[IssuerKey; 2]> = LazyLock::new(|| ["RS256"; 2].map(|name| IssuerKey::new("a", name)));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Numbers with and without leading zeros, and base64 with and without padding, are one key.
    #[test]
    fn every_form_of_a_key_is_the_same_key(
        algorithm in select(ForeignAlgorithm::VARIANTS),
        zeros in 0..5_usize,
        stripped in any::<bool>(),
        padded in any::<bool>(),
    ) {
        let generated;
        let [key, other] = match algorithm.name() {
            name if name.starts_with(['R', 'P']) => &*RSA,
            name => {
                generated = [name; 2].map(|name| IssuerKey::new("a", name));
                &generated
            }
        };
        let mut jwk = key.jwk();
        prop_assert!(verifies(&jwk, key, algorithm));
        let numbers = ["n", "e", "x", "y"];
        let original = key.jwk();
        for name in numbers.into_iter().filter(|name| original[name].is_string() && original["kty"] != "OKP") {
            let mut digits = URL_SAFE_NO_PAD.decode(original[name].as_str().unwrap()).unwrap();
            if stripped {
                digits = digits.into_iter().skip_while(|byte| *byte == 0).collect();
            }
            let digits = [vec![0; zeros], digits].concat();
            jwk[name] = if padded { URL_SAFE.encode(digits) } else { URL_SAFE_NO_PAD.encode(digits) }.into();
        }
        prop_assert!(verifies(&jwk, key, algorithm), "{jwk}");
        prop_assert!(!verifies(&jwk, other, algorithm));
    }

    /// The key is the one with the id, or else the only one that fits without contradicting the id.
    #[test]
    fn a_key_is_found_by_its_id_or_as_the_only_one(
        keys in prop::collection::vec((select(vec![None, Some("a"), Some("b")]), select(vec!["EdDSA", "ES256"])), 1..5),
        kid in select(vec![None, Some("a"), Some("b"), Some("c")]),
    ) {
        let x = URL_SAFE_NO_PAD.encode([1; 32]);
        let jwks: Vec<Value> = keys
            .iter()
            .map(|(kid, algorithm)| match *algorithm {
                "EdDSA" => json!({ "kty": "OKP", "kid": kid, "crv": "Ed25519", "x": x }),
                _ => json!({ "kty": "EC", "kid": kid, "crv": "P-256", "x": x, "y": x }),
            })
            .collect();
        let fits: Vec<Option<&str>> = keys.iter().filter(|(_, algorithm)| *algorithm == "EdDSA").map(|(kid, _)| *kid).collect();
        let named = kid.is_some() && fits.contains(&kid);
        let free = fits.iter().filter(|id| kid.is_none() || id.is_none()).count();
        let found = set(&jwks).unwrap().find(kid, ForeignAlgorithm::EdDsa);
        let right = match (named, free) {
            (true, _) => matches!(&found, Lookup::ById(key) if key.kid.as_deref() == kid),
            (false, 0) => matches!(found, Lookup::Missing),
            (false, 1) => matches!(found, Lookup::Only(_)),
            (false, _) => matches!(found, Lookup::Several),
        };
        prop_assert!(right, "{keys:?} {kid:?}: {found:?}");
    }
}

#[test]
fn a_coordinate_without_its_leading_zero_is_read() {
    let (key, jwk) = std::iter::repeat_with(|| IssuerKey::new("a", "ES256"))
        .find_map(|key| {
            let mut jwk = key.jwk();
            let x = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
            let rest = x.strip_prefix(&[0])?;
            jwk["x"] = URL_SAFE_NO_PAD.encode(rest).into();
            Some((key, jwk))
        })
        .unwrap();
    assert!(verifies(&jwk, &key, ForeignAlgorithm::Es256));
}
