//! Matrix products in int8: weights are quantized once, by output, and activations dynamically, by row.
//!
//! rten-gemm provides the kernels (VNNI, AVX2, NEON). Without VNNI, two products are added in 16 bits, which 255 * 127
//! * 2 would overflow; activations have seven bits there.

use std::cell::RefCell;

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView;
use rten_vecmath::{Gelu, MinMax};

use super::Epilogue;
use crate::Result;

/// Rows at a time: their sums stay in the second-level cache.
const ROWS: usize = 48;

/// Weights and bias in int8, packed for this processor.
pub(super) struct Bytes {
    weight: PackedBMatrix<i8>,
    /// The quantization step of the weights, by output.
    steps: Vec<f32>,
    /// The sums of the weights, by output, for the activations' zero point. rten-gemm 0.27 can subtract it, but with
    /// zero points by row, its AVX2 kernel gave wrong sums for more than a dozen rows.
    totals: Vec<i32>,
    bias: Vec<f32>,
    /// The maximum quantized activation.
    highest: f32,
}

/// Buffers of a thread.
#[derive(Default)]
struct Scratch {
    bytes: Vec<u8>,
    zeros: Vec<i32>,
    /// The quantization step of the activations, by row.
    steps: Vec<f32>,
    sums: Vec<i32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Bytes {
    /// `weight` is `[outputs, inputs]`.
    pub(super) fn new(weight: &[f32], bias: Vec<f32>) -> Self {
        let inputs = weight.len() / bias.len();
        let gemm = GemmExecutor::<u8, i8, i32>::new();
        let step = |row: &[f32]| match row.iter().map(|weight| weight.abs()).fold(0.0, f32::max) {
            // An output without weights: any step is correct.
            0.0 => 1.0,
            most => most / f32::from(i8::MAX),
        };
        let steps: Vec<f32> = weight.chunks(inputs).map(step).collect();
        let rows = weight.chunks(inputs).zip(&steps);
        let rounded: Vec<i8> = rows
            .flat_map(|(row, step)| row.iter().map(move |weight| (weight / step).round_ties_even() as i8))
            .collect();
        let rows = rounded.chunks(inputs);
        let totals = rows
            .map(|row| row.iter().map(|weight| i32::from(*weight)).sum())
            .collect();
        let by_output = NdTensorView::from_data([bias.len(), inputs], rounded.as_slice());
        Self {
            weight: gemm.prepack_b(by_output.transposed()),
            steps,
            totals,
            bias,
            highest: if gemm.may_saturate() { 127.0 } else { 255.0 },
        }
    }

    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    pub(super) fn run(&self, x: &[f32], out: &mut [f32], then: Epilogue) -> Result<()> {
        // Created per thread, because it is not `Send`; it only selects a kernel.
        let gemm = GemmExecutor::<u8, i8, i32>::new();
        // Taken out, not borrowed: while the product waits, this thread may start another.
        let mut scratch = SCRATCH.take();
        let parts = x
            .chunks(ROWS * self.weight.rows())
            .zip(out.chunks_mut(ROWS * self.outputs()));
        let done = parts
            .into_iter()
            .try_for_each(|(x, out)| self.part(&gemm, x, out, then, &mut scratch));
        SCRATCH.set(scratch);
        done
    }

    fn part(
        &self,
        gemm: &GemmExecutor<u8, i8, i32>,
        x: &[f32],
        out: &mut [f32],
        then: Epilogue,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let inputs = self.weight.rows();
        let Scratch {
            bytes,
            zeros,
            steps,
            sums,
        } = scratch;
        bytes.resize(x.len(), 0);
        zeros.clear();
        steps.clear();
        sums.resize(out.len(), 0);
        for (row, bytes) in x.chunks_exact(inputs).zip(bytes.chunks_exact_mut(inputs)) {
            let highest = self.highest;
            let (step, zero) = Round { row, bytes, highest }.dispatch();
            zeros.push(i32::from(zero));
            steps.push(step);
        }
        let view = NdTensorView::from_data([steps.len(), inputs], bytes.as_slice());
        let options = GemmOptions::default();
        gemm.gemm(
            sums,
            GemmInputA::Unpacked(view),
            GemmInputB::Packed(&self.weight),
            options,
        )?;
        Widen {
            layer: self,
            steps,
            zeros,
            sums,
            out,
            then,
        }
        .dispatch();
        Ok(())
    }
}

/// Quantizes a row: returns the step and the zero point.
struct Round<'a> {
    row: &'a [f32],
    bytes: &'a mut [u8],
    highest: f32,
}

impl SimdOp for Round<'_> {
    type Output = (f32, u8);

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> (f32, u8) {
        let (ops, integers, shorts) = (isa.f32(), isa.i32(), isa.i16());
        let (least, most) = MinMax::new(self.row).eval(isa);
        let (least, most) = (least.min(0.0), most.max(0.0));
        let step = ((most - least) / self.highest).max(f32::MIN_POSITIVE);
        let zero = (-least / step).round_ties_even() as u8;
        let (scale, shift) = (ops.splat(step.recip()), integers.splat(i32::from(zero)));
        let chunks = self.row.chunks_exact(4 * ops.len());
        for (row, bytes) in chunks.zip(self.bytes.chunks_exact_mut(4 * ops.len())) {
            let mut rounded = [shift; 4];
            for (rounded, x) in rounded.iter_mut().zip(ops.load_many::<4>(row)) {
                *rounded = integers.add(*rounded, ops.to_int_round(ops.mul(x, scale)));
            }
            let [a, b, c, d] = rounded;
            let (low, high) = (integers.narrow_saturate(a, b), integers.narrow_saturate(c, d));
            isa.u8().store(shorts.narrow_saturate(low, high), bytes);
        }
        (step, zero)
    }
}

/// Converts integer sums to floats.
struct Widen<'a> {
    layer: &'a Bytes,
    steps: &'a [f32],
    zeros: &'a [i32],
    sums: &'a [i32],
    out: &'a mut [f32],
    then: Epilogue,
}

impl SimdOp for Widen<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (ops, integers) = (isa.f32(), isa.i32());
        let lanes = ops.len();
        let outputs = self.layer.outputs();
        let rows = self.sums.chunks_exact(outputs).zip(self.out.chunks_exact_mut(outputs));
        let Bytes {
            steps, totals, bias, ..
        } = self.layer;
        for ((step, zero), (sums, out)) in self.steps.iter().zip(self.zeros).zip(rows) {
            let (step, zero) = (ops.splat(*step), integers.splat(*zero));
            let layer = steps
                .chunks_exact(lanes)
                .zip(totals.chunks_exact(lanes))
                .zip(bias.chunks_exact(lanes));
            let row = sums.chunks_exact(lanes).zip(out.chunks_exact_mut(lanes));
            for (((steps, totals), bias), (sums, out)) in layer.zip(row) {
                let worth = ops.mul(step, ops.load(steps));
                let sum = integers.sub(integers.load(sums), integers.mul(zero, integers.load(totals)));
                let sum = ops.mul_add(integers.to_float(sum), worth, ops.load(bias));
                let sum = match self.then {
                    Epilogue::Store => sum,
                    Epilogue::Gelu => Gelu {}.eval(isa, sum),
                    Epilogue::Add => ops.add(sum, ops.load(out)),
                };
                ops.store(sum, out);
            }
        }
    }
}
