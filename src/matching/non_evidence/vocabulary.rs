//! The words and phrases by which clauses of a resume show less than they mention. They are data, `vocabulary.toml`,
//! which says what each list is for.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// The lists of `vocabulary.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    pub(super) denied: Phrases,
    pub(super) others: Phrases,
    pub(super) seen: Phrases,
    pub(super) beside: Phrases,
    pub(super) learnt: Phrases,
    pub(super) at_end: Vec<String>,
    pub(super) failures: FxHashSet<String>,
    pub(super) between: FxHashSet<String>,
    pub(super) lacked: FxHashSet<String>,
    pub(super) free_of: FxHashSet<String>,
    pub(super) agents: FxHashSet<String>,
    pub(super) joints: FxHashSet<String>,
    pub(super) begun: FxHashSet<String>,
    pub(super) served: FxHashSet<String>,
    pub(super) bound: Bound,
    pub(super) doers: Doers,
    pub(super) later: Later,
    pub(super) courses: Courses,
    pub(super) lists: Lists,
    pub(super) objective: Objective,
}

/// The lists of clauses that are about the one before them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bound {
    pub(super) notes: FxHashSet<String>,
    pub(super) whole_notes: Vec<String>,
    pub(super) leading: FxHashSet<String>,
    pub(super) stays: FxHashSet<String>,
    pub(super) before_away: FxHashSet<String>,
    pub(super) away: FxHashSet<String>,
}

/// The lists of clauses about what others do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Doers {
    pub(super) determiners: FxHashSet<String>,
    pub(super) family: FxHashSet<String>,
    pub(super) near: FxHashSet<String>,
    pub(super) others: FxHashSet<String>,
    pub(super) units: FxHashSet<String>,
    pub(super) not_telling: FxHashSet<String>,
    pub(super) firms: FxHashSet<String>,
    pub(super) duties: FxHashSet<String>,
    pub(super) seconds: FxHashSet<String>,
    pub(super) persons: FxHashSet<String>,
    pub(super) verbs: FxHashSet<String>,
    pub(super) third_person: FxHashSet<String>,
    pub(super) adverbs: FxHashSet<String>,
}

/// The lists of clauses about what is still to come, or is over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Later {
    pub(super) arranged: FxHashSet<String>,
    pub(super) papers: FxHashSet<String>,
    pub(super) times: FxHashSet<String>,
    pub(super) steps: FxHashSet<String>,
    pub(super) notes: FxHashSet<String>,
    pub(super) left: FxHashSet<String>,
}

/// The lists of clauses about what was only learnt.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Courses {
    pub(super) courses: FxHashSet<String>,
    pub(super) short: FxHashSet<String>,
    pub(super) schools: FxHashSet<String>,
    pub(super) exercises: FxHashSet<String>,
    pub(super) aids: FxHashSet<String>,
    pub(super) practised: FxHashSet<String>,
}

/// The lists of clauses that go on with the list of another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    pub(super) past: FxHashSet<String>,
    pub(super) base: FxHashSet<String>,
    pub(super) subjects: FxHashSet<String>,
}

/// The lists of sentences that say what kind of work is wished for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Objective {
    pub(super) wishes: FxHashSet<String>,
    pub(super) seeks: FxHashSet<String>,
    pub(super) before_seeking: FxHashSet<String>,
    pub(super) positions: FxHashSet<String>,
}

/// The words and phrases of `vocabulary.toml`.
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("vocabulary.toml")).expect("vocabulary.toml is valid"));

/// Phrases, as the words after the first by that one.
#[derive(Debug, Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct Phrases(FxHashMap<String, Vec<Vec<String>>>);

impl From<Vec<String>> for Phrases {
    fn from(phrases: Vec<String>) -> Self {
        let mut by_first = FxHashMap::<String, Vec<Vec<String>>>::default();
        for phrase in phrases {
            let mut words = phrase.split(' ').map(str::to_owned);
            let first = words.next().unwrap_or_default();
            by_first.entry(first).or_default().push(words.collect());
        }
        Self(by_first)
    }
}

impl Phrases {
    /// Whether one of the phrases is among these words.
    pub(super) fn are_in(&self, words: &[String]) -> bool {
        words.iter().enumerate().any(|(at, first)| {
            let mut rests = self.0.get(first).into_iter().flatten();
            rests.any(|rest| words[at + 1..].starts_with(rest))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words_in_order() {
        let phrases = Phrases::from(["left to", "left over", "rusty"].map(str::to_owned).to_vec());
        let read = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            phrases.are_in(&words)
        };
        for text in ["left to others", "cakes left over", "very rusty", "left left to"] {
            assert!(read(text), "{text}");
        }
        for text in ["", "left", "to left", "left today", "rustyness", "left the to"] {
            assert!(!read(text), "{text}");
        }
    }
}
