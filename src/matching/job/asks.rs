//! What the lines of a posting ask for: each line, or each part of one that has its own cue.

use std::ops::Range;

use super::super::english::SectionKind;
use super::super::posting::{self, Cue, LineKind, PostingLine};
use super::super::sections;
use super::Need;

/// What a line, or a part of one, asks for.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) bytes: Range<usize>,
    pub(super) need: Need,
    /// Whether it is in a section of skills.
    pub(super) listed: bool,
    /// The text that states the years and the degree: its own, or that of all alternatives for the first of them.
    pub(super) ways: Option<Range<usize>>,
}

/// What the lines ask for, without what they say is not needed.
pub(super) fn asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let mut found: Vec<Ask> = Vec::new();
    let mut listed = false;
    for line in lines {
        let need = match line.kind {
            LineKind::Duty => Need::Duty,
            LineKind::MustHave => Need::Must,
            LineKind::NiceToHave => Need::Nice,
            LineKind::Heading => {
                let heading = sections::heading(&clean[line.bytes.clone()]);
                listed = heading.is_some_and(|heading| heading.kind == SectionKind::Skills);
                continue;
            }
            _ => continue,
        };
        // `Essential` below another heading, or a line that introduces a list.
        let text = clean[line.bytes.clone()].trim_end();
        if posting::is_cue_only(text) || text.ends_with(':') || !text.contains(char::is_alphabetic) {
            continue;
        }
        let parts = posting::parts(clean, &line.bytes);
        for part in parts {
            let need = match (part.cue, need) {
                (Cue::Not, _) => continue,
                (_, Need::Duty) | (Cue::None, _) => need,
                (Cue::Must, _) => Need::Must,
                (Cue::Nice, _) => Need::Nice,
            };
            found.push(Ask {
                ways: Some(part.bytes.clone()),
                bytes: part.bytes,
                need,
                listed,
            });
        }
    }
    if found.is_empty() {
        found = unknown_asks(clean, lines);
    }
    join_alternatives(clean, &mut found);
    found
}

/// A posting of an unknown form asks for whatever is about nothing else.
fn unknown_asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let other = lines.iter().filter(|line| line.kind == LineKind::Other);
    let sentence = |line: &&PostingLine| clean[line.bytes.clone()].split_whitespace().count() >= 2;
    let asked = |line: &&PostingLine| posting::cue(&clean[line.bytes.clone()]) != Cue::Not;
    other
        .filter(sentence)
        .filter(asked)
        .map(|line| Ask {
            ways: Some(line.bytes.clone()),
            bytes: line.bytes.clone(),
            need: Need::Must,
            listed: false,
        })
        .collect()
}

/// Lines joined by `; or` state one requirement of years and degree together.
fn join_alternatives(clean: &str, asks: &mut [Ask]) {
    let mut first = 0;
    for at in 1..asks.len() {
        let before = clean[asks[at - 1].bytes.clone()].trim_end().to_lowercase();
        let joined = before.ends_with(" or") || before.ends_with(";or") || {
            let own = clean[asks[at].bytes.clone()].trim_start();
            own.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("or "))
        };
        if !joined || asks[at].need != asks[first].need {
            first = at;
            continue;
        }
        let end = asks[at].bytes.end;
        if let Some(ways) = &mut asks[first].ways {
            ways.end = end;
        }
        asks[at].ways = None;
    }
}
