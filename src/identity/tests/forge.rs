//! Tokens of ours that are not what they claim to be, made with the real key where a forger could at best hope for that.
//! It names nothing of the crate, so that `benches` can use it too.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm as Jose, EncodingKey, crypto::sign};
use serde_json::{Value, json};

/// What is forged, and the token.
pub(crate) type Case = (&'static str, String);

/// A good token taken apart, and the key that signed it.
pub(crate) struct Forge {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) key: EncodingKey,
    algorithm: Jose,
}

impl Forge {
    pub(crate) fn open(good: &str, key: EncodingKey, algorithm: Jose) -> Self {
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

    pub(crate) fn raw(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }

    pub(crate) fn good(&self) -> String {
        self.raw(&self.header.to_string(), &self.claims.to_string())
    }

    pub(crate) fn header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.raw(&header.to_string(), &self.claims.to_string())
    }

    pub(crate) fn claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.raw(&self.header.to_string(), &claims.to_string())
    }

    pub(crate) fn with(&self, name: &str, value: Value) -> String {
        self.claims(|claims| claims[name] = value)
    }

    pub(crate) fn without(&self, name: &str) -> String {
        self.claims(|claims| {
            claims.as_object_mut().unwrap().remove(name).unwrap();
        })
    }

    /// The same message signed otherwise.
    pub(crate) fn signed(&self, header: &Value, key: &EncodingKey, algorithm: Jose) -> String {
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(self.claims.to_string())
        );
        format!("{message}.{}", sign(message.as_bytes(), key, algorithm).unwrap())
    }
}

/// Another signature, another algorithm, another shape. `good` was signed with `forge`'s key, whose public half is
/// `public` and whose file holds `pem`.
pub(crate) fn signatures(good: &str, forge: &Forge, public: &[u8], pem: &[u8]) -> Vec<Case> {
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let alg = |name: &str| {
        let mut header = forge.header.clone();
        header["alg"] = name.into();
        header
    };
    let unsigned = |header: &Value, tail: &str| format!("{}.{body}{tail}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let stranger = strangers_key();
    let flipped = {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[10] ^= 1;
        format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let tampered = {
        let mut claims = forge.claims.clone();
        claims["sub"] = "root".into();
        format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    // S + L is the same signature to a careless verifier.
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
    let hmac = |secret: &[u8]| forge.signed(&alg("HS256"), &EncodingKey::from_secret(secret), Jose::HS256);
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
        ("HS256 with nothing", hmac(b"")),
        (
            "signed by a stranger under our kid",
            forge.signed(&forge.header, &stranger, Jose::EdDSA),
        ),
        (
            "declared ES256, signed Ed25519",
            forge.header(|header| header["alg"] = "ES256".into()),
        ),
        (
            "declared RS256, signed Ed25519",
            forge.header(|header| header["alg"] = "RS256".into()),
        ),
        ("declared eddsa", forge.header(|header| header["alg"] = "eddsa".into())),
        ("a number as algorithm", forge.header(|header| header["alg"] = 1.into())),
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
            format!("{}.{body}.{signature}", URL_SAFE.encode(forge.header.to_string() + " ")),
        ),
        (
            "header in standard base64",
            format!("{}=.{body}.{signature}", STANDARD.encode("{}")),
        ),
        ("a megabyte", "A".repeat(1 << 20)),
        ("a megabyte of claims", forge.with("pad", "x".repeat(1 << 20).into())),
    ]
}

/// Rightly signed, and wrong in the header or the claims. `jwk` is the public key, `others_session` a session that
/// stands, of somebody else.
pub(crate) fn headers_and_claims(forge: &Forge, jwk: Value, now: i64, others_session: &str) -> Vec<Case> {
    let add = |name: &str, value: Value| forge.header(|header| header[name] = value);
    let text = forge.header.to_string();
    let twice = |extra: &str| forge.raw(&format!("{{{extra},{}", &text[1..]), &forge.claims.to_string());
    let claims = forge.claims.to_string();
    let claim_twice = |extra: &str| forge.raw(&text, &format!("{{{extra},{}", &claims[1..]));
    let remove = |name: &str| {
        forge.header(|header| {
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
        ("header a list", forge.raw("[]", &claims)),
        ("header no JSON", forge.raw("x", &claims)),
        ("claims no JSON", forge.raw(&text, "x")),
        ("claims a list", forge.raw(&text, "[]")),
        ("claims empty", forge.raw(&text, "{}")),
        ("sub twice", claim_twice("\"sub\":\"bob\"")),
        ("exp twice", claim_twice("\"exp\":9999999999")),
        ("iss missing", forge.without("iss")),
        ("iss other", forge.with("iss", "https://evil.example".into())),
        ("iss a list", forge.with("iss", json!(["portcullis"]))),
        ("aud missing", forge.without("aud")),
        ("aud other", forge.with("aud", "another".into())),
        ("aud a list", forge.with("aud", json!(["portcullis", "another"]))),
        ("sub missing", forge.without("sub")),
        ("sub of another", forge.with("sub", "bob".into())),
        ("sub of nobody", forge.with("sub", "nobody".into())),
        ("sub a number", forge.with("sub", 1.into())),
        ("sid missing", forge.without("sid")),
        ("sid of nobody", forge.with("sid", "AAAAAAAAAAAAAAAAAAAAAA".into())),
        ("sid of another", forge.with("sid", others_session.into())),
        ("jti missing", forge.without("jti")),
        ("iat missing", forge.without("iat")),
        ("iat in the future", forge.with("iat", (now + 60).into())),
        ("nbf missing", forge.without("nbf")),
        ("nbf in the future", forge.with("nbf", (now + 60).into())),
        ("nbf a text", forge.with("nbf", "0".into())),
        ("exp missing", forge.without("exp")),
        ("exp null", forge.with("exp", Value::Null)),
        ("exp in the past", forge.with("exp", (now - 31).into())),
        ("exp zero", forge.with("exp", 0.into())),
        ("exp negative", forge.with("exp", i64::MIN.into())),
        ("exp too large", forge.with("exp", u64::MAX.into())),
        ("exp a float", forge.with("exp", 9e18.into())),
        ("exp a text", forge.with("exp", "9999999999".into())),
        ("roles missing", forge.without("roles")),
        ("roles a text", forge.with("roles", "ADMIN".into())),
    ]
}

/// A key that we have never seen.
pub(crate) fn strangers_key() -> EncodingKey {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let der = aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&random).unwrap();
    EncodingKey::from_ed_der(der.as_ref())
}
