//! The glyphs of a page: their place, text and visibility.

use hayro_interpret::DrawMode;
use hayro_interpret::font::{Glyph as Drawing, PositionedGlyph};
use hayro_interpret::hayro_cmap::BfString;
use kurbo::{Affine, Point, Rect, Shape as _};

use super::super::canvas::{Paint, Spans, mix};
use super::super::characters;
use super::super::glyph::Glyph;
use super::{Place, Recorder, cid};
use crate::document::read_text::HiddenReason;

/// Text of a smaller size, in points, cannot be read.
const SMALLEST: f64 = 3.0;
/// A paint with a smaller share of opacity is not visible.
const FAINT: f32 = 0.04;
/// The largest difference of a colour channel between text and background that cannot be told apart.
const SAME: u8 = 20;
/// Glyphs beyond this number on one page are not recorded.
const MAX_GLYPHS: usize = 200_000;
/// Parts of the names of fonts of icons.
const ICON_FONTS: [&str; 10] = [
    "FontAwesome",
    "Icon",
    "icomoon",
    "Glyphicon",
    "Phosphor",
    "Feather",
    "MarVoSym",
    "Entypo",
    "Fontello",
    "Academicons",
];
/// The thickness of strokes in letters that are drawn as bold shapes, as a share of that of their font.
const BOLD: f64 = 1.3;

/// The measures of a glyph's outline, in units of 1/1000 of the font's size.
#[derive(Clone, Copy, Default)]
pub(super) struct Outline {
    top: f64,
    stem: f64,
    visible: bool,
    ink: Rect,
    /// The character, if only the collection of the font names it.
    character: Option<char>,
    /// Whether it is of a font of icons.
    icon: bool,
}

impl Recorder {
    fn outline(&mut self, glyph: &Drawing<'_>) -> Outline {
        let Drawing::Outline(outline) = glyph else {
            return Outline {
                top: 0.0,
                stem: 0.0,
                visible: true,
                ink: Rect::ZERO,
                character: None,
                icon: false,
            };
        };
        *self.outlines.entry(outline.identifier()).or_insert_with(|| {
            let path = outline.outline();
            let bounds = path.bounding_box();
            let length = path.perimeter(1.0);
            Outline {
                top: if bounds.is_finite() { bounds.y1 } else { 0.0 },
                // A stroke of length l and thickness t has the area l * t and the perimeter 2 * l.
                stem: if length > 1.0 {
                    2.0 * path.area().abs() / length / 1000.0
                } else {
                    0.0
                },
                visible: length > 1.0,
                ink: if bounds.is_finite() { bounds } else { Rect::ZERO },
                character: match outline.as_unicode() {
                    Some(_) => None,
                    None => cid::character(outline),
                },
                icon: outline
                    .font_data()
                    .and_then(|font| font.postscript_name)
                    .is_some_and(|name| ICON_FONTS.iter().any(|font| name.contains(font))),
            }
        })
    }

    /// Records a glyph, unless it has no text.
    pub(super) fn record(&mut self, glyph: &PositionedGlyph<'_>, transform: Affine, paint: Paint, mode: &DrawMode) {
        let outline = self.outline(glyph);
        let mut text = match outline.character {
            Some(character) => character.to_string(),
            None => self.text_of(glyph),
        };
        // The code of an icon can be that of a letter or sign.
        if outline.icon && !text.trim().is_empty() && !text.chars().all(characters::is_bullet) {
            text = characters::UNKNOWN.to_string();
        }
        let is_mark = text.chars().all(unicode_normalization::char::is_combining_mark);
        if let Some(marked) = self.marked.iter().rev().flatten().next() {
            // The first glyph gets the text of all.
            text = if self.marked_glyph.is_some() {
                " ".to_owned()
            } else {
                marked.clone()
            };
        }
        if text.is_empty() || self.drawn.glyphs.len() >= MAX_GLYPHS {
            return;
        }
        let advance = match &**glyph {
            Drawing::Outline(outline) => outline.advance_width(),
            Drawing::Type3(drawing) => drawing.advance_width(),
        };
        let start = transform * Point::ZERO;
        let end = transform * Point::new(f64::from(advance.unwrap_or(500.0)), 0.0);
        let up = transform * Point::new(0.0, 1000.0) - start;
        let along = transform * Point::new(1000.0, 0.0) - start;
        let size = up.hypot();
        if !(start.is_finite() && end.is_finite() && size.is_finite()) || size <= 0.0 {
            return;
        }
        // Text can be mirrored; its direction is that of its advance.
        let angle = (along.atan2().to_degrees().round() as i32).rem_euclid(360);
        let angle = if angle <= 2 || angle >= 358 { 0 } else { angle };
        let turned = Affine::rotate(-f64::from(angle).to_radians());
        let (from, to) = (turned * start, turned * end);
        let width = along.hypot() / size;
        // A soft hyphen is drawn only where a word is broken, or as any other hyphen.
        if text == "\u{ad}" && (!outline.visible || (to.x - from.x).abs() < 0.1 * size) {
            return;
        }

        // The part of the glyph that is drawn in most letters.
        let corners = [start, end, start + up * 0.45, end + up * 0.45];
        let bounds = corners
            .iter()
            .skip(1)
            .fold(Rect::from_points(start, start), |rect, point| rect.union_pt(*point));
        let spans = self.canvas.spans_of_rect(at_least(bounds, 1.2));
        if let Some(first) = self.marked_glyph.and_then(|index| self.drawn.glyphs.get_mut(index)) {
            first.x0 = first.x0.min(from.x.min(to.x));
            first.x1 = first.x1.max(to.x.max(from.x));
            if !is_mark {
                first.y = from.y;
            }
            return;
        }
        if self.marked.iter().any(Option::is_some) {
            self.marked_glyph = Some(self.drawn.glyphs.len());
        }
        let is_blank = text.chars().all(char::is_whitespace);
        let is_letter = text.chars().all(char::is_alphanumeric);
        let seen_size = match &**glyph {
            // A font of drawings has its own units.
            Drawing::Type3(_) => size.max(1.6 * (end - start).hypot()),
            // Letters can be much smaller than their font.
            Drawing::Outline(_) if is_letter && outline.visible && outline.top > 0.0 => {
                size.min(size * outline.top / 300.0)
            }
            Drawing::Outline(_) => size,
        };
        let is_invisible = matches!(mode, DrawMode::Invisible) || paint.alpha < FAINT;
        let shape = (is_invisible && !is_blank && !outline.ink.is_zero_area())
            .then(|| self.shape_at(transform.transform_rect_bbox(outline.ink), size))
            .flatten();
        let paint = match shape {
            Some(_) => Paint {
                rgb: None,
                alpha: 1.0,
                plain: false,
            },
            None => paint,
        };
        let is_invisible = is_invisible && shape.is_none();
        let hidden = if is_blank {
            None
        } else {
            self.reason(
                bounds,
                &spans,
                seen_size.min(seen_size * width * 2.0),
                paint,
                is_invisible,
            )
        };
        if let (Drawing::Type3(_), None, Ok(code)) = (&**glyph, glyph.as_unicode(), u8::try_from(glyph.char_code())) {
            self.unnamed.push((self.drawn.glyphs.len(), code));
        }
        let ground = self.canvas.colours(&spans).and_then(|colours| colours.first().copied());
        self.drawn.glyphs.push(Glyph {
            text,
            x0: from.x.min(to.x),
            x1: to.x.max(from.x),
            y: from.y,
            size,
            stem: match (outline.visible, shape) {
                (false, _) => 0.0,
                (true, Some(true)) => BOLD * outline.stem,
                (true, _) => outline.stem,
            },
            angle,
            element: self.elements.iter().rev().copied().flatten().next(),
            ink: paint.rgb,
            ground: ground.unwrap_or([128; 3]),
            order: self.drawn.glyphs.len(),
            hidden,
        });
        self.places.push(Place { spans, time: self.time });
    }

    /// The reason why a glyph with these bounds cannot be seen, as far as it is known when it is drawn.
    fn reason(&self, bounds: Rect, spans: &Spans, size: f64, paint: Paint, is_invisible: bool) -> Option<HiddenReason> {
        if is_invisible {
            return Some(HiddenReason::Transparent);
        }
        if size < SMALLEST - 0.01 {
            return Some(HiddenReason::Size);
        }
        let inside = |outer: Rect| {
            bounds.x0 < outer.x1 - 0.1
                && bounds.x1 > outer.x0 + 0.1
                && bounds.y0 < outer.y1 - 0.1
                && bounds.y1 > outer.y0 + 0.1
        };
        if !inside(self.page) {
            return Some(HiddenReason::OutsidePage);
        }
        if let Some(clip) = self.clips.last()
            && (!inside(clip.bounds) || clip.area.as_ref().is_some_and(|area| spans.intersect(area).is_empty()))
        {
            return Some(HiddenReason::Covered);
        }
        let (Some(rgb), Some(colours)) = (paint.rgb, self.canvas.colours(spans)) else {
            return None;
        };
        let same = |below: &[u8; 3]| {
            let seen = mix(*below, rgb, paint.alpha);
            (0..3).all(|part| seen[part].abs_diff(below[part]) <= SAME)
        };
        (paint.plain && colours.iter().all(same)).then_some(HiddenReason::Colour)
    }

    fn text_of(&self, glyph: &Drawing<'_>) -> String {
        let mut symbol_font = false;
        if let Drawing::Outline(outline) = glyph
            && let Some(BfString::Char(c)) = outline.as_unicode()
            && (!c.is_alphanumeric() || c.is_ascii_lowercase() || "ØüÒ".contains(c))
            && !c.is_ascii_punctuation()
            && c != ' '
            && let Some(name) = outline.font_data().and_then(|font| font.postscript_name)
        {
            symbol_font = ["Wingding", "Symbol", "Webding", "Dingbat"]
                .iter()
                .any(|font| name.contains(font));
        }
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => characters::plain(c.encode_utf8(&mut [0; 4]), symbol_font),
            Some(BfString::String(text)) => characters::plain(&text, symbol_font),
            // A sign without a meaning; before a text it is that of a list item.
            None => characters::UNKNOWN.to_string(),
        }
    }
}

/// The rectangle, widened to a side length of at least `side`.
fn at_least(rect: Rect, side: f64) -> Rect {
    rect.inflate(
        (side - rect.width()).max(0.0) / 2.0,
        (side - rect.height()).max(0.0) / 2.0,
    )
}
