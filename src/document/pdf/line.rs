//! The lines of a region: chunks side by side, with tabs where there is a wide gap.

use super::cells;
use super::characters::{BULLET, UNKNOWN, is_bullet, is_dash, is_dense};
use super::chunk::{Chunk, TAB, median};
use super::dates;
use super::direction;
use super::glyph::{Drawn, Mark};
use super::side;

/// The distance of a list item and its sign, as a share of the font's size, from which a heading is none.
const FAR: f64 = 1.6;

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The text behind the sign of a list item.
    pub text: String,
    pub is_item: bool,
    /// Whether the sign of the list item is a dash, which can also be part of a sentence.
    pub is_dash: bool,
    /// The place of the line on its page: 0 at the top, 1 at the bottom.
    pub place: f64,
    pub page: usize,
    pub x0: f64,
    /// Where the text behind the sign of a list item begins.
    pub text_x0: f64,
    pub x1: f64,
    pub y: f64,
    pub size: f64,
    /// The thickness of the strokes as a share of the size, or 0 if it is unknown.
    pub stem: f64,
    pub first_word: f64,
    /// The colour of all letters, if it is one.
    pub ink: Option<[u8; 3]>,
    /// The place of the sign of the list item, if it is a shape far from the text.
    pub far_sign: Option<f64>,
    /// Where the last cell begins.
    pub cell_x0: f64,
    /// The marked content of the first and of the last letter.
    pub elements: [Option<u32>; 2],
    /// Whether a thin line is drawn between this line and the one before.
    pub ruled: bool,
    /// The right edge of the space that the line has.
    pub limit: f64,
}

impl Line {
    pub(super) fn is_tabbed(&self) -> bool {
        self.text.contains('\t')
    }

    pub(super) fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Whether all of several letters are capitals.
    pub(super) fn is_upper(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() >= 3 && letters.all(|c| !c.is_lowercase()) && self.text.chars().any(char::is_uppercase)
    }
}

/// Puts the chunks of a region into lines.
pub(super) fn build(mut chunks: Vec<Chunk>, limit: f64, page: usize, drawn: &Drawn) -> Vec<Line> {
    chunks.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Vec<Chunk>> = Vec::new();
    for chunk in chunks {
        let row = rows.iter_mut().rev().take(4).find(|row| {
            row.iter().any(|other| other.overlap(&chunk) > 0.55)
                && row
                    .iter()
                    .all(|other| chunk.x0 > other.x1 - 0.4 * other.size || chunk.x1 < other.x0 + 0.4 * other.size)
        });
        match row {
            Some(row) => row.push(chunk),
            None => rows.push(vec![chunk]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    cells::join(&mut rows);
    dates::join(&mut rows);
    dates::lift(&mut rows);
    let leftwards = is_aligned_left(&rows);
    let rows = side::separate_headings(rows);
    let cells = rows.into_iter().flat_map(side::separate_heading);
    let mut lines: Vec<Line> = cells.filter_map(|cells| join(&cells, leftwards, page, drawn)).collect();
    for line in &mut lines {
        line.limit = limit;
    }
    // A dash that is the only one is part of a range behind a number, and of a heading below capitals.
    if lines.iter().filter(|line| line.is_dash).count() == 1
        && let Some(index) = lines.iter().position(|line| line.is_dash)
        && index > 0
        && (lines[index - 1].text.ends_with(|c: char| c.is_ascii_digit())
            || (lines[index].is_upper() && lines[index - 1].is_upper()))
    {
        let line = &mut lines[index];
        (line.is_item, line.is_dash) = (false, false);
        line.text = format!("\u{2013} {}", line.text);
        line.text_x0 = line.x0;
    }
    drop_far_signs(&mut lines);
    for index in 1..lines.len() {
        let (above, below) = (&lines[index - 1], &lines[index]);
        let between = |rule: &Mark| {
            rule.y0 > above.y - 0.3 * above.size
                && rule.y1 < below.y - 0.5 * below.size
                && rule.x0 < below.x1
                && rule.x1 > below.x0
        };
        lines[index].ruled = drawn.rules.iter().any(between);
    }
    lines
}

/// A larger or bolder line than the others with a sign far from it that no other line has is a heading beside a drawing.
fn drop_far_signs(lines: &mut [Line]) {
    let size = median(lines.iter().map(|line| line.size));
    let stem = median(lines.iter().map(|line| line.stem));
    let signs: Vec<f64> = lines.iter().filter_map(|line| line.far_sign).collect();
    for line in lines {
        let alone = |sign: f64| signs.iter().filter(|other| (**other - sign).abs() < 1.0).count() < 2;
        if line.far_sign.is_some_and(alone) && (line.size > 1.1 * size || line.stem > 1.22 * stem) {
            line.is_item = false;
        }
    }
}

/// Whether text from right to left is set at the left margin, as in a document of which the layout runs to the right.
fn is_aligned_left(rows: &[Vec<Chunk>]) -> bool {
    let edges: Vec<(f64, f64)> = rows
        .iter()
        .filter(|row| row.iter().any(|chunk| direction::is_mostly_right_to_left(&chunk.text)))
        .filter_map(|row| Some((row.first()?.x0, row.last()?.x1)))
        .collect();
    let left = edges.iter().map(|edge| edge.0).fold(f64::MAX, f64::min);
    let right = edges.iter().map(|edge| edge.1).fold(f64::MIN, f64::max);
    let at_left = edges.iter().filter(|edge| edge.0 - left < 2.0).count();
    let at_right = edges.iter().filter(|edge| right - edge.1 < 2.0).count();
    at_left >= 3 && at_left > 2 * at_right
}

/// Joins the chunks of a row.
fn join(row: &[Chunk], leftwards: bool, page: usize, drawn: &Drawn) -> Option<Line> {
    let first = row.first()?;
    let main = row.iter().max_by_key(|chunk| chunk.text.chars().count())?;
    let mut cells: Vec<&Chunk> = row.iter().collect();
    let all: String = cells.iter().map(|chunk| chunk.text.as_str()).collect();
    let rightwards = direction::is_mostly_right_to_left(&all);
    if rightwards && leftwards {
        // The cells of a table follow each other to the right, the words of a cell to the left.
        cells
            .chunk_by_mut(|a, b| b.x0 - a.x1 <= TAB * a.size.max(b.size))
            .for_each(<[&Chunk]>::reverse);
    } else if rightwards {
        cells.reverse();
    }
    let mut text = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            let before = cells[index - 1];
            let gap = (cell.x0 - before.x1).max(before.x0 - cell.x1) / before.size.max(cell.size);
            let dense =
                text.chars().next_back().is_some_and(is_dense) && cell.text.chars().next().is_some_and(is_dense);
            match gap {
                gap if gap > TAB => text.push('\t'),
                gap if gap > 0.12 && !(dense && gap < 0.6) => text.push(' '),
                _ => {}
            }
        }
        if rightwards {
            text.push_str(&direction::numbers(&cell.text));
        } else {
            text.push_str(&cell.text);
        }
    }
    if rightwards && leftwards {
        text = direction::from_left(&text, &first.text, &row.last()?.text);
    }
    let mut line = Line {
        text,
        is_item: false,
        is_dash: false,
        place: main.y / drawn.height.max(1.0),
        page,
        x0: first.x0,
        text_x0: first.x0,
        x1: row.iter().map(|chunk| chunk.x1).fold(f64::MIN, f64::max),
        y: main.y,
        size: main.size,
        stem: main.stem,
        first_word: first.first_word,
        ink: first.ink.filter(|_| row.iter().all(|chunk| chunk.ink == first.ink)),
        far_sign: None,
        cell_x0: row.last().map_or(first.x0, |chunk| chunk.x0),
        elements: [first.elements[0], row.last().and_then(|chunk| chunk.elements[1])],
        ruled: false,
        limit: drawn.width,
    };
    take_sign(&mut line, first, drawn);
    (!line.text.is_empty()).then_some(line)
}

/// Whether a text is of the kinds that have an icon before them: contacts and dates, which are no list items.
fn is_labelled_by_icon(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_page = words == 1 && text.contains('.') && text.contains('/');
    is_page
        || text.contains(['@', '\t', UNKNOWN])
        || text.contains("://")
        || (has_digit && words <= 6 && !text.contains(is_dense))
}

/// Removes the sign of a list item from the line, or finds it as a shape before the line.
fn take_sign(line: &mut Line, first: &Chunk, drawn: &Drawn) {
    let mut chars = line.text.chars();
    if let Some(sign) = chars.next()
        && (is_bullet(sign) || is_dash(sign) || (sign == 'o' && first.second_word > 1.1 * first.size))
    {
        let rest = chars.as_str();
        let text = rest.trim_start();
        let set_apart = rest.len() > text.len() || sign == BULLET;
        let goes_on = text.starts_with(|c: char| c.is_ascii_digit()) && is_dash(sign);
        if sign == UNKNOWN && is_labelled_by_icon(text) {
            line.text = text.to_owned();
            return;
        }
        if set_apart && !goes_on && text.chars().any(char::is_alphanumeric) {
            line.is_item = true;
            line.is_dash = is_dash(sign);
            line.text_x0 = first.x0 + first.second_word;
            line.text = text.to_owned();
            return;
        }
    }
    // An icon of this form before an address of mail.
    if let Some(text) = line.text.strip_prefix("@ ")
        && text.split(' ').next().is_some_and(|word| word.contains('@'))
    {
        line.text = text.to_owned();
        return;
    }
    let rightwards = direction::is_mostly_right_to_left(&line.text);
    let before = |mark: &&Mark| {
        let (width, height) = (mark.x1 - mark.x0, mark.y1 - mark.y0);
        let middle = f64::midpoint(mark.y0, mark.y1);
        let gap = if rightwards {
            mark.x0 - line.x1
        } else {
            line.x0 - mark.x1
        };
        width < 0.55 * line.size
            && height < 0.55 * line.size
            && width > 0.12 * line.size
            && (0.15..2.6).contains(&(gap / line.size))
            && middle < line.y
            && middle > line.y - 0.75 * line.size
    };
    let sign = drawn.marks.iter().find(before);
    line.is_item = sign.is_some();
    line.far_sign = sign
        .filter(|mark| (line.x0 - mark.x1).max(mark.x0 - line.x1) > FAR * line.size)
        .map(|mark| mark.x0);
}
