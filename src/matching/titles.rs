//! Job titles of a resume: at its head, and in the lines that open a job, beside its dates and employer.

mod in_sentence;
mod label;

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

pub(super) use self::in_sentence::title as title_in_sentence;
use self::label::{Label, label};
use super::date;
use super::dated;
use super::english::SectionKind;
use super::headings;
use super::occupations::{self, Naming};
use super::offset_map::BLANK;
use super::outline::line::Line;

/// The lists of `titles.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    deeds: FxHashSet<String>,
    past: FxHashSet<String>,
    titles: FxHashSet<String>,
    working: FxHashSet<String>,
    before_comparison: FxHashSet<String>,
    subjects: FxHashSet<String>,
    behind_title: FxHashSet<String>,
    leads: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("titles.toml")).expect("titles.toml is valid"));

/// Lines of the head that can be a title.
const HEAD_LINES: usize = 12;
/// Lines before and after the dates of a job that belong to them.
const LINES_BEFORE: usize = 3;
const LINES_AFTER: usize = 2;
/// Maximum number of words of a title, and of a line with one.
const TITLE_WORDS: usize = 9;
const LINE_WORDS: usize = 22;

/// A line that ends with a date and a full stop is no sentence with at most this many words.
const DATED_WORDS: usize = 6;

/// Signs at the sides of a title.
const SIGNS: [char; 9] = ['-', '/', '.', '"', '\'', '+', '&', '\u{2022}', BLANK];

/// The titles of a resume in order: those of the head, then one of each job.
pub(super) fn titles(text: &str, lines: &[Line]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // The letters of `Quill Placeholder, RN` are a title where no other is found.
    let mut licences: Vec<Range<usize>> = Vec::new();
    let is_letters = |piece: &Range<usize>| occupations::is_licence(&text[piece.clone()]);
    let head = lines
        .iter()
        .filter(|line| line.section == SectionKind::Head)
        .take(HEAD_LINES);
    // Sentences of a profile name a title only where nothing else does.
    let is_prose = |line: &&Line| {
        let written = &text[line.bytes.clone()];
        written.ends_with('.') && words(written) > 8
    };
    let (mut head, prose): (Vec<&Line>, Vec<&Line>) = head
        .filter(|line| is_short(&text[line.bytes.clone()]))
        .partition(|line| !is_prose(line));
    let works = lines.iter().any(|line| line.section == SectionKind::Experience);
    head.extend(prose.iter().filter(|_| !works));
    for line in head {
        let mut named: Vec<_> = pieces(text, line)
            .filter(|piece| is_title(&text[piece.clone()]))
            .collect();
        let title = named.iter().position(|piece| !is_letters(piece));
        licences.extend(title.is_none().then(|| named.first().cloned()).flatten());
        found.extend(title.map(|title| named.swap_remove(title)));
    }
    let work: Vec<&Line> = lines
        .iter()
        .filter(|line| line.section == SectionKind::Experience)
        .collect();
    let opens: Vec<usize> = (0..work.len()).filter(|&at| opens_job(text, work[at])).collect();
    let mut used = 0;
    for (place, &at) in opens.iter().enumerate() {
        let next = opens.get(place + 1).copied().unwrap_or(work.len());
        let from = (used.max(at.saturating_sub(LINES_BEFORE))..=at)
            .rev()
            .take_while(|&line| line == at || is_header(text, work[line]) && !work[line + 1].first)
            .last()
            .unwrap_or(at);
        let until = (at + 1..next.min(at + 1 + LINES_AFTER))
            .take_while(|&line| is_header(text, work[line]))
            .last();
        // The lines before the next dates may be its own.
        let mut until = until.map_or(at + 1, |last| last + 1);
        if until == next && next < work.len() && next - at > 1 {
            until = at + 1;
        }
        let job = &work[from..until];
        if let Some(title) = of_job(text, job, at - from) {
            found.push(title);
        }
        used = until;
    }
    if opens.is_empty() {
        // A history without dates.
        let short = work.iter().filter(|line| is_header(text, line));
        let named = |line: &Line, piece: &Range<usize>| {
            is_title(&text[piece.clone()]) && label(&text[line.bytes.start..piece.start]) != Some(Label::Other)
        };
        found.extend(short.filter_map(|line| pieces(text, line).find(|piece| named(line, piece))));
    }
    if found.is_empty() {
        found.extend(licences);
    }
    found
}

/// Whether a line has the dates of a job.
fn opens_job(text: &str, line: &Line) -> bool {
    let written = &text[line.bytes.clone()];
    let dated = dated::has_year(written) && (dated::has_period(written) || !line.item && words(written) <= 12);
    is_short(written) && (dated && !ends_sentence(written) || tells_dated_work(written))
}

/// Whether a sentence tells what the person worked as, with its dates.
pub(super) fn tells_dated_work(line: &str) -> bool {
    let dated = dated::has_year(line)
        && (dated::has_period(line)
            || line
                .split_whitespace()
                .any(|word| matches!(word.to_lowercase().as_str(), "since" | "until" | "till")));
    dated && title_in_sentence(line).is_some()
}

/// Whether a part of a line is a title.
pub(super) fn names_title(text: &str, line: &Line, allowed: impl Fn(&str) -> bool) -> bool {
    pieces(text, line).any(|piece| {
        let piece = &text[piece];
        is_title(piece) && occupations::naming(piece) == Some(Naming::Is) && allowed(piece)
    })
}

/// Whether a line is short and not a sentence or an item.
pub(super) fn is_header(text: &str, line: &Line) -> bool {
    let written = &text[line.bytes.clone()];
    let long = line.item && written.split_whitespace().nth(5).is_some();
    !long && words(written) <= 12 && !ends_sentence(written) && !written.starts_with(char::is_lowercase)
}

pub(super) fn ends_sentence(line: &str) -> bool {
    let last = line.rsplit(' ').next();
    // `Cook 2016-present.` is no sentence.
    let dated = |word: &str| words(line) <= DATED_WORDS && dated::ends_with_date(word);
    let abbreviated = last.is_some_and(|word| word.len() <= 5 || dated(word));
    line.ends_with(['!', '?', ';', ':']) || line.ends_with('.') && !abbreviated
}

fn is_short(line: &str) -> bool {
    words(line) <= LINE_WORDS
}

fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

/// Whether a piece states a citizenship or a right to stay: `Permanent resident`.
fn is_status(piece: &str) -> bool {
    let low = piece.to_lowercase();
    low.contains("permanent resident") || low.ends_with("citizen") || low.ends_with("national")
}

fn is_title(piece: &str) -> bool {
    words(piece) <= TITLE_WORDS
        && !is_status(piece)
        && occupations::names_occupation(piece)
        && !piece.ends_with('.')
        && !tells_deed(piece)
}

/// The title among the lines that open a job; `at` is the line with its dates.
fn of_job(text: &str, job: &[&Line], at: usize) -> Option<Range<usize>> {
    let own = job[at].bytes.clone();
    if let Some(told) = title_in_sentence(&text[own.clone()]) {
        return Some(own.start + told.start..own.start + told.end);
    }
    let mut best: Option<(i32, Range<usize>)> = None;
    let mut others = 0;
    for (place, line) in job.iter().enumerate() {
        for (nth, piece) in pieces(text, line).enumerate() {
            let written = &text[piece.clone()];
            // The text of a line goes on in lower case, a title does not.
            let before = text[line.bytes.start..piece.start].trim_end().rsplit(' ').next();
            let joined = before.is_some_and(|word| word == "and" || word == "or");
            let inside = nth > 0
                && (joined || written.starts_with(char::is_lowercase))
                && text[line.bytes.clone()].starts_with(char::is_uppercase);
            let labelled = label(&text[line.bytes.start..piece.start]);
            let skipped = inside || labelled == Some(Label::Other);
            if words(written) > TITLE_WORDS || tells_deed(written) || is_status(written) || skipped {
                continue;
            }
            let institution = headings::names_institution(written);
            let named = match occupations::naming(written) {
                Some(Naming::Is) => 8,
                Some(Naming::Contains) => 4,
                None => 0,
            };
            let placed = is_place(written);
            others += i32::from(institution || placed);
            let near = i32::from(place == at);
            let first = i32::from(place == 0 && nth == 0);
            // `Director` says less than `Sales Director` in the same line.
            let told = i32::from(named > 0 && words(written) > 1) * 2;
            let said = i32::from(labelled == Some(Label::Title)) * 6;
            let score = said + named + told - 3 * i32::from(institution) - 4 * i32::from(placed) + near + first;
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, piece));
            }
        }
    }
    // Without the name of an occupation, a title is what is neither firm nor place.
    best.filter(|(score, _)| *score >= 4 || *score >= 1 && others > 0)
        .map(|(_, piece)| piece)
}

/// Whether a piece begins with a verb, as in `Managed nine engineers` and `Provide training for bankers`.
fn tells_deed(piece: &str) -> bool {
    let first = piece.split(' ').next().unwrap_or(piece).to_lowercase();
    let prose = piece.split(' ').any(|word| {
        matches!(
            word,
            "with" | "from" | "by" | "through" | "into" | "their" | "when" | "daily"
        )
    }) && piece
        .split(' ')
        .skip(1)
        .filter(|word| word.starts_with(char::is_lowercase))
        .count()
        >= 3;
    words(piece) > 2
        && (prose
            || VOCABULARY.deeds.contains(&first)
            || first.len() > 4 && first.ends_with("ed") && !VOCABULARY.titles.contains(&first)
            || VOCABULARY.past.contains(&first))
}

/// Whether a piece is a place such as `City` or `Boston, MA`, a short code or a note.
fn is_place(piece: &str) -> bool {
    let low = piece.to_lowercase();
    let code = piece.len() <= 3 && piece.chars().all(char::is_uppercase) && !occupations::names_occupation(piece);
    code || matches!(
        low.as_str(),
        "city"
            | "state"
            | "city state"
            | "remote"
            | "hybrid"
            | "full-time"
            | "part-time"
            | "full time"
            | "part time"
            | "contract"
            | "freelance"
    ) || low.starts_with("city") && piece.len() < 12
}

/// The parts of a line between its separators, without dates.
fn pieces<'t>(text: &'t str, line: &Line) -> impl Iterator<Item = Range<usize>> + 't {
    let (start, end) = (line.bytes.start, line.bytes.end);
    let line = &text[start..end];
    let short = words(line) <= DATED_WORDS;
    let mut cuts: Vec<Range<usize>> = date::spans(line);
    for (at, c) in line.char_indices() {
        let after = &line[at + c.len_utf8()..];
        let spaced = line[..at].ends_with([' ', '\t']) && after.starts_with([' ', '\t']);
        let cut = match c {
            ',' | '|' | '\u{2013}' | '\u{2014}' | '(' | ')' | '\u{b7}' | '\u{2022}' | '\t' | '\n' | ';' | '[' | ']'
            | '\u{ff0c}' | '*' | '#' | '_' | '<' | '>' => true,
            '-' | '@' | '~' => spaced,
            BLANK => true,
            '/' => after.starts_with('/') || line[..at].ends_with('/'),
            ':' => true,
            '.' => short && ends_part(&line[..at], after),
            _ => false,
        };
        if cut {
            cuts.push(at..at + c.len_utf8());
        }
    }
    for word in [" at ", " bei ", " chez ", " - "] {
        cuts.extend(line.match_indices(word).map(|(at, word)| at..at + word.len()));
    }
    cuts.extend(line.match_indices("   ").map(|(at, gap)| at..at + gap.len()));
    cuts.sort_by_key(|cut| cut.start);
    let mut found = Vec::new();
    let mut at = 0;
    cuts.push(line.len()..line.len());
    for cut in cuts {
        if cut.start > at {
            let piece = &line[at..cut.start];
            let piece = if line[..at].ends_with(',') {
                without_code(piece)
            } else {
                piece
            };
            let trim = |text: &'t str| text.trim_matches(|c: char| c.is_whitespace() || SIGNS.contains(&c));
            let bare = trim(without_grammar(trim(without_months(trim(piece)))));
            if bare.contains(char::is_alphabetic) {
                let from = start + (bare.as_ptr() as usize - line.as_ptr() as usize);
                found.push(from..from + bare.len());
            }
        }
        at = at.max(cut.end);
    }
    found.into_iter()
}

/// The text without months at its sides, which belong to a date on another line.
fn without_months(piece: &str) -> &str {
    let is_month = |word: &str| word.len() > 2 && word.chars().all(char::is_alphabetic) && date::is_date_word(word);
    match (piece.split_once(' '), piece.rsplit_once(' ')) {
        (Some((first, rest)), _) if is_month(first) => rest,
        (_, Some((rest, last))) if is_month(last.trim_end_matches('.')) => rest,
        _ => piece,
    }
}

/// The title without the words of a sentence at its sides: `and a driver`, `office manager until`.
fn without_grammar(piece: &str) -> &str {
    let mut rest = piece;
    while let Some((_, behind)) = rest
        .split_once(' ')
        .filter(|(first, _)| VOCABULARY.leads.contains(*first))
    {
        rest = behind.trim_start();
    }
    let ends = |last: &str| matches!(last, "until" | "till" | "since" | "from" | "between");
    while let Some((before, _)) = rest.rsplit_once(' ').filter(|(_, last)| ends(last)) {
        rest = before.trim_end();
    }
    let named = rest.len() < piece.len() && occupations::naming(rest) == Some(Naming::Is);
    if named { rest } else { piece }
}

/// Whether a full stop ends a part of a line: `Tesco, Leeds. Office manager`, and not that of `Asst. Manager`.
fn ends_part(before: &str, after: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let begins = after
        .strip_prefix(' ')
        .is_some_and(|rest| rest.starts_with(char::is_uppercase));
    begins && word.chars().count() > 4 && !matches!(word, "Assoc" | "Admin" | "Maint" | "Super" | "Techn")
}

/// The text after the code of a state, as in `Boston, MA Secretary`.
fn without_code(piece: &str) -> &str {
    let trimmed = piece.trim_start();
    match trimmed.split_once(' ') {
        Some((code, rest)) if is_place(code) && code.len() == 2 && occupations::names_occupation(rest) => rest,
        _ => piece,
    }
}

#[cfg(test)]
mod tests;
