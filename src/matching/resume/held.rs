//! The credentials of a resume that its sentences do not deny.

use std::ops::Range;

use super::super::credentials::{self, Credential};
use super::super::non_evidence::Clause;
use super::super::words::Word;
use super::Evidence;

/// The number of content words beside the name of a certificate, up to which a sentence says nothing else.
const MOST_BESIDE: usize = 3;

/// The credentials that the person has, without those that a clause denies. Marks the sentences that only name them.
pub(super) fn held(named: Vec<Credential>, words: &[Word], sentences: &mut [Evidence]) -> Vec<Credential> {
    let sentence_of = |word: usize| sentences.partition_point(|sentence| sentence.words.end <= word);
    let places = named.into_iter().map(|one| {
        let from = words.partition_point(|word| word.bytes.start < one.bytes.start);
        let until = words.partition_point(|word| word.bytes.start < one.bytes.end);
        (sentence_of(from), from..until, one)
    });
    let places: Vec<(usize, Range<usize>, Credential)> = places.collect();
    let mut held = Vec::new();
    for (at, place, credential) in places {
        if let Some(sentence) = sentences.get_mut(at) {
            if sentence.credit(place.start) <= 0.0 {
                continue;
            }
            let mut own = sentence
                .words
                .clone()
                .filter(|word| !place.contains(word) && words[*word].subject);
            sentence.states |= own.by_ref().nth(MOST_BESIDE).is_none();
        }
        held.push(credential);
    }
    credentials::once(held.into_iter())
}

/// Takes the credit from words that name the licence of another person, or one that is not held.
pub(super) fn deny(of_others: &[Range<usize>], sentences: &mut [Evidence]) {
    for place in of_others {
        let at = sentences.partition_point(|sentence| sentence.words.end <= place.start);
        let Some(sentence) = sentences.get_mut(at).filter(|one| one.words.contains(&place.start)) else {
            continue;
        };
        if sentence.clauses.is_empty() {
            let words = sentence.words.clone();
            sentence.clauses.push(Clause { words, credit: 1.0 });
        }
        // The first clause with a word decides on it.
        let words = place.start..place.end.min(sentence.words.end);
        sentence.clauses.insert(0, Clause { words, credit: 0.0 });
    }
}
