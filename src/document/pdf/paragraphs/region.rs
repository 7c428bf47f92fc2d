//! Which lines of a region are one paragraph.

use super::super::characters::{is_dash, is_dense, is_hyphen};
use super::super::line::Line;

/// The number of characters from which a line may be a full one.
const LONG: usize = 45;

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

/// The right edge of the lines without tabs if several are full.
fn wrap(lines: &[Line], right: f64) -> f64 {
    let plain = || lines.iter().filter(|line| !line.is_tabbed());
    let edge = plain().map(|line| line.x1).fold(f64::MIN, f64::max);
    let is_full = |line: &&Line| edge - line.x1 < 6.0 * line.size && line.text.chars().count() >= LONG;
    if plain().filter(is_full).count() >= 4 {
        edge
    } else {
        right
    }
}

/// Whether lines of different lengths end at the same place.
fn is_justified(lines: &[Line], right: f64) -> bool {
    let full = lines.iter().filter(|line| right - line.x1 < 0.3);
    let lengths: Vec<usize> = full.map(|line| line.text.chars().count()).collect();
    let range = lengths.iter().max().unwrap_or(&0) - lengths.iter().min().unwrap_or(&0);
    lengths.len() >= 3 && range >= 3
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
        Self {
            right,
            wrap: wrap(lines, right),
            left,
            leading,
            size,
            stem,
            full,
            is_tagged,
            is_margin: is_justified(lines, right)
                || lines
                    .first()
                    .is_some_and(|line| line.limit - right < 0.08 * (right - left)),
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

    pub(super) fn connection(&self, before: &Line, line: &Line, earlier: Option<&Line>) -> Break {
        if before.page != line.page {
            return if self.goes_on(before, line, earlier) {
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
        if (near || in_sentence) && gap > 0.0 && !line.ruled && self.goes_on(before, line, earlier) {
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
            && self.goes_on(before, line, earlier)
    }

    /// Whether the line goes on with the paragraph of the line before.
    fn goes_on(&self, before: &Line, line: &Line, earlier: Option<&Line>) -> bool {
        let size = before.size;
        let ratio = line.size / size;
        if line.is_item || line.is_tabbed() || before.is_tabbed() || !(0.93..1.07).contains(&ratio) {
            return false;
        }
        let (bold_before, bold) = (self.is_bold(before), self.is_bold(line));
        if bold_before != bold && (before.words() <= 8 || line.words() <= 8) {
            return false;
        }
        if before.is_upper() != line.is_upper() && before.words() <= 6 {
            return false;
        }
        // An address of mail or a page is a line of its own below another contact.
        let is_address =
            line.words() == 1 && (line.text.contains('@') || line.text.contains('/') && line.text.contains('.'));
        let is_contact = before.words() <= 4 || !before.text.contains(char::is_alphabetic);
        if is_address && is_contact && !before.text.ends_with(['/', '-', '@', '.', '_']) {
            return false;
        }
        // A line of capitals is a heading, but for acronyms.
        let is_word = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() >= 5;
        if line.is_upper() && !before.is_upper() && line.words() <= 4 && line.text.split(' ').any(is_word) {
            return false;
        }
        // Entries of a list by years, which have no room for another word.
        let begins_with_year = |line: &Line| {
            line.text
                .split(' ')
                .next()
                .is_some_and(|word| word.len() == 4 && has_year(word))
        };
        if begins_with_year(before) && begins_with_year(line) {
            return false;
        }
        // The line begins where the paragraph does.
        let indent = line.x0 - before.text_x0;
        let starts = earlier.is_none_or(|earlier| {
            before.y - earlier.y > 1.3 * self.leading * size || before.x0 - earlier.x0 > 0.6 * size
        });
        let centred = (f64::midpoint(line.x0, line.x1) - f64::midpoint(before.x0, before.x1)).abs() < 0.6 * size
            && line.x0 > self.left + size
            && before.x0 > self.left + size;
        let first_indented = !before.is_item && starts && (-4.0 * size..0.0).contains(&indent);
        let item_by_shape = before.is_item && (line.x0 - before.x0).abs() < 0.6 * size;
        if !(indent.abs() < 0.6 * size || centred || first_indented || item_by_shape) {
            return false;
        }
        let last = before.text.trim_end().chars().next_back().unwrap_or(' ');
        let next = line
            .text
            .chars()
            .find(|c| !matches!(c, '(' | '"' | '\u{201c}' | '\u{ab}' | '['))
            .unwrap_or(' ');
        let width = self.right - self.left;
        let dense = is_dense(last) && is_dense(next);
        if is_hyphen(last) && next.is_alphabetic() && before.text.chars().rev().nth(1).is_some_and(char::is_alphabetic)
        {
            return true;
        }
        let room = self.right - before.x1;
        let fits = if dense {
            room > 1.5 * size
        } else {
            room > line.first_word + 0.55 * size
        };
        let long = before.text.chars().count();
        // Text below that of a list item, which had no room.
        let hangs = before.is_item && indent.abs() < 0.2 * size && before.text_x0 - before.x0 > 0.5 * size;
        let has_room = self.wrap - before.x1 > line.first_word + 0.55 * size;
        if hangs && !has_room && long >= LONG && next.is_alphanumeric() && !matches!(last, '.' | ':' | '!' | '?') {
            return true;
        }
        if next.is_lowercase() && !matches!(last, '.' | ':' | ';' | '!' | '?') {
            return before.x1 - before.x0 > 0.5 * width || !fits || matches!(last, ',');
        }
        let elements = [before.elements[1], line.elements[0]];
        let other_element = self.is_tagged && elements.iter().all(Option::is_some) && elements[0] != elements[1];
        if fits || other_element {
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
        let ends = matches!(last, '.' | ':' | '!' | '?');
        let is_title = line.words() <= 4
            && !line.text.ends_with(['.', ',', ';'])
            && next.is_alphabetic()
            && !next.is_lowercase()
            && !dense;
        if ends && is_title {
            return false;
        }
        let word = before.text.rsplit(' ').next().unwrap_or_default();
        // A short word such as "of" does not end a line that is not wrapped; a number can be broken.
        let is_open = word.chars().count() <= 3 && word.chars().all(char::is_lowercase);
        let is_range = is_dash(next) && last.is_ascii_digit();
        if is_open || is_range || (last.is_ascii_digit() && next.is_ascii_digit() && !has_year(word)) {
            return true;
        }
        if !self.is_margin && next.is_uppercase() {
            return long >= 45 && word.chars().all(|c| c.is_lowercase() || c == ',');
        }
        // A list of short lines has a longest one, which is not full.
        let wraps = self.full >= 2 && (long >= 45 || dense || before.is_item);
        wraps || matches!(last, ',' | '&' | '/' | '(') || (long >= 30 && next.is_lowercase())
    }
}

/// Whether the word ends with four digits or more.
fn has_year(word: &str) -> bool {
    word.chars().rev().take_while(char::is_ascii_digit).count() >= 4
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}
