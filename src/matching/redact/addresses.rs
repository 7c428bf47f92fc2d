//! Postal addresses, places, ages and civil status at the head of a resume and beside its contact data.
//!
//! The place where a person lives is identity, the place of an employer is not: addresses and places are blanked at the
//! head, under a heading of contact data, and on lines with contact data; a labelled address everywhere.

mod in_sentence;
mod place;
mod status;
mod street;

use std::ops::Range;

use self::place::{is_employer, is_place, is_postcode, is_town, is_unknown_place};
pub(super) use self::status::is_birth_date;
use self::status::is_status;
pub(super) use self::street::is_address;
use self::street::is_numbered;
use super::blanks::Blanks;
use super::fold::fold;
use super::layout::{Line, Zone, is_contact_heading, is_prose};
use super::tables::{TABLES, names_job};

/// Blanks addresses in sentences.
pub(super) fn in_sentences(masked: &str, layout: &[Line<'_>], blanks: &mut Blanks) {
    for line in layout {
        let text = &masked[line.start..line.start + line.text.len()];
        if let Some(bytes) = in_sentence::address(text) {
            blanks.add(line.start + bytes.start..line.start + bytes.end);
        }
    }
}

/// Blanks addresses and places. `masked` has the length of the text, and `\u{1}` for what is blanked already.
pub(super) fn addresses(masked: &str, layout: &[Line<'_>], blanks: &mut Blanks) {
    let of = |line: &Line<'_>| &masked[line.start..line.start + line.text.len()];
    let identity = |line: &Line<'_>| of(line).contains('\u{1}');
    let head = layout.iter().take_while(|line| line.zone != Zone::Body);
    let headed = layout.iter().take(1).position(|line| is_contact_heading(line.text));
    // Below a heading of contact data all is.
    let first = headed.or_else(|| head.clone().position(identity));
    let last = head
        .clone()
        .enumerate()
        .filter(|(_, line)| identity(line))
        .map(|(at, _)| at)
        .last();
    // Whether a line is of an address that ends or begins beside a line of contact data.
    let is_contact = |line: &Line<'_>| identity(line) && !of(line).contains(char::is_alphanumeric);
    let part = |line: &Line<'_>| {
        let text = of(line).trim();
        !line.heading && text.len() <= 64 && (is_address(text) || is_place(text) || is_town(text))
    };
    let is_letterhead = |at: usize| {
        let follows = |mut lines: Box<dyn Iterator<Item = &Line<'_>> + '_>| {
            lines.find(|line| !part(line)).is_some_and(&is_contact)
        };
        let (before, after) = layout.split_at(at);
        part(&layout[at]) && (follows(Box::new(before.iter().rev().take(2))) || follows(Box::new(after.iter().take(3))))
    };
    let mut street_above = false;
    for (at, line) in layout.iter().enumerate() {
        let text = of(line);
        if line.heading || is_prose(line.text) && !identity(line) {
            street_above = false;
            continue;
        }
        let near = line.zone == Zone::Contact
            || first.is_some_and(|first| at >= first) && last.is_some_and(|last| at <= last + 1);
        let beside = |other: Option<usize>| other.and_then(|at| layout.get(at)).is_some_and(&identity);
        let within = if line.zone == Zone::Contact {
            identity(line) || beside(at.checked_sub(1)) && beside(Some(at + 1))
        } else {
            last.is_some_and(|last| at <= last) && near
        };
        // Contact data that a layout puts between sections or at the end.
        let letterhead = line.zone == Zone::Body && is_letterhead(at);
        let zone = line.zone != Zone::Body;
        if !zone && !letterhead && !identity(line) {
            street_above = false;
            continue;
        }
        let pieces = pieces(text);
        let unknown = pieces
            .iter()
            .filter(|piece| is_unknown_place(&text[(*piece).clone()]))
            .count();
        let mut street = false;
        // A date beside other words is of work or of a licence.
        let lone = pieces.len() == 1 || identity(line);
        for piece in pieces {
            let written = &text[piece.clone()];
            let range = line.start + piece.start..line.start + piece.end;
            if is_address(written) || within && is_numbered(written) {
                street = true;
                add_address(range.start, written, blanks);
            } else if zone && (is_status(written) || lone && is_birth_date(written) || near && is_place(written))
                || within && unknown <= 1 && is_unknown_place(written)
                || street_above && at > 0 && (near || letterhead) && is_town(written)
            {
                // A postcode may follow in the next line.
                street |= street_above && zone;
                blanks.add(range);
            } else if street_above && near && is_postcode(written) {
                blanks.add(range);
            }
        }
        street_above = street;
    }
}

/// The items of a line, without commas as borders.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    let mut push = |range: Range<usize>| {
        let part = &text[range.clone()];
        let lead = part.len()
            - part
                .trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '(' | '\u{3012}'))
                .len();
        let bare =
            part[lead..].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '*' | '_' | '-' | ':'));
        if bare.contains(char::is_alphanumeric) {
            found.push(range.start + lead..range.start + lead + bare.len());
        }
    };
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let dash = matches!(c, '-' | '\u{2013}' | '\u{2014}') && before == ' ' && next == Some(' ');
        if matches!(
            c,
            '|' | '\u{2022}' | '\u{b7}' | '\t' | ';' | '\u{1}' | '\u{25cf}' | '\u{25aa}' | '\u{2666}'
        ) || dash
            || c == ' ' && before == ' '
        {
            push(start..at);
            start = at + c.len_utf8();
        }
        before = c;
    }
    push(start..text.len());
    found
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Blanks an address, but neither an occupation nor a firm between its commas.
fn add_address(start: usize, text: &str, blanks: &mut Blanks) {
    let mut at = 0;
    for part in text.split_inclusive(',') {
        let from = at;
        at += part.len();
        let work = part.split_whitespace().any(|word| {
            let low = fold(bare(word));
            names_job(&low) && !TABLES.surname_words.contains(&low) && !TABLES.street_words.contains(&low)
                || is_firm(&low)
        });
        if !is_employer(part) && (!work || part.contains(|c: char| c.is_ascii_digit())) {
            blanks.add(start + from..start + at);
        }
    }
}

fn is_firm(word: &str) -> bool {
    matches!(
        word,
        "ltd" | "inc" | "gmbh" | "llc" | "plc" | "university" | "school" | "hospital" | "college"
    )
}

#[cfg(test)]
mod tests;
