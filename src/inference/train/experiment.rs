//! What a model learns from and how it is judged: the same for every model that can be trained.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::tensor::Device;
use sha2::{Digest, Sha256};

use super::super::card::ModelCard;
use super::super::classifier::Classifier;
use super::Progress;
use super::figures::{self, Scored};
use super::fit::{self, Fitted, Recipe};
use super::layers;

/// Networks that are trained, each from a seed of its own.
pub(super) const SEEDS: u64 = 5;

/// What an example is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Learning.
    Train,
    /// Choosing when to stop, and the temperature.
    Valid,
    /// The figures.
    Test,
}

/// Parts keys once and for all: within each label, a fifth is asked about, a tenth chooses, the rest is learnt from. The
/// order is that of the keys' SHA-256: as good as drawn, and the same everywhere.
pub(super) fn part<K: AsRef<[u8]> + Ord>(keys: impl Iterator<Item = (usize, K)>) -> BTreeMap<K, Part> {
    let mut labels: BTreeMap<usize, BTreeMap<[u8; 32], K>> = BTreeMap::new();
    for (label, key) in keys {
        labels
            .entry(label)
            .or_default()
            .insert(Sha256::digest(&key).into(), key);
    }
    let mut parts = BTreeMap::new();
    for keys in labels.into_values() {
        let (tests, valids) = (keys.len().div_ceil(5), keys.len().div_ceil(10));
        for (n, key) in keys.into_values().enumerate() {
            let part = match n {
                n if n < tests => Part::Test,
                n if n < tests + valids => Part::Valid,
                _ => Part::Train,
            };
            parts.insert(key, part);
        }
    }
    parts
}

/// An input whose label is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// As the served model gets it.
    pub(super) row: Vec<f32>,
    /// The number of the right label.
    pub(super) label: usize,
    /// Examples of one group resemble each other, so they stand in one part and are drawn together.
    pub(super) group: usize,
}

/// A model to be trained or evaluated.
pub(super) struct Experiment {
    /// All of the card but the weights, the temperature and the figures.
    pub(super) card: ModelCard,
    pub(super) recipe: Recipe,
    pub(super) train: Vec<Example>,
    pub(super) valid: Vec<Example>,
    pub(super) test: Vec<Example>,
    /// What a simpler way reaches on the test part, if it is not made by [`Self::regression`].
    pub(super) floors: BTreeMap<String, f64>,
}

impl Experiment {
    /// Networks from as many seeds, this one first.
    pub(super) fn fit(&self, seed: u64, progress: &mut dyn FnMut(Progress)) -> Vec<Fitted> {
        let (train, valid) = (self.standardised(&self.train), self.standardised(&self.valid));
        let seeds = seed..seed.saturating_add(SEEDS);
        let fit = |seed| {
            let recipe = Recipe {
                seed,
                ..self.recipe.clone()
            };
            fit::fit(&recipe, self.card.labels.len(), &train, &valid, progress)
        };
        seeds.map(fit).collect()
    }

    /// Logistic regression on the same inputs: what hidden layers must beat to be worth anything.
    pub(super) fn regression(&self, seed: u64) -> Fitted {
        let recipe = Recipe {
            seed,
            hidden: 0,
            dropout: 0.0,
            ..self.recipe.clone()
        };
        let (train, valid) = (self.standardised(&self.train), self.standardised(&self.valid));
        fit::fit(&recipe, self.card.labels.len(), &train, &valid, &mut |_| {})
    }

    fn standardised(&self, examples: &[Example]) -> Vec<(Vec<f32>, usize)> {
        let mut rows: Vec<_> = examples.iter().map(|e| (e.row.clone(), e.label)).collect();
        if let Some(standard) = &self.card.standardisation {
            rows.iter_mut().for_each(|(row, _)| standard.apply(row));
        }
        rows
    }

    /// What a network says as it came from its training.
    pub(super) fn classifier(&self, fitted: &Fitted) -> Classifier {
        Classifier::of(
            Arc::new(self.card.clone()),
            layers::mlp(&fitted.layers, &Device::flex()),
        )
    }

    /// What the classifier says of examples.
    pub(super) fn score(classifier: &Classifier, examples: &[Example]) -> Scored {
        let scores = classifier.predict(examples.iter().map(|example| example.row.as_slice()));
        Scored::new(scores, examples.iter().map(|example| example.label).collect())
    }

    /// The figures of a classifier on the test part, beside the floors.
    pub(super) fn figures(&self, classifier: &Classifier) -> BTreeMap<String, f64> {
        let scored = Self::score(classifier, &self.test);
        let mut figures = scored.figures("");
        figures.insert("calibration_error".to_owned(), scored.calibration_error());
        let untempered = Self::score(&classifier.tempered(1.0), &self.test);
        figures.insert(
            "calibration_error_untempered".to_owned(),
            untempered.calibration_error(),
        );
        for (name, examples) in [("train", &self.train), ("valid", &self.valid), ("test", &self.test)] {
            figures.insert(format!("{name}_examples"), examples.len() as f64);
        }
        figures.extend(self.floors.clone());
        figures
    }

    /// How the classifier compares with the single networks it is made of, and with logistic regression: figures that need
    /// a training.
    pub(super) fn comparison(
        &self,
        classifier: &Classifier,
        members: &[Fitted],
        regression: &Fitted,
    ) -> BTreeMap<String, f64> {
        let test = |fitted| Self::score(&self.classifier(fitted), &self.test);
        let members: Vec<_> = members.iter().map(test).collect();
        let regression = test(regression);
        let mut figures = regression.figures("logistic_regression_");
        for (name, figure) in [
            ("accuracy", Scored::accuracy as fn(&Scored) -> f64),
            ("macro_f1", Scored::macro_f1),
        ] {
            let (mean, spread) = figures::mean_and_spread(&members.iter().map(figure).collect::<Vec<_>>());
            figures.insert(format!("single_{name}_mean"), mean);
            figures.insert(format!("single_{name}_spread"), spread);
        }
        let groups: Vec<_> = self.test.iter().map(|example| example.group).collect();
        let (low, high) = figures::gain(&Self::score(classifier, &self.test), &regression, &groups);
        figures.insert("gain_over_logistic_regression_low".to_owned(), low);
        figures.insert("gain_over_logistic_regression_high".to_owned(), high);
        figures
    }
}
