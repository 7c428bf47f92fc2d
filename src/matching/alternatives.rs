//! Alternatives among the skills of a line: `Salesforce or HubSpot`, `one of Spanish, Mandarin or Polish`.

use std::ops::Range;

/// Phrases before a list of examples, of which one suffices.
const EXAMPLES: [&str; 14] = [
    "such as",
    "e.g.",
    "eg",
    "for example",
    "for instance",
    "like",
    "one of",
    "one or more of",
    "any of",
    "at least one of",
    "either",
    "one of the following",
    "one or more",
    "similar to",
];

/// Words between two alternatives that name neither.
const FILLERS: [&str; 14] = [
    "a",
    "an",
    "the",
    "any",
    "other",
    "another",
    "similar",
    "equivalent",
    "even",
    "maybe",
    "perhaps",
    "in",
    "with",
    "of",
];

/// The number of words beside `or` between two alternatives.
const MOST_BESIDE: usize = 2;

/// How a skill is joined to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `or`, `/`, `and/or`.
    Or,
    /// A comma, which the list's last joint decides.
    Comma,
    /// `such as`: what follows are examples of the one before.
    Example,
    /// `and`, or other text.
    Apart,
}

/// Groups the skills of a line by their places in it, in text order. One of each group suffices.
pub(super) fn groups(line: &str, places: &[Range<usize>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut chain: Vec<usize> = Vec::new();
    let mut any = false;
    let mut close = |chain: &mut Vec<usize>, any: bool| {
        if any {
            groups.push(std::mem::take(chain));
        } else {
            groups.extend(chain.drain(..).map(|at| vec![at]));
        }
    };
    for (at, place) in places.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| places[before].end.min(place.start));
        let between = line.get(before.unwrap_or(0)..place.start).unwrap_or_default();
        let joint = before.map_or(Joint::Apart, |_| joint(between));
        if joint == Joint::Apart {
            close(&mut chain, any);
            any = introduces_examples(between);
        }
        if joint == Joint::Example {
            let named = chain.pop();
            close(&mut chain, any);
            chain.extend(named);
            any = true;
        }
        any |= joint == Joint::Or;
        chain.push(at);
    }
    close(&mut chain, any);
    groups
}

fn joint(between: &str) -> Joint {
    let low = between.to_lowercase();
    let words: Vec<&str> = low
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '/' | '&' | '+')))
        .filter(|word| !word.is_empty())
        .filter(|word| !FILLERS.contains(word))
        .collect();
    match words[..] {
        ["or" | "/" | "and/or"] | ["and", "/", "or"] => Joint::Or,
        ["such", "as"] | ["like" | "eg" | "ie"] | ["e", "g"] => Joint::Example,
        [] if low.contains(',') || low.contains(';') => Joint::Comma,
        // `Rust or modern C++`, `SQL databases or a degree in informatics`.
        _ if words.len() <= MOST_BESIDE + 1 && joins(&words) => Joint::Or,
        _ => Joint::Apart,
    }
}

/// Whether one of the words is `or`, and none joins otherwise.
fn joins(words: &[&str]) -> bool {
    let of = |one: &str| words.iter().filter(|word| **word == one).count();
    of("or") == 1
        && !words
            .iter()
            .any(|word| matches!(*word, "and" | "&" | "plus" | "to" | "but" | "+" | "/"))
}

fn introduces_examples(before: &str) -> bool {
    let low = before.to_lowercase();
    let lead = low.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
    EXAMPLES.iter().any(|phrase| {
        lead.strip_suffix(phrase)
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of the capitalized words.
    fn read(line: &str) -> Vec<Vec<&str>> {
        let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase());
        let mut places = Vec::new();
        let mut at = 0;
        for word in line.split(|c: char| !(c.is_alphanumeric() || c == '+' || c == '#')) {
            if capital(word) {
                places.push(at..at + word.len());
            }
            at += word.len() + line[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        }
        let named = |group: Vec<usize>| group.into_iter().map(|at| &line[places[at].clone()]).collect();
        groups(line, &places).into_iter().map(named).collect()
    }

    #[test]
    fn lists_are_alternatives_or_all_needed() {
        for (line, want) in [
            ("Salesforce or HubSpot", &[&["Salesforce", "HubSpot"][..]][..]),
            ("Spanish, Mandarin or Polish", &[&["Spanish", "Mandarin", "Polish"]]),
            ("Spanish, Mandarin, or Polish", &[&["Spanish", "Mandarin", "Polish"]]),
            (
                "Spanish, Mandarin and Polish",
                &[&["Spanish"], &["Mandarin"], &["Polish"]],
            ),
            ("C++/Rust", &[&["C++", "Rust"]]),
            ("SQL, Python", &[&["SQL"], &["Python"]]),
            ("a language such as Rust, Go", &[&["Rust", "Go"]]),
            ("one of: Rust, Go", &[&["Rust", "Go"]]),
            (
                "Databases such as Postgres, MySQL",
                &[&["Databases", "Postgres", "MySQL"]],
            ),
            (
                "Excel, Databases (e.g. Postgres or MySQL)",
                &[&["Excel"], &["Databases", "Postgres", "MySQL"]],
            ),
            ("Kafka and either Rust or Go", &[&["Kafka"], &["Rust", "Go"]]),
            ("Kafka or a similar Pulsar", &[&["Kafka", "Pulsar"]]),
            ("Rust or modern C++", &[&["Rust", "C++"]]),
            ("Rust services or knowledge of Go", &[&["Rust", "Go"]]),
            ("Rust to build or replace Go", &[&["Rust"], &["Go"]]),
            ("Rust and Kafka or Pulsar", &[&["Rust"], &["Kafka", "Pulsar"]]),
            ("Rust to replace Go", &[&["Rust"], &["Go"]]),
            ("AWS and/or Azure", &[&["AWS", "Azure"]]),
            ("no skill", &[]),
        ] {
            assert_eq!(read(line), want, "{line}");
        }
    }
}
