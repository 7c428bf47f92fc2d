//! Types of models and predictions.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};

use crate::inference;

/// The task of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inference::Task")]
pub(crate) enum ModelTask {
    /// Assigns a label to a text.
    TextClassification,
    /// Assigns a label to a row of numbers.
    TabularClassification,
    /// Maps a text to a vector.
    Embedding,
}

/// A served model.
#[derive(Debug, SimpleObject)]
pub(crate) struct Model {
    /// The name, for `PredictInput.model`.
    pub name: String,
    /// The version.
    pub version: String,
    /// The task.
    pub task: ModelTask,
    /// The description of the card, in one sentence; empty if the card has none.
    pub description: String,
    /// The labels that the model can assign; empty for an embedding model.
    pub labels: Vec<String>,
    /// The number of features of a row; null for text models.
    pub input_size: Option<i32>,
    /// The names of the features in their order; empty for text models and if the features are unnamed.
    pub features: Vec<String>,
    /// The SHA-256 of the weights: `sha256:` followed by 64 hexadecimal digits.
    pub digest: String,
    /// The licence of the weights and the data; an SPDX expression where one exists.
    pub licence: String,
    /// The source of the weights and the data.
    pub source: String,
    /// The results of the evaluation.
    pub metrics: Vec<Metric>,
    /// The confusion matrix of the evaluation; null if the card has none.
    pub confusion_matrix: Option<ConfusionMatrix>,
    /// The ranges of the features in the training data, in the order of the features; empty if the card has none.
    pub feature_ranges: Vec<FeatureRange>,
}

/// The numbers of test examples by label and prediction.
#[derive(Debug, SimpleObject)]
pub(crate) struct ConfusionMatrix {
    /// The labels, in the order of the rows and of the columns.
    pub labels: Vec<String>,
    /// The number of examples: a row for each true label, a column for each predicted label.
    pub rows: Vec<Vec<i32>>,
}

/// The range of a feature in the training data.
#[derive(Debug, SimpleObject)]
pub(crate) struct FeatureRange {
    /// The name of the feature.
    pub name: String,
    /// The smallest value, in the unit of the feature.
    pub minimum: f64,
    /// The largest value, in the unit of the feature.
    pub maximum: f64,
    /// The mean value, in the unit of the feature.
    pub mean: f64,
}

/// A metric of an evaluation.
#[derive(Debug, SimpleObject)]
pub(crate) struct Metric {
    /// The name of the metric, such as `accuracy`.
    pub name: String,
    /// The value, in the unit that the name implies; proportions are 0 to 1.
    pub value: f64,
}

impl From<&inference::ModelCard> for Model {
    fn from(card: &inference::ModelCard) -> Self {
        let int = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            name: card.name.clone(),
            version: card.version.clone(),
            task: card.task.into(),
            description: card.description.clone(),
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
            confusion_matrix: card.confusion.as_ref().map(|confusion| ConfusionMatrix {
                labels: card.labels.clone(),
                rows: confusion
                    .rows
                    .iter()
                    .map(|row| row.iter().map(|count| int(*count)).collect())
                    .collect(),
            }),
            feature_ranges: card
                .features
                .iter()
                .zip(card.ranges.iter().flat_map(inference::FeatureRanges::iter))
                .map(|(name, (minimum, maximum, mean))| FeatureRange {
                    name: name.clone(),
                    minimum,
                    maximum,
                    mean,
                })
                .collect(),
        }
    }
}

/// An input of a classifier. Exactly one field must be given.
#[derive(OneofObject)]
pub(crate) enum InstanceInput {
    /// A text, for a text classifier.
    Text(String),
    /// Finite numbers, as many as `Model.inputSize`, for a tabular classifier.
    Features(Vec<f64>),
}

/// Input of `predict`.
#[derive(InputObject)]
pub(crate) struct PredictInput {
    /// The name of the model.
    pub model: String,
    /// The inputs: 1 to 256, run as one batch.
    pub inputs: Vec<InstanceInput>,
    /// The number of labels to return for each input, most probable first; at least 1.
    #[graphql(default_with = "Some(3)")]
    pub top_k: Option<i32>,
}

/// Result of `predict`.
#[derive(Debug, SimpleObject)]
pub(crate) struct PredictResult {
    /// The model that was run.
    pub model: Model,
    /// One prediction for each input, in input order.
    pub predictions: Vec<Prediction>,
}

/// The prediction for one input.
#[derive(Debug, SimpleObject)]
pub(crate) struct Prediction {
    /// The most probable label.
    pub label: String,
    /// The probability, 0 to 1.
    pub score: f64,
    /// The `topK` most probable labels, most probable first.
    pub scores: Vec<LabelScore>,
    /// Whether the text exceeded the model's maximum length and its end was ignored.
    pub truncated: bool,
}

/// A label and its probability.
#[derive(Debug, SimpleObject)]
pub(crate) struct LabelScore {
    /// The label.
    pub label: String,
    /// The probability, 0 to 1.
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
