//! Boxes side by side, such as groups of skills, or languages with their level below them.

use super::super::characters::is_dash;
use super::super::chunk::Chunk;
use super::judge::{Side, is_period};
use super::{Gutter, is_one_line};

/// The largest distance of the places where the lines of a box begin, as a share of the font's size.
const INDENT: f64 = 0.9;
/// The same for a list below the first line.
const LIST: f64 = 2.5;

/// The gap between two boxes: they begin on one line, have several lines each, and the whole left one is drawn before the
/// right one. Rows of a table are drawn one after the other; dates belong to the lines beside them.
pub(super) fn find(chunks: &[Chunk], first: usize, end: usize, edge: f64) -> Option<Gutter> {
    let is_right = |chunk: &Chunk| chunk.x0 >= edge - 0.5;
    let mut first = first;
    loop {
        let right = (first..end).find(|index| is_right(&chunks[*index]))?;
        let start = row_of(chunks, first, right);
        let last =
            drawn_in_turn(&chunks[start..end], is_right).map_or(end, |index| row_of(chunks, start, start + index));
        let (left, right): (Vec<&Chunk>, Vec<&Chunk>) = chunks[start..last].iter().partition(|chunk| !is_right(chunk));
        let sides = [Side::new(left.into_iter()), Side::new(right.into_iter())];
        // A heading of several lines is beside the text of its section.
        let is_labelled = sides[0].is_labels() && sides[1].continued().contains(&true);
        if !is_labelled
            && is_box(&sides[0], true)
            && is_box(&sides[1], false)
            && is_one_line(sides[0].lines[0][0], sides[1].lines[0][0])
        {
            return Some(Gutter {
                right: edge,
                first: start,
                end: last,
                rows: sides[0].len().min(sides[1].len()),
            });
        }
        first = last.max(right_after(chunks, start, end));
    }
}

/// The first chunk on the line of another.
fn row_of(chunks: &[Chunk], first: usize, index: usize) -> usize {
    let on_line = |other: &usize| is_one_line(&chunks[*other], &chunks[index]);
    (first..index).find(on_line).unwrap_or(index)
}

/// The first chunk that is not on the line of `start`.
fn right_after(chunks: &[Chunk], start: usize, end: usize) -> usize {
    (start..end)
        .find(|index| !is_one_line(&chunks[start], &chunks[*index]))
        .unwrap_or(end)
}

/// The first chunk at the left that is drawn after one at the right above it, or the reverse.
fn drawn_in_turn(chunks: &[Chunk], is_right: impl Fn(&Chunk) -> bool) -> Option<usize> {
    let (mut left, mut right) = (0, usize::MAX);
    chunks.iter().position(|chunk| {
        if is_right(chunk) {
            right = right.min(chunk.order);
        } else {
            left = left.max(chunk.order);
        }
        left >= right
    })
}

/// Whether a side has several lines, which begin, end or have their middle at one place, and no dates. The first line of
/// the left side can have a heading before it.
fn is_box(side: &Side<'_>, is_left: bool) -> bool {
    let aligned = |place: fn(&[&Chunk]) -> f64| {
        let Some((first, rest)) = side.lines.split_first() else {
            return false;
        };
        let near = |line: &[&Chunk]| {
            rest.iter()
                .all(|other| (place(other) - place(line)).abs() < INDENT * other[0].size)
                || rest.iter().all(|other| {
                    let indent = place(other) - place(line);
                    (indent - (place(&rest[0]) - place(line))).abs() < 2.0
                        && (0.0..LIST * other[0].size).contains(&indent)
                })
        };
        near(first) || (is_left && near(&first[first.len() - 1..]))
    };
    let is_single = side.lines.iter().all(|line| line.len() == 1);
    side.len() >= 2
        && !side.lines.iter().flatten().any(|chunk| is_date(chunk))
        && (aligned(|line| line[0].x0)
            || aligned(|line| line[line.len() - 1].x1)
            || (is_single && aligned(|line| f64::midpoint(line[0].x0, line[0].x1))))
}

/// Whether a text is a date, or the open beginning of one such as `Jan '20 -`.
fn is_date(chunk: &Chunk) -> bool {
    let digits = chunk.text.chars().filter(char::is_ascii_digit).count();
    // Not a hyphen, such as that of a town.
    let has_sign = chunk
        .text
        .split(|c: char| is_dash(c) || c == '/')
        .rev()
        .skip(1)
        .any(|part| !part.ends_with(char::is_alphabetic));
    is_period(chunk) || (has_sign && (2..=6).contains(&digits) && chunk.text.chars().count() <= 30)
}
