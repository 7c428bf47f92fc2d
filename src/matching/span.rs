//! Spans of text: bytes internally, UTF-16 code units in results, as JavaScript strings use them.

use std::ops::Range;

/// A span of one of the original texts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TextSpan {
    /// The offset of the first UTF-16 code unit.
    pub start: usize,
    /// The offset after the last UTF-16 code unit.
    pub end: usize,
    /// The text of the span.
    pub text: String,
}

/// A map from byte offsets of a normalized text to those of the original.
#[derive(Debug, Clone, Default)]
pub(super) struct Offsets(Vec<Segment>);

/// A part of the normalized text, up to the next segment.
#[derive(Debug, Clone)]
struct Segment {
    /// The offset in the normalized text.
    at: u32,
    /// The offset in the original.
    from: u32,
    /// The end in the original, if the segment replaces other characters; `None` if it is a copy.
    until: Option<u32>,
}

impl Offsets {
    /// Adds a character at `at` that is a copy of the one at `from` in the original. `at` increases with each call.
    pub(super) fn copy(&mut self, at: usize, from: usize) {
        let (at, from) = (as_u32(at), as_u32(from));
        let last = self.0.last();
        if !last.is_some_and(|last| last.until.is_none() && last.from + (at - last.at) == from) {
            self.0.push(Segment { at, from, until: None });
        }
    }

    /// Adds text at `at` that replaces `taken` of the original.
    pub(super) fn replace(&mut self, at: usize, taken: Range<usize>) {
        self.0.push(Segment {
            at: as_u32(at),
            from: as_u32(taken.start),
            until: Some(as_u32(taken.end)),
        });
    }

    /// The range of the original that became this range of the normalized text.
    pub(super) fn original(&self, bytes: &Range<usize>) -> Range<usize> {
        let (first, last) = (as_u32(bytes.start), as_u32(bytes.end.max(bytes.start + 1) - 1));
        let start = self.containing(first).map_or(bytes.start, |part| match part.until {
            Some(_) => part.from as usize,
            None => (part.from + first - part.at) as usize,
        });
        if bytes.is_empty() {
            return start..start;
        }
        let end = self.containing(last).map_or(bytes.end, |part| match part.until {
            Some(until) => until as usize,
            None => (part.from + last - part.at) as usize + 1,
        });
        start..end
    }

    fn containing(&self, at: u32) -> Option<&Segment> {
        self.0[..self.0.partition_point(|part| part.at <= at)].last()
    }
}

/// The distance in bytes between stored offsets, which bounds the scan of a conversion.
const STRIDE: usize = 64;

/// Converts byte offsets of a normalized text into UTF-16 offsets of the original.
#[derive(Debug, Clone, Default)]
pub(super) struct Utf16 {
    /// From the normalized text to the original.
    offsets: Offsets,
    /// The UTF-16 offset of the first character at or after `i * STRIDE`, with its byte offset.
    marks: Vec<(u32, u32)>,
}

impl Utf16 {
    /// `text` is the original, and `offsets` leads to it.
    pub(super) fn new(text: &str, offsets: Offsets) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut units = 0;
        for (at, c) in text.char_indices() {
            if at / STRIDE >= marks.len() {
                marks.push((as_u32(at), units));
            }
            units += as_u32(c.len_utf16());
        }
        Self { offsets, marks }
    }

    /// The UTF-16 offset of byte `at`, which must be on a character boundary.
    fn units(&self, text: &str, at: usize) -> usize {
        let below = self.marks.partition_point(|&(byte, _)| byte as usize <= at);
        let Some(&(byte, units)) = below.checked_sub(1).and_then(|i| self.marks.get(i)) else {
            return 0;
        };
        let rest = text.get(byte as usize..at).unwrap_or_default();
        units as usize + rest.chars().map(char::len_utf16).sum::<usize>()
    }

    /// The span of these bytes of the normalized text in the original `text`, without leading and trailing white space.
    pub(super) fn span(&self, text: &str, bytes: &Range<usize>) -> TextSpan {
        let bytes = self.offsets.original(bytes);
        let slice = text.get(bytes.clone()).unwrap_or_default();
        let start = bytes.start + (slice.len() - slice.trim_start().len());
        let slice = slice.trim();
        TextSpan {
            start: self.units(text, start),
            end: self.units(text, start + slice.len()),
            text: slice.to_owned(),
        }
    }
}

/// Texts are far below 4 GiB: the server accepts at most 6 MiB.
pub(super) fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Counts are far below 2^32.
pub(super) fn ratio(count: usize, of: usize) -> f64 {
    f64::from(as_u32(count)) / f64::from(as_u32(of.max(1)))
}

/// The lines of a text with their byte offsets.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn offsets_slice_what_the_bytes_hold(text in "\\PC{0,300}", a in 0usize..300, b in 0usize..300) {
            let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (bounds[a % bounds.len()], bounds[b % bounds.len()]);
            let span = Utf16::new(&text, Offsets::default()).span(&text, &(a.min(b)..a.max(b)));
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(String::from_utf16(&units[span.start..span.end]).unwrap(), span.text);
        }
    }
}
