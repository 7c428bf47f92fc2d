//! Sentences of job advertisements in which annotators marked the skills, one JSON object a line with tokens and tags.

use std::ops::Range;

use crate::matching::tagged_sentence::TaggedSentence;

/// A sentence with the byte ranges of its skills.
#[derive(Debug)]
pub(super) struct MarkedSentence {
    pub(super) text: String,
    pub(super) skills: Vec<Range<usize>>,
}

/// Reads one line.
pub(super) fn read(line: &str) -> Result<MarkedSentence, serde_json::Error> {
    let sentence: TaggedSentence = serde_json::from_str(line)?;
    let (text, tokens) = sentence.join(sentence.source == "green");
    let mut skills = Vec::new();
    let mut open = [false; 2];
    for (at, token) in tokens.into_iter().enumerate() {
        for (tags, open) in [&sentence.tags_skill, &sentence.tags_knowledge]
            .into_iter()
            .zip(&mut open)
        {
            let tag = tags.get(at).map_or("O", String::as_str);
            *open = tag.starts_with('B') || tag.starts_with('I') && *open;
            if *open {
                skills.push(token.clone());
            }
        }
    }
    Ok(MarkedSentence { text, skills })
}
