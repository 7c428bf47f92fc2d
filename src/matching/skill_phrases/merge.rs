//! The names of skills in a line: labels of the lexicon and phrases, each place once.

use std::ops::Range;

use super::super::mention::Mention;
use super::super::words::{self, Case};
use super::abilities;
use super::line::Line;
use super::vocabulary::VOCABULARY;

/// The name of a skill in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Name {
    /// The words that name it.
    pub(in crate::matching) words: Range<usize>,
    /// The label of the lexicon; `None` for a phrase that is none.
    pub(in crate::matching) label: Option<Mention>,
}

/// Joins the phrases of a line with the labels in it. A label that covers only a fragment of a phrase gives way to it,
/// unless it is a proper name; where both name the same thing, the label stays, because it joins synonyms. `skills` are
/// the labels that the classifier of mentions accepted.
pub(in crate::matching) fn merge(line: &Line<'_>, skills: Vec<Mention>, phrases: Vec<Range<usize>>) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let mut labels: Vec<Option<Mention>> = skills.into_iter().map(Some).collect();
    for phrase in phrases {
        let overlaps = |label: &Mention| label.words.start < phrase.end && phrase.start < label.words.end;
        let over: Vec<usize> = (0..labels.len())
            .filter(|&at| labels[at].as_ref().is_some_and(overlaps))
            .collect();
        let whole = line.labels.iter().find(|label| label.words == phrase);
        if over.is_empty() || whole.is_some() {
            for at in over {
                labels[at] = None;
            }
            names.push(Name {
                label: whole.cloned(),
                words: phrase,
            });
            continue;
        }
        let stays = |label: &Mention| {
            label.words.start < phrase.start
                || label.words.end > phrase.end
                || is_proper(line, &label.words) && !is_longer_name(line, &label.words, &phrase)
        };
        let same = match over[..] {
            [at] => labels[at]
                .as_ref()
                .is_some_and(|label| names_whole(line, &label.words, &phrase)),
            _ => false,
        };
        if same {
            let label = over.first().and_then(|&at| labels[at].take());
            names.push(Name { words: phrase, label });
        } else if !over.iter().any(|&at| labels[at].as_ref().is_some_and(stays)) {
            for at in over {
                labels[at] = None;
            }
            names.push(Name {
                words: phrase,
                label: None,
            });
        }
    }
    let rest: Vec<Mention> = labels.into_iter().flatten().collect();
    let taken: Vec<Range<usize>> = names.iter().map(|name| name.words.clone()).collect();
    let places: Vec<Range<usize>> = taken
        .into_iter()
        .chain(rest.iter().map(|label| label.words.clone()))
        .collect();
    let mut last = 0;
    for label in rest {
        let own = &label.words;
        let before = places.iter().map(|place| place.end).filter(|&end| end <= own.start);
        let after = places.iter().map(|place| place.start).filter(|&start| start >= own.end);
        let bounds = before.max().unwrap_or(0).max(last)..after.min().unwrap_or(line.words.len());
        let fragment = !is_proper(line, own) && bounds.start <= own.start;
        let whole = if fragment {
            abilities::widen(line, own.clone(), bounds)
        } else {
            own.clone()
        };
        last = last.max(whole.end);
        let light = |at: usize| label.words.contains(&at) || VOCABULARY.light.contains(&line.lower[at]);
        let keeps = whole.clone().all(light);
        names.push(Name {
            words: whole,
            label: keeps.then_some(label),
        });
    }
    names.sort_by_key(|name| name.words.start);
    names
}

/// Whether a label is written as a proper name.
fn is_proper(line: &Line<'_>, label: &Range<usize>) -> bool {
    label
        .clone()
        .any(|at| line.words[at].case == Case::Upper || at > 0 && line.words[at].case == Case::Capital)
}

/// Whether a phrase is a proper name of which the label is a part: "Trados Studio", "ISO 9001".
fn is_longer_name(line: &Line<'_>, label: &Range<usize>, phrase: &Range<usize>) -> bool {
    let mut outside = phrase
        .clone()
        .filter(|at| !label.contains(at) && line.words[*at].subject);
    let named = |at: usize| {
        let capital = line.words[at].case != Case::Lower && (at > 0 || phrase.len() <= 3);
        let number = at >= label.end && line.lower[at].chars().all(|c| !c.is_alphabetic());
        (capital || number)
            && !VOCABULARY.verbs.contains(&line.lower[at])
            && !VOCABULARY.light.contains(&line.lower[at])
    };
    outside.any(named) && !phrase.clone().any(|at| matches!(line.lower[at].as_str(), "and" | "or"))
}

/// Whether a label in a phrase names the same thing: the rest says little, or the label has the head and most words.
fn names_whole(line: &Line<'_>, label: &Range<usize>, phrase: &Range<usize>) -> bool {
    let inside = |at: usize| label.contains(&at);
    if !phrase.contains(&label.start) || label.end > phrase.end {
        return false;
    }
    let content = |at: &usize| line.words[*at].subject;
    let rest = || phrase.clone().filter(content).filter(|&at| !inside(at));
    let head = phrase.clone().rfind(content).is_some_and(inside);
    let own = label.clone().filter(content).count();
    rest().all(|at| VOCABULARY.light.contains(&line.lower[at])) || head && own >= 2 && own >= 2 * rest().count()
}

/// The words that tell a skill from others, as sorted stems: those of "building data pipelines" and "data pipelines" are
/// equal.
pub(in crate::matching) fn identity(label: &str) -> Vec<u64> {
    let all = words::words(label);
    let light = |bytes: &Range<usize>| VOCABULARY.light.contains(&label[bytes.clone()].to_lowercase());
    let mut stems: Vec<u64> = all
        .iter()
        .filter(|word| word.subject && !light(&word.bytes))
        .map(|word| word.stem)
        .collect();
    if stems.is_empty() {
        stems = all.iter().map(|word| word.stem).collect();
    }
    stems.sort_unstable();
    stems.dedup();
    stems
}
