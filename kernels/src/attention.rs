//! Softmax attention over concatenated texts: each text attends only to itself.
//!
//! A head is 32 wide and a text at most 256 long, too small for a matrix library call per head; the tiles here keep a
//! few rows of the result in registers. Work is distributed to threads in blocks of rows, so that one long text keeps
//! all of them busy too.

use std::cell::RefCell;
use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

use rten_simd::ops::{BitOps, IntOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp};

use crate::spinning_pool::share;
use crate::tile::{ROWS, VECTORS, add_products};
use crate::{HEADS, WIDTH};

/// The width of a head.
const HEAD: usize = WIDTH / HEADS;
/// The scale of scores: one over the square root of the width.
const SCALE: f32 = FRAC_1_SQRT_2 / 4.0;
const _: () = assert!(HEAD == 32);
/// Floats between consecutive rows of queries, keys and values.
const STRIDE: usize = 3 * WIDTH;
/// Maximum number of query rows that one thread takes at a time; for each block, the text's keys and values are packed
/// again.
const BLOCK: usize = 128;

/// Queries, keys and values of all texts of a batch.
pub struct Attention<'a> {
    texts: &'a [&'a [u32]],
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
    /// Only the lengths of the texts matter. `qkv` is `[rows, 3 * WIDTH]`: query, key and value with their heads side
    /// by side, unscaled.
    #[must_use]
    pub fn new(texts: &'a [&'a [u32]], qkv: &'a [f32]) -> Self {
        Self { texts, qkv }
    }

    /// Writes the weighted values, `[rows, WIDTH]`, on the current rayon pool.
    pub fn run(&self, context: &mut [f32]) {
        let threads = rayon::current_num_threads();
        let blocks = self.blocks(context, |length| {
            let mut turns = length.div_ceil(BLOCK);
            // A few texts are split between all threads; many keep them busy as they are.
            if self.texts.len() < 2 * threads {
                turns = turns.next_multiple_of(threads);
            }
            length.div_ceil(turns).next_multiple_of(ROWS)
        });
        share(blocks, Rows::run);
    }

    /// As [`Attention::run`], on this thread alone.
    pub(super) fn run_alone(&self, context: &mut [f32]) {
        self.blocks(context, |length| length).for_each(Rows::run);
    }

    /// The rows of every text, in blocks of the size given for its length.
    fn blocks<'b>(
        &'b self,
        mut context: &'b mut [f32],
        rows_at_a_time: impl Fn(usize) -> usize,
    ) -> impl Iterator<Item = Rows<'b>> {
        let mut qkv = self.qkv;
        self.texts.iter().flat_map(move |text| {
            let (own, rest) = qkv.split_at(text.len() * STRIDE);
            let (out, others) = std::mem::take(&mut context).split_at_mut(text.len() * WIDTH);
            (qkv, context) = (rest, others);
            let rows = rows_at_a_time(text.len());
            let parts = own.chunks(rows * STRIDE).zip(out.chunks_mut(rows * WIDTH));
            parts.map(move |(queries, out)| Rows { queries, qkv: own, out })
        })
    }
}

/// Some rows of a text.
struct Rows<'a> {
    /// The queries of these rows; other columns are not read.
    queries: &'a [f32],
    /// All rows of the text.
    qkv: &'a [f32],
    out: &'a mut [f32],
}

impl Rows<'_> {
    fn run(self) {
        SCRATCH.with_borrow_mut(|scratch| RowsOp { rows: self, scratch }.dispatch());
    }
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
                let mut sums = [0.0; ROWS];
                for (row, sum) in scores.chunks_exact_mut(padded).zip(&mut sums).take(rows) {
                    *sum = exponentials(isa, row, length);
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
                // Fewer than the shares they are the sums of.
                for (row, sum) in out.chunks_exact_mut(WIDTH).zip(sums) {
                    row[at..at + HEAD].iter_mut().for_each(|x| *x /= sum);
                }
            }
        }
    }
}

/// Packs a head's keys and values into panels as wide as a tile: keys transposed, so that scores of neighbours are
/// adjacent, and scaled, because scaling weights would round again. Elements beyond the last key are left unchanged;
/// their scores are not read.
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

/// Replaces the first `length` numbers of a row by their exponentials relative to the maximum; returns their sum. The
/// others are too small to count.
#[inline(always)]
fn exponentials<I: Isa>(isa: I, row: &mut [f32], length: usize) -> f32 {
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
        let share = exponential(isa, ops.sub(ops.load(scores), most));
        sum = ops.add(sum, share);
        ops.store(share, scores);
    }
    ops.sum(sum)
}

/// `e^x` of numbers not above 0, to one unit in the last place; below -87, where it is at most 1.7e-38, the value at
/// -87. Cody and Waite's reduction and a Taylor series with fitted coefficients (those of rten-vecmath, whose own
/// function handles every x in twice the steps).
#[inline(always)]
fn exponential<I: Isa>(isa: I, x: I::F32) -> I::F32 {
    let (ops, integers) = (isa.f32(), isa.i32());
    // Adding it leaves an integer in the lowest bits.
    let round = ops.splat(12_582_912.0);
    let x = ops.max(x, ops.splat(-87.0));
    let shifted = ops.mul_add(x, ops.splat(LOG2_E), round);
    let whole = ops.sub(shifted, round);
    let rest = ops.mul_add(whole, ops.splat(-0.693_145_75), x);
    let rest = ops.mul_add(whole, ops.splat(-1.428_606_8e-6), rest);
    let series = [8.373_124_5e-3, 4.166_953_6e-2, 0.166_664_72, 0.499_999_85, 1.0, 1.0];
    let sum = series.into_iter().fold(ops.splat(1.378_059_4e-3), |sum, factor| {
        ops.mul_add(sum, rest, ops.splat(factor))
    });
    let power = integers.shift_left::<23>(shifted.reinterpret_cast());
    let power = integers.add(power, integers.splat(127 << 23));
    ops.mul(sum, power.reinterpret_cast())
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
    let lines = b.chunks_exact(width).map(|line| ops.load_many::<VECTORS>(line));
    let sums = add_products(isa, &a_rows, depth, lines, [[ops.zero(); VECTORS]; R]);
    for (row, sums) in sums.into_iter().enumerate() {
        let to = &mut out[row * stride..][..width];
        for (to, sum) in to.chunks_exact_mut(ops.len()).zip(sums) {
            ops.store(sum, to);
        }
    }
}

#[cfg(test)]
mod tests {
    //! Compared with attention in f64, for random texts of random lengths.

    use proptest::prelude::*;

    use super::*;

    /// The result of row `i` of a text with these queries, keys and values.
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

    struct Exponentials<'a>(&'a mut [f32]);

    impl SimdOp for Exponentials<'_> {
        type Output = f32;

        fn eval<I: Isa>(self, isa: I) -> f32 {
            let length = self.0.len();
            exponentials(isa, self.0, length)
        }
    }

    #[test]
    fn exponentials_are_exact_to_the_last_place_but_one() {
        let scores: Vec<_> = (0..1 << 13).map(|step| 10.0 - step as f32 / 80.0).collect();
        let mut found = scores.clone();
        let sum = Exponentials(&mut found).dispatch();
        let mut all = 0.0;
        for (score, found) in scores.iter().zip(found) {
            let expected = f64::from(score - 10.0).max(-87.0).exp();
            all += expected;
            let error = (f64::from(found) - expected).abs() / expected;
            assert!(error <= 2.0 * f64::from(f32::EPSILON), "{score} {found:e} {expected:e}");
        }
        assert!((f64::from(sum) - all).abs() < 1e-5 * all);
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
            let slices: Vec<_> = texts.iter().map(Vec::as_slice).collect();
            let attention = Attention::new(&slices, &qkv);
            attention.run(&mut context);
            let mut alone = vec![f32::NAN; context.len()];
            attention.run_alone(&mut alone);
            prop_assert_eq!(&alone, &context);
            let mut first = 0;
            for length in lengths {
                let own = &qkv[first * STRIDE..][..length * STRIDE];
                // The first and the last row, and some in between.
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
