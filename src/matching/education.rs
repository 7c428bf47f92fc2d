//! The degrees that a resume shows as completed.

mod partial;

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::date::Dates;
use super::degrees::subject::{self, Subjects};
use super::degrees::{self, Degree};
use super::english::SectionKind;
use super::month::Month;

/// The lists of `education.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    towards: Vec<String>,
    unfinished: Vec<String>,
}

/// The number of sentences below a degree that may name its subject.
const SUBJECT_WITHIN: usize = 2;
/// The number of bytes of a note in brackets.
const MOST_OF_NOTE: usize = 12;

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("education.toml")).expect("education.toml is valid"));

/// A degree that a resume shows as completed.
#[derive(Debug, Clone)]
pub(super) struct HeldDegree {
    /// 1 school, 2 vocational or associate, 3 bachelor, 4 master, 5 doctorate.
    pub(super) level: u8,
    /// The grade of a vocational one: 3 for `NVQ Level 3`; `None` if it tells none.
    pub(super) grade: Option<u8>,
    pub(super) subjects: Subjects,
    /// The sentence that names it.
    pub(super) bytes: Range<usize>,
}

/// The degrees of the education section, or of the whole text if there is none, in text order.
pub(super) fn degrees(text: &str, sentences: &[(Range<usize>, SectionKind)], today: Month) -> Vec<HeldDegree> {
    let has_section = sentences.iter().any(|(_, section)| *section == SectionKind::Education);
    // Each with the index of its sentence.
    let mut held: Vec<(usize, Degree)> = Vec::new();
    for (at, (bytes, section)) in sentences.iter().enumerate() {
        let education = *section == SectionKind::Education;
        let counts = match section {
            SectionKind::Aside => false,
            SectionKind::Education | SectionKind::Head | SectionKind::Summary => true,
            _ => !has_section,
        };
        if !counts {
            continue;
        }
        let sentence = &text[bytes.start..with_note(text, bytes.end)];
        let found = degrees::find(sentence, education);
        if found.is_empty() {
            // `Expected May 2027` below the degree. The dates of a job below it are those of the job.
            let short = sentence.split_whitespace().count() <= 8;
            let near = |last: usize| last + 2 >= at && sentences[last].1 == *section;
            let dated = |last: usize| {
                let own = Dates::read(&text[sentences[last].0.clone()], today);
                !own.dates.is_empty() || !own.periods.is_empty()
            };
            if short
                && (*section != SectionKind::Experience || is_expected(sentence))
                && held
                    .last()
                    .is_some_and(|(last, _)| near(*last) && (!dated(*last) || is_expected(sentence)))
                && unfinished(sentence, &[], today).is_some()
            {
                held.pop();
            }
            continue;
        }
        let without = unfinished(sentence, &found, today).unwrap_or_default();
        let completed = found.into_iter().enumerate().filter(|(one, _)| !without.contains(one));
        held.extend(completed.map(|(_, degree)| (at, degree)));
    }
    let with_subjects = |(at, degree): (usize, Degree)| {
        let (bytes, section) = &sentences[at];
        let below = sentences[at + 1..].iter().take_while(|(_, other)| other == section);
        let below = below.take(SUBJECT_WITHIN).map(|(bytes, _)| &text[bytes.clone()]);
        HeldDegree {
            level: degree.level,
            grade: degree.grade,
            subjects: subject::held(&text[bytes.start..with_note(text, bytes.end)], &degree, below),
            bytes: bytes.clone(),
        }
    };
    held.into_iter().map(with_subjects).collect()
}

/// The end of a note in brackets behind a sentence, which may belong to its last word: `Dipl.-Ing. (FH)`.
fn with_note(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let open = rest.trim_start_matches(' ');
    let close = open.find(')').filter(|_| open.starts_with('('));
    let length = close.filter(|&close| close <= MOST_OF_NOTE && !open[..close].contains('\n'));
    length.map_or(end, |close| end + (rest.len() - open.len()) + close + 1)
}

/// The highest of these degrees, and the first of several.
pub(super) fn highest(held: &[HeldDegree]) -> Option<&HeldDegree> {
    held.iter()
        .reduce(|best, other| if other.level > best.level { other } else { best })
}

/// The indices of the degrees of a sentence that are not completed; `None` if it says nothing of the kind.
fn unfinished(sentence: &str, found: &[Degree], today: Month) -> Option<Vec<usize>> {
    let low = sentence.to_lowercase();
    let same = low.len() == sentence.len();
    let mut without: Option<Vec<usize>> = None;
    let mut mark = |one: Option<usize>| without.get_or_insert_default().extend(one);
    if same {
        for cue in &VOCABULARY.unfinished {
            for (at, _) in low.match_indices(cue.as_str()) {
                mark(nearest(found, at, true));
            }
        }
        for at in partial::left(&low) {
            mark(nearest(found, at, true));
        }
        for one in partial::years(&low, found) {
            mark(Some(one));
        }
        for cue in &VOCABULARY.towards {
            for (at, _) in low.match_indices(cue.as_str()) {
                let starts = !low[..at].ends_with(char::is_alphanumeric);
                let next = found.iter().position(|degree| degree.bytes.start >= at);
                // The cue and the degree are in one phrase.
                let near = next.filter(|&next| {
                    !low[at..found[next].bytes.start].contains([',', ';', '(', ')', ':', '\n']) && starts
                });
                if near.is_some() {
                    mark(near);
                }
            }
        }
    }
    let dates = Dates::read(sentence, today);
    let later = dates
        .dates
        .iter()
        .filter(|date| date.months.start > today.index())
        .map(|date| date.bytes.start);
    let open = dates.periods.iter().filter(|period| period.ongoing);
    for at in later.chain(open.map(|period| period.bytes.start)) {
        mark(nearest(found, at, true));
    }
    without
}

/// The degree before a position, or the first after it.
fn nearest(found: &[Degree], at: usize, before: bool) -> Option<usize> {
    let last = found
        .iter()
        .rposition(|degree| degree.bytes.start <= at)
        .filter(|_| before);
    last.or_else(|| found.iter().position(|degree| degree.bytes.start > at))
}

/// Whether a text says that something is yet to come, as no job is: `Expected May 2027`.
fn is_expected(text: &str) -> bool {
    let low = text.to_lowercase();
    ["anticipated", "expected", "graduating"]
        .iter()
        .any(|word| low.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Month = Month { year: 2026, month: 11 };

    fn highest_level(lines: &[&str]) -> u8 {
        let lines: Vec<_> = lines.iter().map(|line| (*line, SectionKind::Education)).collect();
        highest_of(&lines)
    }

    fn highest_of(lines: &[(&str, SectionKind)]) -> u8 {
        let text: Vec<&str> = lines.iter().map(|(line, _)| *line).collect();
        let mut at = 0;
        let sentences: Vec<_> = lines
            .iter()
            .map(|(line, section)| {
                let bytes = at..at + line.len();
                at = bytes.end + 1;
                (bytes, *section)
            })
            .collect();
        highest(&degrees(&text.join("\n"), &sentences, TODAY)).map_or(0, |held| held.level)
    }

    /// Whatever the section of the degree and the dates of the current job.
    #[test]
    fn the_dates_of_a_current_job_are_not_those_of_a_degree() {
        for section in [SectionKind::Head, SectionKind::Summary, SectionKind::Experience] {
            for dates in ["Aug 2021 - now", "2019 - present", "since 2020"] {
                for degree in ["NVQ 2 Barbering", "I hold a BSc in Physics"] {
                    let lines = [(degree, section), (dates, SectionKind::Experience)];
                    assert!(highest_of(&lines) >= 2, "{lines:?}");
                }
            }
        }
        for dates in ["Expected May 2027", "2024 - present"] {
            assert_eq!(highest_level(&["BSc Physics", dates]), 0, "{dates}");
        }
        let below = ["BSc Physics", "Expected May 2027"].map(|line| (line, SectionKind::Experience));
        assert_eq!(highest_of(&below), 0, "no job is expected");
    }

    #[test]
    fn degrees_in_progress_are_not_held() {
        for (lines, want) in [
            (&["BSc Physics, Lanewick University, 2014"][..], 3),
            (&["BSc Physics, Lanewick University, 2010 - 2014"], 3),
            (&["MSc Physics, expected 2027", "BSc Physics, 2014"], 3),
            (&["MSc Physics", "Expected May 2027", "BSc Physics", "2014"], 3),
            (&["MSc Physics, 2025 - present", "BSc Physics, 2021 - 2025"], 3),
            (&["BSc Physics, May 2027"], 0),
            (&["BSc Physics, 2013", "Office manager, Oak Ltd, 2018 - present"], 3),
            (&["BSc Physics, 2013", "Oak Ltd (since 2018)"], 3),
            (&["BSc Physics, 2023", "Expected 2027"], 0),
            (&["Pursuing an MBA", "BCom, 2019"], 3),
            (&["MBA (expected 2027), BSc Physics 2015"], 3),
            (&["PhD candidate, Lanewick", "MA History"], 4),
            (&["Currently enrolled in a Master of Science program", "BA History"], 3),
            (&["Coursework in Business Administration", "High School Diploma"], 1),
            (&["Some College (No Degree)"], 0),
            (&["M.D., Lanewick, 2014"], 5),
            (&["Course in welding, Boston, MA, 2014"], 0),
            (&["Master in Civil Engineering, Lanewick, 2014"], 4),
            (&["Lanewick University", "B.E. Civil Engineering"], 3),
            (&["MBA (pursuing)", "BCom, 2019"], 3),
            (&["MBA dropout", "BCom, 2019"], 3),
            (&["Started a PhD, left after a year", "BSc Physics, 2014"], 3),
            (&["BA History - 2 years, left"], 0),
            (&["BTech Civil, withdrew in 2014"], 0),
            (&["Studied up to 2nd year BCom"], 0),
            (&["B.Com 2nd year (discontinued)"], 0),
            (&["BTech (CSE) - 3rd year"], 0),
            (&["Final year of my BSc Nursing"], 0),
            (&["BSc Physics, final year project on lasers, 2014"], 3),
            (&["BSc Physics, 1st year 65%, 2nd year 70%, 3rd year 72%"], 3),
            (&["BSc Physics, prize for the best paper in final year, 2014"], 3),
            (&["5 GCSEs, left school at 16"], 1),
            (&["BA Fine Art, left-handed drawing, 2014"], 3),
            (&["BS 7671 course", "BS EN 1090 welding procedures course"], 0),
            (&["BS 2010, Ohio State University"], 3),
            (&["Reporting to the HSC board"], 0),
            (&["HSC, Pune Board, 2009"], 1),
            (&["Class XII, ISC, 2008"], 1),
            (&["10th Std, State Board, 2004"], 1),
            (&["Plus Two (Science), Kerala HSE, 2007"], 1),
            (&["Специалист, экономика, МГУ, 2007"], 4),
            (&["Inginer diplomat, Universitatea Politehnica București, 2005"], 3),
            (&["S1 Akuntansi, Universitas Indonesia, 2011"], 3),
            (&["SMA Negeri 3 Bandung, 2006"], 1),
            (&["Πτυχίο Λογιστικής, ΤΕΙ Αθήνας, 2006"], 3),
            (&["D.E.C. in Nursing, Dawson College"], 2),
            (&["BCom 2019, pursuing an MBA"], 3),
            (&["BA History - 2 years, left for family reasons"], 0),
            (&["Bachelor of Commerce, 60 credits completed"], 0),
            (&["Certificate III in Hairdressing, due to finish February 2027"], 0),
            (&["Informatik Bachelor Nicht abgeschlossen"], 0),
            (&["Ingenieria en Comercio Internacional, 2014 - 2018"], 3),
            (&["Bachlor Of Engineering, 2011 - 2015"], 3),
        ] {
            assert_eq!(highest_level(lines), want, "{lines:?}");
        }
    }
}
