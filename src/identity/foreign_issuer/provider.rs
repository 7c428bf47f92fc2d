//! One foreign issuer: whether a token is its, is meant for us and holds now.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;

use super::claims::Claims;
use super::fetch::Fetcher;
use super::keys::{Keys, NoKey};
use super::members::Members;
use super::settings::{ForeignAlgorithm, ForeignIssuer};
use crate::clock::Clock;
use crate::identity::error::Error;

/// Tokens with many groups have a few KiB; a proxy in front would not let more through either.
pub(super) const MOST_BYTES: usize = 16 * 1024;
/// Checking a signature takes longer than all the rest of a request's checks, so it is done once a token.
const REMEMBERED: u64 = 20_000;
const KID_BYTES: usize = 256;
/// Header members that would have us take a key from the token, or understand what we do not (RFC 8725, 3.1 and 3.10).
const REFUSED_MEMBERS: [&str; 9] = ["jwk", "jku", "x5u", "x5c", "crit", "zip", "enc", "b64", "cty"];

/// What a token says, its signature checked.
#[derive(Debug)]
pub(in crate::identity) struct Verified {
    /// The account's id.
    pub(in crate::identity) account: Arc<str>,
    pub(in crate::identity) issuer: String,
    pub(in crate::identity) subject: String,
    /// What to call the account.
    pub(in crate::identity) name: String,
    /// Our roles, sorted.
    pub(in crate::identity) roles: Arc<[String]>,
    /// Stands for the token where a session has its id.
    pub(in crate::identity) session: Arc<str>,
    /// When the token expires.
    pub(in crate::identity) expires_at: DateTime<Utc>,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
    generation: u64,
}

/// An issuer with what is known of it.
#[derive(Debug)]
pub(in crate::identity) struct Provider {
    settings: ForeignIssuer,
    keys: Arc<Keys>,
    leeway: TimeDelta,
    verified: Cache<[u8; 32], Arc<Verified>>,
}

struct Head {
    algorithm: ForeignAlgorithm,
    kid: String,
}

impl Provider {
    pub(super) fn new(settings: ForeignIssuer, fetcher: Fetcher, clock: Arc<dyn Clock>, leeway: TimeDelta) -> Self {
        Self {
            keys: Arc::new(Keys::new(settings.url.clone(), fetcher, clock)),
            settings,
            leeway: leeway.clamp(TimeDelta::zero(), TimeDelta::seconds(30)),
            verified: Cache::new(REMEMBERED),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.settings.url
    }

    pub(in crate::identity) fn leeway(&self) -> TimeDelta {
        self.leeway
    }

    /// What the token says, if it is this issuer's, is meant for us and holds now.
    pub(in crate::identity) async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Verified>, Error> {
        if token.len() > MOST_BYTES {
            return Err(refused("it is too long"));
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
        // Before the issuer is troubled for the key.
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
        if head.has_any(&REFUSED_MEMBERS) {
            return Err("its header holds what no access token may have");
        }
        // RFC 9068 has the first; many issuers have not come to it yet.
        let kind = head.text("typ")?.map(str::to_ascii_lowercase);
        if !matches!(kind.as_deref(), None | Some("at+jwt" | "application/at+jwt" | "jwt")) {
            return Err("it is no access token");
        }
        let name = head.text("alg")?.ok_or("it names no algorithm")?;
        let algorithm = self
            .settings
            .algorithms
            .iter()
            .find(|algorithm| algorithm.name() == name);
        let kid = head.text("kid")?.ok_or("it names no key")?;
        if kid.is_empty() || kid.len() > KID_BYTES {
            return Err("it names no key");
        }
        Ok(Head {
            algorithm: *algorithm.ok_or("its issuer may not sign with this algorithm")?,
            kid: kid.to_owned(),
        })
    }

    fn check_time(&self, exp: i64, nbf: Option<i64>, iat: Option<i64>, now: DateTime<Utc>) -> Result<(), Error> {
        let (now, leeway) = (now.timestamp(), self.leeway.num_seconds());
        if now >= exp.saturating_add(leeway) {
            return Err(refused("it has expired"));
        }
        let begins = [nbf, iat].into_iter().flatten().max();
        if begins.is_some_and(|begins| now < begins.saturating_sub(leeway)) {
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
        // Asked first: a set that comes meanwhile makes this token be looked at again.
        let generation = self.keys.generation();
        let found = self.keys.find(&head.kid, head.algorithm).await;
        let key = found.map_err(|missing| match missing {
            NoKey::Unknown => refused("its issuer has no such key"),
            NoKey::Unreachable => Error::IssuerUnavailable {
                issuer: self.settings.url.clone(),
            },
        })?;
        let (message, signature) = token.rsplit_once('.').ok_or_else(|| refused("it is malformed"))?;
        let outcome = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.decoding, head.algorithm.jose());
        if !matches!(outcome, Ok(true)) {
            return Err(refused("its signature is wrong"));
        }
        Ok(Verified {
            account: claims.account.into(),
            issuer: self.settings.url.clone(),
            subject: claims.subject,
            name: claims.name,
            roles: claims.roles.into(),
            session: format!("foreign:{}", URL_SAFE_NO_PAD.encode(&fingerprint[..16])).into(),
            expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or_else(|| refused("it is malformed"))?,
            exp: claims.exp,
            nbf: claims.nbf,
            iat: claims.iat,
            generation,
        })
    }
}

fn refused(reason: &'static str) -> Error {
    Error::Unauthenticated { reason }
}
