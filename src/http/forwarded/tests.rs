//! The client according to headers. Requests on real connections are in `http/tests/proxy.rs`, and with nginx in
//! `tests/it`.

mod chains;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::TrustedProxies;
use crate::http::peer::{Peer, Scheme};

const X_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The address of the proxy that connects.
const PROXY: &str = "10.0.0.1:1234";

fn proxies() -> TrustedProxies {
    let networks = ["10.0.0.0/8", "2001:db8:f::/48"].map(|network| network.parse().unwrap());
    TrustedProxies::new(&networks)
}

fn headers<V: AsRef<[u8]>>(lines: &[(HeaderName, V)]) -> HeaderMap {
    let lines = lines
        .iter()
        .map(|(name, value)| (name.clone(), HeaderValue::from_bytes(value.as_ref()).unwrap()));
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name, value);
    }
    headers
}

fn client_at(peer: &str, headers: &HeaderMap) -> (String, Option<Scheme>, Option<String>) {
    let peer = Peer::new(peer.parse().unwrap(), false);
    let client = proxies().client(peer, headers);
    let host = client.host.map(|host| host.to_string());
    (client.address.to_string(), client.scheme, host)
}

/// Address, scheme and host of the client behind the proxy.
fn client(headers: &HeaderMap) -> (String, Option<Scheme>, Option<String>) {
    client_at(PROXY, headers)
}

/// The address only.
fn address(name: &HeaderName, value: &str) -> String {
    client(&headers(&[(name.clone(), value)])).0
}

#[test]
fn forwarded_is_parsed_as_the_standard_defines_it() {
    for (value, expected) in [
        // The examples of RFC 7239, with addresses that are not trusted.
        ("for=\"_gazonk\"", PROXY),
        ("For=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:4711"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60:0"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17:0"),
        ("for=_hidden, for=_SEVKISEK", PROXY),
        ("for=unknown", PROXY),
        ("for=UNKNOWN", PROXY),
        ("for=\"192.0.2.43:47011\"", "192.0.2.43:47011"),
        ("for=\"192.0.2.43:_port\"", "192.0.2.43:0"),
        ("for=\"[2001:db8::1]\"", "[2001:db8::1]:0"),
        ("for=\"unknown:80\"", PROXY),
        // Trusted proxies are skipped, those without an address are not.
        ("for=192.0.2.43, for=10.0.0.7", "192.0.2.43:0"),
        ("for=192.0.2.43, for=\"[2001:db8:f::1]\", for=10.0.0.7", "192.0.2.43:0"),
        ("for=192.0.2.43, for=\"[::ffff:10.0.0.7]:1\"", "192.0.2.43:0"),
        ("for=192.0.2.43, for=_hidden, for=10.0.0.7", "10.0.0.7:0"),
        ("for=192.0.2.43, for=oops, for=10.0.0.7", "10.0.0.7:0"),
        ("for=10.0.0.8, for=10.0.0.7", "10.0.0.8:0"),
        ("for=\"[::ffff:192.0.2.43]\"", "192.0.2.43:0"),
        // Quoted strings.
        ("for=\"192.0.2.43\"", "192.0.2.43:0"),
        ("for=\"192\\.0.2.4\\3\"", "192.0.2.43:0"),
        ("for=192.0.2.43;note=\"a, for=192.0.2.44;b\"", "192.0.2.43:0"),
        ("for=192.0.2.43;note=\"\\\", for=192.0.2.44\"", "192.0.2.43:0"),
        ("note=\"\\\\\", for=192.0.2.43;note=\"\\\\\"", "192.0.2.43:0"),
        // Empty elements and parameters, and space.
        (" , for=192.0.2.43 ,, ", "192.0.2.43:0"),
        ("for=192.0.2.43;;proto=https;", "192.0.2.43:0"),
        ("for=192.0.2.43; proto=https", "192.0.2.43:0"),
        (";", PROXY),
        ("by=192.0.2.43", PROXY),
        // Malformed elements.
        ("for=192.0.2.43;for=192.0.2.44", PROXY),
        ("for=192.0.2.43;proto=http;proto=https", PROXY),
        ("for=192.0.2.43:80", PROXY),
        ("for=[2001:db8::1]", PROXY),
        ("for=\"2001:db8::1\"", PROXY),
        ("for=\"[192.0.2.43]\"", PROXY),
        ("for=\"192.0.2.43:\"", PROXY),
        ("for=\"192.0.2.43:123456\"", PROXY),
        ("for=\"192.0.2.43:-1\"", PROXY),
        ("for=\"_\"", PROXY),
        ("for=192.0.2", PROXY),
        ("for=192.0.2.43.", PROXY),
        ("for=", PROXY),
        ("for", PROXY),
        ("=192.0.2.43", PROXY),
        ("192.0.2.43", PROXY),
        ("for = 192.0.2.43", PROXY),
        ("for=192.0.2.43 proto=http", PROXY),
        ("for=\"192.0.2.43", PROXY),
        ("for=192.0.2.43\"", PROXY),
        ("for=\"192.0.2.43\\\"", PROXY),
        ("for=192.0.2.43;host=\"a b\"", PROXY),
        ("for=192.0.2.43;host=\"a@b\"", PROXY),
    ] {
        assert_eq!(address(&header::FORWARDED, value), expected, "{value}");
    }
}

#[test]
fn addresses_of_x_forwarded_for_have_any_usual_form() {
    for (value, expected) in [
        ("192.0.2.43", "192.0.2.43:0"),
        ("192.0.2.43:4711", "192.0.2.43:4711"),
        ("2001:db8::1", "[2001:db8::1]:0"),
        ("[2001:db8::1]", "[2001:db8::1]:0"),
        ("[2001:db8::1]:4711", "[2001:db8::1]:4711"),
        ("::ffff:192.0.2.43", "192.0.2.43:0"),
        ("198.51.100.1, 192.0.2.43", "192.0.2.43:0"),
        ("198.51.100.1,192.0.2.43,10.0.0.7 , 10.0.0.8", "192.0.2.43:0"),
        ("198.51.100.1, unknown, 10.0.0.7", "10.0.0.7:0"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8:0"),
        ("unknown", PROXY),
        ("unix:", PROXY),
        ("\"192.0.2.43\"", PROXY),
        ("for=192.0.2.43", PROXY),
        ("192.0.2.43 10.0.0.7", PROXY),
        ("192.0.2.256", PROXY),
        ("192.0.2.43,", PROXY),
        ("", PROXY),
    ] {
        assert_eq!(address(&X_FOR, value), expected, "{value}");
    }
    // Lines of a header are parts of one list.
    let lines = headers(&[(X_FOR, "192.0.2.43"), (X_FOR, "10.0.0.8, 10.0.0.7")]);
    assert_eq!(client(&lines).0, "192.0.2.43:0");
    let lines = headers(&[
        (header::FORWARDED, "for=\"192.0.2.43"),
        (header::FORWARDED, "for=10.0.0.8"),
    ]);
    assert_eq!(client(&lines).0, "10.0.0.8:0");
}

#[test]
fn scheme_and_host_are_those_of_the_client() {
    use Scheme::{Http, Https};
    let host = |host: &str| Some(host.to_owned());
    for (lines, expected) in [
        (
            vec![(header::FORWARDED, "for=192.0.2.43;proto=https;host=api.example.com")],
            (Some(Https), host("api.example.com")),
        ),
        (
            vec![(
                header::FORWARDED,
                "for=192.0.2.43;proto=HTTPS;host=\"api.example.com:8443\", for=10.0.0.7;proto=http;host=inner",
            )],
            (Some(Https), host("api.example.com:8443")),
        ),
        (
            vec![(
                header::FORWARDED,
                "for=192.0.2.43;proto=https;host=evil.example, for=192.0.2.44;proto=http",
            )],
            (Some(Http), None),
        ),
        // A proxy that hides the client states the rest.
        (
            vec![(header::FORWARDED, "for=_hidden;proto=https;host=api.example.com")],
            (Some(Https), host("api.example.com")),
        ),
        (vec![(header::FORWARDED, "proto=https")], (Some(Https), None)),
        (vec![(header::FORWARDED, "for=192.0.2.43;proto=gopher")], (None, None)),
        // One value for all addresses, or one for each.
        (
            vec![
                (X_FOR, "192.0.2.43, 10.0.0.7"),
                (X_PROTO, "https"),
                (X_HOST, "api.example.com:8443"),
            ],
            (Some(Https), host("api.example.com:8443")),
        ),
        (
            vec![
                (X_FOR, "192.0.2.43, 10.0.0.7"),
                (X_PROTO, "https, http"),
                (X_HOST, "api.example.com, inner"),
            ],
            (Some(Https), host("api.example.com")),
        ),
        (
            vec![
                (X_FOR, "192.0.2.43, 192.0.2.44"),
                (X_PROTO, "https, http"),
                (X_HOST, "evil.example, api.example.com"),
            ],
            (Some(Http), host("api.example.com")),
        ),
        (
            vec![(X_FOR, "192.0.2.43, 10.0.0.7, 10.0.0.8"), (X_PROTO, "https, http")],
            (None, None),
        ),
        (vec![(X_PROTO, "wss")], (Some(Https), None)),
        (
            vec![(X_PROTO, "ws"), (X_HOST, "api.example.com")],
            (Some(Http), host("api.example.com")),
        ),
        (vec![(X_PROTO, "on"), (X_HOST, "a/b")], (None, None)),
        (vec![(X_HOST, "user@api.example.com")], (None, None)),
        (vec![], (None, None)),
    ] {
        let (_, scheme, host) = client(&headers(&lines));
        assert_eq!((scheme, host), expected, "{lines:?}");
    }
    // The proxy's own TLS counts unless it states another scheme.
    let secure = |lines: &[(HeaderName, &str)]| {
        let peer = Peer::new(PROXY.parse().unwrap(), true);
        proxies().client(peer, &headers(lines)).is_secure()
    };
    assert!(secure(&[(X_FOR, "192.0.2.43")]));
    assert!(!secure(&[(X_FOR, "192.0.2.43"), (X_PROTO, "http")]));
}

#[test]
fn headers_of_other_peers_are_ignored() {
    let lines = headers(&[
        (header::FORWARDED, "for=192.0.2.43;proto=https;host=api.example.com"),
        (X_FOR, "192.0.2.43"),
        (X_PROTO, "https"),
        (X_HOST, "api.example.com"),
    ]);
    for peer in ["192.0.2.1:80", "127.0.0.1:80", "[2001:db8:e::1]:80", "[::1]:80"] {
        assert_eq!(client_at(peer, &lines), (peer.to_owned(), None, None));
    }
    assert_eq!(client_at("[::ffff:192.0.2.1]:80", &lines).0, "192.0.2.1:80");
    for peer in ["10.255.0.1:80", "[::ffff:10.255.0.1]:80", "[2001:db8:f:1::]:80"] {
        assert_eq!(client_at(peer, &lines).0, "192.0.2.43:0", "{peer}");
    }
    let none = TrustedProxies::default().client(Peer::new(PROXY.parse().unwrap(), false), &lines);
    assert_eq!(
        (none.address.to_string(), none.scheme, none.host),
        (PROXY.to_owned(), None, None)
    );
}

#[test]
fn headers_that_differ_do_not_count() {
    let own = || (PROXY.to_owned(), None, None);
    for (lines, expected) in [
        // The proxy sets one kind, and the client sent the other.
        (
            vec![(header::FORWARDED, "for=192.0.2.44"), (X_FOR, "192.0.2.43")],
            own(),
        ),
        (vec![(header::FORWARDED, "oops"), (X_FOR, "192.0.2.43")], own()),
        (vec![(header::FORWARDED, "for=192.0.2.43"), (X_FOR, "unknown")], own()),
        (
            vec![
                (header::FORWARDED, "for=192.0.2.43;proto=https"),
                (X_FOR, "192.0.2.43"),
                (X_PROTO, "http"),
            ],
            own(),
        ),
        (
            vec![
                (header::FORWARDED, "for=192.0.2.43;host=a.example"),
                (X_HOST, "b.example"),
            ],
            own(),
        ),
        // They agree, or only one of them states something.
        (
            vec![
                (header::FORWARDED, "for=\"192.0.2.43:80\";proto=https"),
                (X_FOR, "192.0.2.43"),
                (X_PROTO, "https"),
            ],
            ("192.0.2.43:80".to_owned(), Some(Scheme::Https), None),
        ),
        (
            vec![(header::FORWARDED, "for=192.0.2.43;proto=https"), (X_PROTO, "https")],
            ("192.0.2.43:0".to_owned(), Some(Scheme::Https), None),
        ),
    ] {
        assert_eq!(client(&headers(&lines)), expected, "{lines:?}");
    }
}
