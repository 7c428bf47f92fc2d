//! Models and predictions as the schema shows them.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};

use crate::inference;

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inference::Task")]
pub(crate) enum ModelTask {
    /// Text to one of the labels.
    TextClassification,
    /// A row of numbers to one of the labels.
    TabularClassification,
    /// Text to a vector.
    Embedding,
}

/// A model that is served.
#[derive(Debug, SimpleObject)]
pub(crate) struct Model {
    /// The name that `predict` takes.
    pub name: String,
    /// The version.
    pub version: String,
    /// What it does.
    pub task: ModelTask,
    /// What it can answer; empty for an embedding.
    pub labels: Vec<String>,
    /// How many numbers a row has, for tabular models.
    pub input_size: Option<i32>,
    /// What the numbers of a row are, in their order; empty for text and where nobody named them.
    pub features: Vec<String>,
    /// The SHA-256 of the weights, as `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// The licence of the weights and data, as an SPDX expression where there is one.
    pub licence: String,
    /// Where the weights and the data come from.
    pub source: String,
    /// What the model reached when it was evaluated.
    pub metrics: Vec<Metric>,
}

/// One figure of an evaluation.
#[derive(Debug, SimpleObject)]
pub(crate) struct Metric {
    /// What was measured, such as `accuracy`.
    pub name: String,
    /// The figure, in the unit that its name says; a share is 0 to 1.
    pub value: f64,
}

impl From<&inference::ModelCard> for Model {
    fn from(card: &inference::ModelCard) -> Self {
        Self {
            name: card.name.clone(),
            version: card.version.clone(),
            task: card.task.into(),
            labels: card.labels.clone(),
            input_size: card.input_size.and_then(|size| i32::try_from(size).ok()),
            features: card.features.clone(),
            digest: card.digest(),
            licence: card.licence.clone(),
            source: card.source.clone(),
            metrics: card
                .metrics
                .iter()
                .map(|(name, value)| Metric {
                    name: name.clone(),
                    value: *value,
                })
                .collect(),
        }
    }
}

/// One thing to classify: exactly one of the two.
#[derive(OneofObject)]
pub(crate) enum InstanceInput {
    /// A text, for a text classifier.
    Text(String),
    /// A row of finite numbers, as many as `Model.inputSize` says, for a tabular classifier.
    Features(Vec<f64>),
}

/// What to classify, and by which model.
#[derive(InputObject)]
pub(crate) struct PredictInput {
    /// The model's name.
    pub model: String,
    /// 1 to 256 things to classify; they are run as one batch.
    pub inputs: Vec<InstanceInput>,
    /// How many labels to answer for each, best first; at least 1.
    #[graphql(default_with = "Some(3)")]
    pub top_k: Option<i32>,
}

/// What the model says.
#[derive(Debug, SimpleObject)]
pub(crate) struct PredictResult {
    /// The model that answered.
    pub model: Model,
    /// One prediction for each input, in the order of the inputs.
    pub predictions: Vec<Prediction>,
}

/// What the model says of one input.
#[derive(Debug, SimpleObject)]
pub(crate) struct Prediction {
    /// The most probable label.
    pub label: String,
    /// Its probability, 0 to 1.
    pub score: f64,
    /// The `topK` most probable labels, best first.
    pub scores: Vec<LabelScore>,
    /// Whether the text was longer than the model reads, so that its end did not count.
    pub truncated: bool,
}

/// A label and how probable it is.
#[derive(Debug, SimpleObject)]
pub(crate) struct LabelScore {
    /// The label.
    pub label: String,
    /// Its probability, 0 to 1.
    pub score: f64,
}

impl From<inference::Prediction> for Prediction {
    fn from(prediction: inference::Prediction) -> Self {
        let scores: Vec<LabelScore> = prediction
            .scores
            .into_iter()
            .map(|(label, score)| LabelScore {
                label,
                score: f64::from(score),
            })
            .collect();
        let (label, score) = scores
            .first()
            .map_or_else(Default::default, |best| (best.label.clone(), best.score));
        Self {
            label,
            score,
            scores,
            truncated: prediction.truncated,
        }
    }
}
