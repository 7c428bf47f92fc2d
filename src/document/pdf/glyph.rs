//! The glyphs of a page, with all that is needed to put them into lines.

use super::super::read_text::HiddenReason;

/// A drawn glyph. Coordinates are points from the top left corner of the page, turned so that the text runs to the right.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    /// The baseline.
    pub y: f64,
    /// The size of the font.
    pub size: f64,
    /// The thickness of the strokes as a share of the size, or 0 if it is unknown.
    pub stem: f64,
    /// The direction of the text, in degrees.
    pub angle: i32,
    /// The marked content that it belongs to, which in most tagged files is the text of one element.
    pub element: Option<u32>,
    /// The colour; `None` if it varies or is unknown.
    pub ink: Option<[u8; 3]>,
    /// The background colour.
    pub ground: [u8; 3],
    /// The position in the content of the page.
    pub order: usize,
    /// The reason why a person cannot see it.
    pub hidden: Option<HiddenReason>,
}

impl Glyph {
    /// Whether the glyph is a space.
    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// A small filled shape, which may be the sign of a list item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub x0: f64,
    pub x1: f64,
    pub y0: f64,
    pub y1: f64,
}

/// What is drawn on a page.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub glyphs: Vec<Glyph>,
    pub marks: Vec<Mark>,
    /// Thin horizontal lines.
    pub rules: Vec<Mark>,
    /// The share of the page that images cover.
    pub images: f64,
    pub width: f64,
    pub height: f64,
}
