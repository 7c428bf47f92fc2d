//! Conversion of the burn module to packed weights.

use std::sync::Arc;

use half::f16;

use super::super::minilm::{Block, MiniLm, WIDTH};
use super::block::PackedBlock;
use super::linear::Linear;
use super::norm::Norm;
use super::{Packed, Precision};

impl Packed {
    /// Packs the weights of the module, which is not needed afterwards.
    pub(in super::super) fn new(model: &MiniLm, precision: Precision) -> Self {
        let kind = &matrix(&model.token_types.val())[..WIDTH];
        let mut places = matrix(&model.positions.val());
        for row in places.chunks_mut(WIDTH) {
            row.iter_mut().zip(kind).for_each(|(place, kind)| *place += kind);
        }
        let words = matrix(&model.words.val());
        Self {
            words: words.into_iter().map(f16::from_f32).collect(),
            places: places.into(),
            norm: norm(&model.norm),
            layers: blocks(&model.layers, precision),
        }
    }

    /// Packs a module that shares all but the final layers with this one.
    pub(in super::super) fn ending(&self, model: &MiniLm, same: usize, precision: Precision) -> Self {
        let mut layers = self.layers[..same].to_vec();
        layers.extend(blocks(&model.layers[same..], precision));
        Self { layers, ..self.clone() }
    }
}

fn blocks(layers: &[Block], precision: Precision) -> Vec<Arc<PackedBlock>> {
    layers.iter().map(|layer| Arc::new(block(layer, precision))).collect()
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
    data.iter::<f32>().collect()
}

fn matrix(tensor: &burn::tensor::Tensor<2>) -> Vec<f32> {
    values(&tensor.to_data())
}

fn bias(linear: &burn::nn::Linear) -> Vec<f32> {
    let outputs = linear.weight.dims()[1];
    let bias = linear.bias.as_ref().map(|bias| values(&bias.val().into_data()));
    bias.unwrap_or_else(|| vec![0.0; outputs])
}
