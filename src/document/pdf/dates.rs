//! Dates at the side of a text, which can take several lines.

use super::characters::{is_bullet, is_dash, is_hyphen};
use super::chunk::{Chunk, TAB};

/// The largest distance of the lines of one date or heading, as a share of the font's size.
pub(super) const CLOSE: f64 = 1.5;

/// Joins the lines of a date that is broken in its column, such as `09/2009 –` above `07/2014`.
pub(super) fn join(rows: &mut Vec<Vec<Chunk>>) {
    let mut index = 0;
    while index < rows.len() {
        let mut bottom = rows[index][0].y;
        // The other cells can have a line between those of the date.
        while let Some((next, date, rest)) = (index + 1..rows.len().min(index + 3)).find_map(|next| {
            let (date, rest) = continued(&rows[index], bottom, &rows[next])?;
            Some((next, date, rest))
        }) {
            let rest = rows[next].remove(rest);
            bottom = rest.y;
            append(&mut rows[index][date], &rest);
            if rows[next].is_empty() {
                rows.remove(next);
            }
        }
        index += 1;
    }
}

/// Puts a date at the right of a list item behind the text at the right of the row above, which it belongs to: the town of
/// a job above its dates, beside its first task.
pub(super) fn lift(rows: &mut [Vec<Chunk>]) {
    for index in 1..rows.len() {
        let (before, after) = rows.split_at_mut(index);
        let (above, row) = (&mut before[index - 1], &mut after[0]);
        let [first, middle @ .., date] = row.as_slice() else {
            continue;
        };
        let text = middle.last().unwrap_or(first);
        let is_item = |chunk: &Chunk| chunk.text.starts_with(is_bullet);
        let is_date =
            has_digit(&date.text) && date.text.split_whitespace().count() <= 6 && date.x0 - text.x1 > TAB * date.size;
        let is_below = above.len() > 1
            && !is_item(&above[0])
            && above.last().is_some_and(|town| {
                (town.x1 - date.x1).abs() < 2.0 && (0.8..2.0).contains(&((date.y - town.y) / date.size))
            });
        if is_item(first)
            && is_date
            && is_below
            && let (Some(date), Some(town)) = (row.pop(), above.last_mut())
        {
            town.text.push('\t');
            town.text.push_str(&date.text);
        }
    }
}

/// The position of a date, the lines of which so far end at `bottom`, and that of its next line in the row below.
fn continued(row: &[Chunk], bottom: f64, below: &[Chunk]) -> Option<(usize, usize)> {
    let is_close = |chunk: &Chunk| (0.8..CLOSE).contains(&((chunk.y - bottom) / chunk.size));
    let same_edge = |a: &Chunk, b: &Chunk| {
        (a.size / b.size - 1.0).abs() < 0.05 && ((a.x1 - b.x1).abs() < 0.35 * a.size || (a.x0 - b.x0).abs() < 1.0)
    };
    let (date, rest) = (row.first()?, below.first()?);
    if let Some(text) = row.get(1)
        && is_close(rest)
        && same_edge(date, rest)
        && rest.x1 < text.x0 - 0.3 * rest.size
        && below
            .get(1)
            .is_none_or(|other| (other.x0 - text.x0).abs() < 2.0 && !is_range(&rest.text))
        && goes_on(&date.text, &rest.text)
    {
        return Some((0, 0));
    }
    let (date, rest) = (row.last()?, below.last()?);
    let is_right = row.len() > 1
        && is_close(rest)
        && same_edge(date, rest)
        && rest.x0 > row[row.len() - 2].x1
        && has_digit(&date.text)
        && (below.len() > 1 || rest.x0 > row[0].x1);
    (is_right && !is_range(&rest.text) && goes_on(&date.text, &rest.text)).then(|| (row.len() - 1, below.len() - 1))
}

/// Whether the text is the next line of a date.
fn goes_on(date: &str, rest: &str) -> bool {
    let words = |text: &str| text.split_whitespace().count();
    if words(date) > 5 || words(rest) > 4 || !(has_digit(date) || has_digit(rest)) {
        return false;
    }
    let starts = |test: fn(char) -> bool| rest.starts_with(test);
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '\'' | '\u{2019}');
    // A range that is open, a month without its year, or the second part of a range.
    date.ends_with(is_dash)
        || (date.ends_with(char::is_alphabetic) && starts(is_number))
        || (has_digit(date) && has_digit(rest) && (starts(char::is_lowercase) || starts(is_dash)))
}

/// Whether the text has a dash between two parts of a date.
fn is_range(text: &str) -> bool {
    text.trim_matches(is_dash).contains(is_dash) && has_digit(text)
}

pub(super) fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Appends the next line of a label or cell.
pub(super) fn append(label: &mut Chunk, rest: &Chunk) {
    let broken = label.text.ends_with(is_hyphen) && rest.text.starts_with(char::is_lowercase);
    if broken {
        label.text.pop();
    } else {
        label.text.push(' ');
    }
    label.text.push_str(&rest.text);
    label.x0 = label.x0.min(rest.x0);
    label.x1 = label.x1.max(rest.x1);
}
