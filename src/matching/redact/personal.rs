//! Personal data in items of a line, without a label: `geb. 3.5.1980 in Lanewick, verheiratet, 2 Kinder`, `German citizen`,
//! `married with two children`.
//!
//! An item such as `married` is personal anywhere. One such as `deutsch`, `Catholic` or `male` is personal only beside such
//! an item.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::date;
use super::super::span::lines;
use super::addresses::is_birth_date;
use super::blanks::Blanks;
use super::fold::{fold, in_word};
use super::tables::{TABLES, names_job};

/// Words of an item; longer ones are prose.
const MOST_WORDS: usize = 7;
/// Maximum number of words of a title behind a description.
const TITLE_WORDS: usize = 3;
/// Shorter beginnings of names of nations are whole words.
const WHOLE: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    marital: String,
    beside: String,
    children: String,
    numbers: String,
    childless: String,
    citizen: String,
    nations: String,
    after_national: String,
    also_things: String,
    religion: String,
    devout: String,
    race: String,
    own: String,
    alone: Vec<String>,
    sex: String,
    years: String,
    born: String,
    photo: String,
}

struct Table {
    marital: HashSet<String>,
    beside: HashSet<String>,
    children: HashSet<String>,
    numbers: HashSet<String>,
    childless: HashSet<String>,
    citizen: HashSet<String>,
    nations: Vec<String>,
    after_national: HashSet<String>,
    also_things: HashSet<String>,
    religion: HashSet<String>,
    devout: HashSet<String>,
    race: HashSet<String>,
    own: HashSet<String>,
    alone: HashSet<String>,
    sex: HashSet<String>,
    years: HashSet<String>,
    born: HashSet<String>,
    photo: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("personal.toml")).expect("personal.toml is valid");
    let set = |list: &str| list.split_whitespace().map(fold).collect::<HashSet<String>>();
    Table {
        marital: set(&file.marital),
        beside: set(&file.beside),
        children: set(&file.children),
        numbers: set(&file.numbers),
        childless: set(&file.childless),
        citizen: set(&file.citizen),
        nations: file.nations.split_whitespace().map(fold).collect(),
        after_national: set(&file.after_national),
        also_things: set(&file.also_things),
        religion: set(&file.religion),
        devout: set(&file.devout),
        race: set(&file.race),
        own: set(&file.own),
        alone: file.alone.iter().map(|one| fold(one)).collect(),
        sex: set(&file.sex),
        years: set(&file.years),
        born: set(&file.born),
        photo: set(&file.photo),
    }
});

/// How sure it is that an item is personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Personal,
    /// Personal if it is a line by itself, or beside a personal item.
    Alone,
    /// Personal beside a personal item.
    Perhaps,
    Other,
}

/// Blanks the personal items of all lines.
pub(super) fn personal(text: &str, blanks: &mut Blanks) {
    for (start, line) in lines(text) {
        let found: Vec<(Range<usize>, Item)> = items(line)
            .map(|bytes| (bytes.clone(), item(&line[bytes.clone()], &line[bytes.end..])))
            .collect();
        let alone = found.len() == 1;
        let beside = found.iter().any(|(_, item)| *item == Item::Personal)
            || are_age_and_sex(line, &found)
            || are_birth_and_origin(line, &found);
        for (bytes, item) in found {
            if item == Item::Personal || item == Item::Alone && alone || item != Item::Other && beside {
                blanks.add(start + bytes.start..start + bytes.end);
            }
        }
        prose(start, line, blanks);
    }
}

/// Whether a line has an age and a sex, and nothing else but such items: `Female, 29`, `29 yrs / Male / Single`.
fn are_age_and_sex(line: &str, found: &[(Range<usize>, Item)]) -> bool {
    let written = |bytes: &Range<usize>| fold(&line[bytes.clone()]);
    found.iter().all(|(_, item)| *item != Item::Other)
        && found.iter().any(|(bytes, _)| TABLE.sex.contains(&written(bytes)))
        && found
            .iter()
            .any(|(bytes, _)| written(bytes).split_whitespace().next().is_some_and(is_age))
}

/// Whether a line is a date of birth, and beside it a nation, a sex or a religion: `12.12.1999, British, single`.
fn are_birth_and_origin(line: &str, found: &[(Range<usize>, Item)]) -> bool {
    found.len() > 1
        && found.iter().all(|(_, item)| *item != Item::Other)
        && found.iter().any(|(bytes, _)| is_birth_date(&line[bytes.clone()]))
}

/// Whether a word is the age of one who works.
fn is_age(word: &str) -> bool {
    word.parse::<u8>().is_ok_and(|age| (14..=99).contains(&age))
}

/// The items of a line, without the signs around them.
fn items(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let mut ends: Vec<usize> = Vec::new();
    let bytes = line.as_bytes();
    for (at, c) in line.char_indices() {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let spaced = line[at + c.len_utf8()..].starts_with(' ') && line[..at].ends_with(' ');
        let ends_item = match c {
            '|' | ';' | '\u{2022}' | '\u{b7}' | '\t' | '(' | ')' | '\u{ff0c}' | '\u{3001}' => true,
            ',' if is_in_date(&line[start_of(&ends)..at], &line[at + 1..]) => false,
            ',' | '/' => !(digit(at.checked_sub(1)) && digit(Some(at + 1))),
            '-' | '\u{2013}' | '\u{2014}' => spaced,
            // Not that of `geb.` or of a date.
            '.' => line[at + 1..].trim_start().is_empty() && !digit(at.checked_sub(1)),
            _ => false,
        };
        if ends_item {
            ends.push(at);
        }
    }
    ends.push(line.len());
    ends.into_iter().filter_map(move |end| {
        let item = &line[start..end];
        let lead = item.len() - item.trim_start_matches(|c: char| !in_word(c) && c != '*').len();
        let from = start + lead;
        let until = start + item.trim_end_matches(|c: char| !in_word(c) && c != '.').len();
        start = (end + 1..=line.len())
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(line.len());
        (from < until).then_some(from..until)
    })
}

/// The beginning of the item behind the last sign.
fn start_of(ends: &[usize]) -> usize {
    ends.last().map_or(0, |end| *end)
}

/// Whether a comma is that of `May 3, 1995`.
fn is_in_date(before: &str, behind: &str) -> bool {
    let behind = behind.trim_start();
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let month = before.split(|c: char| !in_word(c)).find(|word| !word.is_empty());
    digits == 4
        && before.ends_with(|c: char| c.is_ascii_digit())
        && month.is_some_and(|word| date::is_date_word(&fold(word)))
}

/// `behind` is the rest of the line.
fn item(written: &str, behind: &str) -> Item {
    let table = &*TABLE;
    let words: Vec<String> = written
        .split(|c: char| c.is_whitespace() || c == ':')
        .map(|word| fold(word.trim_matches(|c: char| !in_word(c) && c != '*')))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() || words.len() > MOST_WORDS {
        return Item::Other;
    }
    let is_number = |word: &String| word.parse::<u8>().is_ok_and(|count| count < 15) || table.numbers.contains(word);
    let child = |word: &String| table.children.contains(word);
    let date_word = |word: &String| date::is_date_word(word) || word.contains(|c: char| c.is_ascii_digit());
    let status = |word: &String| {
        table.marital.contains(word)
            || table.beside.contains(word)
            || table.childless.contains(word)
            || is_number(word)
            || child(word)
            || date_word(word)
    };
    let names_status = |word: &String| table.marital.contains(word) || table.childless.contains(word);
    let children = words.len() <= 3 && words.windows(2).any(|two| is_number(&two[0]) && child(&two[1]));
    // `mum of two`
    let parent = TABLES.relations.contains(&words[0]) && words.len() == 3 && words[1] == "of" && is_number(&words[2]);
    if parent || is_year_of_birth(written, &words) {
        return Item::Personal;
    }
    if table.alone.contains(&words.join(" ")) {
        return Item::Alone;
    }
    if words.iter().all(status) && (words.iter().any(names_status) || children) {
        return if words.iter().any(names_status) {
            Item::Personal
        } else {
            Item::Alone
        };
    }
    let citizens = words.iter().any(|word| table.citizen.contains(word));
    let belongs = |word: &String| table.citizen.contains(word) || is_nation(word) || table.beside.contains(word);
    if citizens && words.iter().any(|word| is_nation(word)) && words.iter().all(belongs) {
        return Item::Personal;
    }
    if is_birth(written, &words) && !behind.trim_start().starts_with(['-', '\u{2013}', '\u{2014}']) {
        return Item::Personal;
    }
    let photo = |word: &String| table.photo.contains(word);
    let labelled = written.contains([':', '\u{a9}']);
    if photo(&words[0]) && (words.len() == 1 || labelled && words.len() <= 4) {
        return Item::Alone;
    }
    let aged = is_age(&words[0])
        && match words.as_slice() {
            [_] => true,
            [_, years] => table.years.contains(years),
            [_, years, old] => table.years.contains(years) && old == "old",
            _ => false,
        };
    let weak = |word: &String| {
        is_nation(word)
            || [&table.religion, &table.sex, &table.race]
                .iter()
                .any(|set| set.contains(word))
    };
    if aged || is_birth_date(written) || words.len() <= 2 && words.iter().all(weak) {
        return Item::Perhaps;
    }
    Item::Other
}

/// Whether a word is a nation or a religion.
pub(super) fn tells_origin(word: &str) -> bool {
    is_nation(word) || TABLE.religion.contains(word)
}

/// `b. 1990`, `born 1990`, `Jahrgang 1990`.
fn is_year_of_birth(written: &str, words: &[String]) -> bool {
    let [first, year] = words else {
        return false;
    };
    let born = year.len() == 4 && year.parse().is_ok_and(|year: u16| (1930..=2012).contains(&year));
    let says = TABLE.born.contains(first) && first.chars().count() > 1;
    born && (says || written.starts_with("b.") || matches!(first.as_str(), "born" | "jahrgang" | "jg"))
}

fn is_nation(word: &str) -> bool {
    let short = |nation: &str| nation.chars().count() < WHOLE && word != nation;
    let mut nations = TABLE.nations.iter();
    nations.any(|nation| word.starts_with(nation.as_str()) && !short(nation))
}

/// `geb. 3. Mai 1980 in Lanewick`, `* 14.03.1985`: an abbreviation of birth before a whole date.
fn is_birth(written: &str, words: &[String]) -> bool {
    let sign = written.starts_with('*') && !written.starts_with("**");
    let first = words[0].trim_start_matches('*');
    let says = sign || TABLE.born.contains(first);
    let date = if sign && !first.is_empty() { words } else { &words[1..] };
    let digits: String = date.join(" ").chars().filter(char::is_ascii_digit).collect();
    let begins = date.first().is_some_and(|word| {
        word.trim_start_matches('*').starts_with(|c: char| c.is_ascii_digit())
            || matches!(word.as_str(), "am" | "le" | "el" | "il" | "op" | "dnia")
    });
    let year = digits
        .get(digits.len().saturating_sub(4)..)
        .and_then(|year| year.parse().ok());
    let born = year.is_some_and(|year: u16| (1930..=2012).contains(&year));
    says && begins && born && (5..=8).contains(&digits.len()) && !written.contains('\u{2013}')
}

/// `I am a German citizen`, `married with two children` in a sentence.
fn prose(start: usize, line: &str, blanks: &mut Blanks) {
    let table = &*TABLE;
    let words: Vec<(Range<usize>, String)> = words(line).collect();
    let low = |at: usize| words.get(at).map_or("", |(_, word)| word.as_str());
    for (at, (bytes, word)) in words.iter().enumerate() {
        // Not in `UK national curriculum`.
        let ends = |next: &(Range<usize>, String)| {
            line[bytes.end..next.0.start].contains([',', '.', ';', ')', '|']) || table.after_national.contains(&next.1)
        };
        let person = !table.also_things.contains(word) || words.get(at + 1).is_none_or(ends);
        if person && table.citizen.contains(word) && at > 0 && is_nation(&words[at - 1].1) {
            let mut first = at - 1;
            while first > 0 && (low(first - 1) == "and" || is_nation(&words[first - 1].1)) {
                first -= 1;
            }
            while low(first) == "and" {
                first += 1;
            }
            blanks.add(start + words[first].0.start..start + bytes.end);
        } else if table.marital.contains(word)
            && table.beside.contains(low(at + 1))
            && table.children.contains(low(at + 3))
        {
            blanks.add(start + bytes.start..start + words[at + 3].0.end);
        } else if let Some(end) = description(line, &words, at) {
            blanks.add(start + bytes.start..start + end);
        }
    }
}

/// The end of a description of the person that begins at a word: `Married British` in front of a title, `with two children`
/// behind a marital status, `practising Catholic`, `gay man`, and `deaf` behind `I am`.
fn description(line: &str, words: &[(Range<usize>, String)], at: usize) -> Option<usize> {
    let table = &*TABLE;
    let low = |at: usize| words.get(at).map_or("", |(_, word)| word.as_str());
    let end = |at: usize| words.get(at).map(|(bytes, _)| bytes.end);
    let word = low(at);
    let capital = |at: usize| {
        words
            .get(at)
            .is_some_and(|(bytes, _)| line[bytes.clone()].starts_with(char::is_uppercase))
    };
    let title = || {
        words
            .iter()
            .skip(at + 2)
            .take(TITLE_WORDS)
            .any(|(_, word)| names_job(word))
    };
    let nation = is_nation(low(at + 1)) && capital(at + 1) && !capital(at + 2) && title();
    if (table.marital.contains(word) || word == "single") && nation {
        return end(at + 1);
    }
    let married = || words[..at].iter().any(|(_, word)| table.marital.contains(word));
    if word == "with" && table.numbers.contains(low(at + 1)) && table.children.contains(low(at + 2)) && married() {
        return end(at + 2);
    }
    if table.devout.contains(word) && table.religion.contains(low(at + 1)) {
        return end(at + 1);
    }
    let before = (at.checked_sub(1).map_or("", low), at.checked_sub(2).map_or("", low));
    let first = matches!(before, ("am", "i") | ("i'm", _) | ("a", "am" | "i'm"));
    let proud = usize::from(word == "proud");
    let person = matches!(low(at + proud + 1), "man" | "woman" | "person");
    if table.own.contains(low(at + proud)) && person && (at == 0 || proud > 0 || first) {
        return end(at + proud + 1);
    }
    (first && table.own.contains(word) && low(at + 1) != "to")
        .then(|| end(at))
        .flatten()
}

fn words(line: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut at = 0;
    line.split_inclusive(|c: char| !in_word(c)).filter_map(move |part| {
        let word = part.trim_end_matches(|c: char| !in_word(c));
        let bytes = at..at + word.len();
        at += part.len();
        (!word.is_empty()).then(|| (bytes, fold(word)))
    })
}

#[cfg(test)]
mod tests;
