//! Linear layers with packed weights: `x W + b` and an epilogue.

mod float;
mod int8;

use crate::{Precision, Result};
use float::Panels;
use int8::Bytes;

/// Weights and bias of a layer, packed for this processor.
pub struct Linear(Packed);

enum Packed {
    F32(Panels),
    Int8(Bytes),
}

/// The epilogue applied to the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Epilogue {
    /// Stores the sums.
    Store,
    /// Stores the GELU of the sums.
    Gelu,
    /// Adds the sums to the output.
    Add,
}

impl Linear {
    /// `weight` is `[outputs, inputs]`, as PyTorch stores it; it is rounded to f16, or quantized to int8 by output.
    ///
    /// # Panics
    /// The number of inputs is not a multiple of 384, or that of outputs not a multiple of 32.
    #[must_use]
    pub fn new(weight: &[f32], bias: Vec<f32>, precision: Precision) -> Self {
        assert!(bias.len().is_multiple_of(32) && weight.len().is_multiple_of(384 * bias.len()));
        Self(match precision {
            Precision::F32 => Packed::F32(Panels::new(weight, bias)),
            Precision::Int8 => Packed::Int8(Bytes::new(weight, bias)),
        })
    }

    pub(super) fn outputs(&self) -> usize {
        match &self.0 {
            Packed::F32(panels) => panels.outputs(),
            Packed::Int8(bytes) => bytes.outputs(),
        }
    }

    /// `x` is `[rows, inputs]`, `out` is `[rows, outputs]`. The caller must not borrow thread-local data: int8
    /// distributes work to other threads and may run theirs while it waits.
    ///
    /// # Errors
    /// The shapes do not match.
    pub fn run(&self, x: &[f32], out: &mut [f32], then: Epilogue) -> Result<()> {
        match &self.0 {
            Packed::F32(panels) => panels.run(x, out, then),
            Packed::Int8(bytes) => bytes.run(x, out, then)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    //! Compared with products in f64, for random numbers and every way to split rows into tiles.

    use proptest::prelude::*;

    use super::*;

    const INPUTS: usize = 768;
    const OUTPUTS: usize = 64;

    /// SplitMix64; a linear congruential generator would repeat along the columns.
    fn numbers(seed: u32, count: usize) -> Vec<f32> {
        let mut state = u64::from(seed) << 32;
        (0..count)
            .map(|_| {
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1 << 23) as f32 - 1.0
            })
            .collect()
    }

    /// By Abramowitz and Stegun 7.1.26.
    fn gelu(x: f64) -> f64 {
        let z = x.abs() / 2.0_f64.sqrt();
        let t = 1.0 / (1.0 + 0.327_591_1 * z);
        let tail = [
            1.061_405_429,
            -1.453_152_027,
            1.421_413_741,
            -0.284_496_736,
            0.254_829_592,
        ]
        .into_iter()
        .fold(0.0, |sum, a| (sum + a) * t);
        let erf = (1.0 - tail * (-z * z).exp()).copysign(x);
        0.5 * x * (1.0 + erf)
    }

    /// A row of the result.
    fn plain(x: &[f32], weight: &[f32], bias: &[f32], before: &[f32], then: Epilogue) -> Vec<f64> {
        let mut sums: Vec<_> = bias.iter().copied().map(f64::from).collect();
        for (sum, weights) in sums.iter_mut().zip(weight.chunks(INPUTS)) {
            for (x, weight) in x.iter().zip(weights) {
                *sum += f64::from(*x) * f64::from(*weight);
            }
        }
        sums.into_iter()
            .zip(before)
            .map(|(sum, before)| match then {
                Epilogue::Store => sum,
                Epilogue::Gelu => gelu(sum),
                Epilogue::Add => sum + f64::from(*before),
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Up to four tiles of rows, and around the 48 that int8 processes at a time.
        #[test]
        fn equals_a_product_written_out(rows in prop_oneof![1_usize..25, 47_usize..51], seed: u32) {
            // f16 represents multiples of 2^-10 up to 1 exactly, so packing loses nothing.
            let weight: Vec<_> = numbers(seed, INPUTS * OUTPUTS).iter().map(|x| (x * 1024.0).round() / 1024.0).collect();
            let bias = numbers(!seed, OUTPUTS);
            let (x, before) = (numbers(seed ^ 1, rows * INPUTS), numbers(seed ^ 2, rows * OUTPUTS));
            // The first and the last row, and some in between.
            let looked_at: Vec<_> = (0..rows).step_by(7).chain([rows - 1]).collect();
            // int8: half a step of every input and every weight, with random signs.
            for (precision, bound) in [(Precision::F32, 1e-4), (Precision::Int8, 0.6)] {
                let linear = Linear::new(&weight, bias.clone(), precision);
                for then in [Epilogue::Store, Epilogue::Gelu, Epilogue::Add] {
                    let mut out = before.clone();
                    linear.run(&x, &mut out, then).unwrap();
                    for row in &looked_at {
                        let (x, before) = (&x[row * INPUTS..][..INPUTS], &before[row * OUTPUTS..][..OUTPUTS]);
                        let expected = plain(x, &weight, &bias, before, then);
                        for (found, expected) in out[row * OUTPUTS..].iter().zip(expected) {
                            prop_assert!((f64::from(*found) - expected).abs() < bound, "{then:?} {} {}", found, expected);
                        }
                    }
                }
            }
        }
    }
}
