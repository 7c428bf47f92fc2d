//! What is not `/graphql`: the console's files, health, the schema, CORS and what every answer carries.

use super::*;
use crate::http::console::PAGES;

#[tokio::test]
async fn health_and_schema_are_served() {
    let up = service(Settings::default());
    let response = get_path(&up, "/healthz", &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.json()["status"].as_str()),
        (200, Some("ok"))
    );
    let response = get_path(&up, "/readyz", &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.json()["status"].as_str()),
        (200, Some("ready"))
    );
    let response = get_path(&up, "/schema.graphql", &[]).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header(header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(&response.body[..], b"type Query { service: Service! }");

    let down = router(endpoint(false), Settings::default());
    assert_eq!(get_path(&down, "/healthz", &[]).await.status, 200);
    let response = get_path(&down, "/readyz", &[]).await;
    assert_eq!(response.status, 503);
    assert_eq!(response.json()["reason"], "the store does not respond");
    assert_eq!(get_path(&down, "/schema.graphql", &[]).await.status, 404);
    assert_eq!(get_path(&down, "/elsewhere", &[]).await.status, 404);
}

#[tokio::test]
async fn the_schema_of_a_role_is_refused_in_its_own_way() {
    let up = service(Settings::default());
    // Other parameters do not count.
    assert_eq!(get_path(&up, "/schema.graphql?roles=USER", &[]).await.status, 200);
    let response = get_path(&up, "/schema.graphql?role=USER", &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.header(header::RETRY_AFTER)),
        (503, "1")
    );
    assert_eq!(response.json()["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(response.header(header::CACHE_CONTROL), "no-store");
    let response = get_path(
        &up,
        "/schema.graphql?role=mine",
        &[(header::AUTHORIZATION, "Bearer bad")],
    )
    .await;
    assert_eq!(response.status, 401);
    let response = get_path(&up, "/schema.graphql?role=mine&role=USER", &[]).await;
    assert_eq!(response.status, 400);
    let down = router(endpoint(false), Settings::default());
    assert_eq!(get_path(&down, "/schema.graphql?role=USER", &[]).await.status, 404);
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let service = service(Settings::default());
    for path in ["/", "/graphql", "/healthz", "/elsewhere", "/schema.graphql"] {
        let response = get_path(&service, path, &[]).await;
        assert_eq!(response.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(response.header(header::X_FRAME_OPTIONS), "DENY", "{path}");
        assert_eq!(response.header(header::REFERRER_POLICY), "no-referrer", "{path}");
        let policy = response.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "", "{path}");
    }
}

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

#[tokio::test]
async fn large_responses_are_compressed_on_request() {
    let service = service(Settings::default());
    let text = "portcullis ".repeat(1_000);
    let body = serde_json::json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": text } });
    for coding in ["gzip", "br", "zstd"] {
        let response = post(&service, body.to_string(), &[(header::ACCEPT_ENCODING, coding)]).await;
        assert_eq!(response.header(header::CONTENT_ENCODING), coding);
        assert!(response.body.len() < 2_000, "{coding}: {}", response.body.len());
    }
    let response = query(&service, "{ service { name } }", &[(header::ACCEPT_ENCODING, "gzip")]).await;
    assert_eq!(response.header(header::CONTENT_ENCODING), "");
}

#[tokio::test]
async fn only_listed_origins_may_call_from_a_browser() {
    let listed = "https://app.example.com";
    let service = service(Settings {
        cors_origins: vec![http::HeaderValue::from_static(listed)],
        ..Settings::default()
    });
    for (origin, allowed) in [(listed, listed), ("https://evil.example", ""), ("null", "")] {
        let response = query(&service, "{ service { name } }", &[(header::ORIGIN, origin)]).await;
        assert_eq!(
            response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            allowed,
            "{origin}"
        );
        let preflight = Request::options("/graphql")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
            .body(Body::empty())
            .unwrap();
        let response = call(&service, preflight).await;
        assert_eq!(
            response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            allowed,
            "{origin}"
        );
        assert!(response.status.is_success() && response.body.is_empty(), "{origin}");
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_METHODS), "GET,POST");
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "true");
        let headers = response.header(header::ACCESS_CONTROL_ALLOW_HEADERS);
        assert_eq!(headers, "authorization,content-type");
        // An answer for one origin must not be kept for another.
        let vary: Vec<_> = response.headers.get_all(header::VARY).iter().collect();
        assert!(
            vary.iter().any(|value| value.to_str().unwrap().contains("origin")),
            "{vary:?}"
        );
    }
}

/// Whether a request may rely on cookies: it is refused before its token is verified otherwise.
async fn counts_cookies(service: &HttpService, origin: &str, host: &str) -> bool {
    let headers = [
        (header::COOKIE, "__Host-portcullis-access=good"),
        (HeaderName::from_static("x-portcullis-csrf"), "1"),
        (header::ORIGIN, origin),
        (header::HOST, host),
    ];
    let response = query(service, "{ caller }", &headers).await;
    assert!([200, 403].contains(&response.status.as_u16()), "{origin} {host}");
    response.status == 200
}

#[tokio::test]
async fn origins_are_compared_without_case_and_default_ports() {
    let listed = [
        "HTTPS://App.Example.COM:443",
        "http://B\u{fc}cher.example:80",
        "https://x.example:8443",
    ];
    let config = crate::config::Config {
        transport: crate::config::Transport {
            cors_origins: listed.map(str::to_owned).to_vec(),
            ..crate::config::Transport::default()
        },
        ..crate::config::Config::default()
    };
    let service = service(Settings::of(&config).unwrap());
    for (origin, allowed) in [
        ("https://app.example.com", true),
        ("https://app.example.com:443", true),
        ("https://APP.example.com", true),
        ("http://app.example.com", false),
        ("https://app.example.com:80", false),
        ("https://app.example.com:8443", false),
        ("https://app.example.com/", false),
        ("https://app.example.com.evil.example", false),
        ("https://evil.example#https://app.example.com", false),
        ("http://xn--bcher-kva.example", true),
        ("https://x.example:8443", true),
        ("https://x.example", false),
        ("null", false),
        ("", false),
    ] {
        let response = query(&service, "{ service { name } }", &[(header::ORIGIN, origin)]).await;
        let header = response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(header, if allowed { origin } else { "" }, "{origin}");
        assert_eq!(
            counts_cookies(&service, origin, "api.example.com").await,
            allowed,
            "{origin}"
        );
    }
    for (origin, host, own) in [
        ("https://x", "x", true),
        ("https://x", "x:443", true),
        ("https://x:443", "x", true),
        ("http://x", "x:80", true),
        ("http://X", "x", true),
        ("https://x", "X:443", true),
        ("https://x", "x:80", false),
        ("http://x", "x:443", false),
        ("https://x:8443", "x:8443", true),
        ("https://x:8443", "x", false),
        ("https://x", "x:8443", false),
        ("https://[::1]", "[0:0::1]:443", true),
        ("https://x", "x.evil.example", false),
        ("https://x", "x@evil.example", false),
        ("https://x", "x/", false),
        ("https://x/", "x", false),
        ("https://x", "", false),
        ("null", "null", false),
    ] {
        assert_eq!(counts_cookies(&service, origin, host).await, own, "{origin} {host}");
    }
}

#[tokio::test]
async fn a_preflight_allows_the_headers_that_it_asks_for() {
    let listed = "https://app.example.com";
    let service = service(Settings {
        cors_origins: vec![http::HeaderValue::from_static(listed)],
        ..Settings::default()
    });
    let preflight = async |origin: &str, headers: Option<&str>| {
        let mut request = Request::options("/graphql")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        if let Some(headers) = headers {
            request = request.header(header::ACCESS_CONTROL_REQUEST_HEADERS, headers);
        }
        call(&service, request.body(Body::empty()).unwrap()).await
    };
    for headers in [
        "content-type",
        "authorization,content-type,traceparent,tracestate,baggage",
        "apollographql-client-name,apollographql-client-version",
        "x-apollo-operation-name,apollo-require-preflight,x-portcullis-csrf",
    ] {
        let response = preflight(listed, Some(headers)).await;
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_HEADERS), headers);
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), listed);
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "true");
        let vary: Vec<_> = response.headers.get_all(header::VARY).iter().collect();
        let depends = |value: &&http::HeaderValue| value.to_str().unwrap().contains("access-control-request-headers");
        assert!(vary.iter().any(depends), "{vary:?}");
        let refused = preflight("https://evil.example", Some(headers)).await;
        assert_eq!(refused.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
    }
    let simple = preflight(listed, None).await;
    assert_eq!(simple.header(header::ACCESS_CONTROL_ALLOW_HEADERS), "");
}

#[tokio::test]
async fn a_token_request_is_refused_as_in_the_rfc() {
    let service = service(Settings::default());
    for (name, status, error, wait) in [
        ("busy", 503, "temporarily_unavailable", "1"),
        ("hasty", 429, "slow_down", "2"),
        ("broken", 500, "server_error", ""),
    ] {
        let request = Request::post("/oauth/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .body(Body::from(format!("grant_type=password&username={name}&password=x")))
            .unwrap();
        let response = call(&service, request).await;
        assert_eq!(
            (response.status.as_u16(), response.json()["error"].as_str()),
            (status, Some(error))
        );
        assert_eq!(response.header(header::RETRY_AFTER), wait);
    }
    let response = get_path(&service, "/.well-known/oauth-authorization-server", &[]).await;
    assert_eq!(response.json()["issuer"], "https://id.example.com/");
    assert_eq!(response.json()["token_endpoint"], "https://id.example.com/oauth/token");
}
