//! The text of a file, with an account of what was left out because a reader of the file cannot see it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The text of a file.
///
/// One paragraph per line. Blank lines separate blocks, such as headings; a list item begins with `• `; a tab separates
/// the cells of a table row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadText {
    /// The media type as which the file was read; empty for a text that is not a file.
    #[serde(default)]
    pub media_type: String,
    /// The visible text.
    pub text: String,
    /// The text that was left out because it is not visible, by reason; empty if there is none.
    pub hidden: Vec<HiddenText>,
}

/// Hidden text that was left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenText {
    /// The reason.
    pub reason: HiddenReason,
    /// The number of letters and digits left out.
    pub characters: usize,
}

/// The reason why text of a file is not visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HiddenReason {
    /// Its colour is close to that of its background.
    Colour,
    /// It is smaller than 3 pt.
    Size,
    /// It is transparent, or drawn in PDF's invisible render mode.
    Transparent,
    /// It is outside of the page.
    OutsidePage,
    /// An image or a shape covers it, or it is clipped.
    Covered,
    /// The markup hides it: `display: none`, `hidden`, `w:vanish`, or an optional content group that is off.
    Markup,
    /// It is a comment.
    Comment,
    /// It is a deletion that the file still records.
    Deleted,
}

impl ReadText {
    /// A sentence for the reader of a match, if text of the file is not visible. `document` is `resume` or `posting`.
    #[must_use]
    pub fn warning(&self, document: &str) -> Option<String> {
        if self.hidden.is_empty() {
            return None;
        }
        let reasons: Vec<String> = self.hidden.iter().map(ToString::to_string).collect();
        Some(format!(
            "The {document} contains text that is not visible in the file ({}). It was not read.",
            reasons.join("; ")
        ))
    }

    /// Counts hidden letters and digits of `text` for this reason.
    pub(crate) fn hide(&mut self, reason: HiddenReason, text: &str) {
        let characters = text.chars().filter(|c| c.is_alphanumeric()).count();
        if characters == 0 {
            return;
        }
        match self.hidden.iter_mut().find(|hidden| hidden.reason == reason) {
            Some(hidden) => hidden.characters += characters,
            None => self.hidden.push(HiddenText { reason, characters }),
        }
    }
}

impl fmt::Display for HiddenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = if self.characters == 1 { "letter" } else { "letters" };
        write!(f, "{}, {} {letters}", self.reason, self.characters)
    }
}

impl fmt::Display for HiddenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Colour => "in the colour of its background",
            Self::Size => "too small to read",
            Self::Transparent => "transparent",
            Self::OutsidePage => "outside of the page",
            Self::Covered => "covered or clipped",
            Self::Markup => "marked as hidden",
            Self::Comment => "in a comment",
            Self::Deleted => "deleted",
        })
    }
}

impl From<String> for ReadText {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_text_is_reported_by_reason() {
        let mut read = ReadText::from("Cook".to_owned());
        read.hide(HiddenReason::Colour, " - , ");
        assert_eq!(read.warning("resume"), None);
        read.hide(HiddenReason::Colour, "Rust, C++");
        read.hide(HiddenReason::Size, "x");
        read.hide(HiddenReason::Colour, "2015");
        let warning = read.warning("resume").unwrap();
        assert_eq!(
            warning,
            "The resume contains text that is not visible in the file (in the colour of its background, 9 letters; \
             too small to read, 1 letter). It was not read."
        );
    }
}
