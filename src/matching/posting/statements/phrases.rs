//! The words and phrases by which sentences of a posting say what they are. They are data, `phrases.toml`, which says what
//! each list is for.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::super::super::phrase::Phrases;

/// The lists of `phrases.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatementPhrases {
    pub(super) before_task: Vec<String>,
    pub(super) tasks: Vec<String>,
    pub(super) adverbs: FxHashSet<String>,
    pub(super) no_tasks: FxHashSet<String>,
    pub(super) no_deeds: FxHashSet<String>,
    pub(super) deeds: FxHashSet<String>,
    pub(super) being: Vec<String>,
    pub(super) work: FxHashSet<String>,
    pub(super) firm: Phrases,
    pub(super) terms: Phrases,
    pub(super) pay: FxHashSet<String>,
    pub(super) offers: Vec<String>,
    pub(super) get: FxHashSet<String>,
    pub(super) this_job: Vec<String>,
    pub(super) job_verbs: FxHashSet<String>,
    pub(super) charges: Phrases,
    pub(super) asks: Phrases,
    pub(super) ends: Vec<String>,
    pub(super) introduce: FxHashSet<String>,
    pub(super) rules: Phrases,
    pub(super) application: Phrases,
    pub(super) papers: Phrases,
    pub(super) sends: Phrases,
    pub(super) calls: Phrases,
    pub(super) excludes: Phrases,
    pub(super) job_rules: Phrases,
    pub(super) selection: Phrases,
    pub(super) steps: Phrases,
    pub(super) applicants: Phrases,
}

/// The words and phrases of `phrases.toml`.
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static PHRASES: LazyLock<StatementPhrases> =
    LazyLock::new(|| toml::from_str(include_str!("phrases.toml")).expect("phrases.toml is valid"));
