//! The titles and the jobs of a resume, and which job a sentence tells of.

use std::ops::Range;

use super::super::date::Period;
use super::super::encoding_texts::{Texts, Title};
use super::super::english::SectionKind;
use super::super::jobs_held::{self, HeldJob};
use super::super::sections::Sentence;

/// Older titles say little about the current occupation.
const MOST_TITLES: usize = 6;

/// The titles of the head and of the latest jobs.
pub(super) fn titles_of(clean: &str, places: &[Range<usize>], texts: &mut Texts) -> Vec<Title> {
    let mut found = Vec::new();
    for title in places {
        let title = texts.add_title(&clean[title.clone()]);
        if !found.contains(&title) {
            found.push(title);
        }
        if found.len() == MOST_TITLES {
            break;
        }
    }
    found
}

/// The dated jobs with their titles, of which those that are not compared are none.
pub(super) fn held_jobs(
    clean: &str,
    periods: &[Period],
    places: impl Iterator<Item = Range<usize>>,
    texts: &Texts,
) -> Vec<HeldJob> {
    let places: Vec<_> = places
        .map(|place| {
            let title = texts.title(&clean[place.clone()]);
            (place, title)
        })
        .collect();
    jobs_held::read(clean, periods, &places)
}

/// The index of the job that a sentence tells of; `None` under a heading of its own, such as that of skills.
pub(super) fn job_of(jobs: &[HeldJob], sentence: &Sentence) -> Option<usize> {
    let apart = matches!(
        sentence.section,
        SectionKind::Summary | SectionKind::Education | SectionKind::Skills | SectionKind::Aside
    );
    let job = jobs.iter().rposition(|job| job.bytes.start <= sentence.bytes.start);
    job.filter(|_| !apart)
}
