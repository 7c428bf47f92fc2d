//! The ends of a ranking, with the shipped models. Scores and files are tested in `tests/it`.

use futures_util::future::join_all;

use super::*;
use crate::app::Models;
use crate::clock::ShiftedClock;
use crate::config::{self, Config};
use crate::matching::ScoringOptions;
use crate::store::Store;

const RESUME: &str = "Nurse\n\nExperience\n- Cared for patients of an intensive care unit for six years\n";

/// An app whose rankings end after this time without progress, and after this time in total.
async fn app(deadline_seconds: u32, ranking_deadline_seconds: u32) -> App {
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        limits: config::Limits {
            deadline_seconds,
            ranking_deadline_seconds,
            ..config::Limits::default()
        },
        store: config::Store {
            data_dir: data.path().to_owned(),
            ..config::Store::default()
        },
        ..Config::default()
    };
    // The encoder has its usual deadline, so that a busy machine does not end a ranking early.
    let models = Models::open(&Config::default()).unwrap();
    let store = Store::open("mem://").await.unwrap();
    App::assemble(config, std::sync::Arc::new(ShiftedClock::default()), store, models).unwrap()
}

fn resume() -> RankingSubject {
    RankingSubject::Resume(Document::from_text(RESUME.to_owned()))
}

fn posting(n: usize) -> String {
    format!("Nurse\n\nRequirements\n- Must have cared for patients of ward {n}\n")
}

fn text(n: usize) -> (usize, Document) {
    (n, Document::from_text(posting(n)))
}

fn file(n: usize) -> (usize, Document) {
    let document = Document::from_bytes(posting(n).into_bytes(), Some("text/plain".to_owned()));
    (n, document)
}

/// The indices with a match, and the reasons of the others.
async fn outcome(ranking: Ranking) -> (Vec<usize>, Vec<(usize, String)>) {
    let (mut matched, mut others) = (Vec::new(), Vec::new());
    let results: Vec<_> = ranking.collect().await;
    for ranked in results {
        let RankedText { index, result } = ranked.unwrap();
        match result {
            Ok(_) => matched.push(index),
            Err(reason) => others.push((index, reason.to_string())),
        }
    }
    matched.sort_unstable();
    (matched, others)
}

fn shipped(app: &App) -> Scoring {
    app.scoring(&ScoringOptions::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ranking_that_makes_no_progress_ends_and_tells_how_far_it_came() {
    for (deadlines, limit) in [
        ((3, 600), "it made no progress for 3 s"),
        ((600, 5), "it took the maximum of 5 s"),
    ] {
        let app = app(deadlines.0, deadlines.1).await;
        // No file can be read meanwhile.
        let turns = join_all((0..sandbox::max_readers()).map(|_| app.0.readers.turn("other"))).await;
        let (matched, others) =
            outcome(app.rank("ann", resume(), vec![text(7), file(5), text(6), file(9)], shipped(&app))).await;
        assert_eq!(matched.len() + others.len(), 4);
        let compared = matched.len();
        let reason =
            format!("the ranking ended before this text was compared: {limit}; {compared} of 4 texts were compared");
        assert!(others.iter().all(|(_, other)| *other == reason), "{others:?}");
        // A busy machine may not reach the others either.
        for index in [5, 9] {
            assert!(others.iter().any(|(other, _)| *other == index), "{matched:?}");
        }
        drop(turns);
    }
    let app = app(30, 600).await;
    let (matched, _) = outcome(app.rank("ann", resume(), vec![file(5), file(9), text(7)], shipped(&app))).await;
    assert_eq!(matched, [5, 7, 9]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_consumer_is_no_lack_of_progress() {
    let app = app(4, 600).await;
    let mut ranking = app.rank("ann", resume(), (0..30).map(text).collect(), shipped(&app));
    assert!(ranking.next().await.unwrap().unwrap().result.is_ok());
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (matched, others) = outcome(ranking).await;
    assert_eq!((matched.len(), others.len()), (29, 0), "{others:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ranking_without_its_subject_fails() {
    let app = app(30, 1).await;
    let turns = join_all((0..sandbox::max_readers()).map(|_| app.0.readers.turn("other"))).await;
    let subject = RankingSubject::Resume(file(0).1);
    let results: Vec<_> = app.rank("ann", subject, vec![text(1)], shipped(&app)).collect().await;
    drop(turns);
    assert_eq!(results.len(), 1);
    assert!(matches!(
        results[0],
        Err(MatchError::Inference(InferenceError::DeadlineExceeded))
    ));
}
