//! Layer norm, row by row, in place.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

use crate::{EPSILON, WIDTH};

/// Scale and shift of a layer norm.
#[derive(Debug, Clone)]
pub struct Norm {
    /// The factors, [`WIDTH`] of them.
    pub gamma: Vec<f32>,
    /// The summands, as many.
    pub beta: Vec<f32>,
}

/// Vectors summed independently, to hide the latency of additions.
const ABREAST: usize = 4;

impl Norm {
    /// Normalizes each row to mean 0 and variance 1, then scales and shifts it.
    pub(super) fn run(&self, x: &mut [f32]) {
        Rows { norm: self, x }.dispatch();
    }
}

struct Rows<'a> {
    norm: &'a Norm,
    x: &'a mut [f32],
}

impl SimdOp for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Norm { gamma, beta } = self.norm;
        let ops = isa.f32();
        let lanes = ops.len();
        for row in self.x.chunks_exact_mut(WIDTH) {
            let mut sums = [ops.zero(); ABREAST];
            for line in row.chunks_exact(ABREAST * lanes) {
                let line = ops.load_many::<ABREAST>(line);
                for (sum, x) in sums.iter_mut().zip(line) {
                    *sum = ops.add(*sum, x);
                }
            }
            let mean = ops.splat(sum(isa, sums) / WIDTH as f32);
            let mut sums = [ops.zero(); ABREAST];
            for line in row.chunks_exact(ABREAST * lanes) {
                let line = ops.load_many::<ABREAST>(line);
                for (sum, x) in sums.iter_mut().zip(line) {
                    let x = ops.sub(x, mean);
                    *sum = ops.mul_add(x, x, *sum);
                }
            }
            let variance = sum(isa, sums) / WIDTH as f32;
            let scale = ops.splat((variance + EPSILON as f32).sqrt().recip());
            let parameters = gamma.chunks_exact(lanes).zip(beta.chunks_exact(lanes));
            for (x, (gamma, beta)) in row.chunks_exact_mut(lanes).zip(parameters) {
                let scaled = ops.mul(ops.sub(ops.load(x), mean), scale);
                ops.store(ops.mul_add(scaled, ops.load(gamma), ops.load(beta)), x);
            }
        }
    }
}

#[inline(always)]
fn sum<I: Isa>(isa: I, [a, b, c, d]: [I::F32; ABREAST]) -> f32 {
    let ops = isa.f32();
    ops.sum(ops.add(ops.add(a, b), ops.add(c, d)))
}
