//! Settings of a foreign issuer and their validation: one `[[issuers]]` table of the configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::identity::role::check_name;
use crate::store::mask_password;

/// An OpenID provider whose access tokens are accepted: one `[[issuers]]` table of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignIssuer {
    /// The issuer identifier, exactly equal to `iss` in its tokens and the base URL of discovery. Must be `https`, or
    /// `http` for a loopback host.
    pub url: String,
    /// The audience that `aud` must equal or contain.
    pub audience: String,
    /// The allowed signature algorithms.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<ForeignAlgorithm>,
    /// The clients (`azp`, `client_id`) whose tokens are accepted; if empty, those of all clients.
    #[serde(default)]
    pub clients: Vec<String>,
    /// The claim that contains the roles, or a path into a claim such as `realm_access.roles`. Its value is a list of
    /// strings or, like `scope`, a string separated by spaces.
    #[serde(default = "default_roles_claim")]
    pub roles_claim: String,
    /// The local roles granted to every token of this issuer.
    #[serde(default)]
    pub default_roles: Vec<String>,
    /// A map from values of the roles claim to local roles; other values grant nothing.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
}

/// A signature algorithm of a foreign issuer (RFC 7518, RFC 8037). Symmetric algorithms are excluded, because a party
/// that can verify such a signature can also forge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[cfg_attr(test, derive(strum::VariantArray))]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum ForeignAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    #[strum(serialize = "EdDSA")]
    EdDsa,
}

impl ForeignAlgorithm {
    /// Returns the name in a token's header.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub(super) const fn jose(self) -> jsonwebtoken::Algorithm {
        use jsonwebtoken::Algorithm as Jose;
        match self {
            Self::Rs256 => Jose::RS256,
            Self::Rs384 => Jose::RS384,
            Self::Rs512 => Jose::RS512,
            Self::Ps256 => Jose::PS256,
            Self::Ps384 => Jose::PS384,
            Self::Ps512 => Jose::PS512,
            Self::Es256 => Jose::ES256,
            Self::Es384 => Jose::ES384,
            Self::EdDsa => Jose::EdDSA,
        }
    }
}

fn default_algorithms() -> Vec<ForeignAlgorithm> {
    vec![ForeignAlgorithm::Rs256]
}

fn default_roles_claim() -> String {
    "roles".to_owned()
}

impl ForeignIssuer {
    /// Checks all issuers; `own` is the issuer of this server's tokens.
    ///
    /// # Errors
    /// One line that names the key, such as `issuers[0].url`, the value and what is allowed.
    pub fn check_all(issuers: &[Self], own: &str) -> Result<(), String> {
        for (at, issuer) in issuers.iter().enumerate() {
            issuer.check().map_err(|line| format!("issuers[{at}].{line}"))?;
            if issuer.url == own {
                return Err(format!(
                    "issuers[{at}].url: {:?} is not allowed: it is the issuer of this server's own tokens",
                    issuer.url
                ));
            }
            if issuers[..at].iter().any(|other| other.url == issuer.url) {
                return Err(format!(
                    "issuers[{at}].url: {:?} is not allowed: it is configured twice; expected each issuer once",
                    issuer.url
                ));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        const URL: &str = "give an https:// URL without user, query and fragment (http:// only for a loopback host)";
        let url = Url::parse(&self.url)
            .map_err(|error| format!("url: {:?} is not allowed: {error}", mask_password(&self.url)))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("url: a URL with a user or password is not allowed: {URL}"));
        }
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        if !secure || url.host().is_none() || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("url: {:?} is not allowed: {URL}", self.url));
        }
        for (key, value) in [("audience", &self.audience), ("roles_claim", &self.roles_claim)] {
            if !is_text(value) {
                return Err(format!(
                    "{key}: {value:?} is not allowed; expected 1 to 1024 bytes without control characters"
                ));
            }
        }
        if self.algorithms.is_empty() {
            return Err("algorithms: give at least one, such as \"RS256\"".to_owned());
        }
        if let Some(client) = self.clients.iter().find(|client| !is_text(client)) {
            return Err(format!(
                "clients: {client:?} is not allowed; expected client ids of 1 to 1024 bytes, or omit the list"
            ));
        }
        for (key, role) in self
            .default_roles
            .iter()
            .map(|role| ("default_roles".to_owned(), role))
            .chain(
                self.roles
                    .iter()
                    .map(|(value, role)| (format!("roles.{value:?}"), role)),
            )
        {
            check_name(role).map_err(|_| {
                format!(
                    "{key}: {role:?} is not allowed; expected the name of a role such as \"USER\", in capital letters"
                )
            })?;
        }
        if self.roles.is_empty() && self.default_roles.is_empty() {
            return Err(
                "roles: give roles or default_roles; without either, its tokens have no permissions".to_owned(),
            );
        }
        Ok(())
    }
}

fn is_text(value: &str) -> bool {
    !value.is_empty() && value.len() <= 1024 && !value.chars().any(char::is_control)
}

/// Returns whether the host of the URL is a loopback address or `localhost`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    //! Settings only; tokens are tested in `identity::tests`.

    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn an_algorithm_has_one_name_in_settings_and_tokens() {
        for algorithm in ForeignAlgorithm::VARIANTS {
            assert_eq!(serde_json::json!(algorithm), algorithm.name());
        }
        assert_eq!(ForeignAlgorithm::Ps384.name(), "PS384");
        assert_eq!(ForeignAlgorithm::EdDsa.name(), "EdDSA");
    }

    fn issuer() -> ForeignIssuer {
        ForeignIssuer {
            url: "https://id.example.org/realms/hr".to_owned(),
            audience: "portcullis".to_owned(),
            algorithms: default_algorithms(),
            clients: vec![],
            roles_claim: default_roles_claim(),
            default_roles: vec!["USER".to_owned()],
            roles: BTreeMap::new(),
        }
    }

    #[test]
    fn errors_name_the_invalid_key() {
        type Change = fn(&mut ForeignIssuer);
        let cases: [(&str, Change); 17] = [
            ("url", |i| i.url = "id.example.org".to_owned()),
            ("url", |i| i.url = "http://id.example.org".to_owned()),
            ("url", |i| i.url = "http://127.0.0.1.example.org".to_owned()),
            ("url", |i| i.url = "ftp://127.0.0.1/".to_owned()),
            ("url", |i| i.url = "file:///etc/passwd".to_owned()),
            ("url", |i| i.url = "https://ann:hidden@id.example.org".to_owned()),
            ("url", |i| i.url = "https://ann:hidden@id.example.org:x".to_owned()),
            ("url", |i| i.url = "https://id.example.org/?a=b".to_owned()),
            ("url", |i| i.url = "https://id.example.org/#a".to_owned()),
            ("url", |i| i.url = "portcullis".to_owned()),
            ("audience", |i| i.audience.clear()),
            ("algorithms", |i| i.algorithms.clear()),
            ("clients", |i| i.clients = vec![String::new()]),
            ("roles_claim", |i| i.roles_claim = "a\nb".to_owned()),
            ("default_roles", |i| i.default_roles = vec!["admin".to_owned()]),
            ("roles", |i| i.default_roles.clear()),
            ("roles.\"hr\"", |i| {
                i.roles.insert("hr".to_owned(), "x y".to_owned());
            }),
        ];
        for (key, change) in cases {
            let mut wrong = issuer();
            change(&mut wrong);
            let line = ForeignIssuer::check_all(&[wrong], "portcullis").unwrap_err();
            assert!(line.starts_with(&format!("issuers[0].{key}: ")), "{line}");
            assert!(!line.contains("hidden") && line.lines().count() == 1, "{line}");
        }
        assert_eq!(ForeignIssuer::check_all(&[issuer()], "portcullis"), Ok(()));
        let twice = ForeignIssuer::check_all(&[issuer(), issuer()], "portcullis");
        assert!(twice.unwrap_err().starts_with("issuers[1].url: "));
        let own = ForeignIssuer::check_all(&[issuer()], &issuer().url).unwrap_err();
        assert!(own.contains("this server's own"), "{own}");
        for url in [
            "http://127.0.0.1:8080/a",
            "http://[::1]:1",
            "http://localhost:1",
            "https://id.example.org/",
        ] {
            let url = url.to_owned();
            assert_eq!(
                ForeignIssuer::check_all(&[ForeignIssuer { url, ..issuer() }], "portcullis"),
                Ok(())
            );
        }
    }
}
