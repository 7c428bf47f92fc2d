//! Real sockets: protocols, slow and silent clients, the end of the server.

use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;

pub(super) struct Running {
    pub(super) address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<usize>,
}

pub(super) async fn start(settings: Settings) -> Running {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let served = tokio::spawn({
        let stop = stop.clone();
        async move { serve(listener, endpoint(true), settings, stop.cancelled_owned()).await }
    });
    Running { address, stop, served }
}

/// Timers short enough for a test.
fn with_short_timeouts() -> Settings {
    Settings {
        header_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_millis(400),
        body_timeout: Duration::from_millis(300),
        drain_timeout: Duration::from_secs(60),
        ..Settings::default()
    }
}

fn slow(milliseconds: u64) -> String {
    let body = format!("{{\"query\": \"{{ slow(milliseconds: {milliseconds}) }}\"}}");
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(super) async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Everything up to the end of the connection. A reset counts as an end.
pub(super) async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut text)).await;
    assert!(
        read.is_ok(),
        "the connection stays open: {}",
        String::from_utf8_lossy(&text)
    );
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn the_address_of_the_address_of_the_peer_is_known() {
    let running = start(Settings::default()).await;
    let body = r#"{"query": "{ caller }"}"#;
    let text = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer good\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = send(running.address, &text).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("ann from 127.0.0.1:"), "{answer}");
}

#[tokio::test]
async fn http2_without_tls_is_answered() {
    let running = start(Settings::default()).await;
    // The preface, empty SETTINGS, and HEADERS of stream 1 in HPACK: GET, http, "/healthz", authority "x".
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    let mut block = vec![0x82, 0x86, 0x04, 8];
    block.extend(b"/healthz");
    block.extend([0x01, 1, b'x']);
    bytes.extend([0, 0, u8::try_from(block.len()).unwrap(), 1, 0x05, 0, 0, 0, 1]);
    bytes.extend(block);
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    let mut response = Vec::new();
    let mut buffer = [0; 4_096];
    while !String::from_utf8_lossy(&response).contains("{\"status\":\"ok\"}") {
        let length = tokio::time::timeout(Duration::from_secs(60), stream.read(&mut buffer))
            .await
            .unwrap()
            .unwrap();
        assert!(length > 0, "closed after {response:?}");
        response.extend(&buffer[..length]);
    }
}

#[tokio::test]
async fn slow_clients_are_disconnected() {
    let running = start(with_short_timeouts()).await;
    for beginning in [
        "",
        "GET / HTTP",
        "PRI * HT",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /graphql HTTP/1.1\r\nhost: x\r\n",
    ] {
        let mut stream = send(running.address, beginning).await;
        rest(&mut stream).await;
    }
    // After a request, too.
    let mut stream = send(running.address, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn a_missing_body_times_out() {
    let running = start(with_short_timeouts()).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let mut stream = send(running.address, head).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_long_request_outlives_the_idle_timeout() {
    let running = start(with_short_timeouts()).await;
    let mut stream = send(running.address, &slow(1_500)).await;
    let answer = rest(&mut stream).await;
    assert!(answer.contains("{\"slow\":1500}"), "{answer}");
}

#[tokio::test]
async fn stopping_finishes_running_requests_and_accepts_no_new_ones() {
    let running = start(Settings {
        drain_timeout: Duration::from_secs(60),
        ..Settings::default()
    })
    .await;
    let mut busy = send(running.address, &slow(1_000)).await;
    // A hundred each of connections that sent nothing, half a head, and a request that was answered.
    let mut idlers = Vec::new();
    for text in [
        "",
        "POST /graphql HTTP/1.1\r\nhost:",
        "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        for _ in 0..100 {
            idlers.push(send(running.address, text).await);
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    running.stop.cancel();
    let answer = rest(&mut busy).await;
    assert!(answer.contains("{\"slow\":1000}"), "{answer}");
    assert_eq!(running.served.await.unwrap(), 0, "connections were cut");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn stopping_waits_at_most_the_drain_timeout() {
    let running = start(Settings {
        drain_timeout: Duration::from_millis(300),
        ..Settings::default()
    })
    .await;
    let busy = send(running.address, &slow(20_000)).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    running.stop.cancel();
    let start = Instant::now();
    assert_eq!(running.served.await.unwrap(), 1);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    drop(busy);
}

#[tokio::test]
async fn connections_are_limited() {
    let running = start(Settings {
        max_connections: 2,
        ..Settings::default()
    })
    .await;
    let first = send(running.address, &slow(20_000)).await;
    let second = send(running.address, &slow(20_000)).await;
    let mut third = send(
        running.address,
        "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .await;
    let mut byte = [0];
    let waited = tokio::time::timeout(Duration::from_millis(300), third.read(&mut byte)).await;
    assert!(waited.is_err(), "the third was served");
    drop((first, second));
    assert!(rest(&mut third).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn headers_are_limited() {
    let running = start(Settings::default()).await;
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(200));
    for (text, status) in [(long, "HTTP/1.1 4"), (many, "HTTP/1.1 431")] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(text.as_bytes()).await;
        let mut answer = vec![0; 12];
        if stream.read_exact(&mut answer).await.is_ok() {
            assert!(
                String::from_utf8_lossy(&answer).starts_with(status),
                "{}",
                String::from_utf8_lossy(&answer)
            );
        }
    }
}

#[tokio::test]
async fn a_request_names_one_valid_host() {
    let running = start(Settings::default()).await;
    for (version, hosts, status) in [
        ("1.1", "host: x\r\n", "200"),
        ("1.1", "HOST:\tx:8000 \r\n", "200"),
        ("1.1", "host: [::1]:8000\r\n", "200"),
        ("1.0", "host: x\r\n", "200"),
        ("1.0", "", "200"),
        ("1.1", "", "400"),
        ("1.1", "host: x\r\nhost: x\r\n", "400"),
        ("1.1", "host: x\r\na: b\r\nHost: y\r\n", "400"),
        ("1.0", "host: x\r\nhost: x\r\n", "400"),
        ("1.1", "host:\r\n", "400"),
        ("1.1", "host: x, y\r\n", "400"),
        ("1.1", "host: x/\r\n", "400"),
        ("1.1", "host: a@x\r\n", "400"),
        ("1.1", "host: x:port\r\n", "400"),
        ("1.1", "host: x:65536\r\n", "400"),
        ("1.1", "host: b\u{fc}cher.example\r\n", "400"),
        ("1.0", "host: x y\r\n", "400"),
    ] {
        for (target, body) in [
            ("/healthz", "\"ok\""),
            ("/graphql?query=%7Bservice%7Bname%7D%7D", "\"test\""),
        ] {
            let text = format!("GET {target} HTTP/{version}\r\n{hosts}connection: close\r\n\r\n");
            let answer = rest(&mut send(running.address, &text).await).await;
            assert!(
                answer.split(' ').nth(1) == Some(status),
                "{version} {hosts:?}: {answer}"
            );
            assert_eq!(answer.contains(body), status == "200", "{version} {hosts:?}: {answer}");
        }
    }
    // The connection is closed, and what follows is not read as a request.
    let text = "GET /healthz HTTP/1.1\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let answer = rest(&mut send(running.address, text).await).await;
    assert!(
        answer.starts_with("HTTP/1.1 400") && answer.matches("\r\ndate: ").count() == 1,
        "{answer}"
    );
    // The host of the target takes precedence, but the header is required all the same.
    for (hosts, status) in [("host: y\r\n", "HTTP/1.1 200"), ("", "HTTP/1.1 400")] {
        let text = format!("GET http://x/healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        let answer = rest(&mut send(running.address, &text).await).await;
        assert!(answer.starts_with(status), "{hosts:?}: {answer}");
    }
}

/// The response to a WebSocket handshake that offers these subprotocols.
async fn handshake(address: SocketAddr, path: &str, protocols: &str) -> String {
    let text = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocols}\r\n"
    );
    let mut stream = send(address, &text).await;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = tokio::time::timeout(Duration::from_secs(60), stream.read_u8()).await;
        head.push(byte.expect("an answer in time").unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn a_websocket_handshake_is_spelled_as_in_the_rfc() {
    let running = start(Settings::default()).await;
    for path in ["/graphql", "/graphql/"] {
        for offered in [
            "sec-websocket-protocol: graphql-transport-ws\r\n",
            "sec-websocket-protocol: graphql-ws, graphql-transport-ws\r\n",
            "sec-websocket-protocol: graphql-ws\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n",
        ] {
            let head = handshake(running.address, path, offered).await;
            assert!(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{head}");
            for line in [
                "Connection: upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Sec-WebSocket-Protocol: graphql-transport-ws",
            ] {
                assert_eq!(
                    head.split("\r\n").filter(|found| *found == line).count(),
                    1,
                    "{line} in {head}"
                );
            }
        }
        for offered in ["", "sec-websocket-protocol: graphql-ws\r\n"] {
            let head = handshake(running.address, path, offered).await;
            assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{head}");
        }
    }
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let running = start(Settings::default()).await;
    let ask = async |method: &str, target: &str| {
        let text = format!("{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = rest(&mut send(running.address, &text).await).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let fixed = |line: &&str| !line.starts_with("x-request-id") && !line.starts_with("date");
        let head: Vec<_> = head.lines().filter(fixed).map(str::to_owned).collect();
        (head, body.to_owned())
    };
    for target in [
        "/graphql?query=%7Bservice%7Bname%7D%7D",
        "/graphql?query=%7B",
        "/graphql?query=mutation%7Btouch%7D",
        "/",
        "/healthz",
        "/schema.graphql",
    ] {
        let (get, body) = ask("GET", target).await;
        let (head, nothing) = ask("HEAD", target).await;
        assert_eq!(get, head, "{target}");
        assert!(!body.is_empty() && nothing.is_empty(), "{target}: {nothing}");
    }
}
