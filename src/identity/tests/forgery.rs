//! Access tokens that are not what they claim to be. Each case is signed by the real key where a forger could at best
//! hope for that, and begins with a good token, which is accepted, so that a refusal is for the one thing changed.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm as Jose, EncodingKey, crypto::sign};
use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;

/// A good token taken apart, and the key that signed it.
struct Forge {
    header: Value,
    claims: Value,
    key: EncodingKey,
    algorithm: Jose,
}

impl Forge {
    fn open(good: &str, key: EncodingKey, algorithm: Jose) -> Self {
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

    fn raw(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }

    fn good(&self) -> String {
        self.raw(&self.header.to_string(), &self.claims.to_string())
    }

    fn header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.raw(&header.to_string(), &self.claims.to_string())
    }

    fn claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.raw(&self.header.to_string(), &claims.to_string())
    }

    fn with(&self, name: &str, value: Value) -> String {
        self.claims(|claims| claims[name] = value)
    }

    fn without(&self, name: &str) -> String {
        self.claims(|claims| {
            claims.as_object_mut().unwrap().remove(name).unwrap();
        })
    }

    /// The same message signed otherwise.
    fn signed(&self, header: &Value, key: &EncodingKey, algorithm: Jose) -> String {
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(self.claims.to_string())
        );
        format!("{message}.{}", sign(message.as_bytes(), key, algorithm).unwrap())
    }
}

async fn expect_all_refused(house: &House, good: &str, cases: Vec<(&str, String)>) {
    assert!(
        house.accounts.authenticate(good).await.is_ok(),
        "the good token is accepted"
    );
    for (name, token) in cases {
        let outcome = house.accounts.authenticate(&token).await;
        assert!(
            matches!(outcome, Err(Error::Unauthenticated { .. })),
            "accepted or failed: {name}: {outcome:?}"
        );
    }
    assert!(
        house.accounts.authenticate(good).await.is_ok(),
        "and still is after all of them"
    );
}

async fn house_with_key() -> (House, EncodingKey, Vec<u8>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with(Settings {
        key: KeySource::Folder(folder.path().to_owned()),
        ..Settings::default()
    })
    .await;
    let pem = std::fs::read(folder.path().join("keys/current.pem")).unwrap();
    let key = EncodingKey::from_ed_pem(&pem).unwrap();
    (house, key, pem, folder)
}

#[tokio::test]
async fn signatures_and_algorithms() {
    let (house, key, pem, _folder) = house_with_key().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let good = grant.tokens.access.expose_secret();
    let forge = Forge::open(good, key, Jose::EdDSA);
    assert_eq!(forge.good().split('.').count(), 3);
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let alg = |name: &str| {
        let mut header = forge.header.clone();
        header["alg"] = name.into();
        header
    };
    let unsigned = |header: &Value, tail: &str| format!("{}.{body}{tail}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let public = URL_SAFE_NO_PAD
        .decode(house.accounts.public_keys()["keys"][0]["x"].as_str().unwrap())
        .unwrap();
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
    let cases = vec![
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
        ("HS256 with the public key", hmac(&public)),
        (
            "HS256 with the public key in base64",
            hmac(URL_SAFE_NO_PAD.encode(&public).as_bytes()),
        ),
        ("HS256 with the PEM file", hmac(&pem)),
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
    ];
    assert!(cases.len() >= 30);
    expect_all_refused(&house, good, cases).await;
}

#[tokio::test]
async fn headers_and_claims() {
    let (house, key, _pem, _folder) = house_with_key().await;
    house.register("ann").await;
    house.register("bob").await;
    let grant = house.login("ann").await;
    let bobs = house.login("bob").await;
    let good = grant.tokens.access.expose_secret();
    let forge = Forge::open(good, key, Jose::EdDSA);
    assert!(
        house.accounts.authenticate(&forge.good()).await.is_ok(),
        "the forge's own token is accepted"
    );
    let jwk = house.accounts.public_keys()["keys"][0].clone();
    let now = house.clock.now().timestamp();
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
    let cases = vec![
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
        ("sid of another", forge.with("sid", (*bobs.session).into())),
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
    ];
    assert!(cases.len() >= 50);
    expect_all_refused(&house, good, cases).await;
}

#[tokio::test]
async fn roles_in_a_token_give_nothing() {
    let (house, key, _pem, _folder) = house_with_key().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let forge = Forge::open(grant.tokens.access.expose_secret(), key, Jose::EdDSA);
    let session = house
        .accounts
        .authenticate(&forge.with("roles", json!([ADMIN])))
        .await
        .unwrap();
    assert_eq!(session.actor.roles(), ["USER".to_owned()]);
}

#[tokio::test]
async fn every_algorithm_works_and_only_the_configured_one() {
    let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("es256.pem");
    let der = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        &aws_lc_rs::rand::SystemRandom::new(),
    )
    .unwrap();
    let body = STANDARD.encode(der.as_ref());
    std::fs::write(
        &path,
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"),
    )
    .unwrap();
    let shared = |algorithm| KeySource::Secret {
        algorithm,
        secret: secret.into(),
    };
    let sources = [
        (KeySource::Ephemeral, "EdDSA"),
        (
            KeySource::File {
                path,
                algorithm: Algorithm::Es256,
            },
            "ES256",
        ),
        (shared(Algorithm::Hs256), "HS256"),
        (shared(Algorithm::Hs384), "HS384"),
        (shared(Algorithm::Hs512), "HS512"),
    ];
    let mut houses = Vec::new();
    for (key, name) in sources {
        let house = House::with(Settings {
            key,
            ..Settings::default()
        })
        .await;
        house.register("ann").await;
        let grant = house.login("ann").await;
        let header = grant
            .tokens
            .access
            .expose_secret()
            .split('.')
            .next()
            .unwrap()
            .to_owned();
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        assert_eq!((&header["alg"], &header["typ"]), (&json!(name), &json!("at+jwt")));
        houses.push((house, grant));
    }
    for (at, (house, _)) in houses.iter().enumerate() {
        for (from, (_, grant)) in houses.iter().enumerate() {
            assert_eq!(house.session(grant).await.is_ok(), at == from, "{from} at {at}");
        }
    }
    // Same secret, same kid asked for, another HMAC: still refused.
    let (house, grant) = &houses[2];
    let forge = Forge::open(
        grant.tokens.access.expose_secret(),
        EncodingKey::from_secret(secret.as_bytes()),
        Jose::HS512,
    );
    let mut header = forge.header.clone();
    header["alg"] = "HS512".into();
    let token = forge.signed(&header, &forge.key, Jose::HS512);
    assert!(refused(house.accounts.authenticate(&token).await));
}

fn strangers_key() -> EncodingKey {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let der = aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&random).unwrap();
    EncodingKey::from_ed_der(der.as_ref())
}
