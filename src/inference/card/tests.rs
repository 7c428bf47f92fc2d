//! The architecture; the rest of a card is tested where models are loaded, in `inference::tests`.

use super::*;

fn shipped(model: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(model)
}

/// The error of a shipped card with this text in the place of that.
fn refusal(model: &str, from: &str, to: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let card = std::fs::read_to_string(shipped(model).join(FILE)).unwrap();
    assert!(card.contains(from), "{card}");
    std::fs::write(folder.path().join(FILE), card.replacen(from, to, 1)).unwrap();
    ModelCard::read(folder.path()).unwrap_err().to_string()
}

#[test]
fn an_unknown_architecture_is_refused_with_those_that_are_supported() {
    let error = refusal("occupation", "architecture = \"mlp\"", "architecture = \"bert\"");
    assert!(
        error.contains("model.toml: unsupported architecture \"bert\"; supported: minilm, mlp"),
        "{error}"
    );
    let error = refusal("occupation", "architecture = \"mlp\"", "architecture = \"minilm\"");
    assert!(
        error.contains("architecture minilm does not support task text-classification; supported: embedding"),
        "{error}"
    );
}

#[test]
fn a_confusion_matrix_and_ranges_must_fit_the_labels_and_the_features() {
    for (from, to, message) in [
        (
            "    [0, 72],\n",
            "",
            "[confusion] needs as many rows and columns as there are labels",
        ),
        (
            "[0, 72]",
            "[0, 72, 1]",
            "[confusion] needs as many rows and columns as there are labels",
        ),
        (
            "minimum = [7.691, ",
            "minimum = [",
            "minimum, maximum and mean of [ranges] need 30 numbers each",
        ),
        ("minimum = [7.691, ", "minimum = [99.0, ", "minimum <= mean <= maximum"),
        (
            "maximum = [28.11, ",
            "maximum = [inf, ",
            "[ranges] needs finite numbers",
        ),
    ] {
        let error = refusal("breast-cancer", from, to);
        assert!(error.contains(message), "{error}");
    }
    let ranges = "[ranges]\nminimum = []\nmaximum = []\nmean = []\n\n[metrics]";
    let error = refusal("occupation", "[metrics]", ranges);
    assert!(error.contains("[ranges] is for tabular models"), "{error}");
}

#[test]
fn the_cards_of_classifiers_are_written_as_they_are_read() {
    for model in ["breast-cancer", "occupation"] {
        let card = ModelCard::read(&shipped(model)).unwrap();
        let written = toml::to_string(&card).unwrap();
        assert_eq!(toml::from_str::<ModelCard>(&written).unwrap(), card);
    }
}

#[test]
fn a_card_is_written_as_it_is_read() {
    let card = ModelCard::read(&shipped("minilm")).unwrap();
    let written = toml::to_string(&card).unwrap();
    assert!(written.contains("architecture = \"minilm\""), "{written}");
    assert_eq!(toml::from_str::<ModelCard>(&written).unwrap(), card);
}
