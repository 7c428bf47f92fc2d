//! Dot products of one vector with many: what ranking by embeddings comes down to.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp};

/// Vectors of a step; their sums are kept apart, so that none waits for the one before.
const STEP: usize = 4;

/// The dot product of `query` with every row, into `out`. Rows are as long as the query; of a longer one the rest is left
/// out.
pub fn dots(query: &[f32], rows: &[&[f32]], out: &mut Vec<f32>) {
    out.clear();
    out.resize(rows.len(), 0.0);
    Dots { query, rows, out }.dispatch();
}

struct Dots<'a> {
    query: &'a [f32],
    rows: &'a [&'a [f32]],
    out: &'a mut [f32],
}

impl SimdOp for Dots<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let step = STEP * ops.len();
        for (row, out) in self.rows.iter().zip(self.out) {
            let size = self.query.len().min(row.len());
            let (query, row) = (&self.query[..size], &row[..size]);
            let whole = size - size % step;
            let mut sums = [ops.zero(); STEP];
            for at in (0..whole).step_by(step) {
                let a = ops.load_many::<STEP>(&query[at..]);
                let b = ops.load_many::<STEP>(&row[at..]);
                for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                    *sum = ops.mul_add(a, b, *sum);
                }
            }
            let sum = ops.add(ops.add(sums[0], sums[1]), ops.add(sums[2], sums[3]));
            let rest: f32 = query[whole..].iter().zip(&row[whole..]).map(|(a, b)| a * b).sum();
            *out = sum.to_array().into_iter().sum::<f32>() + rest;
        }
    }
}

#[cfg(test)]
mod tests {
    //! Against the sum written out in f64, for every length.

    use super::*;

    #[test]
    fn equals_the_sum_written_out() {
        for size in (0..200).chain([384, 768]) {
            let value = |n: usize| ((n * 7919 % 1000) as f32 - 500.0) / 500.0;
            let query: Vec<f32> = (0..size).map(value).collect();
            let rows: Vec<Vec<f32>> = (1..4)
                .map(|row| (0..size).map(|n| value(n * row + row)).collect())
                .collect();
            let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let mut found = Vec::new();
            dots(&query, &rows, &mut found);
            for (row, found) in rows.iter().zip(found) {
                let want: f64 = query.iter().zip(*row).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                assert!((f64::from(found) - want).abs() < 1e-4, "{size}: {found} {want}");
            }
        }
    }
}
