//! Figure 10: many logins at once while a signed-in client sends requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::Figure;
use super::test_server::{PASSWORD, TestServer};

const ROUNDS: usize = 5;
const LOGINS: usize = 200;
const ACCOUNTS: usize = 20;
const LIMIT: Duration = Duration::from_millis(100);
const MIB: f64 = 1024.0 * 1024.0;

pub(super) async fn measure() -> Figure {
    let server = TestServer::start().await;
    let client = server.client(1);
    for n in 0..ACCOUNTS {
        client.sign_up(&format!("user{n}")).await;
    }
    let (worker, _) = client.sign_up("worker").await;
    let viewer = server.client(2);
    for _ in 0..100 {
        viewer.viewer(&worker).await;
    }
    let permits = std::thread::available_parallelism().map_or(1, usize::from);
    let allowed = permits as f64 * 19.0 + 64.0;
    let over = Arc::new(AtomicBool::new(false));
    let before = resident();
    let peak = Arc::new(AtomicU64::new(before));
    let watch = {
        let (over, peak) = (Arc::clone(&over), Arc::clone(&peak));
        std::thread::spawn(move || {
            while !over.load(Ordering::SeqCst) {
                peak.fetch_max(resident(), Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
            }
        })
    };
    let work = {
        let over = Arc::clone(&over);
        tokio::spawn(async move {
            let mut took = Vec::new();
            while !over.load(Ordering::SeqCst) {
                let since = Instant::now();
                assert_eq!(viewer.viewer(&worker).await.status, 200);
                took.push(since.elapsed());
            }
            took
        })
    };
    let (mut signed_in, mut overloaded) = (0, 0);
    for _ in 0..ROUNDS {
        let logins = (0..LOGINS).map(|n| {
            let client = client.clone();
            tokio::spawn(async move { client.try_login(&format!("user{}", n % ACCOUNTS), PASSWORD).await })
        });
        for answer in join_all(logins).await {
            let body = answer.unwrap().body;
            signed_in += usize::from(body["data"]["login"]["tokens"].is_object());
            overloaded += usize::from(body["errors"][0]["extensions"]["code"] == "OVERLOADED");
        }
    }
    over.store(true, Ordering::SeqCst);
    watch.join().unwrap();
    let mut took = work.await.unwrap();
    took.sort();
    let p99 = took[took.len() * 99 / 100];
    let growth = (peak.load(Ordering::SeqCst) - before) as f64 / MIB;
    Figure {
        text: format!(
            "{LOGINS} logins at once, {ROUNDS} times ({signed_in} succeeded, {overloaded} OVERLOADED): memory grew by \
             {growth:.0} MiB of {allowed:.0} ({permits} permits), viewer p99 {:.1} ms of {} over {} requests",
            p99.as_secs_f64() * 1e3,
            LIMIT.as_millis(),
            took.len()
        ),
        holds: growth <= allowed && p99 <= LIMIT && signed_in + overloaded == ROUNDS * LOGINS && signed_in > 0,
    }
}

/// The resident memory of this process, clients included, in bytes (Linux).
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}
