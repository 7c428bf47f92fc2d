//! Skills announced by words: "experience with X, Y and Z", "proficient in X".

use std::ops::Range;

use super::super::words::Gap;
use super::line::Line;
use super::vocabulary::VOCABULARY;

/// Maximum number of words between a cue and the end of what it announces.
const REACH: usize = 24;
/// Maximum number of words of an announced item.
const ITEM: usize = 6;
/// Maximum number of words of a line that is a name itself.
const NAME: usize = 4;

/// The spans announced by cues, to be reduced.
pub(super) fn named(line: &Line<'_>) -> Vec<Range<usize>> {
    let vocabulary = &*VOCABULARY;
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..line.words.len().saturating_sub(2) {
        let announces = vocabulary.cues.contains(&line.lower[at]) && vocabulary.joins.contains(&line.lower[at + 1]);
        if at < from || !announces || line.words[at + 1].gap == Gap::Break {
            continue;
        }
        let start = at + 2;
        let end = end_of(line, start);
        found.extend(items(line, start..end));
        from = end;
    }
    found
}

/// The end of the list that begins at `start`.
fn end_of(line: &Line<'_>, start: usize) -> usize {
    let most = line.words.len().min(start + REACH);
    let ends = |&at: &usize| {
        let hard = matches!(line.separator(at), Some('.' | ';' | ':' | ')' | '?' | '!'));
        at > start && (hard || VOCABULARY.stop.contains(&line.lower[at]) && line.lower[at] != "as")
    };
    (start..most).find(ends).unwrap_or(most)
}

/// The items of a list, without those that are clauses.
fn items(line: &Line<'_>, list: Range<usize>) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut start = list.start;
    let mut comma = false;
    for at in list.start..=list.end {
        let joins = at < list.end && matches!(line.lower[at].as_str(), "and" | "or");
        let breaks = at > start && at < list.end && line.words[at].gap == Gap::Break;
        comma |= breaks;
        // "Bank and supplier accounts" are one item, the last two of a longer list are not.
        if at == list.end || breaks || joins && comma {
            items.push(start..at);
            start = at + usize::from(joins);
        }
    }
    items.retain(|item| !item.is_empty() && item.len() <= ITEM + 2);
    // What follows a clause is not announced by the cue.
    let clause = items
        .iter()
        .position(|item| VOCABULARY.verbs.contains(&line.lower[item.start]));
    items.truncate(clause.unwrap_or(items.len()));
    items
}

/// Whether a line is a short name: "Laminated pastry".
pub(super) fn is_name(line: &Line<'_>) -> bool {
    let content = line.words.iter().filter(|word| word.subject).count();
    (1..=NAME).contains(&line.words.len())
        && content >= 1
        && (1..line.words.len()).all(|at| line.words[at].gap != Gap::Break)
        && !line.lower.iter().any(|word| VOCABULARY.stop.contains(word))
}
