//! Which lines of a region are one paragraph.

use super::super::characters::{is_dash, is_dense, is_hyphen};
use super::super::line::Line;
use super::edges::{LONG, hang, is_aligned_right, is_alike, is_justified, wrap, wrapped};
use super::words::{has_digit, has_year, is_in_last_cell, is_open, length, starts_line};

/// What is known about the lines of a region.
pub(super) struct Region {
    /// The right edge of the text.
    right: f64,
    /// The right edge of most text, where lines are wrapped if dates are at the right of it.
    wrap: f64,
    left: f64,
    /// The distance of the baselines of one paragraph, as a share of the font's size.
    leading: f64,
    size: f64,
    stem: f64,
    /// The number of lines that reach the right edge.
    full: usize,
    /// Whether the right edge is where lines are wrapped, and not the end of the longest line.
    is_margin: bool,
    /// Whether the lines of one paragraph have the same marked content.
    is_tagged: bool,
    /// Whether lines of different lengths end at the same place.
    is_justified: bool,
    /// Whether lines end at the same place and begin at others.
    is_right: bool,
    /// Whether the lines of a paragraph but for the first are indented.
    hangs: bool,
    /// For each line, whether it is in a block of lines of which none had room for the next word.
    wrapped: Vec<bool>,
}

/// How a line is connected to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// It goes on with the paragraph.
    None,
    Line,
    Block,
}

/// Whether the second line goes on with the marked content of the first one.
pub(super) fn are_one_element(before: &Line, line: &Line) -> bool {
    before.page == line.page && before.elements[1].is_some() && before.elements[1] == line.elements[0]
}

impl Region {
    pub(super) fn new(lines: &[Line], size: f64, stem: f64, is_tagged: bool) -> Self {
        let right = lines.iter().map(|line| line.x1).fold(f64::MIN, f64::max);
        let left = lines.iter().map(|line| line.x0).fold(f64::MAX, f64::min);
        let mut gaps: Vec<f64> = lines
            .windows(2)
            .filter(|pair| (pair[0].size / pair[1].size - 1.0).abs() < 0.08 && pair[0].page == pair[1].page)
            .map(|pair| (pair[1].y - pair[0].y) / pair[0].size)
            .filter(|gap| (0.8..2.2).contains(gap))
            .collect();
        // The lines of paragraphs have the smallest distance that is usual.
        gaps.sort_by(f64::total_cmp);
        let leading = gaps.get(gaps.len() / 4).copied().unwrap_or(1.25);
        let full = lines
            .iter()
            .filter(|line| right - line.x1 < 0.08 * (right - left))
            .count();
        let is_right = is_aligned_right(lines, left, right);
        let is_justified = !is_right && is_justified(lines, right);
        let mut region = Self {
            right,
            wrap: wrap(lines, right),
            left,
            leading,
            size,
            stem,
            full,
            is_tagged,
            is_justified,
            is_margin: is_justified
                || lines
                    .first()
                    .is_some_and(|line| line.limit - right < 0.08 * (right - left)),
            is_right,
            hangs: hang(lines, leading),
            wrapped: Vec::new(),
        };
        region.wrapped = wrapped(lines, is_right, |before, line| region.fits(before, line));
        region
    }

    /// Whether a line had room for the first word of the next one.
    fn fits(&self, before: &Line, line: &Line) -> bool {
        let room = if self.is_right {
            before.x0 - self.left
        } else {
            self.right - before.x1
        };
        let ends = |text: &str, test: fn(char) -> bool| text.trim_end().ends_with(test);
        if ends(&before.text, is_dense) && line.text.starts_with(is_dense) {
            room > 1.5 * before.size
        } else {
            room > line.first_word + 0.55 * before.size
        }
    }

    fn is_bold(&self, line: &Line) -> bool {
        self.stem > 0.0 && line.stem > 1.22 * self.stem
    }

    /// Whether the line has the form of a heading.
    fn is_heading(&self, line: &Line) -> bool {
        let text = line.text.trim();
        let short = line.words() <= 7 && text.chars().count() <= 60 && !line.is_tabbed() && !line.is_item;
        let open = !text.ends_with(['.', ',', ';', '-']);
        short && open && (line.size > 1.12 * self.size || line.is_upper() || self.is_bold(line))
    }

    /// How the line at `index`, which is not the first one, is connected to the one before.
    pub(super) fn connection(&self, lines: &[Line], index: usize) -> Break {
        let (before, line) = (&lines[index - 1], &lines[index]);
        let earlier = index.checked_sub(2).map(|index| &lines[index]);
        let is_wrapped = self.wrapped[index];
        if before.page != line.page {
            return if self.goes_on(before, line, earlier, false) {
                Break::None
            } else {
                Break::Block
            };
        }
        let size = before.size.max(line.size);
        let gap = (line.y - before.y) / size;
        let near = gap <= self.leading * 1.3 + 0.05;
        // The lines of a sentence can be far apart.
        let in_sentence = gap < 2.1 && line.text.starts_with(char::is_lowercase) && before.text.chars().count() >= 40;
        if (near || in_sentence) && gap > 0.0 && !line.ruled && self.goes_on(before, line, earlier, is_wrapped) {
            return Break::None;
        }
        let ratio = line.size / before.size;
        let resized = !(0.9..1.12).contains(&ratio);
        let items = line.is_item && before.is_item && gap < 2.2 * self.leading;
        if line.ruled || !(near || items) || gap <= 0.0 {
            return Break::Block;
        }
        // A heading at the distance of lines of text: larger, or of capitals, or bold above what is not.
        let heading = |line: &Line, other: &Line| {
            self.is_heading(line)
                && (line.size > 1.12 * other.size
                    || (line.is_upper() && !other.is_upper())
                    || (resized && line.size >= other.size))
        };
        if heading(line, before) || heading(before, line) {
            return Break::Block;
        }
        if self.is_heading(line)
            && self.is_bold(line)
            && !self.is_bold(before)
            && line.words() <= 4
            && !has_digit(&line.text)
        {
            return Break::Block;
        }
        Break::Line
    }

    /// Whether a line at the beginning of a page goes on with the sentence at the end of the page before.
    pub(super) fn goes_on_page(&self, lines: &[Line], line: &Line) -> bool {
        let [.., before] = lines else { return false };
        let earlier = lines.len().checked_sub(2).map(|index| &lines[index]);
        before.page + 1 == line.page
            && line.text.starts_with(char::is_lowercase)
            && before.text.chars().count() >= 40
            && self.goes_on(before, line, earlier, false)
    }

    /// Whether the line goes on with the paragraph of the line before.
    fn goes_on(&self, before: &Line, line: &Line, earlier: Option<&Line>, is_wrapped: bool) -> bool {
        let size = before.size;
        let ratio = line.size / size;
        let last = before.text.trim_end().chars().next_back().unwrap_or(' ');
        let next = line
            .text
            .chars()
            .find(|c| !matches!(c, '(' | '"' | '\u{201c}' | '\u{ab}' | '['))
            .unwrap_or(' ');
        let fits = self.fits(before, line);
        let is_open = !fits && is_open(&before.text);
        if before.is_tabbed() {
            return is_in_last_cell(before, line, next, is_open);
        }
        let tolerance = if next.is_lowercase() { 0.07 } else { 0.03 };
        if line.is_item || line.is_tabbed() || (ratio - 1.0).abs() > tolerance {
            return false;
        }
        let (bold_before, bold) = (self.is_bold(before), self.is_bold(line));
        if bold_before != bold && (before.words() <= 8 || line.words() <= 8) && !is_open {
            return false;
        }
        if before.is_upper() != line.is_upper() && before.words() <= 6 {
            return false;
        }
        if starts_line(before, line) || !self.is_below(before, line, earlier) {
            return false;
        }
        // An address begins a line of its own.
        let is_address = |text: &str| text.starts_with("http") || text.contains('@') && !text.contains(' ');
        if before.text.contains("://") && is_address(&line.text) {
            return false;
        }
        let width = self.right - self.left;
        let dense = is_dense(last) && is_dense(next);
        if is_hyphen(last) && next.is_alphabetic() && before.text.chars().rev().nth(1).is_some_and(char::is_alphabetic)
        {
            return true;
        }
        let long = length(&before.text);
        let ends = matches!(last, '.' | ':' | '!' | '?');
        // Text below that of a list item, which had no room.
        let is_below_item =
            before.is_item && (line.x0 - before.text_x0).abs() < 0.2 * size && before.text_x0 - before.x0 > 0.5 * size;
        let has_room = self.wrap - before.x1 > line.first_word + 0.55 * size;
        if is_below_item && !has_room && long >= LONG && next.is_alphanumeric() && !ends {
            return true;
        }
        if next.is_lowercase() && !ends && last != ';' {
            return before.x1 - before.x0 > 0.5 * width || !fits || matches!(last, ',');
        }
        let elements = [before.elements[1], line.elements[0]];
        let other_element = self.is_tagged && elements.iter().all(Option::is_some) && elements[0] != elements[1];
        if fits || (other_element && !is_open) {
            return false;
        }
        // A name or title in large letters that has no room.
        if before.size > 1.4 * self.size
            && next.is_alphabetic()
            && (last.is_alphanumeric() || last == ',')
            && line.words() <= 3
        {
            return true;
        }
        let is_title = line.words() <= 4
            && !line.text.ends_with(['.', ',', ';'])
            && next.is_alphabetic()
            && !next.is_lowercase()
            && !dense;
        if ends && is_title {
            return false;
        }
        // The end of an address is not that of a line which is wrapped.
        if last == '/' && before.text.contains("://") && !next.is_lowercase() {
            return false;
        }
        let is_full = self.is_justified && self.right - before.x1 < 0.3;
        let is_tight = earlier.is_some_and(|earlier| {
            let (step, above) = (line.y - before.y, before.y - earlier.y);
            let is_plain = !has_digit(&before.text) && !has_digit(&line.text);
            is_plain && step < 0.92 * above && above < 2.2 * size && is_alike(earlier, before) && is_alike(before, line)
        });
        if !ends && last != ';' && (is_wrapped || is_full || is_tight || line.text.starts_with('(')) {
            return true;
        }
        let word = before.text.rsplit(' ').next().unwrap_or_default();
        let is_range = is_dash(next) && last.is_ascii_digit();
        if is_open || is_range || (last.is_ascii_digit() && next.is_ascii_digit() && !has_year(word)) {
            return true;
        }
        if !self.is_margin && next.is_uppercase() {
            return long >= LONG && word.chars().all(|c| c.is_lowercase() || c == ',');
        }
        // A list of short lines has a longest one, which is not full.
        let wraps = self.full >= 2 && (long >= LONG || dense || before.is_item);
        wraps || matches!(last, ',' | '&' | '/' | '(') || (long >= 30 && next.is_lowercase())
    }

    /// Whether the line begins where one of the paragraph of the line before does.
    fn is_below(&self, before: &Line, line: &Line, earlier: Option<&Line>) -> bool {
        let size = before.size;
        let indent = line.x0 - before.text_x0;
        if self.hangs && !before.is_item && !line.text.starts_with(char::is_lowercase) {
            let is_first = (before.x0 - self.left).abs() < 0.6 * size;
            return (0.6 * size..4.0 * size).contains(&indent) || (indent.abs() < 0.6 * size && !is_first);
        }
        let starts = earlier.is_none_or(|earlier| {
            before.y - earlier.y > 1.3 * self.leading * size || before.x0 - earlier.x0 > 0.6 * size
        });
        let centred = (f64::midpoint(line.x0, line.x1) - f64::midpoint(before.x0, before.x1)).abs() < 0.6 * size
            && line.x0 > self.left + size
            && before.x0 > self.left + size;
        let first_indented = !before.is_item && starts && (-4.0 * size..0.0).contains(&indent);
        let item_by_shape = before.is_item && (line.x0 - before.x0).abs() < 0.6 * size;
        let is_hanging = self.hangs && (0.6 * size..4.0 * size).contains(&indent);
        let is_right = self.is_right && (line.x1 - before.x1).abs() < 1.0;
        indent.abs() < 0.6 * size || centred || first_indented || item_by_shape || is_hanging || is_right
    }
}
