//! How much slower a single short `predict` gets while another caller saturates the service with large jobs.
//!
//! Prints the median and the 95th percentile, idle and under load, and the ratio that `inference.md` bounds by 5.

#![expect(clippy::print_stdout, reason = "the figure is what this is for")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use portcullis::inference::{Inference, Instance, Settings};

const ASKED: usize = 100;
/// Texts of a large job.
const LARGE: usize = 512;
/// Large jobs that wait at any time.
const ABREAST: usize = 3;

/// The latencies of single short predictions, sorted. Each text is new, so that no cache answers.
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
    taken.sort_unstable();
    Ok(taken)
}

fn report(name: &str, taken: &[Duration]) {
    let at = |share: usize| taken[taken.len() * share / 100].as_secs_f64() * 1e3;
    println!("{name}: median {:.2} ms, p95 {:.2} ms", at(50), at(95));
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let inference = Inference::open(&Settings::default())?;
    ask(&inference, "warm").await?;
    let idle = ask(&inference, "quiet").await?;
    report("idle", &idle);

    let (stop, jobs) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let callers: Vec<_> = (0..ABREAST)
        .map(|_| {
            let (inference, stop, jobs) = (inference.clone(), Arc::clone(&stop), Arc::clone(&jobs));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let job = jobs.fetch_add(1, Ordering::Relaxed);
                    let texts = (0..LARGE)
                        .map(|n| {
                            format!("Text {n} of job {job}, which describes some work of some person at some length.")
                        })
                        .collect();
                    if inference.embed("many", texts).await.is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let busy = ask(&inference, "busy").await?;
    stop.store(true, Ordering::Relaxed);
    report("beside large jobs", &busy);
    let p95 = |taken: &[Duration]| taken[taken.len() * 95 / 100].as_secs_f64();
    println!("p95 under load over p95 idle: {:.2}", p95(&busy) / p95(&idle));
    println!(
        "p95 under load over median idle: {:.2}",
        p95(&busy) / idle[idle.len() / 2].as_secs_f64()
    );
    for caller in callers {
        caller.await?;
    }
    Ok(())
}
