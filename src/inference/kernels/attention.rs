//! Softmax attention over texts laid end to end: each text attends to itself alone.
//!
//! A head is 32 wide and a text at most 256 long, far too small for a call into a matrix library per head; the tiles
//! here keep a few rows of the result in registers. Work is handed to threads by blocks of rows, so that one long text
//! keeps all of them busy too.

use std::cell::RefCell;
use std::f32::consts::FRAC_1_SQRT_2;

use rayon::prelude::*;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};
use rten_vecmath::Exp;

use super::super::minilm::{HEADS, WIDTH};

/// Width of a head.
const HEAD: usize = WIDTH / HEADS;
/// What a score is multiplied with: one over the root of the width.
const SCALE: f32 = FRAC_1_SQRT_2 / 4.0;
const _: () = assert!(HEAD == 32);
/// Floats between a row of queries, keys and values and the next.
const STRIDE: usize = 3 * WIDTH;
/// Rows of queries that one thread takes at a time.
const BLOCK: usize = 48;
/// Rows of a tile.
const ROWS: usize = 6;
/// Vectors of a tile's row.
const VECTORS: usize = 2;

/// Queries, keys and values of all texts of a batch.
pub struct Attention<'a> {
    texts: &'a [Vec<u32>],
    qkv: &'a [f32],
}

#[derive(Default)]
struct Scratch {
    /// The keys and values of one head.
    keys: Vec<f32>,
    values: Vec<f32>,
    /// Scores of `ROWS` queries.
    scores: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl<'a> Attention<'a> {
    /// Of the texts only the lengths count. `qkv` is `[rows, 3 * WIDTH]`: query, key, value, each with its heads side by
    /// side, none of them scaled.
    #[must_use]
    pub fn new(texts: &'a [Vec<u32>], qkv: &'a [f32]) -> Self {
        Self { texts, qkv }
    }

    /// Writes the weighted values, `[rows, WIDTH]`. Runs on the current rayon pool.
    pub fn run(&self, context: &mut [f32]) {
        let mut blocks = Vec::with_capacity(self.texts.len());
        let (mut qkv, mut context) = (self.qkv, context);
        for text in self.texts {
            let (own, rest) = qkv.split_at(text.len() * STRIDE);
            let (mut out, others) = std::mem::take(&mut context).split_at_mut(text.len() * WIDTH);
            (qkv, context) = (rest, others);
            let mut queries = own;
            while !out.is_empty() {
                let rows = BLOCK.min(out.len() / WIDTH);
                let (first, later) = std::mem::take(&mut out).split_at_mut(rows * WIDTH);
                out = later;
                blocks.push(Rows {
                    queries,
                    qkv: own,
                    out: first,
                });
                queries = &queries[rows * STRIDE..];
            }
        }
        blocks.into_par_iter().for_each(|rows| {
            SCRATCH.with_borrow_mut(|scratch| RowsOp { rows, scratch }.dispatch());
        });
    }
}

/// Some rows of a text.
struct Rows<'a> {
    /// From the first of these rows on.
    queries: &'a [f32],
    /// The whole text.
    qkv: &'a [f32],
    out: &'a mut [f32],
}

struct RowsOp<'a> {
    rows: Rows<'a>,
    scratch: &'a mut Scratch,
}

impl SimdOp for RowsOp<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let width = VECTORS * ops.len();
        let Rows { queries, qkv, out } = self.rows;
        let Scratch { keys, scores, values } = self.scratch;
        let length = qkv.len() / STRIDE;
        let padded = length.next_multiple_of(width);
        keys.resize(HEAD * padded, 0.0);
        values.resize(HEAD * length, 0.0);
        scores.resize(ROWS * padded, 0.0);
        for head in 0..HEADS {
            let at = head * HEAD;
            gather(qkv, at, width, keys, values);
            let blocks = out.chunks_mut(ROWS * WIDTH).zip(queries.chunks(ROWS * STRIDE));
            for (out, queries) in blocks {
                let rows = out.len() / WIDTH;
                let query = Matrix {
                    data: &queries[at..],
                    stride: STRIDE,
                };
                for (panel, keys) in keys.chunks_exact(HEAD * width).enumerate() {
                    product(isa, rows, HEAD, query, keys, &mut scores[panel * width..], padded);
                }
                for row in scores.chunks_exact_mut(padded).take(rows) {
                    softmax(isa, row, length);
                }
                let weights = Matrix {
                    data: scores,
                    stride: padded,
                };
                for (panel, values) in values.chunks_exact(length * width).enumerate() {
                    product(
                        isa,
                        rows,
                        length,
                        weights,
                        values,
                        &mut out[at + panel * width..],
                        WIDTH,
                    );
                }
            }
        }
    }
}

/// Lays a head's keys and values out in panels as wide as a tile: keys transposed, so that scores of neighbours lie side
/// by side, and scaled: scaled weights would be rounded anew. What lies beyond the last key is left as it was; its scores are not read.
#[inline(always)]
fn gather(qkv: &[f32], at: usize, width: usize, keys: &mut [f32], values: &mut [f32]) {
    let length = qkv.len() / STRIDE;
    for (j, row) in qkv.chunks_exact(STRIDE).enumerate() {
        let panel = &mut keys[j / width * width * HEAD + j % width..];
        for (key, to) in row[WIDTH + at..][..HEAD].iter().zip(panel.iter_mut().step_by(width)) {
            *to = *key * SCALE;
        }
        for (panel, value) in row[2 * WIDTH + at..][..HEAD].chunks_exact(width).enumerate() {
            values[(panel * length + j) * width..][..width].copy_from_slice(value);
        }
    }
}

/// The first `length` numbers of a row to shares that sum to 1.
#[inline(always)]
fn softmax<I: Isa>(isa: I, row: &mut [f32], length: usize) {
    let ops = isa.f32();
    let lanes = ops.len();
    for score in &mut row[length..] {
        *score = f32::NEG_INFINITY;
    }
    let mut most = ops.splat(f32::NEG_INFINITY);
    for scores in row.chunks_exact(lanes) {
        most = ops.max(most, ops.load(scores));
    }
    let most = ops.fold_splat(most, f32::NEG_INFINITY, f32::max);
    let mut sum = ops.zero();
    for scores in row.chunks_exact_mut(lanes) {
        let share = Exp {}.eval(isa, ops.sub(ops.load(scores), most));
        sum = ops.add(sum, share);
        ops.store(share, scores);
    }
    let scale = ops.splat(ops.sum(sum).recip());
    for shares in row.chunks_exact_mut(lanes) {
        ops.store(ops.mul(ops.load(shares), scale), shares);
    }
}

#[derive(Clone, Copy)]
struct Matrix<'a> {
    data: &'a [f32],
    stride: usize,
}

/// `out = a b` for `a` of `[rows, depth]` and a panel `b` of `[depth, width of a tile]`.
#[inline(always)]
fn product<I: Isa>(isa: I, rows: usize, depth: usize, a: Matrix<'_>, b: &[f32], out: &mut [f32], stride: usize) {
    match rows {
        6 => tile::<I, 6>(isa, depth, a, b, out, stride),
        5 => tile::<I, 5>(isa, depth, a, b, out, stride),
        4 => tile::<I, 4>(isa, depth, a, b, out, stride),
        3 => tile::<I, 3>(isa, depth, a, b, out, stride),
        2 => tile::<I, 2>(isa, depth, a, b, out, stride),
        _ => tile::<I, 1>(isa, depth, a, b, out, stride),
    }
}

#[inline(always)]
fn tile<I: Isa, const R: usize>(isa: I, depth: usize, a: Matrix<'_>, b: &[f32], out: &mut [f32], stride: usize) {
    let ops = isa.f32();
    let width = VECTORS * ops.len();
    let a_rows: [&[f32]; R] = std::array::from_fn(|row| &a.data[row * a.stride..][..depth]);
    let mut sums = [[ops.zero(); VECTORS]; R];
    for (k, line) in (0..depth).zip(b.chunks_exact(width)) {
        let line = ops.load_many::<VECTORS>(line);
        for (sums, a) in sums.iter_mut().zip(&a_rows) {
            let factor = ops.splat(a[k]);
            for (sum, vector) in sums.iter_mut().zip(line) {
                *sum = ops.mul_add(factor, vector, *sum);
            }
        }
    }
    for (row, sums) in sums.into_iter().enumerate() {
        let to = &mut out[row * stride..][..width];
        for (to, sum) in to.chunks_exact_mut(ops.len()).zip(sums) {
            ops.store(sum, to);
        }
    }
}

#[cfg(test)]
mod tests {
    //! Against attention written out in f64, for random texts of random lengths.

    use proptest::prelude::*;

    use super::*;

    /// What row `i` of the text with these queries, keys and values becomes.
    fn plain(qkv: &[f32], i: usize) -> Vec<f64> {
        let at = |row: usize, column: usize| f64::from(qkv[row * STRIDE + column]);
        let length = qkv.len() / STRIDE;
        let mut context = Vec::with_capacity(WIDTH);
        for head in (0..WIDTH).step_by(HEAD) {
            let shares: Vec<f64> = (0..length)
                .map(|j| {
                    let score: f64 = (head..head + HEAD).map(|d| at(i, d) * at(j, WIDTH + d)).sum();
                    (score / (HEAD as f64).sqrt()).exp()
                })
                .collect();
            let sum: f64 = shares.iter().sum();
            context.extend((head..head + HEAD).map(|d| {
                let values = shares.iter().enumerate().map(|(j, share)| share * at(j, 2 * WIDTH + d));
                values.sum::<f64>() / sum
            }));
        }
        context
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn equals_attention_written_out(lengths in proptest::collection::vec(1_usize..80, 1..4), seed: u32) {
            let texts: Vec<_> = lengths.iter().map(|length| vec![0; *length]).collect();
            let mut state = u64::from(seed);
            let qkv: Vec<f32> = (0..lengths.iter().sum::<usize>() * STRIDE)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 40) as f32 / (1 << 23) as f32 - 1.0
                })
                .collect();
            let mut context = vec![f32::NAN; qkv.len() / 3];
            Attention::new(&texts, &qkv).run(&mut context);
            let mut first = 0;
            for length in lengths {
                let own = &qkv[first * STRIDE..][..length * STRIDE];
                // The first and the last row, and some between.
                for i in (0..length).step_by(11).chain([length - 1]) {
                    let found = &context[(first + i) * WIDTH..][..WIDTH];
                    for (found, expected) in found.iter().zip(plain(own, i)) {
                        prop_assert!((f64::from(*found) - expected).abs() < 1e-5, "{} {}", found, expected);
                    }
                }
                first += length;
            }
        }
    }
}
