//! A device that records the glyphs of a page and decides which of them a person can see.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use hayro_interpret::font::{Glyph as Drawing, GlyphIdentifier, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::pattern::Pattern;
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageData, ImageDrawProps, Paint as DrawPaint,
    SoftMask,
};
use kurbo::{Affine, BezPath, Point, Rect, Shape as _, Stroke};

use super::canvas::{Canvas, Paint, Spans, mix};
use super::characters;
use super::form;
use super::glyph::{Drawn, Glyph, Mark};
use crate::document::read_text::HiddenReason;

/// Text of a smaller size, in points, cannot be read.
const SMALLEST: f64 = 3.0;
/// A paint with a smaller share of opacity is not visible.
const FAINT: f32 = 0.04;
/// The largest difference of a colour channel between text and background that cannot be told apart.
const SAME: u8 = 20;
/// Glyphs beyond this number on one page are not recorded.
const MAX_GLYPHS: usize = 200_000;
/// The pixels of images that are decoded for one page.
const MAX_PIXELS: usize = 6_000_000;

struct Clip {
    bounds: Rect,
    /// The clip area, if it is not a rectangle.
    area: Option<Rc<Spans>>,
}

#[derive(Clone, Copy)]
struct Group {
    opacity: f32,
    /// Whether it is neither masked nor blended.
    plain: bool,
}

/// The measures of a glyph's outline, in units of 1/1000 of the font's size.
#[derive(Clone, Copy, Default)]
struct Outline {
    top: f64,
    stem: f64,
    visible: bool,
}

/// Where a glyph can be seen, until the page is complete.
struct Place {
    spans: Spans,
    time: u32,
}

pub(super) struct Recorder {
    page: Rect,
    canvas: Canvas,
    clips: Vec<Clip>,
    groups: Vec<Group>,
    outlines: HashMap<GlyphIdentifier, Outline>,
    time: u32,
    places: Vec<Place>,
    images: Vec<Picture>,
    /// The images, by their position, whose pixels are compared with the text above or below them.
    decoded: HashSet<usize>,
    /// For each marked content that is open, the text that its glyphs stand for together.
    marked: Vec<Option<String>>,
    /// The glyph that has this text.
    marked_glyph: Option<usize>,
    drawn: Drawn,
}

/// An image on the page.
struct Picture {
    area: Rect,
    bytes: usize,
    pixels: usize,
    time: u32,
    masked: bool,
}

impl Recorder {
    pub fn new(width: f64, height: f64, decoded: HashSet<usize>) -> Self {
        Self {
            page: Rect::new(0.0, 0.0, width, height),
            canvas: Canvas::new(width, height),
            clips: Vec::new(),
            groups: Vec::new(),
            outlines: HashMap::new(),
            time: 0,
            places: Vec::new(),
            images: Vec::new(),
            decoded,
            marked: Vec::new(),
            marked_glyph: None,
            drawn: Drawn {
                width,
                height,
                ..Drawn::default()
            },
        }
    }

    /// Returns what was drawn, each glyph with the reason why it is hidden, if it is.
    pub fn finish(mut self) -> Drawn {
        let area = (self.page.width() * self.page.height()).max(1.0);
        self.drawn.images = self.images.iter().map(|image| image.area.area()).sum::<f64>().min(area) / area;
        for (glyph, place) in self.drawn.glyphs.iter_mut().zip(&self.places) {
            if glyph.hidden.is_none() && self.canvas.is_covered(&place.spans, place.time) {
                glyph.hidden = Some(HiddenReason::Covered);
            }
        }
        self.read_scan();
        self.drawn
    }

    /// The images that are below text, or above it with transparent parts. Decoding the others would be wasted time.
    pub fn images_at_text(&self) -> HashSet<usize> {
        let mut found = HashSet::new();
        let mut pixels = 0;
        for (index, image) in self.images.iter().enumerate() {
            let meets = |(glyph, place): (&Glyph, &Place)| {
                let middle = Point::new(f64::midpoint(glyph.x0, glyph.x1), glyph.y - 0.3 * glyph.size);
                glyph.angle == 0 && image.area.contains(middle) && (image.time <= place.time || image.masked)
            };
            pixels += image.pixels;
            if pixels > MAX_PIXELS {
                break;
            }
            if self.drawn.glyphs.iter().zip(&self.places).any(meets) {
                found.insert(index);
            }
        }
        found
    }

    /// A scanned page has a layer of invisible text that repeats what its image shows.
    fn read_scan(&mut self) {
        let letters = |hidden: bool, drawn: &Drawn| -> usize {
            let glyphs = drawn.glyphs.iter().filter(|glyph| !glyph.is_blank());
            glyphs.filter(|glyph| is_layer(glyph) == hidden).count()
        };
        let (seen, layer) = (letters(false, &self.drawn), letters(true, &self.drawn));
        // An empty image has few bytes, a page of text has more than its letters.
        let bytes: usize = self.images.iter().map(|image| image.bytes).sum();
        if layer == 0 || seen * 10 > layer || self.drawn.images < 0.6 || bytes < 2 * layer {
            return;
        }
        for glyph in self.drawn.glyphs.iter_mut().filter(|glyph| is_layer(glyph)) {
            let middle = Point::new(f64::midpoint(glyph.x0, glyph.x1), glyph.y - 0.3 * glyph.size);
            if glyph.angle != 0 || self.images.iter().any(|image| image.area.contains(middle)) {
                glyph.hidden = None;
            }
        }
    }

    /// The opacity and kind of all groups that are open.
    fn group(&self) -> Group {
        let opacity = self.groups.iter().map(|group| group.opacity).product();
        let plain = self.groups.iter().all(|group| group.plain);
        Group { opacity, plain }
    }

    fn paint(&self, props: &DrawProps<'_>) -> Paint {
        let group = self.group();
        let (rgb, alpha, whole) = match &props.paint {
            DrawPaint::Color(colour) => {
                let [red, green, blue, alpha] = colour.to_rgba().to_rgba8();
                (Some([red, green, blue]), f32::from(alpha) / 255.0, true)
            }
            DrawPaint::Pattern(pattern) => match pattern.as_ref() {
                Pattern::Shading(shading) => (None, shading.opacity, shading.shading.clip_path.is_none()),
                Pattern::Tiling(tiling) => (None, tiling.opacity, false),
            },
        };
        Paint {
            rgb,
            alpha: alpha * group.opacity,
            plain: whole && group.plain && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal,
        }
    }

    fn fill(&mut self, path: &BezPath, rule: FillRule, paint: Paint) {
        let bounds = path.bounding_box();
        let spans = if is_rect(path) {
            self.canvas.spans_of_rect(bounds)
        } else {
            self.canvas.spans_of_path(path, rule)
        };
        let spans = self.clipped(spans);
        self.time += 1;
        self.canvas.paint(&spans, paint, self.time);
        self.note(path, bounds, paint);
    }

    /// Keeps small shapes and thin lines, which are signs of list items and rules.
    fn note(&mut self, path: &BezPath, bounds: Rect, paint: Paint) {
        let seen = paint.alpha > 0.2 && bounds.is_finite() && !self.page.intersect(bounds).is_zero_area();
        if !seen || self.drawn.marks.len() + self.drawn.rules.len() > 20_000 {
            return;
        }
        let (width, height) = (bounds.width(), bounds.height());
        let mark = Mark {
            x0: bounds.x0,
            x1: bounds.x1,
            y0: bounds.y0,
            y1: bounds.y1,
        };
        if width > 30.0 && height < 3.0 {
            self.drawn.rules.push(mark);
        } else if (0.8..9.0).contains(&width) && (0.5..9.0).contains(&height) && path.elements().len() <= 24 {
            self.drawn.marks.push(mark);
        }
    }

    /// The part of the cells that the clip shows.
    fn clipped(&self, mut spans: Spans) -> Spans {
        let Some(clip) = self.clips.last() else { return spans };
        spans = spans.intersect(&self.canvas.spans_of_rect(clip.bounds));
        match &clip.area {
            Some(area) => spans.intersect(area),
            None => spans,
        }
    }

    fn outline(&mut self, glyph: &Drawing<'_>) -> Outline {
        let Drawing::Outline(outline) = glyph else {
            return Outline {
                top: 0.0,
                stem: 0.0,
                visible: true,
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
            }
        })
    }

    fn record(&mut self, glyph: &PositionedGlyph<'_>, transform: Affine, paint: Paint, mode: &DrawMode) {
        let mut text = self.text_of(glyph);
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
        let outline = self.outline(glyph);
        let width = along.hypot() / size;

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
            return;
        }
        if self.marked.iter().any(Option::is_some) {
            self.marked_glyph = Some(self.drawn.glyphs.len());
        }
        let is_blank = text.chars().all(char::is_whitespace);
        let hidden = if is_blank {
            None
        } else {
            self.reason(bounds, &spans, size.min(size * width * 2.0), paint, mode)
        };
        let ground = self.canvas.colours(&spans).and_then(|colours| colours.first().copied());
        self.drawn.glyphs.push(Glyph {
            text,
            x0: from.x.min(to.x),
            x1: to.x.max(from.x),
            y: from.y,
            size,
            stem: if outline.visible { outline.stem } else { 0.0 },
            angle,
            ground: ground.unwrap_or([128; 3]),
            order: self.drawn.glyphs.len(),
            hidden,
        });
        self.places.push(Place { spans, time: self.time });
    }

    /// The reason why a glyph with these bounds cannot be seen, as far as it is known when it is drawn.
    fn reason(&self, bounds: Rect, spans: &Spans, size: f64, paint: Paint, mode: &DrawMode) -> Option<HiddenReason> {
        if matches!(mode, DrawMode::Invisible) || paint.alpha < FAINT {
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

/// Whether the glyph may belong to the layer of text that a scanner adds.
fn is_layer(glyph: &Glyph) -> bool {
    matches!(glyph.hidden, Some(HiddenReason::Transparent | HiddenReason::Covered))
}

fn is_rect(path: &BezPath) -> bool {
    let points: Vec<Point> = path
        .segments()
        .map(|segment| segment.as_line().map_or(Point::new(f64::NAN, 0.0), |line| line.p0))
        .collect();
    let bounds = path.bounding_box();
    let on_corner = |point: &Point| {
        ((point.x - bounds.x0).abs() < 0.01 || (point.x - bounds.x1).abs() < 0.01)
            && ((point.y - bounds.y0).abs() < 0.01 || (point.y - bounds.y1).abs() < 0.01)
    };
    matches!(points.len(), 4 | 5) && points.iter().all(on_corner)
}

/// The rectangle, widened to a side length of at least `side`.
fn at_least(rect: Rect, side: f64) -> Rect {
    rect.inflate(
        (side - rect.width()).max(0.0) / 2.0,
        (side - rect.height()).max(0.0) / 2.0,
    )
}

impl<'a> Device<'a> for Recorder {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let paint = self.paint(&props);
        let stroke = |stroke: &hayro_interpret::StrokeProps| {
            let style = Stroke::new(f64::from(stroke.line_width));
            let style = style.with_caps(stroke.line_cap).with_join(stroke.line_join);
            props.transform * kurbo::stroke(path.iter(), &style, &kurbo::StrokeOpts::default(), 0.5)
        };
        match draw_mode {
            DrawMode::Fill(rule) => self.fill(&(props.transform * path.clone()), *rule, paint),
            DrawMode::Stroke(style) if path.elements().len() < 2000 => {
                self.fill(&stroke(style), FillRule::NonZero, paint)
            }
            DrawMode::FillAndStroke(rule, _) => self.fill(&(props.transform * path.clone()), *rule, paint),
            DrawMode::Stroke(_) | DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        let bounds = clip_path.path.bounding_box();
        let outer = self.clips.last();
        let mut area = outer.and_then(|clip| clip.area.clone());
        if !is_rect(&clip_path.path) {
            let inner = self.canvas.spans_of_path(&clip_path.path, clip_path.fill);
            area = Some(Rc::new(match area {
                Some(area) => area.intersect(&inner),
                None => inner,
            }));
        }
        let bounds = outer.map_or(bounds, |clip| clip.bounds.intersect(bounds));
        self.clips.push(Clip { bounds, area });
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.groups.push(Group {
            opacity,
            plain: mask.is_none() && blend_mode == BlendMode::Normal,
        });
    }

    fn draw_glyph_run(&mut self, glyph_run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let paint = self.paint(&props);
        let first = self.drawn.glyphs.len();
        for glyph in glyph_run.glyphs() {
            self.record(glyph, props.transform * glyph.transform(), paint, draw_mode);
        }
        // A run is hidden by its colour as a whole: a letter over a line or a border is not.
        let run = &mut self.drawn.glyphs[first..];
        let letters = run.iter().filter(|glyph| !glyph.is_blank()).count();
        let same = run
            .iter()
            .filter(|glyph| glyph.hidden == Some(HiddenReason::Colour))
            .count();
        if same > 0 && same * 5 < letters * 4 {
            for glyph in run
                .iter_mut()
                .filter(|glyph| glyph.hidden == Some(HiddenReason::Colour))
            {
                glyph.hidden = None;
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.time += 1;
        let (width, height) = (image.width(), image.height());
        let corners = Rect::new(0.0, 0.0, f64::from(width), f64::from(height)).to_path(0.1);
        let path = props.transform * corners;
        let bounds = path.bounding_box();
        let spans = self.clipped(if is_rect(&path) {
            self.canvas.spans_of_rect(bounds)
        } else {
            self.canvas.spans_of_path(&path, FillRule::NonZero)
        });
        let group = self.group();
        let plain = group.plain && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let unknown = Paint {
            rgb: None,
            alpha: group.opacity,
            plain: false,
        };
        let Image::Raster(raster) = &image else {
            self.canvas.paint(&spans, unknown, self.time);
            return;
        };
        let seen = self
            .page
            .intersect(self.clips.last().map_or(self.page, |clip| clip.bounds))
            .intersect(bounds);
        let dict = raster.stream().dict();
        let masked = ["SMask", "Mask", "SMaskInData"]
            .iter()
            .any(|key| dict.contains_key(key));
        let decodes = self.decoded.contains(&self.images.len());
        self.images.push(Picture {
            area: seen,
            bytes: raster.stream().raw_data().len(),
            pixels: width as usize * height as usize,
            time: self.time,
            masked,
        });
        if !plain || !decodes || spans.is_empty() {
            let paint = Paint {
                plain: plain && !masked,
                ..unknown
            };
            self.canvas.paint(&spans, paint, self.time);
            return;
        }
        let (canvas, time) = (&mut self.canvas, self.time);
        let mut decoded = false;
        raster.with_rgba(
            |data, alpha| {
                decoded = true;
                let to_pixel = props.transform.inverse();
                let (data_width, data_height) = (data.width() as usize, data.height() as usize);
                let at = |point: Point, wide: usize, high: usize| {
                    let point = to_pixel * point;
                    let column = (point.x / f64::from(width) * wide as f64).clamp(0.0, wide as f64 - 1.0) as usize;
                    let row = (point.y / f64::from(height) * high as f64).clamp(0.0, high as f64 - 1.0) as usize;
                    row * wide + column
                };
                canvas.paint_with(&spans, time, |point| {
                    let index = at(point, data_width, data_height);
                    let rgb = match &data {
                        ImageData::Rgb(data) => data
                            .data
                            .get(3 * index..3 * index + 3)
                            .map(|rgb| [rgb[0], rgb[1], rgb[2]]),
                        ImageData::Luma(data) => data.data.get(index).map(|luma| [*luma; 3]),
                    };
                    let opacity = alpha.as_ref().map_or(1.0, |alpha| {
                        let index = at(point, alpha.width as usize, alpha.height as usize);
                        f32::from(alpha.data.get(index).copied().unwrap_or(255)) / 255.0
                    });
                    (rgb, opacity * group.opacity)
                });
            },
            Some((1, 1)),
        );
        if !decoded {
            self.canvas.paint(&spans, unknown, self.time);
        }
    }

    fn begin_marked_content(&mut self, _tag: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties.and_then(|properties| properties.get::<PdfString<'_>>(b"ActualText".as_slice()));
        // Letters that are joined in a way that has no character. Other text is read as it is drawn.
        let joined = text.map(|text| form::decode(&text)).filter(|text| {
            text.chars().count() <= 4
                && text
                    .chars()
                    .all(|c| characters::is_right_to_left(c) && c.is_alphabetic())
        });
        self.marked.push(joined.filter(|text| !text.is_empty()));
        self.marked_glyph = None;
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
        self.marked_glyph = None;
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}
