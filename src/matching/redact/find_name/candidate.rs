//! The parts of a line that have the form of a name.

use std::ops::Range;

use super::super::super::date;
use super::super::fold::{fold, in_word, is_mark, is_unspaced};
use super::super::name::{NameWord, Words, ends_like_trade, is_given, is_known_name, is_plain};
use super::super::tables::{TABLES, names_job};
use super::spaced::spaced_letters;

/// A part of a line that may be a name.
pub(super) struct Candidate<'t> {
    pub(super) line: usize,
    pub(super) words: Vec<NameWord<'t>>,
    /// The bytes of the words.
    pub(super) bytes: Vec<Range<usize>>,
    /// A form of address is in front of it.
    pub(super) addressed: bool,
    /// Credentials or pronouns are behind it.
    pub(super) credited: bool,
    /// It was cut out of a longer sequence.
    pub(super) cut: bool,
    /// It is in brackets, behind a number or a slash.
    pub(super) inner: bool,
    /// The code of a region is behind it, as behind a town: `Port Ellery, NJ`.
    pub(super) placed: bool,
}

/// The parts of a line that have the form of a name.
pub(super) fn candidates(line: usize, start: usize, text: &str) -> Vec<Candidate<'_>> {
    let mut found = Vec::new();
    if let Some(words) = spaced_letters(text) {
        let from = words.first().map_or(0, |word| word.at);
        let until = words.last().map_or(0, NameWord::end);
        return vec![Candidate {
            line,
            bytes: std::iter::once(start + from..start + until).collect(),
            words,
            addressed: false,
            credited: false,
            cut: false,
            inner: false,
            placed: false,
        }];
    }
    let segments = segments(text);
    let mut skip = 0;
    // `Chief (Mrs)`, `Captain (Retd)` in front of a name.
    let mut titles: Vec<Range<usize>> = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        if at < skip {
            continue;
        }
        if is_bracketed_title(text, &segments, at) {
            titles.push(start + segment.start..start + segment.end);
            continue;
        }
        if follows_number(text, segment) {
            titles.clear();
            continue;
        }
        let Some(mut own) = candidate(line, start, text, segment.clone()) else {
            continue;
        };
        let border = at.checked_sub(1).and_then(|before| {
            text[segments[before].end..segment.start]
                .chars()
                .rev()
                .find(|c| !c.is_whitespace())
        });
        own.inner = border.is_some_and(|c| {
            !matches!(
                c,
                '|' | '\u{2022}' | '\u{b7}' | '\u{2013}' | '\u{2014}' | ':' | ',' | ';' | '\u{1}'
            )
        });
        if !titles.is_empty() {
            own.inner = false;
            own.addressed = true;
            own.bytes.append(&mut titles);
        }
        let after = |at: usize| -> Option<(char, &str)> {
            let next = segments.get(at + 1)?;
            let border = text[segments[at].end..next.start]
                .chars()
                .find(|c| !c.is_whitespace())?;
            Some((border, &text[next.clone()]))
        };
        match after(at) {
            // `Placeholder, Quill`
            Some((',', _)) => {
                if let Some(given) = candidate(line, start, text, segments[at + 1].clone())
                    && is_reversed(&own, &given)
                {
                    own.words.splice(0..0, given.words);
                    own.bytes.extend(given.bytes);
                    skip = at + 2;
                } else {
                    // `MD` behind a name is a degree unless contact data are in the line.
                    own.placed = after(at).is_some_and(|(_, next)| {
                        let code = next.trim();
                        let degree = TABLES.academic.contains(&fold(code)) || code == "PA";
                        TABLES.region_codes.contains(code) && (!degree || text.contains('\u{1}'))
                    });
                    own.credited |= !own.placed && after(at).is_some_and(|(_, next)| is_credential(next));
                }
            }
            // `Robert (Bob) Smith`
            Some(('(', inner)) => {
                let nickname = candidate(line, start, text, segments[at + 1].clone())
                    .filter(|one| one.words.len() == 1 && is_plain(&Words(one.words.clone())))
                    .filter(|_| !own.words.iter().all(|word| TABLES.academic.contains(&word.folded)))
                    .filter(|one| !own.credited && !TABLES.academic.contains(&one.words[0].folded));
                let pronouns = inner
                    .split_whitespace()
                    .any(|word| TABLES.stated_pronouns.contains(&fold(word)));
                own.credited |= pronouns;
                if let (Some(nickname), Some((')', _)), false) = (nickname, after(at + 1), pronouns)
                    && let Some(rest) = segments
                        .get(at + 2)
                        .and_then(|rest| candidate(line, start, text, rest.clone()))
                {
                    for part in [nickname, rest] {
                        own.words.extend(part.words);
                        own.bytes.extend(part.bytes);
                    }
                    skip = at + 3;
                }
            }
            _ => {}
        }
        found.push(own);
    }
    found
}

/// Whether a part of a line is a title, and it or the next part is in brackets in front of a name: `Chief`, `(Mrs)`.
fn is_bracketed_title(text: &str, segments: &[Range<usize>], at: usize) -> bool {
    let Some(next) = segments.get(at + 1) else {
        return false;
    };
    let segment = &segments[at];
    let between = text[segment.end..next.start].trim();
    let opened = text[..segment.start].trim_end().ends_with('(');
    let title = |word: &str| {
        let word = word.trim_end_matches('.');
        let folded = fold(word);
        TABLES.titles.contains(word) || TABLES.address_forms.contains(&folded) || TABLES.retired.contains(&folded)
    };
    (between == "(" && !opened || between == ")" && opened)
        && text[segment.clone()].split_whitespace().all(title)
        && text[segment.clone()].split_whitespace().next().is_some()
}

/// Whether a part of a line is the name of a street behind its number: `1420 N Lake Shore Dr`.
fn follows_number(text: &str, segment: &Range<usize>) -> bool {
    text[..segment.start].ends_with(|c: char| c.is_ascii_digit())
        && Words::new(&text[segment.clone()])
            .is_some_and(|words| words.0.len() > 1 && words.0.iter().any(is_street_word))
}

fn is_credential(segment: &str) -> bool {
    let mut words = segment.split_whitespace().peekable();
    words.peek().is_some()
        && words.all(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            TABLES.academic.contains(&fold(bare))
                || Words::new(bare).is_some_and(|words| words.0.iter().all(NameWord::is_credential))
                || bare.len() <= 6 && !bare.is_empty() && bare.chars().all(|c| c.is_uppercase() || c == '.' || c == '-')
        })
}

/// Whether two parts around a comma are a family name and given names.
fn is_reversed(family: &Candidate<'_>, given: &Candidate<'_>) -> bool {
    let is_name = |one: &Candidate<'_>| is_plain(&Words(one.words.clone()));
    let short = |word: &NameWord<'_>| {
        word.text.len() <= 5 && word.text.chars().all(|c| c.is_uppercase() || c == '.') && !is_given(&word.folded)
    };
    let all_caps = family.words.len() == 1 && family.words[0].text.chars().all(|c| c.is_uppercase() || c == '-');
    let credentials = given
        .words
        .iter()
        .any(|word| TABLES.academic.contains(&word.folded) && !word.is_short_given() || word.is_letters())
        || given.words.iter().all(short) && !all_caps;
    let place = |one: &Candidate<'_>| {
        let joined = one
            .words
            .iter()
            .map(|word| word.folded.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        TABLES.places.contains(&joined) && !one.words.iter().any(|word| is_given(&word.folded))
            || one.words.iter().any(|word| TABLES.region_codes.contains(word.text))
    };
    family.words.len() <= 4
        && given.words.len() <= 4
        && (is_name(family) || family.words.len() == 1 && is_family_name(&family.words[0], &given.words[0]))
        && is_name(given)
        && !credentials
        && !place(given)
        && !place(family)
        && family.words.len() + given.words.len() <= 6
        && (family.words.len() <= 2 || given.words.iter().any(|word| is_given(&word.folded)))
}

/// Whether a word in front of a comma and a given name is a family name, though it ends like a trade: `Hoffmeister, Jürgen`.
fn is_family_name(family: &NameWord<'_>, given: &NameWord<'_>) -> bool {
    is_known_name(&family.folded) || ends_like_trade(family) && TABLES.given.contains(&given.folded)
}

/// The parts of a line between signs that names do not have.
fn segments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut before = ' ';
    let mut push = |range: Range<usize>| {
        if text[range.clone()].contains(char::is_alphabetic) {
            found.push(range);
        }
    };
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let han_dot = matches!(c, '\u{b7}' | '\u{30fb}') && is_unspaced(before) && next.is_some_and(is_unspaced);
        let hyphen = matches!(c, '-' | '\u{2010}' | '\u{2011}')
            && (before.is_alphabetic() || before == '.')
            && next.is_some_and(char::is_alphabetic);
        let inside = c.is_alphabetic()
            || is_mark(c)
            || matches!(
                c,
                ' ' | '\u{a0}' | '\u{3000}' | '.' | '*' | '_' | '#' | '"' | '\u{201c}' | '\u{201d}'
            )
            || in_word(c) && !c.is_numeric()
            || han_dot
            || hyphen;
        let wide = c == ' ' && before == ' ';
        if inside && !wide {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push(from..at);
        }
        before = c;
    }
    if let Some(from) = start {
        push(from..text.len());
    }
    found
}

/// A name in a segment, without the words around it that are not part of it.
fn candidate<'t>(line: usize, start: usize, text: &'t str, segment: Range<usize>) -> Option<Candidate<'t>> {
    let mut words = Words::new(&text[segment.clone()])?.0;
    let base = start + segment.start;
    // `Jan 2015` is a date.
    let last = words.last()?;
    let month = date::is_date_word(&last.folded);
    if month && text[segment.end..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let label = |word: &NameWord<'_>| {
        matches!(
            word.folded.as_str(),
            "resume"
                | "cv"
                | "curriculum"
                | "vitae"
                | "vita"
                | "lebenslauf"
                | "bewerbung"
                | "portfolio"
                | "name"
                | "candidate"
                | "of"
                | "for"
                | "by"
                | "i"
                | "am"
                | "i'm"
                | "im"
                | "hi"
                | "hello"
                | "dear"
                | "\u{7b80}\u{5386}"
                | "\u{5c65}\u{6b74}\u{66f8}"
                | "\u{c774}\u{b825}\u{c11c}"
        )
    };
    let ends = words.iter().take_while(|word| label(word)).count();
    words.drain(..ends);
    let owned = end_possessive(&mut words);
    while words.last().is_some_and(label) {
        words.pop();
    }
    // `Quill Placeholder née Ashgrove`: the other name is found when this one is.
    if let Some(at) = (1..words.len()).find(|&at| TABLES.other_names.contains(&words[at].folded)) {
        words.truncate(at);
    }
    // `Dear Sir` names no person.
    if words
        .iter()
        .all(|word| TABLES.titles.contains(word.text.trim_end_matches('.')))
    {
        return None;
    }
    let mut bytes = Vec::new();
    let (mut addressed, mut credited, mut cut) = (owned, false, false);
    // `Dr Quill Placeholder`, but the doctorate of `Dr. rer. nat.` stays.
    while let Some(word) = words.first().filter(|_| words.len() > 1) {
        let title = TABLES.titles.contains(word.text.trim_end_matches('.'));
        let address = TABLES.address_forms.contains(&word.folded) && (word.text.len() > 2 || word.text.ends_with('.'));
        if word.is_short_given() {
            break;
        }
        if title || address && (words[1].is_short_given() || !TABLES.academic.contains(&words[1].folded)) {
            bytes.push(base + word.at..base + word.end());
            addressed = true;
        } else if !(TABLES.academic.contains(&word.folded) && !is_known_name(&word.folded) && words.len() > 2
            || address)
        {
            break;
        }
        words.remove(0);
    }
    let mixed = words.first()?.text.contains(char::is_lowercase);
    // `Quill Placeholder RN BSN CCRN`: what follows a credential in capitals is another one, known or not.
    let credentials = (2..words.len()).find(|&at| {
        let known = |word: &NameWord<'_>| {
            let listed = TABLES.academic.contains(&word.folded) && !word.text.contains(char::is_lowercase);
            mixed && word.is_credential() || listed && (mixed || word.folded.len() <= 4)
        };
        let behind = |word: &NameWord<'_>| known(word) || !word.text.contains(char::is_lowercase);
        known(&words[at]) && words[at..].iter().all(behind)
    });
    if let Some(at) = credentials {
        words.truncate(at);
        credited = true;
    }
    while words.len() > 1 {
        let last = &words[words.len() - 1];
        let credential = TABLES.academic.contains(&last.folded)
            && last
                .text
                .chars()
                .all(|c| !c.is_lowercase() || c == 'h' || c == 's' || c == 'c' || c == 'd')
            && words.len() > 2
            && (mixed || last.folded.len() <= 4);
        if TABLES.generational.contains(&last.folded) && last.folded != "senior" && last.folded != "junior" {
            bytes.push(base + last.at..base + last.end());
        } else if credential {
            credited = true;
        } else {
            break;
        }
        words.pop();
    }
    // `Quill Placeholder Calle Mayor 3`
    if text[segment.end..].starts_with(|c: char| c.is_ascii_digit())
        && let Some(street) = words.iter().skip(1).position(is_street)
    {
        words.truncate(street + 1);
    }
    // `Quill Placeholder Site Engineer` and the reverse.
    if words.len() >= 3 && words.iter().any(|word| names_job(&word.folded) && word.tells_work()) {
        let work = |word: &NameWord<'_>| word.tells_work();
        let ahead = words.iter().take_while(|word| !work(word)).count();
        let behind = words.iter().rev().take_while(|word| !work(word)).count();
        if ahead >= 2 && ahead < words.len() {
            words.truncate(ahead);
            cut = true;
        } else if behind >= 2
            && words
                .get(words.len() - behind - 1)
                .is_some_and(|word| names_job(&word.folded))
        {
            words.drain(..words.len() - behind);
            cut = true;
        }
    }
    let (from, until) = (words.first()?, words.last()?);
    bytes.push(base + from.at..base + until.end());
    Some(Candidate {
        line,
        words,
        bytes,
        addressed,
        credited,
        cut,
        inner: false,
        placed: false,
    })
}

/// `Quill Placeholder's new resume`: the possessive ends the name.
fn end_possessive(words: &mut Vec<NameWord<'_>>) -> bool {
    let owner = words
        .iter()
        .position(|word| word.folded.ends_with("'s") && word.folded.len() > 3);
    let Some(owner) = owner.filter(|owner| owner + 1 < words.len()) else {
        return false;
    };
    let titles = words[owner + 1..]
        .iter()
        .all(|word| TABLES.not_names.contains(&word.folded));
    if titles {
        words.truncate(owner + 1);
        let word = &mut words[owner];
        word.folded.truncate(word.folded.len() - "'s".len());
        let apostrophe = word.text.rfind(['\'', '\u{2019}', '\u{2018}']);
        word.text = &word.text[..apostrophe.unwrap_or(word.text.len())];
    }
    titles
}

fn is_street_word(word: &NameWord<'_>) -> bool {
    TABLES.street_words.contains(&word.folded) && !word.is_particle()
}

fn is_street(word: &NameWord<'_>) -> bool {
    let low = word.folded.as_str();
    matches!(word.text, "PO" | "P.O." | "P.O.Box")
        || TABLES.street_words.contains(low) && !is_known_name(low) && !word.is_particle()
        || TABLES
            .street_endings
            .iter()
            .any(|ending| low.len() > ending.len() + 2 && low.ends_with(ending.as_str()))
        || word.text.chars().count() >= 3
            && word.text.ends_with([
                '\u{5e02}', '\u{7701}', '\u{533a}', '\u{8def}', '\u{8857}', '\u{53bf}', '\u{90fd}', '\u{770c}', '시',
                '도', '구', '로', '길', '동',
            ])
}
