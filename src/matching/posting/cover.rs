//! The kind of every part of a posting: clauses with a cue of their own, and contact data, which no unit contains.

use std::ops::Range;

use super::PostingLine;
use super::cues::Cue;
use super::kind::LineKind;
use super::parts::parts;

/// The parts of a posting with their kinds, in order. `clean` is `text` with contact data blanked, byte for byte.
pub(in crate::matching) fn cover(text: &str, clean: &str, lines: &[PostingLine]) -> Vec<(LineKind, Range<usize>)> {
    let clauses: Vec<(LineKind, Range<usize>)> = lines.iter().flat_map(|line| clauses(clean, line)).collect();
    let mut found: Vec<(LineKind, Range<usize>)> = Vec::with_capacity(clauses.len());
    let mut end = 0;
    for (at, (kind, bytes)) in clauses.iter().enumerate() {
        let mut bytes = bytes.clone();
        contacts(text, clean, end..bytes.start, |contact, begins, ends| {
            match found.last_mut() {
                Some((_, last)) if begins => last.end = contact.end,
                _ if ends => bytes.start = contact.start,
                _ => found.push((beside(&clauses, at), contact)),
            }
        });
        end = bytes.end;
        found.push((*kind, bytes));
    }
    contacts(text, clean, end..text.len(), |contact, begins, _| {
        match found.last_mut() {
            Some((_, last)) if begins => last.end = contact.end,
            _ => found.push((beside(&clauses, clauses.len()), contact)),
        }
    });
    found
}

/// The clauses of a line, if it asks for some of them only.
fn clauses(clean: &str, line: &PostingLine) -> Vec<(LineKind, Range<usize>)> {
    let whole = vec![(line.kind, line.bytes.clone())];
    if !matches!(line.kind, LineKind::MustHave | LineKind::NiceToHave) {
        return whole;
    }
    let parts = parts(clean, &line.bytes);
    if parts.len() < 2 {
        return whole;
    }
    let kind = |cue: Cue| match cue {
        Cue::Must => LineKind::MustHave,
        Cue::Nice => LineKind::NiceToHave,
        Cue::Not => LineKind::Other,
        Cue::None => line.kind,
    };
    parts.into_iter().map(|part| (kind(part.cue), part.bytes)).collect()
}

/// The kind of contact data on a line of their own, before the clause with this number.
fn beside(clauses: &[(LineKind, Range<usize>)], at: usize) -> LineKind {
    let text = |(kind, _): &&(LineKind, Range<usize>)| *kind != LineKind::Heading;
    let before = clauses[..at].iter().rev().find(text);
    let after = clauses[at..].iter().find(text);
    let applies = |one: Option<&(LineKind, Range<usize>)>| one.is_some_and(|(kind, _)| *kind == LineKind::Application);
    if applies(before) || applies(after) {
        LineKind::Application
    } else {
        LineKind::Other
    }
}

/// Calls `found` with the contact data in each line of a gap between units, whether the line is that of the unit before
/// the gap, and whether it is that of the unit after it.
fn contacts(text: &str, clean: &str, gap: Range<usize>, mut found: impl FnMut(Range<usize>, bool, bool)) {
    let mut start = gap.start;
    let mut lines = text.get(gap.clone()).unwrap_or_default().split('\n').peekable();
    let mut first = true;
    while let Some(line) = lines.next() {
        let bytes = start..start + line.len();
        let blanked =
            |(at, c): (usize, char)| c.is_alphanumeric() && clean.as_bytes().get(bytes.start + at) == Some(&b' ');
        if line.char_indices().any(blanked) {
            let trimmed = line.trim();
            let from = bytes.start + (line.len() - line.trim_start().len());
            found(
                from..from + trimmed.len(),
                first && gap.start > 0,
                lines.peek().is_none() && gap.end < text.len(),
            );
        }
        start = bytes.end + 1;
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_data_have_a_kind() {
        let text = "info@oak.example\nOak\n\nWrite to jobs@oak.example or call\n0712 889 3456\n\nMust have a licence";
        let clean = super::super::super::redact::job(text);
        let line = |part: &str, kind| {
            let start = clean.find(part).unwrap();
            PostingLine {
                bytes: start..start + part.len(),
                kind,
                title: false,
                line: 0,
            }
        };
        let lines = [
            line("Oak", LineKind::Heading),
            line("Write to", LineKind::Application),
            line("or call", LineKind::Application),
            line("Must have a licence", LineKind::MustHave),
        ];
        let found = cover(text, &clean, &lines);
        let found: Vec<(LineKind, &str)> = found.into_iter().map(|(kind, bytes)| (kind, &text[bytes])).collect();
        assert_eq!(
            found,
            [
                (LineKind::Application, "info@oak.example"),
                (LineKind::Heading, "Oak"),
                (LineKind::Application, "Write to jobs@oak.example"),
                (LineKind::Application, "or call"),
                (LineKind::Application, "0712 889 3456"),
                (LineKind::MustHave, "Must have a licence"),
            ]
        );
    }

    #[test]
    fn clauses_have_kinds_of_their_own() {
        let text = "Degree required, doctorate preferred";
        let line = PostingLine {
            bytes: 0..text.len(),
            kind: LineKind::MustHave,
            title: false,
            line: 0,
        };
        let found = cover(text, text, &[line]);
        let found: Vec<(LineKind, &str)> = found
            .into_iter()
            .map(|(kind, bytes)| (kind, text[bytes].trim()))
            .collect();
        assert_eq!(
            found,
            [
                (LineKind::MustHave, "Degree required"),
                (LineKind::NiceToHave, "doctorate preferred")
            ]
        );
    }
}
