//! Labels of both parts of a name, as Europass and its templates have them (`Surname(s) / First name(s)`), and titles that
//! name the person (`Curriculum vitae of NAME`).

use std::ops::Range;

use super::super::occupations;
use super::fold::{fold, is_unspaced};
use super::layout::{Line, Zone};
use super::name::{NameWord, Words, is_given, is_plain, spaced_words};
use super::tables::TABLES;

/// Maximum number of words of a label.
const MOST_WORDS: usize = 8;
/// Maximum number of words of a part of a name's label: `nom de famille`.
const PART_WORDS: usize = 3;
/// Maximum number of words of a name in a title.
const NAME_WORDS: usize = 6;
/// Maximum number of signs of a name in a script without spaces.
const UNSPACED: usize = 5;
/// A title with a name in bytes.
const LONGEST_TITLE: usize = 120;

/// Words between the parts.
const JOINTS: [&str; 17] = [
    "and", "or", "und", "et", "y", "e", "i", "a", "en", "og", "och", "ja", "si", "es", "ve", "и", "και",
];
/// First halves of parts whose second half is in a later part: `First / Last name`, `Vor- und Nachname`.
const HALVES: [&str; 10] = [
    "first", "last", "given", "family", "middle", "vor", "nach", "for", "voor", "achter",
];
/// Words between a title and the name.
const OF: [&str; 12] = [
    "of", "von", "de", "di", "da", "do", "du", "van", "af", "av", "for", "fur",
];
/// Last words of titles.
const TITLES: [&str; 13] = [
    "vitae",
    "vita",
    "cv",
    "c.v",
    "resume",
    "lebenslauf",
    "vida",
    "curriculum",
    "curriculo",
    "zyciorys",
    "ozgecmis",
    "biodata",
    "meritforteckning",
];
/// Words in front of the last.
const BEFORE_TITLES: [&str; 6] = ["curriculum", "hoja", "de", "professional", "the", "europass"];
/// Words of the number of a page.
const PAGES: [&str; 16] = [
    "page", "pages", "seite", "pagina", "p", "s", "pag", "strona", "sida", "side", "sivu", "of", "von", "de", "di",
    "van",
];

/// The number of parts of a name in a folded label that consists of nothing else: two in `surname(s) / first name(s)`, none
/// in `name of company` and `skills / tools`.
pub(super) fn parts(label: &str) -> usize {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '/' | ',' | '&' | '+' | '\\');
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let starts = |word: &str| HALVES.contains(&word) || TABLES.name_part_starts.contains(word);
    let plain = without_brackets(label);
    let mut written = plain.split(is_joint).map(bare).filter(|word| !word.is_empty());
    let Some(first) = written.next().filter(|first| starts(first)) else {
        return 0;
    };
    let words: Vec<String> = std::iter::once(first).chain(written).take(MOST_WORDS + 1).collect();
    if words.len() > MOST_WORDS {
        return 0;
    }
    let (mut at, mut count, mut certain, mut complete) = (0, 0, false, false);
    while at < words.len() {
        let part = (1..=PART_WORDS.min(words.len() - at)).rev().find_map(|length| {
            let phrase = words[at..at + length].join(" ");
            let sure = TABLES.name_parts.contains(&phrase);
            (sure || TABLES.name_part_words.contains(&phrase)).then_some((length, sure))
        });
        complete = part.is_some();
        if let Some((length, sure)) = part {
            count += 1;
            certain |= sure;
            at += length;
            continue;
        }
        let word = words[at].as_str();
        if HALVES.contains(&word) {
            count += 1;
        } else if count == 0 || !JOINTS.contains(&word) {
            return 0;
        }
        at += 1;
    }
    if certain && complete { count } else { 0 }
}

/// A label without what is in brackets: `Nazwisko (-a) / Imię (imiona)`. The last bracket may be open.
fn without_brackets(label: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// Whether a value behind a label without a sign has the form of a name. Its words may be those of work. In the body, one is
/// a known given name.
pub(super) fn is_value(written: &str, zone: Zone) -> bool {
    let pieces = written.split([',', '/']).filter(|piece| !piece.trim().is_empty());
    let pieces: Option<Vec<Words<'_>>> = pieces.map(Words::new).collect();
    let words: Vec<NameWord<'_>> = pieces.into_iter().flatten().flat_map(|words| words.0).collect();
    (1..=NAME_WORDS).contains(&words.len())
        && words.iter().all(is_capital)
        && (zone != Zone::Body || words.iter().any(|word| is_given(&word.folded)))
}

fn is_capital(word: &NameWord<'_>) -> bool {
    (!word.text.starts_with(char::is_lowercase) || word.is_particle()) && !TABLES.not_names.contains(&word.folded)
}

/// The names in titles and footers: `Curriculum vitae of NAME`, `Seite 1 - Lebenslauf von` with the name below.
pub(super) fn titled(layout: &[Line<'_>], in_use: &impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, line) in layout.iter().enumerate() {
        let Some((value, certain)) = behind_title(line.text) else {
            continue;
        };
        let below = line.text[value..].trim().is_empty();
        let (start, written) = match layout.get(at + 1) {
            Some(next) if below && next.start <= line.start + line.text.len() + 2 => (next.start, next.text),
            _ => (line.start + value, &line.text[value..]),
        };
        let end = name_end(written);
        if is_name(&written[..end], certain, in_use) {
            found.push(start..start + end);
        }
    }
    found
}

/// The offset behind `Curriculum vitae of`, and whether it is followed by a person only.
fn behind_title(line: &str) -> Option<(usize, bool)> {
    if line.len() > LONGEST_TITLE {
        return None;
    }
    let mut title: Option<String> = None;
    for (at, word) in spaced_words(line) {
        let folded = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        if let Some(title) = &title {
            let certain = !matches!(title.as_str(), "curriculum" | "curriculo" | "vida" | "vita") && folded != "for";
            // `CV d'Anna`
            if folded.starts_with("d'") {
                let apostrophe = word.find(['\'', '\u{2019}'])?;
                let end = at + apostrophe + word[apostrophe..].chars().next().map_or(1, char::len_utf8);
                return Some((end, certain));
            }
            if OF.contains(&folded.as_str()) {
                return Some((at + word.len(), certain));
            }
        }
        let numbers = folded.chars().all(|c| !c.is_alphabetic());
        let page = PAGES.contains(&folded.as_str()) || BEFORE_TITLES.contains(&folded.as_str());
        title = Some(folded).filter(|folded| TITLES.contains(&folded.as_str()));
        if title.is_none() && !numbers && !page {
            return None;
        }
    }
    None
}

/// The end of the name in front of the number of the page: `Anna Placeholder  Seite 2/3`.
fn name_end(written: &str) -> usize {
    let mut end = 0;
    let mut words = spaced_words(written).peekable();
    while let Some((at, word)) = words.next() {
        let numbered = words
            .peek()
            .is_some_and(|(_, next)| next.starts_with(|c: char| c.is_ascii_digit()));
        let folded = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        let page = numbered && PAGES.contains(&folded.as_str());
        let wide = end > 0 && (written[end..at].contains('\t') || at > end + 1);
        if page || wide || !word.starts_with(char::is_alphabetic) {
            break;
        }
        end = at + word.trim_end_matches([',', ';', '|', ')', ':']).len();
    }
    end
}

fn is_name(written: &str, certain: bool, in_use: &impl Fn(&str) -> bool) -> bool {
    let Some(words) = Words::new(written).filter(|words| words.0.len() <= NAME_WORDS && is_plain(words)) else {
        return false;
    };
    let is_word =
        |word: &NameWord<'_>| !word.is_particle() && (in_use(&word.folded) || occupations::names_occupation(word.text));
    let unspaced = words.0.len() == 1 && written.contains(is_unspaced) && written.chars().count() <= UNSPACED;
    words.0.iter().any(|word| is_given(&word.folded))
        || certain && unspaced
        || certain && words.0.len() > 1 && words.0.iter().all(is_capital) && !words.0.iter().any(is_word)
}

#[cfg(test)]
mod tests;
