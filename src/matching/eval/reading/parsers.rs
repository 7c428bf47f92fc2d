//! What the evaluation takes from parsed resumes and postings.

use std::ops::Range;

use crate::matching::{Job, Resume};

/// The sentences of a resume with the kind of their section, as in the schema.
pub(super) fn sentences(resume: &Resume) -> Vec<(Range<usize>, String)> {
    let sentences = resume.sentences.iter();
    sentences
        .map(|sentence| (sentence.bytes.clone(), name(&sentence.section)))
        .collect()
}

/// The years of experience.
pub(super) fn years(resume: &Resume) -> Option<f64> {
    resume.years
}

/// The rank of the highest degree; 0 if none is found.
pub(super) fn degree(resume: &Resume) -> u8 {
    resume.degree
}

/// The occupations, the most important one first.
pub(super) fn titles(resume: &Resume) -> Vec<String> {
    let texts = resume.texts();
    let titles = resume.titles.iter();
    titles.map(|title| texts[title.as_title].trim().to_owned()).collect()
}

/// The blanked spans.
pub(super) fn redactions(resume: &Resume) -> Vec<Range<usize>> {
    resume.redactions.clone()
}

/// The lines of a posting with their kinds, as in the schema.
pub(super) fn lines(job: &Job) -> Vec<(Range<usize>, String)> {
    let lines = job.requirements.iter();
    lines
        .map(|line| {
            let kind = match line.need {
                crate::matching::job::Need::Must => "MUST_HAVE",
                crate::matching::job::Need::Nice => "NICE_TO_HAVE",
                crate::matching::job::Need::Duty => "DUTY",
            };
            (line.bytes.clone(), kind.to_owned())
        })
        .collect()
}

fn name(kind: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
