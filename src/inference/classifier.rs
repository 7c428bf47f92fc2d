//! Classifiers: linear layers with an activation (an MLP), over features or over an embedding.
//!
//! The weights are safetensors with `layers.N.weight` (`[outputs, inputs]`, as in PyTorch) and `layers.N.bias`, so that
//! models trained elsewhere can be used; see `models/README.md`.

use std::path::Path;
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::{gelu, relu, sigmoid, softmax, tanh};
use burn::tensor::{Device, Tensor, TensorData};
use portcullis_kernels::WIDTH;

use super::card::{Activation, Architecture, ModelCard, Task};
use super::error::OpenError;
use super::weights::{Tensors, VerifiedFile};

/// The layers.
#[derive(Module, Debug)]
pub(super) struct Mlp {
    pub(super) layers: Vec<Linear>,
}

impl Mlp {
    /// Loads all layers, which must lead from `inputs` to `outputs` numbers.
    fn load(tensors: &mut Tensors<'_>, inputs: usize, outputs: usize, device: &Device) -> Result<Self, String> {
        let mut layers = Vec::new();
        let mut width = inputs;
        while let Some(&[rows, _]) = tensors.shape(&format!("layers.{}.weight", layers.len())) {
            let name = format!("layers.{}", layers.len());
            let text = |error: OpenError| match error {
                OpenError::Broken { reason, .. } => reason,
                other => other.to_string(),
            };
            let weight = tensors.take(&format!("{name}.weight"), &[rows, width]).map_err(text)?;
            let bias = tensors.take(&format!("{name}.bias"), &[rows]).map_err(text)?;
            let weight = Tensor::<2>::from_data(TensorData::new(weight, [rows, width]), device).transpose();
            layers.push(Linear {
                weight: Param::from_tensor(weight),
                bias: Some(Param::from_data(TensorData::new(bias, [rows]), device)),
            });
            width = rows;
        }
        if layers.is_empty() {
            return Err("there is no matrix layers.0.weight".to_owned());
        }
        if width != outputs {
            return Err(format!(
                "the last layer gives {width} numbers, but there are {outputs} labels"
            ));
        }
        Ok(Self { layers })
    }

    /// The logits, `[rows, outputs]`, of inputs `[rows, inputs]`.
    pub(super) fn forward(&self, mut x: Tensor<2>, activation: Activation) -> Tensor<2> {
        for (n, layer) in self.layers.iter().enumerate() {
            if n > 0 {
                x = match activation {
                    Activation::Relu => relu(x),
                    Activation::Tanh => tanh(x),
                    Activation::Logistic => sigmoid(x),
                    Activation::Gelu => gelu(x),
                };
            }
            x = layer.forward(x);
        }
        x
    }
}

/// The number of inputs of a row.
fn inputs(card: &ModelCard) -> usize {
    card.input_size.map_or(WIDTH, |size| size as usize)
}

/// A loaded classifier.
#[derive(Debug)]
pub(super) struct Classifier {
    card: Arc<ModelCard>,
    mlp: Mlp,
    inputs: usize,
}

impl Classifier {
    /// Loads the classifier of this card from its folder and runs a warm-up inference.
    pub(super) fn load(folder: &Path, card: Arc<ModelCard>) -> Result<Self, OpenError> {
        match card.architecture {
            Architecture::Mlp => Self::load_mlp(folder, card),
            Architecture::Minilm => Err(card.refused_as("a classifier", folder)),
        }
    }

    fn load_mlp(folder: &Path, card: Arc<ModelCard>) -> Result<Self, OpenError> {
        let path = folder.join(&card.weights.file);
        let file = VerifiedFile::read(&path, &card.weights.sha256)?;
        let mut tensors = file.tensors()?;
        let mlp = Mlp::load(&mut tensors, inputs(&card), card.labels.len(), &Device::flex())
            .map_err(|reason| OpenError::broken(&path, &reason))?;
        tensors.finish()?;
        let classifier = Self::of(card, mlp);
        if !classifier.answers() {
            return Err(OpenError::broken(&path, &"the model answers no probabilities"));
        }
        Ok(classifier)
    }

    /// A classifier with this card and matching layers.
    pub(super) fn of(card: Arc<ModelCard>, mlp: Mlp) -> Self {
        let inputs = inputs(&card);
        Self { card, mlp, inputs }
    }

    /// The classifier with another temperature.
    pub(super) fn tempered(&self, temperature: f32) -> Self {
        let card = ModelCard {
            temperature,
            ..(*self.card).clone()
        };
        Self::of(Arc::new(card), self.mlp.clone())
    }

    /// The card.
    pub(super) fn card(&self) -> &Arc<ModelCard> {
        &self.card
    }

    /// Whether the classifier reads text.
    pub(super) fn reads_text(&self) -> bool {
        self.card.task == Task::TextClassification
    }

    /// Checks a row of features.
    pub(super) fn check(&self, row: &[f32]) -> Result<(), String> {
        let ModelCard { name, features, .. } = &*self.card;
        let feature = |i: usize| match features.get(i) {
            Some(name) => format!("features[{i}] ({name})"),
            None => format!("features[{i}]"),
        };
        if row.len() != self.inputs {
            let missing = if row.len() < self.inputs {
                format!("; {} is the first that is missing", feature(row.len()))
            } else {
                String::new()
            };
            return Err(format!(
                "model {name} takes {} features, not {}{missing}",
                self.inputs,
                row.len()
            ));
        }
        match row.iter().position(|value| !value.is_finite()) {
            Some(i) => Err(format!("{} is not a finite 32-bit number", feature(i))),
            None => Ok(()),
        }
    }

    /// Whether a row of zeros has finite probabilities.
    fn answers(&self) -> bool {
        let zeros = vec![0.0; self.inputs];
        self.predict(std::iter::once(zeros.as_slice()))
            .iter()
            .flatten()
            .all(|score| score.is_finite())
    }

    /// The probability of every label for every row, in the order of the card. Rows must have passed [`Self::check`].
    pub(super) fn predict<'a>(&self, rows: impl Iterator<Item = &'a [f32]>) -> Vec<Vec<f32>> {
        let mut numbers: Vec<f32> = rows.flatten().copied().collect();
        if numbers.is_empty() {
            return Vec::new();
        }
        if let Some(standard) = &self.card.standardisation {
            for row in numbers.chunks_mut(self.inputs) {
                standard.apply(row);
            }
        }
        let shape = [numbers.len() / self.inputs, self.inputs];
        let x = Tensor::from_data(TensorData::new(numbers, shape), &Device::flex());
        let logits = self.mlp.forward(x, self.card.activation) / self.card.temperature;
        let scores: Vec<f32> = softmax(logits, 1).into_data().iter::<f32>().collect();
        scores.chunks(self.card.labels.len()).map(<[f32]>::to_vec).collect()
    }
}
