//! English words and phrases: headings and cues. They are data, `english.toml`; weights
//! and thresholds are in `models/matching/model.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// The kind of a section of a resume or posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SectionKind {
    /// Text before the first heading.
    Head,
    /// A profile or objective.
    Summary,
    /// Work experience.
    Experience,
    /// Education, certificates and training.
    Education,
    /// Skills, tools and languages.
    Skills,
    /// Projects, publications and volunteering.
    Projects,
    /// Requirements of a job.
    Requirements,
    /// Optional requirements of a job.
    NiceToHave,
    /// Responsibilities of a job.
    Responsibilities,
    /// Text about neither the person nor the work: employer, benefits, application, references.
    Aside,
    /// Text under any other heading.
    Other,
}

/// The words and phrases, in lower case unless stated.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct English {
    /// Headings, with `&` written as `and`, by the section they open.
    pub(super) headings: HashMap<SectionKind, Vec<String>>,
    /// Words that name no subject.
    pub(super) function_words: FxHashSet<String>,
}

/// The words and phrases of `english.toml`.
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static ENGLISH: LazyLock<English> =
    LazyLock::new(|| toml::from_str(include_str!("english.toml")).expect("english.toml is valid"));
