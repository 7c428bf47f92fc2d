//! The catalogue with an in-memory store and the real encoder: writes, synchronization between processes, and
//! recomputation of embeddings. The schema is tested in `tests/it/catalogue.rs`, the search scores in `index`.

use std::sync::LazyLock;
use std::time::Duration;

use chrono::TimeDelta;

use super::*;
use crate::clock::ShiftedClock;
use crate::inference::{self, find_models_dir};

static MODELS: LazyLock<(Inference, Arc<Lexicon>)> = LazyLock::new(|| {
    let folder = find_models_dir(None).unwrap();
    let lexicon = Arc::new(Lexicon::open(&folder).unwrap());
    let settings = inference::Settings {
        models_dir: Some(folder),
        ..inference::Settings::default()
    };
    (Inference::open(&settings).unwrap(), lexicon)
});

async fn store() -> Arc<Store> {
    Arc::new(Store::open("mem://").await.unwrap())
}

fn open(store: &Arc<Store>) -> Catalogue {
    let clock: Arc<dyn Clock> = Arc::new(ShiftedClock::default());
    let (inference, lexicon) = MODELS.clone();
    let audit = Audit::new(Arc::clone(store), Arc::clone(&clock), TimeDelta::days(1));
    Catalogue::new(Arc::clone(store), clock, inference, lexicon, Arc::new(audit), 96 << 20)
}

fn job(id: &str, text: &str) -> NewJob {
    NewJob {
        id: Some(id.to_owned()),
        title: None,
        text: text.to_owned(),
    }
}

const WELDER: &str = "Welder\n\nRequirements\n- Weld steel pipes for ships\n- Read drawings\n";
const NURSE: &str = "Night nurse\n\nRequirements\n- Care for patients after surgery\n- Keep records of medication\n";
const BAKER: &str = "Baker\n\nRequirements\n- Bake bread before dawn\n- Clean the ovens\n";

async fn add(catalogue: &Catalogue, jobs: Vec<NewJob>) {
    let outcomes = catalogue.add(Some("ann"), jobs).await.unwrap();
    outcomes.into_iter().for_each(|outcome| drop(outcome.unwrap()));
}

async fn found(catalogue: &Catalogue, query: &str) -> Vec<String> {
    let hits = catalogue.search("ann", query).await.unwrap();
    hits.into_iter().map(|hit| hit.id.to_string()).collect()
}

#[tokio::test]
async fn jobs_are_added_found_by_words_and_by_meaning_and_removed() {
    let catalogue = open(&store().await);
    add(&catalogue, vec![job("w", WELDER), job("n", NURSE), job("b", BAKER)]).await;
    assert_eq!(catalogue.count().await.unwrap(), 3);
    assert_eq!(found(&catalogue, "drawings").await[0], "w");
    // No words in common.
    let hits = catalogue.search("ann", "hospital ward").await.unwrap();
    assert_eq!((&*hits[0].id, hits[0].words), ("n", 0.0), "{hits:?}");
    assert!(hits[0].similarity > 0.2);
    let stored = catalogue.find("b").await.unwrap().unwrap();
    assert_eq!((stored.title.as_str(), stored.text.as_str()), ("Baker", BAKER.trim()));

    add(
        &catalogue,
        vec![job("b", "Pastry chef\n\nRequirements\n- Fold puff pastry\n")],
    )
    .await;
    assert_eq!(catalogue.count().await.unwrap(), 3);
    assert_eq!(catalogue.find("b").await.unwrap().unwrap().title, "Pastry chef");
    assert_eq!(found(&catalogue, "puff pastry").await[0], "b");
    let old = catalogue.search("ann", "ovens").await.unwrap();
    assert!(
        old.iter().all(|hit| hit.words == 0.0),
        "old words must not match: {old:?}"
    );

    catalogue.remove(Some("ann"), "b").await.unwrap();
    assert!(matches!(catalogue.remove(None, "b").await, Err(Error::NotFound)));
    assert!(matches!(catalogue.remove(None, "no id!").await, Err(Error::NotFound)));
    assert_eq!(catalogue.count().await.unwrap(), 2);
    assert!(!found(&catalogue, "pastry").await.contains(&"b".to_owned()));
    assert_eq!(catalogue.find("b").await.unwrap(), None);
    for query in ["", "  \n", &"word ".repeat(400)] {
        let refused = catalogue.search("ann", query).await;
        assert!(matches!(refused, Err(Error::InvalidInput { path: "query", .. })));
    }
    catalogue.close().await;
}

#[tokio::test]
async fn an_invalid_job_does_not_affect_the_others() {
    let catalogue = open(&store().await);
    let titled = |title: &str| NewJob {
        title: Some(title.to_owned()),
        ..job("t", WELDER)
    };
    let jobs = vec![
        job("no id!", WELDER),
        job(&"x".repeat(MAX_ID + 1), WELDER),
        job("", WELDER),
        job("empty", " \n "),
        job("long", &"Weld pipes.\n".repeat(8000)),
        titled(" "),
        titled("two\nlines"),
        titled(&"x".repeat(MAX_TITLE + 1)),
        NewJob {
            id: None,
            ..titled("Master welder")
        },
        job("twice", NURSE),
        job("twice", BAKER),
    ];
    let outcomes = catalogue.add(None, jobs).await.unwrap();
    let wrong: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Err(Error::InvalidInput { path, .. }) => *path,
            Err(error) => panic!("{error}"),
            Ok(_) => "",
        })
        .collect();
    assert_eq!(
        wrong,
        ["id", "id", "id", "text", "text", "title", "title", "title", "", "", ""]
    );
    let titled = outcomes[8].as_ref().unwrap();
    assert_eq!(titled.text, format!("Master welder\n\n{}", WELDER.trim()));
    assert!(is_id(&titled.id), "{}", titled.id);
    assert_eq!(
        outcomes[9].as_ref().unwrap().title,
        "Baker",
        "the last job with an id replaces the others"
    );
    assert_eq!(catalogue.count().await.unwrap(), 2);
    catalogue.close().await;
}

#[tokio::test]
async fn every_process_sees_the_changes_of_another() {
    let store = store().await;
    let one = open(&store);
    add(&one, vec![job("w", WELDER), job("n", NURSE)]).await;
    let other = open(&store);
    assert_eq!(other.count().await.unwrap(), 2);
    add(&one, vec![job("b", BAKER)]).await;
    other.remove(None, "w").await.unwrap();
    add(&other, vec![job("n", "Night baker\n\nRequirements\n- Knead dough\n")]).await;
    one.refresh().await.unwrap();
    for catalogue in [&one, &other] {
        let page = catalogue.list(10, None).await.unwrap();
        let ids: Vec<&str> = page.jobs.iter().map(|job| &*job.id).collect();
        assert_eq!(ids, ["b", "n"]);
        assert_eq!(found(catalogue, "dough").await[0], "n");
        assert!(
            catalogue
                .search("ann", "patients")
                .await
                .unwrap()
                .iter()
                .all(|hit| hit.words == 0.0)
        );
    }
    // A removal that is no longer recorded.
    one.remove(None, "b").await.unwrap();
    let forget = "{ DELETE job_removed RETURN NONE; UPDATE catalogue:state SET forgotten = version RETURN NONE; }";
    records::run(&store, forget).await.unwrap();
    other.refresh().await.unwrap();
    assert_eq!(other.count().await.unwrap(), 1);
    // Without an explicit refresh, too.
    one.remove(None, "n").await.unwrap();
    let mut attempts = 0;
    while other.count().await.unwrap() > 0 {
        attempts += 1;
        assert!(attempts < 3_000, "the removal was not synchronized in time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    one.close().await;
    other.close().await;
    assert_eq!(
        Arc::strong_count(&store),
        1,
        "a closed catalogue must not hold the store"
    );
}

#[tokio::test]
async fn pages_of_entries_are_complete_and_disjoint() {
    let store = store().await;
    let catalogue = open(&store);
    let jobs = (0..7).map(|n| job(&format!("j{n}"), BAKER)).collect();
    add(&catalogue, jobs).await;
    let (mut ids, mut last) = (Vec::new(), None::<Arc<str>>);
    loop {
        let page = records::entries(&store, last.as_deref(), 3).await.unwrap();
        assert!(page.len() <= 3);
        ids.extend(page.iter().map(|entry| entry.id.to_string()));
        let Some(entry) = page.last() else { break };
        last = Some(Arc::clone(&entry.id));
    }
    assert_eq!(ids, (0..7).map(|n| format!("j{n}")).collect::<Vec<_>>());
    catalogue.close().await;
}

#[tokio::test]
async fn embeddings_of_another_encoder_are_recomputed() {
    let store = store().await;
    let catalogue = open(&store);
    add(&catalogue, vec![job("w", WELDER), job("n", NURSE)]).await;
    let before = records::whole_jobs(&store, &["n"]).await.unwrap().1;
    catalogue.close().await;
    let spoil = "{ UPDATE job_entry SET maker = 'older', vector = <bytes>'' RETURN NONE;
        UPDATE job_vectors SET digest = <bytes>'', halves = <bytes>'' RETURN NONE; }";
    records::run(&store, spoil).await.unwrap();
    let catalogue = open(&store);
    // Words are found immediately, and a job can be ranked before it is encoded again.
    assert_eq!(found(&catalogue, "drawings").await[0], "w");
    let mut attempts = 0;
    while found(&catalogue, "hospital ward")
        .await
        .first()
        .is_none_or(|first| first != "n")
    {
        attempts += 1;
        assert!(attempts < 3_000, "the job was not encoded again in time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(records::whole_jobs(&store, &["n"]).await.unwrap().1, before);
    assert_eq!(catalogue.find("n").await.unwrap().unwrap().text, NURSE.trim());
    catalogue.close().await;
}

#[tokio::test]
async fn candidates_have_the_embeddings_of_their_sentences() {
    let store = store().await;
    let catalogue = open(&store);
    add(&catalogue, vec![job("w", WELDER), job("n", NURSE)]).await;
    let (inference, _) = &*MODELS;
    let check = async |candidates: &[Arc<Candidate>]| {
        assert_eq!(candidates.len(), 2);
        for candidate in candidates {
            let exact = inference.embed("ann", candidate.job.texts().to_vec()).await.unwrap();
            assert_eq!(candidate.vectors.len(), exact.len());
            for (stored, exact) in candidate.vectors.iter().zip(&exact) {
                assert!((stored.cosine(exact) - 1.0).abs() < 5e-4);
            }
        }
    };
    let hits = catalogue.search("ann", "welder or nurse").await.unwrap();
    let first = catalogue.candidates("ann", &hits).await.unwrap();
    check(&first).await;
    assert_eq!(
        first.iter().map(|one| &one.stored.id).collect::<Vec<_>>(),
        hits.iter().map(|hit| &hit.id).collect::<Vec<_>>()
    );
    let again = catalogue.candidates("ann", &hits).await.unwrap();
    assert!(
        first.iter().zip(&again).all(|(one, other)| Arc::ptr_eq(one, other)),
        "candidates are cached"
    );
    // Sentences of another encoder, and a job that no longer exists.
    let spoil = "UPDATE job_vectors SET digest = <bytes>'' RETURN NONE";
    records::run(&store, spoil).await.unwrap();
    let fresh = open(&store);
    check(&fresh.candidates("ann", &hits).await.unwrap()).await;
    fresh.remove(None, "w").await.unwrap();
    let fresh = open(&store);
    let left = fresh.candidates("ann", &hits).await.unwrap();
    assert_eq!(left.iter().map(|one| &*one.stored.id).collect::<Vec<_>>(), ["n"]);
    fresh.close().await;
    catalogue.close().await;
}
