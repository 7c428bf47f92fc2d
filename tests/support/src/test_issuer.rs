//! An OpenID provider in this process, with the part of one that a resource server uses: discovery, a key set that can be
//! replaced, signed tokens. It records the requests it gets and can be made to misbehave. The real provider that the
//! integration tests use is in `node_issuer`.

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self as sig, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use serde_json::{Value, json};

/// A signing key of the issuer.
pub struct IssuerKey {
    /// The key id.
    pub kid: String,
    pair: Pair,
}

enum Pair {
    Ed(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl IssuerKey {
    /// Generates a key for `EdDSA`, `ES256` or `ES384`; for any other algorithm, an RSA key.
    #[must_use]
    pub fn new(kid: &str, algorithm: &str) -> Self {
        let random = SystemRandom::new();
        let ec = |kind| {
            let der = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
            EcdsaKeyPair::from_pkcs8(kind, der.as_ref()).unwrap()
        };
        let pair = match algorithm {
            "EdDSA" => Pair::Ed(Ed25519KeyPair::generate().unwrap()),
            "ES256" => Pair::P256(ec(&sig::ECDSA_P256_SHA256_FIXED_SIGNING)),
            "ES384" => Pair::P384(ec(&sig::ECDSA_P384_SHA384_FIXED_SIGNING)),
            _ => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        };
        Self {
            kid: kid.to_owned(),
            pair,
        }
    }

    /// The public key as a JSON Web Key (RFC 7517).
    #[must_use]
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = |crv: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            json!({ "kty": "EC", "crv": crv, "x": text(x), "y": text(y) })
        };
        let mut jwk = match &self.pair {
            Pair::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref()) }),
            Pair::P256(pair) => point("P-256", pair.public_key().as_ref()),
            Pair::P384(pair) => point("P-384", pair.public_key().as_ref()),
            Pair::Rsa(_) => {
                // RFC 8017, A.1.1: nine bytes of structure, the modulus, and `02 03 01 00 01`.
                json!({ "kty": "RSA", "n": text(&self.public_der()[9..265]), "e": "AQAB" })
            }
        };
        jwk["kid"] = self.kid.as_str().into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// The bytes of the public key, which a careless verifier takes for a shared secret.
    #[must_use]
    pub fn public_der(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Ed(pair) => pair.public_key().as_ref().to_vec(),
            Pair::P256(pair) | Pair::P384(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Rsa(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    /// The public key as a PEM file.
    #[must_use]
    pub fn public_pem(&self) -> String {
        let der = match &self.pair {
            Pair::Ed(pair) => pair.public_key().as_der().unwrap().as_ref().to_vec(),
            Pair::P256(pair) | Pair::P384(pair) => pair.public_key().as_der().unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => pair.public_key().as_der().unwrap().as_ref().to_vec(),
        };
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// Signs a token with an algorithm; the header may name another.
    #[must_use]
    pub fn sign_as(&self, algorithm: &str, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let (random, bytes) = (SystemRandom::new(), message.as_bytes());
        let signature = match &self.pair {
            Pair::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::P256(pair) | Pair::P384(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let padding: &'static dyn sig::RsaEncoding = match algorithm {
                    "RS384" => &sig::RSA_PKCS1_SHA384,
                    "RS512" => &sig::RSA_PKCS1_SHA512,
                    "PS256" => &sig::RSA_PSS_SHA256,
                    "PS384" => &sig::RSA_PSS_SHA384,
                    "PS512" => &sig::RSA_PSS_SHA512,
                    _ => &sig::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, bytes, &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signs a valid token.
    #[must_use]
    pub fn token(&self, algorithm: &str, claims: &Value) -> String {
        let header = json!({ "alg": algorithm, "typ": "at+jwt", "kid": self.kid });
        self.sign_as(algorithm, &header.to_string(), &claims.to_string())
    }
}

/// The responses of the issuer.
#[derive(Debug, Clone, PartialEq)]
pub enum Behaviour {
    /// Correct responses.
    Correct,
    /// No response: the connection is closed.
    Down,
    /// Another discovery document.
    Discovery(Value),
    /// Another key set.
    Keys(Value),
    /// A redirect to `/elsewhere`, which responds correctly.
    Redirect,
    /// A number of spaces before each document.
    Padded(usize),
    /// Another status.
    Status(u16),
}

struct State {
    keys: Vec<Value>,
    behaviour: Behaviour,
    requests: Vec<String>,
}

/// A running issuer, stopped when dropped.
pub struct TestIssuer {
    /// The issuer identifier, the `iss` of its tokens.
    pub url: String,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl TestIssuer {
    /// Starts an issuer on a free port, which publishes these keys.
    pub async fn start(keys: &[&IssuerKey]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            keys: keys.iter().map(|key| key.jwk()).collect(),
            behaviour: Behaviour::Correct,
            requests: Vec::new(),
        }));
        let task = tokio::spawn(serve(listener, url.clone(), Arc::clone(&state)));
        Self { url, state, task }
    }

    /// Replaces the published keys.
    pub fn publish(&self, keys: &[&IssuerKey]) {
        self.state.lock().keys = keys.iter().map(|key| key.jwk()).collect();
    }

    /// Changes the responses from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.state.lock().behaviour = behaviour;
    }

    /// The paths of the requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().requests.clone()
    }

    /// The number of requests for the key set.
    #[must_use]
    pub fn key_set_requests(&self) -> usize {
        self.requests().iter().filter(|path| *path == "/jwks").count()
    }
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: tokio::net::TcpListener, url: String, state: Arc<Mutex<State>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        let (url, state) = (url.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let response = answer(request.uri().path(), &url, &state);
                async move { response.ok_or(std::io::Error::other("down")) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            // A client may close the connection at any time.
            drop(connection.await);
        });
    }
}

fn answer(path: &str, url: &str, state: &Mutex<State>) -> Option<Response<Full<Bytes>>> {
    let mut state = state.lock();
    state.requests.push(path.to_owned());
    let plain = path.strip_prefix("/elsewhere").unwrap_or(path);
    let moved = plain.len() != path.len();
    let mut document = match plain {
        "/.well-known/openid-configuration" => match &state.behaviour {
            Behaviour::Discovery(document) => document.clone(),
            _ => json!({ "issuer": url, "jwks_uri": format!("{url}/jwks"), "response_types_supported": ["code"] }),
        },
        "/jwks" => match &state.behaviour {
            Behaviour::Keys(keys) => keys.clone(),
            _ => json!({ "keys": state.keys }),
        },
        _ => json!({}),
    }
    .to_string();
    let response = Response::builder();
    let response = match state.behaviour {
        Behaviour::Down => return None,
        Behaviour::Status(status) => response.status(status),
        Behaviour::Redirect if !moved => response
            .status(302)
            .header("location", format!("{url}/elsewhere{path}")),
        Behaviour::Padded(bytes) => {
            document = " ".repeat(bytes) + &document;
            response
        }
        _ => response,
    };
    Some(response.body(Full::new(Bytes::from(document))).unwrap())
}
