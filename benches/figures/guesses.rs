//! Figure 6: thousands of guesses at one account.

use std::time::Instant;

use futures_util::future::join_all;
use portcullis::config::Config;
use portcullis::http::Settings;
use portcullis::identity::Throttling;
use serde_json::{Value, json};

use super::Figure;
use super::stage::{PASSWORD, Stage};

const GUESSES: usize = 10_000;
const ALIASES: usize = 50;
const BATCH: usize = 10;
const HOME: u8 = 7;

pub(super) async fn measure() -> Figure {
    let settings = Settings {
        batch_limit: BATCH,
        ..Settings::default()
    };
    let stage = Stage::with(Config::default(), settings).await;
    let accounts = stage.gateway.app().accounts();
    let home = stage.client(HOME);
    home.join("owner").await;
    let (before, since) = (accounts.password_runs(), Instant::now());
    // Half of them as fifty aliases a document, half as ten documents of ten aliases; from ten addresses.
    let (aliased, batched) = (GUESSES / 2 / ALIASES, GUESSES / 2 / (BATCH * 10));
    let requests = (0..aliased + batched).map(|n| {
        let client = stage.client(20 + u8::try_from(n % 10).unwrap_or(0));
        let body = if n < aliased {
            document(n, ALIASES)
        } else {
            Value::Array((0..BATCH).map(|m| document(n * BATCH + m, 10)).collect())
        };
        tokio::spawn(async move { client.post(None, &body).await })
    });
    let (mut heard, mut early) = (0, 0);
    for answer in join_all(requests).await {
        let text = answer.unwrap().body.to_string();
        heard += text.matches("INVALID_CREDENTIALS").count();
        early += text.matches("TOO_MANY_ATTEMPTS").count();
    }
    let took = since.elapsed().as_secs_f64();
    let runs = accounts.password_runs() - before;
    let allowed = policy(took);
    let owner = home.try_login("owner", PASSWORD).await;
    let gets_in = owner.body["data"]["login"]["tokens"].is_object();
    Figure {
        said: format!(
            "{GUESSES} guesses at one account by aliases and batches in {took:.1} s: {runs} Argon2 runs of {allowed} that the \
             policy allows, {heard} answered, {early} refused unheard; the owner at home gets in: {gets_in} (over HTTP)"
        ),
        holds: runs <= allowed && heard + early == GUESSES && heard as u64 == runs && gets_in,
    }
}

fn document(n: usize, aliases: usize) -> Value {
    let fields: Vec<String> = (0..aliases)
        .map(|m| format!("a{m}: login(input: {{ username: \"owner\", password: \"wrong {n} {m} battery\" }}) {{ errors {{ code }} }}"))
        .collect();
    json!({ "query": format!("mutation {{ {} }}", fields.join(" ")) })
}

/// Failures that cost no wait, those whose turn had come at the same time, and one for each wait that was over by then.
fn policy(seconds: f64) -> u64 {
    let throttling = Throttling::default();
    let permits = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let (mut delay, mut at, mut waits) = (throttling.first_delay.as_secs_f64(), 0.0, 0);
    loop {
        at += delay;
        if at > seconds {
            return u64::from(throttling.account_failures) + permits + waits;
        }
        waits += 1;
        delay = (delay * 2.0).min(throttling.longest_delay.as_secs_f64());
    }
}
