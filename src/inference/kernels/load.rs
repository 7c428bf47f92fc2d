//! Packed weights from a file, layer by layer, so that one layer at a time is in memory in f32.

use std::sync::Arc;

use burn::tensor::Device;

use super::super::error::OpenError;
use super::super::minilm::{Block, LAYERS, Loader, NORM, PLACES, POSITIONS, TYPES, VOCABULARY, WIDTH, WORDS};
use super::super::weights::Tensors;
use super::block::PackedBlock;
use super::linear::Linear;
use super::norm::Norm;
use super::{Packed, Precision};

impl Packed {
    /// Loads the tensors under their names in the published checkpoint.
    pub(in super::super) fn load(tensors: &mut Tensors<'_>, precision: Precision) -> Result<Self, OpenError> {
        let words = tensors.take_halves(WORDS, &[VOCABULARY, WIDTH])?;
        let mut places = tensors.take(PLACES, &[POSITIONS, WIDTH])?;
        let types = tensors.take(TYPES, &[2, WIDTH])?;
        for row in places.chunks_mut(WIDTH) {
            row.iter_mut().zip(&types).for_each(|(place, kind)| *place += kind);
        }
        let device = Device::flex();
        let mut loader = Loader {
            tensors,
            device: &device,
        };
        Ok(Self {
            words,
            places: places.into(),
            norm: norm(&loader.norm(NORM)?),
            layers: layers(&mut loader, 0, precision)?,
        })
    }

    /// The encoder with other final layers, from a file that contains only these. The other layers are shared.
    pub(in super::super) fn ending(&self, tensors: &mut Tensors<'_>, precision: Precision) -> Result<Self, OpenError> {
        let device = Device::flex();
        let mut loader = Loader {
            tensors,
            device: &device,
        };
        let same = loader.first_layer();
        let mut shared = self.layers[..same].to_vec();
        shared.extend(layers(&mut loader, same, precision)?);
        Ok(Self {
            layers: shared,
            ..self.clone()
        })
    }
}

/// Loads and packs the layers from `first` on.
fn layers(loader: &mut Loader<'_, '_>, first: usize, precision: Precision) -> Result<Vec<Arc<PackedBlock>>, OpenError> {
    (first..LAYERS)
        .map(|layer| Ok(Arc::new(block(&loader.block(layer)?, precision))))
        .collect()
}

fn block(block: &Block, precision: Precision) -> PackedBlock {
    let parts = [&block.query, &block.key, &block.value];
    let weights = parts.map(|linear| matrix(&linear.weight.val()));
    let biases = parts.map(bias);
    let mut side_by_side = Vec::with_capacity(3 * WIDTH * WIDTH);
    for row in 0..WIDTH {
        for weight in &weights {
            side_by_side.extend_from_slice(&weight[row * WIDTH..][..WIDTH]);
        }
    }
    PackedBlock {
        qkv: Linear::new(&side_by_side, biases.concat(), precision),
        attention_output: linear(&block.attention_output, precision),
        attention_norm: norm(&block.attention_norm),
        intermediate: linear(&block.intermediate, precision),
        output: linear(&block.output, precision),
        output_norm: norm(&block.output_norm),
    }
}

fn linear(linear: &burn::nn::Linear, precision: Precision) -> Linear {
    Linear::new(&matrix(&linear.weight.val()), bias(linear), precision)
}

fn norm(norm: &burn::nn::LayerNorm) -> Norm {
    let beta = norm.beta.as_ref().map(|beta| values(&beta.val().into_data()));
    Norm {
        gamma: values(&norm.gamma.val().into_data()),
        beta: beta.unwrap_or_else(|| vec![0.0; WIDTH]),
    }
}

fn values(data: &burn::tensor::TensorData) -> Vec<f32> {
    // Not one by one unless they are stored otherwise: these are most of what a start reads.
    data.as_slice().map_or_else(|_| data.iter().collect(), <[f32]>::to_vec)
}

fn matrix(tensor: &burn::tensor::Tensor<2>) -> Vec<f32> {
    values(&tensor.to_data())
}

fn bias(linear: &burn::nn::Linear) -> Vec<f32> {
    let outputs = linear.weight.dims()[1];
    let bias = linear.bias.as_ref().map(|bias| values(&bias.val().into_data()));
    bias.unwrap_or_else(|| vec![0.0; outputs])
}
