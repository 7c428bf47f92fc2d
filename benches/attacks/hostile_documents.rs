//! Figure 8: every class of hostile document, sent to the binary as a process.

use std::path::Path;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use portcullis_test_support::hostile_documents::{HostileDocument, Sender, corpus};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use super::Figure;
use super::test_server::{Client, start_process};

/// Requests per document, to measure its CPU time.
const TIMES: u32 = 8;
const CPU_LIMIT: Duration = Duration::from_millis(50);
/// Alternately alone and while the documents are sent.
const ROUNDS: usize = 6;
const PREDICTIONS: usize = 100;
const RATIO_LIMIT: f64 = 2.0;

struct Clients {
    http: reqwest::Client,
    url: String,
    user: String,
    admin: String,
}

impl Clients {
    /// The code of the first error; a response that is not JSON is an error.
    async fn send(&self, document: &HostileDocument, body: &Bytes) -> Result<Option<String>, String> {
        let request = self
            .http
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .body(body.clone());
        let request = match document.sender {
            Sender::Guest => request,
            Sender::User => request.header(AUTHORIZATION, format!("Bearer {}", self.user)),
            Sender::Admin => request.header(AUTHORIZATION, format!("Bearer {}", self.admin)),
        };
        let response = request.send().await.map_err(|error| error.to_string())?;
        let bytes = response.bytes().await.map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        Ok(answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned))
    }
}

/// A text that is not cached.
fn fresh_text(n: usize) -> Value {
    let query = "query($text: String!) { predict(input: { model: \"occupation\", inputs: [{ text: $text }] }) { predictions { label } } }";
    let text = format!("Weld and solder pipes, vessels and frames of ship number {n} and keep the log of the yard.");
    json!({ "query": query, "variables": { "text": text } })
}

async fn predictions(client: &Client, token: &str, from: usize, took: &mut Vec<Duration>) {
    for n in from..from + PREDICTIONS {
        let since = Instant::now();
        let answer = client.post(Some(token), &fresh_text(n)).await;
        took.push(since.elapsed());
        assert!(answer.body.get("errors").is_none(), "{}", answer.body);
    }
}

pub(super) async fn measure() -> Figure {
    let data = tempfile::tempdir().unwrap();
    let server = start_process(data.path()).await.unwrap();
    let url = format!("{}/graphql", server.url());
    let client = Client::new(&url);
    let clients = Clients {
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        user: client.sign_up("ann").await.0,
        admin: client.login("admin").await.0,
        url,
    };
    let corpus: Vec<(HostileDocument, Bytes)> = corpus()
        .into_iter()
        .map(|document| {
            let body = Bytes::from(document.body());
            (document, body)
        })
        .collect();
    let (mut crashes, mut wrong) = (0, Vec::new());
    let mut costs = Vec::new();
    for (document, body) in &corpus {
        let before = cpu(server.child.id());
        for _ in 0..TIMES {
            match clients.send(document, body).await {
                Ok(code) if code == document.code => {}
                Ok(_) => wrong.push(&document.name),
                Err(_) => crashes += 1,
            }
        }
        costs.push(((cpu(server.child.id()) - before) / TIMES, &document.name));
    }
    costs.sort();
    let (worst, name) = costs.last().unwrap();
    let (alone, attacked) = latency(&client, &clients, &corpus).await;
    let ratio = attacked.as_secs_f64() / alone.as_secs_f64();
    let status = tokio::task::spawn_blocking(move || server.stop()).await;
    crashes += usize::from(status.is_err());
    wrong.sort();
    wrong.dedup();
    Figure {
        text: format!(
            "{} classes of hostile document: crashes {crashes}, wrong answers {} {wrong:?}; CPU time of each at most {:.1} ms of {} \
             ({name}), median {:.2} ms; p99 of predict {:.1} ms alone, {:.1} ms during the attack: {ratio:.2}x of {RATIO_LIMIT}x",
            corpus.len(),
            wrong.len(),
            worst.as_secs_f64() * 1e3,
            CPU_LIMIT.as_millis(),
            costs[costs.len() / 2].0.as_secs_f64() * 1e3,
            alone.as_secs_f64() * 1e3,
            attacked.as_secs_f64() * 1e3,
        ),
        holds: crashes == 0 && wrong.is_empty() && *worst <= CPU_LIMIT && ratio <= RATIO_LIMIT,
    }
}

/// The 99th percentile of `predict`, alone and while a client sends the documents one after the other.
async fn latency(client: &Client, clients: &Clients, corpus: &[(HostileDocument, Bytes)]) -> (Duration, Duration) {
    let (mut alone, mut attacked) = (Vec::new(), Vec::new());
    predictions(client, &clients.user, 0, &mut Vec::new()).await;
    for round in 1..=ROUNDS {
        predictions(client, &clients.user, 2 * round * PREDICTIONS, &mut alone).await;
        let attack = async {
            for (document, body) in corpus.iter().cycle() {
                let _ = clients.send(document, body).await;
            }
        };
        tokio::select! {
            () = attack => {}
            () = predictions(client, &clients.user, (2 * round + 1) * PREDICTIONS, &mut attacked) => {}
        }
    }
    let p99 = |mut took: Vec<Duration>| {
        took.sort();
        took[took.len() * 99 / 100]
    };
    (p99(alone), p99(attacked))
}

/// The CPU time of a process so far, of all its running threads (Linux). Threads that handle requests never end.
fn cpu(process: u32) -> Duration {
    let tasks = std::fs::read_dir(Path::new("/proc").join(process.to_string()).join("task")).unwrap();
    let nanoseconds = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}
