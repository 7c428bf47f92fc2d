//! A line of a resume with its section.

use std::ops::Range;

use super::super::english::SectionKind;

/// A logical line that is not a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Line {
    pub(in crate::matching) bytes: Range<usize>,
    pub(in crate::matching) section: SectionKind,
    /// Whether it is an item with a marker.
    pub(in crate::matching) item: bool,
    pub(in crate::matching) blank_before: bool,
    /// Whether it is the first after a heading.
    pub(in crate::matching) first: bool,
}
