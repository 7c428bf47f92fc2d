//! Asks an issuer for its keys: discovery first, then the JWK Set that it names (OpenID Connect Discovery 1.0, 4).
//!
//! No URL comes from a token. What is asked is below the configured issuer or was named by its own discovery document,
//! encrypted unless it stays on this machine, not followed elsewhere, read up to a limit and given up after a while.

use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::key_set::KeySet;
use super::settings::is_loopback;
use crate::text::one_line;

const DISCOVERY: &str = "/.well-known/openid-configuration";
/// A set of a hundred RSA keys with their certificates has less.
const MOST_BYTES: usize = 256 * 1024;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Why there are no new keys: one line for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct FetchError(String);

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<serde_json::Value>,
}

/// Fetches. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Fetcher(Client);

impl Fetcher {
    pub(super) fn new() -> Result<Self, String> {
        Client::builder()
            .redirect(Policy::none())
            .timeout(REQUEST_TIMEOUT)
            .connect_timeout(REQUEST_TIMEOUT)
            // The environment decides nothing that the configuration does not say.
            .no_proxy()
            .user_agent(concat!("portcullis/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|error| format!("issuers: no HTTP client: {}", causes(&error)))
    }

    /// The keys that the issuer publishes now.
    pub(super) async fn key_set(&self, issuer: &str) -> Result<KeySet, FetchError> {
        let wrong = |text: String| FetchError(format!("{issuer}: {text}"));
        let own = Url::parse(issuer).map_err(|error| wrong(error.to_string()))?;
        let url = format!("{}{DISCOVERY}", issuer.trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|error| wrong(error.to_string()))?;
        let discovery: Discovery = self.json(url).await?;
        if discovery.issuer != issuer {
            return Err(wrong("its discovery document names another issuer".to_owned()));
        }
        let jwks = Url::parse(&discovery.jwks_uri).map_err(|error| wrong(format!("jwks_uri: {error}")))?;
        if !may_ask(&jwks, &own) {
            return Err(wrong(
                "its jwks_uri is neither https nor, like itself, on this machine".to_owned(),
            ));
        }
        let set: JwkSet = self.json(jwks).await?;
        let set = set
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let set = KeySet::new(set);
        if set.is_empty() {
            return Err(wrong(
                "it publishes no key that a signature can be checked with".to_owned(),
            ));
        }
        Ok(set)
    }

    async fn json<T: DeserializeOwned>(&self, url: Url) -> Result<T, FetchError> {
        let shown = url.to_string();
        let wrong = |text: String| FetchError(format!("{shown}: {text}"));
        let request = self
            .0
            .get(url)
            .header("accept", "application/json, application/jwk-set+json");
        let mut response = request.send().await.map_err(|error| wrong(causes(&error)))?;
        if response.status() != 200 {
            return Err(wrong(format!("answered {}", response.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| wrong(causes(&error)))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(wrong(format!("answered more than {MOST_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|error| wrong(format!("answered something else: {error}")))
    }
}

/// Whether the keys of the issuer may lie there.
fn may_ask(jwks: &Url, issuer: &Url) -> bool {
    let plain = jwks.username().is_empty() && jwks.password().is_none();
    match jwks.scheme() {
        // A provider out there has no say about what listens on this machine.
        "https" => plain && (!is_loopback(jwks) || is_loopback(issuer)),
        "http" => plain && is_loopback(jwks) && issuer.scheme() == "http" && jwks.host() == issuer.host(),
        _ => false,
    }
}

/// The whole chain: the outermost error alone says nothing.
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
    //! Which URLs are asked; that they are is tested with a server in `identity::tests`.

    use super::*;

    #[test]
    fn keys_lie_where_they_may() {
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
