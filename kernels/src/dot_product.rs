//! Dot products of vectors with many others, the basis of ranking by embeddings.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

use crate::WIDTH;

/// Rows and queries of a tile, limited by the number of registers.
const ROWS: usize = 4;
const QUERIES: usize = 2;
/// Instruction sets with registers of at least so many elements have twice as many.
const WIDE: usize = 16;
const WIDE_ROWS: usize = 2 * ROWS;

/// The dot product of every query with every row, into `out`, query by query. Rows must be at least as long as the
/// queries; excess elements are ignored. A result does not depend on the other rows and queries.
pub fn dot_product(queries: &[&[f32]], rows: &[&[f32]], out: &mut Vec<f32>) {
    out.clear();
    out.resize(queries.len() * rows.len(), 0.0);
    let [wide_queries, wide_rows] = [queries, rows].map(|vectors| {
        let wide = vectors.iter().map(|vector| <&[f32; WIDTH]>::try_from(*vector));
        wide.collect::<Result<Vec<_>, _>>()
    });
    match (wide_queries, wide_rows) {
        (Ok(queries), Ok(rows)) => {
            let (queries, rows) = (&queries, &rows);
            Dots { queries, rows, out }.dispatch();
        }
        _ => {
            let pairs = queries
                .iter()
                .flat_map(|query| rows.iter().map(move |row| (query, row)));
            for ((query, row), out) in pairs.zip(out) {
                *out = query.iter().zip(*row).map(|(a, b)| a * b).sum();
            }
        }
    }
}

/// Of embeddings, which are what most vectors are.
struct Dots<'a> {
    queries: &'a [&'a [f32; WIDTH]],
    rows: &'a [&'a [f32; WIDTH]],
    out: &'a mut [f32],
}

impl SimdOp for Dots<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        if self.queries.is_empty() {
        } else if isa.f32().len() >= WIDE && self.rows.len() >= WIDE_ROWS {
            tiles::<I, WIDE_ROWS>(isa, self.queries, self.rows, self.out);
        } else {
            tiles::<I, ROWS>(isa, self.queries, self.rows, self.out);
        }
    }
}

/// All tiles of this many rows.
#[inline(always)]
fn tiles<I: Isa, const R: usize>(isa: I, queries: &[&[f32; WIDTH]], all: &[&[f32; WIDTH]], out: &mut [f32]) {
    let width = all.len();
    // The rows of a tile stay in the cache while the queries pass.
    for at in (0..width).step_by(R) {
        // The last tile begins with rows of the one before, which costs less than one row at a time.
        let at = at.min(width.saturating_sub(R));
        let mut out = &mut out[at..];
        let (pairs, last) = queries.as_chunks::<QUERIES>();
        match all[at..].first_chunk::<R>() {
            Some(rows) => {
                for queries in pairs {
                    tile(isa, queries, rows, width, out);
                    out = out.get_mut(QUERIES * width..).unwrap_or_default();
                }
                for (query, out) in last.iter().zip(out.chunks_mut(width)) {
                    tile(isa, &[*query], rows, width, out);
                }
            }
            None => {
                for (query, out) in queries.iter().zip(out.chunks_mut(width)) {
                    for (row, out) in all.iter().zip(out) {
                        tile(isa, &[*query], &[*row], 1, std::slice::from_mut(out));
                    }
                }
            }
        }
    }
}

/// Every query with every row of a tile; the results of the next query are `width` elements further on.
#[inline(always)]
fn tile<I: Isa, const Q: usize, const R: usize>(
    isa: I,
    queries: &[&[f32; WIDTH]; Q],
    rows: &[&[f32; WIDTH]; R],
    width: usize,
    out: &mut [f32],
) {
    let ops = isa.f32();
    let mut sums = [[ops.zero(); R]; Q];
    // Loops, because closures over arrays are not compiled for this instruction set.
    for at in (0..WIDTH).step_by(ops.len()) {
        let mut here = [ops.zero(); R];
        for (here, row) in here.iter_mut().zip(rows) {
            *here = ops.load(&row[at..]);
        }
        for (query, sums) in queries.iter().zip(&mut sums) {
            let query = ops.load(&query[at..]);
            for (row, sum) in here.iter().zip(sums) {
                *sum = ops.mul_add(query, *row, *sum);
            }
        }
    }
    for (sums, out) in sums.into_iter().zip(out.chunks_mut(width)) {
        for (sum, out) in sums.into_iter().zip(out) {
            *out = ops.sum(sum);
        }
    }
}

/// The dot product of a query with a row of bytes, below 2³¹.
pub fn dot_product_i8(query: &[i16], row: &[i8]) -> i32 {
    match (query.try_into(), row.try_into()) {
        (Ok(query), Ok(row)) => ByteDot { query, row }.dispatch(),
        _ => {
            let products = query.iter().zip(row).map(|(a, b)| i32::from(*a) * i32::from(*b));
            products.sum()
        }
    }
}

struct ByteDot<'a> {
    query: &'a [i16; WIDTH],
    row: &'a [i8; WIDTH],
}

impl SimdOp for ByteDot<'_> {
    type Output = i32;

    // The loop is compiled for the instruction set of `I`.
    #[inline(always)]
    fn eval<I: Isa>(self, _: I) -> i32 {
        let mut sum = 0;
        for at in 0..WIDTH {
            sum += i32::from(self.query[at]) * i32::from(i16::from(self.row[at]));
        }
        sum
    }
}

/// The bytes of a row of 128 numbers of four bits.
const HALF_BYTES: usize = 64;
/// Rows that are read at once, from different places: a single place does not use all that the memory delivers.
const STREAMS: usize = 4;

/// The dot product of a query of 128 numbers with rows of unsigned numbers of four bits that follow each other, into `out`.
/// The byte at `i` of a row holds number `i` in its low half and number `i + 64` in its high half. The sum is below 2³¹. A
/// query of another length sets `out` to 0.
pub fn dot_product_u4(query: &[i16], rows: &[u8], out: &mut [i32]) {
    let (rows, _) = rows.as_chunks();
    match query
        .split_at_checked(HALF_BYTES)
        .map(|(low, high)| (low.try_into(), high.try_into()))
    {
        Some((Ok(low), Ok(high))) => HalfByteDots { low, high, rows, out }.dispatch(),
        _ => out.fill(0),
    }
}

struct HalfByteDots<'a> {
    low: &'a [i16; HALF_BYTES],
    high: &'a [i16; HALF_BYTES],
    rows: &'a [[u8; HALF_BYTES]],
    out: &'a mut [i32],
}

impl SimdOp for HalfByteDots<'_> {
    type Output = ();

    // The loops are compiled for the instruction set of `I`.
    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let count = self.rows.len().min(self.out.len());
        let each = count / STREAMS;
        for at in 0..each {
            for stream in 0..STREAMS {
                let place = stream * each + at;
                self.out[place] = half_byte_dot(&self.rows[place], self.low, self.high);
            }
        }
        for place in STREAMS * each..count {
            self.out[place] = half_byte_dot(&self.rows[place], self.low, self.high);
        }
    }
}

#[inline(always)]
fn half_byte_dot(row: &[u8; HALF_BYTES], low: &[i16; HALF_BYTES], high: &[i16; HALF_BYTES]) -> i32 {
    let mut sum = 0;
    for at in 0..HALF_BYTES {
        sum += i32::from(i16::from(row[at] & 0xf)) * i32::from(low[at]);
        sum += i32::from(i16::from(row[at] >> 4)) * i32::from(high[at]);
    }
    sum
}

#[cfg(test)]
mod tests {
    //! Compared with the sum in f64, for every shape at the edges.

    use super::*;

    fn vectors(seeds: std::ops::Range<usize>, size: usize) -> Vec<Vec<f32>> {
        let value = |n: usize| ((n * 7919 % 1000) as f32 - 500.0) / 500.0;
        seeds
            .map(|seed| (0..size).map(|n| value(n * seed + seed)).collect())
            .collect()
    }

    #[test]
    fn equals_the_sum_written_out_and_does_not_depend_on_its_neighbours() {
        for size in [0, 1, 7, 100, WIDTH, 2 * WIDTH] {
            let (queries, rows) = (vectors(1..6, size), vectors(6..16, size));
            let [queries, rows]: [Vec<&[f32]>; 2] =
                [&queries, &rows].map(|vectors| vectors.iter().map(Vec::as_slice).collect());
            for (some, few) in (0..=queries.len()).flat_map(|q| (0..=rows.len()).map(move |r| (q, r))) {
                let (queries, rows) = (&queries[..some], &rows[..few]);
                let mut found = Vec::new();
                dot_product(queries, rows, &mut found);
                assert_eq!(found.len(), some * few);
                let pairs = queries
                    .iter()
                    .flat_map(|query| rows.iter().map(move |row| (query, row)));
                for ((query, row), found) in pairs.zip(found) {
                    let products = query.iter().zip(*row).map(|(a, b)| f64::from(*a) * f64::from(*b));
                    let want: f64 = products.sum();
                    assert!((f64::from(found) - want).abs() < 1e-4, "{size}: {found} {want}");
                    let mut alone = Vec::new();
                    dot_product(&[query], &[row], &mut alone);
                    assert_eq!(alone[0].to_bits(), found.to_bits(), "{size}");
                }
            }
        }
    }

    #[test]
    fn products_of_half_bytes_are_exact_for_every_number_of_rows() {
        let number = |n: usize| i16::try_from((n * 7919 % 255) as i32 - 127).unwrap();
        let query: Vec<i16> = (0..128).map(|n| if n % 5 == 0 { -127 } else { number(n) }).collect();
        for count in 0..11 {
            let rows: Vec<u8> = (0..count * HALF_BYTES).map(|n| (n * 7919 % 256) as u8).collect();
            let mut found = vec![0; count];
            dot_product_u4(&query, &rows, &mut found);
            let want = rows.chunks_exact(HALF_BYTES).map(|row| {
                let numbers = row.iter().map(|byte| byte % 16).chain(row.iter().map(|byte| byte / 16));
                let products = numbers.zip(&query).map(|(a, b)| i32::from(a) * i32::from(*b));
                products.sum::<i32>()
            });
            assert_eq!(found, want.collect::<Vec<_>>());
            dot_product_u4(&query[1..], &rows, &mut found);
            assert_eq!(found, vec![0; count]);
        }
    }

    #[test]
    fn products_of_bytes_are_exact() {
        for size in [0, 1, 7, WIDTH - 1, WIDTH, WIDTH + 1] {
            let query: Vec<i16> = (0..size).map(|n| (n * 7919 % 255) as i16 - 127).collect();
            let row: Vec<i8> = (0..size).map(|n| ((n * 104_729 + 5) % 256) as u8 as i8).collect();
            let want: i64 = query.iter().zip(&row).map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
            assert_eq!(i64::from(dot_product_i8(&query, &row)), want, "{size}");
        }
    }

    #[test]
    fn what_is_longer_than_the_rest_is_cut() {
        let mut found = Vec::new();
        let rows: [&[f32]; 5] = [&[1.0, 1.0], &[1.0, 1.0, 1.0, 9.0], &[], &[1.0], &[1.0]];
        dot_product(&[&[1.0, 2.0, 3.0], &[5.0]], &rows, &mut found);
        assert_eq!(found, [3.0, 6.0, 0.0, 1.0, 1.0, 5.0, 5.0, 0.0, 5.0, 5.0]);
    }
}
