//! The id of a request, which names it in the response, in `INTERNAL` errors and in the log.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header of the request id, in requests and responses.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, in the response, in `INTERNAL` errors and in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id given by the client, if it is a short word, so that logs can be followed across services; otherwise a new
    /// id.
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        headers
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|text| (1..=64).contains(&text.len()))
            .filter(|text| {
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            })
            .map_or_else(Self::default, |text| Self(text.into()))
    }

    /// The id as the value of a header.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }

    /// The same text.
    pub(super) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl Default for RequestId {
    fn default() -> Self {
        let mut text = uuid::Uuid::encode_buffer();
        // It must be unique, not unguessable, so no system call is needed.
        let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
        Self((*id.hyphenated().encode_lower(&mut text)).into())
    }
}

impl AsRef<str> for RequestId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
