//! Jobs of the catalogue that are added by the service. Each posting has twelve random tasks of O*NET, so that its
//! embeddings are those of real sentences.

use std::path::Path;
use std::time::Instant;

use futures_util::future::join_all;
use portcullis::app::App;
use portcullis::catalogue::{MAX_ADDED, NewJob};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

/// Calls at once.
const CALLS: usize = 5;
const TITLES: [&str; 8] = [
    "Manager",
    "Technician",
    "Nurse",
    "Engineer",
    "Clerk",
    "Driver",
    "Teacher",
    "Analyst",
];

/// The tasks of O*NET.
fn tasks() -> Vec<String> {
    let packed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/occupation/onet.tsv.zst")).unwrap();
    let text = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    let lines = text.lines().map(|line| line.splitn(3, '\t').collect::<Vec<_>>());
    let tasks = lines
        .filter(|columns| columns[1] == "task")
        .map(|columns| columns[2].to_owned());
    tasks.collect()
}

/// Writes postings and resumes of random tasks.
pub(crate) struct Author {
    tasks: Vec<String>,
    random: StdRng,
}

impl Author {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            tasks: tasks(),
            random: StdRng::seed_from_u64(seed),
        }
    }

    pub(crate) fn lines(&mut self, count: usize) -> String {
        let chosen = self.tasks.sample(&mut self.random, count);
        chosen.map(|task| format!("- {task}\n")).collect()
    }

    /// About 250 words.
    pub(crate) fn posting(&mut self) -> String {
        let title = *TITLES.choose(&mut self.random).unwrap();
        format!("{title}\n\nRequirements\n{}", self.lines(12))
    }

    /// About 600 words, some of them in no other resume.
    pub(crate) fn resume(&mut self) -> String {
        let lines = self.lines(30);
        let mark: u32 = self.random.random();
        lines.lines().fold("Experience\n".to_owned(), |text, line| {
            format!("{text}{line} In house {mark}.\n")
        })
    }
}

pub(crate) async fn fill(app: &App, author: &mut Author, jobs: usize) {
    let since = Instant::now();
    let mut added = 0;
    while added < jobs {
        let calls = (0..CALLS).map_while(|_| {
            let first = added;
            added = jobs.min(first + MAX_ADDED);
            let some = (first..added).map(|n| NewJob {
                id: Some(format!("job-{n:06}")),
                title: None,
                text: author.posting(),
            });
            (first < added).then(|| app.catalogue().add(None, some.collect()))
        });
        for outcomes in join_all(calls.collect::<Vec<_>>()).await {
            assert!(outcomes.unwrap().iter().all(Result::is_ok));
        }
        if added % 10_000 == 0 || added == jobs {
            println!("{added} jobs after {:.0} s", since.elapsed().as_secs_f64());
        }
    }
}
