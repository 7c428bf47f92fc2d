//! Opening folders of models, shipped and invalid. `reload` tests what changes while they are served.

use super::*;

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
