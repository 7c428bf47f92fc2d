//! Whether a line continues the previous one.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::super::dated;
use super::{Line, columns};

/// The words of `wrapping.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    needs_more: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("wrapping.toml")).expect("wrapping.toml is valid"));

/// The width at which a text was wrapped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrapping {
    /// The maximum number of columns of a line.
    width: usize,
    /// Whether the breaks inside of sentences agree on the width.
    certain: bool,
    /// The columns below the width that a full line may have, for texts of a proportional font.
    slack: usize,
    /// Whether a capital after a full line that ends a sentence continues the paragraph.
    sentences: bool,
    /// Whether a capital after a full line in mid-sentence continues it.
    items: bool,
}

/// A line with fewer columns continues only if it ends in mid-phrase.
const SHORT: usize = 24;
/// Wider lines are not wrapped.
const WIDEST: usize = 240;

impl Wrapping {
    /// Estimates the width from the breaks inside of sentences: where the next line begins in lower case, the width is
    /// between this line's length and what it would be with the next word.
    pub(super) fn new(read: &[Line<'_>]) -> Self {
        let mut votes = vec![0_i32; WIDEST + 64];
        let mut breaks = 0;
        for pair in read.windows(2) {
            let (line, next) = (&pair[0], &pair[1]);
            let inside = !next.blank_before
                && !next.rule_before
                && next.marker.is_none()
                && begins_lower(next.content)
                && !is_finished(line.content)
                && (SHORT..WIDEST).contains(&line.columns);
            if inside {
                breaks += 1;
                votes[line.columns] += 1;
                votes[line.columns + first_word(next.content).min(48) + 1] -= 1;
            }
        }
        let longest = read.iter().map(|line| line.columns).max().unwrap_or(0);
        let (mut width, mut most, mut now) = (longest, 0, 0);
        for (at, change) in votes.iter().enumerate() {
            now += change;
            // Of equal widths, the smallest one that fits the lines.
            if now > most {
                (width, most) = (at, now);
            }
        }
        let over = read.iter().filter(|line| line.columns > width + 2).count();
        let agreed = most >= 2 && 10 * most >= 6 * breaks && 4 * over <= read.len();
        let mut wrapping = Self {
            width: if agreed { width } else { longest.min(WIDEST) },
            certain: agreed,
            slack: if agreed && 10 * most < 9 * breaks { width / 8 } else { 0 },
            sentences: false,
            items: false,
        };
        wrapping.weigh(read);
        wrapping
    }

    /// Decides whether a capital after a full line continues it. In running text few lines begin with a capital; a list
    /// without markers has many short lines before a capital, and some full ones by chance.
    fn weigh(&mut self, read: &[Line<'_>]) {
        let (mut wrapped, mut ended, mut items) = (0, 0, 0);
        for pair in read.windows(2) {
            let (line, next) = (&pair[0], &pair[1]);
            if next.blank_before || next.rule_before || next.marker.is_some() {
                continue;
            }
            match (begins_lower(next.content), self.is_full(line, next)) {
                (true, true) => wrapped += 1,
                (false, false) if is_finished(line.content) => ended += 1,
                (false, false) if !dated::has_year(line.content) => items += 1,
                _ => {}
            }
        }
        self.sentences = 2 * ended <= wrapped;
        self.items = 5 * items <= 3 * wrapped;
    }

    /// Whether the next word would not have fitted on the line.
    fn is_full(&self, line: &Line<'_>, next: &Line<'_>) -> bool {
        line.columns + 1 + first_word(next.content) + self.slack > self.width
    }

    /// Whether `next` continues `line`, both of one block; `first` is the beginning of the unit of `line`. `opens` tells
    /// whether `next` looks like a line of its own, `hanging` whether it is indented below an item, `itemized` whether each
    /// line of the block begins a sentence.
    pub(super) fn joins(
        &self,
        first: &str,
        line: &Line<'_>,
        next: &Line<'_>,
        opens: bool,
        hanging: bool,
        itemized: bool,
    ) -> bool {
        let unfinished = is_unfinished(line.content) || opens_parenthesis(line.content) && next.content.contains(')');
        if dated::begins_with_date(next.content) {
            let range = ends_with_dash(line.content) || next.content.starts_with(['-', '\u{2013}', '\u{2014}']);
            return range || unfinished && !line.content.ends_with(',');
        }
        let full = self.is_full(line, next);
        let (finished, lower) = (is_finished(line.content), begins_lower(next.content));
        if unfinished {
            return lower || !opens && !is_label(next.content) && (full || line.columns >= 12 || !self.certain);
        }
        if opens || line.content.contains('\t') || next.content.contains('\t') || line.content.ends_with(':') && !full {
            return false;
        }
        if lower {
            // A line far below the width, or without a capital where no width is certain, is an item of a list.
            let long = begins_upper(first) && !line.content.ends_with(')') && 3 * line.columns >= 2 * self.width;
            return full && self.certain || !finished && line.columns >= SHORT && long;
        }
        if is_label(next.content) || is_entry(line.content) {
            return false;
        }
        // A capital or a digit: only where the whole text is wrapped and the line is full.
        let listed = line.content.matches(',').count() >= 2 && next.content.contains(',');
        let number = next.content.starts_with(|c: char| c.is_ascii_digit());
        let usual = if finished {
            self.sentences
        } else {
            self.items || listed || number
        };
        let dated = dated::has_period(line.content) && line.content.split_whitespace().count() <= 16;
        self.certain
            && full
            && (hanging || usual && (!itemized || self.slack == 0))
            && !dated
            && !line.content.ends_with(':')
    }
}

/// Whether each line of the block that begins here begins a sentence or item.
pub(super) fn is_itemized(read: &[Line<'_>]) -> bool {
    let block = read.iter().enumerate();
    let block = block.take_while(|(at, line)| *at == 0 || !line.blank_before && !line.rule_before);
    let plain = block.map(|(_, line)| line).filter(|line| line.marker.is_none());
    let (mut lines, mut capitals, mut ended) = (0, 0, 0);
    for line in plain {
        lines += 1;
        capitals += usize::from(begins_sentence(line.content));
        ended += usize::from(is_finished(line.content));
    }
    lines >= 2 && 10 * capitals >= 8 * lines && (lines >= 3 || ended != 1)
}

/// Whether a line begins with a capital and has several words.
pub(super) fn begins_sentence(content: &str) -> bool {
    content.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()) && content.split_whitespace().nth(2).is_some()
}

/// Whether a line ends a sentence or clause.
fn is_finished(content: &str) -> bool {
    let end = content.trim_end_matches(['"', '\'', ')', ']', '*', '_', '\u{bb}']);
    end.ends_with(['.', '!', '?', ':', ';', '\u{3002}', '\u{ff01}', '\u{ff1f}', '\u{2026}'])
}

/// Whether a line ends in mid-phrase: with a comma or a word that needs another.
fn is_unfinished(content: &str) -> bool {
    if content.ends_with([',', '&', '/', '(', '\u{3001}', '\u{ff0c}']) {
        return true;
    }
    let last = content
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or(content);
    let words = content.split_whitespace().nth(1).is_some();
    !asks(content) && words && last.starts_with(char::is_lowercase) && VOCABULARY.needs_more.contains(last)
}

/// The number of words of a heading that asks.
const MOST_ASKING: usize = 5;

/// A heading that asks: `What you do`, `Who I am`.
fn asks(content: &str) -> bool {
    let first = content.split_whitespace().next().unwrap_or_default();
    matches!(first, "What" | "Who" | "Where" | "How" | "Why" | "WHAT" | "WHO")
        && content.split_whitespace().count() <= MOST_ASKING
        && !content.ends_with([',', '&', '/', '('])
}

fn opens_parenthesis(content: &str) -> bool {
    let (opened, closed) = (content.matches('(').count(), content.matches(')').count());
    opened == closed + 1 && content.rfind('(') > content.rfind(')')
}

fn ends_with_dash(content: &str) -> bool {
    let before = content.trim_end_matches(['-', '\u{2013}', '\u{2014}']);
    before.len() < content.len() && before.ends_with(|c: char| c.is_whitespace() || c.is_alphanumeric())
}

fn begins_lower(content: &str) -> bool {
    content
        .trim_start_matches(['(', '"', '\'', '*', '_'])
        .starts_with(char::is_lowercase)
}

fn begins_upper(content: &str) -> bool {
    content
        .trim_start_matches(['(', '"', '\'', '*', '_'])
        .starts_with(char::is_uppercase)
}

fn first_word(content: &str) -> usize {
    columns(content.split_whitespace().next().unwrap_or_default())
}

/// `Label: text` with a short label.
fn is_label(content: &str) -> bool {
    content.char_indices().take(32).any(|(at, c)| {
        c == ':' && {
            let label = &content[..at];
            label.starts_with(char::is_uppercase) && label.split_whitespace().count() <= 3
        }
    })
}

/// A line that ends with a date, such as the title or school of an entry.
fn is_entry(content: &str) -> bool {
    !is_finished(content) && dated::ends_with_date(content)
}

/// Whether a line that begins with a dash continues a range of dates: `Jan 2018` and `- Dec 2020`.
pub(super) fn continues_dates(before: &str, content: &str, after: &str) -> bool {
    content.starts_with(['-', '\u{2013}', '\u{2014}'])
        && is_entry(before)
        && dated::begins_with_date(after)
        && after.len() <= 24
}
