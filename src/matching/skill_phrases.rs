//! Skills that are not in the lexicon: the noun phrases and abilities that a line of a posting names.
//!
//! A lexicon knows labels, and postings of most trades name what they ask for in other words: "wound care", "month-end
//! close", "read blueprints". [`tagger`] marks such spans word by word, [`cues`] adds what follows "experience with" and
//! "knowledge of", [`rules`] reduces spans to what a recruiter would list, and [`merge`] decides between them and the
//! labels of the lexicon. [`search`] finds a phrase in a resume.

mod abilities;
mod content;
mod coordination;
mod cues;
mod features;
mod fragments;
mod halves;
mod included;
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
pub(super) use self::search::{Needle, WordIndex, is_short};
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
        (items, Single::Named),
        (abilities::tasks(line), Single::Named),
        (included::included(line), Single::Activity),
        (opening, Single::Named),
        (things, Single::Any),
    ];
    for (ranges, single) in all {
        for range in ranges {
            found.iter().for_each(|range| taken[range.clone()].fill(true));
            // What follows a name that was found is no part of the task.
            let free = range.clone().take_while(|&at| !taken[at]).count();
            let range = range.start..range.start + free;
            if free >= 2 || free == 1 && single.names(line, range.start) {
                let names = |part: &Range<usize>| {
                    let says = part.len() >= 2 || single.names(line, part.start);
                    says && !abilities::lacks_object(line, part)
                };
                found.extend(rules::reduce(line, range).into_iter().filter(names));
            }
        }
    }
    if duty {
        found.iter().for_each(|range| taken[range.clone()].fill(true));
        for range in coordination::joined(line, &taken) {
            if !taken[range.clone()].contains(&true) {
                found.extend(rules::reduce(line, range).into_iter().filter(|part| part.len() >= 2));
            }
        }
    }
    if found.is_empty() && !duty && cues::is_name(line) {
        found.extend(rules::reduce(line, 0..line.words.len()));
    }
    // "Break down" lacks its object, which follows another verb.
    found.retain(|range| range.len() != 2 || !coordination::is_bare_verb(line, range));
    found.sort_unstable_by_key(|range| range.start);
    coordination::join_parts(line, &mut found);
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
        let wide = abilities::widen(line, found[at].clone(), before..after);
        let whole = coordination::with_verbs(line, wide, before);
        found[at] = coordination::with_objects(line, whole, |at| at < after);
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

/// Which words name a skill by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Single {
    /// Names, and activities of which experience is asked for: "upselling experience".
    Named,
    /// Activities as well: "including recruitment".
    Activity,
    /// Any, in a list of things.
    Any,
}

impl Single {
    fn names(self, line: &Line<'_>, at: usize) -> bool {
        let named = line.words[at].case == Case::Upper || abilities::is_named(line, at);
        let asked = || {
            line.lower
                .get(at + 1)
                .is_some_and(|next| next == "experience" || next == "skills")
        };
        let activity = || included::is_activity(line, at) && (self == Self::Activity || asked());
        self == Self::Any || named || activity()
    }
}

#[cfg(test)]
mod tests;
