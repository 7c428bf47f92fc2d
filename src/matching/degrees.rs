//! Degrees named in a text, and their levels.
//!
//! Names and abbreviations are data, `degrees.toml`. An abbreviation that has other meanings, such as `MS`, counts only
//! where the words around it show a degree.

mod context;
mod dotted;
pub(super) mod fields;
mod grade;
pub(super) mod subject;
mod table;

use std::ops::Range;

use self::table::{Names, TABLE, Word};

/// A degree named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Degree {
    pub(super) bytes: Range<usize>,
    /// 1 school, 2 vocational or associate, 3 bachelor, 4 master, 5 doctorate.
    pub(super) level: u8,
    /// Whether the name says only that it is a degree.
    pub(super) generic: bool,
    /// The grade of a vocational one: 3 for `NVQ Level 3`; `None` if it tells none.
    pub(super) grade: Option<u8>,
}

/// The lowest and highest level of the degrees that a sentence names.
pub(super) fn degrees(sentence: &str) -> Option<(u8, u8)> {
    let found = find(sentence, false);
    let levels = found.iter().map(|degree| degree.level);
    Some((levels.clone().min()?, levels.max()?))
}

/// The lowest grade of the vocational degrees that a sentence names; `None` if one of them tells none.
pub(super) fn least_grade(sentence: &str) -> Option<u8> {
    let found = find(sentence, false).into_iter();
    let grades: Option<Vec<u8>> = found
        .filter(|degree| degree.level == grade::GRADED)
        .map(|degree| degree.grade)
        .collect();
    grades?.into_iter().min()
}

/// The degrees that a sentence names, in order. A sentence of an education section needs less context.
pub(super) fn find(sentence: &str, education: bool) -> Vec<Degree> {
    let words = table::words(sentence);
    let mut found: Vec<Degree> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((level, next, generic)) = degree_at(&words, sentence, at, education) else {
            at += 1;
            continue;
        };
        let others = context::describes_others(&words, next) || context::is_of_another(&words, at);
        if !others && !context::is_negated(&words, at) {
            found.push(Degree {
                bytes: words[at].bytes.start..words[next - 1].bytes.end,
                level,
                generic,
                grade: (level == grade::GRADED)
                    .then(|| grade::read(&words, at..next))
                    .flatten(),
            });
        }
        at = next;
    }
    let ideographs = if sentence.is_ascii() {
        &[]
    } else {
        &TABLE.ideographs[..]
    };
    for (name, level) in ideographs {
        found.extend(sentence.match_indices(name.as_str()).map(|(at, _)| Degree {
            bytes: at..at + name.len(),
            level: *level,
            generic: false,
            grade: None,
        }));
    }
    if found.iter().any(|degree| !degree.generic) {
        found.retain(|degree| !degree.generic);
    }
    found.sort_by_key(|degree| degree.bytes.start);
    found
}

/// The degree that begins at a word: its level, the word after it, and whether it is generic.
fn degree_at(words: &[Word], sentence: &str, at: usize, education: bool) -> Option<(u8, usize, bool)> {
    if !words[at].is_word {
        return None;
    }
    let name = name_at(&TABLE.names, words, at);
    let schooling = || name_at(&TABLE.schooling, words, at).filter(|_| education);
    let name = name.or_else(schooling);
    let abbreviation = abbreviation_at(words, sentence, at, education);
    let longest = name.into_iter().chain(abbreviation).max_by_key(|&(_, next)| next);
    if let Some((level, next)) = longest {
        let generic = words[next - 1].low == "degree" && level == 3 && !words[at].low.starts_with("bac");
        return Some((level, next, generic));
    }
    if let Some(next) = context::is_master(words, at, education) {
        return Some((4, next, false));
    }
    let low = words[at].low.as_str();
    if context::is_graduate(words, at) {
        return Some((3, at + 1, true));
    }
    if matches!(low, "degree" | "degrees") && context::is_academic(words, at, education) {
        return Some((3, at + 1, true));
    }
    // The name of a school says nothing elsewhere: people work at schools.
    let school = low == "high" && words.get(at + 1).is_some_and(|word| word.low == "school");
    // `Ingeniería en Electrónica` is a subject elsewhere.
    let engineering = matches!(low, "ingeniería" | "ingenieria" | "engenharia")
        && (words.get(at + 1))
            .is_some_and(|word| word.is_word && (word.capital || matches!(word.low.as_str(), "en" | "em" | "de")));
    // `Facultad de Ingeniería`, `Estudiante de Ingeniería`
    let of_school = words[at.saturating_sub(2)..at].iter().any(|word| {
        let named = [
            "facultad",
            "escuela",
            "escola",
            "faculdade",
            "estudiante",
            "estudante",
            "técnico",
            "tecnico",
        ];
        named.contains(&word.low.as_str())
    });
    if engineering && education && !of_school {
        return Some((3, at + 2, false));
    }
    (school && education).then_some((1, at + 2, false))
}

fn name_at(names: &Names, words: &[Word], at: usize) -> Option<(u8, usize)> {
    names.get(&words[at].low)?.iter().find_map(|(rest, level)| {
        let here = words.get(at + 1..at + 1 + rest.len())?;
        let same = here.iter().zip(rest).all(|(word, part)| word.low == *part);
        same.then_some((*level, at + 1 + rest.len()))
    })
}

/// An abbreviation with or without dots and spaces; the longest wins.
fn abbreviation_at(words: &[Word], sentence: &str, at: usize, education: bool) -> Option<(u8, usize)> {
    let mut letters = String::new();
    let (mut next, mut dotted, mut spaced) = (at, false, false);
    let mut best = None;
    for _ in 0..5 {
        let Some(word) = words.get(next).filter(|word| word.is_word && word.low.len() <= 7) else {
            break;
        };
        if next > at && !word.capital && !word.low.eq("sc") && !word.low.eq("d") {
            break;
        }
        letters.push_str(&word.low);
        next += 1;
        let dot = words.get(next).is_some_and(|sign| sign.low == "." && !sign.spaced);
        // `B-Tech`
        let hyphen = next == at + 1
            && word.low.len() == 1
            && words.get(next).is_some_and(|sign| sign.low == "-" && !sign.spaced);
        let end = next + usize::from(dot && (dotted || next > at + 1 || word.low.len() <= 3));
        let parts = Parts {
            at,
            next: end,
            dotted: dotted || dot && next == at + 1,
            spaced,
        };
        let level = level_of(words, sentence, &letters, &parts, education);
        if let Some(level) = level.filter(|_| !goes_on(words, sentence, &letters, &parts, education)) {
            best = Some((level, if parts.dotted || next > at + 1 { end } else { next }));
        }
        let initial = next == at + 1 && word.low.len() <= 2;
        if !(dot || hyphen || initial) {
            break;
        }
        dotted |= dot;
        let after = next + usize::from(dot || hyphen);
        spaced |= hyphen || words.get(after).is_some_and(|word| word.spaced);
        if words.get(after).is_some_and(|word| word.apart) {
            break;
        }
        next = after;
    }
    best
}

/// Whether these letters are only the beginning of other initials: `D.O.B.` is no degree, `B.S.C.E.` is one.
fn goes_on(words: &[Word], sentence: &str, letters: &str, parts: &Parts, education: bool) -> bool {
    let next = words.get(parts.next);
    let letter = next.is_some_and(|word| word.is_word && !word.spaced && word.low.chars().count() == 1);
    let degrees = education && matches!(letters.get(..2), Some("ba" | "bs" | "ma" | "ms"));
    parts.dotted && letter && !degrees && abbreviation_at(words, sentence, parts.next, education).is_none()
}

/// The form of an abbreviation.
struct Parts {
    at: usize,
    next: usize,
    dotted: bool,
    spaced: bool,
}

fn level_of(words: &[Word], sentence: &str, letters: &str, parts: &Parts, education: bool) -> Option<u8> {
    let known = TABLE.abbreviations.get(letters).or_else(|| {
        let singular = letters.strip_suffix("'s").or_else(|| letters.strip_suffix('s'))?;
        TABLE
            .abbreviations
            .get(singular)
            .filter(|known| !known.ambiguous && singular.len() >= 3)
    })?;
    let one = &words[parts.at];
    let written = &sentence[one.bytes.clone()];
    let single = one.low == letters;
    let level = Some(known.level);
    if letters == "bs" && dotted::is_standard(words, parts.next) {
        return None;
    }
    if single && !(parts.dotted && letters.len() < 3) {
        let singular = written
            .trim_end_matches("'s")
            .trim_end_matches("\u{2019}s")
            .trim_end_matches('s');
        let exact = written == known.spelling || singular == known.spelling;
        // `Med`, `meds` and `BED` are words.
        let is_word = matches!(
            letters
                .strip_suffix('s')
                .filter(|singular| singular.len() >= 3)
                .unwrap_or(letters),
            "med"
                | "march"
                | "fda"
                | "aud"
                | "edd"
                | "bed"
                | "mat"
                | "bas"
                | "mas"
                | "bds"
                | "eds"
                | "aas"
                | "aa"
                | "msa"
                | "bls"
                | "ab"
        );
        let upper = !is_word && written.chars().all(|c| c.is_uppercase() || c == '\'' || c == 's');
        let loose = !is_word && !known.ambiguous && letters.len() >= 3;
        let spelled = exact
            || upper
            || loose
                && (one.capital
                    || written == letters
                        && letters.len() >= 3
                        && !matches!(letters, "iti" | "aos" | "msn" | "mph" | "mat"));
        return level.filter(|_| {
            spelled && (!known.ambiguous || context::shows_degree(words, parts.at, parts.next, education))
        });
    }
    if !parts.dotted {
        // `B Sc`, `Ph D`
        let spelled = one.capital && !known.ambiguous && parts.spaced && (letters.len() >= 3);
        return level.filter(|_| spelled);
    }
    if dotted::is_other_name(words, letters, (parts.at, parts.next), education) {
        return None;
    }
    // `M. A. Jones` is a person.
    let initials = known.ambiguous && parts.spaced;
    let shown = !initials || context::shows_degree(words, parts.at, parts.next, education);
    level.filter(|_| one.capital && shown || letters.len() >= 3 && known.spelling.len() >= 3)
}

/// Whether these letters with full stops between them are a degree: `B.A`, `M.Sc`, `Ph.D`.
pub(super) fn is_dotted(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let short = |part: &&str| !part.is_empty() && part.len() <= 4 && part.starts_with(char::is_uppercase);
    let letters = parts.concat();
    parts.len() >= 2 && parts.iter().all(short) && TABLE.abbreviations.contains_key(&letters.to_lowercase())
}

/// Whether a posting accepts experience in place of the degree.
pub(super) fn takes_equivalent(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    [
        "equivalent",
        "or relevant experience",
        "or comparable",
        "or similar experience",
        "or proven experience",
        "in lieu of",
        "may be substituted",
    ]
    .iter()
    .any(|cue| low.contains(cue))
}

/// The name of a level.
pub(super) fn degree_name(level: u8) -> &'static str {
    match level {
        0 => "no degree",
        1 => "a school diploma",
        2 => "a vocational or associate degree",
        3 => "a bachelor's degree",
        4 => "a master's degree",
        _ => "a doctorate",
    }
}

#[cfg(test)]
mod tests;
