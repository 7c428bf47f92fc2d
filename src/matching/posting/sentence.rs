//! Whole sentences, which are no headings: `The successful candidate will have a degree in law.`

use super::super::phrase::words;
use super::super::sections;
use super::units::Unit;

/// The number of words from which a text with a verb is a sentence. `Who we are.` is a heading.
const LEAST_WORDS: usize = 6;

/// Finite verbs that are seldom anything else.
const VERBS: [&str; 25] = [
    "are", "can", "could", "employs", "had", "has", "is", "may", "must", "offers", "requires", "seeks", "should",
    "was", "we'll", "we're", "were", "will", "wishes", "would", "you'd", "you'll", "you're", "you've", "we've",
];

/// Subjects whose next word is a verb.
const SUBJECTS: [&str; 4] = ["i", "they", "we", "you"];

/// Words that begin a clause that names something: `What you will do.`
const NAMING: [&str; 8] = ["how", "if", "it", "what", "what's", "where", "who", "why"];

/// Whether a unit is a whole sentence by its verb and its end, so that it can be no heading.
pub(super) fn is_sentence(text: &str, unit: &Unit) -> bool {
    let bare = text.trim_end_matches([' ', '*', '_', ')', '"']);
    if unit.label || unit.marked || !bare.ends_with(['.', ';']) || sections::heading(text).is_some() {
        return false;
    }
    let low = words(text);
    let all: Vec<&str> = low.split_whitespace().collect();
    let verb = |at: usize| VERBS.contains(&all[at]) || SUBJECTS.contains(&all[at]) && at + 1 < all.len();
    all.len() >= LEAST_WORDS && !NAMING.contains(&all[0]) && (0..all.len()).any(verb)
}

#[cfg(test)]
mod tests {
    use super::super::units::units;
    use super::*;

    fn is(text: &str) -> bool {
        let all = units(text);
        is_sentence(&text[all[0].bytes.clone()], &all[0])
    }

    #[test]
    fn sentences_have_a_verb_and_an_end() {
        for text in [
            "The successful candidate will have a degree in law and be SRA qualified (five years preferred).",
            "In this role you will partner with senior managers on workforce planning;",
            "At least 5 years of nursing is required on a surgical ward.",
            "Reporting to the director, you lead the whole team;",
            "Applicants must hold a licence (class 1 or 2).",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "What you will do in this role.",
            "Who we are.",
            "You will:",
            "In this role you will:",
            "What we are looking for in a candidate",
            "## You will love the following things about us.",
            "Knowledge of steel, stone and all sorts of wood.",
            "It would be great if you also had.",
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
