//! The token cookies: read from a request, set and cleared by an answer (RFC 6265). Their names begin with `__Host-`, and
//! scripts, other sites and connections without TLS never get them.

use http::{HeaderMap, HeaderValue, header};
use secrecy::ExposeSecret as _;

use super::endpoint::Refusal;
use crate::graphql::cookies::Change;

/// What the cookies are called.
#[derive(Debug, Clone)]
pub struct CookieNames {
    /// The one for the access token.
    pub access: String,
    /// The one for the refresh token.
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
    /// The headers of an answer that makes this change.
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

    /// The header of an answer to a bad access token. The refresh token may be good still.
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

/// The value of a cookie; an empty one counts as none.
///
/// # Errors
/// The cookie is there twice, so that nobody can tell which one is ours.
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
