//! `occupation`: classifies a text about work into the 22 major groups of the Standard Occupational Classification.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use portcullis_kernels::{Buffers, Precision};

use super::super::card::{Activation, Architecture, FileDigest, ModelCard, Task};
use super::super::encoder::{Compute, Embedding, Encoder};
use super::experiment::{Example, Experiment, Part};
use super::fit::Recipe;
use super::onet::{self, LabelledText, Onet};
use super::{Progress, TrainError, Trainable, naive_bayes};

/// The name of the model and of its folder.
const NAME: &str = Trainable::Occupation.into_str();
/// Word pieces encoded at once.
const BATCH_PIECES: usize = 2048;

/// Reads the texts and encodes them.
pub(super) fn experiment(models: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Experiment, TrainError> {
    let onet = Onet::read(&models.join(NAME).join(onet::FILE))?;
    let folder = models.join("minilm");
    let encoder = Encoder::load(
        &folder,
        Arc::new(ModelCard::read(&folder)?),
        Compute::Kernels(Precision::F32),
    )?;
    let found = |part| onet.examples(part).collect::<Vec<_>>();
    let parts = [Part::Train, Part::Valid, Part::Test].map(found);
    let texts: BTreeSet<_> = parts.iter().flatten().map(|found| found.text).collect();
    let embeddings = encode(&encoder, &texts.into_iter().collect::<Vec<_>>(), progress)?;
    let [train, valid, test] = parts.each_ref().map(|part| -> Vec<Example> {
        let examples = part.iter().map(|found| Example {
            row: embeddings
                .get(found.text)
                .map(|numbers| numbers.to_vec())
                .unwrap_or_default(),
            label: found.label,
            group: found.occupation,
        });
        examples.collect()
    });
    let [learnt, _, asked] = &parts;
    let floor = naive_bayes::score(&labelled(learnt), &labelled(asked), onet::LABELS.len());
    Ok(Experiment {
        card: card(),
        recipe: recipe(),
        train,
        valid,
        test,
        floors: floor.figures("naive_bayes_"),
    })
}

fn labelled<'a>(texts: &[LabelledText<'a>]) -> Vec<(&'a str, usize)> {
    texts.iter().map(|found| (found.text, found.label)).collect()
}

fn recipe() -> Recipe {
    Recipe {
        seed: 1,
        hidden: 256,
        // Coordinates of a unit vector are small; with variance 1, the usual initial weights and learning rates work.
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

/// The embedding of each text; batches contain texts of similar length.
fn encode<'a>(
    encoder: &Encoder,
    texts: &[&'a str],
    progress: &mut dyn FnMut(Progress),
) -> Result<HashMap<&'a str, Embedding>, TrainError> {
    let mut pieces = Vec::with_capacity(texts.len());
    for text in texts {
        pieces.push((*text, encoder.tokenize(text)?.ids));
    }
    pieces.sort_by_key(|(_, ids)| ids.len());
    let mut found = HashMap::with_capacity(texts.len());
    let mut buffers = Buffers::default();
    let mut left = pieces.into_iter().peekable();
    while left.peek().is_some() {
        let mut size = 0;
        let (texts_of_batch, batch): (Vec<_>, Vec<_>) = std::iter::from_fn(|| {
            let next = left.next_if(|_| size < BATCH_PIECES)?;
            size += next.1.len();
            Some(next)
        })
        .unzip();
        found.extend(texts_of_batch.into_iter().zip(encoder.embed(&batch, &mut buffers)?));
        progress(Progress::Encoding {
            done: found.len(),
            of: texts.len(),
        });
    }
    Ok(found)
}

fn card() -> ModelCard {
    ModelCard {
        name: NAME.to_owned(),
        version: "2".to_owned(),
        task: Task::TextClassification,
        architecture: Architecture::Mlp,
        description: "Classifies a text about work into the 22 major groups of the Standard Occupational Classification"
            .to_owned(),
        licence: "CC-BY-4.0".to_owned(),
        source:
            "Trained on tasks, work activities, titles and descriptions of O*NET (U.S. Department of Labor/ETA, CC BY 4.0)"
                .to_owned(),
        labels: onet::LABELS.iter().map(|(_, label)| (*label).to_owned()).collect(),
        features: Vec::new(),
        input_size: None,
        activation: Activation::Relu,
        temperature: 1.0,
        weights: FileDigest::default(),
        tokenizer: None,
        titles: None,
        evidence: None,
        standardisation: None,
        ranges: None,
        confusion: None,
        metrics: BTreeMap::new(),
    }
}
