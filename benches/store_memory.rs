//! Memory of a server whose store takes a million audit events (or so many), and of the next start after a crash. Both
//! must stay below 512 MiB. The events go through the services as those of requests do, over a store on disk; the process
//! is then killed, and the real binary replays what is left in the write-ahead log. The exit code says if the bar holds.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "standard output is where the figures go")]

#[path = "filled_store/events.rs"]
mod events;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Instant;

use portcullis::app::App;
use portcullis::clock::SystemClock;
use portcullis::config::{self, Config};
use portcullis_test_support::figures::Figures;

/// The server's, since allocators differ in what they hold on to.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const STACK_BYTES: usize = 10 << 20;
const EVENTS: usize = 1_000_000;
const AT_MOST_MIB: f64 = 512.0;
/// Set for the process that fills the store, to the data folder.
const FILL: &str = "PORTCULLIS_BENCH_FILL";
const FILLED: &str = "filled";
const ACCOUNTS: usize = 1_000;

async fn fill(data: &str, events: usize) {
    let config = Config {
        store: config::Store {
            data_dir: data.into(),
            ..config::Store::default()
        },
        ..Config::default()
    };
    let app = App::open(config, Arc::new(SystemClock)).await.unwrap();
    let since = Instant::now();
    events::fill(app.audit(), events, ACCOUNTS, |written| {
        if written % 100_000 == 0 {
            let seconds = since.elapsed().as_secs_f64();
            println!("{written} events after {seconds:.0} s, {}", memory(std::process::id()));
        }
    })
    .await;
    println!("{FILLED}");
    // Until the parent kills this process, so that the log stays as a crash leaves it.
    std::future::pending::<()>().await;
}

/// Lines of a child until one begins with `last`.
fn follow(child: &mut Child, last: &str) {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines {
        let line = line.unwrap();
        if line.starts_with(last) {
            return;
        }
        println!("  {line}");
    }
    panic!("the process ended: {:?}", child.wait());
}

struct Memory {
    now: f64,
    peak: f64,
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0} MiB resident, at most {:.0} MiB", self.now, self.peak)
    }
}

fn memory(process: u32) -> Memory {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let mib = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    };
    Memory {
        now: mib("VmRSS:"),
        peak: mib("VmHWM:"),
    }
}

fn size(folder: &Path) -> f64 {
    let files = std::fs::read_dir(folder).unwrap();
    let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    bytes as f64 / f64::from(1 << 20)
}

fn measure(events: usize) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    println!("{events} events are written:");
    let mut filling = Command::new(std::env::current_exe().unwrap());
    filling.arg(events.to_string()).env(FILL, data).stdout(Stdio::piped());
    let mut filling = filling.spawn().unwrap();
    follow(&mut filling, FILLED);
    let filled = memory(filling.id());
    filling.kill().unwrap();
    filling.wait().unwrap();
    println!(
        "the process that wrote them: {filled}; {:.0} MiB of tables, {:.0} MiB of log",
        size(&data.join("db/sstables")),
        size(&data.join("db/wal"))
    );

    let since = Instant::now();
    let mut server = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    server.args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data-dir"]);
    let mut server = server.arg(data).stdout(Stdio::piped()).spawn().unwrap();
    follow(&mut server, "listening on ");
    let started = memory(server.id());
    println!(
        "the next start, {:.1} s until it listens: {started}",
        since.elapsed().as_secs_f64()
    );
    server.kill().unwrap();
    server.wait().unwrap();
    let mut figures = Figures::default();
    let name = format!("peak while {events} events are written");
    figures.at_most(&name, AT_MOST_MIB, filled.peak, "MiB");
    figures.at_most("peak at the start after a crash", AT_MOST_MIB, started.peak, "MiB");
    figures
}

fn main() -> ExitCode {
    let events = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(EVENTS);
    if let Ok(data) = std::env::var(FILL) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build()
            .unwrap();
        runtime.block_on(async { tokio::spawn(async move { fill(&data, events).await }).await.unwrap() });
        return ExitCode::SUCCESS;
    }
    measure(events).exit_code()
}
