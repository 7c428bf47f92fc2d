//! What shows a skill of a posting: a sentence about it, or its name alone. Licences, languages, products, tools and places
//! have names, and a sentence that is similar to one tells of another.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::skill_phrases::is_lead;
use super::words::{Case, Gap, Word};

/// The words of `languages.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Languages {
    names: HashSet<String>,
    beside: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static LANGUAGES: LazyLock<Languages> =
    LazyLock::new(|| toml::from_str(include_str!("languages.toml")).expect("languages.toml is valid"));

/// What shows a skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Showing {
    /// A sentence about it.
    Sentence,
    /// A sentence about it that has one of these words, given as stems: `SAP reports`.
    Word(Vec<u64>),
    /// Its name, another name of it, or a name that implies it.
    Name,
    /// As [`Self::Name`], of a licence or a language, beside which nothing counts.
    Exact,
}

impl Showing {
    /// Whether no sentence shows it.
    pub(super) fn is_name(&self) -> bool {
        matches!(self, Self::Name | Self::Exact)
    }

    /// The words of which a sentence has to have one; empty if it needs none.
    pub(super) fn words(&self) -> &[u64] {
        match self {
            Self::Word(stems) => stems,
            Self::Sentence | Self::Name | Self::Exact => &[],
        }
    }
}

/// Words of licences and certificates, in the singular. Others, such as `card` and `ticket`, are things as well.
const PROOFS: [&str; 7] = [
    "accreditation",
    "cert",
    "certificate",
    "certification",
    "licence",
    "license",
    "licensure",
];
/// The number of content words from which capitals are a style if most words have them.
const LEAST_STYLED: usize = 4;

/// Whether a word names a human language.
pub(super) fn is_language(word: &str) -> bool {
    LANGUAGES.names.contains(&*word.to_lowercase())
}

/// The language that words name, as the index of its word, if they name nothing else: `fluent Spanish`.
pub(super) fn language(text: &str, words: &[Word]) -> Option<usize> {
    let written = |word: &Word| text[word.bytes.clone()].to_lowercase();
    let named = |word: &Word| word.case != Case::Lower && is_language(&written(word));
    let at = words.iter().position(named)?;
    let beside = |word: &Word| !word.subject || LANGUAGES.beside.contains(&written(word));
    let mut others = words.iter().enumerate().filter(|(other, _)| *other != at);
    others.all(|(_, word)| beside(word)).then_some(at)
}

/// Whether words only say how well a language is spoken: `clear written and spoken`.
pub(super) fn is_beside_language(text: &str, words: &[Word]) -> bool {
    let mut content = words.iter().filter(|word| word.subject);
    content.all(|word| LANGUAGES.beside.contains(&text[word.bytes.clone()].to_lowercase()))
}

/// Whether words name a sign language: `British Sign Language`.
pub(super) fn is_sign_language(text: &str, words: &[Word]) -> bool {
    let is = |word: &Word, name: &str| text[word.bytes.clone()].eq_ignore_ascii_case(name);
    matches!(words, [.., sign, last] if is(sign, "sign") && (is(last, "language") || is(last, "languages")))
}

/// How the words of a line are written.
#[derive(Debug)]
pub(super) struct Style<'a> {
    text: &'a str,
    line: &'a [Word],
    /// Whether most words have a capital, or all letters of most words are capitals.
    titled: bool,
    shouted: bool,
}

impl<'a> Style<'a> {
    pub(super) fn new(text: &'a str, line: &'a [Word]) -> Self {
        // `Experience of` begins with a capital in any style.
        let lead = |word: &Word| is_lead(&text[word.bytes.clone()].to_lowercase());
        let told = match line {
            [first, rest @ ..] if lead(first) && rest.first().is_some_and(|next| next.case == Case::Lower) => rest,
            whole => whole,
        };
        let content = told.iter().filter(|word| word.subject).count();
        let most = |has: &dyn Fn(&Word) -> bool| {
            let own = told.iter().filter(|word| word.subject && has(word)).count();
            content >= LEAST_STYLED && 3 * own >= 2 * content
        };
        Self {
            titled: most(&|word| word.case != Case::Lower),
            shouted: most(&|word| word.case == Case::Upper && word.bytes.len() > 2),
            text,
            line,
        }
    }

    /// Whether a word is written as a name: `AutoCAD`, `SAP`, `C++`, or with a capital where other words have none.
    fn is_proper(&self, at: usize) -> bool {
        let word = &self.line[at];
        let written = &self.text[word.bytes.clone()];
        let letters = written.chars().filter(|c| c.is_alphabetic()).count();
        let signed = letters > 0 && written.contains(['+', '#']);
        let inner = written.chars().skip(1).any(char::is_uppercase) && written.contains(char::is_lowercase);
        let joined = word.gap == Gap::Joint || self.line.get(at + 1).is_some_and(|next| next.gap == Gap::Joint);
        match word.case {
            _ if signed || inner && !self.shouted => true,
            Case::Upper => !self.shouted && (letters > 1 || joined && letters > 0),
            Case::Capital if self.titled => false,
            // `Prometheus and Grafana`: the first of a list is written as the next one is.
            Case::Capital if at == 0 || self.begins(at) => self.next_item(at).is_some_and(|next| self.is_proper(next)),
            Case::Capital => true,
            Case::Lower => false,
        }
    }

    /// The next item of a list of single words.
    fn next_item(&self, at: usize) -> Option<usize> {
        let next = self.line.get(at + 1)?;
        let joint = matches!(&self.text[next.bytes.clone()], "and" | "or" | "and/or");
        let comma = || self.text[self.line[at].bytes.end..next.bytes.start].trim() == ",";
        let item = if joint { at + 2 } else { at + 1 };
        (item < self.line.len() && (joint || comma())).then_some(item)
    }

    /// Whether a sentence or an item begins at a word.
    fn begins(&self, at: usize) -> bool {
        let end = at.checked_sub(1).map_or(0, |before| self.line[before].bytes.end);
        let between = self.text.get(end..self.line[at].bytes.start).unwrap_or_default();
        between.contains(['.', ':', ';', '!', '?', '\u{2022}', '\n'])
    }

    /// What shows the skill that these words of the line name. `known` is set if the lexicon writes it as a name,
    /// `task` if it is something that is done, `duty` if the line is a task.
    pub(super) fn showing(&self, name: &Range<usize>, known: bool, task: bool, duty: bool) -> Showing {
        let own = &self.line[name.clone()];
        if language(self.text, own).is_some() || is_sign_language(self.text, own) {
            return Showing::Exact;
        }
        let low = |word: &Word| self.text[word.bytes.clone()].to_lowercase();
        let proof = |word: &Word| {
            let low = low(word);
            PROOFS.contains(&&*low) || low.strip_suffix('s').is_some_and(|one| PROOFS.contains(&one))
        };
        if !task && own.iter().any(proof) {
            return Showing::Exact;
        }
        if known {
            return Showing::Name;
        }
        let content = || name.clone().filter(|&at| self.line[at].subject);
        let proper = |at: usize| {
            let word = &self.line[at];
            self.is_proper(at) || word.case != Case::Lower && is_language(&low(word))
        };
        let stems: Vec<u64> = content()
            .filter(|&at| proper(at))
            .map(|at| self.line[at].stem)
            .collect();
        // Who did the task knows what it names, but a line that asks for a name asks for no other.
        if stems.is_empty() || duty {
            Showing::Sentence
        } else if stems.len() == content().count() {
            Showing::Name
        } else {
            Showing::Word(stems)
        }
    }
}

#[cfg(test)]
mod tests;
