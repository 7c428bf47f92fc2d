//! Claims and signing of access tokens. The secret of symmetric algorithms is read from the environment only.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::environment::secret;
use super::section::{Section as _, section};
use super::{Config, ConfigError};
use crate::identity::{Algorithm, KeySource};

section! {
    /// Claims and signing of access tokens.
    pub struct Signing {
        /// The `iss` claim, the URL at which clients reach the server. Must not contain control characters. Required
        /// with a remote database, the same for all servers of it.
        #[setting(
            flag = "TEXT",
            allowed = Words("a non-empty text"),
            unset = "`http://` or `https://` and the address in `listen`"
        )]
        issuer: Option<String> = None;

        /// The `aud` claim. Must not contain control characters.
        #[setting(flag = "TEXT", allowed = Words("a non-empty text"))]
        audience: String = "portcullis".to_owned();

        /// Signature algorithm. `ES256` requires `signing_key`; `HS256`, `HS384` and `HS512` require a secret of at
        /// least 32 bytes in the environment variable `PORTCULLIS_SIGNING_SECRET`.
        #[setting(flag = "ALGORITHM", allowed = Words("EdDSA, ES256, HS256, HS384 or HS512"))]
        signing_algorithm: Algorithm = Algorithm::EdDsa;

        /// PKCS #8 PEM file with the private signing key, for `EdDSA` and `ES256`.
        #[setting(
            flag = "FILE",
            allowed = Words("a file path"),
            unset = "a key in `data_dir`, generated at the first start"
        )]
        signing_key: Option<PathBuf> = None;
    }
}

impl Config {
    /// The `iss` claim of access tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.signing.issuer.clone().unwrap_or_else(|| self.transport.url())
    }

    /// Checks the settings that only a server requires.
    ///
    /// # Errors
    /// The database is remote and `issuer` is not set: each server would refuse the tokens of the others.
    pub fn check_server(&self) -> Result<(), ConfigError> {
        if self.signing.issuer.is_none() && self.store.location()?.is_remote() {
            return Err(
                "issuer: required with a remote database, the same for all servers of it: the URL at which \
                        clients reach them; otherwise each server would refuse the tokens of the others"
                    .into(),
            );
        }
        Ok(())
    }

    /// Source of the signing key.
    ///
    /// # Errors
    /// The algorithm requires a key or a secret that is not set, or does not use the key that is set.
    pub fn key_source(&self) -> Result<KeySource, ConfigError> {
        let algorithm = self.signing.signing_algorithm;
        match (algorithm, &self.signing.signing_key) {
            (Algorithm::EdDsa | Algorithm::Es256, Some(path)) => Ok(KeySource::File {
                path: path.clone(),
                algorithm,
            }),
            (Algorithm::EdDsa, None) => Ok(KeySource::Folder(self.store.data_dir.clone())),
            (Algorithm::Es256, None) => Err("signing_algorithm: ES256 requires signing_key, a PKCS #8 PEM file".into()),
            (_, Some(_)) => Err(ConfigError(format!(
                "signing_key: not allowed with {}, which uses the secret in PORTCULLIS_SIGNING_SECRET",
                algorithm.name()
            ))),
            (_, None) => match secret("SIGNING_SECRET") {
                Some(secret) if secret.expose_secret().len() >= 32 => Ok(KeySource::Secret { algorithm, secret }),
                _ => Err(ConfigError(format!(
                    "signing_algorithm: {} requires a secret of at least 32 bytes in PORTCULLIS_SIGNING_SECRET",
                    algorithm.name()
                ))),
            },
        }
    }

    pub(super) fn check_signing(&self) -> Result<(), ConfigError> {
        for (key, value) in [("issuer", &self.issuer()), ("audience", &self.signing.audience)] {
            if value.is_empty() || value.chars().any(char::is_control) {
                return Err(Signing::refuse(key, &format!("{value:?}")));
            }
        }
        self.key_source().map(drop)
    }
}
