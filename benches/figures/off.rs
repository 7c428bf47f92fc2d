//! Figure 3: what an account gets after it was switched off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::Figure;
use super::stage::{Client, PASSWORD, Stage};

const ROUNDS: usize = 100;
const ASKERS: usize = 8;
/// Every so many rounds one request takes long.
const LONG_EVERY: usize = 5;
const LONG_TEXTS: usize = 48;
/// So many requests each of them sends after the account was switched off.
const AFTER: usize = 5;
/// An answer that comes within this was on its way already.
const ON_THE_WAY: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Count {
    sent: usize,
    answered: usize,
    /// Requests that were running when the account was switched off, for longer than [`ON_THE_WAY`].
    running: usize,
    running_answered: usize,
    refreshed: usize,
    signed_in: usize,
}

pub(super) async fn measure() -> Figure {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    let mut count = Count::default();
    for round in 0..ROUNDS {
        one_round(&stage, &admin, round, &mut count).await;
    }
    let bad = count.answered + count.running_answered + count.refreshed + count.signed_in;
    Figure {
        said: format!(
            "{ROUNDS} accounts switched off under {ASKERS} clients each: answered {} of {} later requests, {} of {} that \
             were running, {} of {ROUNDS} refreshes, {} of {ROUNDS} logins; each must be 0 (over HTTP; no sockets, one \
             server)",
            count.answered, count.sent, count.running_answered, count.running, count.refreshed, count.signed_in
        ),
        holds: bad == 0 && count.sent == ROUNDS * ASKERS * AFTER && count.running > 0,
    }
}

async fn one_round(stage: &Stage, admin: &str, round: usize, count: &mut Count) {
    let client = stage.client(1);
    let name = format!("user{round}");
    let (access, refresh) = client.join(&name).await;
    let (off, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let askers: Vec<_> = (0..ASKERS)
        .map(|_| {
            let (client, access) = (client.clone(), access.clone());
            let (off, asked) = (Arc::clone(&off), Arc::clone(&asked));
            tokio::spawn(keep_asking(client, access, off, asked))
        })
        .collect();
    while asked.load(Ordering::SeqCst) < 4 * ASKERS {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let long = round
        .is_multiple_of(LONG_EVERY)
        .then(|| tokio::spawn(ask_long(client.clone(), access, round)));
    if long.is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    client.toggle(admin, &name, false).await;
    let since = Instant::now();
    off.store(true, Ordering::SeqCst);
    let refreshed = client.refresh(&refresh).await;
    count.refreshed += usize::from(refreshed.code("refresh") != "INVALID_REFRESH_TOKEN");
    let signed_in = client.try_login(&name, PASSWORD).await;
    count.signed_in += usize::from(signed_in.code("login") != "ACCOUNT_DISABLED");
    for asker in askers {
        let (sent, answered) = asker.await.unwrap();
        count.sent += sent;
        count.answered += answered;
    }
    if let Some(long) = long {
        let (answered, at) = long.await.unwrap();
        if at > since + ON_THE_WAY {
            count.running += 1;
            count.running_answered += usize::from(answered);
        }
    }
}

/// How many requests were sent after the account was switched off, and how many of them were not refused.
async fn keep_asking(client: Client, access: String, off: Arc<AtomicBool>, asked: Arc<AtomicUsize>) -> (usize, usize) {
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

/// A request that takes a while, of texts that nobody has asked about before; whether it was answered and when.
async fn ask_long(client: Client, access: String, round: usize) -> (bool, Instant) {
    let inputs: Vec<_> = (0..LONG_TEXTS)
        .map(|n| json!({ "text": format!("Write and test firmware for device {round}-{n}, and document what was found.") }))
        .collect();
    let query = "query($inputs: [InstanceInput!]!) { predict(input: { model: \"occupation\", inputs: $inputs }) {
        predictions { label } } }";
    let answer = client.ask(Some(&access), query, json!({ "inputs": inputs })).await;
    (answer.body["data"]["predict"].is_object(), Instant::now())
}
