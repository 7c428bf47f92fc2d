//! The person in running text: names, pronouns, titles, ages, and family.

use std::cell::LazyCell;
use std::ops::Range;

use super::super::date;
use super::super::span::lines;
use super::blanks::Blanks;
use super::fold::{fold, in_word};
use super::name::Name;
use super::name_use::is_person;
use super::tables::{TABLES, names_job};
use super::token::Token;

/// Blanks the person in all lines.
pub(super) fn person(text: &str, name: &Name, blanks: &mut Blanks) {
    for (start, line) in lines(text) {
        let tokens = tokens(start, line);
        if !name.is_empty() {
            names(text, start, line, &tokens, name, blanks);
        }
        words(text, &tokens, blanks);
    }
    for written in &name.unspaced {
        for (at, _) in text.match_indices(written.as_str()) {
            let mut end = at + written.len();
            for possessive in ["'s", "\u{2019}s"] {
                end += if text[end..].starts_with(possessive) {
                    possessive.len()
                } else {
                    0
                };
            }
            for title in &TABLES.titles_after {
                if text[end..].starts_with(title.as_str()) {
                    end += title.len();
                }
            }
            blanks.add(at..end);
        }
    }
}

fn tokens(start: usize, line: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut push = |from: usize, until: usize| {
        let word = &line[from..until];
        let lead = word.len() - word.trim_start_matches(['\'', '\u{2018}', '\u{2019}', '`']).len();
        let text = word[lead..].trim_end_matches(['\'', '\u{2018}', '\u{2019}', '`']);
        if !text.is_empty() {
            let from = from + lead;
            found.push(Token {
                bytes: start + from..start + from + text.len(),
                text,
                folded: fold(text),
            });
        }
    };
    for (at, c) in line.char_indices() {
        match (in_word(c), open) {
            (true, None) => open = Some(at),
            (false, Some(from)) => {
                push(from, at);
                open = None;
            }
            _ => {}
        }
    }
    if let Some(from) = open {
        push(from, line.len());
    }
    found
}

/// How a token belongs to the name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    None,
    /// Part of the name if it is beside one: an initial or particle.
    Beside,
    Part(usize),
}

fn names(text: &str, start: usize, line: &str, tokens: &[Token<'_>], name: &Name, blanks: &mut Blanks) {
    handles(start, line, name, blanks);
    let role = |token: &Token<'_>| {
        if let Some(part) = name.part(&token.folded) {
            let sure = name.lower && name.parts[part].kind == super::name::Kind::Plain;
            return if token.capital() || sure {
                Role::Part(part)
            } else {
                Role::None
            };
        }
        let initial = token.text.chars().count() == 1
            && token.capital()
            && token.folded.chars().all(|c| name.initials.contains(&c));
        if initial || name.particles.contains(&token.folded) {
            Role::Beside
        } else {
            Role::None
        }
    };
    let roles: Vec<Role> = tokens.iter().map(role).collect();
    let mut at = 0;
    while at < tokens.len() {
        if roles[at] == Role::None {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < tokens.len()
            && roles[end] != Role::None
            && adjoins(&text[tokens[end - 1].bytes.end..tokens[end].bytes.start])
        {
            end += 1;
        }
        group(text, tokens, &roles, at..end, name, blanks);
        at = end;
    }
}

fn adjoins(gap: &str) -> bool {
    matches!(
        gap,
        " " | "-" | ". " | "." | "\u{a0}" | "\u{2010}" | "\u{2011}" | "  " | ", " | " \"" | "\" " | " (" | ") " | ""
    )
}

/// Blanks the names of a sequence of parts, initials and particles.
fn group(text: &str, tokens: &[Token<'_>], roles: &[Role], group: Range<usize>, name: &Name, blanks: &mut Blanks) {
    let part = |at: usize| match roles[at] {
        Role::Part(part) => Some(part),
        _ => None,
    };
    let parts: Vec<(usize, usize)> = group.clone().filter_map(|at| Some((at, part(at)?))).collect();
    let sure = |part: usize| name.parts[part].kind == super::name::Kind::Plain;
    let comma = |a: usize, b: usize| text[tokens[a].bytes.end..tokens[b].bytes.start].contains(',');
    let mut person = vec![false; group.len()];
    for (n, &(at, own)) in parts.iter().enumerate() {
        let beside = |other: Option<&(usize, usize)>| {
            other.is_some_and(|&(other, part)| {
                let (a, b) = (at.min(other), at.max(other));
                let joined = (a..b).all(|at| !comma(at, at + 1)) || sure(part);
                part != own && joined
            })
        };
        let together = beside(n.checked_sub(1).and_then(|n| parts.get(n))) || beside(parts.get(n + 1));
        let initialled = (at > group.start
            && roles[at - 1] == Role::Beside
            && tokens[at - 1].text.len() == 1
            && !comma(at - 1, at)
            && at >= 2)
            || at + 1 < group.end
                && roles[at + 1] == Role::Beside
                && tokens[at + 1].text.len() == 1
                && text[tokens[at + 1].bytes.end..].starts_with('.');
        person[at - group.start] =
            sure(own) || together || initialled || is_person(text, tokens, at, name.parts[own].kind);
    }
    // Particles and initials go with the names beside them.
    let count = group.len();
    for at in (0..count).rev() {
        let own = group.start + at;
        if roles[own] == Role::Beside && at + 1 < count && person[at + 1] && !comma(own, own + 1) {
            person[at] = true;
        }
    }
    for at in 1..count {
        let own = group.start + at;
        let initial = tokens[own].text.chars().count() == 1;
        if roles[own] == Role::Beside && initial && person[at - 1] {
            person[at] = true;
        }
    }
    let mut at = 0;
    while at < count {
        if !person[at] {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < count && person[end] {
            end += 1;
        }
        let (first, last) = (group.start + at, group.start + end - 1);
        let mut from = tokens[first].bytes.start;
        if let Some(before) = first.checked_sub(1).map(|before| &tokens[before])
            && matches!(&text[before.bytes.end..from], " " | ". " | "\u{a0}")
            && TABLES.address_forms.contains(&before.folded)
            && before.capital()
            // `Dipl.-Ing.` is a degree.
            && !text[..before.bytes.start].ends_with('-')
        {
            from = before.bytes.start;
        }
        let mut until = tokens[last].bytes.end;
        if tokens[last].text.chars().count() == 1 && text[until..].starts_with('.') {
            until += 1;
        }
        if let Some(next) = tokens.get(last + 1)
            && TABLES.generational.contains(&next.folded)
            && next.folded.len() <= 3
            && matches!(&text[until..next.bytes.start], " " | ", ")
            && next.capital()
        {
            until = next.bytes.end;
        }
        blanks.add(from..until);
        at = end;
    }
}

/// Blanks handles, domains and names of files that spell the name.
fn handles(start: usize, line: &str, name: &Name, blanks: &mut Blanks) {
    let mut at = 0;
    for token in
        line.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | ',' | ';' | '|'))
    {
        let from = start + at;
        at += token.len();
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '/');
        let lead = token.find(bare).unwrap_or(0);
        let joint = bare.contains(['@', '_', '/'])
            || bare.contains('.') && bare.len() > 4
            || bare.contains(|c: char| c.is_ascii_digit()) && bare.len() > 4;
        let camel = bare.chars().skip(1).any(char::is_uppercase)
            && bare.contains(char::is_lowercase)
            && !bare.contains(['-', '\'', '\u{2019}']);
        if bare.len() > 200 {
            continue;
        }
        let folded = fold(bare);
        if !joint && !camel {
            let letters = bare.chars().all(|c| c.is_lowercase() || c == '-');
            // A line of its own, or `quillp (GitHub)`.
            let alone = || at == token.len() && (line.trim() == bare || line[at..].starts_with('('));
            if letters && bare.len() >= 6 && (name.spells(&folded) || alone() && name.abbreviates(&folded)) {
                blanks.add(from + lead..from + lead + bare.len());
            }
            continue;
        }
        // `Placeholder.` ends a sentence, `Quill/Placeholder` are two words.
        let possessive = folded.split(['.', '/']).all(|piece| name.part(piece).is_some());
        let file = bare.contains(['@', '_'])
            || bare.rsplit('.').next().is_some_and(|end| {
                end.len() < bare.len() && end.len() >= 2 && end.chars().all(|c| c.is_alphanumeric())
            })
            || bare.contains('/') && bare.contains('.')
            || bare.starts_with('@')
            || bare.contains('/')
            || camel
            || bare.contains(|c: char| c.is_ascii_digit());
        if file && !possessive && name.is_in_handle(&folded) {
            blanks.add(from + lead..from + lead + bare.len());
        }
    }
}

/// Pronouns, titles, ages and family.
fn words(text: &str, tokens: &[Token<'_>], blanks: &mut Blanks) {
    let languages = LazyCell::new(|| language_words(tokens));
    let lower_line = tokens
        .iter()
        .any(|token| token.text.len() > 3 && token.text.contains(char::is_lowercase));
    let folded = |at: usize| tokens.get(at).map_or("", |token| token.folded.as_str());
    let gap = |at: usize| {
        tokens
            .get(at + 1)
            .map_or("", |next| &text[tokens[at].bytes.end..next.bytes.start])
    };
    for (at, token) in tokens.iter().enumerate() {
        let end = token.bytes.end;
        let own = token.folded.as_str();
        if TABLES.pronouns.contains(own) {
            // HIS and HER are also systems and genes.
            if !(is_foreign_word(tokens, at, &languages) || token.upper() && lower_line) {
                blanks.add(token.bytes.clone());
            }
        } else if TABLES.titles.contains(token.text) {
            let dot = usize::from(text[end..].starts_with('.'));
            let named = text[end + dot..].starts_with([' ', '\u{a0}'])
                && (tokens.get(at + 1)).is_some_and(|next| next.capital() || TABLES.particles.contains(&next.folded));
            let place = token.text == "Dame" && at > 0 && folded(at - 1) == "notre";
            if (named || dot == 1) && !place {
                blanks.add(token.bytes.start..end + dot);
            }
        } else if (matches!(own, "im" | "i'm") || own == "am" && at > 0 && folded(at - 1) == "i")
            && gap(at) == " "
            && is_age(folded(at + 1))
            && (matches!(folded(at + 2), "but" | "and") || gap(at + 1).starts_with([',', '.', '\n']))
            && !folded(at + 2).starts_with(|c: char| c.is_ascii_digit())
        {
            blanks.add(tokens[at + 1].bytes.clone());
        } else if matches!(own, "aged" | "age")
            && gap(at).len() <= 2
            && is_age(folded(at + 1))
            && !matches!(folded(at + 2), "to" | "and" | "or" | "months")
            && !(folded(at + 2) == "years" && matches!(folded(at + 3), "and" | "or"))
            && !gap(at + 1).contains(['-', '\u{2013}', '+'])
        {
            blanks.add(token.bytes.start..tokens[at + 1].bytes.end);
        } else if is_age(own)
            && !(at > 0
                && tokens[at - 1].folded.bytes().all(|b| b.is_ascii_digit())
                && gap(at - 1).contains(['-', '\u{2013}']))
            && !text[..token.bytes.start].ends_with(['-', '\u{2013}', '.', ',', '/'])
        {
            if let Some(last) = age_end(text, tokens, at) {
                blanks.add(token.bytes.start..last);
            }
        } else if TABLES.born.contains(own) || own == "born" {
            born(text, tokens, at, blanks);
        } else if TABLES.marital.contains(own) {
            let alone = tokens.len() <= 6
                || text[end..]
                    .chars()
                    .next()
                    .is_none_or(|c| matches!(c, '.' | ',' | ';' | '|' | ')' | '\n' | '\r'));
            if alone
                || matches!(
                    folded(at + 1),
                    "with" | "to" | "since" | "for" | "woman" | "man" | "father" | "mother"
                )
            {
                blanks.add(token.bytes.clone());
            }
        } else if TABLES.gendered.contains(own)
            && gap(at) == " "
            && names_job(folded(at + 1))
            && !matches!(folded(at + 1), "woman" | "man" | "person")
            && tokens.get(at + 1).is_some()
        {
            blanks.add(token.bytes.clone());
        } else if TABLES.relations.contains(own) {
            let counted = |word: &str| {
                date::is_number(word)
                    || word.parse::<u8>().is_ok()
                    || matches!(word, "a" | "twins" | "teenagers" | "young" | "grown" | "adult")
            };
            if folded(at + 1) == "of" && gap(at) == " " && counted(folded(at + 2)) {
                blanks.add(token.bytes.start..tokens[at + 2].bytes.end);
            } else if at > 0
                && gap(at - 1) == " "
                && matches!(folded(at - 1), "proud" | "devoted" | "loving" | "stay-at-home" | "home")
            {
                blanks.add(tokens[at - 1].bytes.start..end);
            }
        }
    }
}

/// Frequent German, Dutch and English words that are not names; capitalized words are not counted.
const GERMAN_WORDS: [&str; 6] = ["und", "mit", "zu", "vom", "auch", "von"];
const DUTCH_WORDS: [&str; 6] = ["het", "een", "voor", "naar", "met", "van"];
const ENGLISH_WORDS: [&str; 8] = ["the", "and", "of", "to", "with", "is", "was", "has"];

/// The numbers of different German, Dutch and English words in a line.
fn language_words(tokens: &[Token<'_>]) -> [usize; 3] {
    let lower = || tokens.iter().filter(|token| token.text.starts_with(char::is_lowercase));
    [&GERMAN_WORDS[..], &DUTCH_WORDS, &ENGLISH_WORDS].map(|words| {
        let said = |word: &&&str| lower().any(|token| token.folded == **word);
        words.iter().filter(said).count()
    })
}

/// Whether a token that is spelt as a pronoun is a word of another language: Spanish `he trabajado`, German `von der Idee
/// her`, Dutch `ze`.
fn is_foreign_word(
    tokens: &[Token<'_>],
    at: usize,
    languages: &LazyCell<[usize; 3], impl FnOnce() -> [usize; 3]>,
) -> bool {
    if tokens[at].text.starts_with(char::is_uppercase) && at > 0 {
        return false;
    }
    match tokens[at].folded.as_str() {
        "he" => tokens.get(at + 1).is_some_and(|next| {
            let participle = ["ado", "ido", "cho", "sto", "rto"]
                .iter()
                .any(|end| next.folded.ends_with(end));
            participle && next.folded.len() > 3 && next.text.starts_with(char::is_lowercase)
        }),
        "her" => languages[0] >= 2 && languages[2] == 0,
        "ze" => languages[1] >= 2 && languages[2] == 0,
        _ => false,
    }
}

fn is_age(word: &str) -> bool {
    word.len() == 2 && word.parse::<u8>().is_ok_and(|age| (14..=99).contains(&age))
}

/// The end of `34 years old`, `34-year-old`, `34 Jahre alt`, `34岁`, if a person is as old.
fn age_end(text: &str, tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let mut phrase = String::new();
    for next in at + 1..=(at + 3).min(tokens.len().saturating_sub(1)) {
        if !matches!(
            &text[tokens[next - 1].bytes.end..tokens[next].bytes.start],
            " " | "-" | "\u{a0}" | "\u{2010}"
        ) {
            return None;
        }
        if !phrase.is_empty() {
            phrase.push(' ');
        }
        phrase.push_str(&tokens[next].folded);
        let definite = phrase.contains(' ') && TABLES.years_old.contains(&phrase)
            || matches!(phrase.as_str(), "yasinda" | "y/o" | "yo");
        if definite {
            let attribute = at > 0 && matches!(tokens[at - 1].folded.as_str(), "a" | "an" | "the" | "of");
            let reach = if attribute { 6 } else { 1 };
            let mut things = tokens[next + 1..].iter().take(reach);
            let thing = things.any(|thing| TABLES.aged_things.contains(&thing.folded));
            return (!thing).then_some(tokens[next].bytes.end);
        }
    }
    None
}

/// `born on 3 May 1980`, `geboren am 3.5.1980 in Lanewick`.
fn born(text: &str, tokens: &[Token<'_>], at: usize, blanks: &mut Blanks) {
    let token = &tokens[at];
    let english = token.folded == "born";
    if token.folded == "ne" && !token.text.contains('é') {
        return;
    }
    let rest = &text[token.bytes.end..];
    let clause = rest.char_indices().find(|&(at, c)| {
        let ahead = rest[at + c.len_utf8()..].trim_start();
        match c {
            ';' | '\n' | '|' | ')' => true,
            '.' => {
                !(rest[..at].ends_with(|c: char| c.is_ascii_digit()) && ahead.starts_with(char::is_alphanumeric)
                    || ahead.starts_with(|c: char| c.is_ascii_digit()))
            }
            ',' => !ahead.starts_with("19") && !ahead.starts_with("20"),
            _ => at > 60,
        }
    });
    let end = clause.map_or(rest.len(), |(at, _)| at);
    let next = tokens.get(at + 1).map_or("", |next| next.folded.as_str());
    let dated = rest[..end].contains(|c: char| c.is_ascii_digit());
    let placed = english && matches!(next, "in" | "on" | "at" | "and");
    if dated && (!english || placed || next.starts_with(|c: char| c.is_ascii_digit()) || date::is_date_word(next))
        || placed
    {
        let mut end = end;
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        blanks.add(token.bytes.start..token.bytes.end + end);
    }
}
