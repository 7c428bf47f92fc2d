//! Sentences whose tokens annotators tagged as skills: one JSON object a line, as in SkillSpan.

use std::ops::Range;

use serde::Deserialize;

/// A sentence as tokens with tags, of which `B` begins a skill and `I` continues one.
#[derive(Debug, Deserialize)]
pub(super) struct TaggedSentence {
    tokens: Vec<String>,
    pub(super) tags_skill: Vec<String>,
    /// SkillSpan marks knowledge apart.
    #[serde(default)]
    pub(super) tags_knowledge: Vec<String>,
    /// Set in files of several sources.
    #[serde(default)]
    pub(super) source: String,
}

impl TaggedSentence {
    /// The text, tokens separated by spaces, and the byte range of each token. A placeholder for a removed name is not a
    /// word and becomes `_`. The sentences of Green et al. have quotation marks for commas.
    pub(super) fn join(&self, quotes_are_commas: bool) -> (String, Vec<Range<usize>>) {
        let mut text = String::new();
        let mut ranges = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(match token.as_str() {
                "\"" if quotes_are_commas => ",",
                token if token.starts_with('<') && token.ends_with('>') => "_",
                token => token,
            });
            ranges.push(start..text.len());
        }
        (text, ranges)
    }
}
