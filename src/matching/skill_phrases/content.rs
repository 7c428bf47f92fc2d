//! Whether words name a skill rather than a trait, a degree, years or nothing in particular.

use std::ops::Range;

use super::super::words::{Case, Gap};
use super::line::Line;
use super::vocabulary::{VOCABULARY, is_verb};

/// Whether the words name a skill rather than a trait, a degree, years or nothing in particular.
pub(super) fn is_skill(line: &Line<'_>, range: Range<usize>) -> bool {
    let vocabulary = &*VOCABULARY;
    let words = || line.lower[range.clone()].iter().map(String::as_str);
    let content: Vec<&str> = words()
        .zip(&line.words[range.clone()])
        .filter(|(lower, word)| word.subject && lower.contains(char::is_alphabetic))
        .map(|(lower, _)| lower)
        .collect();
    let capital = line.words[range.start].case == Case::Upper && range.len() == 1;
    // "Mentor college students" is no degree.
    let able = range.len() >= 3 && is_verb(&line.words[range.start]);
    let one = content.len() == 1;
    let empty = |word: &str| {
        let lead = one && vocabulary.lead.contains(word);
        let third = word
            .strip_suffix('s')
            .is_some_and(|verb| vocabulary.verbs.contains(verb));
        let verb = one && (vocabulary.verbs.contains(word) || third && duty_form(line, range.start));
        // `enrolled`, `registered`; not `speed`.
        let past = one && word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed");
        vocabulary.vague.contains(word) || vocabulary.praise.contains(word) || lead || verb || past || word.len() < 2
    };
    let named = capital && !content.iter().any(|word| vocabulary.vague.contains(*word));
    let traits = content
        .iter()
        .all(|word| vocabulary.traits.contains(*word) || empty(word));
    let nothing = match content[..] {
        [one] => empty(one),
        [verb, _] if vocabulary.telling.contains(verb) => true,
        [_, head] if is_hope(head) => true,
        [_, object] if is_verb(&line.words[range.start]) => empty(object) && !specific(&content),
        [_, _] => content.iter().all(|word| empty(word)) && !specific(&content),
        _ => false,
    };
    let is_trait = traits && content.len() <= 3 && content.iter().any(|word| vocabulary.traits.contains(*word));
    !content.is_empty()
        && !is_half(line, &range)
        && (named || !is_trait && !nothing)
        && !words().any(|word| vocabulary.other.contains(word) && !(able && matches!(word, "college" | "university")))
        && !range
            .clone()
            .any(|at| line.words[at].case == Case::Lower && is_pronoun(&line.lower[at]))
}

/// Whether a word says what is hoped for rather than what is done: `growth opportunities`.
fn is_hope(word: &str) -> bool {
    matches!(
        word,
        "challenge"
            | "challenges"
            | "goals"
            | "ideas"
            | "needs"
            | "objectives"
            | "opportunities"
            | "opportunity"
            | "targets"
            | "things"
    )
}

/// Whether what someone is lacks its noun: `post-qualifying`, `well-established`, `part qualified`.
fn is_half(line: &Line<'_>, range: &Range<usize>) -> bool {
    let joint = (range.start + 1..range.end).all(|at| line.words[at].gap == Gap::Joint);
    let [first, .., last] = &line.lower[range.clone()] else {
        return false;
    };
    let before = matches!(
        first.as_str(),
        "post" | "non" | "well" | "highly" | "self" | "newly" | "fast" | "part" | "fully" | "recently" | "suitably"
    );
    // `Post-trade experience`: the years after it.
    let after = first == "post" && matches!(last.as_str(), "apprenticeship" | "graduate" | "graduation" | "trade");
    before && (joint && (last.ends_with("ing") || after) || (joint || range.len() == 2) && last.ends_with("ed"))
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "them" | "him" | "it" | "us" | "me" | "themselves" | "yourself")
}

/// Whether a line tells what someone does: `Gives`, `Reads`.
fn duty_form(line: &Line<'_>, at: usize) -> bool {
    at == 0 && line.words.len() > 1
}

/// Whether two words that say little by themselves name something together: "patient care", "train staff".
fn specific(content: &[&str]) -> bool {
    let vocabulary = &*VOCABULARY;
    let noun = matches!(
        content[1],
        "management"
            | "care"
            | "development"
            | "engineering"
            | "design"
            | "support"
            | "planning"
            | "supervision"
            | "writing"
    );
    let verb = matches!(
        content[0],
        "manage"
            | "supervise"
            | "lead"
            | "teach"
            | "train"
            | "mentor"
            | "coach"
            | "educate"
            | "recruit"
            | "motivate"
            | "advise"
            | "counsel"
            | "interview"
            | "observe"
    );
    verb || noun
        && content[0] != content[1]
        && !vocabulary.praise.contains(content[0])
        && !vocabulary.verbs.contains(content[0])
}
