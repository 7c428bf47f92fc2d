//! A device that records the glyphs of a page and decides which of them a person can see.

mod cid;
mod images;
mod letters;
mod shapes;
mod tex;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use hayro_interpret::font::{GlyphIdentifier, GlyphRun};
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::pattern::Pattern;
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, Paint as DrawPaint, SoftMask,
};
use kurbo::{BezPath, Point, Rect, Shape as _, Stroke};

use super::canvas::{Canvas, Paint, Spans, tolerance};
use super::characters;
use super::form;
use super::glyph::{Drawn, Mark};
use super::raster::{Rasters, Source};
use crate::document::read_text::HiddenReason;

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
    outlines: HashMap<GlyphIdentifier, letters::Outline>,
    time: u32,
    places: Vec<Place>,
    /// The bounds of the outlines of visible shapes, which can be letters.
    shapes: Vec<Rect>,
    images: Vec<Picture>,
    /// The images, by their position, whose pixels are compared with the text above or below them.
    decoded: HashSet<usize>,
    rasters: Rc<RefCell<Rasters>>,
    /// For each marked content that is open, the text that its glyphs stand for together.
    marked: Vec<Option<String>>,
    /// For each marked content that is open, its identifier.
    elements: Vec<Option<u32>>,
    /// The glyph that has this text.
    marked_glyph: Option<usize>,
    /// The positions and codes of the drawn glyphs of which the font does not tell the character.
    unnamed: Vec<(usize, u8)>,
    drawn: Drawn,
}

/// An image on the page.
struct Picture {
    area: Rect,
    bytes: usize,
    source: Source,
    time: u32,
    masked: bool,
}

impl Recorder {
    pub(super) fn new(width: f64, height: f64, decoded: HashSet<usize>, rasters: Rc<RefCell<Rasters>>) -> Self {
        Self {
            page: Rect::new(0.0, 0.0, width, height),
            canvas: Canvas::new(width, height),
            clips: Vec::new(),
            groups: Vec::new(),
            outlines: HashMap::new(),
            time: 0,
            places: Vec::new(),
            shapes: Vec::new(),
            images: Vec::new(),
            decoded,
            rasters,
            marked: Vec::new(),
            elements: Vec::new(),
            marked_glyph: None,
            unnamed: Vec::new(),
            drawn: Drawn {
                width,
                height,
                ..Drawn::default()
            },
        }
    }

    /// Returns what was drawn, each glyph with the reason why it is hidden, if it is.
    pub(super) fn finish(mut self) -> Drawn {
        let area = (self.page.width() * self.page.height()).max(1.0);
        self.drawn.images = self.images.iter().map(|image| image.area.area()).sum::<f64>().min(area) / area;
        for (glyph, place) in self.drawn.glyphs.iter_mut().zip(&self.places) {
            if glyph.hidden.is_none() && self.canvas.is_covered(&place.spans, place.time) {
                glyph.hidden = Some(HiddenReason::Covered);
            }
        }
        tex::name(&mut self.drawn.glyphs, &self.unnamed);
        self.read_scan();
        self.drawn
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
        self.note_outlines(path, bounds, &spans, paint);
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

impl<'a> Device<'a> for Recorder {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let paint = self.paint(&props);
        let stroke = |stroke: &hayro_interpret::StrokeProps| {
            let style = Stroke::new(f64::from(stroke.line_width));
            let style = style.with_caps(stroke.line_cap).with_join(stroke.line_join);
            let tolerance = tolerance(path.bounding_box(), 0.5);
            props.transform * kurbo::stroke(path.iter(), &style, &kurbo::StrokeOpts::default(), tolerance)
        };
        match draw_mode {
            DrawMode::Fill(rule) => self.fill(&(props.transform * path.clone()), *rule, paint),
            DrawMode::Stroke(style) if path.elements().len() < 2000 => {
                self.fill(&stroke(style), FillRule::NonZero, paint);
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
        self.image(&image, &props);
    }

    fn begin_marked_content(&mut self, _tag: &[u8], properties: Option<&Dict<'_>>) {
        self.elements
            .push(properties.and_then(|properties| properties.get::<u32>(b"MCID".as_slice())));
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
        self.elements.pop();
        self.marked_glyph = None;
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}
