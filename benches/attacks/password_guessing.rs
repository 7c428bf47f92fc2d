//! Figure 6: thousands of password guesses for one account.

use std::time::Instant;

use futures_util::future::join_all;
use portcullis::config::Config;
use portcullis::http::Settings;
use portcullis::identity::Throttling;
use serde_json::{Value, json};

use super::Figure;
use super::test_server::{PASSWORD, TestServer};

const GUESSES: usize = 10_000;
const ALIASES: usize = 50;
const BATCH: usize = 10;
const HOME: u8 = 7;

pub(super) async fn measure() -> Figure {
    let settings = Settings {
        batch_limit: BATCH,
        ..Settings::default()
    };
    let server = TestServer::with(Config::default(), settings).await;
    let accounts = server.gateway.app().accounts();
    let home = server.client(HOME);
    home.sign_up("owner").await;
    let (before, since) = (accounts.password_runs(), Instant::now());
    // Half as documents of fifty aliases, half as batches of ten documents with ten aliases; from ten addresses.
    let (aliased, batched) = (GUESSES / 2 / ALIASES, GUESSES / 2 / (BATCH * 10));
    let requests = (0..aliased + batched).map(|n| {
        let client = server.client(20 + u8::try_from(n % 10).unwrap_or(0));
        let body = if n < aliased {
            document(n, ALIASES)
        } else {
            Value::Array((0..BATCH).map(|m| document(n * BATCH + m, 10)).collect())
        };
        tokio::spawn(async move { client.post(None, &body).await })
    });
    let (mut checked, mut throttled) = (0, 0);
    for answer in join_all(requests).await {
        let text = answer.unwrap().body.to_string();
        checked += text.matches("INVALID_CREDENTIALS").count();
        throttled += text.matches("TOO_MANY_ATTEMPTS").count();
    }
    let took = since.elapsed().as_secs_f64();
    let runs = accounts.password_runs() - before;
    let allowed = allowed_runs(took);
    let owner = home.try_login("owner", PASSWORD).await;
    let signed_in = owner.body["data"]["login"]["tokens"].is_object();
    Figure {
        text: format!(
            "{GUESSES} guesses for one account by aliases and batches in {took:.1} s: {runs} Argon2 runs of {allowed} that the \
             policy allows, {checked} checked, {throttled} throttled; the owner can sign in from a known network: {signed_in} (over HTTP)"
        ),
        holds: runs <= allowed && checked + throttled == GUESSES && checked as u64 == runs && signed_in,
    }
}

fn document(n: usize, aliases: usize) -> Value {
    let fields: Vec<String> = (0..aliases)
        .map(|m| format!("a{m}: login(input: {{ username: \"owner\", password: \"wrong {n} {m} battery\" }}) {{ errors {{ code }} }}"))
        .collect();
    json!({ "query": format!("mutation {{ {} }}", fields.join(" ")) })
}

/// The failures allowed without delay, those that are checked concurrently, and one for each delay that has passed.
fn allowed_runs(seconds: f64) -> u64 {
    let throttling = Throttling::default();
    let permits = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let (mut delay, mut at, mut delays) = (throttling.first_delay.as_secs_f64(), 0.0, 0);
    loop {
        at += delay;
        if at > seconds {
            return u64::from(throttling.account_failures) + permits + delays;
        }
        delays += 1;
        delay = (delay * 2.0).min(throttling.longest_delay.as_secs_f64());
    }
}
