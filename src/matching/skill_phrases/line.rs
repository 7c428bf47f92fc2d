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

impl<'a> Line<'a> {
    /// A line of `text`; `labels` are the occurrences of the lexicon's labels in `words`, skills or not.
    pub(in crate::matching) fn new(text: &'a str, words: &'a [Word], labels: &'a [Mention]) -> Self {
        let lower = words.iter().map(|word| text[word.bytes.clone()].to_lowercase());
        Self {
            text,
            words,
            lower: lower.map(|word| word.replace('\u{2019}', "'")).collect(),
            labels,
        }
    }

    /// The first character other than white space between a word and the previous one, if any.
    pub(super) fn separator(&self, at: usize) -> Option<char> {
        let end = self.words.get(at.checked_sub(1)?)?.bytes.end;
        let start = self.words.get(at)?.bytes.start;
        self.text.get(end..start)?.chars().find(|c| !c.is_whitespace())
    }

    /// The bytes of a range of words.
    pub(in crate::matching) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        self.words[range.start].bytes.start..self.words[range.end - 1].bytes.end
    }
}
