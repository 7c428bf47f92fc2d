//! The vectors of all rows.
//!
//! A search takes as long as the memory needs to deliver what it reads, so it reads the projections of all rows, a sixth of
//! the bytes, and the vectors only of rows that may be among the nearest. They lie in blocks of fixed size: a single list
//! would take up to twice its memory while it grows.

use rayon::prelude::*;

use super::super::entry::QuantizedVector;
use super::highest::nth_highest;
use super::projections::{AXES, BLOCK, Projected, Projections};
use crate::inference::dot_product_i8;

/// The rows from which on vectors are projected.
const PROJECTED_FROM: usize = 16 * BLOCK;
/// One row of this many is in the sample from which the directions of the projections are computed.
const SAMPLED: usize = 8;
/// The rows with the highest projections that are compared first, times the number that is searched for. With fewer, the
/// lowest of them is much lower than the nearest rows, and more rows remain possible.
const LIKELY: usize = 4;
/// Estimates of which the first of each run is looked at to find the likely rows.
const RUN: usize = 16;

/// Vectors of one width by row.
pub(super) struct Vectors {
    width: usize,
    blocks: Vec<Box<[i8]>>,
    /// The scale of each vector, 0 without one.
    scales: Vec<f32>,
    /// Of all whole blocks, once there are enough rows.
    projections: Option<Projections>,
}

/// The cosine similarity of a vector and every row.
pub(super) struct Cosines<'a> {
    vectors: &'a Vectors,
    projected: Option<Projected<'a>>,
    query: Vec<i16>,
    scale: f32,
}

impl Vectors {
    /// No vectors, of `width` numbers.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            blocks: Vec::new(),
            scales: Vec::new(),
            projections: None,
        }
    }

    /// Adds the vector of the next row, if it has one of this width.
    pub(super) fn push(&mut self, vector: Option<&QuantizedVector>) {
        let row = self.scales.len();
        if row.is_multiple_of(BLOCK) {
            self.blocks.push(vec![0; BLOCK * self.width].into_boxed_slice());
        }
        let vector = vector.filter(|vector| vector.values.len() == self.width);
        self.scales.push(vector.map_or(0.0, |vector| vector.scale));
        if let Some(vector) = vector {
            let at = row % BLOCK * self.width;
            self.blocks[row / BLOCK][at..at + self.width].copy_from_slice(&vector.values);
        }
        if self.scales.len().is_multiple_of(BLOCK) {
            self.project();
        }
    }

    /// Removes the vector of a row.
    pub(super) fn clear(&mut self, row: usize) {
        self.scales[row] = 0.0;
        if let Some(projections) = &mut self.projections {
            projections.remove(row);
        }
    }

    /// Moves the vector of one row to another. [`Vectors::truncate`] has to follow.
    pub(super) fn relocate(&mut self, from: usize, to: usize) {
        let values = self.values(from).to_vec();
        let at = to % BLOCK * self.width;
        self.blocks[to / BLOCK][at..at + self.width].copy_from_slice(&values);
        self.scales.swap(from, to);
    }

    /// Removes the rows from `rows` on.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.scales.truncate(rows);
        self.blocks.truncate(rows.div_ceil(BLOCK));
        if let Some(projections) = &mut self.projections {
            projections.clear();
        }
        self.project();
    }

    /// Projects the whole blocks that are not yet projected.
    fn project(&mut self) {
        let rows = self.scales.len();
        if self.width <= AXES || self.projections.is_none() && rows < PROJECTED_FROM {
            return;
        }
        let projections = self.projections.take();
        let sample = || (0..rows).step_by(SAMPLED).map(|row| self.vector(row));
        let mut projections = projections.unwrap_or_else(|| Projections::new(sample(), self.width));
        let block = |block: usize| {
            (block * BLOCK..(block + 1) * BLOCK)
                .map(|row| self.vector(row))
                .collect()
        };
        projections.extend(projections.blocks()..rows / BLOCK, block);
        self.projections = Some(projections);
    }

    fn values(&self, row: usize) -> &[i8] {
        &self.blocks[row / BLOCK][row % BLOCK * self.width..][..self.width]
    }

    /// The vector of a row, as it was quantized; zeros without one.
    fn vector(&self, row: usize) -> Vec<f32> {
        let values = self.values(row).iter();
        values.map(|value| f32::from(*value) * self.scales[row]).collect()
    }

    /// The cosine similarity of every row; `None` for a vector of another width.
    pub(super) fn cosines(&self, vector: &[f32]) -> Option<Cosines<'_>> {
        if vector.len() != self.width {
            return None;
        }
        let QuantizedVector { values, scale } = QuantizedVector::of(vector);
        Some(Cosines {
            vectors: self,
            projected: self.projections.as_ref().map(|projections| projections.of(vector)),
            query: values.into_iter().map(i16::from).collect(),
            scale,
        })
    }
}

impl Cosines<'_> {
    /// The cosine similarity of a row; 0 for a row without a vector.
    pub(super) fn of(&self, row: usize) -> f32 {
        let dot = dot_product_i8(&self.query, self.vectors.values(row));
        dot as f32 * self.scale * self.vectors.scales[row]
    }

    /// The `depth` rows with the highest cosines of at least `floor`, and some others, in no order. Runs on the current
    /// rayon pool.
    pub(super) fn highest(&self, depth: usize, floor: f32) -> Vec<(f32, u32)> {
        let blocks = self.projected.as_ref().map_or(0, Projected::blocks);
        let rest = (blocks * BLOCK..self.vectors.scales.len()).into_par_iter();
        let rest = rest.map(|row| (self.of(row), row as u32));
        let Some(projected) = &self.projected else {
            return rest.filter(|(cosine, _)| *cosine >= floor).collect();
        };
        let mut estimates = vec![0.0; blocks * BLOCK];
        let each = estimates.par_chunks_exact_mut(BLOCK).enumerate();
        each.for_each(|(block, estimates)| projected.estimate(block, estimates));
        let lowest = self.at_least(&estimates, depth).max(floor);
        let each = estimates.par_chunks_exact(BLOCK).enumerate();
        let possible = each.flat_map_iter(|(block, estimates)| {
            let rows = projected.possible(block, estimates, lowest);
            rows.map(move |at| block * BLOCK + at)
        });
        let compared = possible.map(|row| (self.of(row), row as u32)).chain(rest);
        compared.filter(|(cosine, _)| *cosine >= lowest).collect()
    }

    /// What the `depth`th highest cosine is at least, from rows with high estimates.
    fn at_least(&self, estimates: &[f32], depth: usize) -> f32 {
        let sample: Vec<f32> = estimates.iter().copied().step_by(RUN).collect();
        let likely = nth_highest(&sample, (LIKELY * depth).div_ceil(RUN));
        let blocks = estimates.par_chunks(BLOCK).enumerate();
        let rows = blocks.flat_map_iter(|(block, estimates)| {
            let likely = (block * BLOCK..)
                .zip(estimates)
                .filter(move |(_, estimate)| **estimate > likely);
            likely.map(|(row, _)| self.of(row))
        });
        nth_highest(&rows.collect::<Vec<f32>>(), depth)
    }
}
