//! The lines of a resume with their place: at its head, under a heading of contact data, or in its body.

use super::super::english::SectionKind;
use super::super::headings::{self, Form};
use super::super::sections;
use super::super::span::lines;
use super::fold::fold;
use super::tables::TABLES;

/// Lines that count as the head of a resume.
const HEAD_LINES: usize = 16;
/// A line with this many words is prose.
const PROSE_WORDS: usize = 14;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Head,
    Contact,
    Body,
}

#[derive(Debug, Clone)]
pub(super) struct Line<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
    pub(super) zone: Zone,
    pub(super) heading: bool,
    /// Whether it is under a heading of references or about neither the person nor the work.
    pub(super) aside: bool,
}

/// The lines that are not empty.
pub(super) fn layout(text: &str) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let mut zone = Zone::Head;
    let mut aside = false;
    let mut head_left = HEAD_LINES;
    for (start, line) in lines(text) {
        if line.trim().is_empty() {
            continue;
        }
        let contact = is_contact_heading(line);
        let title = is_document_title(line);
        let kind = if contact || title { None } else { heading(line) };
        if contact {
            (zone, aside) = (
                if head_left > 0 && zone == Zone::Head {
                    Zone::Head
                } else {
                    Zone::Contact
                },
                false,
            );
        } else if let Some(kind) = kind {
            (zone, aside) = (Zone::Body, kind == SectionKind::Aside);
            head_left = 0;
        } else if zone == Zone::Head {
            head_left = head_left.saturating_sub(1);
            if head_left == 0 {
                zone = Zone::Body;
            }
        }
        found.push(Line {
            start,
            text: line,
            zone,
            heading: contact || title || kind.is_some(),
            aside,
        });
    }
    found
}

/// The kind of section that a line opens. A marked line that names no known section may be the person's name.
fn heading(line: &str) -> Option<SectionKind> {
    if headings::opens(line)
        && let Some(meaning) = Form::read(line).and_then(|form| headings::meaning(&form.core))
    {
        return Some(meaning.kind);
    }
    let heading = sections::heading(line)?;
    (heading.rest.is_none() && heading.kind != SectionKind::Other).then_some(heading.kind)
}

fn bare(line: &str) -> String {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let folded = fold(bare);
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn is_contact_heading(line: &str) -> bool {
    line.len() <= 64 && TABLES.contact_headings.contains(&bare(line))
}

/// `Curriculum Vitae`, `Functional Resume Sample`, `Lebenslauf`.
pub(super) fn is_document_title(line: &str) -> bool {
    if line.len() > 64 {
        return false;
    }
    let bare = bare(line);
    let mut words = bare
        .split(' ')
        .filter(|word| !word.is_empty() && !matches!(*word, "-" | "of" | "de"));
    let titled = [
        "resume",
        "cv",
        "vitae",
        "vita",
        "lebenslauf",
        "curriculum",
        "bewerbung",
        "резюме",
        "简历",
        "個人簡歷",
        "个人简历",
        "履歴書",
        "職務経歴書",
        "이력서",
        "zyciorys",
        "ozgecmis",
        "biodata",
    ];
    bare.split(' ').any(|word| titled.contains(&word)) && words.all(|word| TABLES.not_names.contains(word))
}

/// Whether a line is prose, and not a title in spaced letters.
pub(super) fn is_prose(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.clone().count() >= PROSE_WORDS && words.any(|word| word.chars().nth(1).is_some())
}
