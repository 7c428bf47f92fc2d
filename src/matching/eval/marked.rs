//! Sentences of job advertisements in which annotators marked the skills, one JSON object a line with tokens and tags.

use std::ops::Range;

use serde::Deserialize;

/// A sentence with the byte ranges of its skills.
#[derive(Debug)]
pub(super) struct MarkedSentence {
    pub(super) text: String,
    pub(super) skills: Vec<Range<usize>>,
}

#[derive(Deserialize)]
struct Row {
    tokens: Vec<String>,
    tags_skill: Vec<String>,
    /// SkillSpan marks knowledge apart.
    #[serde(default)]
    tags_knowledge: Vec<String>,
    /// Set in files of several sources.
    #[serde(default)]
    source: String,
}

/// Reads one line.
pub(super) fn read(line: &str) -> Result<MarkedSentence, serde_json::Error> {
    let row: Row = serde_json::from_str(line)?;
    let mut marked = MarkedSentence {
        text: String::new(),
        skills: Vec::new(),
    };
    let mut open = [false; 2];
    for (at, token) in row.tokens.iter().enumerate() {
        if !marked.text.is_empty() {
            marked.text.push(' ');
        }
        let start = marked.text.len();
        // A placeholder for a removed name is not a word, and the British sentences have quotes for commas.
        marked.text.push_str(match token.as_str() {
            "\"" if row.source == "green" => ",",
            token if token.starts_with('<') && token.ends_with('>') => "_",
            token => token,
        });
        for (tags, open) in [&row.tags_skill, &row.tags_knowledge].into_iter().zip(&mut open) {
            let tag = tags.get(at).map_or("O", String::as_str);
            *open = tag.starts_with('B') || tag.starts_with('I') && *open;
            if *open {
                marked.skills.push(start..marked.text.len());
            }
        }
    }
    Ok(marked)
}
