//! Headings that are turned by 90 degrees and set beside their sections.

use super::chunk::Chunk;
use super::columns::{self, Region};
use super::glyph::Drawn;
use super::line::Line;

/// The maximum number of words of a heading.
const MAX_WORDS: usize = 4;
/// A larger distance of two lines, as a share of the font's size, is that of two sections.
const SECTION: f64 = 2.4;

/// A turned line with its place on the page.
struct Heading {
    line: Line,
    left: f64,
    top: f64,
    bottom: f64,
}

impl Heading {
    fn new(line: Line, angle: i32) -> Self {
        let (left, top, bottom) = match angle {
            90 => (-line.y, line.x0, line.x1),
            _ => (line.y, -line.x1, -line.x0),
        };
        Self {
            line,
            left,
            top,
            bottom,
        }
    }
}

/// The parts of turned text. Short texts, which are headings of several sections on one baseline, are one part each.
pub(super) fn parts(chunks: Vec<Chunk>, drawn: &Drawn) -> Vec<Region> {
    let is_short = |chunk: &Chunk| chunk.text.split_whitespace().count() <= MAX_WORDS;
    if !chunks.iter().all(is_short) {
        return columns::split(chunks, drawn);
    }
    let alone = |chunk: Chunk| Region {
        limit: chunk.x1,
        chunks: vec![chunk],
    };
    chunks.into_iter().map(alone).collect()
}

/// Puts turned headings before the sections beside them, and returns the other turned lines. The angle is that of the
/// lines, the coordinates of which are those of the page turned back.
pub(super) fn insert(regions: &mut [Vec<Line>], turned: Vec<Vec<Line>>, angle: i32) -> Vec<Vec<Line>> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut rest: Vec<Vec<Line>> = Vec::new();
    for lines in turned {
        let is_heading = |line: &mut Line| {
            matches!(angle, 90 | 270)
                && line.words() <= MAX_WORDS
                && !line.text.contains(|c: char| c.is_ascii_digit() || c == '@')
        };
        let mut lines = lines;
        headings.extend(lines.extract_if(.., is_heading).map(|line| Heading::new(line, angle)));
        rest.push(lines);
    }
    headings.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut above = f64::NEG_INFINITY;
    for heading in headings {
        let Some((region, index)) = beginning(regions, &heading, above) else {
            rest.push(vec![heading.line]);
            continue;
        };
        above = heading.bottom;
        let next = &mut regions[region][index];
        next.ruled = true;
        let line = Line {
            x0: next.x0,
            text_x0: next.x0,
            y: next.y - 1.5 * heading.line.size.min(next.size),
            ruled: true,
            is_item: false,
            place: next.place,
            ..heading.line
        };
        regions[region].insert(index, line);
    }
    rest.retain(|lines| !lines.is_empty());
    rest
}

/// The first line of the section beside a heading, which is not beside the heading above.
fn beginning(regions: &[Vec<Line>], heading: &Heading, above: f64) -> Option<(usize, usize)> {
    let middle = f64::midpoint(heading.top, heading.bottom);
    let distance = |line: &Line| (line.y - middle).abs();
    let beside = regions.iter().enumerate().flat_map(|(region, lines)| {
        let lines = lines.iter().enumerate();
        lines.map(move |(index, line)| (region, index, line))
    });
    let (region, mut index, _) = beside
        .filter(|(_, _, line)| {
            line.x0 > heading.left - line.size
                && line.y > heading.top - line.size
                && line.y < heading.bottom + 2.0 * line.size
        })
        .min_by(|a, b| distance(a.2).total_cmp(&distance(b.2)))?;
    let lines = &regions[region];
    while index > 0 {
        let (before, line) = (&lines[index - 1], &lines[index]);
        let step = (line.y - before.y) / line.size;
        let is_section = before.y < heading.top - line.size && step > SECTION;
        if is_section || line.ruled || step < 0.0 || before.y < above || before.page != line.page {
            break;
        }
        index -= 1;
    }
    Some((region, index))
}
