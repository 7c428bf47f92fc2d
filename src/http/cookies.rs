//! The token cookies: read from requests, set and cleared in responses (RFC 6265). Their names begin with `__Host-`, so
//! scripts, other sites and connections without TLS never receive them.

use http::{HeaderMap, HeaderValue, header};
use secrecy::ExposeSecret as _;

use super::endpoint::Refusal;
use crate::graphql::cookies::Change;

/// The names of the cookies.
#[derive(Debug, Clone)]
pub struct CookieNames {
    /// The name of the access token cookie.
    pub access: String,
    /// The name of the refresh token cookie.
    pub refresh: String,
}

impl Default for CookieNames {
    fn default() -> Self {
        Self {
            access: "__Host-portcullis-access".to_owned(),
            refresh: "__Host-portcullis-refresh".to_owned(),
        }
    }
}

impl CookieNames {
    /// The `Set-Cookie` headers of a response with this change.
    pub(super) fn headers(&self, change: &Change) -> Vec<HeaderValue> {
        let headers = match change {
            Change::Set {
                access,
                access_seconds,
                refresh,
                refresh_seconds,
            } => [
                set(&self.access, access.expose_secret(), *access_seconds),
                set(&self.refresh, refresh.expose_secret(), *refresh_seconds),
            ],
            Change::Clear => [set(&self.access, "", 0), set(&self.refresh, "", 0)],
        };
        headers.into_iter().flatten().collect()
    }

    /// The `Set-Cookie` header that clears an invalid access token. The refresh token may still be valid.
    pub(super) fn clear_access(&self) -> Option<HeaderValue> {
        set(&self.access, "", 0)
    }
}

fn set(name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    let text = format!(
        "{name}={value}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=Strict",
        seconds.max(0)
    );
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The value of a cookie. An empty value counts as absent.
///
/// # Errors
/// The cookie is present twice, so it is unclear which one is valid.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Refusal::InvalidToken(format!("The cookie {name} is there twice."))),
    }
}
