//! The service on the shipped models: results, refusals and concurrent callers. The network itself is tested in
//! `kernels` and `minilm`.

mod reload;

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use super::minilm::tests::{Golden, cosine, golden};
use super::*;

/// One service for tests that only query it; a multi-threaded runtime would hide blocking calls.
static SHARED: LazyLock<Inference> = LazyLock::new(|| Inference::open(&settings()).unwrap());

fn settings() -> Settings {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    Settings {
        models_dir: Some(models),
        threads: 2,
        // No test depends on time: a busy machine is only slow.
        deadline: Duration::from_secs(600),
        ..Settings::default()
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn text(text: &str) -> Vec<Instance> {
    vec![Instance::Text(text.to_owned())]
}

/// The card of the text classifier.
fn shipped() -> Arc<ModelCard> {
    let mut cards = SHARED.models().into_iter();
    cards.find(|card| card.name == "occupation").unwrap()
}

#[tokio::test]
async fn embeddings_equal_those_of_the_published_model() {
    let Golden { texts, embeddings, .. } = golden();
    let found = SHARED.embed("ann", texts).await.unwrap();
    assert_eq!(found.len(), embeddings.len());
    for (found, expected) in found.iter().zip(&embeddings) {
        assert!(cosine(found, expected) >= 0.9999);
        assert!((found.cosine(found) - 1.0).abs() < 1e-5);
    }
}

#[tokio::test]
async fn the_reference_gives_the_same_embeddings() {
    let reference = Inference::open(&Settings {
        compute: Compute::Reference(Device::Cpu),
        ..settings()
    });
    let asked = texts(&[
        "Repairs engines.",
        "",
        "\u{6771}\u{4eac} \u{1f680}",
        "Repairs engines and trains apprentices.",
    ]);
    let mut asked: Vec<Text> = asked.into_iter().map(Text::from).collect();
    asked.insert(1, Text::new("Repairs engines.", Role::Title));
    asked.push(Text::new("Mechanic", Role::Title));
    let expected = reference.unwrap().embed("ann", asked.clone()).await.unwrap();
    for (found, expected) in SHARED.embed("ann", asked).await.unwrap().iter().zip(&expected) {
        assert!(found.iter().zip(expected.iter()).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

#[tokio::test]
async fn similarity_follows_meaning_not_words() {
    let asked = texts(&[
        "We are looking for a nurse for our intensive care unit.",
        "Cared for critically ill patients at the hospital.",
        "Wrote compilers and database engines.",
    ]);
    let found = SHARED.embed("ann", asked).await.unwrap();
    assert!(found[0].cosine(&found[1]) > found[0].cosine(&found[2]) + 0.2);
}

#[tokio::test]
async fn a_title_is_similar_to_other_titles_of_its_occupation() {
    let inference = Inference::open(&settings()).unwrap();
    let asked = ["Barista", "Coffee maker", "Barrister"];
    let titles = asked.map(|title| Text::new(title, Role::Title)).to_vec();
    let read_as_titles = inference.embed("ann", titles.clone()).await.unwrap();
    let read_as_sentences = inference.embed("ann", texts(&asked)).await.unwrap();
    let lead = |found: &[Embedding]| found[0].cosine(&found[1]) - found[0].cosine(&found[2]);
    assert!(lead(&read_as_titles) > lead(&read_as_sentences) + 0.05);
    assert_eq!(inference.usage().cache_misses, 6, "neither answers for the other");
    assert_eq!(inference.embed("ann", titles).await.unwrap(), read_as_titles);
    assert_eq!(inference.usage().cache_hits, 3);
}

#[tokio::test]
async fn an_encoder_without_layers_for_a_role_encodes_it_as_a_sentence() {
    let models = copied_models();
    let card = models.path().join("minilm/model.toml");
    let text = std::fs::read_to_string(&card).unwrap();
    let (before, endings) = text.split_once("\n[titles]\n").unwrap();
    assert_eq!(endings.matches('[').count(), 1, "only [evidence] follows");
    std::fs::write(&card, before).unwrap();
    let inference = open(&models).unwrap();
    for role in [Role::Title, Role::Evidence] {
        let text = vec![Text::new("lorry driver", role)];
        let found = inference.embed("ann", text.clone()).await.unwrap();
        assert_eq!(found, SHARED.embed("ann", texts(&["lorry driver"])).await.unwrap());
        assert_ne!(found, SHARED.embed("ann", text).await.unwrap());
    }
}

#[tokio::test]
async fn a_repeated_text_is_encoded_once() {
    let inference = Inference::open(&settings()).unwrap();
    let asked = texts(&["plumber", "roofer", "plumber"]);
    let first = inference.embed("ann", asked.clone()).await.unwrap();
    assert_eq!((inference.usage().cache_hits, inference.usage().cache_misses), (0, 2));
    let again = inference.embed("bob", asked).await.unwrap();
    assert_eq!((inference.usage().cache_hits, inference.usage().cache_misses), (3, 2));
    assert_eq!(first, again);
    assert_eq!(first[0], first[2]);
    assert_ne!(first[0], first[1]);
    assert_eq!(inference.usage().waiting, 0);
}

#[tokio::test]
async fn no_texts_give_no_embeddings() {
    assert!(SHARED.embed("ann", Vec::<String>::new()).await.unwrap().is_empty());
    let (card, predictions) = SHARED.predict("ann", "occupation", Vec::new(), 3).await.unwrap();
    assert_eq!(card.name, "occupation");
    assert!(predictions.is_empty());
}

#[tokio::test]
async fn a_text_that_is_too_long_is_named_by_its_index() {
    let long = "word ".repeat(300);
    let error = SHARED
        .embed("ann", texts(&["short", "short", "shorter", &long]))
        .await
        .unwrap_err();
    let InferenceError::BadInput { index, reason } = error else {
        panic!("{error}");
    };
    assert_eq!(index, 3);
    assert!(reason.contains("256"), "{reason}");
    assert!(!reason.contains("word word"), "{reason}");
    // Again, once `predict` has put the beginning of the text in the cache.
    SHARED.predict("ann", "occupation", text(&long), 1).await.unwrap();
    let error = SHARED.embed("ann", texts(&["short", &long])).await.unwrap_err();
    assert!(matches!(error, InferenceError::BadInput { index: 1, .. }), "{error}");
}

#[tokio::test]
async fn windows_of_a_long_text_can_be_embedded() {
    let long = "Maintains heating systems, reads blueprints and trains apprentices. ".repeat(100);
    assert!(SHARED.tokens(&long) > 4 * MAX_PIECES);
    let windows = SHARED.windows(&long).unwrap();
    let parts: Vec<_> = windows.into_iter().map(|window| long[window].to_owned()).collect();
    assert!(parts.iter().all(|part| SHARED.tokens(part) <= MAX_PIECES));
    assert_eq!(SHARED.embed("ann", parts.clone()).await.unwrap().len(), parts.len());
}

#[tokio::test]
async fn predicts_the_occupation_of_a_text() {
    let asked = [
        (
            "Administer medication to patients and record their vital signs.",
            "Healthcare Practitioners and Technical",
        ),
        (
            "Write and debug software in Rust and Python.",
            "Computer and Mathematical",
        ),
        (
            "Teach mathematics to secondary school pupils.",
            "Educational Instruction and Library",
        ),
        (
            "Cook meals and prepare salads in a restaurant kitchen.",
            "Food Preparation and Serving Related",
        ),
    ];
    let inputs = asked
        .iter()
        .map(|(text, _)| Instance::Text((*text).to_owned()))
        .collect();
    let (card, predictions) = SHARED.predict("ann", "occupation", inputs, 3).await.unwrap();
    assert_eq!(card.labels.len(), 22);
    for ((text, label), prediction) in asked.iter().zip(&predictions) {
        assert_eq!(prediction.scores[0].0, *label, "{text}");
        assert_eq!(prediction.scores.len(), 3);
        assert!(prediction.scores.is_sorted_by(|(_, a), (_, b)| a >= b));
        assert!(!prediction.truncated);
    }
}

#[tokio::test]
async fn probabilities_sum_to_one_and_top_k_is_limited() {
    let (_, predictions) = SHARED
        .predict("ann", "occupation", text("Drives a bus."), usize::MAX)
        .await
        .unwrap();
    assert_eq!(predictions[0].scores.len(), 22);
    let sum: f32 = predictions[0].scores.iter().map(|(_, score)| score).sum();
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    let (_, predictions) = SHARED
        .predict("ann", &shipped().id(), text("Drives a bus."), 0)
        .await
        .unwrap();
    assert_eq!(predictions[0].scores.len(), 1);
}

#[tokio::test]
async fn a_long_text_is_truncated_and_marked() {
    let long = "Drives a bus along a fixed route. ".repeat(40_000);
    assert!(long.len() > 1 << 20);
    let inputs = [text(&long), text("Drives a bus."), text("\0\u{1f680}")].concat();
    let (_, predictions) = SHARED.predict("ann", "occupation", inputs, 1).await.unwrap();
    assert_eq!(
        predictions.iter().map(|p| p.truncated).collect::<Vec<_>>(),
        [true, false, false]
    );
    let beginning = &long[SHARED.windows(&long[..4000]).unwrap()[0].clone()];
    let (_, expected) = SHARED.predict("ann", "occupation", text(beginning), 1).await.unwrap();
    assert!(!expected[0].truncated);
    assert_eq!(predictions[0].scores[0].0, expected[0].scores[0].0);
    assert!((predictions[0].scores[0].1 - expected[0].scores[0].1).abs() < 1e-5);
}

#[tokio::test]
async fn unknown_models_and_wrong_inputs_are_named() {
    let error = SHARED.predict("ann", "nonsense", text("x"), 1).await.unwrap_err();
    let expected = format!(
        "no model named nonsense; there are: breast-cancer@1, {}",
        shipped().id()
    );
    assert_eq!(error.to_string(), expected);
    let error = SHARED.predict("ann", "occupation@7", text("x"), 1).await.unwrap_err();
    assert!(matches!(error, InferenceError::ModelNotFound { .. }), "{error}");
    let inputs = [text("Drives a bus."), vec![Instance::Features(vec![1.0])]].concat();
    let error = SHARED.predict("ann", "occupation", inputs, 1).await.unwrap_err();
    assert_eq!(error.to_string(), "input 1: model occupation takes text, not features");
    let error = SHARED.predict("ann", "occupation", text(" \n"), 1).await.unwrap_err();
    assert_eq!(error.to_string(), "input 0: the text is empty");
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_recovers() {
    let inference = Inference::open(&Settings {
        queue: 40,
        ..settings()
    })
    .unwrap();
    let many = |from: usize, count: usize| (from..from + count).map(|i| format!("text {i}")).collect::<Vec<_>>();
    assert_eq!(
        inference.embed("ann", many(0, 41)).await.unwrap_err(),
        InferenceError::Overloaded
    );
    let calls: Vec<_> = (0..8)
        .map(|i| {
            tokio::spawn({
                let inference = inference.clone();
                let texts = many(100 * i, 30);
                async move { inference.embed("ann", texts).await }
            })
        })
        .collect();
    let mut refused = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(embeddings) => assert_eq!(embeddings.len(), 30),
            Err(error) => {
                assert_eq!(error, InferenceError::Overloaded);
                refused += 1;
            }
        }
    }
    assert!((1..8).contains(&refused), "{refused}");
    assert_eq!(inference.embed("ann", many(5000, 40)).await.unwrap().len(), 40);
    assert_eq!(inference.usage().waiting, 0);
}

#[tokio::test]
async fn a_call_past_its_deadline_times_out_and_is_dropped() {
    let inference = Inference::open(&Settings {
        deadline: Duration::from_millis(1),
        ..settings()
    })
    .unwrap();
    let many: Vec<_> = (0..2000)
        .map(|i| format!("a text that takes its time, number {i}"))
        .collect();
    assert_eq!(
        inference.embed("ann", many).await.unwrap_err(),
        InferenceError::DeadlineExceeded
    );
    while inference.usage().waiting > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_small_call_preempts_the_running_batch() {
    // The large call is a single batch.
    let inference = Inference::open(&Settings {
        batch_pieces: usize::MAX,
        ..settings()
    })
    .unwrap();
    let many: Vec<_> = (0..100)
        .map(|i| format!("one of very many texts of a large job, number {i}"))
        .collect();
    let large = tokio::spawn({
        let inference = inference.clone();
        async move { inference.embed("ann", many).await }
    });
    while inference.usage().waiting == 0 {
        tokio::task::yield_now().await;
    }
    inference.embed("bob", texts(&["a short question"])).await.unwrap();
    assert!(!large.is_finished());
    assert_eq!(inference.usage().waiting, 100);
    assert_eq!(large.await.unwrap().unwrap().len(), 100);
}

#[tokio::test]
async fn large_requests_of_two_callers_alternate() {
    let inference = Inference::open(&settings()).unwrap();
    let texts = |name: &str, count: usize| -> Vec<_> {
        (0..count)
            .map(|i| format!("text {i} of the large job of {name}, one of {count}"))
            .collect()
    };
    let [larger, large] = [("ann", 120), ("bob", 12)].map(|(name, count)| {
        let (inference, texts) = (inference.clone(), texts(name, count));
        tokio::spawn(async move { inference.embed(name, texts).await })
    });
    assert_eq!(large.await.unwrap().unwrap().len(), 12);
    assert!(!larger.is_finished());
    assert_eq!(larger.await.unwrap().unwrap().len(), 120);
}

#[test]
fn dropping_the_service_ends_its_threads() {
    let inference = Inference::open(&settings()).unwrap();
    let weak = Arc::downgrade(&inference.inner);
    drop(inference);
    assert!(weak.upgrade().is_none());
}

/// A copy of the shipped models that a test may modify.
fn copied_models() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for name in ["minilm", "occupation"] {
        let to = copy.path().join(name);
        std::fs::create_dir(&to).unwrap();
        for entry in std::fs::read_dir(from.join(name)).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    copy
}

fn open(models: &tempfile::TempDir) -> Result<Inference, OpenError> {
    Inference::open(&Settings {
        models_dir: Some(models.path().to_owned()),
        ..settings()
    })
}

/// Edits the card of a model as text.
fn edit(models: &tempfile::TempDir, model: &str, from: &str, to: &str) {
    let path = models.path().join(model).join("model.toml");
    let card = std::fs::read_to_string(&path).unwrap();
    assert!(card.contains(from), "{card}");
    std::fs::write(path, card.replacen(from, to, 1)).unwrap();
}

#[tokio::test]
async fn an_invalid_classifier_is_refused_and_the_others_are_served() {
    let models = copied_models();
    let broken = models.path().join("occupation");
    let weights = broken.join("model.safetensors");
    let good = std::fs::read(&weights).unwrap();
    let mut bad = good.clone();
    *bad.last_mut().unwrap() ^= 1;
    std::fs::write(&weights, bad).unwrap();
    let inference = open(&models).unwrap();
    let reason = inference.ready().unwrap_err();
    assert!(
        reason.contains("model.safetensors") && reason.contains("SHA-256"),
        "{reason}"
    );
    assert_eq!(inference.embed("ann", texts(&["still here"])).await.unwrap().len(), 1);
    let error = inference.predict("ann", "occupation", text("x"), 1).await.unwrap_err();
    assert!(matches!(error, InferenceError::ModelNotFound { .. }), "{error}");

    std::fs::write(&weights, good).unwrap();
    assert_eq!(open(&models).unwrap().ready(), Ok(()));
    edit(&models, "occupation", "labels = [", "labels = [\"one too many\",");
    let reason = open(&models).unwrap().ready().unwrap_err();
    assert!(
        reason.contains("as many rows and columns as there are labels"),
        "{reason}"
    );
    let card = broken.join("model.toml");
    let mut table: toml::Table = std::fs::read_to_string(&card).unwrap().parse().unwrap();
    table.remove("confusion").unwrap();
    std::fs::write(&card, toml::to_string(&table).unwrap()).unwrap();
    let reason = open(&models).unwrap().ready().unwrap_err();
    assert!(reason.contains("22 numbers, but there are 23 labels"), "{reason}");
    edit(&models, "occupation", "version =", "colour = \"blue\"\nversion =");
    let reason = open(&models).unwrap().ready().unwrap_err();
    assert!(reason.contains("model.toml") && reason.contains("colour"), "{reason}");
}

#[tokio::test]
async fn several_versions_are_served_and_the_name_alone_is_the_newest() {
    let models = copied_models();
    let newer = models.path().join("occupation-next");
    std::fs::create_dir(&newer).unwrap();
    for entry in std::fs::read_dir(models.path().join("occupation")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), newer.join(entry.file_name())).unwrap();
    }
    let reason = open(&models).unwrap().ready().unwrap_err();
    assert!(
        reason.contains(&format!("another model {}", shipped().id())),
        "{reason}"
    );
    let (old, new) = (shipped().version.clone(), format!("{}.1", shipped().version));
    edit(
        &models,
        "occupation-next",
        &format!("version = \"{old}\""),
        &format!("version = \"{new}\""),
    );
    let inference = open(&models).unwrap();
    assert_eq!(inference.ready(), Ok(()));
    let exactly = |version: &str| format!("occupation@{version}");
    for (name, version) in [
        ("occupation".to_owned(), &new),
        (exactly(&old), &old),
        (exactly(&new), &new),
    ] {
        let (card, _) = inference.predict("ann", &name, text("Drives a bus."), 1).await.unwrap();
        assert_eq!(&card.version, version, "{name}");
    }
}

#[test]
fn a_missing_encoder_stops_the_start() {
    let models = copied_models();
    let weights = models.path().join("minilm/model.safetensors");
    std::fs::write(&weights, b"not these").unwrap();
    let error = open(&models).err().unwrap().to_string();
    assert!(
        error.contains("model.safetensors") && error.contains("SHA-256"),
        "{error}"
    );
    std::fs::remove_dir_all(models.path().join("minilm")).unwrap();
    let error = open(&models).err().unwrap();
    assert!(matches!(error, OpenError::NoEncoder { .. }), "{error}");
}

#[test]
fn the_cards_describe_the_served_models() {
    assert_eq!(SHARED.ready(), Ok(()));
    let cards = SHARED.models();
    assert_eq!(cards[0].task, Task::Embedding);
    for card in cards {
        assert_eq!(card.digest().len(), "sha256:".len() + 64);
        assert!(!card.licence.is_empty() && !card.source.is_empty(), "{}", card.name);
    }
}
