//! Words of a text with their places, and how many of one text are found in another.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

/// A word in lower case; a Chinese character is a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: String,
    pub(super) bytes: Range<usize>,
}

/// The words of a text. Compatibility characters such as ligatures are not replaced: a reader should have done so.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let mark = matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}');
        if mark && open || c == '\u{ad}' {
            continue;
        }
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let alone = matches!(c, '\u{3400}'..='\u{9fff}');
        match found.last_mut().filter(|_| open && !alone) {
            Some(token) => {
                token.word.extend(c.to_lowercase());
                token.bytes.end = at + c.len_utf8();
            }
            None => found.push(Token {
                word: c.to_lowercase().collect(),
                bytes: at..at + c.len_utf8(),
            }),
        }
        open = !alone;
    }
    for token in &mut found {
        token.word = token
            .word
            .nfd()
            .filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}'))
            .collect();
    }
    found
}

/// The letters and digits of a text in lower case.
pub(super) fn letters(text: &str) -> String {
    tokens(text).into_iter().map(|token| token.word).collect()
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.word).collect()
}

/// Counts occurrences.
pub(super) fn bag<T: std::hash::Hash + Eq>(items: impl IntoIterator<Item = T>) -> HashMap<T, usize> {
    let mut bag = HashMap::new();
    for item in items {
        *bag.entry(item).or_default() += 1;
    }
    bag
}

/// How many of the items are in both bags, counting repetitions.
pub(super) fn common<T: std::hash::Hash + Eq>(a: &HashMap<T, usize>, b: &HashMap<T, usize>) -> usize {
    a.iter()
        .map(|(item, count)| (*count).min(b.get(item).copied().unwrap_or(0)))
        .sum()
}

/// Adjacent pairs.
pub(super) fn pairs(words: &[String]) -> impl Iterator<Item = (&str, &str)> {
    words.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str()))
}

/// Finds `wanted` in `text`: the first place at or after `from`, or the first one.
pub(super) fn find(text: &[Token], wanted: &[String], from: usize) -> Option<Range<usize>> {
    if wanted.is_empty() || text.len() < wanted.len() {
        return None;
    }
    let matches = |at: &usize| {
        text[*at..at + wanted.len()]
            .iter()
            .zip(wanted)
            .all(|(token, word)| token.word == *word)
    };
    let last = text.len() - wanted.len();
    let at = (from..=last).find(matches).or_else(|| (0..=last).find(matches))?;
    Some(at..at + wanted.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_their_places() {
        let text = "Café-Manager 中文 e\u{301}\u{ad}tude";
        let found = tokens(text);
        let words: Vec<&str> = found.iter().map(|token| token.word.as_str()).collect();
        assert_eq!(words, ["cafe", "manager", "中", "文", "etude"]);
        assert_eq!(&text[found[1].bytes.clone()], "Manager");
        assert_eq!(letters("S K I L L S:"), "skills");
        assert_eq!(find(&found, &["文".to_owned()], 0), Some(3..4));
        assert_eq!(
            find(&found, &["cafe".to_owned()], 2),
            Some(0..1),
            "from the start if it is not behind"
        );
    }

    #[test]
    fn repetitions_count() {
        let (a, b) = (bag(["x", "x", "y"]), bag(["x", "z", "x", "x"]));
        assert_eq!(common(&a, &b), 2);
    }
}
