//! Foreign issuers: access tokens of trusted OpenID providers.
//!
//! The configuration names them; `Accounts::authenticate` asks [`Issuers`] which of them a token names and hands it
//! over. What a token says is believed only after its signature was checked with a key that its issuer publishes now
//! (OpenID Connect Discovery 1.0, RFC 7517, 8725, 9068). Whoever comes with a token for the first time gets an account
//! without a password, so that it can be switched off, watched and limited like any other; what it may do is decided by
//! the token alone, through the operator's mapping, at each request.

mod claims;
mod fetch;
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
    ) -> Result<Self, String> {
        if issuers.is_empty() {
            return Ok(Self(Vec::new()));
        }
        ForeignIssuer::check_all(issuers, own)?;
        let fetcher = Fetcher::new()?;
        let providers = issuers
            .iter()
            .map(|issuer| Provider::new(issuer.clone(), fetcher.clone(), Arc::clone(clock), leeway));
        Ok(Self(providers.collect()))
    }

    /// The configured issuer that a token names, before verification; `None` for any other.
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
    //! Ids only; tokens are tested in `identity::tests`.

    use super::*;

    #[test]
    fn only_our_own_form_is_a_foreign_id() {
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
