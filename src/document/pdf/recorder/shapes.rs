//! Letters that are drawn as shapes, below invisible text.

use kurbo::{BezPath, PathEl, Point, Rect};

use super::super::canvas::{Paint, Spans};
use super::Recorder;

/// The maximum number of outlines of shapes that are kept for one page.
const MAX_SHAPES: usize = 200_000;
/// The number of the latest outlines that can be the drawing of an invisible letter.
const MAX_RECENT: usize = 1000;
/// A taller shape is not a line of letters.
const TALLEST: f64 = 120.0;
/// The largest difference of a colour channel between a shape and its background that cannot be told apart.
const SAME: u8 = 20;

impl Recorder {
    /// Keeps the bounds of the outlines of a shape that differs from what is below it.
    pub(super) fn note_outlines(&mut self, path: &BezPath, bounds: Rect, spans: &Spans, paint: Paint) {
        let is_other = path.elements().len() <= 4 || bounds.height() > TALLEST || self.shapes.len() >= MAX_SHAPES;
        if is_other
            || paint.alpha < 0.5
            || spans.is_empty()
            || paint
                .rgb
                .is_some_and(|rgb| self.canvas.is_filled_with(spans, rgb, SAME))
        {
            return;
        }
        let mut outline: Option<Rect> = None;
        let mut add = |point: Point, is_start: bool| {
            let rect = Rect::from_points(point, point);
            match outline {
                Some(bounds) if !is_start => outline = Some(bounds.union(rect)),
                _ => self.shapes.extend(outline.replace(rect)),
            }
        };
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(point) => add(point, true),
                PathEl::LineTo(point) => add(point, false),
                PathEl::QuadTo(control, point) => {
                    add(control, false);
                    add(point, false);
                }
                PathEl::CurveTo(first, second, point) => {
                    add(first, false);
                    add(second, false);
                    add(point, false);
                }
                PathEl::ClosePath => {}
            }
        }
        self.shapes.extend(outline);
    }

    /// Whether an invisible letter with this ink was drawn as a shape just before, as Chromium and Google Docs draw letters in
    /// bold that their font does not have; `Some(true)` if the shape is bolder.
    pub(super) fn shape_at(&self, ink: Rect, size: f64) -> Option<bool> {
        let tolerance = 0.09 * size;
        let outer = ink.inflate(tolerance, tolerance);
        let inside =
            |shape: &&Rect| shape.x0 > outer.x0 && shape.x1 < outer.x1 && shape.y0 > outer.y0 && shape.y1 < outer.y1;
        let shapes = self.shapes.iter().rev().take(MAX_RECENT).filter(inside);
        let drawn = shapes.copied().reduce(|all, shape| all.union(shape))?;
        let same = |a: f64, b: f64| (a - b).abs() < tolerance;
        let is_same =
            same(drawn.x0, ink.x0) && same(drawn.x1, ink.x1) && same(drawn.y0, ink.y0) && same(drawn.y1, ink.y1);
        is_same.then(|| drawn.width() > ink.width() + 0.015 * size)
    }
}
