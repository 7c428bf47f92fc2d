//! The columns of a page: where a gap separates two texts that are read one after the other.

mod boxes;
mod judge;

use super::characters::is_bullet;
use super::chunk::{Chunk, median};
use super::glyph::{Drawn, Mark};
use super::rows;
use judge::{Side, grounds_differ, judge};

/// The maximum number of places where a column may begin that are tried.
const MAX_CANDIDATES: usize = 150;
/// The maximum depth of columns in columns.
const MAX_DEPTH: usize = 12;

/// The maximum number of chunks beside a name.
const MAX_HEAD: usize = 8;

/// The maximum number of lines that are drawn on a page and end columns, and how much of the text at each side of the gap
/// they cover: at least so many points, and this share of its width.
const MAX_RULES: usize = 300;
const ACROSS: f64 = 12.0;
const SHARE_ACROSS: f64 = 0.25;

/// A part of a page that is read as a whole.
pub(super) struct Region {
    pub chunks: Vec<Chunk>,
    /// The right edge of the space for its text.
    pub limit: f64,
}

/// Splits the chunks of a page into regions that are read one after the other.
pub(super) fn split(mut chunks: Vec<Chunk>, drawn: &Drawn) -> Vec<Region> {
    let width = drawn.width;
    let rules = &drawn.rules[..drawn.rules.len().min(MAX_RULES)];
    chunks.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    // Margins are equal on both sides of most pages.
    let left = chunks.iter().map(|chunk| chunk.x0).fold(width, f64::min).max(0.0);
    let mut regions = Vec::new();
    split_into(chunks, rules, width - left, MAX_DEPTH, &mut regions);
    regions
}

fn split_into(chunks: Vec<Chunk>, rules: &[Mark], limit: f64, depth: usize, regions: &mut Vec<Region>) {
    if chunks.is_empty() {
        return;
    }
    let Some(mut gutter) = (depth > 0).then(|| find(&chunks, rules)).flatten() else {
        regions.push(Region { chunks, limit });
        return;
    };
    gutter.first = below_row(&chunks, &gutter).unwrap_or(gutter.first);
    gutter.end = head(&chunks, &gutter).unwrap_or(gutter.end);
    let (mut above, mut left, mut right, mut below) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, chunk) in chunks.into_iter().enumerate() {
        if index < gutter.first {
            above.push(chunk);
        } else if index >= gutter.end {
            below.push(chunk);
        } else if chunk.x0 >= gutter.right - 0.5 {
            right.push(chunk);
        } else {
            left.push(chunk);
        }
    }
    let size = median(left.iter().map(|chunk| chunk.size));
    let inner = limit.min(gutter.right - 1.5 * size);
    split_into(above, rules, limit, depth - 1, regions);
    let differ = grounds_differ(&Side::new(left.iter()), &Side::new(right.iter()));
    let ends = rows::ends(&left, &right).filter(|_| !differ).unwrap_or_default();
    for end in ends {
        let row = |chunk: &mut Chunk| chunk.y <= end;
        split_into(left.extract_if(.., row).collect(), rules, inner, depth - 1, regions);
        split_into(right.extract_if(.., row).collect(), rules, limit, depth - 1, regions);
    }
    for (part, limit) in [(left, inner), (right, limit), (below, limit)] {
        split_into(part, rules, limit, depth - 1, regions);
    }
}

/// The end of a row above the columns, the last cell of which is alone at the right of the gap, such as the place of a
/// person behind other contacts.
fn below_row(chunks: &[Chunk], gutter: &Gutter) -> Option<usize> {
    let is_right = |index: &usize| chunks[*index].x0 >= gutter.right - 0.5;
    let right = (gutter.first..gutter.end).find(is_right)?;
    let row: Vec<usize> = (gutter.first..gutter.end)
        .filter(|index| is_one_line(&chunks[*index], &chunks[right]))
        .collect();
    let end = row.last()? + 1;
    let cells: Vec<usize> = row.into_iter().filter(|index| *index != right).collect();
    let last = cells.iter().map(|index| chunks[*index].order).max()?;
    let is_last = chunks[right].order > last
        && !cells.iter().any(is_right)
        && !chunks
            .iter()
            .any(|chunk| chunk.order > last && chunk.order < chunks[right].order);
    let is_alone = (end..gutter.end)
        .find(is_right)
        .is_some_and(|next| chunks[next].y - chunks[right].y > 1.8 * chunks[right].size);
    let is_contact = cells.iter().any(|index| chunks[*index].text.contains('@'));
    (cells.len() >= 2 && is_last && is_alone && is_contact).then_some(end)
}

/// The end of the head of a page, where a few lines such as an address are beside a name, which is larger than all
/// below it. What follows is not a column of the head.
fn head(chunks: &[Chunk], gutter: &Gutter) -> Option<usize> {
    let run = &chunks[gutter.first..gutter.end];
    let right = || run.iter().filter(|chunk| chunk.x0 >= gutter.right - 0.5);
    let bottom = right().map(Chunk::bottom).fold(f64::MIN, f64::max);
    let end = gutter.first + run.iter().position(|chunk| chunk.top() > bottom)?;
    let (above, below) = (&chunks[gutter.first..end], &chunks[end..]);
    let bottom = above.iter().map(Chunk::bottom).fold(bottom, f64::max);
    let gap = below.iter().map(Chunk::top).fold(f64::MAX, f64::min) - bottom;
    let largest = |chunks: &[Chunk]| chunks.iter().map(|chunk| chunk.size).fold(0.0, f64::max);
    let is_head = gutter.first <= 3
        && right().count() <= MAX_HEAD
        && above.len() * 2 < below.len()
        && largest(above) > 1.15 * largest(below)
        && gap > 0.9 * chunks[end].size;
    is_head.then_some(end)
}

/// A vertical gap that no chunk crosses, between two of the chunks in the order of their baselines.
struct Gutter {
    /// The left edge of the text at its right.
    right: f64,
    first: usize,
    end: usize,
    rows: usize,
}

/// The gap that separates the longest columns.
fn find(chunks: &[Chunk], rules: &[Mark]) -> Option<Gutter> {
    // The first chunk below each line that is drawn.
    let below = |rule: &Mark| chunks.partition_point(|chunk| chunk.y < rule.y1);
    let ruled: Vec<(usize, &Mark)> = rules.iter().map(|rule| (below(rule), rule)).collect();
    let mut edges: Vec<f64> = chunks.iter().map(|chunk| chunk.x0).collect();
    edges.sort_by(f64::total_cmp);
    let mut counted: Vec<(f64, usize)> = Vec::new();
    for edge in edges {
        match counted.last_mut() {
            Some((last, count)) if edge - *last < 1.5 => *count += 1,
            _ => counted.push((edge, 1)),
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.truncate(MAX_CANDIDATES);
    let left = chunks.iter().map(|chunk| chunk.x0).fold(f64::MAX, f64::min);
    let right = chunks.iter().map(|chunk| chunk.x1).fold(f64::MIN, f64::max);
    let mut best: Option<Gutter> = None;
    for (edge, _) in counted {
        // A long word, such as an address of mail, is not broken where its column ends.
        let juts = |chunk: &Chunk| chunk.x1 < edge + 3.0 * chunk.size && is_long_word(&chunk.text);
        let crosses = |chunk: &Chunk| chunk.x0 < edge - 0.5 && chunk.x1 > edge - 0.3 && !juts(chunk);
        // A line across both columns ends them.
        let across = |rule: &Mark| {
            rule.x0 < edge - ACROSS.max(SHARE_ACROSS * (edge - left))
                && rule.x1 > edge + ACROSS.max(SHARE_ACROSS * (right - edge))
        };
        let ends: Vec<usize> = ruled
            .iter()
            .filter(|(_, rule)| across(rule))
            .map(|(end, _)| *end)
            .collect();
        let mut first = 0;
        while first < chunks.len() {
            let Some(mut start) = (first..chunks.len()).find(|index| !crosses(&chunks[*index])) else {
                break;
            };
            let mut end = (start..chunks.len())
                .find(|index| crosses(&chunks[*index]))
                .unwrap_or(chunks.len());
            first = end;
            // What is on one line with a text across the gap belongs to it.
            let on_line = |a: usize, b: usize| chunks.get(b).is_some_and(|chunk| is_one_line(&chunks[a], chunk));
            while start > 0 && start < end && on_line(start - 1, start) {
                start += 1;
            }
            while start < end && on_line(end - 1, end) {
                end -= 1;
            }
            if let Some(line) = ends.iter().copied().filter(|line| *line > start && *line < end).min() {
                (first, end) = (line, line);
            }
            let found = judge(chunks, start, end, edge).or_else(|| boxes::find(chunks, start, end, edge));
            if let Some(gutter) = found
                && best.as_ref().is_none_or(|best| gutter.rows > best.rows)
            {
                best = Some(gutter);
            }
        }
    }
    best
}

fn is_one_line(a: &Chunk, b: &Chunk) -> bool {
    (a.y - b.y).abs() <= 0.12 * a.size.max(b.size) + 0.3
}

/// Whether a text, behind the sign before it, is an address or another long word.
fn is_long_word(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| is_bullet(c) || c.is_whitespace());
    text.chars().count() >= 16 && text.contains(['@', '/', '.', '_']) && !text.contains(char::is_whitespace)
}
