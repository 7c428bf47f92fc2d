//! English words that delimit the names of skills. They are data, `vocabulary.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::words::{self, Word};

/// The words, in lower case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    /// Words that do not begin a name.
    pub(super) lead: HashSet<String>,
    /// Words that do not end a name.
    pub(super) trail: HashSet<String>,
    /// Words that end a name wherever they are.
    pub(super) stop: HashSet<String>,
    /// Prepositions that end a long name.
    pub(super) attach: HashSet<String>,
    /// Words that name no skill by themselves or with each other.
    pub(super) vague: HashSet<String>,
    /// Personal traits, which are not skills.
    pub(super) traits: HashSet<String>,
    /// Words of degrees and of conditions of employment: a phrase with one is not a skill.
    pub(super) other: HashSet<String>,
    /// Words of praise, of which nothing else is said: `excellent`.
    pub(super) praise: HashSet<String>,
    /// Nouns that end like adjectives.
    pub(super) nouns: HashSet<String>,
    /// Verbs that do not tell one skill from another: `use`, `manage`.
    pub(super) light: HashSet<String>,
    /// Verbs in the base form that begin an ability.
    pub(super) verbs: HashSet<String>,
    /// Nouns and adjectives that announce a skill, followed by one of `joins`.
    pub(super) cues: HashSet<String>,
    /// Prepositions between a cue and the skill.
    pub(super) joins: HashSet<String>,
}

/// The words of `vocabulary.toml`.
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("vocabulary.toml")).expect("vocabulary.toml is valid"));

/// The stems of the verbs.
static VERB_STEMS: LazyLock<HashSet<u64>> =
    LazyLock::new(|| VOCABULARY.verbs.iter().flat_map(|verb| words::stems(verb)).collect());

/// Whether a word is a form of a verb that begins an ability: "manage", "manages", "managing".
pub(in crate::matching) fn is_verb(word: &Word) -> bool {
    VERB_STEMS.contains(&word.stem)
}
