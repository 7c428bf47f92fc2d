//! Pages of other origins: CORS, and whose cookies count.

use super::*;

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
