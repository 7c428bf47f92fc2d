//! `portcullis train` and `portcullis eval` with the smallest model. The accuracy of the models is in their cards.

use std::collections::BTreeMap;
use std::path::Path;

use crate::process::{portcullis, run};

fn figures(printed: &[u8]) -> BTreeMap<String, f64> {
    let printed = String::from_utf8(printed.to_vec()).unwrap();
    let figures = printed.lines().map(|line| {
        let (name, figure) = line.split_once('\t').unwrap();
        (name.to_owned(), figure.parse().unwrap())
    });
    figures.collect()
}

fn written(folder: &Path) -> BTreeMap<String, f64> {
    let card: toml::Table = std::fs::read_to_string(folder.join("model.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let metrics = card["metrics"].as_table().unwrap().iter();
    metrics
        .map(|(name, figure)| (name.clone(), figure.as_float().unwrap()))
        .collect()
}

#[test]
fn a_model_is_trained_and_evaluated_from_its_folder() {
    let (data, models) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = models.path().join("breast-cancer");
    std::fs::create_dir(&folder).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/breast-cancer");
    for file in ["wdbc.csv.zst", "model.toml"] {
        std::fs::copy(shipped.join(file), folder.join(file)).unwrap();
    }
    let ask = |arguments: &[&str]| {
        let mut command = portcullis(data.path());
        run(command.args(arguments).arg("--models-dir").arg(models.path()))
    };
    let trained = ask(&["train", "breast-cancer", "--seed", "7"]);
    let log = String::from_utf8(trained.stderr.clone()).unwrap();
    assert_eq!(trained.status.code(), Some(0), "{log}");
    for seed in 7..12 {
        assert!(
            log.contains(&format!("1/200 epochs (maximum), seed {seed}: loss ")),
            "{log}"
        );
    }
    assert!(!log.contains('\u{1b}') && !log.contains('\r'), "plain lines in a pipe");
    assert!(!log.contains("200/200"), "nothing stopped early: {log}");
    let first = figures(&trained.stdout);
    assert!(first["accuracy"] > 0.93, "{first:?}");
    assert!((first["test_examples"] - 115.0).abs() < 1e-9 && (first["seed"] - 7.0).abs() < 1e-9);
    assert!(first["gain_over_logistic_regression_low"] <= first["gain_over_logistic_regression_high"]);
    assert_eq!(first, written(&folder));
    for picture in ["learning-curve.svg", "confusion.svg"] {
        let svg = std::fs::read_to_string(folder.join(picture)).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("breast-cancer@"), "{picture}");
    }

    let evaluated = ask(&["eval", "breast-cancer"]);
    assert_eq!(evaluated.status.code(), Some(0), "{evaluated:?}");
    assert_eq!(figures(&evaluated.stdout), first, "the same model, the same rows");

    // The same seed gives the same weights, with the digest of the card.
    let card = std::fs::read_to_string(folder.join("model.toml")).unwrap();
    ask(&["train", "breast-cancer", "--seed", "7"]);
    assert_eq!(std::fs::read_to_string(folder.join("model.toml")).unwrap(), card);

    for (arguments, part) in [
        (["train", "nonsense"], "available: occupation, breast-cancer"),
        (["eval", "minilm"], "available: occupation, breast-cancer"),
        (["eval", "occupation"], "model.toml"),
    ] {
        let refused = ask(&arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let line = String::from_utf8(refused.stderr).unwrap();
        assert!(line.contains(part) && line.lines().count() == 1, "{line}");
    }
}

#[test]
fn an_evaluation_of_the_shipped_model_gives_its_card_and_its_picture() {
    let (data, models) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = models.path().join("breast-cancer");
    std::fs::create_dir(&folder).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/breast-cancer");
    for file in ["wdbc.csv.zst", "model.toml", "model.safetensors"] {
        std::fs::copy(shipped.join(file), folder.join(file)).unwrap();
    }
    let mut command = portcullis(data.path());
    let evaluated = run(command
        .args(["eval", "breast-cancer", "--models-dir"])
        .arg(models.path()));
    assert_eq!(evaluated.status.code(), Some(0), "{evaluated:?}");
    for file in ["model.toml", "confusion.svg"] {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(file)).unwrap();
        assert_eq!(read(&folder), read(&shipped), "{file}");
    }
    let card: toml::Table = std::fs::read_to_string(shipped.join("model.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let rows = card["confusion"]["rows"].as_array().unwrap();
    let counts = rows.iter().flat_map(|row| row.as_array().unwrap());
    let total: i64 = counts.map(|count| count.as_integer().unwrap()).sum();
    let examples = card["metrics"]["test_examples"].as_float().unwrap();
    assert!((total as f64 - examples).abs() < 1e-9, "{total} {examples}");
}
