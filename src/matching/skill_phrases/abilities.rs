//! Abilities that a line tells as tasks, "sort out guest complaints", and things that it lists, "rooftop units, split
//! systems and boilers". They are read by their form, where the tagger marks nothing.

use std::ops::Range;

use super::super::words::{Case, Gap};
use super::line::Line;
use super::vocabulary::{VOCABULARY, is_adverb, is_task_verb, is_verb};

/// Number of items from which a list names things.
const LEAST_ITEMS: usize = 3;
/// Maximum number of words of the noun phrases with which a line begins.
const MOST_OPENING: usize = 12;
/// Maximum number of words of a name with those around it.
const MOST_WIDE: usize = 5;
/// The number of letters of a word that names things in a list by itself.
const LEAST_LETTERS: usize = 5;
/// Maximum number of words of an item.
pub(super) const MOST_ITEM: usize = 4;

/// The tasks of a line, each from its verb to the next one, to be reduced.
pub(super) fn tasks(line: &Line<'_>) -> Vec<Range<usize>> {
    let starts: Vec<usize> = (0..line.words.len()).filter(|&at| begins(line, at)).collect();
    let ends = starts.iter().skip(1).copied().chain([line.words.len()]);
    let whole = starts.iter().zip(ends).map(|(&start, next)| {
        let mut end = (start + 1..next).find(|&at| line.is_apart(at)).unwrap_or(next);
        while end > start && matches!(line.lower[end - 1].as_str(), "and" | "or" | "then") {
            end -= 1;
        }
        let idiom = VOCABULARY.idioms.iter().filter(|idiom| says(line, start, idiom));
        let skipped = idiom.map(Vec::len).max().unwrap_or(0);
        start + skipped..end
    });
    // "Know Cliniko".
    let named = |task: &Range<usize>| task.len() == 1 && is_named(line, task.start);
    whole.filter(|task| task.len() >= 2 || named(task)).collect()
}

/// Whether a word is written as a name, other than at the beginning of the line.
pub(super) fn is_named(line: &Line<'_>, at: usize) -> bool {
    at > 0 && line.words[at].gap != Gap::Break && line.words[at].case != Case::Lower
}

/// Whether the line says these words from `at` on, the first in any form.
fn says(line: &Line<'_>, at: usize, idiom: &[String]) -> bool {
    let Some((first, rest)) = idiom.split_first() else {
        return false;
    };
    let word = line.lower[at].as_str();
    let form = word == first || word.strip_suffix('s') == Some(first) || is_gerund_of(word, first);
    form && rest
        .iter()
        .enumerate()
        .all(|(place, word)| line.lower.get(at + 1 + place) == Some(word))
}

fn is_gerund_of(word: &str, verb: &str) -> bool {
    let stem = word.strip_suffix("ing");
    stem.is_some_and(|stem| stem == verb || Some(stem) == verb.strip_suffix('e') || word.starts_with(verb))
}

/// Whether a verb follows the words before: `you will`, `able to`.
pub(super) fn takes_verb(line: &Line<'_>, at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map(|at| line.lower[at].as_str());
    let wills = |back: usize| match word(back) {
        Some("you'll" | "you'd") => true,
        Some("will" | "would") => matches!(word(back + 1), Some("you" | "candidate" | "applicant" | "holder")),
        _ => false,
    };
    match word(1) {
        Some("also" | "then" | "occasionally" | "sometimes") => wills(2),
        Some("to") => matches!(word(2), Some("able" | "ability" | "how" | "capable")),
        _ => wills(1),
    }
}

/// Whether a task begins at a word: a verb at the beginning of the line, after its subject, after a comma or "and".
pub(super) fn begins(line: &Line<'_>, at: usize) -> bool {
    let word = line.lower[at].as_str();
    let idiom = || VOCABULARY.idioms.iter().any(|idiom| says(line, at, idiom));
    if takes_verb(line, at) {
        return (line.words[at].subject || idiom()) && !VOCABULARY.no_tasks.contains(word);
    }
    if word.ends_with("ed") || !(is_task_verb(&line.words[at]) || idiom()) {
        return false;
    }
    match at.checked_sub(1).map(|before| line.lower[before].as_str()) {
        None => true,
        Some("and" | "or" | "then") => at >= 2,
        Some(_) => line.words[at].gap == Gap::Break,
    }
}

/// Whether a phrase is a verb with a preposition, which says little of what is done: "care for a group", "go between sites".
pub(super) fn lacks_object(line: &Line<'_>, phrase: &Range<usize>) -> bool {
    let next = line.lower[phrase.clone()].get(1);
    let verb = is_task_verb(&line.words[phrase.start]) || takes_verb(line, phrase.start);
    verb && next.is_some_and(|next| VOCABULARY.attach.contains(next))
}

/// Words that say of a thing how much it is wanted: "hot towel shave is a bonus".
const WANTED: [&str; 24] = [
    "a",
    "advantage",
    "advantageous",
    "an",
    "are",
    "asset",
    "be",
    "beneficial",
    "big",
    "bonus",
    "definite",
    "desirable",
    "huge",
    "is",
    "must",
    "needed",
    "nice",
    "plus",
    "preferred",
    "real",
    "useful",
    "welcome",
    "will",
    "would",
];

/// The noun phrase with which a line begins: "Meat and fish cookery to order".
pub(super) fn opening(line: &Line<'_>) -> Option<Range<usize>> {
    let opens = line.words.first().is_some_and(|word| word.subject) && !begins(line, 0);
    let ends = |&at: &usize| {
        let word = &line.lower[at];
        let space = line.words[at].gap == Gap::Space;
        line.is_apart(at) || space && (VOCABULARY.stop.contains(word) || VOCABULARY.attach.contains(word))
    };
    let end = (1..line.words.len()).find(ends).unwrap_or(line.words.len());
    let wanted = end < line.words.len() && line.lower[end..].iter().all(|word| WANTED.contains(&word.as_str()));
    let told = !wanted
        && line.lower.get(end).is_some_and(|word| {
            let asks = matches!(word.as_str(), "required" | "preferred" | "desirable" | "essential");
            line.words[end].gap == Gap::Space
                && VOCABULARY.stop.contains(word)
                && !asks
                && word != "including"
                && word != "incl"
                && word != "when"
        });
    let content = (0..end).filter(|&at| line.words[at].subject).count();
    (opens && !told && content >= 2 && end <= MOST_OPENING).then_some(0..end)
}

/// A name with the words of its noun phrase around it, within these bounds: `frequency drives` is `variable frequency
/// drives`, `work order` is `work order system`.
pub(super) fn widen(line: &Line<'_>, name: Range<usize>, bounds: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = name;
    let joined = |at: usize| {
        line.words[at].gap != Gap::Break && !line.is_apart(at) && !matches!(line.separator(at), Some('/' | '&'))
    };
    let hyphen = |at: usize| line.words[at].gap == Gap::Joint && joined(at);
    // "First leadership experience".
    let asked = line.lower.get(end).is_some_and(|next| next == "experience");
    let modifies = |at: usize| {
        let word = line.lower[at].as_str();
        let ordinal = asked && word == "first";
        let plain = line.words[at].subject
            && !ordinal
            && !VOCABULARY.lead.contains(word)
            && !VOCABULARY.stop.contains(word)
            && !VOCABULARY.praise.contains(word)
            && !VOCABULARY.traits.contains(word)
            && !VOCABULARY.light.contains(word)
            && word.chars().any(char::is_alphabetic)
            && !word.ends_with("'s");
        let other =
            is_adverb(word) || word.ends_with("ing") && !hyphen(at + 1) || is_verb(&line.words[at]) || begins(line, at);
        plain && !other
    };
    // "Keep relatives informed", "help apprentices learn the trade".
    let causes = |at: usize| {
        matches!(
            line.lower[at].as_str(),
            "keep" | "keeps" | "keeping" | "help" | "helps" | "helping"
        )
    };
    // "Conversational Spanish" is Spanish.
    let named = start > 0 && line.words[start].case != Case::Lower;
    while !named
        && start > bounds.start
        && joined(start)
        && end - start < MOST_WIDE
        && (hyphen(start) || modifies(start - 1))
    {
        start -= 1;
    }
    let clause = end - start >= 2
        && (is_verb(&line.words[start + 1]) || !line.words[end - 1].subject || ends_in_state(line, end - 1));
    // "Keep the kitchen clean".
    let article = |at: usize| matches!(line.lower[at].as_str(), "the" | "our" | "your" | "their" | "all");
    let verb = start
        .checked_sub(1)
        .map(|at| at.saturating_sub(usize::from(article(at))));
    let verb = verb.filter(|&verb| clause && verb >= bounds.start && (verb + 1..=start).all(joined) && causes(verb));
    start = verb.unwrap_or(start);
    let plural = |at: usize| line.lower[at].ends_with('s') && !line.lower[at].ends_with("ss");
    while end < bounds.end && joined(end) && end - start < MOST_WIDE {
        let word = line.lower[end].as_str();
        let noun = line.words[end].subject
            && !plural(end - 1)
            && !VOCABULARY.trail.contains(word)
            && !VOCABULARY.stop.contains(word)
            && !VOCABULARY.praise.contains(word)
            && !VOCABULARY.cues.contains(word)
            && !(is_adverb(word) || word.ends_with("ed") || word.ends_with("ing"))
            && word.chars().all(char::is_alphabetic)
            && line.words[end].case == line.words[end - 1].case;
        if !(noun || hyphen(end)) {
            break;
        }
        end += 1;
    }
    start..end
}

/// Whether a word says in what state something is kept.
fn ends_in_state(line: &Line<'_>, at: usize) -> bool {
    let word = line.lower[at].as_str();
    word.ends_with("ed")
        || word.ends_with("ing")
        || matches!(
            word,
            "low"
                | "high"
                | "clean"
                | "tidy"
                | "safe"
                | "straight"
                | "current"
                | "full"
                | "happy"
                | "ready"
                | "dry"
                | "warm"
                | "fresh"
                | "accurate"
                | "stable"
                | "secure"
                | "open"
        )
}

/// The items of the lists of a line that say what they are by themselves.
pub(super) fn items(line: &Line<'_>) -> Vec<Range<usize>> {
    let joins = |at: usize| matches!(line.lower[at].as_str(), "and" | "or");
    let comma = |at: usize| line.words[at].gap == Gap::Break && line.separator(at) == Some(',');
    let mut found = Vec::new();
    let mut from = 0;
    for last in 1..line.words.len() {
        if !joins(last) || last < from {
            continue;
        }
        // Back from the last "and", item by item.
        let mut items = std::iter::once(last + 1..end_of(line, last + 1)).collect::<Vec<Range<usize>>>();
        let mut end = last;
        while end > from {
            let begins = |&at: &usize| comma(at) || at == from || !is_part(line, at - 1);
            let Some(start) = (from..end).rev().find(begins) else {
                break;
            };
            items.push(start..end);
            if start == from || !comma(start) {
                break;
            }
            end = start;
        }
        items.retain(|item| (1..=MOST_ITEM).contains(&item.len()));
        if items.len() >= LEAST_ITEMS {
            from = items[0].end;
            items.retain(|item| names(line, item));
            items.reverse();
            found.extend(items);
        }
    }
    found
}

/// The end of an item that begins at `start`.
pub(super) fn end_of(line: &Line<'_>, start: usize) -> usize {
    let ends = |&at: &usize| line.words[at].gap == Gap::Break || !is_part(line, at);
    (start..line.words.len())
        .find(|at| *at > start && ends(at))
        .unwrap_or(line.words.len())
}

/// Whether a word is part of a noun phrase.
pub(super) fn is_part(line: &Line<'_>, at: usize) -> bool {
    line.words[at].subject && !VOCABULARY.stop.contains(&line.lower[at]) && !(at == 0 && is_verb(&line.words[at]))
}

/// Whether an item names something by itself: by two words, as a label of the lexicon, or things in the plural.
fn names(line: &Line<'_>, item: &Range<usize>) -> bool {
    let content = line.words[item.clone()].iter().filter(|word| word.subject).count();
    let label = line.labels.iter().any(|label| label.words == *item && !label.everyday);
    let word = &line.lower[item.start];
    let things = item.len() == 1
        && word.len() >= LEAST_LETTERS
        && (word.ends_with('s') && !word.ends_with("ss") || word.ends_with("ing"));
    !is_verb(&line.words[item.start]) && (content >= 2 || label || things && line.words[item.start].case == Case::Lower)
}

#[cfg(test)]
mod tests {
    use super::super::super::words;
    use super::*;

    /// However it is put.
    #[test]
    fn a_thing_that_is_wanted_opens_a_line() {
        for thing in ["Hot towel shaves", "lime plaster", "Month end close"] {
            for wanted in [
                "is a bonus.",
                "would be a huge plus",
                "is a must",
                "is needed",
                "are desirable",
            ] {
                let text = format!("{thing} {wanted}");
                let words = words::words(&text);
                let line = Line::new(&text, &words, &[]);
                let found = opening(&line).map(|part| text[line.bytes(&part)].to_owned());
                assert_eq!(found.as_deref(), Some(thing), "{text}");
            }
        }
        for text in ["Lime plaster is mixed by the team", "Good bread is our trade"] {
            let words = words::words(text);
            assert_eq!(opening(&Line::new(text, &words, &[])), None, "{text}");
        }
    }
}
