//! Model cards: `model.toml`, parsed strictly. The registry reads cards, `models { ... }` shows them, and `train`
//! writes metrics into them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use strum::VariantNames as _;

use super::error::OpenError;

/// The file name of the card.
pub(super) const FILE: &str = "model.toml";

/// The task of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Task {
    /// Assigns probabilities of labels to a text.
    TextClassification,
    /// Assigns probabilities of labels to a row of numbers.
    TabularClassification,
    /// Maps a text to a unit vector.
    Embedding,
}

impl Task {
    /// The name in cards.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The network of a model. To add one, add a variant; the compiler then asks for its tasks and its loader.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::VariantNames,
)]
#[serde(try_from = "String", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Architecture {
    /// The sentence encoder.
    Minilm,
    /// Linear layers with an activation, over features or over an embedding.
    Mlp,
}

impl Architecture {
    /// The tasks that a model of this architecture can have.
    const fn tasks(self) -> &'static [Task] {
        match self {
            Self::Minilm => &[Task::Embedding],
            Self::Mlp => &[Task::TextClassification, Task::TabularClassification],
        }
    }
}

impl TryFrom<String> for Architecture {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse().map_err(|_| {
            format!(
                "unsupported architecture {name:?}; supported: {}",
                Self::VARIANTS.join(", ")
            )
        })
    }
}

/// An activation between linear layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// max(x, 0)
    #[default]
    Relu,
    /// The hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x)
    Logistic,
    /// The Gaussian error linear unit, exact.
    Gelu,
}

/// A file beside the card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// The file name in the model's folder.
    pub file: String,
    /// The SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The standardization of features: `(x - mean) / scale`, feature by feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standardisation {
    /// The values to subtract.
    pub mean: Vec<f32>,
    /// The values to divide by, none of them zero.
    pub scale: Vec<f32>,
}

impl Standardisation {
    /// Standardizes a row.
    pub(super) fn apply(&self, row: &mut [f32]) {
        for ((x, mean), scale) in row.iter_mut().zip(&self.mean).zip(&self.scale) {
            *x = (*x - mean) / scale;
        }
    }
}

/// The range of every feature in the training data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureRanges {
    /// The smallest values.
    pub minimum: Vec<f64>,
    /// The largest values.
    pub maximum: Vec<f64>,
    /// The mean values.
    pub mean: Vec<f64>,
}

impl FeatureRanges {
    /// The minimum, maximum and mean of each feature.
    pub fn iter(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let ends = self.minimum.iter().zip(&self.maximum);
        ends.zip(&self.mean)
            .map(|((minimum, maximum), mean)| (*minimum, *maximum, *mean))
    }
}

/// The confusion matrix of the evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confusion {
    /// `rows[label][prediction]`: the number of test examples with this label that were classified as that one; both in
    /// the order of the labels.
    pub rows: Vec<Vec<u32>>,
}

/// The description of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    /// The name, for `predict`.
    pub name: String,
    /// The version. Several versions of a name are served side by side; the name alone selects the newest.
    pub version: String,
    /// The task.
    pub task: Task,
    /// The architecture.
    pub architecture: Architecture,
    /// A description in one sentence.
    #[serde(default)]
    pub description: String,
    /// The licence, an SPDX identifier.
    pub licence: String,
    /// The source of the weights or training data.
    pub source: String,
    /// The labels of the outputs, in order; empty for an encoder.
    #[serde(default)]
    pub labels: Vec<String>,
    /// The names of the features, in order.
    #[serde(default)]
    pub features: Vec<String>,
    /// The number of features; `None` for text.
    #[serde(default)]
    pub input_size: Option<u32>,
    /// The activation of an MLP.
    #[serde(default)]
    pub activation: Activation,
    /// The temperature: divides the logits before the softmax, for calibration (Guo et al. 2017).
    #[serde(default = "one")]
    pub temperature: f32,
    /// The weights.
    pub weights: FileDigest,
    /// The vocabulary of an encoder.
    #[serde(default)]
    pub tokenizer: Option<FileDigest>,
    /// The final layers of an encoder for titles; without them, titles are encoded as sentences.
    #[serde(default)]
    pub titles: Option<FileDigest>,
    /// The final layers of an encoder for requirements and their evidence; without them, they are encoded as sentences.
    #[serde(default)]
    pub evidence: Option<FileDigest>,
    /// The standardization of features.
    #[serde(default)]
    pub standardisation: Option<Standardisation>,
    /// The ranges of features in the training data.
    #[serde(default)]
    pub ranges: Option<FeatureRanges>,
    /// The confusion matrix of the evaluation of a classifier.
    #[serde(default)]
    pub confusion: Option<Confusion>,
    /// The metrics of the evaluation, by name.
    #[serde(default)]
    pub metrics: BTreeMap<String, f64>,
}

fn one() -> f32 {
    1.0
}

impl ModelCard {
    /// Reads and checks the card in this folder.
    ///
    /// # Errors
    /// [`OpenError::Broken`] with the file and the reason.
    pub(super) fn read(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| OpenError::broken(&path, &error))?;
        let card: Self = toml::from_str(&text).map_err(|error| OpenError::broken(&path, &error.message()))?;
        card.check().map_err(|reason| OpenError::broken(&path, &reason))?;
        Ok(card)
    }

    /// The error of a loader that has nothing for this architecture; `role` is what it loads.
    pub(super) fn refused_as(&self, role: &str, folder: &Path) -> OpenError {
        let reason = format!("a model of architecture {} is not {role}", self.architecture);
        OpenError::broken(&folder.join(FILE), &reason)
    }

    fn check(&self) -> Result<(), String> {
        let plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !plain(&self.name) || !plain(&self.version) {
            return Err("name and version are made of letters, digits, '-', '_' and '.'".to_owned());
        }
        if !(self.temperature.is_finite() && self.temperature > 0.0) {
            return Err(format!("temperature = {} is not positive", self.temperature));
        }
        for file in std::iter::once(&self.weights)
            .chain(&self.tokenizer)
            .chain(&self.titles)
            .chain(&self.evidence)
        {
            if !plain(&file.file) {
                return Err(format!(
                    "file = {:?} is not the name of a file beside the card",
                    file.file
                ));
            }
        }
        let tasks = self.architecture.tasks();
        if !tasks.contains(&self.task) {
            let supported: Vec<_> = tasks.iter().map(|task| task.name()).collect();
            return Err(format!(
                "architecture {} does not support task {}; supported: {}",
                self.architecture,
                self.task.name(),
                supported.join(", ")
            ));
        }
        if self.task == Task::Embedding {
            return match self.tokenizer {
                Some(_) => Ok(()),
                None => Err("an encoder needs a [tokenizer]".to_owned()),
            };
        }
        if self.labels.len() < 2 {
            return Err("a classifier needs at least two labels".to_owned());
        }
        let is_square = |rows: &[Vec<u32>]| {
            let labels = self.labels.len();
            rows.len() == labels && rows.iter().all(|row| row.len() == labels)
        };
        if !self
            .confusion
            .as_ref()
            .is_none_or(|confusion| is_square(&confusion.rows))
        {
            return Err("[confusion] needs as many rows and columns as there are labels".to_owned());
        }
        match (self.task, self.input_size) {
            (Task::TabularClassification, None | Some(0)) => Err("a tabular model needs input_size".to_owned()),
            (Task::TabularClassification, Some(size)) => self.check_features(size as usize),
            (_, Some(_)) => Err("input_size is for tabular models".to_owned()),
            (_, None) if self.standardisation.is_some() => Err("[standardisation] is for tabular models".to_owned()),
            (_, None) if self.ranges.is_some() => Err("[ranges] is for tabular models".to_owned()),
            (_, None) => Ok(()),
        }
    }

    fn check_features(&self, size: usize) -> Result<(), String> {
        if !self.features.is_empty() && self.features.len() != size {
            return Err(format!(
                "{} features are named, but input_size = {size}",
                self.features.len()
            ));
        }
        if let Some(Standardisation { mean, scale }) = &self.standardisation {
            if mean.len() != size || scale.len() != size {
                return Err(format!("mean and scale need {size} numbers each"));
            }
            if !mean.iter().chain(scale).all(|value| value.is_finite()) || scale.contains(&0.0) {
                return Err("mean and scale must be finite and scale not zero".to_owned());
            }
        }
        self.ranges.as_ref().map_or(Ok(()), |ranges| self.check_ranges(ranges))
    }

    fn check_ranges(&self, ranges: &FeatureRanges) -> Result<(), String> {
        let size = self.features.len();
        if size == 0 {
            return Err("[ranges] needs the names of the features".to_owned());
        }
        if [&ranges.minimum, &ranges.maximum, &ranges.mean]
            .iter()
            .any(|values| values.len() != size)
        {
            return Err(format!(
                "minimum, maximum and mean of [ranges] need {size} numbers each"
            ));
        }
        let holds = |(minimum, maximum, mean): (f64, f64, f64)| {
            minimum.is_finite() && maximum.is_finite() && minimum <= mean && mean <= maximum
        };
        if !ranges.iter().all(holds) {
            return Err("[ranges] needs finite numbers with minimum <= mean <= maximum".to_owned());
        }
        Ok(())
    }

    /// `sha256:` followed by the digest of the weights, which identifies the model.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("sha256:{}", self.weights.sha256)
    }

    /// `name@version`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

#[cfg(test)]
mod tests;
