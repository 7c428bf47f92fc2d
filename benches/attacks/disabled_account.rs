//! Figure 3: requests of an account after it was disabled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::Figure;
use super::test_server::{Client, PASSWORD, TestServer};

const ROUNDS: usize = 100;
const CLIENTS: usize = 8;
/// One round in so many has a long request.
const LONG_EVERY: usize = 5;
const LONG_TEXTS: usize = 48;
/// Requests of each client after the account was disabled.
const AFTER: usize = 5;
/// A response within this time may have been sent before the account was disabled.
const IN_FLIGHT: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Count {
    sent: usize,
    answered: usize,
    /// Requests that ran for longer than [`IN_FLIGHT`] after the account was disabled.
    running: usize,
    running_answered: usize,
    refreshed: usize,
    signed_in: usize,
}

pub(super) async fn measure() -> Figure {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut count = Count::default();
    for round in 0..ROUNDS {
        one_round(&server, &admin, round, &mut count).await;
    }
    let bad = count.answered + count.running_answered + count.refreshed + count.signed_in;
    Figure {
        text: format!(
            "{ROUNDS} accounts disabled, {CLIENTS} clients each: answered {} of {} later requests, {} of {} that \
             were running, {} of {ROUNDS} refreshes, {} of {ROUNDS} logins; each must be 0 (over HTTP, one server; without WebSockets)",
            count.answered, count.sent, count.running_answered, count.running, count.refreshed, count.signed_in
        ),
        holds: bad == 0 && count.sent == ROUNDS * CLIENTS * AFTER && count.running > 0,
    }
}

async fn one_round(server: &TestServer, admin: &str, round: usize, count: &mut Count) {
    let client = server.client(1);
    let name = format!("user{round}");
    let (access, refresh) = client.sign_up(&name).await;
    let (off, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let requesting: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (client, access) = (client.clone(), access.clone());
            let (off, asked) = (Arc::clone(&off), Arc::clone(&asked));
            tokio::spawn(keep_requesting(client, access, off, asked))
        })
        .collect();
    while asked.load(Ordering::SeqCst) < 4 * CLIENTS {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let long = round
        .is_multiple_of(LONG_EVERY)
        .then(|| tokio::spawn(request_long(client.clone(), access, round)));
    if long.is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    client.toggle(admin, &name, false).await;
    let since = Instant::now();
    off.store(true, Ordering::SeqCst);
    let refreshed = client.refresh(&refresh).await;
    count.refreshed += usize::from(refreshed.code("refresh") != "ACCOUNT_DISABLED");
    let signed_in = client.try_login(&name, PASSWORD).await;
    count.signed_in += usize::from(signed_in.code("login") != "ACCOUNT_DISABLED");
    for task in requesting {
        let (sent, answered) = task.await.unwrap();
        count.sent += sent;
        count.answered += answered;
    }
    if let Some(long) = long {
        let (answered, at) = long.await.unwrap();
        if at > since + IN_FLIGHT {
            count.running += 1;
            count.running_answered += usize::from(answered);
        }
    }
}

/// The number of requests sent after the account was disabled, and of those that were not refused.
async fn keep_requesting(
    client: Client,
    access: String,
    off: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
) -> (usize, usize) {
    let (mut sent, mut answered) = (0, 0);
    while sent < AFTER {
        let late = off.load(Ordering::SeqCst);
        let answer = client.viewer(&access).await;
        asked.fetch_add(1, Ordering::SeqCst);
        if late {
            sent += 1;
            let refused = answer.status == 401 && answer.body.get("data").is_none();
            answered += usize::from(!refused);
        }
    }
    (sent, answered)
}

/// A long request, of texts that are not cached: whether it was answered, and when.
async fn request_long(client: Client, access: String, round: usize) -> (bool, Instant) {
    let inputs: Vec<_> = (0..LONG_TEXTS)
        .map(|n| json!({ "text": format!("Write and test firmware for device {round}-{n}, and document what was found.") }))
        .collect();
    let query = "query($inputs: [InstanceInput!]!) { predict(input: { model: \"occupation\", inputs: $inputs }) {
        predictions { label } } }";
    let answer = client.ask(Some(&access), query, json!({ "inputs": inputs })).await;
    (answer.body["data"]["predict"].is_object(), Instant::now())
}
