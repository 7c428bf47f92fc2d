//! TLS, and HTTP/2 with and without TLS.

use std::sync::Arc;
use std::time::Duration;

use portcullis::http::{Certificates, Settings};
use reqwest::{Certificate, Client, ClientBuilder, Version};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::harness::{PASSWORD, TestApp};
use crate::process::{Server, portcullis, run};

const CERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/localhost.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/localhost.key.pem");

/// A client that trusts only the certificate of the tests.
fn client() -> ClientBuilder {
    let certificate = Certificate::from_pem(&std::fs::read(CERT).unwrap()).unwrap();
    Client::builder()
        .no_proxy()
        .tls_built_in_root_certs(false)
        .add_root_certificate(certificate)
        .timeout(Duration::from_secs(30))
}

async fn secure(app: &TestApp, settings: Settings) -> String {
    let tls = Certificates::open(CERT.as_ref(), KEY.as_ref()).unwrap();
    let settings = Settings {
        tls: Some(Arc::new(tls)),
        ..settings
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    url.replace("http://", "https://")
}

async fn ask(client: &Client, url: &str) -> (Version, reqwest::header::HeaderMap, Value) {
    let request = client
        .post(format!("{url}/graphql"))
        .header("content-type", "application/json")
        .body(json!({ "query": "{ service { name } }" }).to_string());
    let response = request.send().await.unwrap();
    let (version, headers) = (response.version(), response.headers().clone());
    let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    (version, headers, body)
}

#[tokio::test]
async fn alpn_chooses_the_protocol() {
    let app = TestApp::start().await;
    let url = secure(&app, app.settings()).await;
    let expected = json!({ "data": { "service": { "name": "portcullis" } } });
    let (version, headers, body) = ask(&client().build().unwrap(), &url).await;
    assert_eq!((version, body), (Version::HTTP_2, expected.clone()));
    assert_eq!(headers["strict-transport-security"], "max-age=31536000");
    let (version, _, body) = ask(&client().http1_only().build().unwrap(), &url).await;
    assert_eq!((version, body), (Version::HTTP_11, expected.clone()));

    // HTTP/2 without TLS, with prior knowledge.
    let plain = app.listen().await;
    let known = Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let (version, headers, body) = ask(&known, &plain).await;
    assert_eq!((version, body), (Version::HTTP_2, expected));
    assert!(!headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn clients_without_tls_or_trust_in_the_certificate_get_no_response() {
    let app = TestApp::start().await;
    let settings = Settings {
        header_timeout: Duration::from_millis(300),
        ..app.settings()
    };
    let url = secure(&app, settings).await;
    let strangers = Client::builder().no_proxy().build().unwrap();
    assert!(strangers.get(format!("{url}/healthz")).send().await.is_err());
    let address = url.trim_start_matches("https://");
    // Plain HTTP, part of a TLS handshake, and nothing.
    for sent in ["GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}", ""] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "{sent:?}: the connection stays open");
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{sent:?}");
    }
    assert_eq!(
        client()
            .build()
            .unwrap()
            .get(format!("{url}/healthz"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn many_requests_share_one_connection() {
    let app = TestApp::start().await;
    let url = app.listen().await;
    let client = Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    // More than the limit of concurrent streams.
    let asked = (0..250).map(|_| ask(&client, &url));
    for (version, _, body) in futures_util::future::join_all(asked).await {
        assert_eq!(version, Version::HTTP_2);
        assert_eq!(body["data"]["service"]["name"], "portcullis");
    }
}

/// HTTP/2 frames that no client library sends.
mod frames {
    pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    }

    pub(super) fn settings() -> Vec<u8> {
        frame(4, 0, 0, &[])
    }

    /// `POST /graphql` without its body.
    pub(super) fn request(stream: u32) -> Vec<u8> {
        let mut block = vec![0x83, 0x86, 0x04, 8];
        block.extend(b"/graphql");
        block.extend([0x01, 1, b'x']);
        block.extend([0x0f, 0x10, 16]);
        block.extend(b"application/json");
        frame(1, 0x4, stream, &block)
    }

    pub(super) fn reset(stream: u32) -> Vec<u8> {
        frame(3, 0, stream, &8_u32.to_be_bytes())
    }
}

/// Sends the pieces and reads until the server closes the connection: the bytes received.
async fn until_closed(url: &str, pieces: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let address = url.trim_start_matches("http://");
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let mut received = Vec::new();
    let reading = async {
        // A reset ends the connection as well.
        let _ = from.read_to_end(&mut received).await;
    };
    let writing = async {
        for piece in pieces {
            if to.write_all(&piece).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::time::timeout(Duration::from_secs(60), async {
        tokio::select! { () = reading => {}, () = writing => {} }
    })
    .await
    .expect("the server closes it");
    received
}

fn greeting() -> Vec<u8> {
    [frames::PREFACE.to_vec(), frames::settings()].concat()
}

#[tokio::test]
async fn rapid_resets_end_the_connection() {
    let app = TestApp::start().await;
    let url = app.listen().await;
    let storm = (0..100_000_u32).map(|n| [frames::request(2 * n + 1), frames::reset(2 * n + 1)].concat());
    let received = until_closed(&url, std::iter::once(greeting()).chain(storm)).await;
    // GOAWAY with ENHANCE_YOUR_CALM.
    let calm = received
        .windows(17)
        .any(|frame| frame[3] == 7 && frame[13..] == 11_u32.to_be_bytes());
    assert!(calm, "{} bytes", received.len());
    assert_eq!(
        ask(&Client::builder().no_proxy().build().unwrap(), &url).await.2["errors"],
        Value::Null
    );
}

#[tokio::test]
async fn endless_headers_end_the_connection() {
    let app = TestApp::start().await;
    let url = app.listen().await;
    let begin = frames::frame(1, 0, 1, &[0x83, 0x86]);
    let go_on = || frames::frame(9, 0, 1, &[0x40, 1, b'a', 1, b'b'].repeat(1_000));
    let flood = std::iter::once(begin).chain(std::iter::repeat_with(go_on).take(100_000));
    until_closed(&url, std::iter::once(greeting()).chain(flood)).await;
    assert_eq!(
        ask(&Client::builder().no_proxy().build().unwrap(), &url).await.2["errors"],
        Value::Null
    );
}

#[tokio::test]
async fn stalled_bodies_time_out() {
    let app = TestApp::start().await;
    let settings = Settings {
        body_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_millis(500),
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    let streams = (0..50_u32).map(|n| frames::request(2 * n + 1));
    let received = until_closed(&url, std::iter::once(greeting()).chain(streams)).await;
    assert!(
        String::from_utf8_lossy(&received).contains("not received in time"),
        "{} bytes",
        received.len()
    );
}

#[tokio::test]
async fn large_bodies_share_a_memory_budget() {
    let app = TestApp::start().await;
    let settings = Settings {
        body_budget: 1 << 20,
        ..app.settings()
    };
    let (url, _) = app.serve(settings, std::future::pending()).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let send = async |bytes: usize| {
        let query = format!("{{ service {{ name }} }}{}", " ".repeat(10));
        let body = json!({ "query": query, "variables": { "v": "x".repeat(bytes) } }).to_string();
        let request = client
            .post(format!("{url}/graphql"))
            .header("content-type", "application/json")
            .body(body);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        (
            status,
            body["errors"][0]["extensions"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    assert_eq!(send(2 << 20).await, (503, "OVERLOADED".to_owned()));
    // The memory is released after each request.
    for _ in 0..3 {
        assert_eq!(send(900 << 10).await, (200, String::new()));
    }
}

#[test]
fn the_binary_serves_tls_and_reports_invalid_files() {
    let data = tempfile::tempdir().unwrap();
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .args(["--tls-cert", CERT, "--tls-key", KEY]);
    let server = Server::start(&mut command);
    let url = server.url().replace("http://", "https://");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (version, _, body) = runtime.block_on(async { ask(&client().build().unwrap(), &url).await });
    assert_eq!(
        (version, &body["data"]["service"]["name"]),
        (Version::HTTP_2, &json!("portcullis"))
    );
    let metadata = runtime.block_on(async {
        let asked = client()
            .build()
            .unwrap()
            .get(format!("{url}/.well-known/oauth-authorization-server"));
        let bytes = asked.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    });
    assert_eq!(metadata["issuer"], url.as_str());
    server.stop();

    let refused = run(portcullis(data.path()).args(["--tls-cert", KEY, "--tls-key", KEY]));
    assert_eq!(refused.status.code(), Some(1));
    let line = String::from_utf8(refused.stderr).unwrap();
    assert!(
        line.contains("tls_cert") && line.contains("localhost.key.pem"),
        "{line}"
    );
}
