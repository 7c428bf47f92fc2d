//! Text of a PDF, in reading order and as a person sees it.
//!
//! `hayro` interprets the pages. A recorder collects each glyph with its place and decides whether it is visible; the
//! glyphs become chunks of one baseline, the chunks columns and lines, and the lines paragraphs.

mod canvas;
mod cells;
mod characters;
mod chunk;
mod columns;
mod dates;
mod direction;
mod form;
mod glyph;
mod hyphen;
mod line;
mod margins;
mod overlaps;
mod paragraphs;
mod raster;
mod recorder;
mod repair;
mod rows;
mod side;
mod turned;

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use hayro_interpret::hayro_syntax::object::{Array, Dict, Name};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::xref::XRef;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use kurbo::{Affine, Rect};

use self::glyph::{Drawn, Glyph};
use self::line::Line;
use self::raster::Rasters;
use self::recorder::Recorder;
use super::read_text::{HiddenReason, ReadText};
use super::{DocumentError, MAX_PAGES};

/// A page of a scan has fewer letters and digits, such as a stamp or a page number.
const CHARACTERS_OF_A_SCAN: usize = 16;
/// An image that covers a larger share of a page can be a scan of it.
const SHARE_OF_A_SCAN: f64 = 0.4;

/// A document without any properties.
const BARE: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R>>
";

pub(super) fn text(bytes: &[u8]) -> Result<ReadText, DocumentError> {
    let pdf = open(bytes)?;
    let pages = pdf.pages();
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    if count > MAX_PAGES {
        return Err(DocumentError::TooManyPages(count));
    }
    let mut read = ReadText::default();
    let mut regions: Vec<Vec<Line>> = Vec::new();
    let mut scanned = 0;
    // Without the properties of the document, no content is optional.
    let bare = Pdf::new(BARE.to_vec()).map_err(|_| DocumentError::Broken("it is not a valid PDF".into()))?;
    let is_optional = has_optional(&pdf);
    let cache = InterpreterCache::new();
    let rasters = Rc::new(RefCell::new(Rasters::default()));
    for (number, page) in pages.iter().enumerate() {
        let mut drawn = draw(page, pdf.xref(), &cache, &rasters);
        if is_optional {
            let all = draw(page, bare.xref(), &cache, &rasters);
            hide_optional(&drawn, all, &mut read);
        }
        form::fill(page, &mut drawn);
        let glyphs = std::mem::take(&mut drawn.glyphs);
        let visible = take_visible(glyphs, &mut read);
        let letters: usize = visible.iter().map(|glyph| alphanumeric(&glyph.text)).sum();
        if letters < CHARACTERS_OF_A_SCAN && drawn.images > SHARE_OF_A_SCAN {
            scanned += 1;
        }
        let mut page: Vec<Vec<Line>> = Vec::new();
        for glyphs in by_angle(visible) {
            let angle = glyphs.first().map_or(0, |glyph| glyph.angle);
            let lines = |region: columns::Region| line::build(region.chunks, region.limit, number, &drawn);
            let chunks = chunk::build(glyphs);
            if page.is_empty() {
                page = columns::split(chunks, &drawn).into_iter().map(lines).collect();
            } else {
                let parts = turned::parts(chunks, &drawn);
                let built: Vec<Vec<Line>> = parts.into_iter().map(lines).collect();
                let rest = turned::insert(&mut page, built, angle);
                page.extend(rest);
            }
        }
        regions.extend(page);
    }
    margins::remove(&mut regions, pages.len());
    read.text = paragraphs::text(&regions);
    let letters = alphanumeric(&read.text);
    if letters < CHARACTERS_OF_A_SCAN * scanned || (letters == 0 && read.hidden.is_empty()) {
        return Err(DocumentError::Scanned);
    }
    Ok(read)
}

fn alphanumeric(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Parses the structure of the file. A password is not needed if it is empty.
fn open(bytes: &[u8]) -> Result<Pdf, DocumentError> {
    // Offsets in the file count from its header, before which mail programs and servers leave lines.
    let start = bytes
        .windows(5)
        .take(1024)
        .position(|window| window == b"%PDF-")
        .unwrap_or(0);
    let parse = |bytes: &[u8]| match Pdf::new(repair::repaired(bytes).into_owned()) {
        Ok(pdf) if pdf.pages().is_empty() => Err(DocumentError::Broken("it has no pages".into())),
        Ok(pdf) => Ok(pdf),
        Err(LoadPdfError::Decryption(_)) => Err(DocumentError::Encrypted),
        Err(LoadPdfError::Invalid) => Err(DocumentError::Broken("it is not a valid PDF".into())),
    };
    match parse(&bytes[start..]) {
        Err(DocumentError::Broken(_)) if start > 0 => parse(bytes),
        parsed => parsed,
    }
}

/// Interprets a page.
fn draw<'a>(
    page: &Page<'a>,
    properties: &'a XRef,
    cache: &InterpreterCache<'a>,
    rasters: &Rc<RefCell<Rasters>>,
) -> Drawn {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let transform = Affine::new(page.initial_transform(true).as_coeffs());
    let bounds = Rect::new(0.0, 0.0, width, height);
    let record = |images: HashSet<usize>| {
        let mut recorder = Recorder::new(width, height, images, Rc::clone(rasters));
        let mut context = Context::new(transform, bounds, cache, properties, InterpreterSettings::default());
        interpret_page(page, &mut context, &mut recorder);
        recorder
    };
    let recorder = record(HashSet::new());
    let images = recorder.images_at_text();
    if images.is_empty() {
        return recorder.finish();
    }
    record(images).finish()
}

/// Whether some of the content is not shown at first.
fn has_optional(pdf: &Pdf) -> bool {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let properties = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"OCProperties".as_slice()));
    let Some(start) = properties.and_then(|properties| properties.get::<Dict<'_>>(b"D".as_slice())) else {
        return false;
    };
    start
        .get::<Array<'_>>(b"OFF".as_slice())
        .is_some_and(|off| off.raw_iter().next().is_some())
        || start
            .get::<Name<'_>>(b"BaseState".as_slice())
            .is_some_and(|state| state.as_ref() == b"OFF")
}

/// Counts what is drawn only if all optional content is.
fn hide_optional(drawn: &Drawn, all: Drawn, read: &mut ReadText) {
    let key = |glyph: &Glyph| (glyph.text.clone(), glyph.x0.to_bits(), glyph.y.to_bits());
    let shown: HashSet<_> = drawn.glyphs.iter().map(key).collect();
    for glyph in all.glyphs.into_iter().filter(|glyph| !shown.contains(&key(glyph))) {
        read.hide(HiddenReason::Markup, &glyph.text);
    }
}

/// Separates the visible glyphs from the hidden ones, which are counted.
fn take_visible(glyphs: Vec<Glyph>, read: &mut ReadText) -> Vec<Glyph> {
    let (hidden, visible): (Vec<Glyph>, Vec<Glyph>) = glyphs.into_iter().partition(|glyph| glyph.hidden.is_some());
    if !hidden.is_empty() {
        let place = |glyph: &Glyph| (glyph.x0.round() as i64, glyph.y.round() as i64);
        let seen: HashSet<(i64, i64)> = visible.iter().filter(|glyph| !glyph.is_blank()).map(place).collect();
        for glyph in hidden {
            // An outline or a shadow of visible text is not hidden text.
            let (x, y) = place(&glyph);
            let again = (-1..=1).any(|dx| (-1..=1).any(|dy| seen.contains(&(x + dx, y + dy))));
            if let Some(reason) = glyph.hidden.filter(|_| !again) {
                read.hide(reason, &glyph.text);
            }
        }
    }
    visible
}

/// Groups glyphs by the direction of their text, the usual one first.
fn by_angle(glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    let mut groups: Vec<(i32, Vec<Glyph>)> = Vec::new();
    for glyph in glyphs {
        match groups.iter_mut().find(|(angle, _)| *angle == glyph.angle) {
            Some((_, group)) => group.push(glyph),
            None => groups.push((glyph.angle, vec![glyph])),
        }
    }
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.len()));
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests;
