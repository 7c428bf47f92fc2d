//! `breast-cancer`: classifies thirty measurements of cell nuclei of a biopsy as malignant or benign. An example of a
//! tabular classifier; not for medical use.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::card::{Activation, Architecture, FeatureRanges, FileDigest, ModelCard, Standardisation, Task};
use super::super::error::OpenError;
use super::experiment::{Example, Experiment, Part, part};
use super::fit::Recipe;
use super::{TrainError, Trainable};

/// The name of the model and of its folder.
const NAME: &str = Trainable::BreastCancer.into_str();
/// The file name of the compressed rows, created by `scripts/breast_cancer.py`.
const FILE: &str = "wdbc.csv.zst";
/// In the order of the data set.
const LABELS: [&str; 2] = ["malignant", "benign"];

/// Reads and splits the rows.
pub(super) fn experiment(models: &Path) -> Result<Experiment, TrainError> {
    let Table { features, rows } = Table::read(&models.join(NAME).join(FILE))?;
    let parts = part(rows.iter().map(|(line, example)| (example.label, line.as_str())));
    let of_part = |part| -> Vec<Example> {
        let of_part = rows.iter().filter(|(line, _)| parts.get(line.as_str()) == Some(&part));
        of_part.map(|(_, example)| example.clone()).collect()
    };
    let train = of_part(Part::Train);
    Ok(Experiment {
        card: card(features, &train),
        recipe: Recipe {
            seed: 1,
            hidden: 32,
            scale: 1.0,
            dropout: 0.2,
            smoothing: 0.0,
            learning_rate: 5e-3,
            weight_decay: 0.05,
            batch: 32,
            epochs: 200,
            patience: 20,
        },
        valid: of_part(Part::Valid),
        test: of_part(Part::Test),
        train,
        floors: BTreeMap::new(),
    })
}

/// The data set: the names of the features, and each row with its line.
struct Table {
    features: Vec<String>,
    rows: Vec<(String, Example)>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, OpenError> {
        let packed = std::fs::read(path).map_err(|error| OpenError::broken(path, &error))?;
        let bytes = zstd::decode_all(packed.as_slice()).map_err(|error| OpenError::broken(path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| OpenError::broken(path, &error))?;
        Self::parse(&text).ok_or_else(|| OpenError::broken(path, &"no table of the Wisconsin data set"))
    }

    /// A line of names, the last of them `label`; then lines of numbers, the last of them 0 or 1.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut features: Vec<_> = lines.next()?.split(',').map(str::to_owned).collect();
        features.pop().filter(|last| last == "label")?;
        let mut rows = Vec::new();
        for (group, line) in lines.enumerate() {
            let (numbers, label) = line.rsplit_once(',')?;
            let row: Vec<f32> = numbers.split(',').map(|x| x.parse().ok()).collect::<Option<_>>()?;
            let label = label.parse().ok().filter(|label| *label < LABELS.len())?;
            if row.len() != features.len() {
                return None;
            }
            rows.push((line.to_owned(), Example { row, label, group }));
        }
        Some(Self { features, rows })
    }
}

/// The mean and the standard deviation of every feature over the training rows.
fn standardisation(rows: &[Example], features: usize) -> Standardisation {
    let count = rows.len() as f64;
    let moments = (0..features).map(|i| {
        let mean = rows.iter().map(|e| f64::from(e.row[i])).sum::<f64>() / count;
        let squares = rows.iter().map(|e| (f64::from(e.row[i]) - mean).powi(2));
        (mean as f32, (squares.sum::<f64>() / count).sqrt() as f32)
    });
    let (mean, scale) = moments.unzip();
    Standardisation { mean, scale }
}

/// The range and the mean of every feature over the training rows.
fn ranges(rows: &[Example], features: usize) -> FeatureRanges {
    let column = |i: usize| rows.iter().map(move |example| example.row[i]);
    let all = |value: &dyn Fn(usize) -> f32| (0..features).map(|i| decimal(value(i))).collect();
    FeatureRanges {
        minimum: all(&|i| column(i).fold(f32::INFINITY, f32::min)),
        maximum: all(&|i| column(i).fold(f32::NEG_INFINITY, f32::max)),
        mean: all(&|i| (column(i).map(f64::from).sum::<f64>() / rows.len() as f64) as f32),
    }
}

/// The number with the shortest decimal form that is read as this one.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}

fn card(features: Vec<String>, train: &[Example]) -> ModelCard {
    ModelCard {
        name: NAME.to_owned(),
        version: "1".to_owned(),
        task: Task::TabularClassification,
        architecture: Architecture::Mlp,
        description:
            "Classifies thirty measurements of the cell nuclei in a fine needle aspirate of a breast mass as malignant \
             or benign; an example, not for medical use"
                .to_owned(),
        licence: "CC-BY-4.0".to_owned(),
        source:
            "Trained on Breast Cancer Wisconsin (Diagnostic) by W. Wolberg, O. Mangasarian, N. Street and W. Street \
                 (1993, UCI Machine Learning Repository, doi 10.24432/C5DW2B, CC BY 4.0), as scikit-learn ships it"
                .to_owned(),
        labels: LABELS.map(str::to_owned).to_vec(),
        input_size: u32::try_from(features.len()).ok(),
        standardisation: Some(standardisation(train, features.len())),
        ranges: Some(ranges(train, features.len())),
        confusion: None,
        features,
        activation: Activation::Relu,
        temperature: 1.0,
        weights: FileDigest::default(),
        tokenizer: None,
        titles: None,
        evidence: None,
        metrics: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    //! The shipped rows. The metrics are in the model's card.

    use super::*;

    fn shipped() -> Experiment {
        experiment(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models")).unwrap()
    }

    #[test]
    fn all_rows_are_there_and_none_stands_on_two_sides() {
        let experiment = shipped();
        let parts = [&experiment.train, &experiment.valid, &experiment.test];
        assert_eq!(parts.map(Vec::len).iter().sum::<usize>(), 569);
        assert_eq!(
            parts
                .map(|part| part.iter().filter(|e| e.label == 0).count())
                .iter()
                .sum::<usize>(),
            212
        );
        assert!(experiment.test.len() > 110 && experiment.valid.len() > 55);
        let groups: std::collections::HashSet<_> = parts.into_iter().flatten().map(|e| e.group).collect();
        assert_eq!(groups.len(), 569);
        assert_eq!(experiment.card.features.len(), 30);
        assert_eq!(experiment.card.features[0], "mean radius");
    }

    #[test]
    fn what_is_learnt_from_has_mean_zero_and_variance_one() {
        let experiment = shipped();
        let standard = experiment.card.standardisation.as_ref().unwrap();
        let mut rows: Vec<_> = experiment.train.iter().map(|e| e.row.clone()).collect();
        rows.iter_mut().for_each(|row| standard.apply(row));
        for i in 0..30 {
            let mean = rows.iter().map(|row| row[i]).sum::<f32>() / rows.len() as f32;
            let variance = rows.iter().map(|row| row[i] * row[i]).sum::<f32>() / rows.len() as f32;
            assert!(
                mean.abs() < 1e-4 && (variance - 1.0).abs() < 1e-3,
                "{i}: {mean} {variance}"
            );
        }
    }

    #[test]
    fn a_table_that_is_something_else_is_refused() {
        for text in [
            "",
            "a,b\n1,2",
            "a,label\n1,2",
            "a,label\nx,1",
            "a,label\n1,2,1",
            "a,label\n1",
        ] {
            assert!(Table::parse(text).is_none(), "{text:?}");
        }
        assert_eq!(Table::parse("a,label\n1.5,1").unwrap().rows[0].1.row, [1.5]);
    }
}
