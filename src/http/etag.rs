//! Entity tags (RFC 9110, 8.8.3).

use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};

/// The first 12 hexadecimal digits, which suffice to distinguish versions.
pub(super) fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the client has the version with this tag.
pub(super) fn unchanged(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let etag = etag.as_bytes();
    let etag = etag.strip_prefix(b"W/").unwrap_or(etag);
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag.as_bytes() == etag)
}
