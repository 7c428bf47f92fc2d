//! English words that delimit the names of skills. They are data, `vocabulary.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

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
    /// Verbs in the base form that are nouns or adjectives as well: `test`.
    pub(super) verbs_and_nouns: HashSet<String>,
    /// Verbs after "you will" that name no task: `enjoy`.
    pub(super) no_tasks: HashSet<String>,
    /// Nouns that end like adverbs.
    pub(super) nouns_in_ly: HashSet<String>,
    /// Further verbs in the base form, of which many are nouns as well: they begin an ability where a task begins.
    pub(super) task_verbs: HashSet<String>,
    /// Words that begin the object of a verb.
    pub(super) determiners: HashSet<String>,
    /// People whom the work is for or with.
    pub(super) people: HashSet<String>,
    /// Nouns that end the titles of jobs, in the singular.
    pub(super) jobs: HashSet<String>,
    /// Words of the names of firms.
    pub(super) firms: HashSet<String>,
    /// Words that begin the names of places and bodies, followed by "of".
    pub(super) bodies: HashSet<String>,
    /// Verbs, in any form, whose object is who is told or asked: such an ability names nothing.
    pub(super) telling: HashSet<String>,
    /// Words that say with a verb only that a task is done, as lists of words: `keep an eye on`.
    #[serde(deserialize_with = "split")]
    pub(super) idioms: Vec<Vec<String>>,
    /// Nouns and adjectives that announce a skill, followed by one of `joins`.
    pub(super) cues: HashSet<String>,
    /// Prepositions between a cue and the skill.
    pub(super) joins: HashSet<String>,
}

/// Reads phrases as lists of their words.
fn split<'de, D: Deserializer<'de>>(phrases: D) -> Result<Vec<Vec<String>>, D::Error> {
    let phrases = Vec::<String>::deserialize(phrases)?.into_iter();
    Ok(phrases
        .map(|phrase| phrase.split(' ').map(str::to_owned).collect())
        .collect())
}

/// The words of `vocabulary.toml`.
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("vocabulary.toml")).expect("vocabulary.toml is valid"));

/// The stems of the verbs.
static VERB_STEMS: LazyLock<HashSet<u64>> =
    LazyLock::new(|| VOCABULARY.verbs.iter().flat_map(|verb| words::stems(verb)).collect());

/// Whether a word, in lower case, does not begin a name: `experience`.
pub(in crate::matching) fn is_lead(word: &str) -> bool {
    VOCABULARY.lead.contains(word)
}

/// Whether a word is an adverb by its ending.
pub(super) fn is_adverb(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ly") && !VOCABULARY.nouns_in_ly.contains(word)
}

/// The stems of all verbs with which a task may begin.
static TASK_STEMS: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let further = VOCABULARY.task_verbs.iter().flat_map(|verb| words::stems(verb));
    further.chain(VERB_STEMS.iter().copied()).collect()
});

/// Whether a word is a form of a verb with which a task may begin.
pub(super) fn is_task_verb(word: &Word) -> bool {
    TASK_STEMS.contains(&word.stem)
}

/// Whether a word is a form of a verb that begins an ability: "manage", "manages", "managing".
pub(in crate::matching) fn is_verb(word: &Word) -> bool {
    VERB_STEMS.contains(&word.stem)
}
