//! `occupation`: a text about work to the 22 major groups of the Standard Occupational Classification.

use std::path::Path;
use std::sync::Arc;

use super::super::card::{Activation, Architecture, FileDigest, ModelCard, Task};
use super::super::encoder::{Compute, Embedding, Encoder};
use super::super::kernels::Buffers;
use super::super::kernels::Precision;
use super::fit::Recipe;
use super::lesson::{Example, Lesson, Part};
use super::onet::{self, Onet};
use super::{Progress, TrainError, naive_bayes};

/// The model's name, and that of its folder.
pub(super) const NAME: &str = "occupation";
/// Word pieces encoded at once.
const BATCH_PIECES: usize = 2048;

/// Reads the texts and encodes them.
pub(super) fn lesson(models: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Lesson, TrainError> {
    let onet = Onet::read(&models.join(NAME).join(onet::FILE))?;
    let folder = models.join("minilm");
    let encoder = Encoder::load(
        &folder,
        Arc::new(ModelCard::read(&folder)?),
        Compute::Kernels(Precision::F32),
    )?;
    let texts: Vec<_> = onet.texts().collect();
    let embeddings = encode(&encoder, &texts, progress)?;
    let examples = |part| -> Vec<Example> {
        let of_part = onet.examples(part);
        of_part
            .map(|found| Example {
                row: embeddings[found.text].to_vec(),
                label: found.label,
                group: found.occupation,
            })
            .collect()
    };
    let tasks = |part| -> Vec<_> { onet.tasks(part).collect() };
    let floor = naive_bayes::score(&tasks(Part::Train), &tasks(Part::Test), onet::LABELS.len());
    Ok(Lesson {
        card: card(),
        recipe: recipe(),
        train: examples(Part::Train),
        valid: examples(Part::Valid),
        test: examples(Part::Test),
        floors: floor.figures("naive_bayes_"),
    })
}

fn recipe() -> Recipe {
    Recipe {
        seed: 1,
        hidden: 256,
        // Coordinates of a unit vector are small; at variance 1 the usual first weights and rates fit.
        scale: (super::super::WIDTH as f32).sqrt(),
        dropout: 0.5,
        smoothing: 0.05,
        learning_rate: 1e-3,
        weight_decay: 0.02,
        batch: 256,
        epochs: 60,
        patience: 6,
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

fn card() -> ModelCard {
    ModelCard {
        name: NAME.to_owned(),
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
        weights: FileDigest::default(),
        tokenizer: None,
        standardisation: None,
        metrics: std::collections::BTreeMap::new(),
    }
}
