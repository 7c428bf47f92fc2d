//! The vectors of all rows, in blocks of fixed size: a single list would take up to twice its memory while it grows.
//!
//! Reading the vectors takes most of the time of a search, so the upper and the lower halves of their bytes are stored apart.
//! The upper halves alone give a cosine with a standard deviation of 4.6 scales of its vector: the lower halves are the
//! numbers 0 to 15, whose deviation is 4.6, and the query has length 1. Only rows that come near the best are read whole.

use rayon::prelude::*;

use super::super::entry::QuantizedVector;
use crate::inference::dot_product_u4;

/// Rows of a block. One thread compares a block at a time.
const BLOCK: usize = 1024;
/// The lower halves on average.
const MIDDLE: f32 = 7.5;
/// By how many scales of its vector a rough cosine may be too low: eight standard deviations.
const MARGIN: f32 = 37.0;

/// Vectors of one width by row. The number `n` of a vector is `16 * upper + lower - 128`.
pub(super) struct Vectors {
    width: usize,
    upper: Vec<Box<[u8]>>,
    lower: Vec<Box<[u8]>>,
    /// The scale of each row, 0 without a vector.
    scales: Vec<f32>,
}

/// A query with what is needed of it again and again.
pub(super) struct VectorQuery {
    vector: QuantizedVector,
    sum: i32,
}

impl VectorQuery {
    pub(super) fn new(vector: &[f32]) -> Self {
        let vector = QuantizedVector::of(vector);
        let sum = vector.values.iter().copied().map(i32::from).sum();
        Self { vector, sum }
    }
}

impl Vectors {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            upper: Vec::new(),
            lower: Vec::new(),
            scales: Vec::new(),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The bytes of a half of a row.
    fn half(&self) -> usize {
        self.width.div_ceil(2)
    }

    /// Adds the vector of the next row. A vector of another width counts as absent.
    pub(super) fn push(&mut self, vector: Option<&QuantizedVector>) {
        let row = self.scales.len();
        if row.is_multiple_of(BLOCK) {
            let bytes = BLOCK * self.half();
            for blocks in [&mut self.upper, &mut self.lower] {
                blocks.push(vec![0; bytes].into_boxed_slice());
            }
        }
        let vector = vector.filter(|vector| vector.values.len() == self.width);
        self.scales.push(vector.map_or(0.0, |vector| vector.scale));
        let Some(vector) = vector else { return };
        let (place, half) = (self.place(row), self.half());
        let (first, second) = vector.values.split_at(half);
        for at in 0..half {
            let [one, other] =
                [first, second].map(|part| part.get(at).copied().unwrap_or_default().cast_unsigned() ^ 0x80);
            self.upper[row / BLOCK][place + at] = one >> 4 | other & 0xf0;
            self.lower[row / BLOCK][place + at] = one & 0x0f | other << 4;
        }
    }

    /// Where a row begins in its block.
    fn place(&self, row: usize) -> usize {
        row % BLOCK * self.half()
    }

    /// Copies the vector of one row to another.
    pub(super) fn copy(&mut self, from: usize, to: usize) {
        let (source, target, half) = (self.place(from), self.place(to), self.half());
        for blocks in [&mut self.upper, &mut self.lower] {
            let bytes = blocks[from / BLOCK][source..source + half].to_vec();
            blocks[to / BLOCK][target..target + half].copy_from_slice(&bytes);
        }
        self.scales[to] = self.scales[from];
    }

    /// Removes the rows from `rows` on.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.scales.truncate(rows);
        self.upper.truncate(rows.div_ceil(BLOCK));
        self.lower.truncate(rows.div_ceil(BLOCK));
    }

    /// What the cosine similarity of each row does not exceed. Runs on the current rayon pool.
    pub(super) fn bounds(&self, query: &VectorQuery) -> Vec<f32> {
        let mut found = vec![0.0; self.scales.len()];
        let values = &query.vector.values;
        found
            .par_chunks_mut(BLOCK)
            .zip(self.upper.par_iter())
            .zip(self.scales.par_chunks(BLOCK))
            .for_each(|((found, upper), scales)| {
                let mut dots = [0; BLOCK];
                dot_product_u4(values, upper, &mut dots[..found.len()]);
                for ((found, dot), scale) in found.iter_mut().zip(dots).zip(scales) {
                    let rough = (16 * dot - 128 * query.sum) as f32 + MIDDLE * query.sum as f32;
                    *found = (rough * query.vector.scale + MARGIN) * scale;
                }
            });
        found
    }

    /// The cosine similarity of a row; 0 without a vector.
    pub(super) fn cosine(&self, query: &VectorQuery, row: u32) -> f32 {
        let row = row as usize;
        if self.scales[row] == 0.0 {
            return 0.0;
        }
        let (place, half) = (self.place(row), self.half());
        let values = &query.vector.values;
        let dot = |blocks: &[Box<[u8]>]| {
            let mut dot = [0];
            dot_product_u4(values, &blocks[row / BLOCK][place..place + half], &mut dot);
            dot[0]
        };
        let dot = 16 * dot(&self.upper) + dot(&self.lower) - 128 * query.sum;
        dot as f32 * query.vector.scale * self.scales[row]
    }
}
