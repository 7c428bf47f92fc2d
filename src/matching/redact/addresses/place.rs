//! The form of a place, which is told from a title, a credential and an employer.

use super::super::super::occupations;
use super::super::fold::fold;
use super::super::name::spaced_words;
use super::super::stated::opens_message;
use super::super::tables::{TABLES, is_work, names_job};
use super::bare;
use super::street::has_postcode;

/// Whether a text is the name of an employer or a school that may be named after a street: `Centro de Salud La Alameda`.
pub(super) fn is_employer(text: &str) -> bool {
    const KINDS: &str = "centro sanatorio clinica colegio escuela instituto universidad empresa banco fundacion ministerio \
        ayuntamiento farmacia residencia escola faculdade universidade prefeitura \
        ecole lycee hopital clinique universite entreprise societe mairie \
        ospedale scuola istituto azienda universita liceo \
        klinik klinikum krankenhaus schule gymnasium grundschule realschule hochschule universitat seniorenheim pflegeheim \
        apotheke ziekenhuis szpital szkola";
    let mut words = text.split_whitespace().map(|word| fold(bare(word)));
    words
        .find(|word| !word.is_empty())
        .is_some_and(|word| KINDS.split_ascii_whitespace().any(|kind| kind == word))
}

/// Whether a text is a known place: `Leeds, United Kingdom`, `Columbus, OH`, `New York`.
pub(super) fn is_place(text: &str) -> bool {
    let mut parts = text
        .split([',', '/', '(', ')'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .peekable();
    if parts.peek().is_none() || text.split_whitespace().count() > 7 {
        return false;
    }
    let parts: Vec<&str> = parts.collect();
    let known = |part: &&str| {
        TABLES
            .places
            .contains(&fold(part.trim_matches(|c: char| !c.is_alphanumeric() && c != '.')))
    };
    let code = |part: &&str| TABLES.region_codes.contains(*part);
    let plain = |part: &&str| {
        is_capitalized(part)
            && !part
                .split_whitespace()
                .any(|word| is_work(&fold(bare(word))) && !TABLES.surname_words.contains(&fold(bare(word))))
    };
    match parts.as_slice() {
        [one] => known(one),
        [first, rest @ ..] => {
            rest.iter().any(|part| known(part) || code(part))
                && (known(first) || plain(first))
                && rest.iter().all(|part| known(part) || code(part) || plain(part))
        }
        [] => false,
    }
}

/// Whether an item beside contact data is a place, though no known one: `Lanewick`, `Lanewick, Ruritania`.
pub(super) fn is_unknown_place(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([',', ' ', '/', '\u{a0}'])
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect();
    let credential = |word: &str| {
        let word = word.replace('.', "");
        let word = word.as_str();
        TABLES.academic.contains(&fold(word))
            || word.len() <= 5 && word.chars().all(char::is_uppercase) && !TABLES.region_codes.contains(word)
    };
    let skill = |word: &str| TABLES.skill_names.contains(&fold(word));
    (1..=5).contains(&words.len())
        && is_capitalized(text)
        && !is_employer(text)
        && !opens_message(&fold(text))
        && (TABLES.places.contains(&fold(text)) || !occupations::names_occupation(text))
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '&' | '+' | '@' | ':' | '#'))
        && !words.iter().any(|word| {
            let low = fold(word);
            (is_work(&low) && !TABLES.surname_words.contains(&low) || names_job(&low))
                && !TABLES.places.contains(&low)
                && !TABLES.particles.contains(&low)
                || credential(word)
                || skill(word)
                || TABLES.organisations.contains(&low) && !TABLES.particles.contains(&low)
                || TABLES.not_names.contains(&low)
                || word.chars().skip(1).any(char::is_uppercase) && word.contains(char::is_lowercase)
        })
}

/// Whether an item below a street is the rest of its address.
pub(super) fn is_town(text: &str) -> bool {
    is_place(text)
        || is_unknown_place(text)
        || text.split_whitespace().count() <= 5
            && text.contains(|c: char| c.is_ascii_digit())
            && has_postcode(&text.split_whitespace().collect::<Vec<_>>())
}

fn is_capitalized(text: &str) -> bool {
    let mut any = false;
    for (_, word) in spaced_words(text) {
        let bare = bare(word);
        let low = fold(bare);
        if bare.starts_with(char::is_lowercase)
            && !TABLES.particles.contains(&low)
            && !matches!(low.as_str(), "on" | "upon" | "г" | "м")
        {
            return false;
        }
        any |= !bare.is_empty();
    }
    any
}

/// Whether an item is five or six digits, as postcodes of many countries are.
pub(super) fn is_postcode(text: &str) -> bool {
    matches!(text.len(), 5 | 6) && text.bytes().all(|b| b.is_ascii_digit())
}
