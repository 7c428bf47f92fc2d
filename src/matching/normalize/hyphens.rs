//! Words broken at the end of a line: whether the hyphen belongs to the word.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::line_end;

/// The parts of compounds of `hyphens.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    first: FxHashSet<String>,
    last: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("hyphens.toml")).expect("hyphens.toml is valid"));

/// A break inside a word.
pub(super) struct Broken {
    /// Whether the word has a hyphen there.
    pub(super) keeps_hyphen: bool,
    /// The length of the hyphen, the line end and the indent of the next line.
    pub(super) skip: usize,
}

/// Parses a break inside a word, where `rest` begins at a hyphen and `before` is the text up to it.
pub(super) fn broken(before: &str, rest: &str) -> Option<Broken> {
    let hyphen = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '\u{2010}' | '\u{ad}'))?;
    if !before.ends_with(char::is_alphabetic) {
        return None;
    }
    let blank = |c: char| matches!(c, ' ' | '\t' | '\u{a0}');
    let after = rest[hyphen.len_utf8()..].trim_start_matches(blank);
    let next = after[line_end(after)?..].trim_start_matches(blank);
    let skip = rest.len() - next.len();
    let second: &str = &next[..next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len())];
    // No word has more than forty letters.
    let first = before.chars().rev().take(40).take_while(|c| !c.is_whitespace());
    let first = &before[before.len() - first.map(char::len_utf8).sum::<usize>()..];
    second.chars().nth(1)?;
    let first = first.trim_start_matches(|c: char| !c.is_alphanumeric());
    let soft = hyphen == '\u{ad}';
    Some(Broken {
        keeps_hyphen: !soft && keeps_hyphen(first, second),
        skip,
    })
}

fn keeps_hyphen(first: &str, second: &str) -> bool {
    let lower = first.chars().all(char::is_lowercase);
    !first.chars().all(char::is_alphabetic)
        || lower && second.starts_with(char::is_uppercase)
        || VOCABULARY.first.contains(&first.to_lowercase())
        || VOCABULARY.last.contains(&second.to_lowercase())
}
