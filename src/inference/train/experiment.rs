//! Experiments: the data and evaluation of a model, the same for every model that can be trained.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use burn::tensor::Device;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::super::card::{Confusion, ModelCard};
use super::super::classifier::Classifier;
use super::Progress;
use super::figures::{self, Scored};
use super::fit::{self, Fitted, Recipe};
use super::layers;

/// The number of networks, each with its own seed.
pub(super) const SEEDS: u64 = 5;

/// The use of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Training.
    Train,
    /// Validation: early stopping, and the temperature.
    Valid,
    /// Testing.
    Test,
}

/// Splits keys deterministically: within each label, a fifth for testing, a tenth for validation, the rest for
/// training. The order is that of the keys' SHA-256, which is as good as random and reproducible.
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

/// A labelled example.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// The input of the served model.
    pub(super) row: Vec<f32>,
    /// The index of the correct label.
    pub(super) label: usize,
    /// Examples of one group are similar, so they belong to one part and are resampled together.
    pub(super) group: usize,
}

/// A model to be trained or evaluated.
pub(super) struct Experiment {
    /// The card without weights, temperature and metrics.
    pub(super) card: ModelCard,
    pub(super) recipe: Recipe,
    pub(super) train: Vec<Example>,
    pub(super) valid: Vec<Example>,
    pub(super) test: Vec<Example>,
    /// Metrics of baselines on the test part, except [`Self::regression`].
    pub(super) floors: BTreeMap<String, f64>,
}

impl Experiment {
    /// Networks from consecutive seeds, beginning with this one, fitted at the same time.
    ///
    /// A single network is too small to keep several threads busy.
    pub(super) fn fit(&self, seed: u64, progress: &mut dyn FnMut(Progress)) -> Vec<Fitted> {
        let (train, valid) = (self.standardised(&self.train), self.standardised(&self.valid));
        let seeds: Vec<_> = (seed..seed.saturating_add(SEEDS)).collect();
        let (sender, receiver) = std::sync::mpsc::channel();
        let fit = |sender: &mut Sender<Progress>, seed| {
            let recipe = Recipe {
                seed,
                ..self.recipe.clone()
            };
            // The receiver outlives the fits.
            fit::fit(&recipe, self.card.labels.len(), &train, &valid, &mut |news| {
                let _ = sender.send(news);
            })
        };
        std::thread::scope(|scope| {
            let fitting = scope.spawn(|| seeds.into_par_iter().map_with(sender, fit).collect());
            receiver.iter().for_each(progress);
            fitting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Logistic regression on the same inputs, the baseline for hidden layers.
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

    /// The classifier of a trained network.
    pub(super) fn classifier(&self, fitted: &Fitted) -> Classifier {
        Classifier::of(
            Arc::new(self.card.clone()),
            layers::mlp(&fitted.layers, &Device::flex()),
        )
    }

    /// The predictions of the classifier for examples.
    pub(super) fn score(classifier: &Classifier, examples: &[Example]) -> Scored {
        let scores = classifier.predict(examples.iter().map(|example| example.row.as_slice()));
        Scored::new(scores, examples.iter().map(|example| example.label).collect())
    }

    /// The confusion matrix of a classifier on the test part.
    pub(super) fn confusion(&self, classifier: &Classifier) -> Confusion {
        Confusion {
            rows: Self::score(classifier, &self.test).confusion(),
        }
    }

    /// The metrics of a classifier on the test part, with the baselines.
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

    /// The comparison of the classifier with its single networks and with logistic regression. These metrics require
    /// training.
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
