//! Profiles that are exported with their side column first: contact, skills and certificates come before the name.

use super::super::dated;
use super::super::english::SectionKind;
use super::{Heading, Outline};

/// Lines of a name, a title and a place.
const MOST_LINES: usize = 5;

/// Ends the side column where the head begins: a few lines before the summary or the work history, the first of them
/// written like a name, or below one that is left out.
pub(super) fn reopen_head(outline: &mut Outline<'_>, gaps: &[usize]) {
    let is_column = |heading: &&Heading| {
        use SectionKind::{Aside, Education, Projects, Skills};
        heading.rest.is_none() && matches!(heading.kind, Aside | Skills | Education | Projects)
    };
    let opened = outline.headings.iter().enumerate();
    let opened: Vec<(usize, &Heading)> = opened
        .filter_map(|(at, heading)| Some((at, heading.as_ref()?)))
        .collect();
    let Some(main) = opened.iter().position(|(_, heading)| {
        heading.rest.is_none() && matches!(heading.kind, SectionKind::Summary | SectionKind::Experience)
    }) else {
        return;
    };
    // The column begins with the contact data and has a list.
    let first = opened
        .first()
        .is_some_and(|(at, heading)| *at <= 1 && heading.kind == SectionKind::Aside);
    if !first
        || main < 2
        || !opened[..main]
            .iter()
            .all(|(_, heading)| is_column(heading) || heading.rest.is_some())
    {
        return;
    }
    let (start, end) = (opened[main - 1].0 + 1, opened[main].0);
    let from = end.saturating_sub(MOST_LINES).max(start + 1);
    let below_name = (start..end).rev().find(|&at| {
        let above = outline.units[at - 1].bytes.end;
        let begin = outline.units[at].bytes.start;
        end - at <= MOST_LINES && gaps.iter().any(|gap| (above..=begin).contains(gap))
    });
    let head = below_name.or_else(|| {
        (from..end).find(|&at| {
            let rest = end - at;
            (2..=MOST_LINES).contains(&rest)
                && is_name(outline.line(at))
                && (outline.units[at].blank_before || is_title(outline.line(at + 1)))
        })
    });
    outline.reopened = head;
}

/// Two to four words that begin with capitals, without digits and signs.
fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            word.chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.' | ','))
                && !word.starts_with(char::is_lowercase)
        })
}

fn is_title(line: &str) -> bool {
    !dated::has_year(line)
        && (super::occupations::names_occupation(line) || line.contains(" at ") || line.contains('|'))
}
