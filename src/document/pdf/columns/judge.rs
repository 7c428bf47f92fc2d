//! Whether a gap separates two columns, or the cells of a table.

use super::super::characters::is_dash;
use super::super::chunk::{Chunk, median};
use super::Gutter;

/// One side of a gap: its lines, each with the chunks on it.
pub(super) struct Side<'c> {
    pub(super) lines: Vec<Vec<&'c Chunk>>,
}

impl<'c> Side<'c> {
    pub(super) fn new(chunks: impl Iterator<Item = &'c Chunk>) -> Self {
        let mut lines: Vec<Vec<&Chunk>> = Vec::new();
        for chunk in chunks {
            match lines.last_mut() {
                Some(line) if line[0].overlap(chunk) > 0.6 => line.push(chunk),
                _ => lines.push(vec![chunk]),
            }
        }
        for line in &mut lines {
            line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        }
        Self { lines }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    fn width(&self) -> f64 {
        let chunks = || self.lines.iter().flatten();
        let left = chunks().map(|chunk| chunk.x0).fold(f64::MAX, f64::min);
        chunks().map(|chunk| chunk.x1).fold(f64::MIN, f64::max) - left
    }

    fn characters(line: &[&Chunk]) -> usize {
        line.iter().map(|chunk| chunk.text.chars().count() + 1).sum()
    }

    /// Whether the lines are labels, such as dates, and not text.
    pub(super) fn is_labels(&self) -> bool {
        let long = self.lines.iter().filter(|line| Self::characters(line) > 30).count();
        long * 10 <= self.len()
    }

    /// Whether each line goes on with the sentence of the line before.
    pub(super) fn continued(&self) -> Vec<bool> {
        let width = self.width();
        let goes_on = |pair: &[Vec<&Chunk>]| {
            let (Some(last), Some(next)) = (pair[0].last(), pair[1].first()) else {
                return false;
            };
            let close = next.y - last.y < 1.9 * last.size;
            let long = last.x1 - pair[0][0].x0 > 0.6 * width && Self::characters(&pair[0]) > 18;
            let lower = next.text.chars().next().is_some_and(char::is_lowercase);
            // Nouns have a capital in some languages.
            let full = last.x1 - pair[0][0].x0 > 0.85 * width && Self::characters(&pair[0]) > 40;
            let open = last
                .text
                .ends_with(|c: char| c.is_lowercase() || c == ',' || is_dash(c));
            close && long && (lower || (full && open))
        };
        std::iter::once(false)
            .chain(self.lines.windows(2).map(goes_on))
            .collect()
    }
}

/// Decides whether the gap left of `edge` separates two columns.
pub(super) fn judge(chunks: &[Chunk], first: usize, end: usize, edge: f64) -> Option<Gutter> {
    let is_right = |chunk: &&Chunk| chunk.x0 >= edge - 0.5;
    let run = &chunks[first..end];
    let left = Side::new(run.iter().filter(|chunk| !is_right(chunk)));
    let right = Side::new(run.iter().filter(is_right));
    if left.len() < 2 || right.len() < 2 || left.len() + right.len() < 5 {
        return None;
    }
    if has_dates_beside(&left) {
        return None;
    }
    if are_labels(&left, &right) || are_dates(&left) || are_dates(&right) || are_dates_above(&left, &right) {
        return None;
    }
    // Lines of the shorter side: on a line of the other, beside lines of the other, or alone.
    let (short, long) = if left.len() <= right.len() {
        (&left, &right)
    } else {
        (&right, &left)
    };
    let (mut aligned, mut beside, mut misfits) = (0, 0, 0);
    let (short_continued, long_continued) = (short.continued(), long.continued());
    for line in &short.lines {
        let chunk = line[0];
        let distance = |line: &Vec<&Chunk>| (line[0].y - chunk.y).abs();
        let nearest = (0..long.len()).min_by(|a, b| distance(&long.lines[*a]).total_cmp(&distance(&long.lines[*b])));
        let Some(nearest) = nearest else { continue };
        let other = long.lines[nearest][0];
        if (other.y - chunk.y).abs() <= 0.12 * chunk.size.max(other.size) + 0.3 {
            aligned += 1;
            // A label is beside the first line of its text.
            misfits += usize::from(long_continued[nearest]);
        } else if other.overlap(chunk) > 0.15 {
            beside += 1;
        }
    }
    let common = aligned + beside;
    if common == 0 {
        return None;
    }
    let gutter = Gutter {
        right: edge,
        first,
        end,
        rows: common,
    };
    if common >= 3 && grounds_differ(&left, &right) && (!short.is_labels() || short.len() >= 5) {
        return Some(gutter);
    }
    if beside >= 2 && beside * 3 >= common && !is_shifted(short, long) {
        return Some(gutter);
    }
    // Side by side on the same lines: rows of a table, labels such as dates, or columns.
    let switches = switches(run, &is_right);
    let in_turn = switches * 2 > common;
    let dense = short.len() * 10 > long.len() * 7;
    if short.len() < 3 {
        return None;
    }
    // A label that is drawn with its text is beside it.
    let is_table = in_turn && short.is_labels();
    if misfits >= 2 && misfits * 5 >= common && !is_table {
        return Some(gutter);
    }
    let count = |continued: &[bool]| continued.iter().filter(|goes_on| **goes_on).count();
    let texts = count(&short_continued) >= 2 && count(&long_continued) >= 2;
    let is_column = match (in_turn, short.is_labels()) {
        (true, _) => texts && dense,
        (false, true) => {
            let dates = short.lines.iter().filter(|line| has_date(line)).count();
            dates * 5 < short.len() * 3 && (dense || is_solid(short) || misfits + beside >= 2)
        }
        (false, false) => true,
    };
    is_column.then_some(gutter)
}

/// Whether the left side has only dates and headings, some of several lines, each beside the beginning of its text.
fn are_labels(left: &Side<'_>, right: &Side<'_>) -> bool {
    let mut groups: Vec<Vec<&Vec<&Chunk>>> = Vec::new();
    for line in &left.lines {
        match groups.last_mut() {
            Some(group) if line[0].y - group[group.len() - 1][0].y < 1.5 * line[0].size => group.push(line),
            _ => groups.push(vec![line]),
        }
    }
    if groups.len() < 2 || groups.iter().all(|group| group.len() == 1) {
        return false;
    }
    let step = |index: usize| right.lines[index][0].y - right.lines[index - 1][0].y;
    let is_label = |group: &Vec<&Vec<&Chunk>>| {
        let first = group[0][0];
        let beside = right
            .lines
            .iter()
            .position(|line| (line[0].y - first.y).abs() <= 0.12 * first.size + 0.3);
        let Some(beside) = beside.filter(|_| group.len() <= 3 && group.iter().all(|line| line.len() == 1)) else {
            return false;
        };
        let chunks = || group.iter().map(|line| line[0]);
        let words: usize = chunks().map(|chunk| chunk.text.split_whitespace().count()).sum();
        let is_plain = !chunks().any(|chunk| {
            chunk
                .text
                .contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | ':'))
        });
        // A section begins below a wider gap than that between its lines.
        let begins = beside == 0 || beside + 1 == right.len() || step(beside) > 1.2 * step(beside + 1);
        words <= 5 && (chunks().any(|chunk| has_date(&[chunk])) || (is_plain && begins))
    };
    groups.iter().filter(|group| is_label(group)).count() * 5 >= groups.len() * 4
}

/// Whether the left side has only dates and headings, and each date is as far above a line at the right, which begins a
/// text.
fn are_dates_above(left: &Side<'_>, right: &Side<'_>) -> bool {
    let is_short = |line: &&Vec<&Chunk>| line.len() == 1 && Side::characters(line) <= 32;
    let (dates, others): (Vec<_>, Vec<_>) = left.lines.iter().partition(|line| has_date(line));
    let is_title = |line: &&Vec<&Chunk>| line[0].text.split_whitespace().count() <= 5;
    if dates.len() < 2 || dates.len() < others.len() || !dates.iter().all(is_short) || !others.iter().all(is_title) {
        return false;
    }
    let stem = median(right.lines.iter().map(|line| line[0].stem));
    let begins = |index: usize| {
        let step = |index: usize| right.lines[index][0].y - right.lines[index - 1][0].y;
        let line = right.lines[index][0];
        index == 0 || line.stem > 1.15 * stem || index + 1 < right.len() && step(index) > 1.2 * step(index + 1)
    };
    let offsets: Option<Vec<f64>> = dates
        .iter()
        .map(|line| {
            let date = line[0];
            let below = |line: &Vec<&Chunk>| line[0].y > date.y - 0.1 * date.size;
            let index = right.lines.iter().position(below)?;
            let offset = (right.lines[index][0].y - date.y) / date.size;
            (offset < 1.4 && begins(index)).then_some(offset)
        })
        .collect();
    offsets.is_some_and(|offsets| {
        let middle = median(offsets.iter().copied());
        offsets.iter().all(|offset| (offset - middle).abs() < 0.25)
    })
}

/// Whether the backgrounds of the two sides differ.
pub(super) fn grounds_differ(left: &Side<'_>, right: &Side<'_>) -> bool {
    let most = |side: &Side<'_>| {
        let mut counts: Vec<([u8; 3], usize)> = Vec::new();
        for chunk in side.lines.iter().flatten() {
            match counts.iter_mut().find(|(ground, _)| *ground == chunk.ground) {
                Some((_, count)) => *count += 1,
                None => counts.push((chunk.ground, 1)),
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        most.filter(|(_, count)| count * 4 > side.lines.iter().flatten().count() * 3)
            .map(|(ground, _)| ground)
    };
    matches!((most(left), most(right)), (Some(left), Some(right)) if left != right)
}

/// Whether each line of the short side is beside exactly one line of the other, by a constant offset: the sides differ
/// in the size of their text, not in their lines.
fn is_shifted(short: &Side<'_>, long: &Side<'_>) -> bool {
    let offsets: Vec<f64> = short
        .lines
        .iter()
        .filter_map(|line| {
            let nearest = long.lines.iter().flatten().map(|other| other.y - line[0].y);
            nearest.min_by(|a, b| a.abs().total_cmp(&b.abs()))
        })
        .collect();
    let middle = median(offsets.iter().copied());
    let size = median(short.lines.iter().map(|line| line[0].size));
    short.is_labels() && !is_solid(short) && offsets.iter().all(|offset| (offset - middle).abs() < 0.1 * size)
}

/// Whether most lines follow the one before at the distance of lines of one paragraph.
fn is_solid(side: &Side<'_>) -> bool {
    let close = side
        .lines
        .windows(2)
        .filter(|pair| pair[1][0].y - pair[0][0].y < 1.75 * pair[0][0].size)
        .count();
    close * 3 >= side.len() * 2
}

/// How often the content goes from one side to the other, beyond the first time.
fn switches<'c>(run: &'c [Chunk], is_right: &impl Fn(&&'c Chunk) -> bool) -> usize {
    let mut ordered: Vec<&Chunk> = run.iter().collect();
    ordered.sort_by_key(|chunk| chunk.order);
    ordered
        .windows(2)
        .filter(|pair| is_right(&pair[0]) != is_right(&pair[1]))
        .count()
        / 2
}

/// Whether a side has only dates, some with a place above or below them, which belong to the lines beside them.
fn are_dates(side: &Side<'_>) -> bool {
    let mut groups: Vec<Vec<&Chunk>> = Vec::new();
    for line in &side.lines {
        let [chunk] = line.as_slice() else {
            return false;
        };
        match groups.last_mut() {
            Some(group) if chunk.y - group[group.len() - 1].y < 1.8 * chunk.size => group.push(chunk),
            _ => groups.push(vec![chunk]),
        }
    }
    let is_dated = |group: &Vec<&Chunk>| {
        let periods = group.iter().filter(|chunk| is_period(chunk)).count();
        let short = group.iter().all(|chunk| chunk.text.chars().count() <= 30);
        short && periods > 0 && (group.len() <= 2 || periods == group.len())
    };
    groups.len() > 1 && groups.iter().all(is_dated)
}

/// Whether the part of the left side next to the gap is a column of dates, which belong to the lines at the right, beside
/// another column.
fn has_dates_beside(left: &Side<'_>) -> bool {
    let mut chunks: Vec<&Chunk> = left.lines.iter().flatten().copied().collect();
    chunks.sort_by(|a, b| b.x0.total_cmp(&a.x0));
    // The column begins at the edge of one of its chunks.
    (2..chunks.len().saturating_sub(1)).any(|count| {
        let (near, others) = chunks.split_at(count);
        let start = near[count - 1].x0 - 0.5;
        others.iter().all(|chunk| chunk.x1 < start) && are_dates_with_headings(near)
    })
}

/// Whether a column has dates, and else only headings of few words.
fn are_dates_with_headings(column: &[&Chunk]) -> bool {
    let (dates, headings): (Vec<&Chunk>, Vec<&Chunk>) = column.iter().copied().partition(|chunk| is_period(chunk));
    let few = |chunk: &&Chunk| chunk.text.split_whitespace().count() <= MOST_HEADING;
    dates.len() >= 2 && headings.len() <= dates.len() && headings.iter().all(few)
}

/// The most words of a heading in a column of dates.
const MOST_HEADING: usize = 3;

/// Whether a text is short and has a year.
pub(super) fn is_period(chunk: &Chunk) -> bool {
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    chunk.text.chars().count() <= 30 && chunk.text.split(|c: char| !c.is_ascii_digit()).any(is_year)
}

/// Whether a line holds a date: a year, or digits around a sign.
fn has_date(line: &[&Chunk]) -> bool {
    line.iter().any(|chunk| {
        let digits = chunk.text.chars().filter(char::is_ascii_digit).count();
        digits >= 2 && (digits >= 4 || chunk.text.contains(|c: char| is_dash(c) || matches!(c, '/' | '.')))
    })
}
