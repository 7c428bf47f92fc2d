//! What the sentences of a resume are compared with: a task of a requirement, or the label of a skill.

use super::english::SectionKind;
use super::job::Job;
use super::licence::Licence;
use super::resume::Evidence;
use super::span::ratio;
use super::weights::{Ramp, Weights};
use super::words::{self, Word};

/// Shorter words of other languages than English are mostly articles, pronouns and the like.
const TELLING_BYTES: usize = 6;

/// A text of the posting that a sentence may support.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// The index of the text.
    pub(super) text: usize,
    /// The licence or certificate that a supporting sentence has to name.
    licence: Option<&'a Licence>,
    /// The words of which a supporting sentence has to have one, by their stems; empty if it needs none.
    words: &'a [u64],
    /// Whether it asks for schooling as well, or accepts it in place of the licence.
    schooled: bool,
    /// Whether it is a task, which no degree or certificate shows.
    duty: bool,
    /// What a similarity is worth.
    pub(super) ramp: Ramp,
}

impl<'a> Question<'a> {
    /// The label of a skill, given by its index, unless requirements or its name alone show it.
    pub(super) fn skill(job: &'a Job, skill: usize, weights: &Weights) -> Option<Self> {
        let mut lines = job.requirements.iter();
        let named = lines.find(|one| one.licence.is_some() && one.skills.iter().flatten().any(|named| *named == skill));
        Some(Self {
            text: job.skills[skill].text?,
            licence: named
                .and_then(|one| one.licence.as_ref())
                .filter(|licence| licence.only),
            words: job.skills[skill].showing.words(),
            schooled: false,
            duty: false,
            ramp: weights.skills.near,
        })
    }

    /// The tasks of all requirements, in order.
    pub(super) fn all(job: &'a Job, weights: &Weights) -> Vec<Self> {
        let tasks = job.requirements.iter().flat_map(|one| {
            one.texts.iter().map(|&text| Self {
                text,
                licence: one.licence.as_ref().filter(|licence| licence.only),
                words: &[],
                schooled: one.degree.is_some(),
                duty: one.duty,
                // Who has the occupation does most of what it consists of, but few of the extras.
                ramp: if one.extra {
                    weights.requirements.extra
                } else {
                    weights.requirements.similarity
                },
            })
        });
        tasks.collect()
    }

    /// Whether the sentence, with these words, can support it.
    pub(super) fn admits(self, sentence: &Evidence, words: &[Word]) -> bool {
        let schooling = sentence.section == SectionKind::Education && !self.schooled;
        let counts = |at: usize| sentence.credit(sentence.words.start + at) > 0.0;
        let named = |licence: &Licence| !sentence.titled && licence.is_named(words, schooling, counts);
        let has_word = || self.words.is_empty() || words.iter().any(|word| self.words.contains(&word.stem));
        !(self.duty && sentence.states) && self.licence.is_none_or(named) && has_word()
    }

    /// Whether the sentence only claims it: what a summary says of a task has the credit of a list.
    pub(super) fn is_claimed(self, sentence: &Evidence) -> bool {
        self.duty && sentence.section == SectionKind::Summary
    }
}

/// The sentence that best supports a requirement or skill.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Support {
    pub(super) likeness: f64,
    /// The credit, 0 to 1; less in a list.
    pub(super) worth: f64,
    /// The share of a sentence that tells of the person's own, finished work; less for what was assisted with or seen.
    pub(super) credit: f64,
    pub(super) sentence: Option<usize>,
    pub(super) list: bool,
}

impl Support {
    /// The better one. Most sentences get no credit; of those, the most similar is used.
    pub(super) fn better(self, other: Self) -> Self {
        if (other.worth, other.likeness) > (self.worth, self.likeness) {
            other
        } else {
            self
        }
    }

    /// The support for all tasks of a requirement: the best sentence, with the average credit, of which `all` is the
    /// weight, and that of the best task.
    pub(super) fn together(tasks: &[Self], all: f64) -> Self {
        let most = tasks.iter().map(|task| task.worth).fold(0.0, f64::max);
        let average = tasks.iter().map(|task| task.worth).sum::<f64>() / ratio(tasks.len().max(1), 1);
        let best = tasks.iter().copied().reduce(Self::better).unwrap_or_default();
        Self {
            worth: all * average + (1.0 - all) * most,
            ..best
        }
    }
}

/// The stems of the long words of a text.
pub(super) fn telling(text: &str) -> Vec<u64> {
    let words = words::words(text).into_iter();
    let long = words.filter(|word| word.subject && word.bytes.len() >= TELLING_BYTES);
    long.map(|word| word.stem).collect()
}

/// How many of the long words of a text are among these words, 0 to 1: 1 if all of them are, or three.
pub(super) fn shared_words(words: &[Word], telling: &[u64]) -> f32 {
    let found = telling
        .iter()
        .filter(|&&stem| words.iter().any(|word| word.stem == stem));
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let share = ratio(found.count(), telling.len().clamp(1, 3)) as f32;
    share.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::matched;
    use super::*;

    /// Whether the requirement is met, and by what.
    fn met(asked: &str, told: &str) -> (bool, Option<String>) {
        let job = format!("Teacher\n\nRequirements\n- {asked}\n- Knows how to keep bees and to bottle honey\n");
        let resume = format!(
            "Quill Placeholder\n\nExperience\nTeacher, Oak School, 2015 - 2020\n- Planned lessons for thirty pupils.\n- {told}\n"
        );
        let found = matched(&resume, &job);
        let one = found.requirements.iter().find(|one| one.text.contains(asked)).unwrap();
        (one.met, one.evidence.as_ref().map(|span| span.text.clone()))
    }

    #[test]
    fn a_licence_is_met_by_its_names_alone() {
        for (asked, told, want) in [
            ("QTS", "Qualified teacher status since 2014", true),
            ("QTS", "Ran the choir and the bees", false),
            ("Valid driver's licence", "Full UK driving licence", true),
            (
                "Valid driver's licence",
                "I am not a licensed driver, no driving licence yet",
                false,
            ),
            (
                "Non-medical prescriber (V300)",
                "Link nurse for infection control",
                false,
            ),
            (
                "Texas RN license",
                "Care for residents under the supervision of the RN",
                false,
            ),
            ("Texas RN license", "Registered nurse, multistate license", true),
            ("RN required", "Worked with RNs and doctors", false),
            ("RN required", "Worked with doctors as an RN", true),
            ("CPA required", "Worked with the CPA on the year end", false),
            ("PE license", "Reported to the PE on all drawings", false),
            ("Gas Safe registered", "Booked jobs for the Gas Safe engineers", false),
            ("Active Ohio RDH license", "Ohio cosmetology license", false),
            ("Active Ohio RDH license", "RDH in two practices", true),
            (
                "Manual C class driver's licence",
                "Automatic driver's licence (C class)",
                false,
            ),
            ("Manual C class driver's licence", "Car licence (manual)", true),
            ("CDL Class A required", "Class B CDL", false),
            ("CDL Class A required", "CDL", false),
            ("CDL Class A required", "Class A CDL", true),
            ("OSHA 30", "OSHA-10 card", false),
            ("OSHA 30", "OSHA 30-hour card", true),
            ("BLS certification", "BLS (AHA) exp. 2/2024", false),
            ("BLS certification", "BLS (AHA), expires Feb 2024", false),
            ("BLS certification", "BLS (AHA) exp. 2/2099", true),
            ("PMP certification", "Studying towards PMP", false),
            ("PMP certification", "PMP (planned 2027)", false),
            ("PMP certification", "PMP since 2017", true),
            (
                "Driver licence and Working With Children Check",
                "Full driving licence",
                false,
            ),
            (
                "Driver licence and Working With Children Check",
                "Driving licence, WWCC",
                true,
            ),
        ] {
            let (found, evidence) = met(asked, told);
            assert_eq!(found, want, "{asked} / {told}: {evidence:?}");
            assert!(
                !found || evidence.is_some_and(|text| told.contains(text.trim())),
                "{asked}"
            );
        }
    }

    #[test]
    fn tasks_count_by_their_average_and_show_the_best() {
        let task = |worth: f64, sentence: usize| Support {
            likeness: worth,
            worth,
            credit: 1.0,
            sentence: Some(sentence),
            list: false,
        };
        let tasks = [task(1.0, 3), task(0.0, 1), task(0.5, 2)];
        for (all, worth) in [(1.0, 0.5), (0.5, 0.75), (0.0, 1.0)] {
            let found = Support::together(&tasks, all);
            assert_eq!((found.worth, found.sentence), (worth, Some(3)));
        }
        assert_eq!(Support::together(&[], 0.5).worth, 0.0);
    }
}
