//! Logical lines: paragraphs, list items and the lines that belong to neither, as units of a text.
//!
//! A paragraph that was wrapped is one unit; nothing else is joined. Texts are expected in the form of `normalize`.

use std::ops::Range;

use super::span::lines;

mod marker;
mod wrapping;

pub(super) use self::marker::Marker;
use self::wrapping::Wrapping;

/// A paragraph, a list item or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Without indent, marker and trailing white space. It contains line breaks where it was wrapped.
    pub(super) bytes: Range<usize>,
    pub(super) item: Item,
    /// The columns before the content or its marker.
    pub(super) indent: usize,
    /// Whether a blank line, a rule or the beginning of the text is before it.
    pub(super) blank_before: bool,
    /// Whether a blank line, a rule or the end of the text is after it.
    pub(super) blank_after: bool,
    /// Whether a rule such as `-----` is directly below it, or rules are on both sides.
    pub(super) underlined: bool,
}

/// Whether a unit is an item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// Not an item.
    No,
    /// One of several lines in a row that each begin a sentence, without a marker.
    Plain,
    /// An item with a marker.
    Marked(Marker),
}

impl Unit {
    pub(super) fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.bytes.clone()]
    }

    /// Whether it is an item of a list, with a marker or without.
    pub(super) fn is_item(&self) -> bool {
        self.item != Item::No
    }
}

/// A line as written.
#[derive(Debug)]
struct Line<'t> {
    /// The offset of the content.
    start: usize,
    /// The content, without indent, marker and trailing white space.
    content: &'t str,
    marker: Option<Marker>,
    indent: usize,
    /// The column after its last character.
    columns: usize,
    blank_before: bool,
    rule_before: bool,
    rule_after: bool,
}

/// The units of a text in order. `opens` tells whether a line can be joined to no other, such as a heading.
pub(super) fn units(text: &str, opens: impl Fn(&str) -> bool) -> Vec<Unit> {
    let read = read(text);
    let wrapping = Wrapping::new(&read);
    let mut units: Vec<Unit> = Vec::new();
    let mut itemized = false;
    // Whether the unit so far is one line that cannot be joined.
    let mut closed = false;
    for (at, line) in read.iter().enumerate() {
        if line.blank_before || line.rule_before || at == 0 {
            itemized = wrapping::is_itemized(&read[at..]);
        }
        let end = line.start + line.content.len();
        let alone = line.marker.is_none() && opens(line.content);
        if let (Some(unit), Some(before)) = (units.last_mut(), at.checked_sub(1).map(|before| &read[before])) {
            let apart = line.blank_before || line.rule_before || line.marker.is_some() || closed;
            let hanging = matches!(unit.item, Item::Marked(_)) && line.indent > unit.indent;
            if !apart && wrapping.joins(&text[unit.bytes.clone()], before, line, alone, hanging, itemized) {
                unit.bytes.end = end;
                unit.underlined |= line.rule_after;
                continue;
            }
            unit.blank_after = line.blank_before || line.rule_before;
        }
        closed = alone;
        units.push(Unit {
            bytes: line.start..end,
            item: match line.marker {
                Some(marker) => Item::Marked(marker),
                None if itemized && wrapping::begins_sentence(line.content) => Item::Plain,
                None => Item::No,
            },
            indent: line.indent,
            blank_before: line.blank_before || line.rule_before || at == 0,
            blank_after: true,
            underlined: line.rule_after,
        });
    }
    units
}

/// The lines that are neither blank nor rules.
fn read(text: &str) -> Vec<Line<'_>> {
    let letters = marker::Letters::new(text);
    let mut read: Vec<Line<'_>> = Vec::new();
    let mut blank = true;
    let mut rule = false;
    // A marker on a line of its own, before the line with its content.
    let mut lone: Option<(Marker, usize)> = None;
    for (start, line) in lines(text) {
        let content = line.trim_start();
        let indent = columns(&line[..line.len() - content.len()]);
        let content = content.trim_end();
        if content.is_empty() {
            (blank, lone) = (true, None);
            continue;
        }
        if is_rule(content) {
            if let Some(last) = read.last_mut().filter(|_| !blank) {
                last.rule_after = true;
            }
            rule = true;
            continue;
        }
        let mut marker = marker::parse(content, &letters).filter(|(_, length)| {
            let dated = read.last().filter(|_| !blank);
            !dated.is_some_and(|last| wrapping::continues_dates(last.content, content, &content[*length..]))
        });
        if let Some((found, length)) = marker
            && content.len() == length
        {
            if found != Marker::Number {
                lone = Some((found, indent));
                continue;
            }
            marker = None;
        }
        let lone = lone.take();
        let length = marker.map_or(0, |(_, length)| length);
        marker = marker.or(lone.map(|(marker, _)| (marker, 0)));
        let hanging = indent + columns(&content[..length]);
        read.push(Line {
            start: start + (content.as_ptr() as usize - line.as_ptr() as usize) + length,
            content: &content[length..],
            marker: marker.map(|(marker, _)| marker),
            indent: lone.map_or(indent, |(_, indent)| indent),
            columns: hanging + columns(&content[length..]),
            blank_before: blank,
            rule_before: rule,
            rule_after: false,
        });
        (blank, rule) = (false, false);
    }
    read
}

/// The width of a text in columns.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\t' => 4,
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}' => 2,
            _ => 1,
        })
        .sum()
}

/// Whether a line is a rule, such as `-----` or `* * *`.
fn is_rule(content: &str) -> bool {
    let mut signs = content.chars().filter(|c| !c.is_whitespace());
    let Some(first) = signs.next() else { return false };
    let rule = matches!(
        first,
        '-' | '=' | '_' | '*' | '~' | '.' | '#' | '+' | '|' | ':' | '\u{2013}' | '\u{2014}' | '\u{b7}'
    ) || matches!(first, '\u{2500}'..='\u{257f}' | '\u{2580}'..='\u{259f}' | '\u{2022}' | '\u{25aa}' | '\u{203e}');
    let mut count = 1;
    rule && signs.all(|c| {
        count += 1;
        c == first || matches!((first, c), ('-' | '+' | '|' | ':', '-' | '+' | '|' | ':'))
    }) && count >= 3
}

#[cfg(test)]
mod tests;
