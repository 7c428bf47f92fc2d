//! Headings at the side of their sections.

use super::characters::is_bullet;
use super::chunk::{Chunk, TAB, median};
use super::dates::{CLOSE, append, has_digit};

/// The maximum number of words of a heading at the side.
const MAX_WORDS: usize = 5;

/// A heading at the side: the rows of its lines.
struct Label {
    rows: Vec<usize>,
    /// The first row of the text with labels.
    start: usize,
    text: String,
    /// Whether the text of the section begins beside its first line.
    beside: bool,
    /// Whether it differs from the text by more than its place.
    strong: bool,
}

/// Puts headings at the side of their sections on rows of their own, before the sections.
pub(super) fn separate_headings(mut rows: Vec<Vec<Chunk>>) -> Vec<Vec<Chunk>> {
    let labels = headings(&rows);
    let mut merged: Vec<(usize, Chunk)> = Vec::new();
    for label in &labels {
        let mut chunks = label.rows.iter().map(|row| rows[*row].remove(0));
        let Some(mut heading) = chunks.next() else { continue };
        chunks.for_each(|rest| append(&mut heading, &rest));
        merged.push((label.rows[0], heading));
    }
    let mut merged = merged.into_iter().peekable();
    let mut separated = Vec::with_capacity(rows.len() + labels.len());
    for (index, row) in rows.into_iter().enumerate() {
        if let Some((_, heading)) = merged.next_if(|(row, _)| *row == index) {
            separated.push(vec![heading]);
        }
        if !row.is_empty() {
            separated.push(row);
        }
    }
    separated
}

/// The headings at the side of a text.
fn headings(rows: &[Vec<Chunk>]) -> Vec<Label> {
    let Some(edge) = edge(rows) else { return Vec::new() };
    let is_wide = |row: &[Chunk]| row[0].x0 <= edge - 2.0 && row[0].x1 > edge - 0.2 * row[0].size;
    let mut labels = Vec::new();
    let mut next = 0;
    // A line across both columns, such as an address that has no room at the side, separates two texts.
    while let Some(start) = (next..rows.len()).find(|index| is_beside(&rows[*index], edge)) {
        next = (start..rows.len())
            .find(|index| is_wide(&rows[*index]))
            .unwrap_or(rows.len());
        labels.extend(headings_between(rows, start, next, edge).unwrap_or_default());
    }
    labels
}

/// Whether a row has a text at the edge and another at its left. List items can be indented.
fn is_beside(row: &[Chunk], edge: f64) -> bool {
    let [first, second, ..] = row else { return false };
    let indent = if second.text.starts_with(is_bullet) {
        2.0 * second.size
    } else {
        2.0
    };
    first.x0 <= edge - 2.0 && first.x1 < edge - 0.2 * first.size && (-2.0..indent).contains(&(second.x0 - edge))
}

/// The headings beside the text of some rows, which begins at the edge.
fn headings_between(rows: &[Vec<Chunk>], start: usize, end: usize, edge: f64) -> Option<Vec<Label>> {
    let is_body = |chunk: &Chunk| chunk.x0 > edge - 2.0;
    let body: Vec<&Chunk> = rows[start..end]
        .iter()
        .filter_map(|row| row.iter().find(|chunk| is_body(chunk)))
        .collect();
    // The text can begin in bold, too.
    let stem = median(body.iter().map(|chunk| chunk.stem).filter(|stem| *stem > 0.0));
    let places: Vec<usize> = (start..end).filter(|index| !is_body(&rows[*index][0])).collect();
    let distance = |pair: &[usize]| (rows[pair[1]][0].y - rows[pair[0]][0].y) / rows[pair[0]][0].size;
    let farthest = places.windows(2).map(distance).fold(0.0, f64::max);
    let mut labels: Vec<Label> = Vec::new();
    for (number, &index) in places.iter().enumerate() {
        let row = &rows[index];
        let step = number
            .checked_sub(1)
            .map_or(f64::MAX, |before| distance(&[places[before], index]));
        // Labels at the distance of lines are the rows of a table.
        if step < CLOSE
            && step * 1.25 < farthest
            && let Some(label) = labels.last_mut()
        {
            label.rows.push(index);
            label.text = format!("{} {}", label.text, row[0].text);
            continue;
        }
        labels.push(Label {
            rows: vec![index],
            start,
            text: row[0].text.clone(),
            beside: is_beside(row, edge),
            strong: row.get(1).is_some_and(|text| is_strong(&row[0], text))
                || (stem > 0.0 && row[0].stem > 1.25 * stem),
        });
    }
    let count = |test: fn(&Label) -> bool| labels.iter().filter(|label| test(label)).count();
    let (beside, strong) = (count(|label| label.beside), count(|label| label.strong));
    let plain = count(|label| is_title(&label.text));
    let least = if strong * 5 >= labels.len() * 4 { 1.5 } else { 2.5 };
    let is_text = beside >= 2
        && beside * 5 >= labels.len() * 4
        && plain * 5 >= labels.len() * 4
        && body.len() as f64 >= least * labels.len() as f64;
    if is_text || hang(&rows[start..end], &labels, body.len()) {
        return Some(labels);
    }
    // Others are headings if they look like those that are alone on their line.
    let alone: Vec<&Chunk> = rows
        .iter()
        .filter_map(|row| match row.as_slice() {
            [chunk] if !is_body(chunk) && is_title(&chunk.text) => Some(chunk),
            _ => None,
        })
        .collect();
    labels.retain(|label| {
        let first = &rows[label.rows[0]][0];
        let is_larger = rows[label.rows[0]]
            .get(1)
            .is_some_and(|text| first.size > 1.1 * text.size && !has_digit(&text.text));
        let alike = |other: &&&Chunk| {
            (other.x0 - first.x0).abs() < 2.0
                && (other.size / first.size - 1.0).abs() < 0.02
                && (other.stem / first.stem - 1.0).abs() < 0.1
        };
        is_larger && label.beside && is_title(&label.text) && alone.iter().any(|other| alike(&other))
    });
    Some(labels)
}

/// Whether few headings hang in the margin of a text that begins at one edge, as the only one of a page does.
fn hang(rows: &[Vec<Chunk>], labels: &[Label], body: usize) -> bool {
    let differs = |label: &Chunk, text: &Chunk| {
        !(0.95..1.05).contains(&(label.size / text.size))
            || (text.stem > 0.0 && !(0.8..1.25).contains(&(label.stem / text.stem)))
    };
    let beside = |label: &Label| {
        let row = label.rows.first().and_then(|row| rows.get(row - label.start));
        matches!(row.map(Vec::as_slice), Some([first, second, ..]) if differs(first, second))
    };
    labels.len() <= 2
        && body >= 6 * labels.len()
        && labels
            .iter()
            .all(|label| label.beside && is_title(&label.text) && beside(label))
}

/// The place where most rows of the text begin if labels are at its left.
fn edge(rows: &[Vec<Chunk>]) -> Option<f64> {
    let left = rows.iter().map(|row| row[0].x0).fold(f64::MAX, f64::min);
    let mut edges: Vec<(f64, usize)> = Vec::new();
    let inner = |row: &&Vec<Chunk>| {
        row.iter()
            .take(2)
            .find(|chunk| chunk.x0 > left + 3.0 * chunk.size)
            .map(|chunk| chunk.x0)
    };
    for x0 in rows.iter().filter_map(|row| inner(&row)) {
        match edges.iter_mut().find(|(edge, _)| (*edge - x0).abs() < 2.0) {
            Some((_, count)) => *count += 1,
            None => edges.push((x0, 1)),
        }
    }
    let all: usize = edges.iter().map(|(_, count)| count).sum();
    let (edge, count) = edges.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 4 >= all).then_some(edge)
}

/// Whether a text has few words and no digits or colon.
fn is_title(text: &str) -> bool {
    text.split_whitespace().count() <= MAX_WORDS
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | ':'))
}

/// Whether a label has capitals, or is larger or bolder than the text beside it.
fn is_strong(label: &Chunk, text: &Chunk) -> bool {
    let upper = |text: &str| text.chars().all(|c| !c.is_lowercase());
    (upper(&label.text) && !upper(&text.text))
        || label.size > 1.15 * text.size
        || (label.stem > 1.25 * text.stem && text.stem > 0.0)
}

/// Separates a heading at the side from the only text beside it.
pub(super) fn separate_heading(row: Vec<Chunk>) -> Vec<Vec<Chunk>> {
    let is_apart = |first: &Chunk, second: &Chunk| {
        second.x0 - first.x1 > TAB * first.size
            && second.text.chars().count() > 12
            && second.x0 - first.x0 < 0.45 * (second.x1 - first.x0)
    };
    // Close to a short text, only its size tells.
    let is_larger = |first: &Chunk, second: &Chunk| {
        first.size > 1.15 * second.size && second.x0 - first.x1 < 3.0 * first.size && !has_digit(&second.text)
    };
    let is_heading = |first: &Chunk, second: &Chunk| {
        first.text.chars().filter(|c| c.is_alphabetic()).count() >= 4
            && is_strong(first, second)
            && is_title(&first.text)
            && first.text.split_whitespace().count() < MAX_WORDS
            && (is_apart(first, second) || is_larger(first, second))
    };
    match row.as_slice() {
        [first, second] if is_heading(first, second) => row.into_iter().map(|chunk| vec![chunk]).collect(),
        _ => vec![row],
    }
}
