//! The forms of the OAuth endpoints and the client credentials (RFC 6749, 2.3.1, 3.2 and appendix B).

use std::collections::HashMap;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{Method, Request, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded;

use super::super::body::{self, BodyError, BufferedBody};
use super::super::handler_state::HandlerState;
use super::super::peer;
use super::grant::{Denial, Grant};
use super::token_query::{ClientCredential, TokenQuery};

/// The limit of the form in bytes; a token request has a few hundred.
const FORM_LIMIT: usize = 16 * 1024;

/// The parameters of a token request.
pub(super) struct TokenForm {
    pub(super) grant: Grant,
    /// The client secret, if the client authenticates itself in addition to the grant.
    pub(super) client: Option<SecretString>,
    pub(super) scope: Option<String>,
}

/// Receives the body of a request.
///
/// # Errors
/// The method is not POST, or the body cannot be read.
pub(super) async fn receive<E>(
    state: &HandlerState<E>,
    request: Request<Body>,
) -> Result<(Parts, BufferedBody), Denial> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        let text = "requests must use POST".to_owned();
        return Err(Denial::InvalidRequest(StatusCode::METHOD_NOT_ALLOWED, text));
    }
    let timeout = state.settings.body_timeout;
    let held = body::read(&parts.headers, body, FORM_LIMIT, timeout, &state.bodies).await;
    let held = held.map_err(|error| match error {
        BodyError::Busy => Denial::Unavailable,
        error => Denial::InvalidRequest(error.status(), error.to_string()),
    })?;
    Ok((parts, held))
}

/// The header `User-Agent`, if it is text.
pub(super) fn user_agent(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::USER_AGENT)?;
    value.to_str().ok().map(str::to_owned)
}

/// Reads a token request.
///
/// # Errors
/// `invalid_request`; `invalid_client` for an unknown authentication scheme; `unsupported_grant_type`.
pub(super) fn read(parts: &Parts, body: &[u8]) -> Result<TokenForm, Denial> {
    let mut form = Form::of(parts, body)?;
    let client = form.client(authorization(parts)?)?;
    let client = match client {
        Some(ClientCredential::Bearer(_)) => return Err(not_basic()),
        Some(ClientCredential::Secret(secret)) => Some(secret),
        None => None,
    };
    let scope = form.take("scope");
    let grant = form.need("grant_type")?;
    let (grant, client) = match grant.as_str() {
        "password" => {
            let username = form.need("username")?;
            let password = form.need("password")?.into();
            (Grant::Password { username, password }, client)
        }
        "refresh_token" => (Grant::RefreshToken(form.need("refresh_token")?.into()), client),
        "client_credentials" => match client {
            Some(secret) => (Grant::ClientCredentials(secret), None),
            None => return Err(Denial::InvalidClient("client_secret must be an API key".to_owned())),
        },
        _ => return Err(Denial::UnsupportedGrantType),
    };
    Ok(TokenForm { grant, client, scope })
}

/// Reads a request to introspect or to revoke a token.
///
/// # Errors
/// `invalid_request`; `invalid_client` for an unknown authentication scheme.
pub(super) fn read_query(parts: &Parts, body: &[u8]) -> Result<TokenQuery, Denial> {
    let mut form = Form::of(parts, body)?;
    let client = form.client(authorization(parts)?)?;
    Ok(TokenQuery {
        token: form.need("token")?.into(),
        client,
        peer: peer::address(parts),
        user_agent: user_agent(parts),
    })
}

struct Form(HashMap<String, String>);

impl Form {
    /// Checks the head of the request and reads its body.
    fn of(parts: &Parts, body: &[u8]) -> Result<Self, Denial> {
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
        Self::read(body)
    }

    /// The credential of the client: that of the header, or the parameter `client_secret`.
    fn client(&mut self, header: Option<ClientCredential>) -> Result<Option<ClientCredential>, Denial> {
        match (header, self.take("client_secret")) {
            (Some(_), Some(_)) => Err(Denial::malformed("the client must use only one authentication method")),
            (Some(ClientCredential::Secret(secret)), None) if secret.expose_secret().is_empty() => Ok(None),
            (header, posted) => Ok(header.or(posted.map(|secret| ClientCredential::Secret(secret.into())))),
        }
    }

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

/// The credential in the header `Authorization`. The client id of `Basic` is ignored: the key identifies its owner.
fn authorization(parts: &Parts) -> Result<Option<ClientCredential>, Denial> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().map_err(|_| not_basic())?,
        (Some(_), Some(_)) => return Err(not_basic()),
    };
    let (scheme, encoded) = value.trim().split_once(' ').ok_or_else(not_basic)?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(Some(ClientCredential::Bearer(encoded.trim().to_owned().into())));
    }
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(not_basic());
    }
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| not_basic())?;
    let text = String::from_utf8(decoded).map_err(|_| not_basic())?;
    let (_, secret) = text.split_once(':').ok_or_else(not_basic)?;
    // Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
    let secret = secret.replace('+', " ");
    let secret = percent_encoding::percent_decode_str(&secret)
        .decode_utf8()
        .map_err(|_| not_basic())?;
    Ok(Some(ClientCredential::Secret(secret.into_owned().into())))
}

fn not_basic() -> Denial {
    Denial::InvalidClient("the Authorization header must be one of the scheme Basic".to_owned())
}
