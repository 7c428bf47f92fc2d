//! Forged access tokens of a foreign issuer. Most are signed with its real keys, which is more than an attacker has: a
//! refusal is then for the header or the claim that was changed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm as Jose, EncodingKey, crypto::sign};
use serde_json::{Value, json};

use crate::forged_tokens::ForgedToken;
use crate::test_issuer::IssuerKey;

/// The issuer's keys, and an attacker's.
pub struct Keys {
    /// An Ed25519 key.
    pub ed: IssuerKey,
    /// An RSA key.
    pub rsa: IssuerKey,
    /// Published, but the settings do not allow its algorithm.
    ec: IssuerKey,
    /// Never published; has the `kid` of `ed`.
    attacker: IssuerKey,
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

impl Keys {
    /// Generates the keys.
    #[must_use]
    pub fn new() -> Self {
        Self {
            ed: IssuerKey::new("ed", "EdDSA"),
            rsa: IssuerKey::new("rsa", "RS256"),
            ec: IssuerKey::new("ec", "ES256"),
            attacker: IssuerKey::new("ed", "EdDSA"),
        }
    }

    /// The keys that the issuer publishes.
    #[must_use]
    pub fn published(&self) -> [&IssuerKey; 3] {
        [&self.ed, &self.rsa, &self.ec]
    }
}

/// The entry of the issuer in the setting `issuers`.
#[must_use]
pub fn settings(url: &str) -> Value {
    json!({
        "url": url, "audience": "portcullis", "algorithms": ["EdDSA", "RS256"], "clients": ["hr-app"],
        "roles_claim": "realm_access.roles", "roles": { "hr-user": "USER", "hr-admin": "ADMIN" },
    })
}

/// The claims of a valid token.
#[must_use]
pub fn claims(url: &str, now: i64) -> Value {
    json!({
        "iss": url, "aud": ["account", "portcullis"], "sub": "f3b6", "azp": "hr-app", "client_id": "hr-app",
        "jti": "1", "iat": now, "nbf": now, "exp": now + 300, "typ": "Bearer",
        "realm_access": { "roles": ["hr-user", "offline_access"] },
    })
}

/// Forged tokens; `good` are the claims of a valid token.
#[must_use]
pub fn all(keys: &Keys, good: &Value, now: i64) -> Vec<ForgedToken> {
    let mut cases = signatures(keys, good);
    cases.extend(headers(keys, good));
    cases.extend(wrong_claims(keys, good, now));
    cases
}

fn header(algorithm: &str, kid: &str) -> Value {
    json!({ "alg": algorithm, "typ": "at+jwt", "kid": kid })
}

fn signatures(keys: &Keys, good: &Value) -> Vec<ForgedToken> {
    let claims = good.to_string();
    let token = keys.ed.token("EdDSA", good);
    let parts: Vec<&str> = token.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let under = |key: &IssuerKey, by: &str, algorithm: &str, kid: &str| {
        key.sign_as(by, &header(algorithm, kid).to_string(), &claims)
    };
    let unsigned = |algorithm: &str, tail: &str| {
        format!(
            "{}.{body}.{tail}",
            URL_SAFE_NO_PAD.encode(header(algorithm, "ed").to_string())
        )
    };
    let hmac = |algorithm: &str, jose: Jose, kid: &str, secret: &[u8]| {
        let head = URL_SAFE_NO_PAD.encode(header(algorithm, kid).to_string());
        let message = format!("{head}.{body}");
        let signature = sign(message.as_bytes(), &EncodingKey::from_secret(secret), jose).unwrap();
        format!("{message}.{signature}")
    };
    let (rsa, ed) = (&keys.rsa, &keys.ed);
    let elevated = claims.replace("hr-user", "hr-admin");
    let flipped = {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[3] ^= 0x40;
        URL_SAFE_NO_PAD.encode(bytes)
    };
    vec![
        ("none", unsigned("none", "")),
        ("NONE with the old signature", unsigned("NONE", signature)),
        ("no algorithm", unsigned("", signature)),
        ("signature missing", format!("{head}.{body}.")),
        ("signature part missing", format!("{head}.{body}")),
        ("signature flipped", format!("{head}.{body}.{flipped}")),
        ("signature of another token", {
            let other = ed.sign_as("EdDSA", &header("EdDSA", "ed").to_string(), &elevated);
            format!("{head}.{body}.{}", other.rsplit_once('.').unwrap().1)
        }),
        ("claims tampered with", {
            format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(&elevated))
        }),
        ("signature padded", format!("{token}==")),
        ("signature in standard base64", {
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            format!("{head}.{body}.{}", STANDARD.encode(bytes))
        }),
        (
            "signature zero",
            format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        ),
        ("four parts", format!("{token}.{signature}")),
        ("five parts", format!("{head}..{body}.{signature}.{signature}")),
        (
            "HS256 with the RSA key's DER",
            hmac("HS256", Jose::HS256, "rsa", &rsa.public_der()),
        ),
        (
            "HS256 with the RSA key's PEM",
            hmac("HS256", Jose::HS256, "rsa", rsa.public_pem().as_bytes()),
        ),
        ("HS256 with the RSA key's modulus", {
            hmac("HS256", Jose::HS256, "rsa", rsa.jwk()["n"].as_str().unwrap().as_bytes())
        }),
        (
            "HS256 with the Ed25519 key",
            hmac("HS256", Jose::HS256, "ed", &ed.public_der()),
        ),
        (
            "HS384 with the RSA key's PEM",
            hmac("HS384", Jose::HS384, "rsa", rsa.public_pem().as_bytes()),
        ),
        (
            "HS512 with the RSA key's PEM",
            hmac("HS512", Jose::HS512, "rsa", rsa.public_pem().as_bytes()),
        ),
        ("HS256 with an empty key", hmac("HS256", Jose::HS256, "ed", b"")),
        (
            "RS256 declared, HS256 with the PEM",
            hmac("RS256", Jose::HS256, "rsa", rsa.public_pem().as_bytes()),
        ),
        ("RSA key under the kid of another", under(rsa, "RS256", "RS256", "ed")),
        (
            "Ed25519 key under the kid of another",
            under(ed, "EdDSA", "EdDSA", "rsa"),
        ),
        ("EdDSA declared, RSA signed", under(rsa, "RS256", "EdDSA", "ed")),
        ("RS256 declared, Ed25519 signed", under(ed, "EdDSA", "RS256", "rsa")),
        ("RS256 declared, PSS signed", under(rsa, "PS256", "RS256", "rsa")),
        ("RS256 declared, SHA-512 signed", under(rsa, "RS512", "RS256", "rsa")),
        ("PS256, which is not allowed here", under(rsa, "PS256", "PS256", "rsa")),
        ("RS512, which is not allowed here", under(rsa, "RS512", "RS512", "rsa")),
        (
            "ES256, which is not allowed here",
            under(&keys.ec, "ES256", "ES256", "ec"),
        ),
        (
            "unknown key under a known kid",
            under(&keys.attacker, "EdDSA", "EdDSA", "ed"),
        ),
        (
            "unknown key under its own kid",
            under(&keys.attacker, "EdDSA", "EdDSA", "attacker"),
        ),
    ]
}

fn headers(keys: &Keys, good: &Value) -> Vec<ForgedToken> {
    let claims = good.to_string();
    let sign = |header: &str| keys.ed.sign_as("EdDSA", header, &claims);
    let add = |name: &str, value: Value| {
        let mut header = header("EdDSA", "ed");
        header[name] = value;
        sign(&header.to_string())
    };
    let by_attacker = |name: &str, value: Value| {
        let mut header = header("EdDSA", "ed");
        header[name] = value;
        keys.attacker.sign_as("EdDSA", &header.to_string(), &claims)
    };
    let without = |name: &str| {
        let mut header = header("EdDSA", "ed");
        header.as_object_mut().unwrap().remove(name);
        sign(&header.to_string())
    };
    let evil = good["iss"].as_str().unwrap().to_owned() + "/evil";
    vec![
        ("jwk of an unknown key", by_attacker("jwk", keys.attacker.jwk())),
        ("jwk of a published key", add("jwk", keys.ed.jwk())),
        ("jku", by_attacker("jku", evil.as_str().into())),
        ("x5u", by_attacker("x5u", evil.as_str().into())),
        ("x5c", by_attacker("x5c", json!(["MIIB"]))),
        ("crit", add("crit", json!(["exp"]))),
        ("crit empty", add("crit", json!([]))),
        ("b64", add("b64", false.into())),
        ("zip", add("zip", "DEF".into())),
        ("enc", add("enc", "A256GCM".into())),
        ("cty of a nested token", add("cty", "JWT".into())),
        ("typ of a logout token", add("typ", "logout+jwt".into())),
        ("typ of a proof", add("typ", "dpop+jwt".into())),
        ("typ of an introspection", add("typ", "token-introspection+jwt".into())),
        ("typ of an event", add("typ", "secevent+jwt".into())),
        ("typ a number", add("typ", 1.into())),
        ("alg missing", without("alg")),
        ("alg a list", add("alg", json!(["EdDSA"]))),
        ("alg in lower case", add("alg", "eddsa".into())),
        ("kid empty", add("kid", "".into())),
        ("kid a path", add("kid", "../../../dev/null".into())),
        ("kid a URL", add("kid", evil.into())),
        ("kid long", add("kid", "k".repeat(300).into())),
        ("crit null", add("crit", Value::Null)),
        ("jwk null", add("jwk", Value::Null)),
        ("alg twice", sign("{\"alg\":\"none\",\"alg\":\"EdDSA\",\"kid\":\"ed\"}")),
        ("header a list", sign("[]")),
        ("header not JSON", sign("x")),
    ]
}

fn wrong_claims(keys: &Keys, good: &Value, now: i64) -> Vec<ForgedToken> {
    let sign = |claims: &str| keys.ed.sign_as("EdDSA", &header("EdDSA", "ed").to_string(), claims);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        sign(&claims.to_string())
    };
    let without = |names: &[&str]| {
        let mut claims = good.clone();
        for name in names {
            claims.as_object_mut().unwrap().remove(*name).unwrap();
        }
        sign(&claims.to_string())
    };
    let text = good.to_string();
    let twice = |member: &str| sign(&format!("{{{member},{}", &text[1..]));
    let url = good["iss"].as_str().unwrap();
    vec![
        ("iss missing", without(&["iss"])),
        ("iss of no issuer", with("iss", "https://evil.example".into())),
        ("iss with a trailing slash", with("iss", format!("{url}/").into())),
        ("iss in upper case", with("iss", url.to_uppercase().into())),
        ("iss a list", with("iss", json!([url]))),
        ("iss of the server itself", with("iss", "portcullis".into())),
        ("iss twice", twice("\"iss\":\"portcullis\"")),
        ("aud missing", without(&["aud"])),
        ("aud another", with("aud", "account".into())),
        ("aud of two others", with("aud", json!(["account", "other"]))),
        ("aud a prefix of ours", with("aud", "portcull".into())),
        ("aud an object", with("aud", json!({ "portcullis": true }))),
        ("aud with a number", with("aud", json!(["portcullis", 1]))),
        ("azp another", with("azp", "evil-app".into())),
        ("client_id another", with("client_id", "evil-app".into())),
        ("azp and client_id missing", without(&["azp", "client_id"])),
        ("azp a list", with("azp", json!(["hr-app"]))),
        ("sub missing", without(&["sub"])),
        ("sub empty", with("sub", "".into())),
        ("sub a number", with("sub", 7.into())),
        ("sub with a NUL", with("sub", "f3b6\0".into())),
        ("sub too long", with("sub", "s".repeat(256).into())),
        ("sub twice", twice("\"sub\":\"root\"")),
        ("exp missing", without(&["exp"])),
        ("exp past", with("exp", (now - 31).into())),
        ("exp zero", with("exp", 0.into())),
        ("exp negative", with("exp", i64::MIN.into())),
        ("exp the largest integer", with("exp", i64::MAX.into())),
        ("exp too large", with("exp", u64::MAX.into())),
        ("exp a string", with("exp", "9999999999".into())),
        (
            "exp past, with a fraction",
            with("exp", ((now - 31) as f64 + 0.5).into()),
        ),
        (
            "exp past, with an exponent",
            sign(&text.replacen(&(now + 300).to_string(), "1.5e3", 1)),
        ),
        ("exp too large, with an exponent", with("exp", 1e300.into())),
        ("exp a list", with("exp", json!([now + 300]))),
        ("exp null", with("exp", Value::Null)),
        ("exp twice", twice("\"exp\":9999999999")),
        ("nbf ahead", with("nbf", (now + 60).into())),
        ("nbf a string", with("nbf", "0".into())),
        (
            "nbf ahead, with a fraction",
            with("nbf", ((now + 60) as f64 + 0.5).into()),
        ),
        ("nbf too large", with("nbf", 1e300.into())),
        ("iat a boolean", with("iat", true.into())),
        ("iat ahead", with("iat", (now + 60).into())),
        ("an identity token by its nonce", with("nonce", "n".into())),
        ("an identity token by at_hash", with("at_hash", "h".into())),
        ("an identity token by c_hash", with("c_hash", "h".into())),
        ("an identity token by typ", with("typ", "ID".into())),
        ("a refresh token by typ", with("typ", "Refresh".into())),
        ("an identity token by token_use", with("token_use", "id".into())),
        ("a logout token by its events", {
            with(
                "events",
                json!({ "http://schemas.openid.net/event/backchannel-logout": {} }),
            )
        }),
        (
            "bound to a key, without proof of it",
            with("cnf", json!({ "jkt": "x" })),
        ),
        ("roles a number", with("realm_access", json!({ "roles": 1 }))),
        (
            "roles an object",
            with("realm_access", json!({ "roles": { "hr-admin": true } })),
        ),
        (
            "roles with a number",
            with("realm_access", json!({ "roles": ["hr-admin", 1] })),
        ),
        ("claims a list", sign("[]")),
        ("claims not JSON", sign("x")),
        ("claims empty", sign("{}")),
        ("too long", with("pad", "x".repeat(16 * 1024).into())),
    ]
}
