//! What access tokens say and how they are signed: `issuer`, `audience`, `signing_algorithm`, `signing_key`, and the
//! secret `PORTCULLIS_SIGNING_SECRET`.

use secrecy::ExposeSecret as _;

use super::environment::secret;
use super::{Config, ConfigError};
use crate::identity::{Algorithm, KeySource};

impl Config {
    /// The `iss` claim of access tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.issuer.clone().unwrap_or_else(|| self.url())
    }

    /// Where the signing key comes from.
    ///
    /// # Errors
    /// When the algorithm lacks the key or the secret that it needs.
    pub fn key_source(&self) -> Result<KeySource, ConfigError> {
        let algorithm = self.signing_algorithm;
        match (algorithm, &self.signing_key) {
            (Algorithm::EdDsa | Algorithm::Es256, Some(path)) => Ok(KeySource::File {
                path: path.clone(),
                algorithm,
            }),
            (Algorithm::EdDsa, None) => Ok(KeySource::Folder(self.data_dir.clone())),
            (Algorithm::Es256, None) => Err(ConfigError(
                "signing_algorithm: ES256 needs signing_key, a PKCS #8 PEM file".to_owned(),
            )),
            (_, Some(_)) => Err(ConfigError(format!(
                "signing_key: {} takes no key file but the secret in PORTCULLIS_SIGNING_SECRET",
                algorithm.name()
            ))),
            (_, None) => match secret("SIGNING_SECRET") {
                Some(secret) if secret.expose_secret().len() >= 32 => Ok(KeySource::Secret { algorithm, secret }),
                _ => Err(ConfigError(format!(
                    "signing_algorithm: {} needs a secret of at least 32 bytes in PORTCULLIS_SIGNING_SECRET",
                    algorithm.name()
                ))),
            },
        }
    }
}

pub(super) fn check_claims(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    for (key, value) in [("issuer", &config.issuer()), ("audience", &config.audience)] {
        if value.is_empty() || value.chars().any(char::is_control) {
            return refuse(format!(
                "{key}: {value:?} is not allowed: give a text of at least one character"
            ));
        }
    }
    Ok(())
}
