//! Names that a sentence, a signature or the name of a file tells: `My name is NAME`, `I, NAME, hereby declare`, `(NAME)`
//! below a declaration, `CV_NAME.pdf`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::english::ENGLISH;
use super::super::occupations;
use super::fold::fold;
use super::layout::Line;
use super::name::{NameWord, Words, is_given, is_plain, spaced_words};
use super::personal;
use super::tables::TABLES;

/// Maximum number of words of a phrase in front of a name.
const PHRASE_WORDS: usize = 4;
/// Maximum number of words of a name.
const NAME_WORDS: usize = 5;
/// Maximum number of words of a name in lower case.
const LOWER_WORDS: usize = 2;
/// Maximum number of words of a line that closes a letter.
const CLOSING_WORDS: usize = 5;
/// Lines between a declaration and its signature.
const SIGNATURE_LINES: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sure: String,
    perhaps: String,
    greetings: String,
    salutations: String,
    declares: String,
    closings: String,
    declaring: String,
    first_person: String,
}

struct Table {
    sure: HashSet<String>,
    perhaps: HashSet<String>,
    greetings: HashSet<String>,
    salutations: HashSet<String>,
    declares: HashSet<String>,
    closings: HashSet<String>,
    declaring: HashSet<String>,
    first_person: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("stated.toml")).expect("stated.toml is valid");
    let words = |list: &str| list.split_whitespace().map(fold).collect();
    let phrases = |list: &str| {
        let phrases = list
            .split('|')
            .map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
        phrases.map(|one| fold(&one)).collect()
    };
    Table {
        sure: phrases(&file.sure),
        perhaps: phrases(&file.perhaps),
        greetings: words(&file.greetings),
        salutations: phrases(&file.salutations),
        declares: words(&file.declares),
        closings: words(&file.closings),
        declaring: words(&file.declaring),
        first_person: words(&file.first_person),
    }
});

/// A word of a line.
struct Word<'t> {
    at: usize,
    /// With its signs.
    text: &'t str,
    folded: String,
}

impl Word<'_> {
    fn is_initial(&self) -> bool {
        self.text.ends_with('.') && self.folded.chars().count() <= 2
    }

    fn is_title(&self) -> bool {
        TABLES.titles.contains(self.text.trim_end_matches('.')) || TABLES.address_forms.contains(&self.folded)
    }

    /// Whether a sign behind it ends the name.
    fn ends(&self) -> bool {
        !(self.is_initial() || self.is_title() && self.text.ends_with('.'))
            && self
                .text
                .ends_with(|c: char| !c.is_alphanumeric() && !super::fold::is_mark(c))
    }

    fn is_capital(&self) -> bool {
        let core = self.text.trim_start_matches(|c: char| !c.is_alphanumeric());
        core.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !super::fold::is_mark(c))
}

fn words(line: &str) -> Vec<Word<'_>> {
    let words = spaced_words(line).map(|(at, text)| Word {
        at,
        text,
        folded: fold(bare(text)),
    });
    words.collect()
}

/// A name of the person that the text states.
pub(super) struct Stated {
    /// What goes.
    pub(super) bytes: Range<usize>,
    /// The name in it.
    pub(super) name: Range<usize>,
}

/// Whether folded words are a greeting or a phrase in front of a name.
pub(super) fn opens_message(words: &str) -> bool {
    let table = &*TABLE;
    table.greetings.contains(words)
        || [&table.salutations, &table.sure, &table.perhaps]
            .iter()
            .any(|set| set.contains(words))
}

/// The names of the person that the text states.
pub(super) fn names(masked: &str, layout: &[Line<'_>]) -> Vec<Stated> {
    let mut found = Vec::new();
    let mut closing: Option<usize> = None;
    for (at, line) in layout.iter().enumerate() {
        let text = &masked[line.start..line.start + line.text.len()];
        let words = words(text);
        let whole = |bytes: Range<usize>| Stated {
            name: bytes.clone(),
            bytes,
        };
        let signed = closing.is_some_and(|last| at <= last + SIGNATURE_LINES);
        let own = in_sentence(text, &words)
            .map(whole)
            .or_else(|| in_file_name(text, &words))
            .or_else(|| signature(text, &words).filter(|_| signed).map(whole));
        let placed = |bytes: Range<usize>| line.start + bytes.start..line.start + bytes.end;
        found.extend(own.map(|own| Stated {
            bytes: placed(own.bytes),
            name: placed(own.name),
        }));
        if is_closing(&words) {
            closing = Some(at);
        }
    }
    found
}

/// The name in `My name is NAME`, `I am NAME`, `I, NAME, hereby declare` and `Hi, NAME here`.
fn in_sentence(text: &str, words: &[Word<'_>]) -> Option<Range<usize>> {
    let table = &*TABLE;
    for at in 0..words.len() {
        let phrase = (1..=PHRASE_WORDS.min(words.len() - at)).rev().find_map(|length| {
            let phrase: Vec<&str> = words[at..at + length].iter().map(|word| word.folded.as_str()).collect();
            let phrase = phrase.join(" ");
            let sure = table.sure.contains(&phrase);
            (sure || table.perhaps.contains(&phrase)).then_some((at + length, sure))
        });
        if let Some((from, sure)) = phrase {
            let end = name_end(words, from);
            let greeted = words[..at].iter().any(|word| table.greetings.contains(&word.folded));
            let name = if sure && end == from {
                lower_end(words, from)
            } else {
                end
            };
            if name > from && (sure && !is_placeholder(&words[from]) || is_person(text, words, from..name, greeted)) {
                return Some(bytes(words, from..name));
            }
        } else if words[at].text.trim_end_matches(',') == "I" {
            let end = name_end(words, at + 1);
            let declares = words.get(end).is_some_and(|next| table.declares.contains(&next.folded));
            let set_off = words[at].text.ends_with(',') && end > at + 1 && words[end - 1].text.ends_with(',');
            if end > at + 1 && (declares || set_off) && is_person(text, words, at + 1..end, declares) {
                return Some(bytes(words, at + 1..end));
            }
        } else if table.greetings.contains(&words[at].folded) {
            let end = name_end(words, at + 1);
            let here = words.get(end).is_some_and(|next| next.folded == "here");
            if here && end > at + 1 && is_person(text, words, at + 1..end, false) {
                return Some(bytes(words, at + 1..end));
            }
        }
    }
    None
}

/// Whether a word is put in place of a name: `My name is [NAME]`.
fn is_placeholder(word: &Word<'_>) -> bool {
    TABLES.not_names.contains(&word.folded)
}

/// The end of the capitalized words from an index.
fn name_end(words: &[Word<'_>], from: usize) -> usize {
    let mut end = from;
    while let Some(word) = words.get(end).filter(|_| end < from + NAME_WORDS) {
        let particle = TABLES.particles.contains(&word.folded)
            && word.folded.len() > 1
            && end > from
            && words.get(end + 1).is_some_and(Word::is_capital);
        let name = word.is_capital() && Words::new(bare(word.text)).is_some() && word.folded != "i";
        if !name && !particle {
            break;
        }
        end += 1;
        if word.ends() {
            break;
        }
    }
    end
}

/// The end of a name in lower case, which begins with a known given name.
fn lower_end(words: &[Word<'_>], from: usize) -> usize {
    let mut end = from;
    while let Some(word) = words.get(end).filter(|_| end < from + LOWER_WORDS) {
        let begins = end > from || is_given(&word.folded);
        if !begins || Words::new(bare(word.text)).is_none() || ENGLISH.function_words.contains(&word.folded) {
            break;
        }
        end += 1;
        if word.ends() {
            break;
        }
    }
    end
}

fn bytes(words: &[Word<'_>], name: Range<usize>) -> Range<usize> {
    let (first, last) = (&words[name.start], &words[name.end - 1]);
    let lead = first.text.len() - first.text.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let end = last
        .text
        .trim_end_matches(|c: char| !c.is_alphanumeric() && !super::fold::is_mark(c));
    first.at + lead..last.at + end.len()
}

/// Whether capitalized words behind `I am` are a person: they begin with a known given name or a title, or are several behind a
/// greeting or in front of a declaration. `I am Python Developer` and `I am German` tell no name.
fn is_person(text: &str, words: &[Word<'_>], name: Range<usize>, expected: bool) -> bool {
    let titled = name.len() > 1 && words[name.start].is_title();
    let first = name.start + usize::from(titled);
    let written = &text[bytes(words, first..name.end)];
    let known = words[first].folded.split('-').any(is_given);
    let next = words.get(name.end);
    let single = name.end - first == 1 && !titled && !expected;
    let closes = words[name.end - 1].ends()
        || next.is_none_or(|next| {
            matches!(
                next.folded.as_str(),
                "and" | "from" | "here" | "an" | "a" | "the" | "y" | "und"
            )
        });
    (known || titled || expected && name.len() > 1)
        && (!single || closes)
        && Words::new(written).is_some_and(|words| is_plain(&words) && !words.0.iter().any(is_other))
        && !occupations::names_occupation(written)
}

/// Whether a word is a skill, a nation, a religion or a degree.
fn is_other(word: &NameWord<'_>) -> bool {
    let low = word.folded.as_str();
    TABLES.skill_names.contains(low)
        || personal::tells_origin(low)
        || TABLES.academic.contains(low) && !word.is_short_given() && !word.is_particle()
}

/// Whether a signature follows: `Kind regards`, `I hereby declare that ...`
fn is_closing(words: &[Word<'_>]) -> bool {
    let said = |set: &HashSet<String>| words.iter().any(|word| set.contains(&word.folded));
    let first = words.iter().any(|word| word.folded == "i");
    words.len() <= CLOSING_WORDS && said(&TABLE.closings)
        || said(&TABLE.first_person)
        || first && said(&TABLE.declaring)
}

/// The name that is the whole of a line, alone or in brackets.
fn signature(text: &str, words: &[Word<'_>]) -> Option<Range<usize>> {
    let trimmed = text.trim();
    let inner = trimmed
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')));
    let written = inner.unwrap_or(trimmed);
    let name = Words::new(written).filter(is_plain)?;
    let known = name.0.iter().any(|word| is_given(&word.folded));
    let unspaced = written.contains(super::fold::is_unspaced);
    let place = TABLES.places.contains(&fold(written));
    let fits = (2..=NAME_WORDS).contains(&words.len()) && (known || inner.is_some() || !is_sentence(&name))
        || words.len() == 1 && (unspaced && written.chars().count() <= 4 || known && inner.is_some());
    let other = name.0.iter().any(is_other) || occupations::names_occupation(written) || place;
    (fits && !other && !is_closing(words)).then(|| bytes(words, 0..words.len()))
}

/// Whether words are not all capitalized.
fn is_sentence(name: &Words<'_>) -> bool {
    name.0
        .iter()
        .any(|word| word.text.starts_with(char::is_lowercase) && !word.is_particle())
}

/// The name in the name of a file: `CV_Quill_Placeholder.docx`.
fn in_file_name(text: &str, words: &[Word<'_>]) -> Option<Stated> {
    words.iter().find_map(|word| {
        let lead = word.text.len() - word.text.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
        let stem = word.text[lead..].trim_end_matches(|c: char| !c.is_alphanumeric());
        let low = stem.to_ascii_lowercase();
        let ends = [".pdf", ".docx", ".doc", ".odt", ".rtf", ".txt"];
        let file = ends.iter().find_map(|end| low.strip_suffix(end).map(str::len));
        if file.is_none() && !stem.contains('_') {
            return None;
        }
        let title = |part: &str| TABLES.not_names.contains(&fold(part)) || part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = stem[..file.unwrap_or(stem.len())].split(['_', '-', '.']).collect();
        let documents = ["cv", "resume", "lebenslauf", "curriculum"];
        let document = parts.iter().any(|part| documents.contains(&fold(part).as_str()));
        let names: Vec<&str> = parts
            .into_iter()
            .filter(|part| !part.is_empty() && !title(part))
            .collect();
        let written: Vec<String> = names.iter().map(|name| capitalized(name)).collect();
        let written = written.join(" ");
        let name = Words::new(&written).filter(is_plain)?;
        let known = name.0.iter().any(|word| is_given(&word.folded));
        let alone = word.text.len() == text.trim().len();
        let fits = (2..=4).contains(&name.0.len()) && !name.0.iter().any(is_other) && (known || alone);
        let (first, last) = (stem.find(names.first()?)?, stem.rfind(names.last()?)?);
        let start = word.at + lead;
        (document && fits && !occupations::names_occupation(&written)).then(|| Stated {
            bytes: start..start + stem.len(),
            name: start + first..start + last + names.last().map_or(0, |name| name.len()),
        })
    })
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .collect()
}

/// The name of the person to whom a letter is written: `Dear Ms. Thompson`, but not `Dear Hiring Manager`.
pub(super) fn addressee(line: &str) -> Option<Range<usize>> {
    let words = words(line);
    let from = salutation(&words)?;
    let end = name_end(&words, from);
    (end > from && is_person(line, &words, from..end, false)).then(|| bytes(&words, from..end))
}

/// The name of a referee, with something behind it: `Peter Lewis, Director, Tesco`.
pub(super) fn referee(line: &str) -> Option<Range<usize>> {
    let end = line
        .find([',', '(', '|', ';', '\u{2013}', '\t'])
        .or_else(|| line.find(" - "))?;
    let words = words(&line[..end]);
    let name = name_end(&words, 0);
    let whole = name == words.len() && (2..=NAME_WORDS).contains(&name);
    (whole && is_person(line, &words, 0..name, false)).then(|| bytes(&words, 0..name))
}

/// Whether a line opens a letter: it names another person, or none.
pub(super) fn is_salutation(line: &str) -> bool {
    salutation(&words(line)).is_some()
}

/// The index of the word behind a salutation.
fn salutation(words: &[Word<'_>]) -> Option<usize> {
    (1..=2.min(words.len())).rev().find(|&length| {
        let phrase: Vec<&str> = words[..length].iter().map(|word| word.folded.as_str()).collect();
        TABLE.salutations.contains(&phrase.join(" ")) && words[0].is_capital() && !words[length - 1].ends()
    })
}

/// The other name behind the person's name, with the word in front of it: `née Patel`, `aka Ronnie`, `(formerly Jones)`.
pub(super) fn other_name(line: &str, from: usize) -> Option<Range<usize>> {
    let words: Vec<Word<'_>> = words(line).into_iter().filter(|word| word.at >= from).collect();
    (0..words.len()).find_map(|at| {
        let low = |at: usize| words.get(at).map_or("", |word| word.folded.as_str());
        let (length, sure) = match (low(at), low(at + 1), low(at + 2)) {
            ("formerly" | "previously" | "also", "known", "as") => (3, true),
            ("known", "as", _) => (2, true),
            ("formerly" | "previously", _, _) if words[at].text.starts_with('(') => (1, false),
            (word, _, _) if TABLES.other_names.contains(word) => (1, true),
            _ => return None,
        };
        let first = at + length;
        let end = name_end(&words, first);
        let name = Words::new(line.get(bytes_of(&words, first..end)?)?)?;
        let fits = sure || name.0.iter().all(|word| super::name::is_known_name(&word.folded));
        (fits && is_plain(&name)).then(|| bytes(&words, at..end))
    })
}

fn bytes_of(words: &[Word<'_>], name: Range<usize>) -> Option<Range<usize>> {
    (!name.is_empty()).then(|| bytes(words, name))
}

#[cfg(test)]
mod tests;
