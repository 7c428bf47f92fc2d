//! Addresses in a sentence: `I live at 14 Church Lane, Hull`, `an office manager living at ...`

use std::ops::Range;

use super::super::fold::fold;
use super::super::name::spaced_words;
use super::super::tables::TABLES;
use super::bare;
use super::street::is_address;

/// Words in front of the place where a person lives.
const LIVES: [&str; 19] = [
    "live",
    "lives",
    "living",
    "reside",
    "resides",
    "residing",
    "resident",
    "residence",
    "staying",
    "wohne",
    "wohnhaft",
    "habite",
    "habitant",
    "vivo",
    "resido",
    "residente",
    "abito",
    "woon",
    "mieszkam",
];
/// Words between.
const IN: [&str; 12] = ["at", "in", "on", "of", "near", "en", "em", "a", "au", "w", "op", "te"];
/// Maximum number of words of an address.
const MOST_WORDS: usize = 20;

/// The address behind a word for living: one with a number, or the capitalized place of `I live in`.
pub(super) fn address(line: &str) -> Option<Range<usize>> {
    let words: Vec<(usize, &str)> = spaced_words(line).collect();
    let low = |at: usize| words.get(at).map_or_else(String::new, |(_, word)| fold(bare(word)));
    (0..words.len()).find_map(|at| {
        if !LIVES.contains(&low(at).as_str()) || !IN.contains(&low(at + 1).as_str()) {
            return None;
        }
        let from = at + 2;
        let end = address_end(&words, from);
        let last = words.get(end.checked_sub(1)?).filter(|_| end > from)?;
        let start = words[from].0;
        let written = &line[start..last.0 + last.1.len()];
        let written = written.trim_end_matches(|c: char| !c.is_alphanumeric());
        let own =
            at > 0 && matches!(low(at - 1).as_str(), "i" | "currently") || matches!(low(at).as_str(), "vivo" | "wohne");
        (is_address(written) || own && written.starts_with(char::is_uppercase)).then_some(start..start + written.len())
    })
}

/// The end of the words of an address: numbers and capitalized words, up to the end of the sentence.
fn address_end(words: &[(usize, &str)], from: usize) -> usize {
    let mut end = from;
    while let Some((_, word)) = words.get(end).filter(|_| end < from + MOST_WORDS) {
        let low = fold(bare(word));
        let part = !word.starts_with(char::is_lowercase)
            || TABLES.particles.contains(&low)
            || TABLES.street_words.contains(&low);
        if !part {
            break;
        }
        end += 1;
        let next = words.get(end).map_or("", |(_, next)| *next);
        // `Musterstr. 5` and `No. 15` go on.
        let abbreviates = next.starts_with(|c: char| c.is_ascii_digit()) || TABLES.street_words.contains(&low);
        if word.ends_with([';', ')', '!', '|']) || word.ends_with('.') && !abbreviates {
            break;
        }
    }
    end
}
