//! The console at `GET /`: GraphiQL with a sign-in. All files are embedded in the binary, so it works offline, and its
//! content security policy allows only these scripts.
//!
//! The path of a file contains the digest of its content, so it can be cached forever and a new version has a new path.

use std::borrow::Cow;
use std::io;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::etag::{digest, unchanged};
use super::health;

/// Scripts and styles from this server only; the fonts and small images of GraphiQL are data URLs. The one allowed
/// inline style is the one that GraphiQL's dialogs add to stop the page behind them from scrolling.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
                      style-src 'self' 'sha256-Y/huXlwoYkVyQlxwSVcCi1RCDGDCSVBzDt0hYP9qlTc='; img-src 'self' data:; \
                      font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the source tree.
struct Source {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// Whether the bytes are compressed with zstd, as the large third-party files are.
    packed: bool,
}

const SOURCES: [Source; 7] = [
    packed("react.js", SCRIPT, include_bytes!("console/vendor/react.js.zst")),
    packed(
        "react-dom.js",
        SCRIPT,
        include_bytes!("console/vendor/react-dom.js.zst"),
    ),
    packed("graphiql.js", SCRIPT, include_bytes!("console/vendor/graphiql.js.zst")),
    packed("graphiql.css", STYLE, include_bytes!("console/vendor/graphiql.css.zst")),
    plain("console.js", SCRIPT, include_bytes!("console/console.js")),
    plain("console.css", STYLE, include_bytes!("console/console.css")),
    plain("icon.svg", "image/svg+xml", include_bytes!("console/icon.svg")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

const fn packed(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Source {
    Source {
        name,
        kind,
        bytes,
        packed: true,
    }
}

const fn plain(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Source {
    Source {
        name,
        kind,
        bytes,
        packed: false,
    }
}

/// The page and the paths it refers to.
struct Console {
    page: String,
    etag: HeaderValue,
    /// The last segment of each file's path, in the order of [`SOURCES`].
    addresses: [String; SOURCES.len()],
}

static CONSOLE: LazyLock<Console> = LazyLock::new(|| {
    let addresses = SOURCES.map(|source| format!("{}-{}", digest(source.bytes), source.name));
    let mut page = include_str!("console/index.html").to_owned();
    for (source, address) in SOURCES.iter().zip(&addresses) {
        page = page.replace(&format!("{{{}}}", source.name), &format!("/console/{address}"));
    }
    let etag = format!("\"{}\"", digest(page.as_bytes()));
    Console {
        etag: HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\"")),
        page,
        addresses,
    }
});

/// `GET /` and the files it refers to.
pub(super) fn router() -> Router {
    Router::new()
        .route("/", get(page))
        .route("/console/{address}", get(file))
}

async fn page(headers: HeaderMap) -> Response {
    let fixed = [
        (header::ETAG, CONSOLE.etag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
        ),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
    ];
    if unchanged(&headers, &CONSOLE.etag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, CONSOLE.page.as_str()).into_response()
}

async fn file(Path(address): Path<String>, headers: HeaderMap) -> Response {
    let mut known = CONSOLE.addresses.iter().zip(&SOURCES);
    let Some((_, source)) = known.find(|(known, _)| **known == address) else {
        return health::not_found().await.into_response();
    };
    let etag = HeaderValue::try_from(format!("\"{address}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    let mut fixed = HeaderMap::new();
    fixed.insert(header::CONTENT_TYPE, HeaderValue::from_static(source.kind));
    fixed.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    if unchanged(&headers, &etag) {
        fixed.insert(header::ETAG, etag);
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    fixed.insert(header::ETAG, etag);
    if source.packed && takes_zstd(&headers) {
        fixed.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        fixed.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        return (fixed, source.bytes).into_response();
    }
    match source.unpack() {
        Ok(bytes) => (fixed, bytes.into_owned()).into_response(),
        Err(error) => {
            tracing::error!(%error, file = source.name, "failed to decompress a file of the console");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Source {
    fn unpack(&self) -> io::Result<Cow<'static, [u8]>> {
        if self.packed {
            zstd::decode_all(self.bytes).map(Cow::Owned)
        } else {
            Ok(Cow::Borrowed(self.bytes))
        }
    }
}

fn takes_zstd(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|coding| coding.split(';').map(str::trim))
        .any(|mut parts| {
            parts.next() == Some("zstd") && !parts.any(|weight| weight.replace(' ', "").starts_with("q=0"))
        })
}
