//! Formats of runs and paragraphs, as styles and the text itself declare them.

use quick_xml::events::BytesStart;

use super::package::{attribute, is_on, number};
use crate::document::HiddenReason;
use crate::document::colour::Colour;

/// 3 pt in half-points.
const SMALLEST: i64 = 6;

/// The colour behind a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ground {
    Known(Colour),
    /// An image, a pattern or a colour of the theme.
    Unknown,
}

/// The format of a run. `None` is inherited.
#[derive(Debug, Clone, Default)]
pub(super) struct RunFormat {
    is_hidden: Option<bool>,
    /// Whether it is hidden in a view of web pages.
    is_web_hidden: Option<bool>,
    /// `Some(None)` is the automatic colour, which is visible on any ground.
    colour: Option<Option<Colour>>,
    pub(super) ground: Option<Ground>,
    /// In half-points.
    size: Option<i64>,
    is_transparent: bool,
}

impl RunFormat {
    /// This format, completed by that of a style.
    pub(super) fn or(&self, style: &Self) -> Self {
        Self {
            is_hidden: self.is_hidden.or(style.is_hidden),
            is_web_hidden: self.is_web_hidden.or(style.is_web_hidden),
            colour: self.colour.or(style.colour),
            ground: self.ground.or(style.ground),
            size: self.size.or(style.size),
            is_transparent: self.is_transparent || style.is_transparent,
        }
    }

    /// Applies a child of `w:rPr`.
    pub(super) fn apply(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            b"vanish" | b"specVanish" => self.is_hidden = Some(is_on(tag)),
            b"webHidden" => self.is_web_hidden = Some(is_on(tag)),
            b"color" => {
                // A colour of the theme has no value that is certain.
                let value = attribute(tag, b"val").unwrap_or_default();
                self.colour = Some(Colour::from_hex(&value));
            }
            b"sz" => self.size = number(tag, b"val"),
            b"shd" => self.ground = shading(tag).or(self.ground),
            b"highlight" => self.ground = highlight(tag),
            // Letters without a fill, of Word 2010 and later.
            b"noFill" => self.is_transparent = true,
            _ => {}
        }
    }

    /// The reason why the text of the run is not visible on a ground.
    pub(super) fn hides_text(&self, ground: Ground, text: &str) -> Option<HiddenReason> {
        // The page numbers of a table of contents are hidden on web pages only.
        let is_number = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
        if self.is_hidden == Some(true) || self.is_web_hidden == Some(true) && !is_number {
            return Some(HiddenReason::Markup);
        }
        if self.size.is_some_and(|size| size < SMALLEST) {
            return Some(HiddenReason::Size);
        }
        if self.is_transparent {
            return Some(HiddenReason::Transparent);
        }
        match (self.colour, ground) {
            (Some(Some(colour)), Ground::Known(ground)) if colour.is_lost_on(ground) => Some(HiddenReason::Colour),
            _ => None,
        }
    }
}

/// The ground of `w:shd`; `None` if it is transparent.
pub(super) fn shading(tag: &BytesStart<'_>) -> Option<Ground> {
    let colour = |name: &[u8]| attribute(tag, name).filter(|value| value != "auto");
    let pattern = attribute(tag, b"val").unwrap_or_default();
    let filled = match pattern.as_str() {
        "solid" => colour(b"color"),
        "clear" | "nil" | "" => colour(b"fill"),
        _ => return Some(Ground::Unknown),
    };
    filled.map(|value| Colour::from_hex(&value).map_or(Ground::Unknown, Ground::Known))
}

fn highlight(tag: &BytesStart<'_>) -> Option<Ground> {
    let digits = match attribute(tag, b"val")?.as_str() {
        "none" => return None,
        "white" => "ffffff",
        "black" => "000000",
        "yellow" => "ffff00",
        "lightGray" => "c0c0c0",
        "darkGray" => "808080",
        "darkBlue" => "000080",
        _ => return Some(Ground::Unknown),
    };
    Colour::from_hex(digits).map(Ground::Known)
}

/// The format of a paragraph. `None` is inherited.
#[derive(Debug, Clone, Default)]
pub(super) struct ParagraphFormat {
    /// The level in the outline; 9 is the text below headings.
    pub(super) outline: Option<i64>,
    /// The identifier of the list; 0 is none.
    pub(super) list: Option<i64>,
    pub(super) list_level: Option<i64>,
    /// The space before and after, in twentieths of a point.
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    /// Whether there is no space between paragraphs of the same style.
    pub(super) is_contextual: Option<bool>,
    pub(super) ground: Option<Ground>,
}

impl ParagraphFormat {
    /// This format, completed by that of a style.
    pub(super) fn or(&self, style: &Self) -> Self {
        Self {
            outline: self.outline.or(style.outline),
            list: self.list.or(style.list),
            list_level: self.list_level.or(style.list_level),
            before: self.before.or(style.before),
            after: self.after.or(style.after),
            is_contextual: self.is_contextual.or(style.is_contextual),
            ground: self.ground.or(style.ground),
        }
    }

    /// Applies a child of `w:pPr` or of `w:numPr`.
    pub(super) fn apply(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            b"outlineLvl" => self.outline = number(tag, b"val"),
            b"numId" => self.list = number(tag, b"val"),
            b"ilvl" => self.list_level = number(tag, b"val"),
            b"spacing" => {
                // Automatic space is that of a paragraph of HTML, 14 pt.
                let space = |automatic: &[u8], value: &[u8]| match attribute(tag, automatic).as_deref() {
                    Some("1" | "true" | "on") => Some(280),
                    _ => number(tag, value),
                };
                self.before = space(b"beforeAutospacing", b"before").or(self.before);
                self.after = space(b"afterAutospacing", b"after").or(self.after);
            }
            b"contextualSpacing" => self.is_contextual = Some(is_on(tag)),
            b"shd" => self.ground = shading(tag).or(self.ground),
            _ => {}
        }
    }
}
