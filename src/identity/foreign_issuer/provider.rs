//! One foreign issuer: verification of its tokens, with a cache.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;

use super::claims::Claims;
use super::fetch::Fetcher;
use super::key_set::ForeignKey;
use super::keys::{FoundKey, Keys, NoKey};
use super::members::Members;
use super::settings::{ForeignAlgorithm, ForeignIssuer};
use crate::clock::Clock;
use crate::identity::error::Error;
use crate::identity::numeric_date::NumericDate;
use crate::identity::settings::longest_leeway;

/// The maximum length of a token. Tokens with many groups have a few KiB, and proxies limit headers similarly.
pub(super) const MOST_BYTES: usize = 16 * 1024;
/// The maximum length of a key id.
const KID_BYTES: usize = 256;
/// Header members that supply a key or require unsupported processing (RFC 8725, 3.1 and 3.10).
const REFUSED_MEMBERS: [&str; 9] = ["jwk", "jku", "x5u", "x5c", "crit", "zip", "enc", "b64", "cty"];

/// The claims of a token whose signature was verified.
#[derive(Debug)]
pub(in crate::identity) struct Verified {
    /// The account's id.
    pub(in crate::identity) account: Arc<str>,
    pub(in crate::identity) issuer: String,
    pub(in crate::identity) subject: String,
    /// The display name of the account.
    pub(in crate::identity) name: String,
    /// The local roles, sorted.
    pub(in crate::identity) roles: Arc<[String]>,
    /// The identifier of the token, used as a session id.
    pub(in crate::identity) session: Arc<str>,
    /// The expiry time of the token.
    pub(in crate::identity) expires_at: DateTime<Utc>,
    exp: NumericDate,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
    generation: u64,
}

/// A configured issuer with its cached keys and verified tokens.
#[derive(Debug)]
pub(in crate::identity) struct Provider {
    settings: ForeignIssuer,
    keys: Arc<Keys>,
    leeway: TimeDelta,
    /// Signature verification is the most expensive check, so it runs once per token.
    verified: Cache<[u8; 32], Arc<Verified>>,
}

struct Head {
    algorithm: ForeignAlgorithm,
    kid: Option<String>,
}

impl Provider {
    /// `remembered` is the maximum number of cached tokens.
    pub(super) fn new(
        settings: ForeignIssuer,
        fetcher: Fetcher,
        clock: Arc<dyn Clock>,
        leeway: TimeDelta,
        remembered: u64,
    ) -> Self {
        Self {
            keys: Arc::new(Keys::new(&settings, fetcher, clock)),
            settings,
            leeway: leeway.clamp(TimeDelta::zero(), longest_leeway()),
            verified: Cache::new(remembered),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.settings.url
    }

    pub(in crate::identity) fn leeway(&self) -> TimeDelta {
        self.leeway
    }

    /// Verifies a token's issuer, audience, times and signature, and returns its claims.
    pub(in crate::identity) async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Verified>, Error> {
        if token.len() > MOST_BYTES {
            return Err(refused("it is too long; the limit is 16384 bytes"));
        }
        self.keys.refresh_if_old();
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let known = self.verified.get(&fingerprint);
        if let Some(verified) = known.filter(|verified| verified.generation == self.keys.generation()) {
            self.check_time(verified.exp, verified.nbf, verified.iat, now)?;
            return Ok(verified);
        }
        let (head, claims) = self.read(token).map_err(refused)?;
        // Checked before a possible request to the issuer.
        self.check_time(claims.exp, claims.nbf, claims.iat, now)?;
        let verified = Arc::new(self.check_signature(token, &head, claims, &fingerprint).await?);
        self.verified.insert(fingerprint, Arc::clone(&verified));
        Ok(verified)
    }

    fn read(&self, token: &str) -> Result<(Head, Claims), &'static str> {
        let mut parts = token.split('.');
        let (Some(head), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err("it is malformed");
        };
        let head = self.head(&Members::decode(head)?)?;
        Ok((head, Claims::read(&Members::decode(claims)?, &self.settings)?))
    }

    fn head(&self, head: &Members) -> Result<Head, &'static str> {
        if head.names_any(&REFUSED_MEMBERS) {
            return Err("its header has a member that is not allowed in an access token");
        }
        // RFC 9068 requires `at+jwt`; many issuers use `JWT` or omit the type.
        let kind = head.text("typ")?.map(str::to_ascii_lowercase);
        if !matches!(kind.as_deref(), None | Some("at+jwt" | "application/at+jwt" | "jwt")) {
            return Err("it is not an access token");
        }
        let name = head.text("alg")?.ok_or("it has no algorithm")?;
        let algorithm = self
            .settings
            .algorithms
            .iter()
            .find(|algorithm| algorithm.name() == name);
        let kid = head.text("kid")?;
        if kid.is_some_and(|kid| kid.is_empty() || kid.len() > KID_BYTES) {
            return Err("its key id is not allowed; allowed: 1 to 256 bytes");
        }
        Ok(Head {
            algorithm: *algorithm.ok_or("its algorithm is not allowed for its issuer")?,
            kid: kid.map(str::to_owned),
        })
    }

    fn check_time(
        &self,
        exp: NumericDate,
        nbf: Option<NumericDate>,
        iat: Option<NumericDate>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        if exp.is_over(now, self.leeway) {
            return Err(refused("it has expired"));
        }
        let begins = [nbf, iat].into_iter().flatten().max();
        if begins.is_some_and(|begins| begins.is_ahead(now, self.leeway)) {
            return Err(refused("it is not valid yet"));
        }
        Ok(())
    }

    async fn check_signature(
        &self,
        token: &str,
        head: &Head,
        claims: Claims,
        fingerprint: &[u8; 32],
    ) -> Result<Verified, Error> {
        let mut found = self.find_key(head).await?;
        let mut signed = is_signed(token, head, &found.key);
        // An issuer without key ids may have replaced its key.
        if !signed && !found.by_id && self.keys.renew(found.generation).await {
            found = self.find_key(head).await?;
            signed = is_signed(token, head, &found.key);
        }
        if !signed {
            return Err(refused("its signature is wrong"));
        }
        Ok(Verified {
            account: claims.account.into(),
            issuer: self.settings.url.clone(),
            subject: claims.subject,
            name: claims.name,
            roles: claims.roles.into(),
            session: format!("foreign:{}", URL_SAFE_NO_PAD.encode(&fingerprint[..16])).into(),
            expires_at: claims.exp.time(),
            exp: claims.exp,
            nbf: claims.nbf,
            iat: claims.iat,
            generation: found.generation,
        })
    }

    async fn find_key(&self, head: &Head) -> Result<FoundKey, Error> {
        let found = self.keys.find(head.kid.as_deref(), head.algorithm).await;
        found.map_err(|missing| match missing {
            NoKey::Unknown => refused("its key is unknown to its issuer"),
            NoKey::Ambiguous => {
                refused("several keys of its issuer fit its algorithm, and no key id names one of them")
            }
            NoKey::Unusable => {
                refused("its issuer publishes no key that this server can use; the server's log has the reasons")
            }
            NoKey::Unreachable => Error::IssuerUnavailable {
                issuer: self.settings.url.clone(),
            },
        })
    }
}

fn is_signed(token: &str, head: &Head, key: &ForeignKey) -> bool {
    let outcome = token.rsplit_once('.').map(|(message, signature)| {
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.decoding, head.algorithm.jose())
    });
    matches!(outcome, Some(Ok(true)))
}

fn refused(reason: &'static str) -> Error {
    Error::Unauthenticated { reason }
}
