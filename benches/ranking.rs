//! Duration of a ranking of 200 resumes of about 600 words without cached texts, beside its parts: reading, encoding and
//! scoring, each alone. `just bench-ranking [COUNT]` prints them.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use portcullis::app::{App, Models, RankingSubject};
use portcullis::clock::SystemClock;
use portcullis::config::{self, Config};
use portcullis::document::Document;
use portcullis::inference::Text;
use portcullis::matching::{Month, Plan, ScoringOptions};
use portcullis::store::Store;
use portcullis_test_support::matching_texts::text;

const TODAY: Month = Month { year: 2026, month: 11 };
const WORDS: usize = 600;
/// The tasks of O*NET, which are like the lines of resumes.
const TASKS: &str = "models/occupation/onet.tsv.zst";

/// Different resumes. Those of another seed share few lines with them.
fn resumes(seed: usize, count: usize) -> Vec<String> {
    let packed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(TASKS)).unwrap();
    let tasks = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let tasks: Vec<&str> = tasks
        .lines()
        .filter_map(|line| Some(line.split_once("\ttask\t")?.1))
        .collect();
    let resume = |n: usize| {
        let mut text = "Operations Manager\n\nExperience\nOperations Manager, January 2015 - present\n".to_owned();
        let mut words = 0;
        for at in 0.. {
            let task = tasks[(seed * 9_001 + n * 41 + at * 211) % tasks.len()];
            words += task.split_whitespace().count();
            if words > WORDS {
                break;
            }
            text += &format!("- {task}\n");
        }
        text
    };
    (0..count).map(resume).collect()
}

fn show(part: &str, taken: Duration) {
    println!("| {part} | {:.2} s |", taken.as_secs_f64());
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let count = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(200);
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        store: config::Store {
            data_dir: data.path().to_owned(),
            ..config::Store::default()
        },
        ..Config::default()
    };
    let models = Models::open(&config).unwrap();
    let (lexicon, inference) = (Arc::clone(&models.lexicon), models.inference.clone());
    let store = Store::open("mem://").await.unwrap();
    let app = App::assemble(config, Arc::new(SystemClock), store, models).unwrap();
    let job = text("kitchen-manager", "job");

    let alone = resumes(1, count);
    let begun = Instant::now();
    let plans: Vec<_> = alone
        .iter()
        .map(|resume| Plan::new(&lexicon, resume, &job, TODAY))
        .collect();
    let reading = begun.elapsed();
    let texts: HashSet<&Text> = plans.iter().flat_map(Plan::texts).collect();
    let pieces: usize = texts.iter().map(|text| inference.tokens(text)).sum();
    println!(
        "{count} resumes with {} different texts of {pieces} word pieces",
        texts.len()
    );
    println!("| part | alone |\n| --- | ---: |");
    show("reading, on one core", reading);
    let begun = Instant::now();
    let texts: Vec<Text> = texts.into_iter().cloned().collect();
    for some in texts.chunks(4096) {
        inference.embed("", some.to_vec()).await.unwrap();
    }
    show("encoding", begun.elapsed());
    let mut scoring = Duration::ZERO;
    for plan in &plans {
        // All are cached.
        let embeddings = inference.embed("", plan.texts().to_vec()).await.unwrap();
        let begun = Instant::now();
        plan.score(&embeddings).unwrap();
        scoring += begun.elapsed();
    }
    show("scoring, on one core", scoring);

    for (seed, name) in [(2, "the ranking, no text cached"), (2, "the ranking, all texts cached")] {
        let many = resumes(seed, count).into_iter().map(Document::from_text).enumerate();
        let begun = Instant::now();
        let mut results = app.rank(
            "",
            RankingSubject::Job(Document::from_text(job.clone())),
            many.collect(),
            app.scoring(&ScoringOptions::default()).unwrap(),
        );
        let (mut first, mut done) = (Duration::ZERO, 0);
        while let Some(ranked) = results.next().await {
            ranked.unwrap().result.unwrap();
            done += 1;
            if done == 1 {
                first = begun.elapsed();
            }
        }
        assert_eq!(done, count);
        show(name, begun.elapsed());
        show("its first result", first);
    }
}
