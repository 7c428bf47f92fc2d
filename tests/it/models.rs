//! Models trained with other libraries, several versions of a model, and reloading the folder. Invalid model files are
//! tested in `inference`.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portcullis::app::Models;
use portcullis::config::{self, Config};
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestApp};
use crate::process::{Server, portcullis, run};

const PREDICT: &str = "query($input: PredictInput!) { predict(input: $input) {
    model { name version task inputSize labels features } predictions { label score scores { label score } } } }";

fn trained_elsewhere() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/models")
}

/// A folder with links to the shipped models, to which a test may add others.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/models")).unwrap() {
        let entry = entry.unwrap();
        symlink(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

/// Copies one of the models in `tests/data/models`, with a version.
fn put(folder: &Path, model: &str, version: &str) -> PathBuf {
    let to = folder.join(format!("{model}@{version}"));
    std::fs::create_dir_all(&to).unwrap();
    for file in ["model.safetensors", "model.toml"] {
        std::fs::copy(trained_elsewhere().join(model).join(file), to.join(file)).unwrap();
    }
    let card = std::fs::read_to_string(to.join("model.toml")).unwrap();
    let card = card.replace("version = \"1\"", &format!("version = \"{version}\""));
    std::fs::write(to.join("model.toml"), card).unwrap();
    to
}

/// A row, and the probabilities that the model's own library computed for it.
struct Expected {
    features: Value,
    probabilities: Vec<f64>,
}

fn expected(model: &str) -> Vec<Expected> {
    let lines = std::fs::read_to_string(trained_elsewhere().join(model).join("expected.jsonl")).unwrap();
    let rows = lines.lines().map(|line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let probabilities = row["probabilities"].as_array().unwrap().iter();
        Expected {
            features: row["features"].clone(),
            probabilities: probabilities.map(|p| p.as_f64().unwrap()).collect(),
        }
    });
    rows.collect()
}

#[tokio::test]
async fn models_of_scikit_learn_and_pytorch_give_the_same_probabilities() {
    let folder = folder();
    let mut names: Vec<String> = std::fs::read_dir(trained_elsewhere())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    for name in &names {
        put(folder.path(), name, "1");
    }
    let models = Models::open(&Config {
        inference: config::Inference {
            models_dir: Some(folder.path().to_owned()),
            ..config::Inference::default()
        },
        ..Config::default()
    });
    let app = TestApp::with_models(Config::default(), models.unwrap()).await;
    assert_eq!(app.gateway.app().inference().ready(), Ok(()));
    let token = app.user("ann").await;
    for name in &names {
        let expected = expected(name);
        assert_eq!(expected.len(), 20);
        let inputs: Vec<_> = expected.iter().map(|row| json!({ "features": row.features })).collect();
        let input = json!({ "input": { "model": name, "topK": 9, "inputs": inputs } });
        let answer = app.query(Some(&token), PREDICT, input).await;
        assert_eq!(answer.codes(), [""; 0], "{name}: {}", answer.text);
        let model = answer.data("/predict/model");
        assert_eq!(model["task"], "TABULAR_CLASSIFICATION");
        assert_eq!(
            model["inputSize"],
            json!(expected[0].features.as_array().unwrap().len())
        );
        assert_eq!(
            model["features"].as_array().map(Vec::len),
            expected[0].features.as_array().map(Vec::len)
        );
        let labels = model["labels"].as_array().unwrap();
        let mut predicted = std::collections::HashSet::new();
        for (i, row) in expected.iter().enumerate() {
            let prediction = answer.data(&format!("/predict/predictions/{i}"));
            let scores = prediction["scores"].as_array().unwrap();
            assert_eq!(scores.len(), labels.len());
            for (label, p) in labels.iter().zip(&row.probabilities) {
                let found = scores.iter().find(|score| score["label"] == *label).unwrap();
                let found = found["score"].as_f64().unwrap();
                assert!((found - p).abs() < 1e-5, "{name}, row {i}, {label}: {found}, not {p}");
            }
            predicted.insert(prediction["label"].as_str().unwrap().to_owned());
        }
        assert_eq!(predicted.len(), labels.len(), "{name} predicts only {predicted:?}");
    }
}

fn ids(server: &Server, token: &str) -> Vec<String> {
    let answer = server.graphql(Some(token), "{ models { name version } }", &json!({}));
    let models = answer["data"]["models"].as_array().unwrap();
    let id = |model: &Value| {
        format!(
            "{}@{}",
            model["name"].as_str().unwrap(),
            model["version"].as_str().unwrap()
        )
    };
    models.iter().map(id).collect()
}

/// Waits until the condition is true.
fn wait_for(mut condition: impl FnMut() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "the models were not reloaded in time"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Stops the other thread, even if this one panics.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn sighup_reloads_the_models_without_a_failed_request() {
    let (data, folder) = (tempfile::tempdir().unwrap(), folder());
    put(folder.path(), "sklearn-relu", "1");
    let server = Server::start(
        portcullis(data.path())
            .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
            .env("PORTCULLIS_MODELS_DIR", folder.path()),
    );
    let token = server.login("admin", PASSWORD)["tokens"]["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let row = &expected("sklearn-relu")[0];
    let ask = |model: &str| {
        let input = json!({ "input": { "model": model, "topK": 9, "inputs": [{ "features": row.features }] } });
        server.graphql(Some(&token), PREDICT, &input)
    };
    let over = AtomicBool::new(false);
    let mut versions = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut versions = Vec::new();
            loop {
                let last = over.load(Ordering::Relaxed);
                let answer = ask("sklearn-relu");
                assert!(answer.get("errors").is_none(), "{answer}");
                let model = &answer["data"]["predict"]["model"];
                versions.push(model["version"].as_str().unwrap().to_owned());
                if last {
                    return versions;
                }
            }
        });
        let end = Over(&over);
        let has = |id: &str| ids(&server, &token).iter().any(|found| found == id);
        let newer = put(folder.path(), "sklearn-relu", "2");
        server.hang_up();
        wait_for(|| has("sklearn-relu@2"));
        assert_eq!(ask("sklearn-relu@1")["data"]["predict"]["model"]["version"], "1");

        // A model whose files are damaged keeps serving; other models of the same reload are added.
        std::fs::write(newer.join("model.safetensors"), "spoilt").unwrap();
        put(folder.path(), "torch-tanh", "7");
        server.hang_up();
        wait_for(|| has("torch-tanh@7"));
        assert!(has("sklearn-relu@2"));
        assert_eq!(server.get("/readyz").0, 200);

        // A folder whose model was never loaded makes the server not ready.
        let broken = put(folder.path(), "torch-tanh", "8");
        std::fs::write(broken.join("model.toml"), "name = 8").unwrap();
        std::fs::remove_dir_all(newer).unwrap();
        server.hang_up();
        wait_for(|| !has("sklearn-relu@2"));
        let (status, reason) = server.get("/readyz");
        assert_eq!(status, 503);
        assert!(
            reason.contains("torch-tanh@8") && reason.contains("model.toml"),
            "{reason}"
        );
        drop(end);
        asking.join().unwrap()
    });
    versions.dedup();
    assert_eq!(versions, ["1", "2", "1"]);
    let (_, log) = server.stop();
    for part in [
        "added=[\"sklearn-relu@2\"]",
        "removed=[\"sklearn-relu@2\"]",
        "serving=\"sklearn-relu@2\"",
    ] {
        assert!(log.contains(part), "{part} in {log}");
    }
}

#[test]
fn models_are_listed_and_verified() {
    let (data, folder) = (tempfile::tempdir().unwrap(), folder());
    put(folder.path(), "sklearn-relu", "1");
    let list = || {
        let listed = run(portcullis(data.path())
            .arg("models")
            .arg("--models-dir")
            .arg(folder.path()));
        (listed.status.code(), String::from_utf8(listed.stdout).unwrap())
    };
    let (code, table) = list();
    assert_eq!(code, Some(0), "{table}");
    let line = table.lines().find(|line| line.starts_with("sklearn-relu@1\t")).unwrap();
    assert!(line.contains("tabular-classification\tCC-BY-4.0\tsha256:"), "{line}");

    let broken = put(folder.path(), "sklearn-relu", "2");
    std::fs::write(broken.join("model.safetensors"), "spoilt").unwrap();
    let (code, table) = list();
    assert_eq!(code, Some(1));
    assert!(table.contains("sklearn-relu@1\t"), "{table}");
    let line = table.lines().find(|line| line.contains("\trefused\t")).unwrap();
    assert!(line.contains("sklearn-relu@2") && line.contains("SHA-256"), "{line}");
}

#[tokio::test]
async fn a_model_shows_its_description_its_confusion_matrix_and_its_ranges() {
    let app = TestApp::start().await;
    let query = "{ models { name description labels features metrics { name value } confusionMatrix { labels rows } \
                 featureRanges { name minimum maximum mean } } }";
    let models = app.query(None, query, json!({})).await.data("/models");
    let find = |name: &str| {
        models
            .as_array()
            .unwrap()
            .iter()
            .find(|model| model["name"] == name)
            .unwrap()
    };
    let metric = |model: &Value, name: &str| {
        let metrics = model["metrics"].as_array().unwrap();
        let metric = metrics.iter().find(|metric| metric["name"] == name);
        metric.unwrap()["value"].as_f64().unwrap()
    };
    for name in ["occupation", "breast-cancer"] {
        let model = find(name);
        let matrix = &model["confusionMatrix"];
        assert_eq!(matrix["labels"], model["labels"], "{name}");
        let rows: Vec<Vec<u64>> = serde_json::from_value(matrix["rows"].clone()).unwrap();
        let labels = model["labels"].as_array().unwrap().len();
        assert!(
            rows.len() == labels && rows.iter().all(|row| row.len() == labels),
            "{name}"
        );
        let total: u64 = rows.iter().flatten().sum();
        assert!(
            (total as f64 - metric(model, "test_examples")).abs() < 1e-9,
            "{name}: {total}"
        );
        let right: u64 = rows.iter().enumerate().map(|(n, row)| row[n]).sum();
        let accuracy = right as f64 / total as f64;
        assert!(
            (accuracy - metric(model, "accuracy")).abs() < 1e-4,
            "{name}: {accuracy}"
        );
    }
    let description = find("breast-cancer")["description"].as_str().unwrap();
    assert!(description.contains("not for medical use"), "{description}");
    let encoder = find("minilm");
    assert_eq!(
        (&encoder["confusionMatrix"], &encoder["featureRanges"]),
        (&json!(null), &json!([]))
    );
    assert_eq!(find("occupation")["featureRanges"], json!([]));
    let model = find("breast-cancer");
    let ranges = model["featureRanges"].as_array().unwrap();
    let names: Vec<&Value> = ranges.iter().map(|range| &range["name"]).collect();
    assert_eq!(names, model["features"].as_array().unwrap().iter().collect::<Vec<_>>());
    assert_eq!(ranges[0]["minimum"], 7.691);
    for range in ranges {
        let [minimum, maximum, mean] = ["minimum", "maximum", "mean"].map(|name| range[name].as_f64().unwrap());
        assert!(minimum < mean && mean < maximum, "{range}");
    }
}
