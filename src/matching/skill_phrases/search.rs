//! Search for a phrase in a resume: all its content words near each other in one sentence, in any inflection.

use std::ops::Range;

use super::super::words::{self, Stems, Word};
use super::vocabulary::VOCABULARY;

/// The number of further words between those of a phrase.
const SPREAD: usize = 4;
/// The rarity above which one word identifies a phrase of a verb and a noun.
const RARE: f32 = 7.0;
/// Endings of nouns made from verbs, and the verb's ending.
const DERIVED: [(&str, &str); 6] = [
    ("ment", ""),
    ("ation", ""),
    ("ation", "e"),
    ("ion", ""),
    ("ion", "e"),
    ("al", ""),
];

/// The words of a phrase, each with the stems of its forms.
#[derive(Debug, Clone, Default)]
pub(in crate::matching) struct Needle(Vec<Vec<u64>>);

/// The words of a text by their stems, with the number of their sentence.
#[derive(Debug, Default)]
pub(in crate::matching) struct WordIndex(Stems<Vec<(usize, usize)>>);

impl Needle {
    /// The content words of a phrase. Verbs such as "manage" are left out if the rest says enough; `rarity` is that of a
    /// stem.
    pub(in crate::matching) fn new(phrase: &str, rarity: impl Fn(u64) -> f32) -> Self {
        let all = words::words(phrase);
        let content = || all.iter().filter(|word| word.subject);
        let lower = |word: &Word| phrase[word.bytes.clone()].to_lowercase();
        let telling: Vec<&Word> = content()
            .filter(|word| !VOCABULARY.light.contains(&lower(word)))
            .collect();
        let enough = match telling[..] {
            [] => false,
            [one] => rarity(one.stem) >= RARE,
            _ => true,
        };
        let chosen: Vec<&Word> = if enough { telling } else { content().collect() };
        Self(chosen.into_iter().map(|word| forms(word.stem, &lower(word))).collect())
    }
}

/// The stems of a word and of the nouns or verbs made from it.
fn forms(stem: u64, word: &str) -> Vec<u64> {
    let mut forms = vec![stem];
    if word.len() < 5 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return forms;
    }
    for (noun, verb) in DERIVED {
        if let Some(root) = word.strip_suffix(noun).filter(|root| root.len() >= 4) {
            forms.extend(words::stems(&format!("{root}{verb}")));
        }
        if let Some(root) = word.strip_suffix(verb).filter(|root| root.len() >= 4) {
            forms.extend(words::stems(&format!("{root}{noun}")));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

impl WordIndex {
    /// Indexes the words of sentences, each given as a range of words.
    pub(in crate::matching) fn new(words: &[Word], sentences: impl Iterator<Item = (usize, Range<usize>)>) -> Self {
        let mut index = Stems::<Vec<(usize, usize)>>::default();
        for (sentence, range) in sentences {
            for at in range.filter(|&at| words[at].subject) {
                index.entry(words[at].stem).push((sentence, at));
            }
        }
        Self(index)
    }

    /// The places of a phrase as ranges of words, in order and without overlap.
    pub(in crate::matching) fn find(&self, needle: &Needle) -> Vec<Range<usize>> {
        // Most phrases lack a word, and are looked up for each of many postings.
        let lacks = |forms: &Vec<u64>| forms.iter().all(|form| self.0.get(*form).is_none());
        if needle.0.iter().any(lacks) {
            return Vec::new();
        }
        let mut places: Vec<Vec<(usize, usize)>> = Vec::with_capacity(needle.0.len());
        for forms in &needle.0 {
            let mut all: Vec<(usize, usize)> = Vec::new();
            all.extend(forms.iter().filter_map(|form| self.0.get(*form)).flatten());
            all.sort_unstable_by_key(|place| place.1);
            places.push(all);
        }
        let reach = places.len() + SPREAD;
        let mut found: Vec<Range<usize>> = Vec::new();
        let Some((first, others)) = places.split_first() else {
            return found;
        };
        for &(sentence, at) in first {
            let mut range = at..at + 1;
            let whole = others.iter().all(|places| {
                // The places are in order, so that the nearest is one of two.
                let after = places.partition_point(|place| place.1 < at);
                let two = places[after.saturating_sub(1)..].iter().take(2);
                let near = two.filter(|place| place.0 == sentence && place.1.abs_diff(at) <= reach);
                let nearest = near.min_by_key(|place| place.1.abs_diff(at));
                nearest.is_some_and(|&(_, other)| {
                    range = range.start.min(other)..range.end.max(other + 1);
                    true
                })
            });
            if whole && found.last().is_none_or(|last| last.end <= range.start) {
                found.push(range);
            }
        }
        found
    }
}
