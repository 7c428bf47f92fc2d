//! The directions that hold most of a sample of vectors.

use crate::inference::dot_product;

/// The number of directions, a power of two.
pub(in super::super) const AXES: usize = 128;
/// Rounds of subspace iteration; more change the length that is held by less than a hundredth.
const ROUNDS: usize = 8;

/// The leading principal components of a sample, by subspace iteration, mixed so that each holds as much as the others and
/// four bits are enough for all.
pub(super) fn axes(sample: impl Iterator<Item = Vec<f32>>, width: usize) -> Vec<Vec<f32>> {
    let mut moments = vec![vec![0.0; width]; width];
    for vector in sample {
        for (row, x) in moments.iter_mut().zip(&vector) {
            for (sum, y) in row.iter_mut().zip(&vector) {
                *sum += x * y;
            }
        }
    }
    let moments: Vec<&[f32]> = moments.iter().map(Vec::as_slice).collect();
    let mut axes: Vec<Vec<f32>> = moments.iter().take(AXES).map(|row| row.to_vec()).collect();
    let mut products = Vec::new();
    for _ in 0..ROUNDS {
        make_orthonormal(&mut axes);
        let before: Vec<&[f32]> = axes.iter().map(Vec::as_slice).collect();
        dot_product(&before, &moments, &mut products);
        axes = products.chunks_exact(width).map(<[f32]>::to_vec).collect();
    }
    make_orthonormal(&mut axes);
    mix(&mut axes);
    axes
}

/// Gram and Schmidt's orthogonalisation, twice, since once loses digits. Vectors that depend on those before become zero.
fn make_orthonormal(axes: &mut [Vec<f32>]) {
    for at in 0..axes.len() {
        let (before, rest) = axes.split_at_mut(at);
        let axis = &mut rest[0];
        let length = squares(axis).sqrt();
        for other in before.iter().chain(before.iter()) {
            let along: f32 = axis.iter().zip(other).map(|(a, b)| a * b).sum();
            for (x, y) in axis.iter_mut().zip(other) {
                *x -= along * y;
            }
        }
        let left = squares(axis).sqrt();
        let scale = if left > 1e-4 * length { 1.0 / left } else { 0.0 };
        axis.iter_mut().for_each(|x| *x *= scale);
    }
}

/// The transform of Walsh and Hadamard, which keeps dot products.
fn mix(axes: &mut [Vec<f32>]) {
    let mut step = 1;
    while step < axes.len() {
        for pair in axes.chunks_mut(2 * step) {
            let (first, second) = pair.split_at_mut(step);
            for (a, b) in first.iter_mut().zip(second) {
                for (a, b) in a.iter_mut().zip(b) {
                    (*a, *b) = (*a + *b, *a - *b);
                }
            }
        }
        step *= 2;
    }
    let scale = 1.0 / (axes.len() as f32).sqrt();
    axes.iter_mut().flatten().for_each(|x| *x *= scale);
}

/// The squared length of a vector.
pub(super) fn squares(vector: &[f32]) -> f32 {
    vector.iter().map(|x| x * x).sum()
}

#[cfg(test)]
pub(super) mod tests {
    //! With vectors of few directions and noise, like embeddings.

    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    pub(in super::super) const WIDTH: usize = 384;

    pub(in super::super) fn vectors(random: &mut StdRng, count: usize, directions: usize) -> Vec<Vec<f32>> {
        let mut draw = |count: usize| (0..count).map(|_| random.random_range(-1.0..1.0)).collect::<Vec<f32>>();
        let basis: Vec<Vec<f32>> = (0..directions).map(|_| draw(WIDTH)).collect();
        let vector = |_| {
            let parts = draw(directions);
            let mut vector = draw(WIDTH);
            for (part, axis) in parts.iter().zip(&basis) {
                vector.iter_mut().zip(axis).for_each(|(x, y)| *x += part * y);
            }
            let length = squares(&vector).sqrt();
            vector.iter().map(|x| x / length).collect()
        };
        (0..count).map(vector).collect()
    }

    pub(in super::super) fn dot(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn axes_are_orthogonal_and_hold_the_directions_of_the_sample() {
        let mut random = StdRng::seed_from_u64(1);
        for directions in [3, 40, 127] {
            let vectors = vectors(&mut random, 500, directions);
            let axes = axes(vectors.iter().cloned(), WIDTH);
            for (at, axis) in axes.iter().enumerate() {
                for (other, axis_of_other) in axes.iter().enumerate() {
                    let wanted = if at == other { 1.0 } else { 0.0 };
                    assert!((dot(axis, axis_of_other) - wanted).abs() < 1e-3, "{at} {other}");
                }
            }
            let inside = |vector: &Vec<f32>| axes.iter().map(|axis| dot(axis, vector).powi(2)).sum::<f32>();
            let held = vectors.iter().map(inside).sum::<f32>() / 500.0;
            // What the basis holds, and a third or more of the noise, which has length 1 among `directions` parts.
            let basis = directions as f32 / (directions as f32 + 3.0);
            assert!(held > basis && held < 1.0001, "{directions}: {held}");
        }
    }
}
