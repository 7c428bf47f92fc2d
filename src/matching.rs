//! Matches a resume with a posting: a score that adds up, evidence for every claim, and what is missing.
//!
//! The GraphQL field `matchResume` and `portcullis match` call it in three steps, because this part is pure and the
//! encoder is not: [`Plan::new`] reads both texts and says what must be encoded, the caller encodes it, and
//! [`Plan::score`] does the rest. The order inside: identity is blanked (`redact`), sections and sentences are found
//! (`sections`), skills by the `lexicon`, the posting's requirements (`job`), the resume's sentences, years and
//! degrees (`resume`, `background`), copies of the posting in the resume (`pastes`), and then the `score`.
//!
//! A score is a proxy for a careful reading, not a prediction of who will be hired.

mod alike;
mod background;
mod compare;
mod context;
mod english;
pub mod eval;
mod gist;
mod job;
mod lexicon;
mod measure;
mod pastes;
mod redact;
mod report;
mod result;
mod resume;
mod score;
mod sections;
mod span;
mod texts;
mod weights;
mod words;

use std::sync::Arc;

pub use compare::{Known, compare, scores};
pub use english::SectionKind;
pub use gist::{Terms, terms};
pub use job::Job;
pub use lexicon::{Lexicon, LexiconError};
pub use result::{
    ComponentKind, Education, Experience, Gap, GapKind, Highlight, HighlightKind, Occupation, RequirementMatch,
    ResumeMatch, ScoreComponent, Section, Skill, SkillGap, SkillMatch, SkillReport, TextSpan,
};
pub use resume::Resume;

use crate::inference::Text;

/// A month of a year: what "present" in a resume means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// The year, AD.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: &impl chrono::Datelike) -> Self {
        Self {
            year: u32::try_from(day.year()).unwrap_or(0),
            month: day.month(),
        }
    }

    /// Months since year 0.
    fn index(self) -> u32 {
        self.year * 12 + self.month.max(1) - 1
    }
}

/// A resume and a posting that were read and wait for the vectors of their texts.
#[derive(Debug)]
pub struct Plan {
    resume: Arc<Resume>,
    job: Arc<Job>,
    texts: Vec<Text>,
    /// Places in `texts` of the resume's texts; those that are not compared are not encoded.
    resume_places: Vec<Option<usize>>,
    /// Places in `texts` of the posting's texts; the label of a skill that the resume names is not encoded.
    job_places: Vec<Option<usize>>,
    weights: Arc<weights::Weights>,
    language: Arc<alike::Language>,
}

/// The vectors given to [`Plan::score`] are not those of its texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{texts} texts need as many vectors of one length, got {vectors}")]
pub struct VectorsMismatch {
    /// How many texts there were to encode.
    pub texts: usize,
    /// How many vectors came back.
    pub vectors: usize,
}

impl Plan {
    /// Reads both texts. `today` is where a job that goes on ends. Costs time linear in the texts.
    #[must_use]
    pub fn new(lexicon: &Lexicon, resume: &str, job: &str, today: Month) -> Self {
        let resume = Resume::read(lexicon, resume, today);
        Self::of(lexicon, Arc::new(resume), Arc::new(Job::read(lexicon, job)))
    }

    /// A pair whose texts are read already: either of them may be part of many pairs.
    #[must_use]
    pub fn of(lexicon: &Lexicon, resume: Arc<Resume>, job: Arc<Job>) -> Self {
        let needed = needed(&resume, &job);
        let mut texts = texts::Texts::default();
        let mut compared = vec![false; resume.texts().len()];
        resume.compared().for_each(|text| compared[text] = true);
        let mut places = |all: &[Text], compared: Vec<bool>| {
            let all = all.iter().zip(compared);
            all.map(|(text, compared)| compared.then(|| texts.add_as(text, text.role())))
                .collect()
        };
        let resume_places = places(resume.texts(), compared);
        let job_places = places(job.texts(), needed);
        Self {
            texts: texts.all().to_vec(),
            resume_places,
            job_places,
            weights: Arc::clone(&lexicon.weights),
            language: Arc::clone(&lexicon.language),
            resume,
            job,
        }
    }

    /// What must be encoded: each text once, none above 256 word pieces, nothing of the person's identity.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        &self.texts
    }

    /// Scores the pair. `vectors` are those of [`Plan::texts`] in their order, each of length 1.
    ///
    /// # Errors
    /// When they are more or fewer than the texts, or of different dimensions.
    pub fn score<V: AsRef<[f32]>>(&self, vectors: &[V]) -> Result<ResumeMatch, VectorsMismatch> {
        let size = vectors.first().map_or(0, |vector| vector.as_ref().len());
        if vectors.len() != self.texts.len() || vectors.iter().any(|vector| vector.as_ref().len() != size) {
            return Err(VectorsMismatch {
                texts: self.texts.len(),
                vectors: vectors.len(),
            });
        }
        let pair = measure::Pair {
            resume: &self.resume,
            job: &self.job,
            weights: &self.weights,
            language: &self.language,
            resume_vector: |text: usize| {
                let place = self.resume_places[text];
                place.map_or(&[][..], |place| vectors[place].as_ref())
            },
            job_vector: |text: usize| self.job_places[text].map(|place| vectors[place].as_ref()),
        };
        Ok(pair.score())
    }
}

/// Which of the posting's texts a resume is compared with: the label of a skill that it names is not.
fn needed(resume: &Resume, job: &Job) -> Vec<bool> {
    let mut needed = vec![false; job.texts().len()];
    job.compared().for_each(|text| needed[text] = true);
    for wanted in &job.skills {
        needed[wanted.text] |= !resume.labels.contains_key(&wanted.skill);
    }
    needed
}

#[cfg(test)]
mod tests;
