//! Whole sentences, which are no headings: `The successful candidate will have a degree in law.`

use super::super::phrase::{contains_any, words};
use super::super::qualification::alternatives;
use super::super::sections;
use super::units::{Place, Unit};

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

/// The last words of a line with a semicolon that introduces what is below it: `A candidate must have;`.
const OPENING: [&str; 7] = ["be", "following", "have", "include", "includes", "must", "to"];

/// The most words of a line with a colon that introduces what is below it, and of a heading in capitals.
const INTRODUCING_WORDS: usize = 9;
const CAPITAL_WORDS: usize = 6;

/// Whether a line by itself is a heading by its form: a known one in capitals, `LICENSES AND CERTIFICATES`, or a short one
/// with a colon that asks for nothing itself, `Caretaking duties will include:`.
pub(super) fn must_be_heading(text: &str, unit: &Unit, next: &str) -> bool {
    let bare = text.trim_matches([' ', '*', '_']);
    let words = bare.split_whitespace().count();
    if unit.label || unit.signed || unit.place == Place::SameLine {
        return false;
    }
    let last = bare.trim_end_matches(';').rsplit(' ').next().unwrap_or_default();
    let opens = bare.ends_with(':') || bare.ends_with(';') && OPENING.contains(&last);
    let first = bare.split(' ').next().unwrap_or_default().to_lowercase();
    let asks = bare.ends_with('?') && matches!(first.as_str(), "how" | "what" | "where" | "who" | "why");
    let introduces = (opens || asks) && words <= INTRODUCING_WORDS && alternatives(bare).is_empty();
    let letters = bare.chars().filter(|c| c.is_alphabetic());
    let capitals = (2..=CAPITAL_WORDS).contains(&words) && letters.clone().all(char::is_uppercase);
    let known = || sections::heading(bare).is_some_and(|heading| heading.rest.is_none());
    introduces || capitals && letters.count() > 6 && (known() || stands_out(bare, next))
}

/// Whether a heading says by its verb that what is below it is asked for: `The candidate should demonstrate:`.
pub(super) fn introduces_needs(text: &str) -> bool {
    let low = words(text);
    let person = contains_any(
        &low,
        &[
            "applicant",
            "applicants",
            "candidate",
            "candidates",
            "looking for",
            "you",
        ],
    );
    person
        && contains_any(
            &low,
            &["must", "should", "must have", "with", "will have", "need", "needs"],
        )
}

/// Whether a line in capitals is a heading since the next one is not in capitals.
fn stands_out(line: &str, next: &str) -> bool {
    let plain = line
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '/' | '&' | ',' | '-' | '\''));
    plain && next.chars().filter(|c| c.is_lowercase()).count() > 3
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
    fn some_lines_are_headings_by_their_form() {
        let is = |text: &str| {
            let all = units(text);
            must_be_heading(&text[all[0].bytes.clone()], &all[0], "you open the gates")
        };
        for text in [
            "Caretaking duties will include:",
            "Why work at Lanewick School?",
            "We are looking for someone with:",
            "The Candidate Should Demonstrate:",
            "LICENSES AND CERTIFICATES",
            "PHYSICAL ACTIVITIES / TRAITS",
            "For appointment to this grade, a candidate must have;",
            "**Other requirements:**",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "Minimum of 3 years experience in the following:",
            "Bachelor's degree in one of the following:",
            "- Knowledge of:",
            "CALL 555 NOW",
            "MUST LOVE PEOPLE!",
            "Salary: 20 an hour",
        ] {
            assert!(!is(text), "{text}");
        }
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
