//! Requirements that a resume does not show: age, strength, right to work, checks and availability. They are no advice to
//! the applicant.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::phrase::{Phrases, words};

/// The lists of `conditions.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    phrases: Phrases,
    gear: FxHashSet<String>,
    checks: FxHashSet<String>,
    computers: Phrases,
    about_computers: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("conditions.toml")).expect("conditions.toml is valid"));

/// The number of words between `own` and the thing.
const MOST_BETWEEN: usize = 4;

/// Whether the words ask for things of one's own: `own hand tools`, `must have own helmet and boots`.
fn owns(low: &str) -> bool {
    let mut words = low.split_whitespace();
    words.any(|word| word == "own") && words.take(MOST_BETWEEN).any(|word| VOCABULARY.gear.contains(word))
}

/// The number of words between `pass` and the check.
const MOST_TO_CHECK: usize = 6;

/// Whether the words ask for a check to be passed: `able to pass a pre-employment medical and drug screen`.
fn passes(low: &str) -> bool {
    let mut words = low.split_whitespace();
    words.any(|word| matches!(word, "pass" | "passing" | "undergo"))
        && words.take(MOST_TO_CHECK).any(|word| VOCABULARY.checks.contains(word))
}

/// Whether the words ask for the use of computers and nothing else: `have good ICT skills`.
fn uses_computers(low: &str) -> bool {
    let beside = |word: &str| VOCABULARY.about_computers.contains(word);
    VOCABULARY.computers.are_in(low) && low.split_whitespace().all(beside)
}

/// Whether a requirement is such a condition.
pub(super) fn is_condition(text: &str) -> bool {
    let low = words(text);
    is_denial(&low) || VOCABULARY.phrases.are_in(&low) || owns(&low) || passes(&low) || uses_computers(&low)
}

/// Whether a requirement asks only that something is not so, and names no skill: `no DR, DD or IN endorsements`.
pub(super) fn is_denied(text: &str) -> bool {
    is_denial(&words(text))
}

fn is_denial(low: &str) -> bool {
    low.starts_with(" no ")
}

#[cfg(test)]
mod tests {
    use super::is_condition;

    #[test]
    fn age_strength_and_availability_are_conditions() {
        for text in [
            "Must not be more than 32 years old",
            "Must be able to lift 50 lbs and work on ladders",
            "Authorized to work in the US without sponsorship",
            "Any other duties as assigned",
            "Willing to work weekends and night shifts",
            "Must be 18 or over with your own transport",
            "Able to work Saturdays",
            "Must have own helmet and boots",
            "Your own basic hand tools",
            "23 yrs old",
            "no DUI in 5 years",
            "Able to pass a pre-employment medical and drug & alcohol screen",
            "Must undergo an enhanced background check",
            "Passing our hair and drug tests",
            "have good ICT skills",
            "Computer literate",
            "Basic computer skills required",
        ] {
            assert!(is_condition(text), "{text}");
        }
        for text in [
            "3 years of experience in sales",
            "Repairs forklifts",
            "Maintains lifts and escalators",
            "Lifts patients with hoists",
            "Knowledge of citizen science",
            "Pass plates to the waiters",
            "Clear rooms after checkout",
            "Medical coding",
            "Good IT skills, especially Excel",
            "Computer skills (Sage, Word)",
            "IT support",
        ] {
            assert!(!is_condition(text), "{text}");
        }
    }
}
