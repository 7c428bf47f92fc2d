//! Fetching of an issuer's keys: the discovery document, then the JWK Set that it names (OpenID Connect Discovery 1.0,
//! 4).
//!
//! URLs are never taken from a token. Requests go only to the configured issuer and to the `jwks_uri` of its discovery
//! document. They use TLS except on the loopback interface, follow no redirects, and have a size limit and a timeout.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::key_set::KeySet;
use super::settings::{ForeignAlgorithm, is_loopback};
use crate::text::one_line;

const DISCOVERY: &str = "/.well-known/openid-configuration";
/// The maximum size of a response; a set of a hundred RSA keys with certificates is smaller.
const MOST_BYTES: usize = 256 * 1024;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// The reason that keys could not be fetched, in one line for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// The issuer did not answer, or not as specified. A later attempt may succeed.
    #[error("{0}")]
    Failed(String),
    /// The issuer has answered, but none of its keys can ever verify a token.
    #[error("{0}")]
    Unusable(String),
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<serde_json::Value>,
}

/// An HTTP client for discovery documents and JWK Sets. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Fetcher(Client);

impl Fetcher {
    pub(super) fn new() -> Result<Self, String> {
        Client::builder()
            .redirect(Policy::none())
            .timeout(REQUEST_TIMEOUT)
            .connect_timeout(REQUEST_TIMEOUT)
            // Proxy settings in the environment are ignored; only the configuration applies.
            .no_proxy()
            .user_agent(concat!("portcullis/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|error| format!("issuers: failed to create the HTTP client: {}", causes(&error)))
    }

    /// Fetches the issuer's current keys that can verify one of the algorithms.
    pub(super) async fn key_set(&self, issuer: &str, algorithms: &[ForeignAlgorithm]) -> Result<KeySet, FetchError> {
        let wrong = |text: String| FetchError::Failed(format!("{issuer}: {text}"));
        let own = Url::parse(issuer).map_err(|error| wrong(error.to_string()))?;
        let url = format!("{}{DISCOVERY}", issuer.trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|error| wrong(error.to_string()))?;
        let discovery: Discovery = self.json(url).await?;
        if discovery.issuer != issuer {
            return Err(wrong("the discovery document names another issuer".to_owned()));
        }
        let jwks = Url::parse(&discovery.jwks_uri).map_err(|error| wrong(format!("jwks_uri: {error}")))?;
        if !may_ask(&jwks, &own) {
            return Err(wrong(
                "jwks_uri is not allowed; allowed: an https URL, or an http URL on the loopback host of the issuer"
                    .to_owned(),
            ));
        }
        let set: JwkSet = self.json(jwks).await?;
        KeySet::new(set.keys, algorithms)
            .map_err(|reasons| FetchError::Unusable(format!("{issuer}: the key set contains no usable key: {reasons}")))
    }

    async fn json<T: DeserializeOwned>(&self, url: Url) -> Result<T, FetchError> {
        let shown = url.to_string();
        let wrong = |text: String| FetchError::Failed(format!("{shown}: {text}"));
        let request = self
            .0
            .get(url)
            .header("accept", "application/json, application/jwk-set+json");
        let mut response = request.send().await.map_err(|error| wrong(causes(&error)))?;
        if response.status() != 200 {
            return Err(wrong(format!("unexpected status {}; expected 200", response.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| wrong(causes(&error)))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(wrong(format!("the response is larger than {MOST_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|error| wrong(format!("invalid response: {error}")))
    }
}

/// Returns whether the keys of the issuer may be fetched from this URL.
fn may_ask(jwks: &Url, issuer: &Url) -> bool {
    let plain = jwks.username().is_empty() && jwks.password().is_none();
    match jwks.scheme() {
        // A remote issuer must not cause requests to services on this machine.
        "https" => plain && (!is_loopback(jwks) || is_loopback(issuer)),
        "http" => plain && is_loopback(jwks) && issuer.scheme() == "http" && jwks.host() == issuer.host(),
        _ => false,
    }
}

/// Returns the chain of causes in one line; the outermost error alone lacks the reason.
fn causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line = format!("{line}: {cause}");
        source = cause.source();
    }
    one_line(&line)
}

#[cfg(test)]
mod tests {
    //! Allowed URLs only; requests are tested with a server in `identity::tests`.

    use super::*;

    #[test]
    fn key_urls_are_restricted() {
        for (jwks, issuer, may) in [
            ("https://keys.example.org/a", "https://id.example.org", true),
            ("http://id.example.org/a", "https://id.example.org", false),
            ("http://127.0.0.1:1/a", "https://id.example.org", false),
            ("https://127.0.0.1:1/a", "https://id.example.org", false),
            ("https://[::1]/a", "https://id.example.org", false),
            ("https://localhost/a", "https://id.example.org", false),
            ("http://127.0.0.1:2/a", "http://127.0.0.1:1", true),
            ("http://127.0.0.2:2/a", "http://127.0.0.1:1", false),
            ("http://169.254.169.254/a", "http://127.0.0.1:1", false),
            ("https://keys.example.org/a", "http://127.0.0.1:1", true),
            ("https://ann:b@keys.example.org/a", "https://id.example.org", false),
            ("file:///etc/passwd", "http://127.0.0.1:1", false),
        ] {
            let (jwks, issuer) = (Url::parse(jwks).unwrap(), Url::parse(issuer).unwrap());
            assert_eq!(may_ask(&jwks, &issuer), may, "{jwks} for {issuer}");
        }
    }
}
