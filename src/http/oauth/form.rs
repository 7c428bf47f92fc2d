//! The form of a token request and its client credentials (RFC 6749, 2.3.1, 3.2 and appendix B).

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use http::request::Parts;
use secrecy::SecretString;
use url::form_urlencoded;

use super::grant::{Denial, Grant};

/// The grant of a form, and the client secret if the client authenticates itself too.
///
/// # Errors
/// `invalid_request`; `invalid_client` for an unknown authentication scheme; `unsupported_grant_type`.
pub(super) fn read(parts: &Parts, body: &[u8]) -> Result<(Grant, Option<SecretString>), Denial> {
    let is_form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<mime::Mime>().ok())
        .is_some_and(|kind| kind.essence_str() == "application/x-www-form-urlencoded");
    if !is_form {
        return Err(Denial::malformed(
            "the content type must be application/x-www-form-urlencoded",
        ));
    }
    if parts.uri.query().is_some() {
        return Err(Denial::malformed("parameters must be in the body, not in the URL"));
    }
    let mut form = Form::read(body)?;
    let basic = basic(parts)?;
    let posted = form.take("client_secret");
    let client = match (basic, posted) {
        (Some(_), Some(_)) => return Err(Denial::malformed("the client must use only one authentication method")),
        (Some(secret), None) | (None, Some(secret)) => Some(secret).filter(|secret| !secret.is_empty()),
        (None, None) => None,
    };
    let client = client.map(SecretString::from);
    let grant = form.need("grant_type")?;
    match grant.as_str() {
        "password" => {
            let username = form.need("username")?;
            let password = form.need("password")?.into();
            Ok((Grant::Password { username, password }, client))
        }
        "refresh_token" => Ok((Grant::RefreshToken(form.need("refresh_token")?.into()), client)),
        "client_credentials" => match client {
            Some(secret) => Ok((Grant::ClientCredentials(secret), None)),
            None => Err(Denial::InvalidClient("client_secret must be an API key".to_owned())),
        },
        _ => Err(Denial::UnsupportedGrantType),
    }
}

struct Form(HashMap<String, String>);

impl Form {
    /// A parameter without a value counts as absent, and none may be repeated (RFC 6749, 3.2).
    fn read(body: &[u8]) -> Result<Self, Denial> {
        let mut form = HashMap::new();
        for (name, value) in form_urlencoded::parse(body).filter(|(_, value)| !value.is_empty()) {
            if form.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Denial::malformed("a parameter is repeated"));
            }
        }
        Ok(Self(form))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    fn need(&mut self, name: &str) -> Result<String, Denial> {
        self.take(name)
            .ok_or_else(|| Denial::malformed(&format!("the parameter {name} is missing")))
    }
}

/// The secret of `Authorization: Basic`. The client id is ignored: the key identifies its owner.
fn basic(parts: &Parts) -> Result<Option<String>, Denial> {
    let refused = || Denial::InvalidClient("the Authorization header must be one of the scheme Basic".to_owned());
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().map_err(|_| refused())?,
        (Some(_), Some(_)) => return Err(refused()),
    };
    let (scheme, encoded) = value.trim().split_once(' ').ok_or_else(refused)?;
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| refused())?;
    let text = String::from_utf8(decoded).map_err(|_| refused())?;
    let (_, secret) = text.split_once(':').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(refused());
    }
    // Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
    let secret = secret.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&secret).decode_utf8();
    decoded.map(|secret| Some(secret.into_owned())).map_err(|_| refused())
}
