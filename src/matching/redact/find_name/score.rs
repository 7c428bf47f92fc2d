//! How much a part of a line is like a name.

use super::super::super::occupations;
use super::super::fold::is_unspaced;
use super::super::name::{NameWord, Words, is_given, is_known_name, is_plain};
use super::super::tables::{TABLES, is_work};
use super::candidate::Candidate;

/// Whether a word beside an initial is long enough for a name.
fn is_family(word: &str) -> bool {
    word.chars().count() >= 4 && word.chars().all(char::is_alphabetic)
}

/// How much a candidate is like a name; `None` if it is none.
pub(super) fn score(candidate: &Candidate<'_>, spelled: usize, first: bool, contact_near: bool) -> Option<i32> {
    let words = &candidate.words;
    let letters: Vec<&NameWord<'_>> = words
        .iter()
        .filter(|word| !word.is_particle() && !word.is_initial())
        .collect();
    let whole = spelled > 0 && spelled >= letters.len().min(2);
    let letters_alone =
        || letters.iter().all(|word| word.is_credential()) && letters.iter().any(|word| word.is_letters());
    if letters.is_empty() || words.len() > 9 || letters_alone() {
        return None;
    }
    let lower = letters.iter().all(|word| word.text.starts_with(char::is_lowercase));
    let capitals: Vec<NameWord<'_>> = words
        .iter()
        .cloned()
        .map(|mut word| {
            if lower {
                word.text = "X";
            }
            word
        })
        .collect();
    let known = letters.iter().filter(|word| is_given(&word.folded)).count();
    let organisation = words.iter().any(|word| TABLES.organisations.contains(&word.folded));
    let work = letters.iter().all(|word| word.tells_work());
    let full = whole && letters.len() >= 2 && !organisation && !work;
    if !full && !is_plain(&Words(capitals)) {
        let named = letters.len() == 1 && is_given(&letters[0].folded) && (first || spelled > 0);
        if !named {
            return None;
        }
    }
    // The title of a person in a language of which `tables` has few words.
    let uncased = letters.iter().all(|word| !word.text.contains(char::is_uppercase)) && !lower;
    let title = || words.iter().any(|word| occupations::names_occupation(word.text));
    if known == 0 && spelled == 0 && !candidate.addressed && (letters.len() == 1 || uncased) && title() {
        return None;
    }
    if lower && !(whole || known > 0 && first) || candidate.inner && known == 0 && spelled == 0 {
        return None;
    }
    let joined = words
        .iter()
        .map(|word| word.folded.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let place = TABLES.places.contains(&joined) && known == 0;
    let unspaced = letters.iter().any(|word| word.text.contains(is_unspaced));
    let signs: usize = joined.chars().count();
    // `Summer Rivers`: a given and a family name that are also words are no work.
    let pair = letters.len() > 1
        && is_given(&letters[0].folded)
        && TABLES.surname_words.contains(&letters[letters.len() - 1].folded);
    let work = |word: &NameWord<'_>| {
        (if word.folded.contains('-') {
            word.tells_work()
        } else {
            is_work(&word.folded)
        }) && !word.is_short_given()
            && !(pair && is_known_name(&word.folded))
    };
    let work = letters.iter().filter(|word| work(word)).count();
    let mut score = match spelled {
        0 => 0,
        _ if whole => 6,
        _ => 4,
    };
    score += if known > 0 { 2 } else { 0 };
    score += if first { 2 } else { 0 };
    score += if candidate.addressed { 2 } else { 0 };
    score += if candidate.credited { 1 } else { 0 };
    score += if contact_near { 1 } else { 0 };
    score += match letters.len() {
        _ if unspaced => {
            if signs <= 12 {
                1
            } else {
                -4
            }
        }
        1 => -1,
        2..=4 => 1,
        _ => 0,
    };
    score += if work == 0 {
        1
    } else {
        -i32::try_from(work).unwrap_or(9)
    };
    // `S. Placeholder` is a whole name at the beginning.
    let initial = words.iter().any(NameWord::is_initial);
    let beside = letters.len() > 1 && (initial || words.iter().any(NameWord::is_particle));
    score += i32::from(beside || initial && first && is_family(letters[0].text));
    score -= if candidate.cut && known == 0 { 2 } else { 0 };
    score -= if place { 6 } else { 0 };
    score -= if candidate.placed && !first && spelled == 0 {
        4
    } else {
        0
    };
    let agent = letters.len() == 1
        && [
            "er", "or", "ist", "ian", "man", "eur", "ing", "ion", "ment", "ics", "ity",
        ]
        .iter()
        .any(|ending| letters[0].folded.ends_with(ending));
    score -= if agent && known == 0 && spelled == 0 { 2 } else { 0 };
    Some(score)
}
