//! Power cuts under three workloads. Each runs in a process whose writes and syncs below the store are recorded: first
//! until it is killed, then again until it closes the store. From the recording, states that a power cut may leave are
//! built, 2,000 or so many. Each is opened as a store, and must have everything that was acknowledged before the cut and
//! nothing impossible. Prints name, bar, measured and ok of each figure. The exit code is 0 if all hold.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

mod jobs;
mod registrations;
mod services;
mod sessions;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::iter::StepBy;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread::available_parallelism;

use futures_util::future::join_all;
use portcullis::app::Models;
use portcullis::config::{self, Config};
use portcullis_test_support::figures::Figures;
use portcullis_test_support::power_cut::{Loss, Notes, Random, Recorder, Recording};
use tempfile::TempDir;

use self::services::{Fault, Progress, Services, progress};

const STACK_BYTES: usize = 10 << 20;
const STATES: usize = 2_000;
const SEED: u64 = 23;
/// The environment variable with the name of the workload, for the process that runs it.
const WORKLOAD: &str = "PORTCULLIS_BENCH_WORKLOAD";
const WORKED: &str = "worked";
/// The process is killed after the first part, and closes the store after the second.
const PARTS: usize = 2;

#[derive(Debug, Clone, Copy, strum::EnumString, strum::Display)]
enum Workload {
    Registrations,
    Sessions,
    Jobs,
}

impl Workload {
    const ALL: [Self; 3] = [Self::Registrations, Self::Sessions, Self::Jobs];

    async fn run(self, services: &Services, notes: Notes, part: usize) {
        match self {
            Self::Registrations => registrations::run(services, notes, part).await,
            Self::Sessions => sessions::run(services, notes, part).await,
            Self::Jobs => jobs::run(services, notes, part).await,
        }
    }

    async fn check(self, services: &Services, progress: &BTreeMap<usize, Progress>) -> Result<(), Fault> {
        match self {
            Self::Registrations => registrations::check(services, progress).await,
            Self::Sessions => sessions::check(services, progress).await,
            Self::Jobs => jobs::check(services, progress).await,
        }
    }
}

fn models() -> Models {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let inference = config::Inference {
        models_dir: Some(models),
        ..config::Inference::default()
    };
    Models::open(&Config {
        inference,
        ..Config::default()
    })
    .unwrap()
}

/// Runs a workload in a process of its own, which is recorded.
fn record(workload: Workload, place: &Path) -> Recording {
    let (root, tools) = (place.join("root"), place.join("tools"));
    for folder in [&root, &tools] {
        std::fs::create_dir_all(folder).unwrap();
    }
    let recorder = Recorder::new(&tools, &root);
    for part in 0..PARTS {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([place, recorder.recording()])
            .arg(part.to_string())
            .env(WORKLOAD, workload.to_string())
            .stdout(Stdio::piped());
        recorder.record(&mut command);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines.any(|line| line.unwrap() == WORKED),
            "{workload}: {:?}",
            child.wait()
        );
        if part + 1 < PARTS {
            child.kill().unwrap();
            child.wait().unwrap();
        } else {
            assert!(child.wait().unwrap().success());
        }
    }
    recorder.finish()
}

/// The counts of one workload.
#[derive(Default)]
struct Outcome {
    states: usize,
    unopened: usize,
    lost: usize,
    impossible: usize,
}

impl Outcome {
    fn add(&mut self, fault: &Fault) {
        match fault {
            Fault::DoesNotOpen(_) => self.unopened += 1,
            Fault::Lost(_) => self.lost += 1,
            Fault::Impossible(_) => self.impossible += 1,
        }
    }
}

/// Checks some of the states.
async fn cut(
    workload: Workload,
    place: Arc<TempDir>,
    recording: Arc<Recording>,
    models: Models,
    states: StepBy<Range<usize>>,
) -> Outcome {
    let first = states.clone().next().unwrap_or_default();
    let mut random = Random::new(SEED + first as u64);
    let image = place.path().join(format!("image-{first}"));
    let mut outcome = Outcome::default();
    for state in states {
        let (moment, loss) = (recording.moment(&mut random), Loss::ALL[state % Loss::ALL.len()]);
        std::fs::create_dir(&image).unwrap();
        recording.build(moment, loss, &mut random, &image);
        let progress = progress(recording.notes(moment));
        let checked = match Services::open(&image, &place.path().join("keys"), &models).await {
            Ok(services) => {
                let checked = workload.check(&services, &progress).await;
                services.close().await;
                checked
            }
            Err(fault) => Err(fault),
        };
        outcome.states += 1;
        if let Err(fault) = checked {
            println!(
                "  {workload}, state {state}, {moment} of {} entries, {loss:?}: {fault}",
                recording.len()
            );
            outcome.add(&fault);
        }
        std::fs::remove_dir_all(&image).unwrap();
    }
    outcome
}

async fn measure(states: usize) -> bool {
    let models = models();
    let mut outcomes = Vec::new();
    for (at, workload) in Workload::ALL.into_iter().enumerate() {
        let place = Arc::new(tempfile::tempdir().unwrap());
        let recording = Arc::new(record(workload, place.path()));
        println!(
            "{workload}: {} changes of files and folders, {} bytes, {} syncs",
            recording.len(),
            recording.written(),
            recording.syncs()
        );
        let share = (states + at) / Workload::ALL.len();
        let tasks = available_parallelism().map_or(1, usize::from);
        let cuts = (0..tasks).map(|first| {
            let (place, recording, models) = (Arc::clone(&place), Arc::clone(&recording), models.clone());
            tokio::spawn(cut(workload, place, recording, models, (first..share).step_by(tasks)))
        });
        outcomes.extend(join_all(cuts).await.into_iter().map(Result::unwrap));
    }
    let sum = |count: fn(&Outcome) -> usize| outcomes.iter().map(count).sum::<usize>();
    let mut figures = Figures::default();
    let opened = sum(|outcome| outcome.states);
    figures.print(
        "states after a power cut",
        &format!(">= {states}"),
        &opened.to_string(),
        opened >= states,
    );
    for (name, count) in [
        ("stores that do not open", sum(|outcome| outcome.unopened)),
        ("states without an acknowledged change", sum(|outcome| outcome.lost)),
        ("states with impossible contents", sum(|outcome| outcome.impossible)),
    ] {
        figures.at_most(name, 0.0, count as f64, "");
    }
    figures.hold()
}

/// The process of a workload.
async fn work(workload: Workload, arguments: &[String]) {
    let [place, recording, part] = arguments else {
        panic!("a folder, a recording and a part are expected");
    };
    let place = Path::new(place);
    let part: usize = part.parse().unwrap();
    let services = Services::open(&place.join("root"), &place.join("keys"), &models())
        .await
        .unwrap();
    let notes = Notes::in_recording(Path::new(recording));
    workload.run(&services, notes, part).await;
    println!("{WORKED}");
    if part + 1 < PARTS {
        // Until the parent kills this process.
        std::future::pending::<()>().await;
    }
    services.close().await;
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Ok(workload) = std::env::var(WORKLOAD) {
        let workload = workload.parse().unwrap();
        runtime.block_on(async {
            tokio::spawn(async move { work(workload, &arguments).await })
                .await
                .unwrap();
        });
        return ExitCode::SUCCESS;
    }
    let states = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(STATES);
    if runtime.block_on(async { tokio::spawn(measure(states)).await.unwrap() }) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
