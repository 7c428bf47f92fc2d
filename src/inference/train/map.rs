//! A linear map of the encoder's vectors under which texts that belong together come nearer to each other than to others,
//! learnt from pairs by their contrast with the rest of the batch (InfoNCE; van den Oord et al. 2018). The matcher's
//! training calls it; a pull towards the identity keeps what the encoder knows and the pairs don't show.

use burn::module::{Module, Param};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Embeddings of texts that belong together, all of one dimension.
#[derive(Debug, Default)]
pub struct Pairs<'a> {
    /// Both sides, and the index of the group: pairs of one group are not contrasted with each other.
    pub all: Vec<(&'a [f32], &'a [f32], usize)>,
}

/// The hyperparameters.
#[derive(Debug, Clone, Copy)]
pub struct MapRecipe {
    /// The seed of the batches.
    pub seed: u64,
    /// Batches of each set of pairs.
    pub steps: usize,
    /// Pairs per batch.
    pub batch: usize,
    /// The learning rate of Adam.
    pub learning_rate: f64,
    /// The temperature that divides cosines.
    pub temperature: f32,
    /// The weight of the squared distance to the identity.
    pub pull: f32,
}

impl Default for MapRecipe {
    fn default() -> Self {
        Self {
            seed: 1,
            steps: 300,
            batch: 512,
            learning_rate: 1e-3,
            temperature: 0.05,
            pull: 0.1,
        }
    }
}

#[derive(Module, Debug)]
struct Map {
    /// `[outputs, inputs]`
    weight: Param<Tensor<2>>,
}

/// Learns the map, `[width, width]` row by row, output by input. `mean` is subtracted from every vector; every set
/// contributes a batch to each step. Without pairs, the map is the identity. `progress` is called with the step and the
/// loss from time to time.
pub fn learn_map(
    sets: &[Pairs<'_>],
    mean: &[f32],
    recipe: &MapRecipe,
    progress: &mut dyn FnMut(usize, f64),
) -> Vec<f32> {
    let device = Device::flex().autodiff();
    let mut random = StdRng::seed_from_u64(recipe.seed);
    let width = mean.len();
    let identity: Vec<f32> = (0..width * width)
        .map(|at| f32::from(u8::from(at % (width + 1) == 0)))
        .collect();
    if sets.iter().all(|set| set.all.is_empty()) {
        return identity;
    }
    let identity = Tensor::<2>::from_data(TensorData::new(identity, [width, width]), &device);
    let mut map = Map {
        weight: Param::from_tensor(identity.clone()),
    };
    let mut optimizer = AdamWConfig::new().with_weight_decay(0.0).with_epsilon(1e-8).init();
    for step in 0..recipe.steps {
        let distance = map.weight.val() - identity.clone();
        let mut loss = (distance.clone() * distance).sum() * recipe.pull;
        for set in sets.iter().filter(|set| !set.all.is_empty()) {
            let drawn: Vec<_> = (0..recipe.batch)
                .map(|_| set.all[random.random_range(0..set.all.len())])
                .collect();
            loss = loss + contrast(&map, &drawn, mean, recipe, &device);
        }
        if step % 50 == 0 || step + 1 == recipe.steps {
            progress(step, loss.clone().into_scalar::<f64>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &map);
        map = optimizer.step(recipe.learning_rate, map, gradients);
    }
    map.weight.val().into_data().iter::<f32>().collect()
}

/// The contrastive loss between both sides of the batch.
fn contrast(
    map: &Map,
    drawn: &[(&[f32], &[f32], usize)],
    mean: &[f32],
    recipe: &MapRecipe,
    device: &Device,
) -> Tensor<1> {
    let count = drawn.len();
    let side = |values: Vec<f32>| {
        let x = Tensor::<2>::from_data(TensorData::new(values, [count, mean.len()]), device);
        let mapped = x.matmul(map.weight.val().transpose());
        let length = (mapped.clone() * mapped.clone()).sum_dim(1).sqrt() + 1e-6;
        mapped / length
    };
    let centred = |vector: &[f32]| vector.iter().zip(mean).map(|(x, mean)| x - mean).collect::<Vec<f32>>();
    let left = side(drawn.iter().flat_map(|pair| centred(pair.0)).collect());
    let right = side(drawn.iter().flat_map(|pair| centred(pair.1)).collect());
    // Others of the same group are not negatives.
    let mut alike = vec![0.0_f32; count * count];
    for (at, one) in drawn.iter().enumerate() {
        for (other_at, other) in drawn.iter().enumerate() {
            if at != other_at && one.2 == other.2 {
                alike[at * count + other_at] = -1e4;
            }
        }
    }
    let alike = Tensor::<2>::from_data(TensorData::new(alike, [count, count]), device);
    let cosines = left.matmul(right.transpose()) / recipe.temperature + alike;
    let own: Vec<i64> = (0..count as i64).collect();
    let own = Tensor::<1, Int>::from_data(TensorData::new(own, [count]), device);
    let loss = CrossEntropyLossConfig::new().init(device);
    loss.forward(cosines.clone(), own.clone()) + loss.forward(cosines.transpose(), own)
}

#[cfg(test)]
mod tests {
    //! It brings together what belongs together, reproducibly. Its effect on ranking is part of the evaluation.

    use super::*;

    const WIDTH: usize = 8;

    /// The first half of a vector identifies its group; the second differs on both sides.
    fn vectors() -> Vec<(Vec<f32>, Vec<f32>)> {
        let mut random = StdRng::seed_from_u64(5);
        let mut noise = || random.random_range(-1.0..1.0);
        let pair = |_| {
            let what: Vec<f32> = (0..WIDTH / 2).map(|_| noise()).collect();
            let mut side = || {
                what.iter()
                    .copied()
                    .chain((0..WIDTH / 2).map(|_| noise()))
                    .collect::<Vec<f32>>()
            };
            (side(), side())
        };
        (0..200).map(pair).collect()
    }

    fn learnt(steps: usize) -> Vec<f32> {
        let vectors = vectors();
        let all = vectors
            .iter()
            .enumerate()
            .map(|(n, (a, b))| (a.as_slice(), b.as_slice(), n))
            .collect();
        let recipe = MapRecipe {
            steps,
            batch: 64,
            learning_rate: 0.02,
            pull: 0.01,
            temperature: 0.2,
            ..MapRecipe::default()
        };
        learn_map(&[Pairs { all }], &[0.0; WIDTH], &recipe, &mut |_, _| ())
    }

    #[test]
    fn what_tells_nothing_is_turned_down() {
        let map = learnt(120);
        let strength = |columns: std::ops::Range<usize>| -> f32 {
            (0..WIDTH)
                .flat_map(|row| columns.clone().map(move |column| (row, column)))
                .map(|(r, c)| map[r * WIDTH + c].powi(2))
                .sum()
        };
        assert!(strength(0..WIDTH / 2) > 4.0 * strength(WIDTH / 2..WIDTH), "{map:?}");
        assert_eq!(map, learnt(120), "the seed decides");
    }
}
