//! Latency of a short `predict` while another caller saturates the service with large requests, and the throughput of the
//! large requests.
//!
//! `just bench-fairness [PIECES...]` prints, for each limit of word pieces per thread in a batch, the 95th percentile idle
//! and under load, their ratio, which must be at most 5, and the texts per second of the large requests.

#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use portcullis::inference::{Inference, Instance, Settings};

/// Idle and loaded rounds alternate, so that other work on the machine affects both.
const TURNS: usize = 4;
/// Predictions in a round.
const ASKED: usize = 50;
/// Texts of a large request.
const LARGE: usize = 512;
/// Large requests that wait at any time.
const ABREAST: usize = 3;

/// The latencies of single short predictions. Each text is new, so that none is cached.
async fn ask(inference: &Inference, round: &str) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut taken = Vec::with_capacity(ASKED);
    for n in 0..ASKED {
        let text = format!("Repairs engines of kind {n} in {round} workshops and trains apprentices.");
        let started = Instant::now();
        inference
            .predict("one", "occupation", vec![Instance::Text(text)], 1)
            .await?;
        taken.push(started.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(taken)
}

/// Large requests of one caller, until they are cancelled.
struct Load {
    stop: Arc<AtomicBool>,
    callers: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn start(inference: &Inference, jobs: &Arc<AtomicU64>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let callers = (0..ABREAST)
            .map(|_| {
                let (inference, stop, jobs) = (inference.clone(), Arc::clone(&stop), Arc::clone(jobs));
                tokio::spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        let job = jobs.fetch_add(1, Ordering::Relaxed);
                        let text = |n| format!("Text {n} of job {job}, which describes some work of some person.");
                        if inference.embed("many", (0..LARGE).map(text).collect()).await.is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        Self { stop, callers }
    }

    async fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        for caller in self.callers {
            caller.abort();
            // Cancelled.
            let _ = caller.await;
        }
    }
}

fn percentile(taken: &mut [Duration], share: usize) -> f64 {
    taken.sort_unstable();
    taken[(taken.len() * share / 100).min(taken.len() - 1)].as_secs_f64() * 1e3
}

async fn measure(pieces: usize) -> Result<(), Box<dyn Error>> {
    let inference = Inference::open(&Settings {
        batch_pieces: pieces,
        ..Settings::default()
    })?;
    let jobs = Arc::new(AtomicU64::new(0));
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    let (mut texts, mut seconds) = (0, 0.0);
    ask(&inference, "warm").await?;
    for turn in 0..TURNS {
        idle.extend(ask(&inference, &format!("quiet{turn}")).await?);
        let load = Load::start(&inference, &jobs);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (before, started) = (inference.usage().encoded, Instant::now());
        busy.extend(ask(&inference, &format!("busy{turn}")).await?);
        texts += inference.usage().encoded - before - ASKED as u64;
        seconds += started.elapsed().as_secs_f64();
        load.end().await;
        while inference.usage().waiting > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let [calm, loaded] = [&mut idle, &mut busy].map(|taken| (percentile(taken, 50), percentile(taken, 95)));
    println!(
        "| {pieces} | {:.2} | {:.2} | {:.2} | {:.2} | **{:.2}** | {:.0} |",
        calm.0,
        calm.1,
        loaded.0,
        loaded.1,
        loaded.1 / calm.1,
        texts as f64 / seconds
    );
    Ok(())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut asked: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if asked.is_empty() {
        asked.push(Settings::default().batch_pieces);
    }
    println!("| pieces a thread | idle median ms | p95 | loaded median ms | p95 | p95 loaded / idle | large texts/s |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for pieces in asked {
        measure(pieces).await?;
    }
    Ok(())
}
