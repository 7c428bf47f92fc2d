//! The console: one page for every path in [`PAGES`], and the scripts and styles that it loads. All files are embedded in
//! the binary, so it works offline, and its content security policy allows only these scripts.
//!
//! The addresses in the page are relative, so the console works under any path prefix that a proxy removes.

mod files;

use axum::Router;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use super::etag::{digest, unchanged};
use super::health;

/// The paths of the pages. `web/src/router.ts` has the same, which a test compares.
pub(super) const PAGES: [&str; 14] = [
    "/",
    "/sign-in",
    "/register",
    "/match",
    "/rank",
    "/jobs",
    "/predict",
    "/models",
    "/explore",
    "/account",
    "/admin/users",
    "/admin/users/{id}",
    "/admin/roles",
    "/admin/audit",
];

/// Below these paths, an unknown path is answered for programs, also if a browser requests it.
const NOT_PAGES: [&str; 4] = ["/console/", "/graphql/", "/oauth/", "/.well-known/"];

/// An upper bound for the path segments of an unknown path that is answered with the page.
const MAX_SEGMENTS: usize = 8;

/// Scripts and styles from this server only; small images of GraphiQL are data URLs. The one allowed inline style is the
/// one that GraphiQL's dialogs add to stop the page behind them from scrolling.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
                      style-src 'self' 'sha256-Y/huXlwoYkVyQlxwSVcCi1RCDGDCSVBzDt0hYP9qlTc='; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The pages and the files below `/console/`.
pub(super) fn router() -> Router {
    let mut router = Router::new().route("/console/{name}", get(file));
    for path in PAGES {
        router = router.route(path, get(page));
        if path != "/" {
            router = router.route(&format!("{path}/"), get(page));
        }
    }
    router
}

/// Whether a path is one of a page or of a file of the console.
pub(super) fn is_path(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.is_empty() || path.starts_with("/console/") || path.starts_with("/admin/users/") || PAGES.contains(&path)
}

/// Every other path: browsers get the page, which says that the path is unknown.
pub(super) async fn not_found(request: Request) -> Response {
    let path = request.uri().path();
    let is_for_people = [Method::GET, Method::HEAD].contains(request.method())
        && accepts_html(request.headers())
        && path.matches('/').count() <= MAX_SEGMENTS
        && !NOT_PAGES.iter().any(|prefix| path.starts_with(prefix));
    let mut response = if is_for_people {
        (StatusCode::NOT_FOUND, fixed_headers(), html(path)).into_response()
    } else {
        health::not_found().await.into_response()
    };
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("accept"));
    response
}

async fn page(uri: Uri, headers: HeaderMap) -> Response {
    let html = html(uri.path());
    // Weak, because compression may change the bytes.
    let etag = format!("W/\"{}\"", digest(html.as_bytes()));
    let etag = HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\""));
    let is_unchanged = unchanged(&headers, &etag);
    let headers = (fixed_headers(), [(header::ETAG, etag)]);
    if is_unchanged {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, html).into_response()
}

/// The page with addresses relative to a path: `../console/...` in `/admin/users`.
fn html(path: &str) -> String {
    let depth = path.matches('/').count().saturating_sub(1);
    let console = format!("\"{}console/", "../".repeat(depth));
    files::page().replace("\"./console/", &console)
}

fn fixed_headers() -> [(HeaderName, HeaderValue); 4] {
    [
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
    ]
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = files::find(&name) else {
        return health::not_found().await.into_response();
    };
    let (bytes, is_brotli) = match file.bytes(&headers) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, "failed to decompress a file of the console");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, file.media_type());
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"))
}
