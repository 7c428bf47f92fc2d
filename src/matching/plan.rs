//! A pair of texts on its way to a score: parsed, then encoded by the caller, then scored.

use std::sync::Arc;

use super::encoding_texts::Texts;
use super::error::VectorsMismatch;
use super::evidence::Pair;
use super::job::Job;
use super::kept_match::KeptMatch;
use super::lexicon::Lexicon;
use super::month::Month;
use super::result::ResumeMatch;
use super::resume::Resume;
use super::scoring::Scoring;
use super::similarity::Language;
use super::weights::Weights;
use crate::inference::Text;

/// A parsed resume and posting, waiting for the embeddings of their texts.
#[derive(Debug)]
pub struct Plan {
    resume: Arc<Resume>,
    job: Arc<Job>,
    texts: Vec<Text>,
    /// Indices in `texts` of the resume's texts; those that are not compared are not encoded.
    resume_places: Vec<Option<usize>>,
    /// Indices in `texts` of the posting's texts; the label of a skill that the resume names is not encoded.
    job_places: Vec<Option<usize>>,
    weights: Arc<Weights>,
    language: Arc<Language>,
}

impl Plan {
    /// Parses both texts. `today` is the end of jobs that continue. Takes time linear in the texts.
    #[must_use]
    pub fn new(lexicon: &Lexicon, resume: &str, job: &str, today: Month) -> Self {
        let (resume, job) = rayon::join(|| Resume::read(lexicon, resume, today), || Job::read(lexicon, job));
        Self::of(lexicon, Arc::new(resume), Arc::new(job))
    }

    /// A pair of parsed texts, each of which may be part of many pairs.
    #[must_use]
    pub fn of(lexicon: &Lexicon, resume: Arc<Resume>, job: Arc<Job>) -> Self {
        let needed = needed(&resume, &job);
        let mut texts = Texts::default();
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

    /// Sets the weights. The must-haves are set in the posting by [`Scoring::apply`].
    #[must_use]
    pub fn weighted(mut self, scoring: &Scoring) -> Self {
        self.weights = Arc::clone(&scoring.weights);
        self
    }

    /// The texts to encode: without duplicates, at most 256 word pieces each, without identifying data.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        &self.texts
    }

    /// Scores the pair. `vectors` are the embeddings of [`Plan::texts`] in their order, each of unit length.
    ///
    /// # Errors
    /// The number of vectors differs from that of the texts, or their dimensions differ.
    pub fn score<V: AsRef<[f32]>>(&self, vectors: &[V]) -> Result<ResumeMatch, VectorsMismatch> {
        Ok(self.pair(vectors)?.score())
    }

    /// Scores the pair, and returns what it can be scored again from.
    ///
    /// # Errors
    /// As [`Self::score`].
    pub fn score_and_keep<V: AsRef<[f32]>>(&self, vectors: &[V]) -> Result<(ResumeMatch, KeptMatch), VectorsMismatch> {
        let pair = self.pair(vectors)?;
        let pasted = pair.pasted();
        let measured = pair.measure(&pasted);
        let result = pair.report(&measured, &pasted);
        let scoring = Scoring {
            weights: Arc::clone(&self.weights),
            overrides: self.job.overrides.as_slice().into(),
        };
        let kept = KeptMatch::new(&self.resume, &self.job, scoring, measured);
        Ok((result, kept))
    }

    #[expect(clippy::type_complexity, reason = "the two closures have no names")]
    fn pair<'a, V: AsRef<[f32]>>(
        &'a self,
        vectors: &'a [V],
    ) -> Result<Pair<'a, impl Fn(usize) -> &'a [f32], impl Fn(usize) -> Option<&'a [f32]>>, VectorsMismatch> {
        let size = vectors.first().map_or(0, |vector| vector.as_ref().len());
        if vectors.len() != self.texts.len() || vectors.iter().any(|vector| vector.as_ref().len() != size) {
            return Err(VectorsMismatch {
                texts: self.texts.len(),
                vectors: vectors.len(),
            });
        }
        Ok(Pair {
            resume: &self.resume,
            job: &self.job,
            weights: &self.weights,
            language: &self.language,
            resume_vector: move |text: usize| {
                let place = self.resume_places[text];
                place.map_or(&[][..], |place| vectors[place].as_ref())
            },
            job_vector: move |text: usize| self.job_places[text].map(|place| vectors[place].as_ref()),
        })
    }
}

/// Which texts of the posting are compared with the resume: labels of skills that it names are not.
fn needed(resume: &Resume, job: &Job) -> Vec<bool> {
    let mut needed = vec![false; job.texts().len()];
    job.compared().for_each(|text| needed[text] = true);
    for wanted in &job.skills {
        if let Some(text) = wanted.text.filter(|_| resume.named(wanted).is_empty()) {
            needed[text] = true;
        }
    }
    needed
}
