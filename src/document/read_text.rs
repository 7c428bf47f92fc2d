//! The text of a file, with an account of what was left out because a reader of the file cannot see it.

use serde::{Deserialize, Serialize};

/// The text of a file.
///
/// One paragraph per line. Blank lines separate blocks, such as headings; a list item begins with `• `; a tab separates
/// the cells of a table row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadText {
    /// The visible text.
    pub text: String,
    /// The text that was left out because it is not visible, by reason; empty if there is none.
    pub hidden: Vec<HiddenText>,
}

/// Text that was left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenText {
    /// The reason.
    pub reason: HiddenReason,
    /// The number of letters and digits left out.
    pub characters: usize,
}

/// The reason why text of a file is not visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
}

impl ReadText {
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

impl From<String> for ReadText {
    fn from(text: String) -> Self {
        Self {
            text,
            hidden: Vec::new(),
        }
    }
}
