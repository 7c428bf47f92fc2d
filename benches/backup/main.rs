//! Time of a backup and of its restore at 1,000,000 accounts and 10,000,000 audit events (or so many), and the latency of
//! `viewer` beside the backup, at 200 requests a second. The store is filled with copies of an account and an event that the
//! services wrote; a folder as third argument keeps it for the next run. Prints name, bar, measured and ok of each figure.
//! The exit code is 0 if all hold.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

#[path = "../filled_store/copies.rs"]
mod copies;
mod server;
#[path = "../filled_store/service.rs"]
mod service;
#[path = "../filled_store/tree.rs"]
mod tree;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portcullis_test_support::figures::Figures;
use portcullis_test_support::process::Server;
use serde_json::json;

use self::server::{Client, portcullis};
use self::service::PASSWORD;

/// The server's, so that filling is as fast as a server would be.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const STACK_BYTES: usize = 10 << 20;
const ACCOUNTS: usize = 1_000_000;
const EVENTS: usize = 10_000_000;
/// Connections, and requests a second on each.
const CLIENTS: usize = 4;
const RATE: f64 = 50.0;
/// The shortest time over which a latency is measured.
const LEAST: Duration = Duration::from_secs(20);

/// Asks for the viewer at a constant rate until told to stop; the 99th percentile of the times, each from the moment at which
/// the request was due.
fn viewers(server: &Server, token: &str, stop: &AtomicBool) -> Duration {
    let times = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::connect(server, token);
                    let since = Instant::now();
                    let mut times = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let due = Duration::from_secs_f64(times.len() as f64 / RATE);
                        std::thread::sleep(due.saturating_sub(since.elapsed()));
                        client.ask("{ viewer { user { id roles } } }");
                        times.push(since.elapsed().saturating_sub(due));
                    }
                    times
                })
            })
            .collect();
        let times = clients.into_iter().flat_map(|client| client.join().unwrap());
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        times
    });
    times[(times.len() - 1) * 99 / 100]
}

/// Runs the viewers beside `work`, which returns its own result.
fn beside<T>(server: &Server, token: &str, work: impl FnOnce() -> T) -> (Duration, T) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let viewers = scope.spawn(|| viewers(server, token, &stop));
        let done = work();
        stop.store(true, Ordering::Relaxed);
        (viewers.join().unwrap(), done)
    })
}

/// Runs a command until it succeeds; the time and the line it printed.
fn timed(command: &mut Command) -> (Duration, String) {
    let since = Instant::now();
    let output = command.output().unwrap();
    let took = since.elapsed();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (took, text.trim_end().to_owned())
}

/// The number of accounts. The first answer waits until the list of accounts was read, which may take longer than the
/// deadline of a request.
fn count(server: &Server, token: &str) -> i64 {
    let since = Instant::now();
    loop {
        let answer = Client::connect(server, token).try_ask("{ users(first: 1) { totalCount } }");
        if let Some(count) = answer["data"]["users"]["totalCount"].as_i64() {
            return count;
        }
        assert!(since.elapsed() < Duration::from_secs(600), "{answer}");
    }
}

fn measure(data: &Path, place: &Path, accounts: usize) -> Figures {
    let (file, copy) = (place.join("backup"), place.join("copy"));
    let server = Server::start(&mut portcullis(data));
    let token = server.access_token("admin", PASSWORD);
    let before = count(&server, &token);
    let (alone, ()) = beside(&server, &token, || std::thread::sleep(LEAST));
    // The last change before the backup.
    Client::connect(&server, &token)
        .ask("mutation { putRole(name: \"LAST\", permissions: [PREDICT]) { role { name } } }");
    let (meanwhile, (took, line)) = beside(&server, &token, || {
        let since = Instant::now();
        let mut backup = portcullis(data);
        backup.args(["backup", "--force"]).arg(&file);
        let first = timed(&mut backup);
        // A short backup is repeated until there are enough requests beside it.
        while since.elapsed() < LEAST {
            timed(&mut backup);
        }
        first
    });
    println!("{line}; {} bytes encrypted", file.metadata().unwrap().len());
    // An account that was copied.
    let _ = server.access_token(&copies::name(1), PASSWORD);
    server.stop();
    let (verified, _) = timed(portcullis(data).args(["restore", "--verify"]).arg(&file));
    let (restored, line) = timed(portcullis(&copy).arg("restore").arg(&file));
    println!("{line}");
    let server = Server::start(&mut portcullis(&copy));
    let token = server.access_token("admin", PASSWORD);
    let roles = Client::connect(&server, &token).ask("{ roles { name } }");
    let complete =
        count(&server, &token) == before && roles["roles"].as_array().unwrap().contains(&json!({ "name": "LAST" }));
    server.stop();

    let mut figures = Figures::default();
    figures.at_most("backup", 60.0, took.as_secs_f64(), "s");
    figures.at_most(
        "viewer, p99 beside the backup, twice that alone",
        2.0 * millis(alone),
        millis(meanwhile),
        "ms",
    );
    figures.at_most("restore", 120.0, restored.as_secs_f64(), "s");
    figures.print_only("restore --verify", &format!("{:.1} s", verified.as_secs_f64()));
    let found = before - 1;
    figures.print(
        "accounts restored, with the last change",
        &accounts.to_string(),
        &found.to_string(),
        complete && usize::try_from(found).is_ok_and(|found| found >= accounts),
    );
    figures
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let mut numbers = arguments.iter().filter_map(|argument| argument.parse::<usize>().ok());
    let accounts = numbers.next().unwrap_or(ACCOUNTS);
    let events = numbers.next().unwrap_or(EVENTS);
    let kept = arguments.iter().find(|argument| argument.parse::<usize>().is_err());
    let place = tempfile::tempdir().unwrap();
    let data = kept.map_or_else(|| place.path().join("data"), PathBuf::from);
    if !data.join("db").exists() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build()
            .unwrap();
        let db = data.join("db");
        runtime.block_on(async {
            let fill = async move {
                copies::write_first(&format!("surrealkv://{}", db.display())).await;
                copies::multiply(&db, false, accounts, events).await;
            };
            tokio::spawn(fill).await.unwrap();
        });
    }
    measure(&data, place.path(), accounts).exit_code()
}
