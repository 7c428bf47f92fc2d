//! Reloading the models folder while serving. `tests/it` tests the signal that requests it.

use std::path::PathBuf;

use super::*;

/// A tabular model trained with scikit-learn; see `scripts/outside_models.py`.
const IRIS: &str = "sklearn-relu";

/// Copies the model into a folder of this name, with this version.
fn put(models: &tempfile::TempDir, folder: &str, version: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/models")
        .join(IRIS);
    let to = models.path().join(folder);
    std::fs::create_dir_all(&to).unwrap();
    std::fs::copy(from.join("model.safetensors"), to.join("model.safetensors")).unwrap();
    let card = std::fs::read_to_string(from.join("model.toml")).unwrap();
    let card = card.replace("version = \"1\"", &format!("version = \"{version}\""));
    std::fs::write(to.join("model.toml"), card).unwrap();
    to
}

async fn answers(inference: &Inference, model: &str) -> Option<String> {
    let row = Instance::Features(vec![5.1, 3.5, 1.4, 0.2]);
    match inference.predict("ann", model, vec![row], 1).await {
        Ok((card, predictions)) => {
            assert_eq!(predictions[0].scores[0].0, "setosa");
            Some(card.id())
        }
        Err(InferenceError::ModelNotFound { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

fn id(version: &str) -> String {
    format!("{IRIS}@{version}")
}

#[tokio::test]
async fn added_changed_and_removed_models_are_reported_and_served() {
    let models = copied_models();
    let inference = open(&models).unwrap();
    assert_eq!(inference.reload().unwrap(), ReloadReport::default());
    assert_eq!(answers(&inference, IRIS).await, None);

    put(&models, "iris", "1");
    let next = put(&models, ".next", "1.1");
    let reloaded = inference.reload().unwrap();
    assert_eq!((reloaded.added, reloaded.refused), (vec![id("1")], vec![]));
    assert_eq!(answers(&inference, IRIS).await, Some(id("1")));

    // Folders whose name begins with a dot are ignored; a renamed one is loaded.
    std::fs::rename(next, models.path().join("iris@1.1")).unwrap();
    edit(&models, "iris", "description = \"\"", "description = \"changed\"");
    let reloaded = inference.reload().unwrap();
    assert_eq!((reloaded.added, reloaded.replaced), (vec![id("1.1")], vec![id("1")]));
    assert_eq!(answers(&inference, IRIS).await, Some(id("1.1")));
    assert_eq!(answers(&inference, &id("1")).await, Some(id("1")));

    std::fs::remove_dir_all(models.path().join("iris@1.1")).unwrap();
    let reloaded = inference.reload().unwrap();
    assert_eq!(reloaded.removed, [id("1.1")]);
    assert_eq!(answers(&inference, IRIS).await, Some(id("1")));
    assert_eq!(answers(&inference, &id("1.1")).await, None);
    assert_eq!(inference.ready(), Ok(()));
}

#[tokio::test]
async fn a_folder_that_becomes_invalid_keeps_its_model() {
    let models = copied_models();
    let folder = put(&models, "iris", "1");
    let inference = open(&models).unwrap();

    // An incomplete copy: a new card with truncated weights.
    put(&models, "iris", "2");
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    std::fs::write(folder.join("model.safetensors"), &weights[..100]).unwrap();
    for _ in 0..2 {
        let reloaded = inference.reload().unwrap();
        assert_eq!((&reloaded.added, &reloaded.removed), (&vec![], &vec![]));
        let [refused] = &reloaded.refused[..] else {
            panic!("{reloaded:?}");
        };
        assert_eq!((&refused.folder, &refused.kept), (&folder, &Some(id("1"))));
        assert!(refused.reason.contains("SHA-256"), "{}", refused.reason);
        assert_eq!(answers(&inference, IRIS).await, Some(id("1")));
        assert_eq!(inference.ready(), Ok(()), "every folder serves a model");
    }
    // A new process has no previous model to keep.
    assert!(open(&models).unwrap().ready().unwrap_err().contains("SHA-256"));

    std::fs::write(folder.join("model.safetensors"), weights).unwrap();
    let reloaded = inference.reload().unwrap();
    assert_eq!((reloaded.added, reloaded.removed), (vec![id("2")], vec![id("1")]));
    assert_eq!(answers(&inference, IRIS).await, Some(id("2")));

    // A new folder has no previous model either.
    let other = put(&models, "other", "3");
    std::fs::write(other.join("model.toml"), "name = ").unwrap();
    assert_eq!(inference.reload().unwrap().refused[0].kept, None);
    let reason = inference.ready().unwrap_err();
    assert!(reason.contains("other") && reason.contains("model.toml"), "{reason}");
    assert_eq!(answers(&inference, IRIS).await, Some(id("2")));
}

#[tokio::test]
async fn a_moved_model_is_not_served_twice() {
    let models = copied_models();
    let folder = put(&models, "iris", "1");
    let inference = open(&models).unwrap();
    put(&models, "elsewhere", "1");
    std::fs::write(folder.join("model.toml"), "").unwrap();
    let reloaded = inference.reload().unwrap();
    assert_eq!(reloaded.refused[0].kept, None);
    let served = inference.models().iter().filter(|card| card.name == IRIS).count();
    assert_eq!(served, 1);
}

#[tokio::test]
async fn the_encoder_is_not_reloaded() {
    let models = copied_models();
    let inference = open(&models).unwrap();
    let before = inference.embed("ann", texts(&["Bakes bread."])).await.unwrap();
    edit(&models, "minilm", "version = \"1\"", "version = \"2\"");
    let refused = inference.reload().unwrap().refused;
    assert_eq!(refused[0].kept.as_deref(), Some("minilm@1"));
    assert!(refused[0].reason.contains("restart"), "{}", refused[0].reason);
    std::fs::remove_dir_all(models.path().join("minilm")).unwrap();
    assert_eq!(inference.reload().unwrap(), ReloadReport::default());
    assert_eq!(inference.embed("ann", texts(&["Bakes bread."])).await.unwrap(), before);
    std::fs::remove_dir_all(models.path()).unwrap();
    assert!(inference.reload().is_err());
    assert!(
        inference
            .predict("ann", "occupation", text("Bakes bread."), 1)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn running_calls_finish_with_their_model() {
    let models = copied_models();
    put(&models, "iris", "1");
    let inference = open(&models).unwrap();
    let long: Vec<_> = (0..60)
        .map(|i| Instance::Text(format!("Bakes bread of kind {i}.")))
        .collect();
    let call = tokio::spawn({
        let inference = inference.clone();
        async move { inference.predict("ann", "occupation", long, 1).await }
    });
    while inference.usage().waiting == 0 {
        tokio::task::yield_now().await;
    }
    std::fs::remove_dir_all(models.path().join("occupation")).unwrap();
    assert_eq!(inference.reload().unwrap().removed, [shipped().id()]);
    let (card, predictions) = call.await.unwrap().unwrap();
    assert_eq!((card.id(), predictions.len()), (shipped().id(), 60));
    let error = inference.predict("ann", "occupation", text("x"), 1).await.unwrap_err();
    assert!(matches!(error, InferenceError::ModelNotFound { .. }), "{error}");
}
