//! Collects blanked ranges, and builds the text without them.
//!
//! What is left depends neither on the length of a blanked span nor on the number of words, lines and commas in it: a
//! line of blanks vanishes, an item between separators vanishes with one of them, and a span inside a sentence becomes
//! one [`BLANK`](super::super::offset_map::BLANK).

use std::ops::Range;

use super::super::span::lines;
use super::Redacted;

#[derive(Default)]
pub(super) struct Blanks {
    ranges: Vec<Range<usize>>,
}

impl Blanks {
    pub(super) fn add(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.ranges.push(range);
        }
    }

    /// The text with each blanked byte replaced by `\u{1}`, except line breaks; it has the same length.
    pub(super) fn masked(&mut self, text: &str) -> String {
        self.tidy();
        mask(text, &self.ranges, '\u{1}')
    }

    /// The text with each blanked byte replaced by a space, except line breaks; it has the same length.
    pub(super) fn spaced(mut self, text: &str) -> String {
        self.tidy();
        mask(text, &self.ranges, ' ')
    }

    /// Sorts the ranges and joins those that overlap.
    fn tidy(&mut self) {
        self.ranges.sort_by_key(|range| (range.start, range.end));
        let mut tidy: Vec<Range<usize>> = Vec::with_capacity(self.ranges.len());
        for range in self.ranges.drain(..) {
            match tidy.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => tidy.push(range),
            }
        }
        self.ranges = tidy;
    }

    /// The text without the blanked ranges.
    pub(super) fn apply(mut self, text: &str) -> Redacted {
        self.tidy();
        let mut result = Redacted::default();
        let mut at = 0;
        let mut dropped = false;
        for (start, line) in lines(text) {
            let whole = start..start + line.len();
            let next = text[whole.end..].find('\n').map_or(text.len(), |n| whole.end + n + 1);
            while self.ranges.get(at).is_some_and(|range| range.end <= start) {
                at += 1;
            }
            let here = self.ranges[at..].iter().take_while(|range| range.start < whole.end);
            let here = here.map(|range| range.start.max(start)..range.end.min(whole.end));
            let here = join(text, here.filter(|range| !range.is_empty()));
            if here.is_empty() {
                let empty = line.trim().is_empty();
                if !(empty && dropped && ends_block(&result.clean)) {
                    separate(&mut result, dropped && !empty);
                    result.places.keep(&mut result.clean, text, start..next);
                }
                dropped = false;
                continue;
            }
            result.redactions.extend(here.iter().cloned());
            let mut rest = start;
            let empty = here
                .iter()
                .all(|range| !has_text(&text[std::mem::replace(&mut rest, range.end)..range.start]))
                && !has_text(&text[rest..whole.end]);
            if empty {
                dropped = true;
                continue;
            }
            separate(&mut result, std::mem::take(&mut dropped));
            shorten(text, whole.start..next, whole.end, &here, &mut result);
        }
        result
    }
}

fn mask(text: &str, ranges: &[Range<usize>], sign: char) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        masked.push_str(&text[done..range.start]);
        for c in text[range.clone()].chars() {
            if matches!(c, '\n' | '\r') {
                masked.push(c);
            } else {
                masked.extend(std::iter::repeat_n(sign, c.len_utf8()));
            }
        }
        done = range.end;
    }
    masked.push_str(&text[done..]);
    masked
}

/// A line of blanks leaves an empty line, because what precedes and follows it do not belong together.
fn separate(result: &mut Redacted, dropped: bool) {
    if dropped && !ends_block(&result.clean) {
        result.clean.push('\n');
    }
}

fn ends_block(clean: &str) -> bool {
    clean.is_empty() || clean.ends_with("\n\n") || clean.ends_with("\n\r\n")
}

fn has_text(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// Joins ranges with only spaces and punctuation between them.
fn join(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if is_filler(&text[last.end..range.start]) => last.end = range.end,
            _ => joined.push(range),
        }
    }
    joined
}

/// A sentence does not end inside a blank.
fn is_filler(between: &str) -> bool {
    !has_text(between) && !between.contains(['.', '!', '?'])
        || between == "."
        || between.trim() == ""
        || between == ". "
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        '|' | '\u{2022}'
            | '\u{b7}'
            | '\t'
            | ','
            | ';'
            | '\u{2013}'
            | '\u{2014}'
            | '/'
            | ':'
            | '-'
            | '*'
            | '_'
            | '#'
            | '\u{2010}'..='\u{2012}' | '\u{25aa}' | '\u{25cf}' | '\u{2027}'
    )
}

/// Writes a line with blanks and its line break.
fn shorten(text: &str, line: Range<usize>, end: usize, blanks: &[Range<usize>], result: &mut Redacted) {
    let mut from = line.start;
    for (at, blank) in blanks.iter().enumerate() {
        let mut blank = blank.clone();
        let limit = blanks.get(at + 1).map_or(end, |next| next.start);
        // Brackets and quotes around a blank go with it.
        loop {
            let before = text[from..blank.start].trim_end();
            let after = text[blank.end..limit].trim_start();
            let pair = matches!(
                (before.chars().next_back(), after.chars().next()),
                (Some('('), Some(')')) | (Some('['), Some(']')) | (Some('<'), Some('>')) | (Some('{'), Some('}'))
            );
            if !pair {
                break;
            }
            blank = from + before.len() - 1..limit - after.len() + 1;
        }
        let before = &text[from..blank.start];
        let after = &text[blank.end..limit];
        let first =
            at == 0 && before.trim().is_empty() || from == blank.start && from > line.start && before.is_empty();
        let opens = first || before.trim_end_matches([' ', '\u{a0}']).ends_with(is_item_border);
        let last = limit == end && after.trim().is_empty();
        let closes = last || after.trim_start_matches([' ', '\u{a0}']).starts_with(is_item_border);
        if opens && closes {
            // The item vanishes, with the separators before it if it is the last and behind it otherwise.
            let (kept, next) = if last {
                (
                    before
                        .trim_end_matches(|c: char| c.is_whitespace() || is_separator(c))
                        .len(),
                    end,
                )
            } else {
                let behind = after.trim_start_matches(|c: char| c.is_whitespace() || is_separator(c));
                (before.len(), limit - behind.len())
            };
            result.places.keep(&mut result.clean, text, from..from + kept);
            from = next;
        } else {
            result.places.keep(&mut result.clean, text, from..blank.start);
            result.places.blank(&mut result.clean, blank.clone());
            from = blank.end;
        }
    }
    result.places.keep(&mut result.clean, text, from..line.end);
}

/// What separates the items of a line.
fn is_item_border(c: char) -> bool {
    matches!(
        c,
        '|' | '\u{2022}' | '\u{b7}' | '\t' | ',' | ';' | '\u{2013}' | '\u{2014}' | '*' | '_' | '#'
    )
}
