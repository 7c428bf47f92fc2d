//! The vectors of all rows.
//!
//! Each byte is split into halves. A search reads the upper halves of all vectors, which takes as long as the memory needs
//! to deliver them, and the lower halves only of those that may be among the nearest. They lie in blocks of fixed size: a
//! single list would take up to twice its memory while it grows.

use rayon::prelude::*;

use super::super::entry::QuantizedVector;
use super::highest::{CHUNK, nth_highest};
use crate::inference::dot_product_u4;

/// Rows of a block. One thread compares a block at a time.
pub(super) const BLOCK: usize = 1024;
/// The mean of a lower half, 0 to 15.
const MEAN: f32 = 7.5;
/// Four standard deviations of a lower half. The error of an estimated dot product with a unit vector is the sum of hundreds
/// of lower halves less their mean, each times a number of the query: in one of 30,000 it is larger.
const MARGIN: f32 = 4.0 * 4.61;

/// Vectors of one width by row.
pub(super) struct Vectors {
    width: usize,
    upper: Vec<Box<[u8]>>,
    lower: Vec<Box<[u8]>>,
    /// The scale of each vector, 0 without one.
    scales: Vec<f32>,
}

/// The cosine similarity of a vector and every row.
pub(super) struct Cosines<'a> {
    vectors: &'a Vectors,
    query: Vec<i16>,
    scale: f32,
    /// What a mean lower half of each number adds to a dot product.
    mean: f32,
    /// From the upper halves of each row.
    estimates: Vec<f32>,
}

impl Vectors {
    /// No vectors, of `width` numbers, which is even.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            upper: Vec::new(),
            lower: Vec::new(),
            scales: Vec::new(),
        }
    }

    /// Adds the vector of the next row, if it has one of this width.
    pub(super) fn push(&mut self, vector: Option<&QuantizedVector>) {
        let (row, half) = (self.scales.len(), self.width / 2);
        if row.is_multiple_of(BLOCK) {
            for blocks in [&mut self.upper, &mut self.lower] {
                blocks.push(vec![0; BLOCK * half].into_boxed_slice());
            }
        }
        let vector = vector.filter(|vector| vector.values.len() == self.width);
        self.scales.push(vector.map_or(0.0, |vector| vector.scale));
        let Some(vector) = vector else { return };
        let (first, second) = vector.values.split_at(half);
        let at = row % BLOCK * half;
        let upper = &mut self.upper[row / BLOCK][at..at + half];
        let lower = &mut self.lower[row / BLOCK][at..at + half];
        for (((upper, lower), first), second) in upper.iter_mut().zip(lower).zip(first).zip(second) {
            let (first, second) = (unsigned(*first), unsigned(*second));
            *upper = first >> 4 | second & 0xf0;
            *lower = first & 0xf | second << 4;
        }
    }

    /// Removes the vector of a row.
    pub(super) fn clear(&mut self, row: usize) {
        self.scales[row] = 0.0;
    }

    /// Moves the vector of one row to another.
    pub(super) fn relocate(&mut self, from: usize, to: usize) {
        let half = self.width / 2;
        for blocks in [&mut self.upper, &mut self.lower] {
            let at = from % BLOCK * half;
            let bytes = blocks[from / BLOCK][at..at + half].to_vec();
            let at = to % BLOCK * half;
            blocks[to / BLOCK][at..at + half].copy_from_slice(&bytes);
        }
        self.scales.swap(from, to);
    }

    /// Removes the rows from `rows` on.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.scales.truncate(rows);
        for blocks in [&mut self.upper, &mut self.lower] {
            blocks.truncate(rows.div_ceil(BLOCK));
        }
    }

    /// The cosine similarity of every row; `None` for a vector of another width. Runs on the current rayon pool.
    pub(super) fn cosines(&self, vector: &[f32]) -> Option<Cosines<'_>> {
        if vector.len() != self.width {
            return None;
        }
        let QuantizedVector { values, scale } = QuantizedVector::of(vector);
        let query: Vec<i16> = values.into_iter().map(i16::from).collect();
        let sum: f32 = query.iter().map(|value| f32::from(*value)).sum();
        let mut estimates = vec![0.0; self.scales.len()];
        estimates
            .par_chunks_mut(BLOCK)
            .zip(self.upper.par_iter())
            .zip(self.scales.par_chunks(BLOCK))
            .for_each(|((estimates, rows), scales)| {
                let mut dots = [0; BLOCK];
                dot_product_u4(&query, rows, &mut dots[..estimates.len()]);
                for ((estimate, dot), row_scale) in estimates.iter_mut().zip(dots).zip(scales) {
                    *estimate = (16.0 * dot as f32 + (MEAN - 128.0) * sum) * scale * row_scale;
                }
            });
        Some(Cosines {
            vectors: self,
            query,
            scale,
            mean: MEAN * sum,
            estimates,
        })
    }
}

impl Cosines<'_> {
    /// The cosine similarity of a row; 0 for a row without a vector.
    pub(super) fn of(&self, row: usize) -> f32 {
        let half = self.vectors.width / 2;
        let at = row % BLOCK * half;
        let lower = &self.vectors.lower[row / BLOCK][at..at + half];
        let mut dot = [0];
        dot_product_u4(&self.query, lower, &mut dot);
        self.estimates[row] + (dot[0] as f32 - self.mean) * self.scale * self.vectors.scales[row]
    }

    /// The `depth` rows with the highest cosines of at least `floor`, and some others, in no order. Runs on the current
    /// rayon pool.
    pub(super) fn highest(&self, depth: usize, floor: f32) -> Vec<(f32, u32)> {
        let lowest = nth_highest(&self.estimates, depth).max(floor);
        let is_possible = move |estimate: &f32, scale: &f32| *estimate + MARGIN * *scale >= lowest;
        let chunks = self
            .estimates
            .par_chunks(CHUNK)
            .zip(self.vectors.scales.par_chunks(CHUNK));
        let chunks = chunks.enumerate().with_min_len(BLOCK);
        let found = chunks.filter(|(_, (estimates, scales))| {
            // All of a chunk at once: most chunks have nothing.
            let pairs = estimates.iter().zip(*scales);
            pairs.fold(false, |any, (estimate, scale)| any | is_possible(estimate, scale))
        });
        let compared = found.flat_map_iter(|(chunk, (estimates, scales))| {
            let rows = (chunk * CHUNK..).zip(estimates.iter().zip(scales));
            let possible = rows.filter(move |(_, (estimate, scale))| is_possible(estimate, scale));
            possible.map(|(row, _)| (self.of(row), row as u32))
        });
        compared.collect()
    }
}

/// From 0 to 255 instead of from -128.
fn unsigned(value: i8) -> u8 {
    value.cast_unsigned() ^ 0x80
}
