//! A name in spaced letters.

use super::super::fold::{fold, is_unspaced};
use super::super::name::{NameWord, spaced_words};
use super::super::tables::TABLES;
use super::candidate::Candidate;

/// `Q U I L L   P L A C E H O L D E R`, `S E A N  O ' Q U I L L`
pub(super) fn spaced_letters(line: usize, start: usize, text: &str) -> Option<Candidate<'_>> {
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
    if names
        .iter()
        .any(|word| word.tells_work() || TABLES.not_names.contains(&word.folded))
    {
        return None;
    }
    let (from, until) = (names.first()?.at, names.last()?.end());
    Some(Candidate {
        line,
        bytes: std::iter::once(start + from..start + until).collect(),
        words: names,
        addressed: false,
        credited: false,
        cut: false,
        inner: false,
        placed: false,
    })
}
