//! Requests through a proxy, on connections whose peer is trusted or not. The headers alone are tested in `forwarded`.

use crate::config::Network;

use super::server::{rest, send, start};
use super::*;

fn behind(proxy: &str) -> Settings {
    Settings {
        trusted_proxies: TrustedProxies::new(&[proxy.parse::<Network>().unwrap()]),
        ..Settings::default()
    }
}

/// The response to a request for the caller, with these lines in its head.
async fn ask(settings: &Settings, lines: &str) -> String {
    let running = start(settings.clone()).await;
    let text =
        format!("GET /graphql?query=%7Bcaller%7D HTTP/1.1\r\nhost: 127.0.0.1:8000\r\nconnection: close\r\n{lines}\r\n");
    rest(&mut send(running.address, &text).await).await
}

#[tokio::test]
async fn a_trusted_proxy_states_the_client() {
    let (trusted, stranger) = (behind("127.0.0.0/8"), behind("10.0.0.0/8"));
    for (lines, expected) in [
        ("x-forwarded-for: 198.51.100.9, 192.0.2.1", "ann from 192.0.2.1:0 "),
        (
            "forwarded: for=198.51.100.9, for=\"[2001:db8::1]:80\"",
            "ann from [2001:db8::1]:80 ",
        ),
        (
            "forwarded: for=198.51.100.9\r\nforwarded: for=oops",
            "ann from 127.0.0.1:",
        ),
    ] {
        let lines = format!("authorization: Bearer good\r\n{lines}\r\n");
        let answer = ask(&trusted, &lines).await;
        assert!(answer.contains(expected), "{lines}{answer}");
        for settings in [&stranger, &Settings::default()] {
            let answer = ask(settings, &lines).await;
            assert!(answer.contains("ann from 127.0.0.1:"), "{lines}{answer}");
        }
    }
}

#[tokio::test]
async fn hsts_is_sent_to_clients_that_use_tls() {
    let hsts = "strict-transport-security: max-age=";
    for (lines, expected) in [
        ("x-forwarded-proto: https", true),
        ("forwarded: for=192.0.2.1;proto=https", true),
        ("x-forwarded-proto: http", false),
        ("x-forwarded-for: 192.0.2.1", false),
    ] {
        let lines = format!("{lines}\r\n");
        assert_eq!(
            ask(&behind("127.0.0.1"), &lines).await.contains(hsts),
            expected,
            "{lines}"
        );
        assert!(!ask(&behind("127.0.0.2"), &lines).await.contains(hsts), "{lines}");
    }
}

#[tokio::test]
async fn origins_are_compared_with_the_public_url() {
    let cookie = "cookie: __Host-portcullis-access=good\r\nx-portcullis-csrf: 1";
    let allowed = async |proxy: &str, lines: &str| {
        let answer = ask(&behind(proxy), &format!("{cookie}\r\n{lines}\r\n")).await;
        assert!(
            answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 403"),
            "{answer}"
        );
        answer.contains("ann from")
    };
    let stated = "x-forwarded-proto: https\r\nx-forwarded-host: api.example.com";
    let standard = "forwarded: for=192.0.2.1;proto=https;host=api.example.com";
    for (lines, origin, expected) in [
        (stated, "https://api.example.com", true),
        (standard, "https://api.example.com", true),
        (stated, "https://API.example.com", true),
        (stated, "http://api.example.com", false),
        (stated, "https://api.example.com:8443", false),
        (stated, "https://evil.example", false),
        (stated, "https://127.0.0.1:8000", false),
        (
            "x-forwarded-host: api.example.com:8443",
            "http://api.example.com:8443",
            true,
        ),
        // Without a stated host, the header `Host` counts.
        ("x-forwarded-proto: https", "https://127.0.0.1:8000", true),
        ("x-forwarded-proto: https", "http://127.0.0.1:8000", false),
        ("x-forwarded-for: 192.0.2.1", "http://127.0.0.1:8000", true),
    ] {
        let lines = format!("{lines}\r\norigin: {origin}");
        assert_eq!(allowed("127.0.0.1", &lines).await, expected, "{lines}");
    }
    // A page cannot choose the host, because the peer is not a proxy.
    assert!(!allowed("127.0.0.2", &format!("{stated}\r\norigin: https://api.example.com")).await);
    assert!(allowed("127.0.0.2", &format!("{stated}\r\norigin: https://127.0.0.1:8000")).await);
}
