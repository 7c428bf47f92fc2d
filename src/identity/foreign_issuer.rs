//! Verification of access tokens from foreign issuers: trusted OpenID providers.
//!
//! The issuers are configured. `Accounts::authenticate` uses [`Issuers`] to find the issuer that a token names. A token
//! is accepted only after its signature was verified with a key that the issuer publishes (OpenID Connect Discovery
//! 1.0, RFC 7517, 8725, 9068). The first token of a subject creates an account without a password, so that the account
//! can be disabled, audited and rate-limited like any other. Its permissions are derived from the token at each
//! request, through the configured role mapping.

mod claims;
mod fetch;
mod key_material;
mod key_set;
mod keys;
mod members;
pub(super) mod provider;
mod settings;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde::Deserialize;

pub(super) use self::claims::is_foreign;
use self::fetch::Fetcher;
use self::provider::MOST_BYTES;
pub(super) use self::provider::Provider;
pub use self::settings::{ForeignAlgorithm, ForeignIssuer};
use crate::clock::Clock;

/// The configured issuers.
#[derive(Debug)]
pub(super) struct Issuers(Vec<Provider>);

/// The unverified issuer of a token.
#[derive(Deserialize)]
struct TokenIssuer {
    iss: String,
}

impl Issuers {
    pub(super) fn new(
        issuers: &[ForeignIssuer],
        clock: &Arc<dyn Clock>,
        leeway: TimeDelta,
        own: &str,
        remembered: u64,
    ) -> Result<Self, String> {
        if issuers.is_empty() {
            return Ok(Self(Vec::new()));
        }
        ForeignIssuer::check_all(issuers, own)?;
        let fetcher = Fetcher::new()?;
        let provider = |issuer: &ForeignIssuer| {
            Provider::new(issuer.clone(), fetcher.clone(), Arc::clone(clock), leeway, remembered)
        };
        Ok(Self(issuers.iter().map(provider).collect()))
    }

    /// Returns the configured issuer that an unverified token names; `None` if it names no configured issuer.
    pub(super) fn named_by(&self, token: &str) -> Option<&Provider> {
        if self.0.is_empty() || token.len() > MOST_BYTES {
            return None;
        }
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        let named: TokenIssuer = serde_json::from_slice(&claims).ok()?;
        self.0.iter().find(|provider| provider.url() == named.iss)
    }
}

#[cfg(test)]
mod tests {
    //! Account ids only; tokens are tested in `identity::tests`.

    use super::*;

    #[test]
    fn only_the_exact_form_is_a_foreign_id() {
        assert!(is_foreign(&format!("~{}", "0af9".repeat(10))));
        for id in [
            "",
            "~",
            "ann",
            &"0af9".repeat(10),
            &format!("~{}", "0AF9".repeat(10)),
            &format!("~{}", "0".repeat(41)),
        ] {
            assert!(!is_foreign(id), "{id}");
        }
    }
}
