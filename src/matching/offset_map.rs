//! A text with parts left out, and the way back from its offsets to those of the original.

use std::ops::Range;

/// The character in place of a blanked span, whatever the span was. It counts as white space between words, but a line
/// or sentence that begins with it begins with a name.
pub(super) const BLANK: char = '\u{fffc}';

/// Maps byte offsets of a shortened text to the original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OffsetMap {
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    /// The offset of the first byte in the shortened text.
    start: usize,
    /// The bytes of the original.
    original: Range<usize>,
    /// Whether the bytes are the same in both texts.
    kept: bool,
}

impl OffsetMap {
    /// Appends bytes of the original to the shortened text.
    pub(super) fn keep(&mut self, clean: &mut String, text: &str, bytes: Range<usize>) {
        if bytes.is_empty() {
            return;
        }
        match self.segments.last_mut() {
            Some(last) if last.kept && last.original.end == bytes.start => last.original.end = bytes.end,
            _ => self.segments.push(Segment {
                start: clean.len(),
                original: bytes.clone(),
                kept: true,
            }),
        }
        clean.push_str(&text[bytes]);
    }

    /// Appends [`BLANK`] for bytes of the original.
    pub(super) fn blank(&mut self, clean: &mut String, bytes: Range<usize>) {
        self.segments.push(Segment {
            start: clean.len(),
            original: bytes,
            kept: false,
        });
        clean.push(BLANK);
    }

    /// The bytes of the original that this span of the shortened text covers.
    pub(super) fn original(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.find(span.start + 1).map_or(0, |segment| {
            if segment.kept {
                (segment.original.start + (span.start - segment.start)).min(segment.original.end)
            } else {
                segment.original.start
            }
        });
        if span.is_empty() {
            return start..start;
        }
        let end = self.find(span.end).map_or(start, |segment| {
            if segment.kept {
                (segment.original.start + (span.end - segment.start)).min(segment.original.end)
            } else {
                segment.original.end
            }
        });
        start..end.max(start)
    }

    /// The offsets of the shortened text at which parts of the original, such as a line with a name, are left out.
    pub(super) fn gaps(&self) -> Vec<usize> {
        let pairs = self.segments.windows(2);
        let gaps = pairs.filter(|pair| pair[0].original.end < pair[1].original.start);
        gaps.map(|pair| pair[1].start).collect()
    }

    /// The segment with the byte before this offset.
    fn find(&self, end: usize) -> Option<&Segment> {
        let below = self.segments.partition_point(|segment| segment.start < end);
        self.segments.get(below.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_original() {
        let text = "Quill Placeholder\nMs. Placeholder leads.";
        let (mut clean, mut map) = (String::new(), OffsetMap::default());
        map.blank(&mut clean, 18..33);
        map.keep(&mut clean, text, 33..40);
        assert_eq!(clean, "\u{fffc} leads.");
        assert_eq!(&text[map.original(&(0..clean.len()))], "Ms. Placeholder leads.");
        assert_eq!(&text[map.original(&(4..9))], "leads");
        assert_eq!(map.original(&(4..4)), 34..34);
        assert!(map.gaps().is_empty());
        map.keep(&mut clean, &"x".repeat(60), 50..55);
        assert_eq!(map.gaps(), [clean.len() - 5]);
    }
}
