//! What the words at the ends of two lines tell about them.

use super::super::characters::{is_bullet, is_dash};
use super::super::hyphen::is_broken_address;
use super::super::line::Line;

/// The maximum number of characters of a label such as `Email:`.
const MAX_LABEL: usize = 25;
/// The difference of a colour channel from which two texts have different colours.
const OTHER_COLOUR: u8 = 48;

/// Whether a line ends within a sentence: with a comma, or a short word such as "of", which does not end a line that is not
/// wrapped.
pub(super) fn is_open(text: &str) -> bool {
    let word = text.trim_end().rsplit(' ').next().unwrap_or_default();
    word.ends_with([',', '&', '('])
        || (!word.is_empty() && word.chars().count() <= 3 && word.chars().all(char::is_lowercase))
}

/// Whether a line is of a kind that begins a new line: with another colour, an address below another contact, a label below
/// a label, or a year below a year.
pub(super) fn starts_line(before: &Line, line: &Line) -> bool {
    // An address of mail or a page is a line of its own below another contact.
    let is_contact = before.words() <= 4 || !before.text.contains(char::is_alphabetic);
    if is_broken_address(&before.text, &line.text) {
        return false;
    }
    if line.text.starts_with(is_bullet) || differ(before.ink, line.ink) && !is_address(&line.text) {
        return true;
    }
    if is_address(&line.text) && is_contact && !before.text.ends_with(['/', '-', '@', '.', '_']) {
        return true;
    }
    let is_whole = |text: &str| {
        text.split_once('@')
            .is_some_and(|(_, host)| host.contains('.') && !host.ends_with(['.', '-']))
    };
    if before.words() == 1 && is_whole(&before.text) {
        return true;
    }
    // A line of capitals is a heading, but for acronyms.
    let is_word = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() >= 5;
    if line.is_upper() && !before.is_upper() && line.words() <= 4 && line.text.split(' ').any(is_word) {
        return true;
    }
    // Entries of a list by years, which have no room for another word.
    let begins_with_year = |line: &Line| {
        let word = line.text.split(' ').next();
        word.is_some_and(|word| word.len() == 4 && has_year(word))
    };
    (begins_with_year(before) && begins_with_year(line)) || (is_labelled(&before.text) && is_labelled(&line.text))
}

/// Whether a text begins with an address of mail or a page.
fn is_address(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    first.contains('@') || (first.contains('/') && first.contains('.'))
}

/// Whether a text begins with a label of a few words, such as `Email:`.
fn is_labelled(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, _)| {
        label.starts_with(char::is_uppercase)
            && label.chars().count() <= MAX_LABEL
            && label.split_whitespace().count() <= 3
            && !label.contains([',', '.', '/'])
    })
}

/// Whether a line goes on with the last cell of a row: it begins below it within a sentence, or is the end of its date.
pub(super) fn is_in_last_cell(before: &Line, line: &Line, next: char, is_open: bool) -> bool {
    if line.is_tabbed() || line.is_item || (line.size / before.size - 1.0).abs() > 0.03 {
        return false;
    }
    let cell = before.text.rsplit('\t').next().unwrap_or_default();
    if has_digit(cell) && cell.ends_with(is_dash) {
        return has_digit(&line.text) && line.words() <= 3;
    }
    let is_below = (line.x0 - before.cell_x0).abs() < 1.0 && before.cell_x0 > before.x0 + before.size;
    let ends = cell.ends_with(['.', ':', ';', '!', '?']);
    is_below && !differ(before.ink, line.ink) && (is_open || (next.is_lowercase() && !ends))
}

/// Whether two colours are known and differ.
fn differ(a: Option<[u8; 3]>, b: Option<[u8; 3]>) -> bool {
    a.zip(b)
        .is_some_and(|(a, b)| a.iter().zip(b).any(|(a, b)| a.abs_diff(b) > OTHER_COLOUR))
}

/// The length of a text in narrow characters.
pub(super) fn length(text: &str) -> usize {
    let is_wide = |c: char| matches!(u32::from(c), 0xac00..=0xd7af);
    text.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// Whether the word ends with four digits or more.
pub(super) fn has_year(word: &str) -> bool {
    word.chars().rev().take_while(char::is_ascii_digit).count() >= 4
}

pub(super) fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}
