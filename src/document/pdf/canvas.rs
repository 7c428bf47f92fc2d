//! A coarse raster of a page, which tells what lies below and above a glyph.

use hayro_interpret::FillRule;
use kurbo::{BezPath, PathEl, Point, Rect, Shape as _};

/// The maximum number of cells of a canvas. A larger page gets larger cells.
const MAX_CELLS: f64 = 1.2e6;
/// The maximum number of cells that may be painted for one document; then colours are unknown.
const MAX_PAINTED: usize = 1 << 30;

/// An opaque or translucent paint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    /// The colour; `None` if it varies or is unknown.
    pub rgb: Option<[u8; 3]>,
    pub alpha: f32,
    /// Whether it replaces what is below it at full opacity.
    pub plain: bool,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    rgb: [u8; 3],
    known: bool,
    /// The time of the last paint that hides everything below it.
    covered: u32,
}

/// The tolerance of the lines that curves are divided into: the number of lines grows with the size of the shape, which is
/// unlimited.
pub(super) fn tolerance(bounds: Rect, least: f64) -> f64 {
    least.max(1e-5 * bounds.width().max(bounds.height()))
}

/// The painted area of a page, in cells of one point on most pages.
pub(super) struct Canvas {
    cells: Vec<Cell>,
    width: usize,
    height: usize,
    scale: f64,
    painted: usize,
}

/// The cells of a region, row by row: half-open ranges of columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans(Vec<(usize, usize, usize)>);

impl Canvas {
    pub(super) fn new(width: f64, height: f64) -> Self {
        let (width, height) = (width.clamp(1.0, 1e5), height.clamp(1.0, 1e5));
        let scale = (MAX_CELLS / (width * height)).sqrt().min(1.0);
        let (columns, rows) = ((width * scale).ceil() as usize, (height * scale).ceil() as usize);
        let white = Cell {
            rgb: [255; 3],
            known: true,
            covered: 0,
        };
        Self {
            cells: vec![white; columns * rows],
            width: columns,
            height: rows,
            scale,
            painted: 0,
        }
    }

    /// The cells whose centre is in the rectangle; at least one row and column of cells unless it is outside.
    pub(super) fn spans_of_rect(&self, rect: Rect) -> Spans {
        let range = |from: f64, to: f64, most: usize| {
            let (from, to) = (from * self.scale, to * self.scale);
            let start = (from - 0.5).ceil().max(0.0);
            let end = (to - 0.5).ceil().min(most as f64);
            (start as usize, end.max(0.0) as usize)
        };
        let (left, right) = range(rect.x0, rect.x1, self.width);
        let (top, bottom) = range(rect.y0, rect.y1, self.height);
        if left >= right {
            return Spans::default();
        }
        Spans((top..bottom).map(|row| (row, left, right)).collect())
    }

    /// The cells whose centre is inside of the path.
    pub(super) fn spans_of_path(&self, path: &BezPath, rule: FillRule) -> Spans {
        let bounds = path.bounding_box();
        if !bounds.is_finite() || path.elements().len() > 100_000 {
            return Spans::default();
        }
        let top = ((bounds.y0 * self.scale - 0.5).ceil().max(0.0)) as usize;
        let bottom = ((bounds.y1 * self.scale - 0.5).ceil().clamp(0.0, self.height as f64)) as usize;
        if top >= bottom {
            return Spans::default();
        }
        // The crossings of each row's centre line: x and direction.
        let mut crossings: Vec<Vec<(f64, i32)>> = vec![Vec::new(); bottom - top];
        let mut add = |from: Point, to: Point| {
            let (from, to) = (
                (from.x * self.scale, from.y * self.scale),
                (to.x * self.scale, to.y * self.scale),
            );
            let (low, high, direction) = if from.1 < to.1 { (from, to, 1) } else { (to, from, -1) };
            let first = ((low.1 - 0.5).ceil().max(top as f64)) as usize;
            let last = ((high.1 - 0.5).ceil().clamp(0.0, bottom as f64)) as usize;
            for row in first..last {
                let share = (row as f64 + 0.5 - low.1) / (high.1 - low.1);
                crossings[row - top].push((low.0 + share * (high.0 - low.0), direction));
            }
        };
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        kurbo::flatten(path, tolerance(bounds, 0.3 / self.scale), |element| match element {
            PathEl::MoveTo(point) => {
                add(at, start);
                (start, at) = (point, point);
            }
            PathEl::LineTo(point) => {
                add(at, point);
                at = point;
            }
            _ => {
                add(at, start);
                at = start;
            }
        });
        add(at, start);
        let mut spans = Vec::new();
        for (row, mut crossed) in crossings.into_iter().enumerate() {
            crossed.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut winding = 0;
            for pair in crossed.windows(2) {
                winding += match rule {
                    FillRule::NonZero => pair[0].1,
                    FillRule::EvenOdd => 1 - 2 * winding,
                };
                if winding != 0 {
                    let left = (pair[0].0 - 0.5).ceil().max(0.0) as usize;
                    let right = (pair[1].0 - 0.5).ceil().clamp(0.0, self.width as f64) as usize;
                    if left < right {
                        spans.push((row + top, left, right));
                    }
                }
            }
        }
        Spans(spans)
    }

    /// Paints the cells at `time`.
    pub(super) fn paint(&mut self, spans: &Spans, paint: Paint, time: u32) {
        for &(row, left, right) in &spans.0 {
            self.painted += right - left;
            let exhausted = self.painted > MAX_PAINTED;
            for cell in &mut self.cells[row * self.width + left..row * self.width + right] {
                apply(cell, if exhausted { None } else { paint.rgb }, paint, time);
            }
        }
    }

    /// Paints each cell with the colour that `colour` gives for its centre.
    pub(super) fn paint_with(&mut self, spans: &Spans, time: u32, colour: impl Fn(Point) -> (Option<[u8; 3]>, f32)) {
        for &(row, left, right) in &spans.0 {
            self.painted += right - left;
            for column in left..right {
                let centre = Point::new((column as f64 + 0.5) / self.scale, (row as f64 + 0.5) / self.scale);
                let (rgb, alpha) = colour(centre);
                let paint = Paint {
                    rgb,
                    alpha,
                    plain: true,
                };
                apply(&mut self.cells[row * self.width + column], rgb, paint, time);
            }
        }
    }

    /// The known colours of the cells; `None` if one is unknown or there are no cells.
    pub(super) fn colours(&self, spans: &Spans) -> Option<Vec<[u8; 3]>> {
        let cells: Vec<&Cell> = self.cells(spans).collect();
        (!cells.is_empty() && cells.iter().all(|cell| cell.known)).then(|| cells.iter().map(|cell| cell.rgb).collect())
    }

    /// Whether all cells have this colour, but for a difference of each channel.
    pub(super) fn is_filled_with(&self, spans: &Spans, rgb: [u8; 3], most: u8) -> bool {
        let same = |cell: &Cell| cell.known && cell.rgb.iter().zip(rgb).all(|(a, b)| a.abs_diff(b) <= most);
        self.cells(spans).all(same)
    }

    /// Whether all cells were covered after `time`.
    pub(super) fn is_covered(&self, spans: &Spans, time: u32) -> bool {
        !spans.is_empty() && self.cells(spans).all(|cell| cell.covered > time)
    }

    fn cells<'s>(&'s self, spans: &'s Spans) -> impl Iterator<Item = &'s Cell> {
        spans
            .0
            .iter()
            .flat_map(|&(row, left, right)| &self.cells[row * self.width + left..row * self.width + right])
    }
}

fn apply(cell: &mut Cell, rgb: Option<[u8; 3]>, paint: Paint, time: u32) {
    if paint.alpha <= 0.0 {
        return;
    }
    match rgb {
        Some(rgb) if paint.plain && paint.alpha >= 0.99 => {
            cell.rgb = rgb;
            cell.known = true;
        }
        Some(rgb) if paint.plain && cell.known => cell.rgb = mix(cell.rgb, rgb, paint.alpha),
        _ => cell.known = false,
    }
    if paint.plain && paint.alpha >= 0.95 {
        cell.covered = time;
    }
}

/// The colour of `above` over `below`.
pub(super) fn mix(below: [u8; 3], above: [u8; 3], alpha: f32) -> [u8; 3] {
    // In whole numbers, since a page can have a hundred translucent areas.
    let alpha = (alpha.clamp(0.0, 1.0) * 255.0) as u32;
    std::array::from_fn(|part| {
        ((u32::from(below[part]) * (255 - alpha) + u32::from(above[part]) * alpha + 127) / 255) as u8
    })
}

impl Spans {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The cells that are in both.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let mut first = 0;
        for &(row, left, right) in &self.0 {
            while other.0.get(first).is_some_and(|span| span.0 < row) {
                first += 1;
            }
            for &(_, l, r) in other.0[first..].iter().take_while(|span| span.0 == row) {
                if left.max(l) < right.min(r) {
                    both.push((row, left.max(l), right.min(r)));
                }
            }
        }
        Self(both)
    }
}
