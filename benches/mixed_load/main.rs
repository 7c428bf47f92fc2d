//! Memory of a server with `memory = "1GiB"` that has 100,000 accounts and 100,000 jobs (or so many), under a mixed load of
//! 30 minutes (or so many): registrations, logins, refreshes, viewers, pages and searches of accounts and jobs, rankings,
//! matches of texts and files, predictions, changes of the catalogue, pages of the audit trail, and sockets. The server
//! runs in a control group with that limit if this process may make one. Every five seconds, its resident memory and that
//! of its readers of documents are added up.
//!
//! The bars: nothing killed, no error, the peak within the memory, and after a third of the time at most 1 MB more per
//! minute, by least squares. A run of less than ten minutes does not judge the slope. `--keep FOLDER` keeps the filled store
//! for the next run. The exit code is 0 if all bars hold.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

#[path = "../filled_store/accounts.rs"]
mod accounts;
mod control_group;
#[path = "../filled_store/jobs.rs"]
mod jobs;
mod load;
mod resident;
#[path = "../filled_store/service.rs"]
mod service;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use portcullis::app::{App, Models};
use portcullis::clock::SystemClock;
use portcullis::config::{self, Config};
use portcullis::store::Store;
use portcullis_test_support::figures::Figures;
use portcullis_test_support::process::{Server, portcullis};

use self::control_group::ControlGroup;
use self::jobs::Author;
use self::load::{Counts, Load};
use self::resident::{Sample, slope};
use self::service::PASSWORD;

const STACK_BYTES: usize = 10 << 20;
const MEMORY: u64 = 1 << 30;
const INTERVAL: Duration = Duration::from_secs(5);
/// MB per minute.
const SLOPE_AT_MOST: f64 = 1.0;
/// Minutes below which the slope says nothing.
const JUDGED_FROM: f64 = 10.0;

struct Arguments {
    minutes: f64,
    accounts: usize,
    jobs: usize,
    keep: Option<PathBuf>,
}

impl Arguments {
    /// `[MINUTES [ACCOUNTS [JOBS]]] [--keep FOLDER]`, among the flags that cargo adds.
    fn read() -> Self {
        let mut arguments = std::env::args().skip(1);
        let (mut numbers, mut keep) = (Vec::new(), None);
        while let Some(argument) = arguments.next() {
            if argument == "--keep" {
                keep = Some(PathBuf::from(arguments.next().expect("--keep needs a folder")));
            } else if let Ok(number) = argument.parse::<f64>() {
                numbers.push(number);
            }
        }
        let number = |at: usize, default: f64| numbers.get(at).copied().unwrap_or(default);
        Self {
            minutes: number(0, 30.0),
            accounts: number(1, 100_000.0) as usize,
            jobs: number(2, 100_000.0) as usize,
            keep,
        }
    }
}

/// Fills the store in the folder.
async fn fill(folder: &Path, accounts: usize, jobs: usize) {
    let url = format!("surrealkv://{}?sync=never", folder.join("db").display());
    service::with_accounts(&url, async |service| accounts::fill(service, accounts).await).await;
    let config = Config {
        store: config::Store {
            data_dir: folder.to_owned(),
            ..config::Store::default()
        },
        ..Config::default()
    };
    let models = Models::open(&config).unwrap();
    let store = Store::open(&url).await.unwrap();
    let app = App::assemble(config, Arc::new(SystemClock), store, models).unwrap();
    jobs::fill(&app, &mut Author::new(7), jobs).await;
    app.close().await;
}

fn start(folder: &Path, group: Option<&ControlGroup>) -> Server {
    let program = env!("CARGO_BIN_EXE_portcullis");
    let mut command = match group {
        Some(group) => group.command(program, folder),
        None => portcullis(program, folder),
    };
    command
        .env("PORTCULLIS_MEMORY", format!("{}MiB", MEMORY >> 20))
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_LOG", "error")
        // One address and one administrator make all requests, for longer than a token lasts.
        .env("PORTCULLIS_REGISTRATION_BURST", "1000000")
        .env("PORTCULLIS_ACCESS_TOKEN_SECONDS", "86400");
    Server::start(&mut command)
}

/// Samples the memory until the end of the load.
fn sample(server: &Server, minutes: f64) -> Vec<Sample> {
    let (since, mut samples) = (Instant::now(), Vec::new());
    let until = Duration::from_secs_f64(60.0 * minutes);
    while since.elapsed() < until {
        std::thread::sleep(INTERVAL.min(until.saturating_sub(since.elapsed())));
        let Some(sample) = Sample::of(server.child.id(), since.elapsed()) else {
            println!(
                "the server is gone after {:.1} min",
                since.elapsed().as_secs_f64() / 60.0
            );
            break;
        };
        if samples.len() % 12 == 11 {
            println!("{sample}");
        }
        samples.push(sample);
    }
    samples
}

fn measure(arguments: &Arguments, folder: &Path) -> Figures {
    let group = ControlGroup::make(MEMORY);
    match &group {
        Ok(group) => println!("the server runs in {group}, with a limit of {} MiB", MEMORY >> 20),
        Err(reason) => println!("no control group ({reason}): only the resident memory is checked"),
    }
    let group = group.ok();
    let since = Instant::now();
    let mut server = start(folder, group.as_ref());
    println!("the server listens after {:.1} s", since.elapsed().as_secs_f64());
    let load = Load::prepare(&server, arguments.accounts);
    let first = Sample::of(server.child.id(), since.elapsed()).unwrap();
    println!("before the load, lists and index read: {first}");
    let (samples, counts) = load.run(|| sample(&server, arguments.minutes));
    print!("{counts}");
    let alive = matches!(server.child.try_wait(), Ok(None));
    let kills = group.as_ref().and_then(ControlGroup::kills).unwrap_or(0) + u64::from(!alive);
    if let Some(peak) = group.as_ref().and_then(ControlGroup::peak) {
        println!(
            "peak of the control group, page cache included: {:.0} MB",
            peak as f64 / 1e6
        );
    }
    let figures = verdict(arguments, &samples, &counts, kills);
    if alive {
        server.stop();
    }
    figures
}

fn verdict(arguments: &Arguments, samples: &[Sample], counts: &Counts, kills: u64) -> Figures {
    let peak = samples.iter().map(Sample::total).max().unwrap_or(u64::MAX);
    let warm = Duration::from_secs_f64(20.0 * arguments.minutes);
    let warm: Vec<&Sample> = samples.iter().filter(|sample| sample.at >= warm).collect();
    let slope = slope(&warm);
    let mut figures = Figures::default();
    figures.at_most("killed", 0.0, kills as f64, "");
    figures.at_most("errors", 0.0, counts.errors() as f64, "");
    figures.at_most("peak resident", MEMORY as f64 / 1e6, (peak as f64 / 1e6).round(), "MB");
    let name = "slope over the last two thirds";
    if arguments.minutes < JUDGED_FROM {
        figures.print_only(name, &format!("{slope:.2} MB/min"));
    } else {
        figures.at_most(name, SLOPE_AT_MOST, slope, "MB/min");
    }
    figures
}

fn main() -> ExitCode {
    let arguments = Arguments::read();
    let temporary = tempfile::tempdir().unwrap();
    let folder = arguments.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    if folder.join("db").exists() {
        println!("the store in {} is used as it is", folder.display());
    } else {
        std::fs::create_dir_all(&folder).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build()
            .unwrap();
        let (data, accounts, jobs) = (folder.clone(), arguments.accounts, arguments.jobs);
        runtime.block_on(async {
            tokio::spawn(async move { fill(&data, accounts, jobs).await })
                .await
                .unwrap();
        });
    }
    measure(&arguments, &folder).exit_code()
}
