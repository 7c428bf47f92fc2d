//! Overhead of matching over the encoder: a resume of about 600 words against a posting of about 350 without cached texts
//! (at most 1.1 times the encoder alone), and against 1,000 encoded postings (at most 50 ms more than encoding the resume).
//! The exit code is 0 if both limits hold.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use portcullis::inference::{Embedding, Inference, Settings};
use portcullis::matching::{EncodedText, Job, Lexicon, Month, Plan, Resume, Scoring, scores};
use portcullis_test_support::matching_texts::text;

const TODAY: Month = Month { year: 2026, month: 11 };
const OVER_THE_ENCODER: f64 = 1.1;
const A_THOUSAND: Duration = Duration::from_millis(50);
const JOBS: usize = 1000;
const ROUNDS: usize = 25;
/// The tasks of O*NET, which are like the duties in postings.
const TASKS: &str = "models/occupation/onet.tsv.zst";

/// The first lines, with at most `most` words.
fn first_words(text: &str, most: usize) -> String {
    let mut words = 0;
    let lines = text.lines().take_while(|line| {
        words += line.split_whitespace().count();
        words <= most
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Different postings of about 350 words each.
fn postings() -> Vec<String> {
    let packed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(TASKS)).unwrap();
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let tasks: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once("\ttask\t"))
        .map(|(_, task)| task)
        .collect();
    let posting = |n: usize| {
        let mut text = "Responsibilities\n".to_owned();
        let mut words = 0;
        // Neighbours in the list belong to one occupation; with another stride, each posting is another mixture.
        for at in 0.. {
            let task = tasks[(n * 17 + at * (1 + n % 3)) % tasks.len()];
            words += task.split_whitespace().count();
            if words > 350 {
                return text;
            }
            text.push_str(&format!("- {task}\n"));
        }
        text
    };
    (0..JOBS).map(posting).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = work();
    (begun.elapsed(), result)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let lexicon = Lexicon::open(&models).unwrap();
    let settings = Settings {
        models_dir: Some(models),
        cache_bytes: 0,
        deadline: Duration::from_secs(600),
        ..Settings::default()
    };
    let inference = Inference::open(&settings).unwrap();

    let resume = first_words(
        &format!(
            "{}\n{}",
            text("data-engineer", "resume"),
            text("intensive-care-nurse", "resume")
        ),
        600,
    );
    let job = first_words(
        &format!("{}\n{}", text("data-engineer", "job"), text("kitchen-manager", "job")),
        350,
    );
    let words = |text: &str| text.split_whitespace().count();
    let plan = Plan::new(&lexicon, &resume, &job, TODAY);
    let texts: Vec<String> = plan.texts().iter().map(|text| text.to_string()).collect();
    println!(
        "a resume of {} words, a posting of {}, {} texts to encode",
        words(&resume),
        words(&job),
        texts.len()
    );

    let (mut alone, mut whole, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + 3 {
        let begun = Instant::now();
        inference.embed("", texts.clone()).await.unwrap();
        let encoding = begun.elapsed();
        let begun = Instant::now();
        let plan = Plan::new(&lexicon, &resume, &job, TODAY);
        let vectors = inference.embed("", plan.texts().to_vec()).await.unwrap();
        plan.score(&vectors).unwrap();
        let matching = begun.elapsed();
        // The first rounds warm up.
        if round >= 3 {
            ratios.push(matching.as_secs_f64() / encoding.as_secs_f64());
            alone.push(encoding);
            whole.push(matching);
        }
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    println!("the encoder alone {:?}, the match {:?}", median(alone), median(whole));

    let postings = postings();
    let mean = postings.iter().map(|text| words(text)).sum::<usize>() / postings.len();
    let (reading, jobs) = timed(|| {
        postings
            .iter()
            .map(|text| Job::read(&lexicon, text))
            .collect::<Vec<_>>()
    });
    let mut encoded: Vec<Vec<Embedding>> = Vec::new();
    for job in &jobs {
        encoded.push(inference.embed("", job.texts().to_vec()).await.unwrap());
    }
    println!("{JOBS} postings of {mean} words on average, read in {reading:?} and encoded before");
    let known: Vec<EncodedText<'_, Job, Embedding>> = jobs
        .iter()
        .zip(&encoded)
        .map(|(text, vectors)| EncodedText { text, vectors })
        .collect();
    let mut beyond = Vec::new();
    for round in 0..ROUNDS + 1 {
        let (reading, read) = timed(|| Resume::read(&lexicon, &resume, TODAY));
        let vectors = inference.embed("", read.texts().to_vec()).await.unwrap();
        let (scoring, found) = timed(|| {
            let resume = EncodedText {
                text: &read,
                vectors: &vectors,
            };
            scores(&lexicon, &Scoring::shipped(&lexicon), resume, &known).unwrap()
        });
        assert_eq!(found.len(), JOBS);
        if round > 0 {
            beyond.push(reading + scoring);
        }
    }
    let beyond = median(beyond);

    println!("one pair: {ratio:.3} of the encoder alone (at most {OVER_THE_ENCODER})");
    println!("{JOBS} postings: {beyond:?} beyond the encoder (at most {A_THOUSAND:?})");
    if ratio <= OVER_THE_ENCODER && beyond <= A_THOUSAND {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
