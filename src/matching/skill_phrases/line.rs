//! A line of a posting in the form that its skills are read from.

use std::ops::Range;

use super::super::mention::Mention;
use super::super::words::Word;

/// A line with its words.
#[derive(Debug)]
pub(in crate::matching) struct Line<'a> {
    pub(super) text: &'a str,
    pub(in crate::matching) words: &'a [Word],
    /// The words in lower case.
    pub(super) lower: Vec<String>,
    /// All occurrences of labels in the line.
    pub(super) labels: &'a [Mention],
}

/// A word that people shorten in writing.
fn spelt_out(short: &str) -> Option<&'static str> {
    Some(match short {
        "thru" => "through",
        "exp" | "exp." | "expd" => "experience",
        "req" | "req'd" | "reqd" => "required",
        "pref" | "pref'd" => "preferred",
        "mgmt" => "management",
        _ => return None,
    })
}

impl<'a> Line<'a> {
    /// A line of `text`; `labels` are the occurrences of the lexicon's labels in `words`, skills or not.
    pub(in crate::matching) fn new(text: &'a str, words: &'a [Word], labels: &'a [Mention]) -> Self {
        let lower = words.iter().map(|word| {
            let low = text[word.bytes.clone()].to_lowercase().replace('\u{2019}', "'");
            let with = low == "w" && text[word.bytes.end..].starts_with('/');
            spelt_out(&low).or(with.then_some("with")).map_or(low, str::to_owned)
        });
        Self {
            text,
            words,
            lower: lower.collect(),
            labels,
        }
    }

    /// Whether " & " joins a word to the previous one.
    pub(super) fn has_ampersand(&self, at: usize) -> bool {
        let end = at.checked_sub(1).map_or(0, |before| self.words[before].bytes.end);
        let between = self.words.get(at).and_then(|word| self.text.get(end..word.bytes.start));
        between.is_some_and(|between| between.trim() == "&" && between.len() > 2)
    }

    /// The first character other than white space between a word and the previous one, if any.
    pub(super) fn separator(&self, at: usize) -> Option<char> {
        let end = self.words.get(at.checked_sub(1)?)?.bytes.end;
        let start = self.words.get(at)?.bytes.start;
        self.text.get(end..start)?.chars().find(|c| !c.is_whitespace())
    }

    /// Whether a sign between a word and the previous one ends what was said: a full stop, a bracket, a dash.
    pub(super) fn is_apart(&self, at: usize) -> bool {
        let dash = || {
            let end = at
                .checked_sub(1)
                .and_then(|before| self.words.get(before))
                .map_or(0, |word| word.bytes.end);
            let between = self.words.get(at).and_then(|word| self.text.get(end..word.bytes.start));
            between.is_some_and(|between| between.trim() != between)
        };
        match self.separator(at) {
            Some('.' | ';' | ':' | '(' | ')' | '?' | '!' | '|' | '\u{2022}') => true,
            Some('-' | '\u{2013}' | '\u{2014}') => dash(),
            _ => false,
        }
    }

    /// The bytes of a range of words.
    pub(in crate::matching) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        self.words[range.start].bytes.start..self.words[range.end - 1].bytes.end
    }
}
