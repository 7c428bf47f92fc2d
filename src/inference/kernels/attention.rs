//! Softmax attention over texts laid end to end: each text attends to itself alone.
//!
//! A head is 32 wide and a text at most 256 long, far too small for a call into a matrix library per head; the tiles
//! here keep a few rows of the result in registers. Work is handed to threads by blocks of rows, so that one long text
//! keeps all of them busy too.

use std::cell::RefCell;

use rayon::prelude::*;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::Softmax;

use super::super::minilm::{HEADS, WIDTH};

/// Width of a head.
const HEAD: usize = WIDTH / HEADS;
/// Floats between a row of queries, keys and values and the next.
const STRIDE: usize = 3 * WIDTH;
/// Rows of queries that one thread takes at a time.
const BLOCK: usize = 64;
/// Rows of a tile.
const ROWS: usize = 4;
/// Vectors of a tile's row.
const VECTORS: usize = 2;
/// The widest tile there is: two AVX-512 vectors. Rows of scores are padded to a multiple of it.
const WIDEST: usize = 32;

/// Queries, keys and values of all texts.
pub(super) struct Attention<'a> {
    texts: &'a [Vec<u32>],
    qkv: &'a [f32],
}

#[derive(Default)]
struct Scratch {
    /// The keys of one head, `[HEAD, length]`, so that scores of neighbours lie side by side.
    keys: Vec<f32>,
    /// Scores of `ROWS` queries.
    scores: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl<'a> Attention<'a> {
    /// `qkv` is `[rows, 3 * WIDTH]`: query, key, value, each with its heads side by side; queries are already scaled.
    pub(super) fn new(texts: &'a [Vec<u32>], qkv: &'a [f32]) -> Self {
        Self { texts, qkv }
    }

    /// Writes the weighted values, `[rows, WIDTH]`.
    pub(super) fn run(&self, context: &mut [f32]) {
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
        let Rows { queries, qkv, out } = self.rows;
        let Scratch { keys, scores } = self.scratch;
        let length = qkv.len() / STRIDE;
        let padded = length.next_multiple_of(WIDEST);
        keys.clear();
        keys.resize(HEAD * padded, 0.0);
        scores.resize(ROWS * padded, 0.0);
        for head in 0..HEADS {
            let at = head * HEAD;
            for (j, row) in qkv.chunks_exact(STRIDE).enumerate() {
                for (d, key) in row[WIDTH + at..][..HEAD].iter().enumerate() {
                    keys[d * padded + j] = *key;
                }
            }
            let values = &qkv[2 * WIDTH + at..];
            let blocks = out.chunks_mut(ROWS * WIDTH).zip(queries.chunks(ROWS * STRIDE));
            for (out, queries) in blocks {
                let rows = out.len() / WIDTH;
                let query = Matrix {
                    data: &queries[at..],
                    stride: STRIDE,
                };
                product(
                    isa,
                    rows,
                    HEAD,
                    query,
                    Matrix {
                        data: keys,
                        stride: padded,
                    },
                    padded,
                    scores,
                    padded,
                );
                for row in scores.chunks_mut(padded).take(rows) {
                    Softmax::new_mut(&mut row[..length]).eval(isa);
                }
                let weights = Matrix {
                    data: scores,
                    stride: padded,
                };
                let values = Matrix {
                    data: values,
                    stride: STRIDE,
                };
                product(isa, rows, length, weights, values, HEAD, &mut out[at..], WIDTH);
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Matrix<'a> {
    data: &'a [f32],
    stride: usize,
}

/// `out = a b` for `a` of `[rows, depth]` and `b` of `[depth, columns]`; `columns` is a multiple of a tile's width.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "a product has this many sizes")]
fn product<I: Isa>(
    isa: I,
    rows: usize,
    depth: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    columns: usize,
    out: &mut [f32],
    out_stride: usize,
) {
    match rows {
        4 => tiles::<I, 4>(isa, depth, a, b, columns, out, out_stride),
        3 => tiles::<I, 3>(isa, depth, a, b, columns, out, out_stride),
        2 => tiles::<I, 2>(isa, depth, a, b, columns, out, out_stride),
        _ => tiles::<I, 1>(isa, depth, a, b, columns, out, out_stride),
    }
}

#[inline(always)]
fn tiles<I: Isa, const R: usize>(
    isa: I,
    depth: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    columns: usize,
    out: &mut [f32],
    out_stride: usize,
) {
    let ops = isa.f32();
    let step = VECTORS * ops.len();
    let a_rows: [&[f32]; R] = std::array::from_fn(|row| &a.data[row * a.stride..][..depth]);
    for column in (0..columns).step_by(step) {
        let mut sums = [[ops.zero(); VECTORS]; R];
        for k in 0..depth {
            let line = ops.load_many::<VECTORS>(&b.data[k * b.stride + column..]);
            for (sums, a) in sums.iter_mut().zip(&a_rows) {
                let factor = ops.splat(a[k]);
                for (sum, vector) in sums.iter_mut().zip(line) {
                    *sum = ops.mul_add(factor, vector, *sum);
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            let to = &mut out[row * out_stride + column..][..step];
            for (to, sum) in to.chunks_exact_mut(ops.len()).zip(sums) {
                ops.store(sum, to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    //! Against attention written out in f64, for random texts of random lengths.

    use proptest::prelude::*;

    use super::*;

    fn plain(texts: &[Vec<u32>], qkv: &[f32]) -> Vec<f64> {
        let mut context = vec![0.0; qkv.len() / 3];
        let mut first = 0;
        for text in texts {
            let at = |row: usize, column: usize| f64::from(qkv[(first + row) * STRIDE + column]);
            for (i, head) in (0..text.len()).flat_map(|i| (0..HEADS).map(move |head| (i, head * HEAD))) {
                let scores: Vec<f64> = (0..text.len())
                    .map(|j| {
                        (0..HEAD)
                            .map(|d| at(i, head + d) * at(j, WIDTH + head + d))
                            .sum::<f64>()
                            .exp()
                    })
                    .collect();
                let sum: f64 = scores.iter().sum();
                for d in 0..HEAD {
                    let value: f64 = scores
                        .iter()
                        .enumerate()
                        .map(|(j, s)| s * at(j, 2 * WIDTH + head + d))
                        .sum();
                    context[(first + i) * WIDTH + head + d] = value / sum;
                }
            }
            first += text.len();
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
            for (found, expected) in context.iter().zip(plain(&texts, &qkv)) {
                prop_assert!((f64::from(*found) - expected).abs() < 1e-5, "{} {}", found, expected);
            }
        }
    }
}
