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

/// Whether a requirement is such a condition.
pub(super) fn is_condition(text: &str) -> bool {
    let low = words(text);
    // `No DUIs`
    low.starts_with(" no ") || VOCABULARY.phrases.are_in(&low) || owns(&low)
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
        ] {
            assert!(is_condition(text), "{text}");
        }
        for text in [
            "3 years of experience in sales",
            "Repairs forklifts",
            "Maintains lifts and escalators",
            "Lifts patients with hoists",
            "Knowledge of citizen science",
        ] {
            assert!(!is_condition(text), "{text}");
        }
    }
}
