//! Matrix products in f32, with epilogues applied while sums are in registers.
//!
//! A tile is a few rows of `x` against one panel of `W`, the panel as wide as two vectors. The panel stays in the first
//! cache while all rows of a block go by, and the next panel is fetched meanwhile. Weights are kept as f16, as the model's
//! file has them: to read them from memory takes longer than to multiply a few rows by them. The first tile widens a panel
//! while it multiplies, and for many rows it leaves what it widened to the others.
//!
//! Every sum adds its terms in the same order regardless of the other rows, so the result for a text does not depend on
//! its batch.

use std::cell::RefCell;

use half::slice::HalfFloatSliceExt as _;
use rten_simd::ops::{BitOps, Extend, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp, f16};
use rten_vecmath::Gelu;

use super::Epilogue;
use crate::tile::{ROWS, VECTORS, add_products};

/// Inputs of a panel.
const DEPTH: usize = 384;
/// Number of rows up to which every tile converts the panel itself.
const AT_ONCE: usize = ROWS;

/// Weights and bias, packed for this processor.
pub(super) struct Panels {
    /// By blocks of [`DEPTH`] inputs, then by panels, then by inputs.
    panels: Vec<f16>,
    bias: Vec<f32>,
    inputs: usize,
    /// Outputs of a panel.
    width: usize,
}

thread_local! {
    /// The current panel, converted to f32.
    static WIDE: RefCell<Vec<f32>> = RefCell::default();
}

impl Panels {
    /// `weight` is `[outputs, inputs]`; it is rounded to f16.
    pub(super) fn new(weight: &[f32], bias: Vec<f32>) -> Self {
        let inputs = weight.len() / bias.len();
        let width = PanelWidth.dispatch();
        let mut rounded = vec![half::f16::ZERO; weight.len()];
        rounded.convert_from_f32_slice(weight);
        let mut panels = vec![f16::from_bits(0); weight.len()];
        let mut packed = panels.chunks_exact_mut(DEPTH * width);
        for block in 0..inputs / DEPTH {
            for outputs in rounded.chunks_exact(width * inputs) {
                let Some(panel) = packed.next() else { break };
                for (output, row) in outputs.chunks_exact(inputs).enumerate() {
                    let places = panel[output..].iter_mut().step_by(width);
                    for (place, x) in places.zip(&row[block * DEPTH..][..DEPTH]) {
                        *place = f16::from_bits(x.to_bits());
                    }
                }
            }
        }
        Self {
            panels,
            bias,
            inputs,
            width,
        }
    }

    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// `x` is `[rows, inputs]`, `out` is `[rows, outputs]`.
    pub(super) fn run(&self, x: &[f32], out: &mut [f32], then: Epilogue) {
        WIDE.with_borrow_mut(|wide| {
            wide.resize(DEPTH * self.width, 0.0);
            let rows = x.len() / self.inputs;
            let columns = self.outputs() / self.width;
            for (at, panel) in self.panels.chunks_exact(DEPTH * self.width).enumerate() {
                let (block, column) = (at / columns, at % columns * self.width);
                let next = self.panels.get((at + 1) * panel.len()..).unwrap_or_default();
                let strip = Strip {
                    x: &x[block * DEPTH..],
                    x_stride: self.inputs,
                    panel,
                    wide: (rows > AT_ONCE).then_some(&mut *wide),
                    next: &next[..panel.len().min(next.len())],
                    bias: (block == 0).then(|| &self.bias[column..column + self.width]),
                    out: &mut out[column..],
                    out_stride: self.outputs(),
                    resume: block > 0 || then == Epilogue::Add,
                    gelu: (block + 1) * DEPTH == self.inputs && then == Epilogue::Gelu,
                };
                strip.run(rows);
            }
        });
    }
}

struct PanelWidth;

impl SimdOp for PanelWidth {
    type Output = usize;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> usize {
        VECTORS * isa.f32().len()
    }
}

/// All rows against one panel.
struct Strip<'a> {
    x: &'a [f32],
    x_stride: usize,
    panel: &'a [f16],
    /// The buffer in which the first tile stores the converted panel.
    wide: Option<&'a mut [f32]>,
    /// The next panel.
    next: &'a [f16],
    bias: Option<&'a [f32]>,
    out: &'a mut [f32],
    out_stride: usize,
    /// Whether the sums start with the values in `out`.
    resume: bool,
    gelu: bool,
}

/// Consecutive tiles of `R` rows each.
struct Tiles<'a, 'b, const R: usize> {
    strip: &'a mut Strip<'b>,
    first: usize,
    count: usize,
    /// The amount of `next` that is prefetched with each tile.
    share: usize,
}

impl Strip<'_> {
    /// Splits the rows into tiles of nearly equal size, larger ones first.
    fn run(mut self, rows: usize) {
        let tiles = rows.div_ceil(ROWS);
        let share = self.next.len().div_ceil(tiles);
        let larger = rows.div_ceil(tiles);
        let smaller = tiles * larger - rows;
        self.tiles(larger, 0, tiles - smaller, share);
        self.tiles(larger - 1, (tiles - smaller) * larger, smaller, share);
    }

    fn tiles(&mut self, rows: usize, first: usize, count: usize, share: usize) {
        macro_rules! of {
            ($($rows:literal)*) => {
                match rows {
                    $($rows => Tiles::<$rows> { strip: self, first, count, share }.dispatch(),)*
                    _ => {}
                }
            };
        }
        of!(1 2 3 4 5 6);
    }
}

impl<const R: usize> SimdOp for Tiles<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let width = VECTORS * ops.len();
        let Strip {
            x,
            x_stride,
            panel,
            wide,
            next,
            bias,
            out,
            out_stride,
            resume,
            gelu,
        } = self.strip;
        let bias = match bias {
            Some(bias) => ops.load_many::<VECTORS>(bias),
            None => [ops.zero(); VECTORS],
        };
        let mut next = next.chunks(self.share.max(1));
        for tile in 0..self.count {
            for line in next.next().unwrap_or_default().chunks(32) {
                isa.f16().prefetch(line.as_ptr());
            }
            let first = self.first + tile * R;
            let rows: [&[f32; DEPTH]; R] =
                std::array::from_fn(|row| x[(first + row) * *x_stride..].first_chunk().unwrap_or(&[0.0; DEPTH]));
            let mut sums = [bias; R];
            if *resume {
                for (row, sums) in sums.iter_mut().enumerate() {
                    let before = ops.load_many::<VECTORS>(&out[(first + row) * *out_stride..]);
                    for (sum, before) in sums.iter_mut().zip(before) {
                        *sum = ops.add(*sum, before);
                    }
                }
            }
            let packed = panel.chunks_exact(width);
            let sums = match wide {
                None => add_products(isa, &rows, DEPTH, packed.map(|line| intermediate(isa, line)), sums),
                Some(wide) if first == 0 => {
                    let lines = packed.zip(wide.chunks_exact_mut(width)).map(|(line, wide)| {
                        let vectors = intermediate(isa, line);
                        for (vector, wide) in vectors.into_iter().zip(wide.chunks_exact_mut(ops.len())) {
                            ops.store(vector, wide);
                        }
                        vectors
                    });
                    add_products(isa, &rows, DEPTH, lines, sums)
                }
                Some(wide) => {
                    let lines = wide.chunks_exact(width).map(|line| ops.load_many::<VECTORS>(line));
                    add_products(isa, &rows, DEPTH, lines, sums)
                }
            };
            for (row, sums) in sums.into_iter().enumerate() {
                let to = &mut out[(first + row) * *out_stride..][..width];
                for (to, sum) in to.chunks_exact_mut(ops.len()).zip(sums) {
                    let sum = if *gelu { Gelu {}.eval(isa, sum) } else { sum };
                    ops.store(sum, to);
                }
            }
        }
    }
}

/// A line of a panel: one vector of f16.
#[inline(always)]
fn intermediate<I: Isa>(isa: I, line: &[f16]) -> [I::F32; VECTORS] {
    let halves = isa.f16();
    let line = halves.load(line);
    [halves.extend_low(line), halves.extend_high(line)]
}
