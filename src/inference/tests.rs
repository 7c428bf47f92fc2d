//! The service on the shipped models: results and refusals. The network itself is tested in
//! `kernels` and `minilm`.

mod models;
mod queue;
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
        "no model named nonsense; available: breast-cancer@1, {}",
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
