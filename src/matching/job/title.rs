//! The title of a posting: the line that names the occupation, without the terms after it.

use super::super::occupations::names_occupation;
use super::super::phrase;
use super::super::posting::{LineKind, PostingLine};
use super::super::sections;

/// The title of a posting, given with its lines.
pub(super) fn of_posting<'t>(clean: &'t str, lines: &[PostingLine]) -> Option<&'t str> {
    let title = lines.iter().position(|line| line.title);
    let title = title.or_else(|| first_heading(clean, lines))?;
    let title = named_near(clean, lines, title);
    Some(title_of(clean, &lines[title..]))
}

/// A heading that opens no section, if the posting begins with it.
fn first_heading(clean: &str, lines: &[PostingLine]) -> Option<usize> {
    let first = lines.first().filter(|line| line.kind == LineKind::Heading)?;
    let text = &clean[first.bytes.clone()];
    (!text.trim_end().ends_with(':') && sections::heading(text).is_none()).then_some(0)
}

/// The line that names an occupation, if that of the title does not and one of the next does: `ACME LTD`, `Welder`.
fn named_near(clean: &str, lines: &[PostingLine], at: usize) -> usize {
    let named = |line: &PostingLine| {
        let text = clean[line.bytes.clone()].trim();
        text.split_whitespace().count() <= TITLE_WORDS && !text.ends_with(['.', ':']) && names_occupation(text)
    };
    if named(&lines[at]) {
        return at;
    }
    let opens = |line: &PostingLine| {
        let low = clean[line.bytes.clone()].trim().to_lowercase();
        let first = low.split_whitespace().next().unwrap_or_default();
        !matches!(
            first,
            "as" | "join" | "our" | "report" | "reporting" | "reports" | "the" | "this" | "we" | "you"
        )
    };
    let mut next = lines.iter().skip(at + 1).take(NEXT_LINES);
    let next = next.position(|line| named(line) && opens(line));
    next.map_or(at, |next| at + 1 + next)
}

/// The title of the job in its line, without a label such as `Job title:`.
fn title_of<'t>(clean: &'t str, lines: &[PostingLine]) -> &'t str {
    let line = &clean[lines[0].bytes.clone()];
    // The label is a unit of its own, with the title after it in the same line.
    let rest = lines
        .get(1)
        .filter(|next| next.line == lines[0].line && line.trim_end().ends_with(':'));
    let title = rest.map_or(line, |rest| &clean[rest.bytes.clone()]);
    without_terms(title)
}

/// A title without the terms after it: `Tree Surgeon, full time` is `Tree Surgeon`. What else follows may be a part of the
/// occupation, such as `(Streaming)`.
pub(super) fn without_terms(title: &str) -> &str {
    let sought = [" wanted", " needed", " required"]
        .iter()
        .find_map(|word| title.split_once(word))
        .map(|(before, _)| before);
    let mut title = sought.filter(|before| names_occupation(before)).unwrap_or(title);
    let last = |title: &str| SEPARATORS.iter().filter_map(|sign| title.rfind(sign)).max();
    while let Some(at) = last(title).filter(|&at| is_term(&title[at..]) && names_occupation(title[..at].trim())) {
        title = title[..at].trim_end();
    }
    title
}

/// Whether a part of a title is a term of the contract, such as its pay or its hours.
fn is_term(part: &str) -> bool {
    let low = phrase::words(part);
    low.bytes().any(|c| c.is_ascii_digit()) || phrase::contains_any(&low, &TERMS)
}

/// What separates the parts of a title.
const SEPARATORS: [&str; 7] = [" - ", " \u{2013} ", " \u{2014} ", " | ", " (", "; ", ", "];
/// Terms of a contract that are named after a title. A hyphen is a space.
const TERMS: [&str; 17] = [
    "contract",
    "cover",
    "fixed term",
    "freelance",
    "full time",
    "hybrid",
    "immediate start",
    "nights",
    "on site",
    "onsite",
    "part time",
    "permanent",
    "remote",
    "shift",
    "shifts",
    "temporary",
    "weekends",
];
/// The number of words of a line that can be a title.
const TITLE_WORDS: usize = 9;
/// The number of lines after that of the title that can name the occupation.
const NEXT_LINES: usize = 2;
