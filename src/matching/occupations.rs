//! Names of occupations: whether a text names one.
//!
//! Words are compared without case and accents. The tables are data, `occupations.toml`, made from ESCO and O*NET.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::fold::fold;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: String,
    last: String,
    behind: String,
    abbreviations: String,
    licences: String,
    other_languages: Vec<String>,
    ends: String,
    other_names: HashMap<String, String>,
}

#[derive(Debug)]
struct Occupations {
    words: HashSet<String>,
    last: HashSet<String>,
    behind: HashSet<String>,
    abbreviations: HashSet<String>,
    licences: HashSet<String>,
    ends: Vec<String>,
    other_names: HashMap<String, String>,
    /// The words of scripts without spaces, which are found at the end of others.
    unspaced: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static OCCUPATIONS: LazyLock<Occupations> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("occupations.toml")).expect("occupations.toml is valid");
    let set = |words: &str| words.split_whitespace().map(str::to_owned).collect::<HashSet<_>>();
    let mut words = set(&file.words);
    for line in &file.other_languages {
        words.extend(set(&fold(line)));
    }
    let unspaced =
        |word: &&String| word.starts_with(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'));
    Occupations {
        unspaced: words.iter().filter(unspaced).cloned().collect(),
        words,
        last: set(&file.last),
        behind: set(&file.behind),
        abbreviations: set(&file.abbreviations),
        licences: set(&file.licences),
        ends: file.ends.split_whitespace().map(str::to_owned).collect(),
        other_names: file.other_names,
    }
});

/// How clearly a text is the name of an occupation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// It has the name of an occupation in it.
    Contains,
    /// It ends with one, or one is before `of`, `for` or `in`.
    Is,
}

/// Whether a text names an occupation.
pub(super) fn names_occupation(text: &str) -> bool {
    naming(text).is_some()
}

/// Whether a text consists of letters such as `RN` or `RN BSN` that are an occupation, but also licences after a name.
pub(super) fn is_licence(text: &str) -> bool {
    let table = &*OCCUPATIONS;
    let letters = |word: &str| {
        let short = word.len() <= 4 && word.bytes().all(|b| b.is_ascii_uppercase());
        table.licences.contains(word) || short && !table.words.contains(&fold(word))
    };
    text.split(' ').all(letters) && text.split(' ').any(|word| table.licences.contains(word))
}

/// The names by which more people know the occupations of a title: `electrician` for `inside wireman`.
pub(super) fn better_known(title: &str) -> impl Iterator<Item = &'static str> {
    let words = title.split(|c: char| !c.is_alphanumeric());
    words.filter_map(|word| OCCUPATIONS.other_names.get(&fold(word)).map(String::as_str))
}

/// Whether a text names an occupation, and how clearly. Texts of more than a line are not titles.
pub(super) fn naming(text: &str) -> Option<Naming> {
    let table = &*OCCUPATIONS;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-');
    let written: Vec<&str> = (text.split(|c| !is_word(c)))
        .map(|word| word.trim_end_matches("'s").trim_matches(['-', '\'']))
        .filter(|word| !word.is_empty())
        .take(40)
        .collect();
    let is_name = |at: usize| {
        let word = written[at];
        let folded = fold(word);
        let last = folded.rsplit([' ', '-']).next().unwrap_or(&folded);
        // The first part of compounds of other languages names an occupation, too.
        let first = folded.split(' ').next().filter(|_| !folded.is_ascii());
        table.abbreviations.contains(word)
            || first.is_some_and(|first| table.words.contains(first))
            || [&folded, last, singular(last), masculine(last)]
                .iter()
                .any(|word| table.words.contains(*word))
            || last.len() > 7
                && table
                    .ends
                    .iter()
                    .any(|end| last.len() > end.len() + 2 && last.ends_with(end.as_str()))
            || !last.is_ascii() && table.unspaced.iter().any(|name| last.ends_with(name.as_str()))
    };
    let end = written.iter().rposition(|word| !is_level(word)).map_or(0, |at| at + 1);
    // The noun of `Head of People` is before the preposition.
    let noun = (1..end).find(|&at| is_preposition(written[at])).unwrap_or(end);
    let noun = noun.checked_sub(1)?;
    let folded = fold(written[noun]);
    let word = folded.rsplit([' ', '-']).next().unwrap_or(&folded);
    let word = singular(word);
    let weak = table.last.contains(word) || table.behind.contains(word) && (noun > 0 || noun + 1 < end);
    if is_name(noun) || weak {
        return Some(Naming::Is);
    }
    (0..written.len()).any(is_name).then_some(Naming::Contains)
}

/// What follows the noun: the level, as in `Engineer II`.
fn is_level(word: &str) -> bool {
    matches!(
        word,
        "I" | "II"
            | "III"
            | "IV"
            | "V"
            | "Sr"
            | "Jr"
            | "SR"
            | "JR"
            | "Senior"
            | "Junior"
            | "level"
            | "Level"
            | "m"
            | "w"
            | "d"
            | "f"
    ) || word.bytes().all(|b| b.is_ascii_digit())
}

fn is_preposition(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "of" | "for"
            | "in"
            | "to"
            | "at"
            | "on"
            | "with"
            | "de"
            | "des"
            | "del"
            | "di"
            | "du"
            | "da"
            | "do"
            | "van"
            | "für"
            | "im"
            | "en"
            | "und"
            | "and"
    )
}

/// The masculine of German nouns such as `Lehrerin`.
fn masculine(word: &str) -> &str {
    word.strip_suffix("in").filter(|stem| stem.len() > 4).unwrap_or(word)
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_all_trades_name_an_occupation() {
        for title in [
            "HR Generalist",
            "Realtor",
            "Copywriter",
            "Line Cook",
            "RN",
            "Sous Chef",
            "Machine Learning Engineer II",
            "Head of People",
            "Co-Founder",
            "Nurse",
            "Welders",
            "Krankenschwester",
            "Pflegefachfrau",
            "Hotelfachmann",
            "Tischlerin",
            "محاسبة",
            "محاسبة أولى",
            "מהנדסת תוכנה",
            "Sairaanhoitaja",
            "Λογίστρια",
            "Инженер-конструктор",
            "Softwareentwickler",
            "Ingénieur",
            "Infirmière",
            "Enfermera",
            "Inżynier",
            "инженер",
            "软件工程师",
            "ソフトウェアエンジニア",
            "Chief Happiness Officer",
            "Dog Walker",
            "Team Lead",
            "Webmaster",
            "Saleswoman",
        ] {
            assert!(names_occupation(title), "{title}");
        }
    }

    #[test]
    fn other_words_name_none() {
        for text in [
            "Quill Placeholder",
            "Hollow Oak Ltd",
            "Lanewick",
            "Head",
            "Java",
            "Customer Service",
            "Computer",
            "Lead",
            "Masters",
            "MA",
            "Built bridges",
        ] {
            assert!(!names_occupation(text), "{text}");
        }
    }
}
