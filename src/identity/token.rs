//! Access tokens: signed and strictly verified here (RFC 7519, 8725, 9068).
//!
//! The library verifies the signature. Claims and header are checked here, because its defaults are lax and its clock
//! is not the injected one.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Header, Validation};
use moka::sync::Cache;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::Error;
use super::key::Key;
use super::keyring::Keyring;
use super::numeric_date::NumericDate;
use super::scope::Scope;
use super::settings::longest_leeway;
use crate::access::Permissions;

/// RFC 9068.
const TYPE: &str = "at+jwt";
/// Our tokens have about 500 bytes; with a few dozen roles they stay below this.
const MOST_BYTES: usize = 8 * 1024;

/// The hash of a token, so that the token itself need not be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(token: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(hash)
    }
}

/// The claims of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    /// The id of the account.
    pub(super) sub: String,
    /// The id of the session.
    pub(super) sid: String,
    pub(super) jti: String,
    /// Required by RFC 9068, 2.2. Tokens issued before it was added lack it.
    #[serde(default)]
    pub(super) client_id: String,
    pub(super) iat: NumericDate,
    pub(super) nbf: NumericDate,
    pub(super) exp: NumericDate,
    /// For other services; we use the roles of the account. Empty if the token has a scope.
    pub(super) roles: Vec<String>,
    /// The permissions to which the token is limited; all those of the roles if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Scope>,
}

/// The data of a new token.
#[derive(Debug)]
pub(super) struct NewToken<'a> {
    pub(super) user: &'a str,
    pub(super) session: &'a str,
    /// The client that obtains the token.
    pub(super) client: &'a str,
    pub(super) roles: &'a [String],
    pub(super) scope: Option<Permissions>,
    /// The token expires at the end of its lifetime, or at this time if it is earlier.
    pub(super) session_end: DateTime<Utc>,
}

/// A header may contain these three and nothing else: no `jwk`, `jku`, `x5u`, `x5c`, `crit` or `zip`, and no
/// duplicates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

/// Issues and verifies access tokens.
#[derive(Debug)]
pub(super) struct AccessTokens {
    keyring: Keyring,
    issuer: String,
    audience: String,
    lifetime: TimeDelta,
    leeway: TimeDelta,
    /// Verifying a signature takes longer than all other checks of a request.
    verified: Cache<Fingerprint, Arc<Claims>>,
}

impl AccessTokens {
    pub(super) fn new(
        keyring: Keyring,
        issuer: String,
        audience: String,
        lifetime: TimeDelta,
        leeway: TimeDelta,
        remembered: u64,
    ) -> Self {
        Self {
            keyring,
            issuer,
            audience,
            lifetime,
            leeway: leeway.clamp(TimeDelta::zero(), longest_leeway()),
            verified: Cache::new(remembered),
        }
    }

    pub(super) fn public_keys(&self) -> Value {
        self.keyring.public()
    }

    /// A token with its expiry.
    pub(super) fn mint(&self, new: &NewToken<'_>, now: DateTime<Utc>) -> Result<(SecretString, DateTime<Utc>), Error> {
        let key = self.keyring.signing();
        let expires_at = (now + self.lifetime).min(new.session_end);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: new.user.to_owned(),
            sid: new.session.to_owned(),
            jti: uuid::Uuid::new_v4().simple().to_string(),
            client_id: new.client.to_owned(),
            iat: NumericDate::of(now),
            nbf: NumericDate::of(now),
            exp: NumericDate::of(expires_at),
            // A service that decides by roles must not grant more than the scope.
            roles: if new.scope.is_some() {
                Vec::new()
            } else {
                new.roles.to_vec()
            },
            scope: new.scope.map(Scope),
        };
        let mut header = Header::new(key.algorithm.jose());
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &key.encoding)
            .map_err(|error| Error::Internal(format!("signing a token: {error}")))?;
        Ok((token.into(), expires_at))
    }

    /// The claims of a valid token.
    pub(super) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, Error> {
        self.check(token, now)
            .map_err(|reason| Error::Unauthenticated { reason })
    }

    fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, &'static str> {
        if token.len() > MOST_BYTES {
            return Err("it is too long");
        }
        let fingerprint = Fingerprint::of(token);
        let claims = match self.verified.get(&fingerprint) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.check_signature(token)?);
                self.verified.insert(fingerprint, Arc::clone(&claims));
                claims
            }
        };
        if claims.exp.is_over(now, self.leeway) {
            return Err("it has expired");
        }
        if claims.nbf.is_ahead(now, self.leeway) || claims.iat.is_ahead(now, self.leeway) {
            return Err("it is not valid yet");
        }
        Ok(claims)
    }

    fn check_signature(&self, token: &str) -> Result<Claims, &'static str> {
        let key = self.key_of(token)?;
        let mut validation = Validation::new(key.algorithm.jose());
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation)
            .map_err(|_| "its signature or its claims are wrong")?
            .claims;
        if claims.iss != self.issuer {
            return Err("it is from another issuer");
        }
        if claims.aud != self.audience {
            return Err("it is for another audience");
        }
        Ok(claims)
    }

    fn key_of(&self, token: &str) -> Result<&Key, &'static str> {
        let mut parts = token.split('.');
        let (Some(header), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err("it is malformed");
        };
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| "it is malformed")?;
        let header: StrictHeader = serde_json::from_slice(&header).map_err(|_| "its header is not one of ours")?;
        if header.typ != TYPE {
            return Err("it is not an access token");
        }
        let key = self.keyring.find(&header.kid).ok_or("its key is unknown")?;
        if header.alg != key.algorithm.name() {
            return Err("its algorithm is not the key's");
        }
        Ok(key)
    }
}
