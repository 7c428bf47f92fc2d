//! Years of experience: the union of the periods of work that a resume dates, and the years that it states.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::claims::claims;
use super::date::{Dates, Form, Period};
use super::degrees;
use super::english::SectionKind;
use super::headings;
use super::month::Month;
use super::qualification;
use super::resume::names_occupation;
use super::titles;
use super::words::Word;

/// The lists of `experience.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    breaks: Vec<String>,
    break_starts: Vec<String>,
    break_words: FxHashSet<String>,
    break_fillers: FxHashSet<String>,
    schools: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("experience.toml")).expect("experience.toml is valid"));

/// A header of a job has at most this many words besides its dates.
const HEADER_WORDS: usize = 14;

/// Work did not begin earlier, in months before today; what did is a part of history.
const LONGEST_AGO: u32 = 75 * 12;

/// A line beside the dates that tells of a time without work has at most this many words.
const BREAK_WORDS: usize = 6;

/// The bytes on either side of a period that are looked at, so that a long line costs no more than a short one.
const WINDOW: usize = 300;

/// The experience that a resume shows.
#[derive(Debug, Default)]
pub(super) struct Experience {
    /// In years; `None` if they cannot be determined.
    pub(super) years: Option<f64>,
    /// Those that the text states, if they are plausible beside the dates.
    pub(super) stated: Option<f64>,
    /// The periods of work in order of their start.
    pub(super) periods: Vec<Period>,
}

/// The years that a sentence of a posting requires, if one degree or none is enough for them.
pub(super) fn years(text: &str, words: &[Word]) -> Option<f64> {
    let (first, last) = (words.first()?, words.last()?);
    let ways = qualification::alternatives(&text[first.bytes.start..last.bytes.end]);
    let with_degree = ways.iter().filter(|way| way.degree.is_some());
    match with_degree.min_by_key(|way| way.degree) {
        Some(way) => way.years,
        None => ways.iter().filter_map(|way| way.years).reduce(f64::min),
    }
}

/// Reads the experience of a resume from its sentences and their sections, in order. `today` is the end of jobs that
/// continue.
pub(super) fn read(text: &str, sentences: &[(Range<usize>, SectionKind)], today: Month) -> Experience {
    let dates = Dates::read(text, today);
    let place = |period: &Period| {
        let at = sentences.partition_point(|(bytes, _)| bytes.end <= period.bytes.start);
        sentences.get(at).map(|(_, section)| *section)
    };
    let mut groups: [Vec<Period>; 4] = Default::default();
    let oldest = today.index().saturating_sub(LONGEST_AGO);
    for period in dates.periods.into_iter().filter(|period| period.months.start >= oldest) {
        let Some(section) = place(&period) else { continue };
        let entry = Entry::around(text, &period);
        if entry.is_break() {
            continue;
        }
        let group = match section {
            SectionKind::Experience if entry.is_schooling_with_degree() || entry.is_study() => continue,
            SectionKind::Experience => usize::from(!entry.surely_dates(&period)) * 2,
            SectionKind::Education => continue,
            SectionKind::Projects => 3,
            _ if entry.is_schooling() => continue,
            // `Responsibilities:` within a job is no section of its own.
            SectionKind::Summary => 2,
            SectionKind::Head | SectionKind::Other if entry.is_header => 1,
            _ if entry.is_header && period.form == Form::Months => 1,
            SectionKind::Skills | SectionKind::Aside => continue,
            _ => 2,
        };
        groups[group].push(period);
    }
    let [sure, other, doubtful, projects] = groups;
    let mut periods = sure;
    if periods.is_empty() {
        periods = other;
    } else {
        let named = |period: &Period| Entry::around(text, period).names_occupation();
        // Beside a section of experience, work under another heading names an occupation.
        periods.extend(other.into_iter().filter(named));
    }
    for fallback in [doubtful, projects] {
        if periods.is_empty() {
            periods = fallback;
        }
    }
    periods.sort_by_key(|period| (period.months.start, period.months.end));
    let dated = (!periods.is_empty()).then(|| covered(&periods));
    let stated = stated(dated, text, sentences);
    Experience {
        years: dated.into_iter().chain(stated).reduce(f64::max),
        stated,
        periods,
    }
}

/// The years covered by periods, counting each month once.
fn covered(periods: &[Period]) -> f64 {
    let (mut months, mut reached) = (0, 0);
    for period in periods {
        let from = period.months.start.max(reached);
        months += period.months.end.saturating_sub(from);
        reached = reached.max(period.months.end);
    }
    f64::from(months) / 12.0
}

/// The stated years, unless they are implausible beside the dates.
fn stated(dated: Option<f64>, text: &str, sentences: &[(Range<usize>, SectionKind)]) -> Option<f64> {
    let mut stated: Option<f64> = None;
    let mut listed = 0.0;
    for (bytes, section) in sentences {
        let sentence = &text[bytes.clone()];
        let found = claims(sentence).into_iter().map(|(_, years)| years);
        match section {
            SectionKind::Head | SectionKind::Summary => stated = found.chain(stated).reduce(f64::max),
            SectionKind::Experience if dated.is_none() => {
                let speaks = sentence.to_lowercase().contains("experience");
                let short = sentence.split_whitespace().count() <= HEADER_WORDS;
                match found.reduce(f64::max) {
                    Some(years) if speaks => stated = Some(stated.map_or(years, |known| known.max(years))),
                    Some(years) if short => listed += years,
                    _ => {}
                }
            }
            SectionKind::Skills | SectionKind::Other | SectionKind::Education
                if dated.is_none() && sentence.to_lowercase().contains("experience") =>
            {
                stated = found.chain(stated).reduce(f64::max);
            }
            _ => {}
        }
    }
    let Some(dated) = dated else {
        return stated.or((listed > 0.0).then_some(listed));
    };
    let plausible = |claim: &f64| *claim <= dated + 15.0 || *claim <= 3.0 * dated;
    stated.filter(plausible)
}

/// The lines around a period.
struct Entry<'t> {
    /// The line of the period without it.
    line: [&'t str; 2],
    /// The lines before and after it in its block.
    beside: [&'t str; 2],
    /// Whether the line has few words besides the period, begins or ends with it, or tells of work in a sentence.
    is_header: bool,
    /// Whether nothing but the period is in the line.
    alone: bool,
}

impl<'t> Entry<'t> {
    fn around(text: &'t str, period: &Period) -> Self {
        let before = window(text, period.bytes.start.saturating_sub(WINDOW), period.bytes.start);
        let after = window(text, period.bytes.end, period.bytes.end + WINDOW);
        let (above, left) = before.rsplit_once('\n').unwrap_or(("", before));
        let (right, below) = after.split_once('\n').unwrap_or((after, ""));
        let line = [left, right];
        let words: usize = line.iter().map(|part| part.split_whitespace().count()).sum();
        // The length that follows the dates is theirs: `Feb 2017 - Dec 2018 (1 year 11 months)`.
        let bare = |part: &str| {
            let mut words = part.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
            words.all(|word| UNITS.iter().any(|unit| word.eq_ignore_ascii_case(unit)))
        };
        let whole = period.bytes.start - left.len()..period.bytes.end + right.len();
        let told = text
            .get(whole)
            .is_some_and(|line| titles::title_in_sentence(line).is_some());
        let above = above.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        let below = below.split('\n').next().unwrap_or_default();
        let dates = period.form == Form::Months;
        Self {
            line,
            beside: [above, below],
            is_header: told
                || (words <= HEADER_WORDS || line.iter().any(|part| bare(part))) && !tells_deed(left, dates),
            alone: line.iter().all(|part| bare(part)),
        }
    }

    /// Whether the period is one of work in a section of experience: in prose, `since 2011` and `2005-2009` may date an
    /// event within a job.
    fn surely_dates(&self, period: &Period) -> bool {
        self.is_header || period.form == Form::Months
    }

    fn own(&self) -> impl Iterator<Item = &str> {
        let beside = self.beside.iter().filter(|_| self.alone);
        self.line.iter().chain(beside).copied()
    }

    /// Whether the entry is about a time without work.
    fn is_break(&self) -> bool {
        let own = self.line.iter().map(|part| (*part, HEADER_WORDS));
        let beside = self
            .beside
            .iter()
            .filter(|_| self.alone)
            .map(|part| (*part, BREAK_WORDS));
        let mut says = false;
        for (part, most) in own.chain(beside) {
            // `Tesco, 2015 - 2019 (maternity leave 2017)` is work with a break in it.
            let rest_of_line = self
                .line
                .iter()
                .any(|other| *other != part && other.contains(char::is_alphabetic));
            if part.trim_start().starts_with('(') && rest_of_line {
                continue;
            }
            let rest = without_break(part).filter(|_| part.split_whitespace().count() <= most);
            says |= rest.is_some();
            // `Teacher (maternity leave cover)` is work.
            if names_work(rest.as_deref().unwrap_or(part)) {
                return false;
            }
        }
        says
    }

    fn names_occupation(&self) -> bool {
        self.line.iter().chain(&self.beside).any(|part| names_work(part))
    }

    /// Whether the line is about a degree and a school, and no occupation.
    fn is_schooling_with_degree(&self) -> bool {
        let degree = |part: &&str| degrees::find(part, false).iter().any(|degree| degree.level >= 3);
        self.line.iter().any(degree)
            && self.line.iter().any(|part| names_school(part))
            && !self.line.iter().any(|part| names_work(part))
    }

    /// Whether the line is about the studies of a student.
    fn is_study(&self) -> bool {
        let student = |part: &&str| {
            let mut words = part.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
            words.any(|word| word.eq_ignore_ascii_case("student"))
        };
        self.line.iter().any(student)
            && self.line.iter().any(|part| names_school(part))
            && !self.line.iter().any(|part| names_work(part))
    }

    /// Whether the entry is about a school, a course or a degree.
    fn is_schooling(&self) -> bool {
        let schooled = self
            .own()
            .any(|part| names_school(part) || !degrees::find(part, false).is_empty());
        schooled && !self.own().any(names_work)
    }
}

/// Words for the length of a period.
const UNITS: [&str; 8] = ["year", "years", "yr", "yrs", "month", "months", "mo", "mos"];

/// Whether the text before a period tells what was done: `- digitised records 1950-1980`. With months it may be a header.
fn tells_deed(before: &str, months: bool) -> bool {
    let item = before
        .trim_start()
        .starts_with(['-', '*', '\u{2022}', '\u{b7}', '\u{25cf}', '\u{25aa}']);
    let text = before.trim_start_matches(|c: char| !c.is_alphanumeric());
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let deed = first.len() > 4 && (first.ends_with("ed") || first.ends_with("ing"));
    let few = text.split_whitespace().count() < 3;
    let works = names_work(text) && !first.eq_ignore_ascii_case("member");
    !few && !works && (item && first.starts_with(char::is_lowercase) || deed && !months && !text.contains(','))
}

/// The rest of a text that tells of a time without work: without the phrase that does.
fn without_break(part: &str) -> Option<String> {
    let vocabulary = &*VOCABULARY;
    let low = part.to_lowercase();
    let named = vocabulary
        .breaks
        .iter()
        .find_map(|phrase| low.find(phrase.as_str()).map(|at| (phrase, at)));
    if let Some((phrase, at)) = named {
        // `Tesco (incl. maternity leave 2017)` is work with a break in it.
        let before = &low[..at];
        let outer = before.rfind('(').filter(|open| !before[*open..].contains(')'));
        if outer.is_some_and(|open| before[..open].contains(char::is_alphabetic)) {
            return None;
        }
        return Some(low.replace(phrase.as_str(), " "));
    }
    if headings::names_institution(part) {
        return None;
    }
    let bare = low.trim_start_matches(|c: char| !c.is_alphabetic());
    if let Some(start) = vocabulary
        .break_starts
        .iter()
        .find(|start| bare.starts_with(start.as_str()))
    {
        return Some(bare[start.len()..].to_owned());
    }
    let words = || low.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let all = words().all(|word| vocabulary.break_words.contains(word) || vocabulary.break_fillers.contains(word));
    (all && words().any(|word| vocabulary.break_words.contains(word))).then(String::new)
}

pub(super) fn names_school(part: &str) -> bool {
    let low = part.to_lowercase();
    VOCABULARY.schools.iter().any(|word| low.contains(word.as_str()))
}

/// A part of a text, with its ends moved to the next characters.
fn window(text: &str, start: usize, end: usize) -> &str {
    let boundary = |at: usize| {
        (at.min(text.len())..=text.len())
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(text.len())
    };
    &text[boundary(start)..boundary(end)]
}

/// Whether a text names an occupation besides those in the names of degrees, as `Associate of Arts` does.
pub(super) fn names_work(part: &str) -> bool {
    let found = degrees::find(part, true);
    let mut rest = String::with_capacity(part.len());
    let mut reached = 0;
    for degree in found {
        rest.push_str(part.get(reached..degree.bytes.start).unwrap_or_default());
        reached = degree.bytes.end;
    }
    rest.push_str(part.get(reached..).unwrap_or_default());
    names_occupation(&rest.to_lowercase().replace("student", "").replace("graduate", ""))
}

#[cfg(test)]
mod tests;
