//! Forged access tokens of the server itself. Most are signed with the real key, which is more than an attacker has: a
//! refusal is then for the header or the claim that was changed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm as Jose, EncodingKey, crypto::sign};
use serde_json::{Value, json};

/// A description of the forgery, and the token.
pub type ForgedToken = (&'static str, String);

/// The parts of a valid token and its signing key, to sign variants of it.
pub struct SignedToken {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// The key of the signature.
    pub key: EncodingKey,
    algorithm: Jose,
}

impl SignedToken {
    /// Parses a valid token, which `key` signed with `algorithm`.
    #[must_use]
    pub fn parse(good: &str, key: EncodingKey, algorithm: Jose) -> Self {
        let part = |n: usize| {
            let text = good.split('.').nth(n).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        Self {
            header: part(0),
            claims: part(1),
            key,
            algorithm,
        }
    }

    /// Signs any header and claims.
    #[must_use]
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }

    /// The same header and claims, signed again.
    #[must_use]
    pub fn unchanged(&self) -> String {
        self.sign(&self.header.to_string(), &self.claims.to_string())
    }

    /// The token with another header.
    pub fn with_header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.sign(&header.to_string(), &self.claims.to_string())
    }

    /// The token with other claims.
    pub fn with_claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.sign(&self.header.to_string(), &claims.to_string())
    }

    /// The token with another value of one claim.
    #[must_use]
    pub fn with_claim(&self, name: &str, value: Value) -> String {
        self.with_claims(|claims| claims[name] = value)
    }

    /// The token without one claim.
    #[must_use]
    pub fn without_claim(&self, name: &str) -> String {
        self.with_claims(|claims| {
            claims.as_object_mut().unwrap().remove(name).unwrap();
        })
    }

    /// The same claims with another header, key and algorithm.
    #[must_use]
    pub fn sign_with(&self, header: &Value, key: &EncodingKey, algorithm: Jose) -> String {
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(self.claims.to_string())
        );
        format!("{message}.{}", sign(message.as_bytes(), key, algorithm).unwrap())
    }
}

/// Variants of a valid token with another signature, algorithm or structure. `public` is the public key of `token`, `pem`
/// the content of its private key file.
#[must_use]
pub fn with_wrong_signatures(good: &str, token: &SignedToken, public: &[u8], pem: &[u8]) -> Vec<ForgedToken> {
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let alg = |name: &str| {
        let mut header = token.header.clone();
        header["alg"] = name.into();
        header
    };
    let unsigned = |header: &Value, tail: &str| format!("{}.{body}{tail}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let unknown = unknown_key();
    let flipped = {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[10] ^= 1;
        format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let tampered = {
        let mut claims = token.claims.clone();
        claims["sub"] = "root".into();
        format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    // A verifier that does not reduce S modulo L accepts S + L too (RFC 8032, 8.4).
    let malleable = {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        const L: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut carry = 0_u16;
        for (byte, l) in bytes[32..].iter_mut().zip(L) {
            carry += u16::from(*byte) + u16::from(l);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let loose_bits = {
        let last = signature.chars().last().unwrap();
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let next = alphabet.chars().nth(alphabet.find(last).unwrap() + 1).unwrap();
        format!("{head}.{body}.{}{next}", &signature[..signature.len() - 1])
    };
    let hmac = |secret: &[u8]| token.sign_with(&alg("HS256"), &EncodingKey::from_secret(secret), Jose::HS256);
    vec![
        ("none, no signature", unsigned(&alg("none"), ".")),
        ("None", unsigned(&alg("None"), ".")),
        (
            "nOnE with the old signature",
            unsigned(&alg("nOnE"), &format!(".{signature}")),
        ),
        ("empty algorithm", unsigned(&alg(""), ".")),
        ("signature missing", format!("{head}.{body}.")),
        ("signature part missing", format!("{head}.{body}")),
        ("signature flipped", flipped),
        ("signature malleable", malleable),
        ("signature with loose bits", loose_bits),
        ("signature padded", format!("{good}==")),
        (
            "signature zero",
            format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        ),
        ("signature short", format!("{head}.{body}.{}", &signature[..40])),
        ("claims tampered with", tampered),
        ("HS256 with the public key", hmac(public)),
        (
            "HS256 with the public key in base64",
            hmac(URL_SAFE_NO_PAD.encode(public).as_bytes()),
        ),
        ("HS256 with the PEM file", hmac(pem)),
        ("HS256 with an empty key", hmac(b"")),
        (
            "signed by an unknown key under our kid",
            token.sign_with(&token.header, &unknown, Jose::EdDSA),
        ),
        (
            "declared ES256, signed Ed25519",
            token.with_header(|header| header["alg"] = "ES256".into()),
        ),
        (
            "declared RS256, signed Ed25519",
            token.with_header(|header| header["alg"] = "RS256".into()),
        ),
        (
            "declared eddsa",
            token.with_header(|header| header["alg"] = "eddsa".into()),
        ),
        (
            "a number as algorithm",
            token.with_header(|header| header["alg"] = 1.into()),
        ),
        ("four parts", format!("{good}.{signature}")),
        (
            "five parts, as encrypted tokens have",
            format!("{head}..{body}.{signature}.{signature}"),
        ),
        ("one part", head.to_owned()),
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("NUL", "\0".to_owned()),
        ("a space before", format!(" {good}")),
        ("a line break after", format!("{good}\n")),
        (
            "header in padded base64",
            format!("{}.{body}.{signature}", URL_SAFE.encode(token.header.to_string() + " ")),
        ),
        (
            "header in standard base64",
            format!("{}=.{body}.{signature}", STANDARD.encode("{}")),
        ),
        ("a megabyte", "A".repeat(1 << 20)),
        (
            "a megabyte of claims",
            token.with_claim("pad", "x".repeat(1 << 20).into()),
        ),
    ]
}

/// Variants of a valid token with a valid signature and another header or claim. `jwk` is the public key, `other_session`
/// an active session of another account.
#[must_use]
pub fn with_wrong_headers_and_claims(
    token: &SignedToken,
    jwk: Value,
    now: i64,
    other_session: &str,
) -> Vec<ForgedToken> {
    let add = |name: &str, value: Value| token.with_header(|header| header[name] = value);
    let text = token.header.to_string();
    let twice = |extra: &str| token.sign(&format!("{{{extra},{}", &text[1..]), &token.claims.to_string());
    let claims = token.claims.to_string();
    let claim_twice = |extra: &str| token.sign(&text, &format!("{{{extra},{}", &claims[1..]));
    let remove = |name: &str| {
        token.with_header(|header| {
            header.as_object_mut().unwrap().remove(name).unwrap();
        })
    };
    vec![
        ("jwk", add("jwk", jwk)),
        ("jku", add("jku", "https://evil.example/jwks.json".into())),
        ("x5u", add("x5u", "https://evil.example/cert.pem".into())),
        ("x5c", add("x5c", json!(["MIIB"]))),
        ("x5t", add("x5t", "AAAA".into())),
        ("crit", add("crit", json!(["exp"]))),
        ("crit empty", add("crit", json!([]))),
        ("b64", add("b64", false.into())),
        ("zip", add("zip", "DEF".into())),
        ("cty", add("cty", "JWT".into())),
        ("enc", add("enc", "A256GCM".into())),
        ("typ JWT", add("typ", "JWT".into())),
        ("typ of an id token", add("typ", "id_token+jwt".into())),
        ("typ null", add("typ", Value::Null)),
        ("typ missing", remove("typ")),
        ("alg missing", remove("alg")),
        ("kid missing", remove("kid")),
        ("kid unknown", add("kid", "other".into())),
        ("kid a path", add("kid", "../../dev/null".into())),
        ("kid an injection", add("kid", "' OR 1=1 --".into())),
        ("kid empty", add("kid", "".into())),
        ("kid a list", add("kid", json!(["a"]))),
        ("alg twice", twice("\"alg\":\"none\"")),
        ("kid twice", twice("\"kid\":\"other\"")),
        ("header a list", token.sign("[]", &claims)),
        ("header not JSON", token.sign("x", &claims)),
        ("claims not JSON", token.sign(&text, "x")),
        ("claims a list", token.sign(&text, "[]")),
        ("claims empty", token.sign(&text, "{}")),
        ("sub twice", claim_twice("\"sub\":\"bob\"")),
        ("exp twice", claim_twice("\"exp\":9999999999")),
        ("iss missing", token.without_claim("iss")),
        ("iss other", token.with_claim("iss", "https://evil.example".into())),
        ("iss a list", token.with_claim("iss", json!(["portcullis"]))),
        ("aud missing", token.without_claim("aud")),
        ("aud other", token.with_claim("aud", "another".into())),
        ("aud a list", token.with_claim("aud", json!(["portcullis", "another"]))),
        ("sub missing", token.without_claim("sub")),
        ("sub of another account", token.with_claim("sub", "bob".into())),
        ("sub of no account", token.with_claim("sub", "nobody".into())),
        ("sub a number", token.with_claim("sub", 1.into())),
        ("sid missing", token.without_claim("sid")),
        (
            "sid of no session",
            token.with_claim("sid", "AAAAAAAAAAAAAAAAAAAAAA".into()),
        ),
        ("sid of another account", token.with_claim("sid", other_session.into())),
        ("jti missing", token.without_claim("jti")),
        ("iat missing", token.without_claim("iat")),
        ("iat in the future", token.with_claim("iat", (now + 60).into())),
        ("nbf missing", token.without_claim("nbf")),
        ("nbf in the future", token.with_claim("nbf", (now + 60).into())),
        ("nbf a string", token.with_claim("nbf", "0".into())),
        ("exp missing", token.without_claim("exp")),
        ("exp null", token.with_claim("exp", Value::Null)),
        ("exp in the past", token.with_claim("exp", (now - 31).into())),
        ("exp zero", token.with_claim("exp", 0.into())),
        ("exp negative", token.with_claim("exp", i64::MIN.into())),
        ("exp too large", token.with_claim("exp", u64::MAX.into())),
        ("exp a float", token.with_claim("exp", 9e18.into())),
        ("exp a string", token.with_claim("exp", "9999999999".into())),
        (
            "exp past, with a fraction",
            token.with_claim("exp", ((now - 31) as f64 + 0.5).into()),
        ),
        (
            "nbf ahead, with a fraction",
            token.with_claim("nbf", ((now + 60) as f64 + 0.5).into()),
        ),
        ("client_id a number", token.with_claim("client_id", 1.into())),
        (
            "scope of an unknown permission",
            token.with_claim("scope", "PREDICT ROOT".into()),
        ),
        ("scope empty", token.with_claim("scope", "".into())),
        ("scope a list", token.with_claim("scope", json!(["PREDICT"]))),
        ("roles missing", token.without_claim("roles")),
        ("roles a string", token.with_claim("roles", "ADMIN".into())),
    ]
}

/// A new Ed25519 key, unknown to the server.
#[must_use]
pub fn unknown_key() -> EncodingKey {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let der = aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&random).unwrap();
    EncodingKey::from_ed_der(der.as_ref())
}
