//! Borders of the cell, line or phrase that a date is in.

use super::Reader;
use super::token::Kind;

impl Reader<'_> {
    pub(super) fn starts_line(&self, at: usize) -> bool {
        at == 0 || matches!(self.kind(at - 1), Some(Kind::Space { lines: 1.., .. }))
    }

    pub(super) fn ends_line(&self, next: usize) -> bool {
        matches!(self.kind(next), None | Some(Kind::Space { lines: 1.., .. }))
    }

    pub(super) fn starts_segment(&self, at: usize) -> bool {
        let before = match at.checked_sub(1).and_then(|before| self.kind(before)) {
            Some(Kind::Space { lines: 0, wide: false }) => at.checked_sub(2),
            _ => at.checked_sub(1),
        };
        match before.and_then(|before| self.kind(before)) {
            None | Some(Kind::Space { .. }) => true,
            Some(Kind::Sign(sign)) => is_border(sign),
            _ => false,
        }
    }

    pub(super) fn ends_segment(&self, next: usize) -> bool {
        let next = match self.kind(next) {
            Some(Kind::Space { lines: 0, wide: false }) => next + 1,
            _ => next,
        };
        match self.kind(next) {
            None | Some(Kind::Space { .. }) => true,
            Some(Kind::Sign('.')) => self.ends_line(next + 1),
            Some(Kind::Sign(sign)) => is_border(sign),
            _ => false,
        }
    }

    pub(super) fn ends_sentence(&self, dot: usize) -> bool {
        matches!(self.kind(dot + 1), None | Some(Kind::Space { .. }))
    }

    /// Whether a word goes on: `to dates`, `presently`.
    pub(super) fn glued(&self, next: usize) -> bool {
        matches!(self.kind(next), Some(Kind::Number { .. } | Kind::Word { joins: false }))
    }
}

fn is_border(sign: char) -> bool {
    matches!(
        sign,
        '|' | ','
            | ';'
            | '('
            | ')'
            | '['
            | ']'
            | '\u{b7}'
            | '\u{2022}'
            | ':'
            | '-'
            | '\u{2013}'
            | '*'
            | '\u{25cf}'
            | '\u{25aa}'
            | '\u{f0b7}'
            | '_'
            | '/'
    )
}
