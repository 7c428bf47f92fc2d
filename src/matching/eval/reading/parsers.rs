//! What the evaluation takes from parsed resumes and postings. All offsets are bytes of the text that was parsed.

use std::ops::Range;

use crate::matching::education;
use crate::matching::span::TextSpan;
use crate::matching::{Job, Resume};

/// The sentences of a resume with the kind of their section, as in the schema.
pub(super) fn sentences(resume: &Resume) -> Vec<(Range<usize>, String)> {
    let bytes = Bytes::new(&resume.text);
    let sentences = resume.sentences.iter();
    sentences
        .map(|sentence| {
            let plain = resume.places.original(&sentence.bytes);
            let span = resume.utf16.span(&resume.text, &plain);
            (bytes.of(&span), name(&sentence.section))
        })
        .collect()
}

/// The years of experience.
pub(super) fn years(resume: &Resume) -> Option<f64> {
    resume.years
}

/// The rank of the highest degree; 0 if none is found.
pub(super) fn degree(resume: &Resume) -> u8 {
    education::highest(&resume.degrees).map_or(0, |held| held.level)
}

/// The occupations, the most important one first.
pub(super) fn titles(resume: &Resume) -> Vec<String> {
    let texts = resume.texts();
    let titles = resume.titles.iter();
    titles.map(|title| texts[title.as_title].trim().to_owned()).collect()
}

/// The blanked spans.
pub(super) fn redactions(resume: &Resume) -> Vec<Range<usize>> {
    let bytes = Bytes::new(&resume.text);
    let spans = resume.redactions.iter();
    spans
        .map(|plain| bytes.of(&resume.utf16.span(&resume.text, plain)))
        .collect()
}

/// The lines of a posting with their kinds, as in the schema.
pub(super) fn lines(job: &Job) -> Vec<(Range<usize>, String)> {
    let bytes = Bytes::new(&job.text);
    let lines = job.lines.iter();
    lines
        .map(|(kind, plain)| (bytes.of(&job.utf16.span(&job.text, plain)), name(kind)))
        .collect()
}

/// The byte of each UTF-16 code unit of a text.
struct Bytes(Vec<usize>);

impl Bytes {
    fn new(text: &str) -> Self {
        let units = text
            .char_indices()
            .flat_map(|(at, c)| std::iter::repeat_n(at, c.len_utf16()));
        Self(units.chain([text.len()]).collect())
    }

    fn of(&self, span: &TextSpan) -> Range<usize> {
        let at = |unit: usize| self.0.get(unit).or(self.0.last()).copied().unwrap_or_default();
        at(span.start)..at(span.end)
    }
}

fn name(kind: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
