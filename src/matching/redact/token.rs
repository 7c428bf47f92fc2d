//! Words of a line with their offsets.

use std::ops::Range;

/// A word of a line.
pub(super) struct Token<'t> {
    pub(super) bytes: Range<usize>,
    pub(super) text: &'t str,
    pub(super) folded: String,
}

impl Token<'_> {
    pub(super) fn capital(&self) -> bool {
        !self.text.starts_with(char::is_lowercase) || self.text.contains(char::is_uppercase)
    }

    pub(super) fn upper(&self) -> bool {
        self.text.len() > 1 && !self.text.contains(char::is_lowercase) && self.text.contains(char::is_uppercase)
    }
}
