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
/// The cookie is present twice, so it is unclear which one is valid, or its value is not text.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = pairs(headers).filter_map(|(found, value)| (found == name.as_bytes()).then_some(value));
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => str::from_utf8(value)
            .map(Some)
            .map_err(|_| Refusal::InvalidToken(format!("The cookie {name} is malformed."))),
        (Some(_), Some(_)) => Err(Refusal::InvalidToken(format!("The cookie {name} is there twice."))),
    }
}

/// The names and values of all cookies that have a value.
///
/// Cookies of other applications of the host are in the same header, and browsers send any bytes for them. So the header
/// is split as bytes, as in RFC 6265, 5.4, and a cookie that is malformed has no effect on the others.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| {
            let pair = pair.trim_ascii();
            let (name, value) = pair.split_at_checked(pair.iter().position(|byte| *byte == b'=')?)?;
            let value = value.get(1..)?;
            (!value.is_empty()).then_some((name, value))
        })
}

#[cfg(test)]
mod tests {
    //! The header `Cookie` beside cookies of other applications. What the cookies authenticate is tested in `tests/it`.

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "__Host-portcullis-access";

    /// All bytes that a header value may hold, except `;`.
    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![Just(b'\t'), 0x20..=0x7e_u8, 0x80..=0xff_u8].prop_filter("a separator", |byte| *byte != b';')
    }

    /// A cookie of another application: any bytes, and often a malformed form.
    fn neighbour() -> impl Strategy<Value = Vec<u8>> {
        let odd = prop::sample::select(vec![
            "ort=Köln",
            "=",
            "==",
            "\"",
            "a=\"b",
            "a=\"b\\",
            "=__Host-portcullis-access",
            "__Host-portcullis-access",
            "__Host-portcullis-access=",
            "x__Host-portcullis-access=1",
            "__host-portcullis-access=1",
            "a=__Host-portcullis-access=1",
            " ",
            "",
        ])
        .prop_map(|text| text.as_bytes().to_vec());
        prop_oneof![odd, vec(byte(), 0..40)].prop_filter("this cookie itself", |bytes| {
            let own = [NAME.as_bytes(), b"="].concat();
            bytes.trim_ascii().strip_prefix(&*own).is_none_or(<[u8]>::is_empty)
        })
    }

    fn header_of(cookies: &[Vec<u8>]) -> HeaderValue {
        HeaderValue::from_bytes(&cookies.join(&b"; "[..])).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn other_cookies_do_not_hide_this_one(
            before in vec(neighbour(), 0..4),
            after in vec(neighbour(), 0..4),
            other_lines in vec(vec(neighbour(), 1..3), 0..3),
            value in "[A-Za-z0-9._-]{1,60}",
        ) {
            let own = format!("{NAME}={value}").into_bytes();
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, header_of(&[before.clone(), vec![own], after.clone()].concat()));
            for line in &other_lines {
                headers.append(header::COOKIE, header_of(line));
            }
            prop_assert_eq!(read(&headers, NAME), Ok(Some(value.as_str())));

            let mut without = HeaderMap::new();
            without.append(header::COOKIE, header_of(&[before, after].concat()));
            prop_assert_eq!(read(&without, NAME), Ok(None));
        }

        #[test]
        fn a_cookie_that_is_there_twice_is_refused(between in vec(neighbour(), 0..4), apart: bool) {
            let own = format!("{NAME}=x").into_bytes();
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, header_of(&[vec![own.clone()], between].concat()));
            if apart {
                headers.append(header::COOKIE, header_of(&[own]));
            } else {
                let both = header_of(&[own.clone(), own]);
                headers.insert(header::COOKIE, both);
            }
            prop_assert!(matches!(read(&headers, NAME), Err(Refusal::InvalidToken(_))));
        }
    }

    #[test]
    fn a_value_that_is_not_text_is_refused() {
        let mut headers = HeaderMap::new();
        let value = [NAME.as_bytes(), b"=\xff"].concat();
        headers.insert(header::COOKIE, HeaderValue::from_bytes(&value).unwrap());
        assert!(matches!(read(&headers, NAME), Err(Refusal::InvalidToken(_))));
    }
}
