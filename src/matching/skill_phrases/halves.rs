//! Words that need a noun behind them.

use super::super::words::Case;
use super::line::Line;
use super::vocabulary::VOCABULARY;

/// Endings of words that need a noun.
const ADJECTIVES: [&str; 9] = ["al", "ive", "ic", "ary", "ous", "ble", "tten", "coming", "based"];

/// Whether a word is an adjective by its ending.
pub(super) fn needs_noun(line: &Line<'_>, at: usize) -> bool {
    let word = line.lower[at].as_str();
    let short = line.words[at].case == Case::Upper || word.len() < 5;
    !short && ADJECTIVES.iter().any(|ending| word.ends_with(ending)) && !VOCABULARY.nouns.contains(word)
}

/// Whether what someone has is still to come: `women's`.
pub(super) fn is_possessive(line: &Line<'_>, at: usize) -> bool {
    let word = line.lower[at].as_str();
    word.ends_with("'s") || word.ends_with("\u{2019}s")
}

/// Whether a noun phrase goes on at a word.
pub(super) fn is_open(line: &Line<'_>, at: usize) -> bool {
    let word = &line.lower[at];
    let vocabulary = &*VOCABULARY;
    let ends = vocabulary.stop.contains(word) || vocabulary.attach.contains(word) || vocabulary.trail.contains(word);
    !ends && needs_modified(&line.lower[at - 1])
}

/// Whether a word says how something is, and of what is still to come.
fn needs_modified(word: &str) -> bool {
    ADJECTIVES
        .iter()
        .any(|ending| word.len() > 4 && word.ends_with(ending) && !VOCABULARY.nouns.contains(word))
        || matches!(
            word,
            "complex"
                | "large"
                | "small"
                | "busy"
                | "multiple"
                | "different"
                | "new"
                | "high"
                | "various"
                | "less"
                | "more"
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "seven"
                | "eight"
                | "nine"
                | "ten"
                | "several"
                | "many"
        )
}
