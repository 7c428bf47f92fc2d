//! A name in spaced letters.

use super::super::fold::{fold, is_unspaced};
use super::super::name::{NameWord, spaced_words};
use super::super::tables::TABLES;

/// The words of `Q U I L L   P L A C E H O L D E R`, `S E A N  O ' Q U I L L`.
pub(super) fn spaced_letters(text: &str) -> Option<Vec<NameWord<'_>>> {
    let words: Vec<(usize, &str)> = spaced_words(text).collect();
    let joint = |word: &str| matches!(word, "-" | "\u{2010}" | "'" | "\u{2019}" | ".");
    let letter = |word: &str| word.chars().count() == 1 && word.chars().all(|c| c.is_alphabetic() && !is_unspaced(c));
    let letters = words.iter().filter(|(_, word)| letter(word)).count();
    if letters < 5 || !words.iter().all(|(_, word)| letter(word) || joint(word)) {
        return None;
    }
    let mut names: Vec<NameWord<'_>> = Vec::new();
    let mut end = 0;
    for (at, word) in words {
        match names.last_mut() {
            Some(last) if at <= end + 1 => {
                last.folded.push_str(&fold(word));
                last.text = &text[last.at..at + word.len()];
            }
            _ if letter(word) => names.push(NameWord {
                at,
                text: word,
                folded: fold(word),
            }),
            _ => return None,
        }
        end = at + word.len();
    }
    let other = |word: &NameWord<'_>| word.tells_work() || TABLES.not_names.contains(&word.folded);
    (!names.is_empty() && !names.iter().any(other)).then_some(names)
}
