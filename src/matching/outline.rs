//! The outline of a resume: its logical lines, each with the section it belongs to.
//!
//! A line is a heading by what its words announce, by its form and by its place. `headings` knows the words and the
//! form; here a line is seen among its neighbours.

use self::line::Line;
use super::dated;
use super::english::SectionKind;
use super::headings::{self, ByContent, Clarity, Form};
use super::layout::{self, Item, Marker, Unit};
use super::occupations;
use super::sections::{self, Sentence};

mod jobs;
pub(super) mod line;
mod side_column;

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heading {
    kind: SectionKind,
    clarity: Option<Clarity>,
    form: Form,
    /// The offset of the text after `Skills: ` in the line.
    rest: Option<usize>,
}

/// The lines of a resume of which nothing is left out.
#[cfg(test)]
pub(super) fn read(text: &str) -> Vec<Line> {
    read_without(text, &[])
}

/// The lines of a resume. At the gaps, which are offsets, lines that name the person are left out.
pub(super) fn read_without(text: &str, gaps: &[usize]) -> Vec<Line> {
    let units = layout::units(text, headings::opens);
    let outline = Outline {
        text,
        units: &units,
        headings: vec![None; units.len()],
        main: None,
        reopened: None,
    };
    let mut outline = outline.with_headings();
    outline.decide_by_content();
    side_column::reopen_head(&mut outline, gaps);
    let mut lines = outline.lines();
    jobs::open_history(text, &mut lines);
    lines
}

/// The sentences of these lines.
pub(super) fn sentences(text: &str, lines: &[Line]) -> Vec<Sentence> {
    let mut found = Vec::new();
    for line in lines {
        sections::add_sentences(text, line.bytes.clone(), line.section, &mut found);
    }
    found
}

/// Maximum number of words of a line with the dates of a job.
const JOB_WORDS: usize = 16;

struct Outline<'t> {
    text: &'t str,
    units: &'t [Unit],
    headings: Vec<Option<Heading>>,
    /// The form of the heading that opened the work history, whose jobs have headings of their own.
    main: Option<(Form, bool)>,
    /// The unit at which the head begins, if a side column is before it.
    reopened: Option<usize>,
}

impl<'t> Outline<'t> {
    fn line(&self, at: usize) -> &'t str {
        self.units[at].text(self.text)
    }

    fn with_headings(mut self) -> Self {
        let mut section = SectionKind::Head;
        let mut any = false;
        for at in 0..self.units.len() {
            let found = self.heading(at, section, any);
            if let Some(heading) = &found
                && heading.rest.is_none()
            {
                any |= heading.clarity.is_some();
                if heading.kind == SectionKind::Experience && section != heading.kind {
                    self.main = Some((heading.form.clone(), self.units[at].blank_before));
                }
                section = heading.kind;
            }
            self.headings[at] = found;
        }
        self
    }

    /// Reads a unit as a heading, where `section` is open and `any` tells whether a heading came before.
    fn heading(&self, at: usize, section: SectionKind, any: bool) -> Option<Heading> {
        let unit = &self.units[at];
        let line = self.line(at);
        if self.is_listed(at) {
            return None;
        }
        // `Languages: Go, Java` among skills is one of them.
        if let Some(mut label) = label(line) {
            if self.is_note(at, &label) {
                label.rest = None;
            }
            return (label.kind != section || section != SectionKind::Skills).then_some(label);
        }
        let form = Form::read(line)?;
        // Below the last item of a list and above a gap, a line is the heading of what follows.
        let below_list = at
            .checked_sub(1)
            .is_some_and(|before| matches!(self.units[before].item, Item::Marked(_)))
            && !unit.is_item();
        let apart = unit.blank_before || unit.underlined || below_list && unit.blank_after;
        let next = self.units.get(at + 1).map(|_| self.line(at + 1));
        let neighbours_in_capitals = next.is_some_and(|next| Form::read(next).is_some_and(|form| form.capitals));
        let marked = form.colon || form.markup;
        let among_capitals = form.capitals && neighbours_in_capitals;
        let distinct = form.stands_out() && (marked || !among_capitals);
        let heading = |kind, clarity| {
            Some(Heading {
                kind,
                clarity,
                form: form.clone(),
                rest: None,
            })
        };
        let Some(meaning) = headings::meaning(&form.core) else {
            return if self.is_unknown_heading(at, &form, section, any) {
                heading(SectionKind::Other, None)
            } else {
                None
            };
        };
        let (kind, clarity) = (meaning.kind, meaning.clarity);
        let written = form.title || form.capitals;
        // Among skills, `Communication Skills` is another one.
        let listed = kind == section && kind == SectionKind::Skills && !apart && !distinct;
        let is = match clarity {
            Clarity::Whole => {
                let dated = kind == SectionKind::Experience && section != kind && next.is_some_and(dated::has_period);
                (written || apart || distinct || dated || self.is_sentence_case(at, &form)) && !listed
            }
            Clarity::Item => ((written || next.is_some_and(|_| !unit.blank_after)) && apart || distinct) && !listed,
            Clarity::Noun => written && (apart || distinct) && !listed && next.is_some(),
        };
        (is && !self.belongs_to_job(at, section, kind, clarity, &form)).then(|| heading(kind, Some(clarity)))?
    }

    /// Whether the text behind a heading of work is a note such as `11+ yrs`, with the jobs below it.
    fn is_note(&self, at: usize, label: &Heading) -> bool {
        let Some(rest) = label.rest.filter(|_| label.kind == SectionKind::Experience) else {
            return false;
        };
        let note = &self.line(at)[rest..];
        let years = note.split_whitespace().any(|word| word.to_lowercase().starts_with('y'));
        let jobs = (at + 1..self.units.len())
            .take(3)
            .any(|below| dated::has_period(self.line(below)));
        note.split_whitespace().count() <= 3 && years && note.contains(|c: char| c.is_ascii_digit()) && jobs
    }

    /// Whether a line that begins with a capital follows a finished one, as headings of languages do in which only
    /// the first word has one: `Expérience professionnelle`.
    fn is_sentence_case(&self, at: usize, form: &Form) -> bool {
        let finished = |before: usize| {
            let unit = &self.units[before];
            let line = self.line(before);
            matches!(unit.item, Item::Marked(_))
                || line.ends_with('.') && line.split_whitespace().nth(5).is_some()
                || line.matches(',').count() >= 2
        };
        form.core.starts_with(char::is_uppercase)
            && form.core.split_whitespace().nth(1).is_some()
            && at.checked_sub(1).is_some_and(finished)
            && self.units.get(at + 1).is_some()
            && !self.units[at].is_item()
    }

    /// Whether a unit is one of several items with the same marker.
    fn is_listed(&self, at: usize) -> bool {
        let Item::Marked(marker) = self.units[at].item else {
            return false;
        };
        let same = |other: Option<&Unit>| {
            other.is_some_and(|other| match (marker, other.item) {
                (Marker::Sign(sign), Item::Marked(Marker::Sign(other))) => sign == other,
                (Marker::Number, Item::Marked(Marker::Number)) => true,
                _ => false,
            })
        };
        let before = at.checked_sub(1).and_then(|before| self.units.get(before));
        let after = self.units.get(at + 1);
        let numbered = marker == Marker::Number;
        // A number before each heading is not a list if each has text below it.
        if numbered {
            same(after) || same(before) && !self.units[at].blank_before
        } else {
            same(before) || same(after) || matches!(marker, Marker::Sign('-' | '*' | '+' | '\u{2022}' | '\u{b7}'))
        }
    }

    /// Whether a heading is one of a job, such as `Technologies:` or `Key Achievements:`, because the heading of the
    /// work history has more weight.
    fn belongs_to_job(
        &self,
        at: usize,
        section: SectionKind,
        kind: SectionKind,
        clarity: Clarity,
        form: &Form,
    ) -> bool {
        let Some((main, main_apart)) = self.main.as_ref().filter(|_| section == SectionKind::Experience) else {
            return false;
        };
        let lighter = main.capitals && !form.capitals || form.colon && !main.colon || main.markup && !form.markup;
        let closer = *main_apart && !self.units[at].blank_before;
        match kind {
            SectionKind::Projects | SectionKind::Other | SectionKind::Skills | SectionKind::Summary
                if self.is_repeated(at, form) =>
            {
                true
            }
            SectionKind::Projects | SectionKind::Other => lighter || closer,
            SectionKind::Skills => lighter && closer || clarity == Clarity::Item && (lighter || closer),
            SectionKind::Summary => lighter && closer,
            _ => false,
        }
    }

    /// Whether several jobs have this heading, such as `Highlights` below each.
    fn is_repeated(&self, at: usize, form: &Form) -> bool {
        let same = |at: usize| Form::read(self.line(at)).is_some_and(|other| other.core == form.core);
        let dated = |from: usize, until: usize| (from..until).any(|at| dated::has_period(self.line(at)));
        let before = (0..at).rev().find(|&before| same(before));
        let after = (at + 1..self.units.len()).find(|&after| same(after));
        // The one above the history is a heading of its own.
        let within = |before: usize| self.headings[before].is_none() || self.jobs_follow(at);
        before.is_some_and(|before| within(before) && dated(before, at)) || after.is_some_and(|after| dated(at, after))
    }

    /// Whether dated jobs follow before the next clear heading.
    fn jobs_follow(&self, at: usize) -> bool {
        let below = (at + 1..self.units.len()).take_while(|&below| !headings::opens(self.line(below)));
        below.into_iter().any(|below| {
            let line = self.line(below);
            self.units[below].item == Item::No
                && dated::has_period(line)
                && line.split_whitespace().count() <= JOB_WORDS
        })
    }

    /// Whether a line whose words announce nothing known has the form of a heading.
    fn is_unknown_heading(&self, at: usize, form: &Form, section: SectionKind, any: bool) -> bool {
        let unit = &self.units[at];
        let words = form.core.split_whitespace().count();
        let Some(next) = self.units.get(at + 1) else {
            return false;
        };
        let dated = (at + 1..self.units.len())
            .take(3)
            .any(|after| self.units[after].item == Item::No && dated::has_year(self.line(after)));
        if words > 5
            || at == 0
            || unit.is_item()
            || next.blank_before && !unit.underlined && !form.markup && !form.capitals
        {
            return false;
        }
        if dated || occupations::names_occupation(&form.core) || headings::names_institution(&form.core) {
            return false;
        }
        let marked = form.markup || unit.underlined;
        if !any {
            // The name of the person is often marked, and rarely further down.
            return marked && at > 2;
        }
        // Names of places and persons are written in capitals, too.
        let capitals = form.capitals
            && unit.blank_before
            && words <= 4
            && section != SectionKind::Aside
            && self.units[..at].iter().zip(&self.headings).all(|(_, heading)| {
                heading
                    .as_ref()
                    .is_none_or(|heading| heading.rest.is_some() || heading.form.capitals)
            });
        marked || capitals
    }

    /// Decides headings such as `Highlights` by what follows them.
    fn decide_by_content(&mut self) {
        for at in 0..self.units.len() {
            let Some(heading) = self.headings[at].as_ref().filter(|heading| heading.rest.is_none()) else {
                continue;
            };
            let Some(choice) = headings::by_content(&heading.form.core) else {
                continue;
            };
            let lines = (at + 1..self.units.len()).take_while(|&after| self.headings[after].is_none());
            let lines: Vec<&str> = lines.take(12).map(|after| self.line(after)).collect();
            let words: usize = lines.iter().map(|line| line.split_whitespace().count()).sum();
            let ended = lines.iter().filter(|line| line.ends_with('.')).count();
            let short = words <= 9 * lines.len() || 2 * ended < lines.len();
            let school = |line: &&&str| headings::names_institution(line);
            let taught = |line: &&str| line.split_whitespace().count() <= 16 && dated::has_year(line);
            let dated = lines.iter().any(|line| dated::has_period(line))
                || choice == ByContent::Qualifications && lines.iter().filter(school).any(taught);
            let kind = choice.decide(dated, short, lines.iter().any(|line| school(&line)));
            if let (Some(kind), Some(heading)) = (kind, self.headings[at].as_mut()) {
                heading.kind = kind;
            }
        }
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut section = SectionKind::Head;
        // `Skills: ...` and `Technologies:` within a job apply to some lines only.
        let mut first = false;
        let mut until_blank: Option<SectionKind> = None;
        for (at, (unit, heading)) in self.units.iter().zip(&self.headings).enumerate() {
            if self.reopened == Some(at) {
                section = SectionKind::Head;
            }
            let mut line = Line {
                bytes: unit.bytes.clone(),
                section,
                item: matches!(unit.item, Item::Marked(_)),
                blank_before: unit.blank_before,
                first,
            };
            if unit.blank_before
                && let Some(before) = until_blank.take()
            {
                section = before;
                line.section = before;
            }
            first = false;
            match heading {
                Some(Heading { kind, rest: None, .. }) => {
                    (section, first, until_blank) = (*kind, true, None);
                    continue;
                }
                Some(Heading {
                    kind, rest: Some(rest), ..
                }) => {
                    line.bytes.start += rest;
                    line.section = *kind;
                    use SectionKind::{Education, Experience, Projects, Summary};
                    if unit.blank_before && matches!(kind, Experience | Education | Projects | Summary) {
                        until_blank = Some(section);
                        section = *kind;
                    }
                }
                None => {}
            }
            lines.push(line);
        }
        lines
    }
}

/// `Skills: Java, SQL`, or a heading and its text in two columns.
fn label(line: &str) -> Option<Heading> {
    let first = &line[..line.find('\n').unwrap_or(line.len())];
    let column = || {
        let gap = first.find('\t').or_else(|| first.find("    "))?;
        Some((gap, gap, Clarity::Item))
    };
    let colon = first.find([':', '\u{ff1a}']).map(|colon| {
        let sign = first[colon..].chars().next().map_or(1, char::len_utf8);
        (colon, colon + sign, Clarity::Item)
    });
    let (end, rest, least) = colon
        .filter(|&(colon, ..)| colon < 48)
        .or_else(column)
        .filter(|&(end, ..)| end <= 48)?;
    let behind = line[rest..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '-'));
    if behind.is_empty() {
        return None;
    }
    let form = Form::read(&line[..end])?;
    let meaning = headings::meaning(&form.core).filter(|meaning| meaning.clarity >= least)?;
    Some(Heading {
        kind: meaning.kind,
        clarity: Some(meaning.clarity),
        form,
        rest: Some(line.len() - behind.len()),
    })
}

#[cfg(test)]
mod tests;
