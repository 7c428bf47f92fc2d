//! Personal traits, which postings ask for and resumes claim, and which no text shows: `Must love people!`, `hard-working
//! team player with a passion for excellence`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::english::ENGLISH;
use super::occupations::names_occupation;
use super::phrase;

/// The words of `traits.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    traits: HashSet<String>,
    phrases: Vec<String>,
    soft: HashSet<String>,
    told: HashSet<String>,
    praise: HashSet<String>,
    filler: HashSet<String>,
    claims: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("traits.toml")).expect("traits.toml is valid"));

/// The phrases by their first word, as lists of words, the longest first.
static PHRASES: LazyLock<HashMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
    let mut found: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    for phrase in &VOCABULARY.phrases {
        let words: Vec<&str> = phrase.split(' ').collect();
        found.entry(words[0]).or_default().push(words);
    }
    for phrases in found.values_mut() {
        phrases.sort_by_key(|words| std::cmp::Reverse(words.len()));
    }
    found
});

/// The number of words other than traits above which a text is about something else.
const MOST_OTHER: usize = 1;

/// The content of a text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Content {
    traits: usize,
    /// The words that are neither traits nor say nothing, counted up to the first above [`MOST_OTHER`].
    other: usize,
}

impl Content {
    fn of(text: &str, is_filler: impl Fn(&str) -> bool) -> Self {
        let low = phrase::words(text);
        let words: Vec<&str> = low.split_whitespace().collect();
        let names_skills = words
            .iter()
            .any(|word| matches!(*word, "skills" | "skill" | "abilities"));
        // `Great writing`: what is praised without saying of what.
        let praised = words.first().is_some_and(|word| VOCABULARY.praise.contains(*word));
        let mut found = Self::default();
        let mut at = praised_occupation(&words);
        found.traits += usize::from(at > 0);
        while at < words.len() && found.other <= MOST_OTHER {
            let word = words[at];
            let mut phrases = PHRASES.get(word).into_iter().flatten();
            if let Some(phrase) = phrases.find(|phrase| words[at..].starts_with(phrase)) {
                found.traits += 1;
                at += phrase.len();
                continue;
            }
            let soft = names_skills && VOCABULARY.soft.contains(word) || praised && VOCABULARY.told.contains(word);
            if VOCABULARY.traits.contains(word) || soft {
                found.traits += 1;
            } else if !ENGLISH.function_words.contains(word) && !is_filler(word) {
                found.other += 1;
            }
            at += 1;
        }
        found
    }
}

/// The number of words between praise and the occupation.
const MOST_BETWEEN: usize = 2;

/// The number of words at the beginning that praise an occupation: `be an excellent classroom practitioner`, `you are an
/// outstanding cook`.
fn praised_occupation(words: &[&str]) -> usize {
    let skipped = words
        .iter()
        .take_while(|word| matches!(**word, "be" | "you" | "are" | "you're"));
    let article = skipped.count();
    let praised = |at: usize| words.get(at).is_some_and(|word| VOCABULARY.praise.contains(*word));
    if article == 0 || !matches!(words.get(article), Some(&("a" | "an"))) || !praised(article + 1) {
        return 0;
    }
    let from = article + 2;
    let occupation = (from..words.len().min(from + MOST_BETWEEN + 1)).find(|&at| names_occupation(words[at]));
    occupation.map_or(0, |at| at + 1)
}

/// Whether what a posting asks for is a personal trait and nothing else.
pub(super) fn is_trait(text: &str) -> bool {
    let found = Content::of(text, |word| VOCABULARY.filler.contains(word));
    found.traits > 0 && found.other == 0
}

/// Whether a sentence of a resume claims traits and says nothing else, or at most names the occupation: it is no evidence
/// of any work.
pub(super) fn is_claim(text: &str) -> bool {
    let vocabulary = &*VOCABULARY;
    let found = Content::of(text, |word| {
        let number = word.bytes().all(|byte| byte.is_ascii_digit());
        number || vocabulary.filler.contains(word) || vocabulary.claims.contains(word)
    });
    found.traits > 0 && found.other == 0 || found.traits > MOST_OTHER && found.other <= MOST_OTHER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_are_told_from_abilities() {
        for text in [
            "MUST LOVE PEOPLE!",
            "must be punctual",
            "Positive attitude",
            "A can-do attitude and a sense of humour",
            "You are reliable, honest and well presented.",
            "Team player",
            "Strong work ethic",
            "Excellent communication and interpersonal skills",
            "Ability to work under pressure",
            "Someone who shows up on time, every day",
            "Self-motivated",
            "We\u{2019}re looking for someone friendly and energetic",
            "Friendly, dependable, and able to run on time",
            "Great writing",
            "Excellent written and verbal communication",
            "Analytical, hands-on mentality",
            "be an excellent classroom practitioner with high expectations of behaviour",
            "You are an outstanding cook and a team player",
        ] {
            assert!(is_trait(text), "{text}");
        }
        for text in [
            "Clear written and spoken English",
            "Patient care",
            "Must drive",
            "Friendly and quick behind a bar",
            "Confident with colour correction",
            "A track record of hitting or beating quota",
            "Calm and clean at the pass on a full Saturday",
            "Passion for coffee",
            "Flexible on shifts",
            "Able to lift 25 kg",
            "Must be 18",
            "Communication with suppliers",
            "People management",
            "Great writing of manuals",
            "Excellent written Spanish",
            "Writing",
            "Analytical chemistry",
            "Hands-on with forklifts",
            "be an experienced welder",
            "be a great cook with knowledge of pastry",
            "be a graduate in Physics",
            "Train runs on time",
            "Required",
            "",
        ] {
            assert!(!is_trait(text), "{text}");
        }
    }

    #[test]
    fn claims_say_nothing_of_the_work() {
        for text in [
            "Hard-working team player with a passion for excellence",
            "I am a highly motivated, results-driven professional with excellent communication skills.",
            "Dedicated and reliable nurse with over 10 years of experience",
            "Thrives under pressure in a fast-paced environment and always meets deadlines with a positive attitude",
        ] {
            assert!(is_claim(text), "{text}");
        }
        for text in [
            "Cared for twelve patients a night",
            "Reliable forklift driver",
            "Kind to nervous patients before their scans",
            "Friendly service at a bar with 200 covers",
            "Led a team of nine cooks",
            "Worked well with a team of welders and fitters",
            "Managed projects",
            "Wrote reports",
            "Fluent Spanish",
        ] {
            assert!(!is_claim(text), "{text}");
        }
    }

    /// No claim becomes evidence by being longer, and none is left when it says two things of the work.
    #[test]
    fn claims_of_any_traits_are_found() {
        let traits: Vec<&String> = VOCABULARY.traits.iter().collect();
        for (at, one) in traits.iter().enumerate() {
            let (next, third) = (traits[(at + 1) % traits.len()], traits[(at + 2) % traits.len()]);
            let claim = format!("I am a {one}, {next} and {third} person with the highest standards");
            assert!(is_claim(&claim) && !is_trait("Welds pipes"), "{claim}");
            let work = format!("{claim} who welds pipes");
            assert!(!is_claim(&work), "{work}");
        }
    }
}
