//! The form of an address: a street with a number, a postbox, a postcode.

use super::super::fold::fold;
use super::super::name::is_known_name;
use super::super::tables::{TABLES, is_work, names_job};
use super::bare;

/// Whether a text has a street with a number, a postbox, or a postcode with a place.
pub(in super::super) fn is_address(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(24).collect();
    let number = |word: &str| {
        // `No:15`
        let bare = bare(word.rsplit(':').next().unwrap_or(word));
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        (1..=5).contains(&digits) && bare.len() <= digits + 3 && !is_year(bare)
            || bare.len() <= 9
                && digits > 0
                && bare.contains(['/', '-'])
                && bare
                    .chars()
                    .all(|c| c.is_ascii_digit() || c.is_alphabetic() || matches!(c, '/' | '-'))
                && !bare.split(['-', '/']).any(is_year)
    };
    let street = |word: &&str| {
        let low = fold(word.trim_end_matches([',', ';']));
        let low = low.trim_start_matches(|c: char| !c.is_alphanumeric());
        let bare = bare(low);
        (TABLES.street_words.contains(bare) || low.starts_with("c/")) && bare.len() >= 2
            || TABLES
                .street_endings
                .iter()
                .any(|ending| bare.len() > ending.len() + 2 && bare.ends_with(ending.as_str()))
    };
    if words.iter().any(|word| number(word))
        && words.iter().any(street)
        && words.len() <= 20
        && street_has_name(&words, &street)
    {
        return true;
    }
    let low = fold(text);
    let boxes = [
        "po box",
        "p.o. box",
        "p. o. box",
        "p.o.box",
        "p.o box",
        "p o box",
        "post box",
        "postfach",
        "apartado",
        "caixa postal",
        "boite postale",
        "casella postale",
        "postbus",
        "apdo",
    ];
    let rural = low.starts_with("rr ") && low.contains(" box ");
    if (rural || boxes.iter().any(|one| low.contains(one))) && low.contains(|c: char| c.is_ascii_digit()) {
        return true;
    }
    text.contains(['\u{3012}', '\u{865f}', '\u{53f7}', '\u{756a}'])
        && text.contains(|c: char| c.is_ascii_digit())
        && !text.contains(' ')
        || has_number_sign(text)
        || has_postcode(&words)
}

/// Chinese, Japanese and Korean addresses: 100号, 3丁目, 12길.
fn has_number_sign(text: &str) -> bool {
    let mut before = ' ';
    let mut signs = 0;
    for c in text.chars() {
        signs += usize::from(
            matches!(
                c,
                '路' | '街'
                    | '区'
                    | '區'
                    | '市'
                    | '省'
                    | '県'
                    | '縣'
                    | '都'
                    | '府'
                    | '町'
                    | '丁'
                    | '号'
                    | '號'
                    | '室'
                    | '楼'
                    | '로'
                    | '길'
                    | '동'
                    | '구'
                    | '시'
            ) && before.is_alphanumeric(),
        );
        before = c;
    }
    signs >= 2 && text.contains(|c: char| c.is_ascii_digit()) && text.chars().count() <= 48
}

/// `Drive 12 trucks` begins with a street's word, `Mill Drive 12` has a name before it.
fn street_has_name(words: &[&str], street: &impl Fn(&&str) -> bool) -> bool {
    let at = words.iter().position(street).unwrap_or(0);
    let word = fold(bare(words[at]));
    let english = [
        "st", "street", "road", "rd", "lane", "ln", "avenue", "ave", "drive", "dr", "court", "close", "way", "square",
        "place", "row", "park", "rise", "mount", "walk", "grove", "garden", "gardens", "circle", "quay", "unit",
        "floor", "block", "phase", "sector", "suite", "flat", "section", "ring", "way", "tie", "ter", "as", "cut",
        "trail", "line",
    ];
    let capital = |word: &&str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_lowercase());
    if english.contains(&word.as_str()) {
        let named = at >= 1
            && capital(&words[at - 1])
            && words
                .iter()
                .all(|word| capital(word) || word.len() <= 3 || TABLES.street_words.contains(&fold(bare(word))));
        let no = words
            .get(at + 1)
            .is_some_and(|word| matches!(fold(bare(word)).as_str(), "no" | "nr" | "number"));
        let numbered = words
            .get(at + 1 + usize::from(no))
            .is_some_and(|word| bare(word).starts_with(|c: char| c.is_ascii_digit()))
            && matches!(
                word.as_str(),
                "unit" | "flat" | "suite" | "block" | "sector" | "phase" | "floor"
            );
        return (named || numbered)
            && !words
                .iter()
                .any(|word| names_job(&fold(bare(word))) && !is_known_name(&fold(bare(word))));
    }
    true
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit())
}

/// `LS1 4ZZ`, `10115 Berlin`, `Columbus, OH 43215`, `1017 CA Amsterdam`, `K1A 0B1`.
pub(super) fn has_postcode(words: &[&str]) -> bool {
    if words.len() > 12 {
        return false;
    }
    let form = |word: &str| -> String {
        bare(word)
            .chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    '9'
                } else if c.is_ascii_uppercase() {
                    'A'
                } else {
                    c
                }
            })
            .collect()
    };
    let forms: Vec<String> = words.iter().map(|word| form(word)).collect();
    let capital = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| bare(word).starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()))
    };
    for (at, own) in forms.iter().enumerate() {
        let next = forms.get(at + 1).map_or("", String::as_str);
        let outward = matches!(own.as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A");
        if outward && next == "9AA"
            || own == "A9A" && next == "9A9"
            || matches!(
                own.as_str(),
                "A9A9A9" | "A999999" | "9999AA" | "99-999" | "99999-9999" | "99999-999" | "999-9999"
            )
        {
            return true;
        }
        if own == "9999" && next == "AA" && !is_year(bare(words[at])) {
            return true;
        }
        let state = at > 0 && TABLES.region_codes.contains(bare(words[at - 1]));
        if state && own == "99999" {
            return true;
        }
        let five = matches!(own.as_str(), "99999" | "999999");
        let four = own == "9999" && !is_year(bare(words[at]));
        let named = |at: usize| capital(at) && !is_work(&fold(bare(words[at])));
        if words.len() <= 6
            && (five && (named(at + 1) || at > 0 && named(at - 1) && words.iter().any(|word| word.ends_with(',')))
                || four && (named(at + 1) || state))
            && words
                .iter()
                .all(|word| !word.starts_with(char::is_lowercase) || word.len() <= 3)
        {
            return true;
        }
    }
    false
}

/// Whether an item between contact data is an address in a language without known words for streets: a number and
/// names, nothing else.
pub(super) fn is_numbered(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', ',', '\u{a0}'])
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect();
    let number = |word: &&str| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        (1..=6).contains(&digits) && word.len() <= digits + 1 && !is_year(word)
    };
    let name = |word: &&str| {
        let low = fold(word);
        !word.starts_with(char::is_lowercase)
            && !is_work(&low)
            && !TABLES.skill_names.contains(&low)
            && !TABLES.academic.contains(&low)
            || TABLES.particles.contains(&low)
    };
    (2..=9).contains(&words.len())
        && words.iter().any(number)
        && !text.contains(['+', '%', ':', '&'])
        && words.iter().filter(|word| !number(word)).count() >= 1
        && words.iter().all(|word| number(word) || name(word))
        && words.iter().any(|word| !number(word) && word.chars().count() > 3)
}
