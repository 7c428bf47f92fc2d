//! The vectors of all rows, in blocks of fixed size: a single list would take up to twice its memory while it grows.

use super::super::entry::QuantizedVector;

/// Rows of a block. One thread compares a block at a time.
pub(super) const BLOCK: usize = 1024;

/// Vectors of one width by row.
pub(super) struct Vectors {
    width: usize,
    blocks: Vec<Box<[i8]>>,
    rows: usize,
}

impl Vectors {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            blocks: Vec::new(),
            rows: 0,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Adds the vector of the next row; zeros for a row without a vector of this width.
    pub(super) fn push(&mut self, vector: Option<&QuantizedVector>) {
        if self.rows.is_multiple_of(BLOCK) {
            self.blocks.push(vec![0; BLOCK * self.width].into_boxed_slice());
        }
        self.rows += 1;
        let row = self.rows - 1;
        if let Some(vector) = vector.filter(|vector| vector.values.len() == self.width) {
            self.row_mut(row).copy_from_slice(&vector.values);
        }
    }

    /// Copies the vector of one row to another.
    pub(super) fn copy(&mut self, from: usize, to: usize) {
        let vector = self.row(from).to_vec();
        self.row_mut(to).copy_from_slice(&vector);
    }

    /// Removes the rows from `rows` on.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.rows = rows;
        self.blocks.truncate(rows.div_ceil(BLOCK));
        // The next rows may have no vector.
        if let Some(last) = self.blocks.last_mut().filter(|_| !rows.is_multiple_of(BLOCK)) {
            last[rows % BLOCK * self.width..].fill(0);
        }
    }

    /// The blocks, each with `width` numbers for each of its rows. The last one may have more rows than were added.
    pub(super) fn blocks(&self) -> &[Box<[i8]>] {
        &self.blocks
    }

    fn row(&self, row: usize) -> &[i8] {
        let at = row % BLOCK * self.width;
        &self.blocks[row / BLOCK][at..at + self.width]
    }

    fn row_mut(&mut self, row: usize) -> &mut [i8] {
        let at = row % BLOCK * self.width;
        &mut self.blocks[row / BLOCK][at..at + self.width]
    }
}
