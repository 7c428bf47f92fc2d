//! The public key in a JWK (RFC 7518, 6; RFC 8037).
//!
//! Issuers differ in how they write numbers: with leading zero bytes as a signed integer has them, without the leading
//! zero bytes that a coordinate must have, or with base64 padding. All are read, since the number is the same.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve};

use super::settings::ForeignAlgorithm;

/// The limits of the length of an RSA modulus: the minimum of RFC 7518, 3.3, and the maximum of the library.
const LEAST_RSA_BYTES: usize = 2048 / 8;
const MOST_RSA_BYTES: usize = 8192 / 8;
/// The maximum length of an RSA exponent; the library accepts 33 bits.
const MOST_EXPONENT_BYTES: usize = 5;
const ED25519_BYTES: usize = 32;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a public key and the algorithms that keys of its type can verify.
///
/// # Errors
/// The reason that it cannot be used.
pub(super) fn read(
    parameters: &AlgorithmParameters,
) -> Result<(&'static [ForeignAlgorithm], DecodingKey), &'static str> {
    use ForeignAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    match parameters {
        AlgorithmParameters::RSA(rsa) => {
            let (modulus, exponent) = (number(&rsa.n)?, number(&rsa.e)?);
            if !(LEAST_RSA_BYTES..=MOST_RSA_BYTES).contains(&modulus.len()) {
                return Err("its RSA modulus is not 2048 to 8192 bits long");
            }
            let is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
            if !is_odd || exponent == [1] || exponent.len() > MOST_EXPONENT_BYTES {
                return Err("its RSA exponent is not an odd number of 2 to 33 bits");
            }
            let key = DecodingKey::from_rsa_raw_components(&modulus, &exponent);
            Ok((&[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512], key))
        }
        AlgorithmParameters::EllipticCurve(ec) => {
            let (algorithms, width): (&'static [ForeignAlgorithm], usize) = match ec.curve {
                EllipticCurve::P256 => (&[Es256], 32),
                EllipticCurve::P384 => (&[Es384], 48),
                _ => return Err("its curve is not supported; supported: P-256, P-384, Ed25519"),
            };
            // The uncompressed point.
            let mut point = vec![4];
            for coordinate in [&ec.x, &ec.y] {
                let digits = number(coordinate)?;
                let zeros = width
                    .checked_sub(digits.len())
                    .ok_or("its coordinates are too long for its curve")?;
                point.resize(point.len() + zeros, 0);
                point.extend(digits);
            }
            Ok((algorithms, DecodingKey::from_ec_der(&point)))
        }
        AlgorithmParameters::OctetKeyPair(okp) if okp.curve == EllipticCurve::Ed25519 => {
            let bytes = decode(&okp.x)?;
            if bytes.len() != ED25519_BYTES {
                return Err("its Ed25519 key is not 32 bytes long");
            }
            Ok((&[EdDsa], DecodingKey::from_ed_der(&bytes)))
        }
        AlgorithmParameters::OctetKeyPair(_) => Err("its curve is not supported; supported: P-256, P-384, Ed25519"),
        AlgorithmParameters::OctetKey(_) => Err("it is a symmetric key, and a published key is not a secret"),
        _ => Err("its type is not supported; supported: RSA, EC, OKP"),
    }
}

/// The bytes of a number, without leading zeros.
fn number(text: &str) -> Result<Vec<u8>, &'static str> {
    let bytes = decode(text)?;
    Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

fn decode(text: &str) -> Result<Vec<u8>, &'static str> {
    BASE64.decode(text).map_err(|_| "it is not base64url")
}
