//! Positions in a text.

use std::sync::Arc;

use async_graphql::Pos;

/// A text with the beginnings of its lines. Lines end as the specification says (section 2.1.2): with a line feed, a
/// carriage return, or both.
#[derive(Clone)]
pub(super) struct Lines {
    text: Arc<str>,
    starts: Arc<[usize]>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(index, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        });
        Self {
            text: text.into(),
            starts: std::iter::once(0).chain(ends.map(|(index, _)| index + 1)).collect(),
        }
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub(super) fn position(&self, offset: usize) -> Pos {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let before = self.text.get(self.starts[line - 1]..offset).unwrap_or_default();
        Pos {
            line,
            column: before.chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let lines = Lines::of("a\nb\r\né c\rd");
        for (offset, line, column) in [(0, 1, 1), (2, 2, 1), (5, 3, 1), (8, 3, 3), (10, 4, 1), (99, 4, 1)] {
            assert_eq!(lines.position(offset), Pos { line, column }, "{offset}");
        }
    }
}
