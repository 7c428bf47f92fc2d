//! The units of a posting: sentences, list items and the labels in front of a colon, with the form of their lines.

use std::ops::Range;

use super::super::sections;
use super::super::span::lines;

/// The place of a unit relative to the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the same line.
    SameLine,
    /// An item of a list, in the next line.
    NextItem,
    /// In the next line.
    NextLine,
    /// An item of a list, after a blank line.
    ItemAfterBlank,
    /// After a blank line, or the first unit.
    AfterBlank,
}

/// The number of places.
pub(super) const PLACES: usize = 5;

/// A sentence, a list item or a label of a line.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) bytes: Range<usize>,
    pub(super) place: Place,
    /// The number of its line.
    pub(super) line: usize,
    /// Whether its line is an item of a list.
    pub(super) item: bool,
    /// Whether it is a label in front of a colon, with text after it in the same line.
    pub(super) label: bool,
    /// Whether the previous line began with such a label, which applies to its own line only.
    pub(super) after_label: bool,
    /// Whether the line has the marks of a heading in Markdown.
    pub(super) marked: bool,
}

/// Maximum length of a label in bytes.
const LABEL_BYTES: usize = 56;
/// Maximum number of words of a label.
const LABEL_WORDS: usize = 6;

/// The units of a posting whose contact data are blanked.
pub(super) fn units(clean: &str) -> Vec<Unit> {
    let mut found: Vec<Unit> = Vec::new();
    let mut blank = true;
    let mut labelled = false;
    for (number, line) in logical_lines(clean).into_iter().enumerate() {
        let text = &clean[line.bytes.clone()];
        if !text.contains(char::is_alphanumeric) {
            // A rule or an empty line separates blocks.
            blank = true;
            continue;
        }
        let place = match (blank || found.is_empty(), line.item) {
            (true, true) => Place::ItemAfterBlank,
            (true, false) => Place::AfterBlank,
            (false, true) => Place::NextItem,
            (false, false) => Place::NextLine,
        };
        let first = found.len();
        let label = label_end(text);
        let mut parts = Vec::new();
        let rest = label.map_or(line.bytes.start, |end| {
            parts.push(line.bytes.start..line.bytes.start + end);
            line.bytes.start + end
        });
        parts.extend(sections::split_block(clean, rest..line.bytes.end));
        for (at, bytes) in parts.into_iter().enumerate() {
            found.push(Unit {
                bytes,
                place: if at == 0 { place } else { Place::SameLine },
                line: number,
                item: line.item,
                label: at == 0 && label.is_some(),
                after_label: at == 0 && labelled,
                marked: line.marked,
            });
        }
        if found.len() > first {
            labelled = label.is_some();
            blank = false;
        }
    }
    found
}

/// The end of a label such as `Salary:` at the beginning of a line, if text follows it.
fn label_end(line: &str) -> Option<usize> {
    let colon = line.find(':').filter(|&colon| colon <= LABEL_BYTES)?;
    let label = &line[..colon];
    let rest = &line[colon + 1..];
    let few = (1..=LABEL_WORDS).contains(&label.split_whitespace().count());
    let begins = label.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | '_'));
    let sentence = label.contains(['.', '!', '?', ';']);
    let spaced = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    let behind = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    (few && begins && !sentence && spaced && behind.contains(char::is_alphanumeric)).then_some(colon + 1)
}

/// A line without its sign, wrapped lines joined.
struct Line {
    bytes: Range<usize>,
    item: bool,
    marked: bool,
}

fn logical_lines(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    for (start, line) in lines(text) {
        let end = start + line.trim_end().len();
        let trimmed = line.trim();
        let marked = trimmed.starts_with('#') || trimmed.starts_with("**") && trimmed.ends_with("**");
        let sign = sections::bullet(line);
        let indent = line.len() - line.trim_start_matches(|c: char| c.is_whitespace() || c == '#').len();
        let content = (start + sign.unwrap_or(indent)).min(end);
        match found.last_mut() {
            Some(last)
                if sign.is_none()
                    && !trimmed.is_empty()
                    && !last.bytes.is_empty()
                    && !marked
                    && sections::wraps(&text[last.bytes.clone()], line) =>
            {
                last.bytes.end = end;
            }
            _ => found.push(Line {
                bytes: content..end,
                item: sign.is_some(),
                marked,
            }),
        }
    }
    found
}
