//! The jobs of a resume: the text of each, its months, its title, and whether the person learned or helped in it.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::date::Period;
use super::encoding_texts::Title;
use super::phrase::words;

/// A job of a resume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeldJob {
    /// From its first line to that of the next job.
    pub(super) bytes: Range<usize>,
    /// Months since year 0, end exclusive.
    pub(super) months: Range<u32>,
    pub(super) title: Option<Title>,
    pub(super) rank: Rank,
}

/// The rank of a job, by the words of its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// One who learns an occupation or assists in it: `Apprentice`, `Student placement`, `Plumber's helper`.
    Learner,
    /// One who is new in an occupation: `Junior developer`, `Graduate engineer`.
    Beginner,
    /// One below an occupation, or with one of its own: `Assistant manager`, `Legal assistant`.
    Assistant,
    /// One who has the occupation.
    Full,
}

/// The lists of `jobs_held.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    learners: FxHashSet<String>,
    beginners: FxHashSet<String>,
    assistants: FxHashSet<String>,
    about_them: FxHashSet<String>,
    later: FxHashSet<String>,
    leaders: FxHashSet<String>,
    leading: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("jobs_held.toml")).expect("jobs_held.toml is valid"));

/// The number of words of a line that can be a title and its firm.
const HEADER_WORDS: usize = 16;
/// Maximum number of jobs, the latest ones; older ones say little, and no more than these are compared.
const MOST_JOBS: usize = 40;
/// The number of line breaks between a title and the dates of its job.
const MOST_BREAKS: usize = 3;

/// The rank that a title names.
pub(super) fn rank(title: &str) -> Rank {
    let low = words(title);
    let all: Vec<&str> = low.split_whitespace().collect();
    if all.iter().any(|word| VOCABULARY.later.contains(*word)) {
        return Rank::Full;
    }
    let named = |list: &FxHashSet<String>| {
        (0..all.len()).any(|at| {
            let word = all[at].strip_suffix("'s").unwrap_or(all[at]);
            let mut next = all[at + 1..].iter().take(2);
            list.contains(word) && !next.any(|next| VOCABULARY.about_them.contains(*next))
        })
    };
    if named(&VOCABULARY.learners) {
        Rank::Learner
    } else if named(&VOCABULARY.beginners) {
        Rank::Beginner
    } else if named(&VOCABULARY.assistants) {
        Rank::Assistant
    } else {
        Rank::Full
    }
}

/// Whether a title is that of one who leads others.
pub(super) fn leads(title: &str) -> bool {
    words(title)
        .split_whitespace()
        .any(|word| VOCABULARY.leaders.contains(word))
}

/// Whether the title of a posting asks for one who leads others.
pub(super) fn asks_to_lead(title: &str) -> bool {
    words(title)
        .split_whitespace()
        .any(|word| VOCABULARY.leading.contains(word))
}

/// The jobs of a text in the order of their places, from its dated periods and the places of its titles, each with the
/// title as a text to encode.
pub(super) fn read(text: &str, periods: &[Period], titles: &[(Range<usize>, Option<Title>)]) -> Vec<HeldJob> {
    let mut dated: Vec<&Period> = periods.iter().collect();
    dated.sort_by_key(|period| (std::cmp::Reverse(period.months.end), period.bytes.start));
    dated.truncate(MOST_JOBS);
    dated.sort_by_key(|period| period.bytes.start);
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |before| before + 1);
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |next| at + next);
    let breaks = |from: usize, to: usize| text.get(from..to).map_or(0, |between| between.matches('\n').count());
    let mut jobs: Vec<HeldJob> = Vec::new();
    let mut free = 0;
    for (nth, period) in dated.iter().enumerate() {
        let own = line_start(period.bytes.start);
        let end = line_end(period.bytes.end);
        let next = dated
            .get(nth + 1)
            .map_or(text.len(), |next| line_start(next.bytes.start));
        let belongs = |title: &Range<usize>| {
            let before = title.start >= free && title.end <= period.bytes.start;
            let near = before && breaks(title.end, period.bytes.start) <= MOST_BREAKS;
            let after = title.start >= period.bytes.end && title.start < next.max(end);
            near || after && breaks(period.bytes.end, title.start) < MOST_BREAKS
        };
        let title = titles.iter().find(|(place, _)| belongs(place));
        let start = title.map_or(own, |(place, _)| own.min(line_start(place.start)));
        let header = &text[own..end];
        let rank = match title {
            Some((place, _)) => rank(&text[place.clone()]),
            None if header.split_whitespace().count() <= HEADER_WORDS => rank(header),
            None => Rank::Full,
        };
        if let Some(last) = jobs.last_mut() {
            last.bytes.end = last.bytes.end.min(start).max(last.bytes.start);
        }
        jobs.push(HeldJob {
            bytes: start..text.len(),
            months: period.months.clone(),
            title: title.and_then(|(_, title)| *title),
            rank,
        });
        free = title.map_or(end, |(place, _)| place.end.max(period.bytes.end));
    }
    jobs
}

/// The months of each rank of credit, each month once with the highest credit; `credits` are those of the jobs.
pub(super) fn credited_years(jobs: &[HeldJob], credits: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by(|&a, &b| credits[b].total_cmp(&credits[a]));
    let mut taken: Vec<Range<u32>> = Vec::new();
    let mut months = 0.0;
    for at in order {
        let mut own = vec![jobs[at].months.clone()];
        for known in &taken {
            own = own.into_iter().flat_map(|part| without(&part, known)).collect();
        }
        let fresh: u32 = own.iter().map(|part| part.end.saturating_sub(part.start)).sum();
        months += credits[at] * f64::from(fresh);
        taken.push(jobs[at].months.clone());
    }
    months / 12.0
}

/// The parts of a range outside of another.
fn without(part: &Range<u32>, other: &Range<u32>) -> Vec<Range<u32>> {
    let before = part.start..part.end.min(other.start);
    let after = part.start.max(other.end)..part.end;
    [before, after]
        .into_iter()
        .filter(|part| part.start < part.end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::date::Dates;
    use super::super::month::Month;
    use super::*;

    #[test]
    fn ranks_are_read_from_titles() {
        for (title, want) in [
            ("Apprentice plumber", Rank::Learner),
            ("Student nurse", Rank::Learner),
            ("Baker's helper", Rank::Learner),
            ("Marketing intern", Rank::Learner),
            ("Junior surveyor", Rank::Beginner),
            ("Assistant Manager", Rank::Assistant),
            ("Graduate geologist", Rank::Beginner),
            ("Apprentice, then pipefitter", Rank::Full),
            ("Student services officer", Rank::Full),
            ("Graduate recruiter", Rank::Full),
            ("Apprentice trainer", Rank::Full),
            ("Midwife", Rank::Full),
            ("Head of international affairs", Rank::Full),
            ("", Rank::Full),
        ] {
            assert_eq!(rank(title), want, "{title}");
        }
    }

    #[test]
    fn leaders_are_read_from_titles() {
        assert!(leads("Night Supervisor") && leads("Head baker") && !leads("Baker"));
        assert!(asks_to_lead("Bakery team leader") && !asks_to_lead("Account manager"));
    }

    #[test]
    fn jobs_have_their_text_their_title_and_their_rank() {
        let text = "Quill Placeholder\n\nBaker, Old Mill\nMay 2019 - April 2022\nBaked bread.\n\nApprentice baker, Rye & Co\n\
            2016 - 2018\nWashed tins.\n";
        let periods = Dates::read(text, Month { year: 2026, month: 11 }).periods;
        let place = |name: &str| text.find(name).map(|at| (at..at + name.len(), None)).unwrap();
        let jobs = read(text, &periods, &[place("Baker"), place("Apprentice baker")]);
        let told: Vec<&str> = jobs.iter().map(|job| text[job.bytes.clone()].trim()).collect();
        assert_eq!(told.len(), 2);
        assert!(
            told[0].starts_with("Baker, Old Mill") && told[0].ends_with("Baked bread."),
            "{told:?}"
        );
        assert!(
            told[1].starts_with("Apprentice") && told[1].ends_with("Washed tins."),
            "{told:?}"
        );
        assert_eq!([jobs[0].rank, jobs[1].rank], [Rank::Full, Rank::Learner]);
    }

    #[test]
    fn each_month_counts_once_with_its_highest_credit() {
        let job = |months: Range<u32>| HeldJob {
            bytes: 0..0,
            months,
            title: None,
            rank: Rank::Full,
        };
        let jobs = [job(0..24), job(12..36), job(100..112)];
        assert!((credited_years(&jobs, &[1.0, 1.0, 1.0]) - 4.0).abs() < 1e-9);
        assert!((credited_years(&jobs, &[0.5, 1.0, 0.0]) - 2.5).abs() < 1e-9);
        assert!((credited_years(&jobs, &[1.0, 0.5, 0.25]) - 2.75).abs() < 1e-9);
        assert_eq!(credited_years(&[], &[]), 0.0);
    }
}
