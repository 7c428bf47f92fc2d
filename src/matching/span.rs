//! Places in a text: bytes inside, UTF-16 code units outside, because a browser slices strings by those.

use std::ops::Range;

/// A part of one of the two texts as it was given, before anything was blanked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TextSpan {
    /// First UTF-16 code unit.
    pub start: usize,
    /// One past the last UTF-16 code unit.
    pub end: usize,
    /// What stands there.
    pub text: String,
}

/// Distance in bytes between two remembered offsets: bounds the walk that each conversion costs.
const STRIDE: usize = 64;

/// Turns byte offsets of one text into UTF-16 offsets in constant time.
#[derive(Debug, Clone, Default)]
pub(super) struct Utf16 {
    /// UTF-16 code units before the first character that starts at or after `i * STRIDE`.
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

    /// UTF-16 code units before byte `at`, which must be a character's first byte or the end.
    fn units(&self, text: &str, at: usize) -> usize {
        let below = self.marks.partition_point(|&(byte, _)| byte as usize <= at);
        let Some(&(byte, units)) = below.checked_sub(1).and_then(|i| self.marks.get(i)) else {
            return 0;
        };
        let rest = text.get(byte as usize..at).unwrap_or_default();
        units as usize + rest.chars().map(char::len_utf16).sum::<usize>()
    }

    /// The span of these bytes; trailing and leading white space is left out.
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

/// Texts are far below 4 GiB: the server takes at most 6 MiB.
pub(super) fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Counts here are far below 2^32.
pub(super) fn ratio(count: usize, of: usize) -> f64 {
    f64::from(as_u32(count)) / f64::from(as_u32(of.max(1)))
}

/// The lines of a text with their first byte.
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
