//! Training and evaluating the shipped classifiers. `portcullis train` and `portcullis eval` call it; the server does not.
//!
//! Everything comes from the model's own folder, so a clone can repeat it, and every draw from a seed, so the same
//! machine gets the same weights. Occupations are parted once and for all into those learnt from, those that choose
//! (when to stop, the temperature), and those that are looked at only for the figures.

mod figures;
mod fit;
mod naive_bayes;
mod onet;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize};

use super::card::{self, Activation, Architecture, FileDigest, ModelCard, Task};
use super::classifier::Classifier;
use super::encoder::{Compute, Embedding, Encoder};
use super::error::{InferenceError, OpenError};
use super::kernels::Buffers;
use super::kernels::Precision;
use super::weights::digest;
use figures::Scored;
use fit::{Fitted, Recipe, Rows};
use onet::{Onet, Part};

/// The name of the model trained by [`train`], and of its folder.
pub const OCCUPATION: &str = "occupation";
/// Its weights.
const WEIGHTS: &str = "model.safetensors";
/// Word pieces encoded at once while training.
const BATCH_PIECES: usize = 2048;

/// How far a training or evaluation has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// Texts are being encoded.
    Encoding {
        /// How many are done.
        done: usize,
        /// Of how many.
        of: usize,
    },
    /// An epoch has ended.
    Epoch {
        /// Its number, from 1.
        epoch: usize,
        /// How many there are at most.
        of: usize,
        /// Mean loss over the texts learnt from.
        train_loss: f64,
        /// Mean loss over the texts that choose when to stop.
        valid_loss: f64,
        /// Share of those that were right.
        valid_accuracy: f64,
    },
}

/// Why a model could not be trained or evaluated.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A file is missing or broken, or cannot be written.
    #[error(transparent)]
    Models(#[from] OpenError),
    /// The encoder failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// There is no training for a model of this name.
    #[error("there is no training for a model named {name}; there is: {OCCUPATION}")]
    Unknown {
        /// What was asked for.
        name: String,
    },
}

/// Trains the model of this name in the folder `models` and writes its weights and card; answers with the card.
///
/// # Errors
/// See [`TrainError`].
pub fn train(models: &Path, name: &str, progress: &mut dyn FnMut(Progress)) -> Result<ModelCard, TrainError> {
    known(name)?;
    let folder = models.join(OCCUPATION);
    let data = Data::read(models, progress)?;
    let fitted = fit::fit(
        &Recipe::default(),
        onet::LABELS.len(),
        &data.rows(Part::Train),
        &data.rows(Part::Valid),
        progress,
    );
    let weights = write_weights(&folder, &fitted)?;
    let mut card = occupation_card(weights);
    let untempered = Classifier::load(&folder, Arc::new(card.clone()))?;
    card.temperature = figures::temperature(&data.score(&untempered, Part::Valid));
    let classifier = Classifier::load(&folder, Arc::new(card.clone()))?;
    card.metrics = data.figures(&classifier);
    card.metrics.insert(
        "calibration_error_untempered".to_owned(),
        data.score(&untempered, Part::Test).calibration_error(),
    );
    card.metrics.insert("epochs".to_owned(), fitted.epochs as f64);
    write_card(&folder, &card)?;
    Ok(card)
}

/// Evaluates the model of this name as it lies in the folder `models`, on the occupations that training never saw;
/// answers with its card, whose figures are the ones just found.
///
/// # Errors
/// See [`TrainError`].
pub fn evaluate(models: &Path, name: &str, progress: &mut dyn FnMut(Progress)) -> Result<ModelCard, TrainError> {
    known(name)?;
    let folder = models.join(OCCUPATION);
    let mut card = ModelCard::read(&folder)?;
    let classifier = Classifier::load(&folder, Arc::new(card.clone()))?;
    let data = Data::read(models, progress)?;
    card.metrics = data.figures(&classifier);
    Ok(card)
}

fn known(name: &str) -> Result<(), TrainError> {
    match name {
        OCCUPATION => Ok(()),
        _ => Err(TrainError::Unknown { name: name.to_owned() }),
    }
}

/// The texts with their embeddings.
struct Data {
    onet: Onet,
    embeddings: Vec<Embedding>,
}

impl Data {
    fn read(models: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Self, TrainError> {
        let onet = Onet::read(&models.join(OCCUPATION).join(onet::FILE))?;
        let folder = models.join("minilm");
        let encoder = Encoder::load(
            &folder,
            Arc::new(ModelCard::read(&folder)?),
            Compute::Kernels(Precision::F32),
        )?;
        let texts: Vec<_> = onet.texts().collect();
        let embeddings = encode(&encoder, &texts, progress)?;
        Ok(Self { onet, embeddings })
    }

    fn rows(&self, part: Part) -> Rows<'_> {
        let of_part = self.onet.examples(part);
        of_part.map(|(n, label)| (self.embeddings[n].as_ref(), label)).collect()
    }

    fn score(&self, classifier: &Classifier, part: Part) -> Scored {
        let (rows, labels): (Vec<_>, Vec<_>) = self.rows(part).into_iter().unzip();
        Scored::new(classifier.predict(rows.into_iter()), labels)
    }

    /// The figures of a classifier and of the baseline on the test part.
    fn figures(&self, classifier: &Classifier) -> BTreeMap<String, f64> {
        let learnt: Vec<_> = self.onet.tasks(Part::Train).collect();
        let asked: Vec<_> = self.onet.tasks(Part::Test).collect();
        let scored = self.score(classifier, Part::Test);
        let baseline = naive_bayes::score(&learnt, &asked, onet::LABELS.len());
        let mut figures = scored.figures("");
        figures.extend(baseline.figures("naive_bayes_"));
        figures.insert("calibration_error".to_owned(), scored.calibration_error());
        for (name, part) in [("train", Part::Train), ("valid", Part::Valid), ("test", Part::Test)] {
            figures.insert(format!("{name}_texts"), self.onet.examples(part).count() as f64);
        }
        figures
    }
}

/// The embeddings of these texts, in their order; batches are of texts of about the same length.
fn encode(encoder: &Encoder, texts: &[&str], progress: &mut dyn FnMut(Progress)) -> Result<Vec<Embedding>, TrainError> {
    let mut pieces = Vec::with_capacity(texts.len());
    for (n, text) in texts.iter().enumerate() {
        pieces.push((n, encoder.tokenize(text)?.ids));
    }
    pieces.sort_by_key(|(_, ids)| ids.len());
    let mut found = Vec::with_capacity(texts.len());
    let mut buffers = Buffers::default();
    let mut left = pieces.into_iter().peekable();
    while left.peek().is_some() {
        let mut size = 0;
        let (numbers, batch): (Vec<_>, Vec<_>) = std::iter::from_fn(|| {
            let next = left.next_if(|_| size < BATCH_PIECES)?;
            size += next.1.len();
            Some(next)
        })
        .unzip();
        found.extend(numbers.into_iter().zip(encoder.embed(&batch, &mut buffers)?));
        progress(Progress::Encoding {
            done: found.len(),
            of: texts.len(),
        });
    }
    found.sort_by_key(|(n, _)| *n);
    Ok(found.into_iter().map(|(_, embedding)| embedding).collect())
}

fn occupation_card(weights: FileDigest) -> ModelCard {
    ModelCard {
        name: OCCUPATION.to_owned(),
        version: "1".to_owned(),
        task: Task::TextClassification,
        architecture: Architecture::Mlp,
        description: "What somebody does at work, to the 22 major groups of the Standard Occupational Classification"
            .to_owned(),
        licence: "CC-BY-4.0".to_owned(),
        source:
            "Trained on task statements, titles and descriptions of O*NET (U.S. Department of Labor/ETA, CC BY 4.0)"
                .to_owned(),
        labels: onet::LABELS.iter().map(|(_, label)| (*label).to_owned()).collect(),
        features: Vec::new(),
        input_size: None,
        activation: Activation::Relu,
        temperature: 1.0,
        weights,
        tokenizer: None,
        standardisation: None,
        metrics: BTreeMap::new(),
    }
}

fn write_weights(folder: &Path, fitted: &Fitted) -> Result<FileDigest, OpenError> {
    let path = folder.join(WEIGHTS);
    let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let mut tensors = Vec::new();
    for (n, layer) in fitted.layers.iter().enumerate() {
        let rows = layer.bias.len();
        tensors.push((
            format!("layers.{n}.weight"),
            vec![rows, layer.weight.len() / rows],
            bytes(&layer.weight),
        ));
        tensors.push((format!("layers.{n}.bias"), vec![rows], bytes(&layer.bias)));
    }
    let broken = |error: safetensors::SafeTensorError| OpenError::broken(&path, &error);
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(broken)?;
    let file = serialize(views, None).map_err(broken)?;
    write(&path, &file)?;
    Ok(FileDigest {
        file: WEIGHTS.to_owned(),
        sha256: digest(&file),
    })
}

fn write_card(folder: &Path, card: &ModelCard) -> Result<(), OpenError> {
    let path = folder.join(card::FILE);
    let text = toml::to_string_pretty(card).map_err(|error| OpenError::broken(&path, &error))?;
    write(
        &path,
        format!("# Written by `portcullis train {}`.\n{text}", card.name).as_bytes(),
    )
}

fn write(path: &PathBuf, bytes: &[u8]) -> Result<(), OpenError> {
    std::fs::write(path, bytes).map_err(|error| OpenError::broken(path, &error))
}
