//! Figure 11: SIGTERM while the server is busy, with a hundred clients that send their headers slowly and a hundred
//! WebSockets.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use portcullis_test_support::process::run;
use portcullis_test_support::websocket::SocketClient;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use super::Figure;
use super::kill_minus_nine::register;
use super::test_server::{Client, portcullis, start_process};

const ROUNDS: usize = 3;
const SLOW: usize = 100;
const SOCKETS: usize = 100;
const CLIENTS: usize = 8;
const BUSY: Duration = Duration::from_secs(3);
const LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn measure() -> Figure {
    let (mut longest, mut acknowledged, mut lost, mut closed) = (Duration::ZERO, 0, 0, 0);
    for n in 0..ROUNDS {
        let outcome = round(n).await;
        longest = longest.max(outcome.took);
        acknowledged += outcome.acknowledged;
        lost += outcome.lost;
        closed += outcome.closed;
    }
    Figure {
        text: format!(
            "SIGTERM under load with {SLOW} slow clients and {SOCKETS} WebSockets, {ROUNDS} rounds: exit 0 after {:.1} s at most \
             of {} s, {acknowledged} writes acknowledged, lost {lost}; {closed} sockets closed with 1001",
            longest.as_secs_f64(),
            LIMIT.as_secs()
        ),
        holds: longest <= LIMIT && lost == 0 && acknowledged > 0 && closed == ROUNDS * SOCKETS,
    }
}

struct Outcome {
    took: Duration,
    acknowledged: usize,
    lost: usize,
    closed: usize,
}

async fn round(round: usize) -> Outcome {
    let data = tempfile::tempdir().unwrap();
    let server = start_process(data.path()).await.unwrap();
    let url = server.url();
    let address = url.replace("http://", "");
    let client = Client::new(&format!("{url}/graphql"));
    let token = client.login("admin").await.0;
    let sockets = join_all((0..SOCKETS).map(|_| subscribe(&url, &token))).await;
    let slow: Vec<_> = (0..SLOW).map(|_| tokio::spawn(send_slowly(address.clone()))).collect();
    let writers: Vec<_> = (0..CLIENTS)
        .map(|writer| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut names = Vec::new();
                for n in 0.. {
                    let name = format!("user{round}x{writer}x{n}");
                    match register(&client, &name).await {
                        Some(true) => names.push(name),
                        Some(false) => {}
                        // The server has exited.
                        None => break,
                    }
                }
                names
            })
        })
        .collect();
    tokio::time::sleep(BUSY).await;
    let stopped = tokio::task::spawn_blocking(move || server.stop().0);
    let closed = join_all(sockets.into_iter().map(goes_away)).await;
    let took = stopped.await.unwrap();
    slow.iter().for_each(tokio::task::JoinHandle::abort);
    let mut acknowledged = HashSet::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    let listed = run(portcullis(data.path()).args(["user", "list"]));
    let text = String::from_utf8(listed.stdout).unwrap();
    let stored: HashSet<&str> = text.lines().filter_map(|line| line.split('\t').next()).collect();
    Outcome {
        took,
        lost: acknowledged
            .iter()
            .filter(|name| !stored.contains(name.as_str()))
            .count(),
        acknowledged: acknowledged.len(),
        closed: closed.into_iter().filter(|going_away| *going_away).count(),
    }
}

/// A socket with a running subscription.
async fn subscribe(url: &str, token: &str) -> SocketClient {
    let mut socket = SocketClient::start(url, Some(token)).await;
    socket.subscribe("1", "subscription { viewer { permissions } }").await;
    assert_eq!(socket.message().await["type"], "next");
    socket
}

/// Whether the server closes the socket as "going away".
async fn goes_away(mut socket: SocketClient) -> bool {
    while let Some(Ok(frame)) = socket.stream.next().await {
        if let Message::Close(frame) = frame {
            return frame.is_some_and(|frame| u16::from(frame.code) == 1001);
        }
    }
    false
}

/// Sends headers byte by byte, on a new connection after each.
async fn send_slowly(address: String) {
    loop {
        let Ok(mut stream) = TcpStream::connect(&address).await else {
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        for byte in b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: " {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
