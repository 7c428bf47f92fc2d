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
    /// Whether it is an acronym.
    pub(super) acronym: bool,
    /// Whether it is shown as the label of its skill.
    pub(super) labelled: bool,
    /// Whether it is a common name that means little else.
    pub(super) certain: bool,
}
