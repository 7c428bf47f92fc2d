//! The values of form fields that have no appearance of their own.

use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;

use super::glyph::{Drawn, Glyph};

/// The maximum number of characters of one field.
const MAX_CHARACTERS: usize = 20_000;
/// Flags of annotations that are not shown: hidden, and no view.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;

/// Adds the values of the page's text and choice fields to what is drawn.
pub(super) fn fill(page: &Page<'_>, drawn: &mut Drawn) {
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots".as_slice()) else {
        return;
    };
    let origin = page.intersected_crop_box();
    for field in annotations.iter::<Dict<'_>>().take(2000) {
        let is_widget = field
            .get::<Name<'_>>(b"Subtype".as_slice())
            .is_some_and(|name| name.as_ref() == b"Widget");
        if !is_widget || field.get::<u32>(b"F".as_slice()).unwrap_or(0) & NOT_SHOWN != 0 {
            continue;
        }
        let (Some(kind), Some(rect)) = (inherited(&field, b"FT"), field.get::<Rect>(b"Rect".as_slice())) else {
            continue;
        };
        let is_text = matches!(&kind, Object::Name(name) if matches!(name.as_ref(), b"Tx" | b"Ch"));
        let Some(value) = is_text.then(|| inherited(&field, b"V")).flatten() else {
            continue;
        };
        let text = text_of(&value);
        let (left, right) = (
            f64::from(rect.x0 as f32) - f64::from(origin.x0 as f32),
            f64::from(rect.x1 as f32) - f64::from(origin.x0 as f32),
        );
        let top = drawn.height - (f64::from(rect.y1 as f32) - f64::from(origin.y0 as f32));
        let bottom = drawn.height - (f64::from(rect.y0 as f32) - f64::from(origin.y0 as f32));
        let shown = |glyph: &Glyph| {
            glyph.x0 >= left - 1.0 && glyph.x0 <= right && glyph.y >= top - 1.0 && glyph.y <= bottom + 1.0
        };
        if text.trim().is_empty() || drawn.glyphs.iter().any(|glyph| shown(glyph) && !glyph.is_blank()) {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        let step = ((bottom - top) / lines.len() as f64).clamp(1.0, 14.0);
        let size = (0.75 * step).max(3.0);
        for (number, line) in lines.iter().enumerate() {
            let order = drawn.glyphs.len();
            drawn.glyphs.push(Glyph {
                text: (*line).to_owned(),
                x0: left,
                x1: right.max(left + 1.0),
                y: top + step * (number as f64 + 0.8),
                size,
                stem: 0.0,
                angle: 0,
                element: None,
                ink: None,
                ground: [255; 3],
                order,
                hidden: None,
            });
        }
    }
}

/// The value of a key of the field or of the fields that it belongs to.
fn inherited<'a>(field: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..16 {
        if let Some(value) = field.get::<Object<'_>>(key) {
            return Some(value);
        }
        field = field.get::<Dict<'_>>(b"Parent".as_slice())?;
    }
    None
}

fn text_of(value: &Object<'_>) -> String {
    match value {
        Object::String(string) => decode(string),
        Object::Array(values) => {
            let values: Vec<String> = values
                .iter::<PdfString<'_>>()
                .take(100)
                .map(|string| decode(&string))
                .collect();
            values.join(", ")
        }
        _ => String::new(),
    }
}

/// Decodes a text string: UTF-16 or UTF-8 with a mark, otherwise Latin-1, which most of PDFDocEncoding is.
pub(super) fn decode(string: &PdfString<'_>) -> String {
    let text: String = match string.as_bytes() {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).filter_map(Result::ok).collect()
        }
        [0xff, 0xfe, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).filter_map(Result::ok).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .take(MAX_CHARACTERS)
        .collect()
}
