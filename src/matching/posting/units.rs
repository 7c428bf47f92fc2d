//! The units of a posting: sentences, list items and the labels in front of a colon, with the form of their lines.

use std::ops::Range;

use super::super::layout::{self, Item};
use super::super::sections;
use super::forms;
use super::glued;

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
    /// Whether the item has a sign or number.
    pub(super) signed: bool,
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
    let mut labelled = false;
    for (number, line) in layout::units(clean, introduces).into_iter().enumerate() {
        let text = line.text(clean);
        if !text.contains(char::is_alphanumeric) {
            continue;
        }
        let item = line.is_item();
        let place = match (line.blank_before || found.is_empty(), item) {
            (true, true) => Place::ItemAfterBlank,
            (true, false) => Place::AfterBlank,
            (false, true) => Place::NextItem,
            (false, false) => Place::NextLine,
        };
        let marked = line.underlined || text.starts_with('#') || text.starts_with("**") && text.ends_with("**");
        let start = line.bytes.start + (text.len() - text.trim_start_matches(['#', ' ']).len());
        let label = label_end(&clean[start..line.bytes.end]).map(|end| start + end);
        let mut parts: Vec<Range<usize>> = label.map(|end| start..end).into_iter().collect();
        let sentences = sections::split_block(clean, label.unwrap_or(start)..line.bytes.end);
        for bytes in sentences.into_iter().flat_map(|sentence| glued::split(clean, sentence)) {
            let joins = matches!(
                clean[bytes.clone()].trim().to_lowercase().as_str(),
                "or" | "and" | "and/or"
            );
            match parts.last_mut().filter(|_| joins) {
                // `a bachelor's degree; or`
                Some(last) => last.end = bytes.end,
                None => parts.push(bytes),
            }
        }
        let before = found.len();
        for (at, bytes) in parts.into_iter().enumerate() {
            found.push(Unit {
                bytes,
                place: if at == 0 { place } else { Place::SameLine },
                line: number,
                item,
                signed: matches!(line.item, Item::Marked(_)),
                label: at == 0 && label.is_some(),
                after_label: at == 0 && labelled,
                marked,
            });
        }
        if found.len() > before {
            labelled = label.is_some();
        }
    }
    found
}

/// Whether a line introduces those below it, so that it is not joined to them.
fn introduces(line: &str) -> bool {
    line.ends_with(':')
        || line.starts_with('#')
        || line.starts_with("**")
        || sections::heading(line).is_some_and(|heading| heading.rest.is_none())
}

/// The end of a label such as `Salary:` at the beginning of a line, if text follows it, or of one of a form that has a tab
/// in place of the colon.
fn label_end(line: &str) -> Option<usize> {
    if let Some((label, value)) = line.split_once('\t')
        && value.contains(char::is_alphanumeric)
        && forms::label(label).is_some()
    {
        return Some(label.len());
    }
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
