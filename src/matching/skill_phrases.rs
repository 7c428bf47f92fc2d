//! Skills that are not in the lexicon: the noun phrases and abilities that a line of a posting names.
//!
//! A lexicon knows labels, and postings of most trades name what they ask for in other words: "wound care", "month-end
//! close", "read blueprints". [`tagger`] marks such spans word by word, [`cues`] adds what follows "experience with" and
//! "knowledge of", [`rules`] reduces spans to what a recruiter would list, and [`merge`] decides between them and the
//! labels of the lexicon. [`search`] finds a phrase in a resume.

mod abilities;
mod content;
mod cues;
mod features;
mod halves;
mod label;
mod line;
mod merge;
mod others;
mod rules;
mod search;
mod tagger;
mod vocabulary;

use std::ops::Range;

use super::words::Case;

pub(super) use self::features::features;
pub(super) use self::label::label;
pub(super) use self::line::Line;
pub(super) use self::merge::{Name, identity, merge};
pub(super) use self::others::{is_task, names_skill};
pub(super) use self::rules::reduce;
pub(super) use self::search::{Needle, WordIndex};
pub(super) use self::tagger::{Example, PhraseTagger, labels};
pub(super) use self::vocabulary::{is_lead, is_verb};

/// Maximum number of phrases of a line of prose.
const MOST_PHRASES: usize = 8;
/// Maximum number of phrases of a line that is a list.
const MOST_ITEMS: usize = 12;

/// The skills that a line names, as ranges of its words, in order and without overlap. `duty` is set if the line is a
/// task, of which a short one is not a name.
pub(super) fn phrases(tagger: &PhraseTagger, line: &Line<'_>, duty: bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let tagged = tagger.spans(line);
    let mut last = 0;
    for (at, range) in tagged.iter().enumerate() {
        let end = tagged.get(at + 1).map_or(line.words.len(), |next| next.start);
        let whole = rules::complete(line, range, last..end);
        last = whole.end;
        found.extend(rules::reduce(line, whole));
    }
    let mut taken = vec![false; line.words.len()];
    found.iter().for_each(|range| taken[range.clone()].fill(true));
    for range in cues::named(line) {
        if !taken[range.clone()].contains(&true) {
            found.extend(rules::reduce(line, range));
        }
    }
    let opening = abilities::opening(line).into_iter().collect();
    let (things, items): (Vec<_>, Vec<_>) = abilities::items(line).into_iter().partition(|item| item.len() == 1);
    let all = [
        (items, false),
        (abilities::tasks(line), false),
        (opening, false),
        (things, true),
    ];
    for (ranges, listed) in all {
        found.iter().for_each(|range| taken[range.clone()].fill(true));
        for range in ranges {
            // What follows a name that was found is no part of the task.
            let free = range.clone().take_while(|&at| !taken[at]).count();
            let range = range.start..range.start + free;
            if free >= 2 || free == 1 && listed {
                let names = |part: &Range<usize>| {
                    let long = part.len() >= 2 || line.words[part.start].case == Case::Upper || listed;
                    long && !abilities::lacks_object(line, part)
                };
                found.extend(rules::reduce(line, range).into_iter().filter(names));
            }
        }
    }
    if duty {
        found.iter().for_each(|range| taken[range.clone()].fill(true));
        for range in abilities::joined(line, &taken) {
            if !taken[range.clone()].contains(&true) {
                found.extend(rules::reduce(line, range).into_iter().filter(|part| part.len() >= 2));
            }
        }
    }
    if found.is_empty() && !duty && cues::is_name(line) {
        found.extend(rules::reduce(line, 0..line.words.len()));
    }
    found.sort_unstable_by_key(|range| range.start);
    for at in 0..found.len() {
        // "A/B testing" begins with its letter.
        let before = at.checked_sub(1).map_or(0, |before| found[before].end);
        let start = found[at].start;
        let letter = start > before && line.words[start - 1].bytes.len() == 1 && line.separator(start) == Some('/');
        found[at].start -= usize::from(letter);
    }
    for at in 0..found.len() {
        let before = at.checked_sub(1).map_or(0, |before| found[before].end);
        let after = found.get(at + 1).map_or(line.words.len(), |next| next.start);
        found[at] = abilities::widen(line, found[at].clone(), before..after);
    }
    let items = 1 + (1..line.words.len()).filter(|&at| line.separator(at).is_some()).count();
    let most = if items >= 4 && line.words.len() <= 4 * items {
        MOST_ITEMS
    } else {
        MOST_PHRASES
    };
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests;
