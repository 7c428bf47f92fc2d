//! `degrees.toml`, compiled for lookup, and the words of a sentence that are looked up in it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    abbreviations: Vec<Row>,
    ambiguous: Vec<Row>,
    names: Vec<Row>,
    schooling: Vec<Row>,
    ideographs: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    level: u8,
    names: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Abbreviation {
    pub(super) level: u8,
    /// Whether it has other meanings.
    pub(super) ambiguous: bool,
    /// Its spelling without dots.
    pub(super) spelling: String,
}

/// The words after the first and the level, by the first word, longest first.
pub(super) type Names = HashMap<String, Vec<(Vec<String>, u8)>>;

#[derive(Debug)]
pub(super) struct Table {
    /// By the letters in lower case.
    pub(super) abbreviations: HashMap<String, Abbreviation>,
    pub(super) names: Names,
    /// Those that are something else outside of an education section.
    pub(super) schooling: Names,
    pub(super) ideographs: Vec<(String, u8)>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../degrees.toml")).expect("degrees.toml is valid");
    Table::new(file)
});

impl Table {
    fn new(file: File) -> Self {
        let mut abbreviations = HashMap::new();
        for (rows, ambiguous) in [(file.abbreviations, false), (file.ambiguous, true)] {
            for row in rows {
                for spelling in row.names {
                    let level = row.level;
                    abbreviations.insert(
                        spelling.to_lowercase(),
                        Abbreviation {
                            level,
                            ambiguous,
                            spelling,
                        },
                    );
                }
            }
        }
        let ideographs = file.ideographs.into_iter();
        Self {
            abbreviations,
            names: compiled(file.names),
            schooling: compiled(file.schooling),
            ideographs: ideographs
                .flat_map(|row| row.names.into_iter().map(move |name| (name, row.level)))
                .collect(),
        }
    }
}

fn compiled(rows: Vec<Row>) -> Names {
    let mut names = Names::new();
    for row in rows {
        for name in row.names {
            let mut parts = words(&name).into_iter().map(|word| word.low);
            if let Some(first) = parts.next() {
                names.entry(first).or_default().push((parts.collect(), row.level));
            }
        }
    }
    for list in names.values_mut() {
        list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    names
}

/// A word or a sign of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) bytes: Range<usize>,
    /// In lower case, without accents.
    pub(super) low: String,
    pub(super) is_word: bool,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether all its letters are capitals.
    pub(super) upper: bool,
    /// The line breaks and tabs before it separate it from the previous word.
    pub(super) apart: bool,
    /// Whether white space is before it.
    pub(super) spaced: bool,
}

/// The words and signs of a sentence.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let (mut apart, mut spaced) = (true, true);
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            apart |= matches!(c, '\n' | '\t');
            spaced = true;
            continue;
        }
        let mut end = start + c.len_utf8();
        let mut low = String::new();
        fold(c, &mut low);
        let is_word = c.is_alphanumeric();
        while let Some(&(at, next)) = chars.peek().filter(|_| is_word) {
            let apostrophe =
                matches!(next, '\'' | '\u{2019}') && text[at + next.len_utf8()..].starts_with(char::is_alphabetic);
            if !(next.is_alphanumeric() || is_combining_mark(next) || apostrophe) {
                break;
            }
            fold(next, &mut low);
            end = at + next.len_utf8();
            chars.next();
        }
        found.push(Word {
            bytes: start..end,
            low,
            is_word,
            capital: c.is_uppercase(),
            upper: text[start..end].chars().all(char::is_uppercase),
            apart,
            spaced,
        });
        (apart, spaced) = (false, false);
    }
    found
}

fn fold(c: char, into: &mut String) {
    match c {
        '\u{2019}' => into.push('\''),
        '\u{2010}' | '\u{2011}' => into.push('-'),
        _ if c.is_ascii() => into.push(c.to_ascii_lowercase()),
        _ => {
            for low in c.to_lowercase() {
                decompose_canonical(low, |part| {
                    if !is_combining_mark(part) {
                        into.push(part);
                    }
                });
            }
        }
    }
}
