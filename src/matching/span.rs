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

/// The distance in bytes between stored offsets, which bounds the scan of a conversion.
const STRIDE: usize = 64;

/// Converts byte offsets of a text into UTF-16 offsets in constant time.
#[derive(Debug, Clone, Default)]
pub(super) struct Utf16 {
    /// The UTF-16 offset of the first character at or after `i * STRIDE`, with its byte offset.
    marks: Vec<(u32, u32)>,
}

impl Utf16 {
    pub(super) fn new(text: &str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut units = 0;
        for (at, c) in text.char_indices() {
            if at / STRIDE >= marks.len() {
                marks.push((as_u32(at), units));
            }
            units += as_u32(c.len_utf16());
        }
        Self { marks }
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

    /// The span of these bytes, without leading and trailing white space.
    pub(super) fn span(&self, text: &str, bytes: &Range<usize>) -> TextSpan {
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
            let span = Utf16::new(&text).span(&text, &(a.min(b)..a.max(b)));
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(String::from_utf16(&units[span.start..span.end]).unwrap(), span.text);
        }
    }
}
