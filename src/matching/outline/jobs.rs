//! Jobs below headings that are not of work: behind a list of certificates, or below a heading that is not known. What
//! follows such a job tells of it, up to the next heading or the next school.

use std::sync::LazyLock;

use serde::Deserialize;

use super::super::date::{ANY, Dates, Form};
use super::super::dated;
use super::super::degrees;
use super::super::english::SectionKind;
use super::super::experience::{names_school, names_work};
use super::super::titles;
use super::line::Line;

/// The lists of `jobs.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    learning: Vec<String>,
    studies: Vec<String>,
    firms: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("jobs.toml")).expect("jobs.toml is valid"));

/// Lines before the dates of a job that belong to it.
const LINES_BEFORE: usize = 2;
/// Maximum number of words of a line with a job, and of one that names its title or firm.
const JOB_WORDS: usize = 22;
const NAME_WORDS: usize = 7;
/// The least number of words of a line without a marker that tells of a job.
const TOLD_WORDS: usize = 3;
/// Words of the lists of at least this length are beginnings of words, too.
const LONG: usize = 7;

/// Gives the section of work to jobs below other headings.
pub(super) fn open_history(text: &str, lines: &mut [Line]) {
    let written = |line: &Line| &text[line.bytes.clone()];
    let works = lines
        .iter()
        .any(|line| line.section == SectionKind::Experience && !line.item && dated::has_period(written(line)));
    let mut at = 0;
    while at < lines.len() {
        let section = lines[at].section;
        let behind = lines[at..]
            .iter()
            .position(|line| line.section != section || line.first && line.bytes.start > lines[at].bytes.start);
        let end = behind.map_or(lines.len(), |count| at + count);
        use SectionKind::{Aside, Education, Other, Skills};
        if matches!(section, Aside | Education | Other | Skills) {
            let run = Run {
                text,
                lines: &lines[at..end],
                section,
                works,
            };
            for place in run.of_jobs() {
                lines[at + place].section = SectionKind::Experience;
            }
        }
        at = end;
    }
}

/// The lines below one heading.
struct Run<'t> {
    text: &'t str,
    lines: &'t [Line],
    section: SectionKind,
    /// Whether the resume has dated work below a heading of work.
    works: bool,
}

impl<'t> Run<'t> {
    fn written(&self, at: usize) -> &'t str {
        &self.text[self.lines[at].bytes.clone()]
    }

    /// The lines of jobs and of what is said about them.
    fn of_jobs(&self) -> Vec<usize> {
        let likely: Vec<(usize, usize)> = (0..self.lines.len())
            .filter_map(|at| self.start_of_job(at).map(|from| (from, at)))
            .collect();
        let jobs: Vec<(usize, usize)> = (likely.iter().copied())
            .filter(|&(_, at)| self.is_sure(at, likely.len()))
            .collect();
        let mut found = Vec::new();
        let mut open = false;
        for at in 0..self.lines.len() {
            let begins = jobs.iter().any(|&(from, dates)| (from..=dates).contains(&at));
            open = begins || open && !self.is_school(at);
            if open {
                found.push(at);
            }
        }
        found
    }

    /// The first line of a job whose dates are in this line.
    fn start_of_job(&self, at: usize) -> Option<usize> {
        let line = &self.lines[at];
        let written = self.written(at);
        if titles::tells_dated_work(written) && !learns(written) {
            return Some(at);
        }
        if !dates_work(written)
            || written.split_whitespace().count() > JOB_WORDS
            || titles::ends_sentence(written)
            || self.is_school(at)
        {
            return None;
        }
        let from = (1..=LINES_BEFORE)
            .take_while(|&back| back <= at && !self.lines[at - back + 1].blank_before && self.names(at - back))
            .last()
            .map_or(at, |back| at - back);
        let below =
            (at + 1 < self.lines.len() && !self.lines[at + 1].blank_before && self.names(at + 1)).then_some(at + 1);
        let mut entry = (from..=at).chain(below);
        if entry.clone().any(|at| names_school(self.written(at))) && !self.teaches(at) {
            return None;
        }
        let first = entry.find(|&at| self.is_titled(at));
        let whole = names_firm(written) && !learns(written) && names_work(written);
        (first.is_some() || whole && !line.item).then_some(first.map_or(at, |first| first.min(at)))
    }

    /// Whether a line can name the title or the firm of a job beside its dates.
    fn names(&self, at: usize) -> bool {
        let written = self.written(at);
        titles::is_header(self.text, &self.lines[at])
            && !self.lines[at].item
            && written.split_whitespace().count() <= NAME_WORDS
            && !dated::has_year(written)
    }

    fn is_titled(&self, at: usize) -> bool {
        titles::names_title(self.text, &self.lines[at], |piece| !learns(piece))
    }

    /// Whether a line names one who teaches at a school, not one who learns there.
    fn teaches(&self, at: usize) -> bool {
        let low = self.written(at).to_lowercase();
        ["teacher", "lecturer", "tutor", "professor"]
            .iter()
            .any(|word| low.contains(word))
            && degrees::find(&low, false).is_empty()
    }

    /// Whether the line is one of a school or certificate that ends what is said about a job.
    fn is_school(&self, at: usize) -> bool {
        let written = self.written(at);
        let school = names_school(written) || !degrees::find(written, false).is_empty();
        let certificate = || learns(written) && !self.is_titled(at);
        dated::has_year(written) && !self.teaches(at) && (school || certificate())
    }

    /// Whether a likely job is one: schools, hobbies and referees have titles and dates, too.
    fn is_sure(&self, at: usize, likely: usize) -> bool {
        let written = self.written(at);
        if titles::tells_dated_work(written) {
            return true;
        }
        let periods = Dates::read(written, ANY).periods;
        let months = periods.iter().any(|period| period.form == Form::Months);
        let told = self.is_told(at);
        // In two columns a heading is beside the first of its lines only.
        let beside_label = self.text[..self.lines[at].bytes.start].ends_with('\t');
        match self.section {
            SectionKind::Education => told || !self.works && likely > 1 || beside_label && months,
            SectionKind::Aside => !self.works && (told || months && likely > 1),
            _ => told || months || !self.works,
        }
    }

    /// Whether a line is the name of the next entry in a list whose dates stand below the names, as certificates of LinkedIn
    /// have it.
    fn opens_entry(&self, at: usize, dates_before: usize) -> bool {
        let only_dates = |at: usize| {
            let written = self.written(at);
            dated::has_year(written) && !self.is_titled(at) && written.split_whitespace().count() <= NAME_WORDS
        };
        only_dates(dates_before)
            && self.names(at)
            && (at + 1..self.lines.len().min(at + 1 + LINES_BEFORE)).any(only_dates)
    }

    /// Whether what follows the line tells of a job.
    fn is_told(&self, at: usize) -> bool {
        let skipped = usize::from(self.lines.get(at + 1).is_some_and(|_| self.names(at + 1)));
        (at + 1..=at + 1 + skipped).any(|below| {
            let Some(line) = self.lines.get(below).filter(|line| !line.blank_before || line.item) else {
                return false;
            };
            let written = self.written(below);
            let long = written.split_whitespace().count() >= TOLD_WORDS && !self.opens_entry(below, at);
            let deed = written
                .split(' ')
                .next()
                .is_some_and(|word| word.ends_with("ing") || word.ends_with("ed"));
            (line.item || long || deed) && !dated::has_year(written) && !studies(written) && !names_school(written)
        })
    }
}

/// Whether a line has a period, and not only versions such as `Server 2000/2003`.
fn dates_work(line: &str) -> bool {
    let versions = |form: Form, written: &str| form != Form::Months && written.contains('/');
    let two_dates = dated::has_period(line);
    let periods = Dates::read(line, ANY).periods;
    periods
        .iter()
        .any(|period| (two_dates || period.ongoing) && !versions(period.form, &line[period.bytes.clone()]))
}

/// Whether a text has a word of certificates, of learners or of societies.
fn learns(text: &str) -> bool {
    let low = text.to_lowercase();
    has_word(text, &VOCABULARY.learning) || low.contains("member of") || low == "member"
}

fn studies(text: &str) -> bool {
    has_word(text, &VOCABULARY.studies) || !degrees::find(text, false).is_empty()
}

fn names_firm(text: &str) -> bool {
    let low = text.to_lowercase();
    let mut words = low.split(|c: char| !c.is_alphanumeric());
    words.any(|word| VOCABULARY.firms.iter().any(|firm| firm == word))
}

fn has_word(text: &str, list: &[String]) -> bool {
    let low = text.to_lowercase();
    let mut words = low.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.any(|word| {
        let begins = |known: &String| word == known || known.len() >= LONG && word.starts_with(known.as_str());
        list.iter().any(begins)
    })
}

#[cfg(test)]
mod tests;
