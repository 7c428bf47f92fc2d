//! Occurrences of labels of the lexicon.

use std::ops::Range;

/// A mention of a skill in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) skill: u32,
    /// The range of words.
    pub(super) words: Range<usize>,
    pub(super) bytes: Range<usize>,
    /// Whether the label is also an everyday word.
    pub(super) everyday: bool,
}
