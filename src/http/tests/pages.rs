//! The pages and files of the console.

use super::*;
use crate::http::console::PAGES;

const HTML: (HeaderName, &str) = (header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");

/// The addresses that the page names, which are relative.
fn addresses(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split(['"'])
        .filter(|part| part.contains("console/"))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn html(response: &TestResponse) -> String {
    assert_eq!(response.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
    String::from_utf8(response.body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_console_is_served_without_other_hosts() {
    let service = service(Settings::default());
    let response = get_path(&service, "/", &[]).await;
    let page = html(&response);
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    assert!(!page.contains("<style") && !page.contains(" style="), "{page}");
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
    assert_eq!(page.matches("<script").count(), page.matches(" src=").count(), "{page}");
    assert_eq!(response.header(header::CACHE_CONTROL), "no-cache");
    let again = get_path(&service, "/", &[(header::IF_NONE_MATCH, response.header(header::ETAG))]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_ne!(again.header(header::CONTENT_SECURITY_POLICY), "");

    let addresses = addresses(&page);
    assert!(addresses.len() >= 3, "{addresses:?}");
    for address in addresses {
        let address = format!("/{address}");
        let plain = get_path(&service, &address, &[]).await;
        assert_eq!(plain.status, 200, "{address}");
        assert_eq!(plain.header(header::CONTENT_ENCODING), "", "{address}");
        assert_eq!(
            plain.header(header::CACHE_CONTROL),
            "public, max-age=31536000, immutable"
        );
        for accepted in ["br", "gzip, deflate, br, zstd"] {
            let packed = get_path(&service, &address, &[(header::ACCEPT_ENCODING, accepted)]).await;
            assert_eq!(packed.header(header::CONTENT_ENCODING), "br", "{address}");
            assert!(packed.header(header::VARY).contains("accept-encoding"), "{address}");
            assert_eq!(packed.header(header::CONTENT_TYPE), plain.header(header::CONTENT_TYPE));
            let mut bytes = Vec::new();
            brotli_decompressor::BrotliDecompress(&mut &packed.body[..], &mut bytes).unwrap();
            assert_eq!(bytes, plain.body, "{address}");
        }
        for accepted in ["gzip", "br;q=0, gzip"] {
            let old = get_path(&service, &address, &[(header::ACCEPT_ENCODING, accepted)]).await;
            assert!(
                ["gzip", ""].contains(&old.header(header::CONTENT_ENCODING)),
                "{address}"
            );
        }
    }
    for unknown in ["/console/index.js", "/console/", "/console", "/console/a/b.js"] {
        assert_eq!(get_path(&service, unknown, &[HTML]).await.status, 404, "{unknown}");
    }
    let missing = get_path(&service, "/console/index.js", &[HTML]).await;
    assert_eq!(&missing.body[..], b"Not found.\n");
}

#[tokio::test]
async fn every_path_of_a_page_gives_the_page() {
    let service = service(Settings::default());
    for page in PAGES {
        let path = page.replace("{id}", "an%2Fid");
        for path in [path.clone(), format!("{path}/").replace("//", "/")] {
            let response = get_path(&service, &path, &[]).await;
            assert_eq!(response.status, 200, "{path}");
            let base = "../".repeat(path.matches('/').count() - 1);
            for address in addresses(&html(&response)) {
                let rest = address
                    .strip_prefix(&base)
                    .unwrap_or_else(|| panic!("{path}: {address}"));
                assert!(rest.starts_with("console/"), "{path}: {address}");
            }
            let mut request = Request::head(&path).body(Body::empty()).unwrap();
            let head = call(&service, request).await;
            assert_eq!((head.status.as_u16(), head.body.len()), (200, 0), "{path}");
            request = Request::post(&path).body(Body::empty()).unwrap();
            assert_eq!(call(&service, request).await.status, 405, "{path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_404_for_people_and_programs() {
    let service = service(Settings::default());
    for path in [
        "/elsewhere",
        "/admin",
        "/admin/users/a/b",
        "/matches",
        "/console.js",
        "//example.org/x",
    ] {
        let shown = get_path(&service, path, &[HTML]).await;
        assert_eq!(shown.status, 404, "{path}");
        let base = "../".repeat(path.matches('/').count() - 1);
        let page = html(&shown);
        assert!(page.contains(&format!("\"{base}console/")), "{path}: {page}");
        assert!(
            shown
                .header(header::CONTENT_SECURITY_POLICY)
                .contains("script-src 'self'")
        );
        let plain = get_path(&service, path, &[(header::ACCEPT, "application/json")]).await;
        assert_eq!(plain.status, 404, "{path}");
        assert_eq!(&plain.body[..], b"Not found.\n", "{path}");
    }
    // What programs request is never the page, nor are paths of many segments.
    for path in ["/oauth/unknown", "/.well-known/unknown", "/graphql/x", &"/a".repeat(9)] {
        let response = get_path(&service, path, &[HTML]).await;
        assert_eq!(
            (response.status.as_u16(), &response.body[..]),
            (404, &b"Not found.\n"[..]),
            "{path}"
        );
    }
    let post = Request::post("/elsewhere").header(header::ACCEPT, "text/html");
    let response = call(&service, post.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (response.status.as_u16(), &response.body[..]),
        (404, &b"Not found.\n"[..])
    );
}

#[tokio::test]
async fn the_console_hides_no_other_path() {
    for path in [
        "/schema.graphql",
        "/healthz",
        "/readyz",
        "/metrics",
        "/.well-known/jwks.json",
    ] {
        for console in [true, false] {
            let service = super::service(Settings {
                console,
                ..Settings::default()
            });
            let response = get_path(&service, path, &[HTML]).await;
            assert_eq!(response.status, 200, "{path}");
            assert!(
                !response.header(header::CONTENT_TYPE).starts_with("text/html"),
                "{path}"
            );
        }
    }
    let without = super::service(Settings {
        console: false,
        ..Settings::default()
    });
    for path in ["/", "/match", "/admin/users/x", "/elsewhere", "/console/icon.svg"] {
        let response = get_path(&without, path, &[HTML]).await;
        assert_eq!(
            (response.status.as_u16(), &response.body[..]),
            (404, &b"Not found.\n"[..]),
            "{path}"
        );
    }
}

#[test]
fn the_router_of_the_console_has_the_same_pages() {
    let router = include_str!("../../../web/src/router.ts");
    let mut routed: Vec<String> = router
        .split("path: \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| !path.contains('*'))
        .map(|path| path.replace(":id", "{id}"))
        .collect();
    routed.sort();
    let mut served = PAGES.to_vec();
    served.sort_unstable();
    assert_eq!(routed, served);
}
