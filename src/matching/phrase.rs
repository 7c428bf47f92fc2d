//! Search for phrases as whole words, whatever the case and the punctuation between them.

use serde::Deserialize;

/// The words in lower case, each with a space before and after; commas and hyphens are spaces.
pub(super) fn words(text: &str) -> String {
    let mut low = String::with_capacity(text.len() + 2);
    low.push(' ');
    let mut push = |c: char| match c {
        '\u{2019}' => low.push('\''),
        _ if c.is_alphanumeric() || c == '\'' => low.push(c),
        _ if low.ends_with(' ') => {}
        _ => low.push(' '),
    };
    for c in text.chars() {
        if c.is_ascii() {
            push(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(&mut push);
        }
    }
    if !low.ends_with(' ') {
        low.push(' ');
    }
    low
}

/// Whether a text of [`words`] has a phrase as whole words.
pub(super) fn contains(low: &str, phrase: &str) -> bool {
    contains_any(low, &[phrase])
}

/// Whether a text of [`words`] has one of these phrases as whole words.
pub(super) fn contains_any(low: &str, phrases: &[&str]) -> bool {
    has_one(low, phrases, firsts(phrases))
}

/// A list of phrases in lower case.
#[derive(Debug, Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct Phrases {
    all: Vec<String>,
    /// As [`firsts`] gives them.
    firsts: u64,
}

impl From<Vec<String>> for Phrases {
    fn from(all: Vec<String>) -> Self {
        let firsts = firsts(&all);
        Self { all, firsts }
    }
}

impl Phrases {
    /// Whether a text of [`words`] has one of the phrases as whole words.
    pub(super) fn are_in(&self, low: &str) -> bool {
        has_one(low, &self.all, self.firsts)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }
}

/// The first bytes of phrases, as a set of bits in which some bytes share one.
fn firsts(phrases: &[impl AsRef<str>]) -> u64 {
    let firsts = phrases.iter().filter_map(|phrase| phrase.as_ref().bytes().next());
    firsts.fold(0, |all, byte| all | bit(byte))
}

fn bit(byte: u8) -> u64 {
    1 << (byte % 64)
}

fn has_one(low: &str, phrases: &[impl AsRef<str>], firsts: u64) -> bool {
    let low = low.as_bytes();
    let begins = |text: &[u8], phrase: &str| {
        // Most phrases differ in the first letter, which costs less to compare here.
        let phrase = phrase.as_bytes();
        text.first() == phrase.first() && text.starts_with(phrase) && text.get(phrase.len()) == Some(&b' ')
    };
    let starts = (1..low.len()).filter(|&at| low[at - 1] == b' ' && firsts & bit(low[at]) != 0);
    starts
        .map(|at| &low[at..])
        .any(|text| phrases.iter().any(|phrase| begins(text, phrase.as_ref())))
}
