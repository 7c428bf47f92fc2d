//! Networks as plain numbers: the result of training, written to disk.

use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};

use super::super::classifier::Mlp;

/// The weights of a layer; `weight` is `[outputs, inputs]`, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Layer {
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    pub(super) fn inputs(&self) -> usize {
        self.weight.len() / self.bias.len().max(1)
    }
}

/// The network with these layers.
pub(super) fn mlp(layers: &[Layer], device: &Device) -> Mlp {
    let linear = |layer: &Layer| {
        let weight = TensorData::new(layer.weight.clone(), [layer.outputs(), layer.inputs()]);
        Linear {
            weight: Param::from_tensor(Tensor::<2>::from_data(weight, device).transpose()),
            bias: Some(Param::from_data(
                TensorData::new(layer.bias.clone(), [layer.outputs()]),
                device,
            )),
        }
    };
    Mlp {
        layers: layers.iter().map(linear).collect(),
    }
}

/// Combines networks with one hidden layer into one whose logits are their mean.
pub(super) fn side_by_side(members: &[Vec<Layer>]) -> Vec<Layer> {
    let share = 1.0 / members.len() as f32;
    let hidden = Layer {
        weight: members.iter().flat_map(|m| m[0].weight.iter().copied()).collect(),
        bias: members.iter().flat_map(|m| m[0].bias.iter().copied()).collect(),
    };
    let outputs = members.first().map_or(0, |m| m[1].outputs());
    let row = |layer: &Layer, n: usize| layer.weight[n * layer.inputs()..(n + 1) * layer.inputs()].to_vec();
    let last = Layer {
        weight: (0..outputs)
            .flat_map(|n| members.iter().flat_map(move |m| row(&m[1], n)))
            .map(|weight| weight * share)
            .collect(),
        bias: (0..outputs)
            .map(|n| members.iter().map(|m| m[1].bias[n]).sum::<f32>() * share)
            .collect(),
    };
    vec![hidden, last]
}

#[cfg(test)]
mod tests {
    //! The mean of networks.

    use super::super::super::card::Activation;
    use super::*;

    #[test]
    fn side_by_side_the_logits_are_the_mean() {
        let number = |n: usize| ((n * 37 % 101) as f32 - 50.0) / 50.0;
        let layer = |from: usize, inputs: usize, outputs: usize| Layer {
            weight: (0..inputs * outputs).map(|n| number(from + n)).collect(),
            bias: (0..outputs).map(|n| number(7 * from + n)).collect(),
        };
        let members: Vec<_> = [1, 20, 300]
            .map(|from| vec![layer(from, 2, 5), layer(3 * from, 5, 4)])
            .to_vec();
        let device = Device::flex();
        let logits = |layers: &[Layer]| -> Vec<f32> {
            let points: Vec<f32> = (0..14).map(|n| number(11 * n)).collect();
            let x = Tensor::from_data(TensorData::new(points, [7, 2]), &device);
            let logits = mlp(layers, &device).forward(x, Activation::Relu);
            logits.into_data().iter::<f32>().collect()
        };
        let alone: Vec<_> = members.iter().map(|member| logits(member)).collect();
        for (n, found) in logits(&side_by_side(&members)).into_iter().enumerate() {
            let mean = alone.iter().map(|logits| logits[n]).sum::<f32>() / 3.0;
            assert!((found - mean).abs() < 1e-5, "{found} {mean}");
        }
        assert!((alone[0][0] - alone[1][0]).abs() > 1e-3, "the members differ");
    }
}
