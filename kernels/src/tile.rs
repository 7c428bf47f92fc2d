//! The tile of a matrix product: a few rows of two vectors each, whose sums stay in registers.

use rten_simd::Isa;
use rten_simd::ops::{BitOps as _, NumOps as _};

/// Rows of a tile: the sums of six rows of two vectors fit into sixteen registers.
pub(super) const ROWS: usize = 6;
/// Vectors per row.
pub(super) const VECTORS: usize = 2;

/// The sums of `R` rows.
pub(super) type Sums<I, const R: usize> = [[<I as Isa>::F32; VECTORS]; R];

/// Adds the products of every row's first `depth` numbers with the lines of the other matrix.
///
/// Rows and vectors are written out, because arrays with constant indices stay in registers at every level of optimization.
#[inline(always)]
pub(super) fn add_products<I: Isa, const R: usize>(
    isa: I,
    rows: &[impl AsRef<[f32]>; R],
    depth: usize,
    lines: impl Iterator<Item = [I::F32; VECTORS]>,
    mut sums: Sums<I, R>,
) -> Sums<I, R> {
    const { assert!(R <= ROWS) };
    let ops = isa.f32();
    for (k, line) in (0..depth).zip(lines) {
        macro_rules! add {
            ($($row:literal)*) => {
                $(if $row < R {
                    let factor = ops.splat(rows[$row].as_ref()[k]);
                    sums[$row][0] = ops.mul_add(factor, line[0], sums[$row][0]);
                    sums[$row][1] = ops.mul_add(factor, line[1], sums[$row][1]);
                })*
            };
        }
        add!(0 1 2 3 4 5);
    }
    sums
}
