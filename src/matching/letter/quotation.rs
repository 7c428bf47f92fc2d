//! Quotations of a letter: on one line, cut where they are long or blanked.

use crate::matching::result::TextSpan;
use crate::text::one_line;

/// The maximum number of characters of a quotation.
const LONGEST: usize = 240;

/// A text on one line, without the punctuation at its end, and cut between two words, or at least in no number, if it is long.
pub(super) fn clipped(text: &str) -> String {
    let text = one_line(text);
    let text = text.trim_end_matches(['.', ';', ',', ':', ' ']);
    let Some((end, _)) = text.char_indices().nth(LONGEST) else {
        return text.to_owned();
    };
    let kept = match text[..end].rfind(' ') {
        Some(space) => text[..space].trim_end(),
        // A part of a number is another number.
        None => text[..end].trim_end_matches(|c: char| c.is_numeric() || c == '.'),
    };
    format!("{kept} ...")
}

/// The text of a span of the resume, cut where it was blanked; `None` if nothing is left.
pub(super) fn visible(span: &TextSpan, redactions: &[TextSpan]) -> Option<String> {
    let units: Vec<u16> = span.text.encode_utf16().collect();
    let mut parts: Vec<String> = Vec::new();
    let mut at = 0;
    let mut keep = |range: std::ops::Range<usize>| {
        let part = String::from_utf16_lossy(units.get(range).unwrap_or_default());
        let part = one_line(&part);
        let part = part.trim_start_matches([',', ';', '.', ':', ')', ' ']);
        let part = part.strip_prefix("'s ").unwrap_or(part);
        if part.chars().any(char::is_alphanumeric) {
            parts.push(part.to_owned());
        }
    };
    let mut blanked: Vec<(usize, usize)> = redactions
        .iter()
        .filter(|other| other.start < span.end && other.end > span.start)
        .map(|other| {
            (
                other.start.max(span.start) - span.start,
                other.end.min(span.end) - span.start,
            )
        })
        .collect();
    blanked.sort_unstable();
    for (start, end) in blanked {
        keep(at..start.max(at));
        at = at.max(end);
    }
    keep(at..units.len().max(at));
    (!parts.is_empty()).then(|| clipped(&parts.join(" ... ")))
}
