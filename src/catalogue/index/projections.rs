//! Projections of vectors onto the directions that hold most of them, the principal components about the origin.
//!
//! 128 directions of 384 hold nine tenths of the squared length of an embedding. In four bits each they take 64 bytes, a line
//! of the cache, and rule out all but a hundredth of the rows as the nearest.

mod axes;

pub(super) use axes::AXES;
use axes::{axes, squares};
use rayon::prelude::*;

use super::super::entry::QuantizedVector;
use crate::inference::{dot_product, dot_product_u4};

/// Rows of a block. One thread compares a block at a time.
pub(super) const BLOCK: usize = 1024;
/// The largest number of a projection in four bits, 1 to 15 for -7 to 7.
const LARGEST: f32 = 7.0;
const ZERO: f32 = 8.0;
/// Four standard deviations of a rounded number, which is uniformly distributed.
const ROUNDING: f32 = 4.0 * 0.289;
/// What is outside of the directions changes a dot product by at most the product of both lengths. For unrelated vectors,
/// half of it is eight standard deviations; related ones are near each other inside as well.
const OUTSIDE: f32 = 0.5;

/// Projections of rows, by block.
pub(super) struct Projections {
    /// Orthogonal unit vectors, or zeros where the sample has no more directions.
    axes: Vec<Vec<f32>>,
    blocks: Vec<Block>,
}

/// The projections of [`BLOCK`] rows.
struct Block {
    /// The number at `i` in the low half of a byte, that at `i + AXES / 2` in the high half.
    bytes: Vec<u8>,
    scales: Vec<f32>,
    /// The length of what is outside of the directions.
    outside: Vec<f32>,
}

/// The projection of a query.
pub(super) struct Projected<'a> {
    blocks: &'a [Block],
    numbers: Vec<i16>,
    scale: f32,
    /// What the zero of each number adds to a dot product.
    zero: f32,
    length: f32,
    outside: f32,
}

impl Projections {
    /// No projections, onto the directions of a sample of vectors of `width` numbers.
    pub(super) fn new(sample: impl Iterator<Item = Vec<f32>>, width: usize) -> Self {
        Self {
            axes: axes(sample, width),
            blocks: Vec::new(),
        }
    }

    /// The number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Adds the next blocks; `block` returns the vectors of one. Runs on the current rayon pool.
    pub(super) fn extend(&mut self, blocks: std::ops::Range<usize>, block: impl Fn(usize) -> Vec<Vec<f32>> + Sync) {
        let axes: Vec<&[f32]> = self.axes.iter().map(Vec::as_slice).collect();
        let new: Vec<Block> = blocks.into_par_iter().map(|at| Block::of(&axes, &block(at))).collect();
        self.blocks.extend(new);
    }

    /// Removes the projection of a row, if it has one.
    pub(super) fn remove(&mut self, row: usize) {
        if let Some(block) = self.blocks.get_mut(row / BLOCK) {
            block.scales[row % BLOCK] = 0.0;
            block.outside[row % BLOCK] = 0.0;
        }
    }

    /// Removes the projections of all rows.
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
    }

    /// The projection of a query, a unit vector.
    pub(super) fn of(&self, query: &[f32]) -> Projected<'_> {
        let axes: Vec<&[f32]> = self.axes.iter().map(Vec::as_slice).collect();
        let mut inside = Vec::new();
        dot_product(&[query], &axes, &mut inside);
        let QuantizedVector { values, scale } = QuantizedVector::of(&inside);
        let numbers: Vec<i16> = values.into_iter().map(i16::from).collect();
        Projected {
            blocks: &self.blocks,
            zero: ZERO * numbers.iter().map(|number| f32::from(*number)).sum::<f32>(),
            numbers,
            scale,
            length: squares(&inside).sqrt(),
            outside: (squares(query) - squares(&inside)).max(0.0).sqrt(),
        }
    }
}

impl Block {
    fn of(axes: &[&[f32]], vectors: &[Vec<f32>]) -> Self {
        let rows: Vec<&[f32]> = vectors.iter().map(Vec::as_slice).collect();
        let mut inside = Vec::new();
        dot_product(&rows, axes, &mut inside);
        let mut block = Self {
            bytes: Vec::with_capacity(BLOCK * AXES / 2),
            scales: Vec::with_capacity(BLOCK),
            outside: Vec::with_capacity(BLOCK),
        };
        for (vector, inside) in vectors.iter().zip(inside.chunks_exact(AXES)) {
            let most = inside.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            let scale = most / LARGEST;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 15")]
            let number = |x: f32| {
                if scale > 0.0 {
                    ((x / scale).round() + ZERO) as u8
                } else {
                    0
                }
            };
            let (low, high) = inside.split_at(AXES / 2);
            let pairs = low.iter().zip(high);
            block
                .bytes
                .extend(pairs.map(|(low, high)| number(*low) | number(*high) << 4));
            block.scales.push(scale);
            block.outside.push((squares(vector) - squares(inside)).max(0.0).sqrt());
        }
        block
    }
}

impl Projected<'_> {
    /// The number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Estimates the dot product of the query with each row of a block.
    pub(super) fn estimate(&self, block: usize, estimates: &mut [f32]) {
        let Block { bytes, scales, .. } = &self.blocks[block];
        let mut dots = [0; BLOCK];
        dot_product_u4(&self.numbers, bytes, &mut dots);
        for ((estimate, dot), scale) in estimates.iter_mut().zip(dots).zip(scales) {
            *estimate = (dot as f32 - self.zero) * self.scale * scale;
        }
    }

    /// The rows of a block whose dot product may be `lowest` or more, by their estimates.
    pub(super) fn possible(&self, block: usize, estimates: &[f32], lowest: f32) -> impl Iterator<Item = usize> + use<> {
        let Block { scales, outside, .. } = &self.blocks[block];
        let (rounding, rest) = (ROUNDING * self.length, OUTSIDE * self.outside);
        let mut possible = [false; BLOCK];
        for (((possible, estimate), scale), outside) in possible.iter_mut().zip(estimates).zip(scales).zip(outside) {
            let missing = (lowest - estimate).max(0.0);
            // Independent errors.
            let (rounding, rest) = (rounding * scale, rest * outside);
            *possible = missing * missing <= rounding * rounding + rest * rest;
        }
        possible
            .into_iter()
            .enumerate()
            .filter(|(_, possible)| *possible)
            .map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::axes::tests::{WIDTH, dot, vectors};
    use super::*;

    #[test]
    fn a_sample_of_few_directions_has_few_axes() {
        let sample = (0..300).map(|n| {
            let mut vector = vec![0.0; WIDTH];
            vector[n % 2] = 1.0;
            vector
        });
        let projections = Projections::new(sample, WIDTH);
        let mut query = vec![0.0; WIDTH];
        (query[1], query[2]) = (0.6, 0.8);
        let projected = projections.of(&query);
        assert!((projected.length - 0.6).abs() < 1e-3 && (projected.outside - 0.8).abs() < 1e-3);
        let empty = Projections::new(std::iter::empty(), WIDTH);
        assert!((empty.of(&query).outside - 1.0).abs() < 1e-6);
    }

    #[test]
    fn rows_that_are_near_are_possible() {
        let mut random = StdRng::seed_from_u64(2);
        let mut all = vectors(&mut random, BLOCK + 20, 60);
        let queries = all.split_off(BLOCK);
        all[7] = vec![0.0; WIDTH];
        let mut projections = Projections::new(all.iter().step_by(2).cloned(), WIDTH);
        projections.extend(0..1, |_| all.clone());
        let mut close = 0;
        for query in queries {
            let projected = projections.of(&query);
            let mut estimates = [0.0; BLOCK];
            projected.estimate(0, &mut estimates);
            let lowest = 0.1;
            let possible: Vec<usize> = projected.possible(0, &estimates, lowest).collect();
            for (at, (row, estimate)) in all.iter().zip(estimates).enumerate() {
                let exact = dot(row, &query);
                assert!(exact < lowest || possible.contains(&at), "{exact} {estimate}");
                close += usize::from((exact - estimate).abs() < 0.05);
            }
            assert!(
                !possible.contains(&7) && possible.len() < BLOCK / 2,
                "{}",
                possible.len()
            );
        }
        assert!(close > 19 * BLOCK, "{close} of {}", 20 * BLOCK);
    }
}
