//! A key that signs access tokens, with its algorithm and id.

use std::io;
use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// RFC 7518 requires a key as long as the hash output; 32 bytes are the minimum of the supported algorithms.
const LEAST_SECRET_BYTES: usize = 32;

/// The signature algorithm of access tokens. Exactly one is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, strum::IntoStaticStr)]
#[cfg_attr(test, derive(strum::VariantArray))]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Algorithm {
    /// Ed25519 (RFC 8037).
    #[default]
    #[serde(rename = "EdDSA")]
    #[strum(serialize = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256 with SHA-256 (RFC 7518).
    Es256,
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

impl Algorithm {
    /// The name in a token's header.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub(super) const fn jose(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::Hs384 => jsonwebtoken::Algorithm::HS384,
            Self::Hs512 => jsonwebtoken::Algorithm::HS512,
        }
    }
}

/// A key cannot be used. `Display` is one line for the operator without key material.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or created.
    #[error("the key file {} cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file of the key that signs, in a folder of keys, is missing.
    #[error("the signing key {} is missing", .0.display())]
    Missing(PathBuf),
    /// The file of the key that signs, in a folder of keys, does not contain a key.
    #[error("the signing key {} is damaged", .0.display())]
    Damaged(PathBuf),
    /// The file does not contain a key of the expected kind.
    #[error("the key file {} holds no PKCS #8 PEM key for {}", path.display(), algorithm.name())]
    Format {
        /// The file.
        path: PathBuf,
        /// The expected algorithm.
        algorithm: Algorithm,
    },
    /// The secret is too short.
    #[error("the signing secret is too short; at least {LEAST_SECRET_BYTES} bytes are required")]
    ShortSecret,
    /// The algorithm does not match the kind of key.
    #[error("{} cannot use this kind of key: EdDSA and ES256 need a PEM file, HS256, HS384 and HS512 a secret", .0.name())]
    Mismatch(Algorithm),
    /// The random number generator of the system failed.
    #[error("failed to generate a key: the random number generator of the system failed")]
    Random,
}

/// A key with its id.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    /// The public key as a JWK (RFC 7517); `None` for a shared secret.
    pub(super) public: Option<Value>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

pub(super) fn ed25519(pkcs8: &[u8]) -> Option<Key> {
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
    let public = pair.public_key().as_ref();
    let x = URL_SAFE_NO_PAD.encode(public);
    let kid = thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    Some(Key {
        public: Some(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "use": "sig", "alg": "EdDSA", "kid": kid })),
        kid,
        algorithm: Algorithm::EdDsa,
        encoding: EncodingKey::from_ed_der(pkcs8),
        decoding: DecodingKey::from_ed_der(public),
    })
}

pub(super) fn p256(pkcs8: &[u8]) -> Option<Key> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok()?;
    let public = pair.public_key().as_ref();
    // The uncompressed point: 04, then 32 bytes each.
    let (x, y) = public.strip_prefix(&[4])?.split_at_checked(32)?;
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let kid = thumbprint(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
    Some(Key {
        public: Some(json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": kid })),
        kid,
        algorithm: Algorithm::Es256,
        encoding: EncodingKey::from_ec_der(pkcs8),
        decoding: DecodingKey::from_ec_der(public),
    })
}

pub(super) fn shared(secret: &SecretString, algorithm: Algorithm) -> Result<Key, KeyError> {
    if !matches!(algorithm, Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512) {
        return Err(KeyError::Mismatch(algorithm));
    }
    let secret = secret.expose_secret().as_bytes();
    if secret.len() < LEAST_SECRET_BYTES {
        return Err(KeyError::ShortSecret);
    }
    Ok(Key {
        // The id must not be a hash of the secret alone, which would allow testing guesses.
        kid: algorithm.name().to_ascii_lowercase(),
        algorithm,
        encoding: EncodingKey::from_secret(secret),
        decoding: DecodingKey::from_secret(secret),
        public: None,
    })
}

/// RFC 7638.
fn thumbprint(canonical: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    //! Ids. Signatures are tested in `token`, creation and reading in `keyring`.

    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn an_algorithm_has_one_name_in_settings_and_tokens() {
        for algorithm in Algorithm::VARIANTS {
            assert_eq!(json!(algorithm), algorithm.name());
        }
        assert_eq!(Algorithm::EdDsa.name(), "EdDSA");
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        // Appendix A.3.
        let canonical = r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(thumbprint(canonical), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
