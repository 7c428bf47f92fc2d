//! Training and evaluation of the shipped classifiers, called by `portcullis train` and `portcullis eval`.
//!
//! All data come from the model's folder, so a clone can repeat the training, and all randomness from a seed, so the
//! same machine produces the same weights. Examples are split into a training set, a validation set (for early stopping
//! and temperature) and a test set used only for metrics. Five networks are trained with five seeds; the model is their
//! ensemble, and its card also has the metrics of a single network.

mod breast_cancer;
mod experiment;
mod figures;
mod files;
mod fit;
mod layers;
mod map;
mod naive_bayes;
mod occupation;
mod onet;
mod plots;

use std::path::Path;
use std::sync::Arc;

use super::card::{self, ModelCard};
use super::classifier::Classifier;
use super::error::{InferenceError, OpenError};
use experiment::Experiment;
use strum::VariantNames as _;

pub use map::{MapRecipe, Pairs, learn_map};

/// A model that can be trained; its name is also that of its folder.
#[derive(Debug, Clone, Copy, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "kebab-case", const_into_str)]
enum Trainable {
    Occupation,
    BreastCancer,
}

/// The progress of a training or evaluation.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// Texts are being encoded.
    Encoding {
        /// The number of encoded texts.
        done: usize,
        /// The total number.
        of: usize,
    },
    /// An epoch has ended.
    Epoch {
        /// The seed of the network.
        seed: u64,
        /// The epoch, from 1.
        epoch: usize,
        /// The maximum number of epochs.
        of: usize,
        /// The mean loss on the training examples.
        train_loss: f64,
        /// The mean loss on the validation examples.
        valid_loss: f64,
        /// The accuracy on the validation examples.
        valid_accuracy: f64,
    },
}

/// The reason why a model could not be trained or evaluated.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A file is missing, invalid, or cannot be written.
    #[error(transparent)]
    Models(#[from] OpenError),
    /// The encoder failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// No model with this name can be trained.
    #[error("no training for a model named {name}; available: {}", Trainable::VARIANTS.join(", "))]
    Unknown {
        /// The requested name.
        name: String,
    },
}

/// Trains the model with this name in the folder `models`, with this seed and the next four, and writes its weights,
/// its card, `learning-curve.svg` and `confusion.svg`. Returns the card.
///
/// # Errors
/// See [`TrainError`].
pub fn train(
    models: &Path,
    name: &str,
    seed: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<ModelCard, TrainError> {
    let experiment = experiment(models, name, progress)?;
    let folder = models.join(name);
    let members = experiment.fit(seed, progress);
    let regression = experiment.regression(seed);
    let mut card = experiment.card.clone();
    let networks: Vec<_> = members.iter().map(|member| member.layers.clone()).collect();
    card.weights = files::write_weights(&folder, &layers::side_by_side(&networks))?;
    let untempered = Classifier::load(&folder, Arc::new(card.clone()))?;
    card.temperature = figures::temperature(&Experiment::score(&untempered, &experiment.valid));
    let classifier = untempered.tempered(card.temperature);
    card.metrics = experiment.figures(&classifier);
    card.confusion = Some(experiment.confusion(&classifier));
    card.metrics
        .extend(experiment.comparison(&classifier, &members, &regression));
    card.metrics.insert("seed".to_owned(), seed as f64);
    files::write_card(&folder, &mut card)?;
    let curve = plots::learning_curve(&format!("Training of {}", card.id()), &members);
    files::write_picture(&folder, "learning-curve.svg", &curve)?;
    draw_confusion(&folder, &experiment, &classifier)?;
    Ok(card)
}

/// Evaluates the stored model with this name on examples not used for training, and writes the metrics into its card
/// and `confusion.svg`. Returns the card. Metrics that require training are kept.
///
/// # Errors
/// See [`TrainError`].
pub fn evaluate(models: &Path, name: &str, progress: &mut dyn FnMut(Progress)) -> Result<ModelCard, TrainError> {
    trainable(name)?;
    let folder = models.join(name);
    let mut card = ModelCard::read(&folder)?;
    let classifier = Classifier::load(&folder, Arc::new(card.clone()))?;
    let experiment = experiment(models, name, progress)?;
    if (card.task, &card.labels, card.input_size)
        != (
            experiment.card.task,
            &experiment.card.labels,
            experiment.card.input_size,
        )
    {
        let reason = "task, labels or input_size are not those of the examples";
        return Err(OpenError::broken(&folder.join(card::FILE), &reason).into());
    }
    card.metrics.extend(experiment.figures(&classifier));
    card.confusion = Some(experiment.confusion(&classifier));
    card.ranges.clone_from(&experiment.card.ranges);
    files::write_card(&folder, &mut card)?;
    draw_confusion(&folder, &experiment, &classifier)?;
    Ok(card)
}

fn experiment(models: &Path, name: &str, progress: &mut dyn FnMut(Progress)) -> Result<Experiment, TrainError> {
    match trainable(name)? {
        Trainable::Occupation => occupation::experiment(models, progress),
        Trainable::BreastCancer => breast_cancer::experiment(models),
    }
}

fn trainable(name: &str) -> Result<Trainable, TrainError> {
    name.parse().map_err(|_| TrainError::Unknown { name: name.to_owned() })
}

fn draw_confusion(folder: &Path, experiment: &Experiment, classifier: &Classifier) -> Result<(), OpenError> {
    let counts = experiment.confusion(classifier);
    let title = format!(
        "{} on {} examples it never saw",
        classifier.card().id(),
        experiment.test.len()
    );
    let picture = plots::confusion(&title, &experiment.card.labels, &counts.rows);
    files::write_picture(folder, "confusion.svg", &picture)
}
