//! Redaction: what identifies a person is left out before anything is parsed or encoded, so that it cannot affect the
//! score, and nothing else is.
//!
//! Contacts, labelled lines and the person's name are found first, then addresses beside them, then the name, pronouns,
//! titles and ages in running text. The name is where a line looks most like one: by its form, its place, the words
//! beside it, and the handles that spell it; under no heading is text identity by default. A name that is also a trade,
//! skill, place or month is blanked where it is the person (`name_use`). Titles of jobs, letters after the name,
//! schools, employers and their places stay; so do degrees in front of a name, while `Dr` and `Prof` go with it.
//!
//! The matcher reads [`Redacted::clean`], which is the same for everyone whose text differs only in identity:
//! whatever was blanked, its length, words, lines and commas leave no trace (`blanks`).

mod addresses;
mod blanks;
mod contacts;
mod find_name;
mod fold;
mod ids;
mod labels;
mod layout;
mod name;
mod name_labels;
mod name_use;
mod person;
mod personal;
mod phones;
mod stated;
mod tables;
mod token;

use std::collections::HashSet;
use std::ops::Range;

use self::blanks::Blanks;
use self::find_name::Handles;
use self::fold::fold;
use self::name::{Name, Words};
use super::offset_map::OffsetMap;
use super::span::lines;

/// A text without identifying data.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Redacted {
    /// What is matched.
    pub(super) clean: String,
    /// The blanked spans of the original, in order.
    pub(super) redactions: Vec<Range<usize>>,
    /// Maps offsets in `clean` to the original.
    pub(super) places: OffsetMap,
}

/// Leaves out identifying data of a resume.
pub(super) fn resume(text: &str) -> Redacted {
    let mut blanks = Blanks::default();
    let handles = contacts::contacts(text, &mut blanks);
    phones::phones(text, &mut blanks);
    ids::ids(text, &mut blanks);
    let layout = layout::layout(text);
    let masked = blanks.masked(text);
    let labelled = labels::labelled(&masked, &layout, &mut blanks);
    personal::personal(&blanks.masked(text), &mut blanks);
    let masked = blanks.masked(text);

    let in_use = words_in_use(text);
    let in_use = |word: &str| in_use.contains(word);
    let mut name = Name::default();
    let titled = name_labels::titled(&layout, &in_use);
    let stated = stated::names(&masked, &layout);
    for value in labelled
        .iter()
        .chain(&titled)
        .chain(stated.iter().map(|stated| &stated.name))
    {
        let written = &text[value.clone()];
        let written = written.split(['(', '|', '\t']).next().unwrap_or(written);
        for part in written.split([',', '/', '_']) {
            if let Some(mut words) = Words::new(part).filter(|words| words.0.len() <= 9) {
                words.0.retain(|word| !word.is_form_of_address());
                name.add(&words.0, &in_use);
            }
        }
    }
    if let Some(found) = find_name::find(&masked, &layout, &Handles::new(text, &handles)) {
        name.add(&found.words, &in_use);
        let end = found.bytes.iter().map(|bytes| bytes.end).max().unwrap_or_default();
        if let Some(other) = other_name(text, end) {
            name.add(&other_words(&text[other.clone()]), &in_use);
            blanks.add(other);
        }
        for bytes in found.bytes {
            let end = age_after(text, bytes.end);
            blanks.add(bytes.start..end);
        }
    } else if name.is_empty() && stated.is_empty() {
        name_in_prose(text, &mut name, &in_use);
    }
    for bytes in titled.into_iter().chain(stated.into_iter().map(|stated| stated.bytes)) {
        blanks.add(bytes);
    }
    for line in &layout {
        let referee = || stated::referee(line.text).filter(|_| line.aside);
        if let Some(other) = stated::addressee(line.text).or_else(referee) {
            blanks.add(line.start + other.start..line.start + other.end);
        }
    }
    addresses::in_sentences(&blanks.masked(text), &layout, &mut blanks);
    let masked = blanks.masked(text);
    addresses::addresses(&masked, &layout, &mut blanks);
    person::person(text, &name, &mut blanks);
    blanks.apply(text)
}

/// The posting with contact data blanked, of the same length.
pub(super) fn job(text: &str) -> String {
    let mut blanks = Blanks::default();
    contacts::contacts(text, &mut blanks);
    phones::phones(text, &mut blanks);
    for (start, line) in lines(text) {
        labels::posting_contact(start, line, &mut blanks);
    }
    blanks.spaced(text)
}

/// The folded words that the text has in lower case: they are words, whatever they are as a name.
fn words_in_use(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | ':' | '!' | '?'));
    let words = words.map(|word| word.trim_end_matches('.'));
    let plain = words.filter(|word| word.starts_with(char::is_lowercase) && word.chars().all(char::is_alphabetic));
    plain.map(fold).collect()
}

/// The other name of the person on the line of the name, with the word in front of it.
fn other_name(text: &str, end: usize) -> Option<Range<usize>> {
    let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next()?;
    let other = stated::other_name(line, end - start)?;
    Some(start + other.start..start + other.end)
}

/// The capitalized words of another name, without the words in front of it.
fn other_words(written: &str) -> Vec<name::NameWord<'_>> {
    let words = Words::new(written).map_or_else(Vec::new, |words| words.0);
    let other = |word: &name::NameWord<'_>| {
        !tables::TABLES.other_names.contains(&word.folded)
            && (word.text.starts_with(char::is_uppercase) || word.is_particle())
    };
    words.into_iter().filter(other).collect()
}

/// The end of an age behind a name, with a sex beside it: `Quill Placeholder (34)`, `Quill Placeholder, 34`,
/// `Quill Placeholder - F - 36`, `Quill Placeholder (31, m)`.
fn age_after(text: &str, end: usize) -> usize {
    let (mut at, mut last, mut aged) = (end, end, false);
    for _ in 0..2 {
        let rest = &text[at..];
        let gap = rest.len()
            - rest
                .trim_start_matches([' ', ',', '(', '|', '/', '-', '\u{2013}'])
                .len();
        let length = rest[gap..]
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len() - gap);
        let word = &rest[gap..gap + length];
        let behind = &rest[gap + length..];
        let border = |c: char| matches!(c, ')' | ',' | '|' | '/' | '\n' | '\r');
        let alone = behind.trim_start_matches(' ').chars().next().is_none_or(border)
            || behind.starts_with(" - ")
            || behind.starts_with(" \u{2013} ");
        let age = word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
        let sex = matches!(fold(word).as_str(), "m" | "f" | "w" | "male" | "female");
        if gap == 0 || !alone || !age && !sex {
            break;
        }
        at += gap + length;
        aged |= age;
        last = if aged { at } else { last };
    }
    last
}

/// "Quill Placeholder is a welder with ...", at the beginning of a resume without a head.
fn name_in_prose(text: &str, name: &mut Name, in_use: &impl Fn(&str) -> bool) {
    let Some((_, line)) = lines(text).find(|(_, line)| !line.trim().is_empty()) else {
        return;
    };
    let words: Vec<&str> = line.split_whitespace().take(7).collect();
    let verb = words
        .iter()
        .position(|word| matches!(*word, "is" | "has" | "was" | "brings" | "works" | "offers" | "leads"));
    let Some(length) = verb.filter(|length| (1..=5).contains(length)) else {
        return;
    };
    let written = words[..length].join(" ");
    let starts = [
        "he", "she", "they", "this", "it", "the", "there", "a", "an", "my", "our", "who", "what",
    ];
    if let Some(words) = Words::new(&written).filter(name::is_plain)
        && !starts.contains(&words.0[0].folded.as_str())
    {
        name.add(&words.0, in_use);
    }
}

#[cfg(test)]
mod tests;
