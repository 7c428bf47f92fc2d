//! The files of `web/dist`, embedded. `build.rs` lists them.

use std::borrow::Cow;
use std::io;

use http::{HeaderMap, HeaderValue, header};

include!(concat!(env!("OUT_DIR"), "/console_files.rs"));

/// A script, style sheet or image of the console.
pub(super) struct File {
    /// The last segment of the path. It contains the digest of the content.
    name: &'static str,
    /// Whether the bytes are compressed with brotli.
    is_packed: bool,
    bytes: &'static [u8],
}

/// The page, with addresses relative to the root of the console.
pub(super) const fn page() -> &'static str {
    PAGE
}

/// The file with this name.
pub(super) fn find(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

impl File {
    pub(super) fn media_type(&self) -> HeaderValue {
        HeaderValue::from_static(match self.name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            Some("png") => "image/png",
            Some("webp") => "image/webp",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        })
    }

    /// The bytes in a coding that the client accepts, and whether that is brotli.
    ///
    /// # Errors
    /// The embedded bytes cannot be decompressed.
    pub(super) fn bytes(&self, accepted: &HeaderMap) -> io::Result<(Cow<'static, [u8]>, bool)> {
        if !self.is_packed {
            return Ok((self.bytes.into(), false));
        }
        if accepts_brotli(accepted) {
            return Ok((self.bytes.into(), true));
        }
        let mut bytes = Vec::new();
        brotli_decompressor::BrotliDecompress(&mut &*self.bytes, &mut bytes)?;
        Ok((bytes.into(), false))
    }
}

/// Whether `Accept-Encoding` lists `br` with a weight above 0 (RFC 9110, 12.5.3).
fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
            name.trim().eq_ignore_ascii_case("br") && weight.unwrap_or(1.0) > 0.0
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_accepted_by_name_and_weight() {
        for (value, accepted) in [
            ("br", true),
            ("gzip, deflate, br, zstd", true),
            ("gzip;q=1.0, BR ; q=0.5", true),
            ("br;q=0", false),
            ("br; q=0.000, gzip", false),
            ("gzip, deflate", false),
            ("broken", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            assert_eq!(accepts_brotli(&headers), accepted, "{value}");
        }
        assert!(!accepts_brotli(&HeaderMap::new()));
    }

    #[test]
    fn every_file_has_a_media_type_and_a_digest_in_its_name() {
        assert!(FILES.len() > 10);
        for file in FILES {
            assert_ne!(file.media_type(), "application/octet-stream", "{}", file.name);
            let (stem, _) = file.name.rsplit_once('.').unwrap();
            let (name, digest) = stem.split_at(stem.len() - 8);
            assert!(name.len() > 1 && name.ends_with('-'), "{}", file.name);
            assert!(
                digest
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            );
            assert_eq!(find(file.name).map(|found| found.name), Some(file.name));
        }
    }
}
