//! Latency and memory of a large catalogue: ranking a resume against 1,000 encoded jobs (at most 50 ms besides encoding the
//! resume), searching all jobs, by default 100,000 (at most 50 ms), and resident memory (at most 1.5 KB a job). Each posting
//! has twelve random tasks of O*NET, so that its embeddings are those of real sentences. Everything goes through the
//! services, as requests do, with a store on disk. A multiple of 100,000 jobs, up to a million, consists of copies of 100,000
//! jobs. A folder as second argument keeps the store for the next run. The exit code is 0 if the limits hold.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

#[path = "filled_store/job_copies.rs"]
mod job_copies;
#[path = "filled_store/jobs.rs"]
mod jobs;
#[path = "filled_store/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use portcullis::app::{App, Models};
use portcullis::catalogue::{Error, MAX_FOUND};
use portcullis::clock::SystemClock;
use portcullis::config::Config;
use portcullis::document::Document;
use portcullis::matching::ScoringOptions;
use portcullis::store::Store;
use portcullis_test_support::figures::Figures;

use self::jobs::{Author, fill};

/// The server's, since allocators differ in what they hold on to.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const STACK_BYTES: usize = 10 << 20;
const JOBS: usize = 100_000;
/// The environment variable with the URL of the store, for the process that fills it.
const FILL: &str = "PORTCULLIS_BENCH_FILL";
/// Besides the encoding of the resume.
const RANKED_AT_MOST_MILLIS: f64 = 50.0;
/// Including the encoding of the query.
const SEARCHED_AT_MOST_MILLIS: f64 = 50.0;
/// Resident bytes of a job, with what the store caches of it.
const JOB_AT_MOST_BYTES: f64 = 1_500.0;
const ROUNDS: usize = 40;
/// The time in which nothing is written of a store that is merged.
const SETTLED_AFTER: Duration = Duration::from_secs(30);
/// The size up to which a table is not worth waiting for, in bytes.
const SMALL: u64 = 1 << 20;

async fn open(models: &Models, store: &str) -> App {
    let config = Config::default();
    let store = Store::open(store).await.unwrap();
    App::assemble(config, Arc::new(SystemClock), store, models.clone()).unwrap()
}

/// Ranks a resume against 1,000 jobs in memory: the scores alone, then with reading the resume and searching. Its sentences
/// are cached by an earlier request.
async fn ranking(figures: &mut Figures, app: &App, author: &mut Author) {
    let (mut scoring, mut whole, mut first) = (Vec::new(), Vec::new(), Vec::new());
    let catalogue = app.catalogue();
    let shipped = app.scoring(&ScoringOptions::default()).unwrap();
    for round in 0..=ROUNDS {
        let resume = Document::from_text(author.resume());
        let since = Instant::now();
        let (_, hits) = app
            .candidates("", resume.clone(), MAX_FOUND, shipped.clone())
            .await
            .unwrap();
        catalogue.candidates("", &hits).await.unwrap();
        let unknown = since.elapsed();
        let since = Instant::now();
        let (applicant, hits) = app.candidates("", resume, MAX_FOUND, shipped.clone()).await.unwrap();
        let candidates = catalogue.candidates("", &hits).await.unwrap();
        let found = Instant::now();
        let jobs = candidates.len();
        let scores = tokio::task::spawn_blocking(move || applicant.scores(&candidates).unwrap());
        assert_eq!(scores.await.unwrap().len(), jobs);
        // The first round warms up.
        if round > 0 {
            scoring.push(found.elapsed());
            whole.push(since.elapsed());
            first.push(unknown);
        } else {
            println!("jobs compared: {jobs}");
        }
    }
    figures.at_most(
        &format!("a resume against {MAX_FOUND} remembered jobs, median"),
        RANKED_AT_MOST_MILLIS,
        millis(median(&mut scoring)),
        "ms",
    );
    for (name, mut times) in [
        ("the same, p99", scoring),
        ("with reading the resume and searching, median", whole),
        ("the first time: with encoding, median", first),
    ] {
        let time = if name.contains("p99") {
            percentile(&mut times, 99)
        } else {
            median(&mut times)
        };
        figures.print_only(name, &format!("{:.1} ms", millis(time)));
    }
}

async fn searching(figures: &mut Figures, app: &App, author: &mut Author, jobs: usize) {
    let catalogue = app.catalogue();
    let [mut whole, mut reading, mut known] = [const { Vec::new() }; 3];
    for round in 0..=5 * ROUNDS {
        let query: String = author.lines(1).chars().take(60).collect();
        let since = Instant::now();
        let hits = catalogue.search("", &query).await.unwrap();
        let first: Vec<_> = hits.iter().take(20).map(|hit| hit.id.clone()).collect();
        let found = Instant::now();
        let shown = catalogue.jobs(&first).await.unwrap();
        let took = since.elapsed();
        let read = found.elapsed();
        assert_eq!(shown.iter().flatten().count(), 20.min(hits.len()));
        let since = Instant::now();
        catalogue.search("", &query).await.unwrap();
        if round > 0 {
            whole.push(took);
            reading.push(read);
            known.push(since.elapsed());
        }
    }
    let name = format!("search over {jobs} jobs with its first 20, p99");
    figures.at_most(&name, SEARCHED_AT_MOST_MILLIS, millis(percentile(&mut whole, 99)), "ms");
    for (name, mut times) in [
        ("the same", whole),
        ("reading its first 20", reading),
        ("without encoding the query and reading jobs", known),
    ] {
        let both = format!(
            "{:.1} and {:.1} ms",
            millis(median(&mut times)),
            millis(percentile(&mut times, 99))
        );
        figures.print_only(&format!("{name}, median and p99"), &both);
    }
}

async fn filled(jobs: usize, folder: &Path) {
    let app = open(&Models::open(&Config::default()).unwrap(), &url(folder)).await;
    fill(&app, &mut Author::new(7), jobs).await;
    app.close().await;
}

/// Opens the store until two starts in a row merge no tables: each start of the engine moves what was filled at once by one
/// level, but not always the largest table.
async fn settle(folder: &Path) {
    // With their sizes: a table grows for minutes while it is written. A small one is written whenever the store is closed.
    let tables = || {
        let files = std::fs::read_dir(folder.join("sstables")).unwrap().map(Result::unwrap);
        let sizes = files.map(|file| (file.file_name(), file.metadata().map_or(0, |file| file.len())));
        sizes.filter(|(_, size)| *size > SMALL).collect::<BTreeMap<_, _>>()
    };
    let (mut starts, mut quiet) = (0, 0);
    while quiet < 2 {
        let before = tables();
        let app = open(&Models::open(&Config::default()).unwrap(), &url(folder)).await;
        loop {
            let before = tables();
            tokio::time::sleep(SETTLED_AFTER).await;
            if tables() == before {
                break;
            }
        }
        app.close().await;
        starts += 1;
        quiet = if tables() == before { quiet + 1 } else { 0 };
    }
    println!("settled after {starts} starts");
}

fn url(folder: &Path) -> String {
    format!("surrealkv://{}", folder.display())
}

async fn measure(jobs: usize, kept: Option<PathBuf>) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    let db = kept.unwrap_or_else(|| folder.path().to_owned()).join("db");
    if !db.exists() {
        // Another process fills the store, so that the memory of this one is that of reading it.
        let mut filling = Command::new(std::env::current_exe().unwrap());
        let status = filling.arg(jobs.to_string()).env(FILL, &db).status().unwrap();
        assert!(status.success());
    }
    let models = Models::open(&Config::default()).unwrap();
    let mut author = Author::new(8);
    let before = resident();
    let since = Instant::now();
    let app = open(&models, &url(&db)).await;
    // A search in the meantime waits for up to ten seconds, then is refused as not ready.
    let found = loop {
        match app.catalogue().count().await {
            Err(Error::Loading) => {}
            found => break found.unwrap(),
        }
    };
    assert_eq!(found, jobs);
    let took = since.elapsed().as_secs_f64();
    let job = (resident() - before) * f64::from(1 << 20) / jobs as f64;
    let mut figures = Figures::default();
    figures.print_only(
        &format!("until {jobs} jobs are read at a start"),
        &format!("{took:.1} s"),
    );
    figures.at_most(
        "memory of a job, with caches of the store",
        JOB_AT_MOST_BYTES,
        job.round(),
        "bytes",
    );
    searching(&mut figures, &app, &mut author, jobs).await;
    ranking(&mut figures, &app, &mut author).await;
    app.close().await;
    figures
}

/// Resident memory of this process, in MiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() - 1) * percent / 100]
}

fn median(times: &mut [Duration]) -> Duration {
    percentile(times, 50)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let jobs = arguments.next().map_or(JOBS, |count| count.parse().unwrap());
    let kept = arguments.next().map(PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    if let Some(folder) = std::env::var_os(FILL).map(PathBuf::from) {
        let (db, first) = (folder.clone(), jobs.min(JOBS));
        runtime.block_on(async { tokio::spawn(async move { filled(first, &db).await }).await.unwrap() });
        if jobs > JOBS {
            assert!(
                jobs.is_multiple_of(JOBS) && jobs <= 10 * JOBS,
                "a multiple of {JOBS}, up to ten times"
            );
            runtime.block_on(job_copies::multiply(&folder, jobs / JOBS));
            runtime.block_on(async { tokio::spawn(async move { settle(&folder).await }).await.unwrap() });
        }
        return ExitCode::SUCCESS;
    }
    let figures = runtime.block_on(async { tokio::spawn(measure(jobs, kept)).await.unwrap() });
    figures.exit_code()
}
