//! Scoring of a pair whose embeddings are all known, such as a resume and a job of the catalogue, without a plan.

use rayon::prelude::*;

use super::error::VectorsMismatch;
use super::evidence::Pair;
use super::job::Job;
use super::lexicon::Lexicon;
use super::result::ResumeMatch;
use super::resume::Resume;
use super::scoring::Scoring;

/// A text with the embeddings of all its texts.
#[derive(Debug)]
pub struct EncodedText<'a, T, V> {
    /// A [`Resume`] or a [`Job`].
    pub text: &'a T,
    /// The embeddings of its `texts()`, in their order, each of unit length.
    pub vectors: &'a [V],
}

impl<T, V> Clone for EncodedText<'_, T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, V> Copy for EncodedText<'_, T, V> {}

/// The scores of a resume against each of these postings, in their order, without reasons; used for rankings. Runs on
/// all cores.
///
/// # Errors
/// The embeddings do not belong to the texts.
pub fn scores<V: AsRef<[f32]> + Sync>(
    lexicon: &Lexicon,
    scoring: &Scoring,
    resume: EncodedText<'_, Resume, V>,
    jobs: &[EncodedText<'_, Job, V>],
) -> Result<Vec<f64>, VectorsMismatch> {
    let Some(first) = jobs.first() else {
        return Ok(Vec::new());
    };
    check(resume, *first)?;
    // Here, so that not every thread computes it.
    let of_resume = resume.vectors.iter().map(AsRef::as_ref).collect::<Vec<_>>();
    resume
        .text
        .texts
        .read(&lexicon.language, |text| of_resume.get(text).copied());
    let score = |job: &EncodedText<'_, Job, V>| {
        check(resume, *job)?;
        Ok(pair(lexicon, scoring, resume, *job).value())
    };
    jobs.par_iter().map(score).collect()
}

/// The match, equal to [`Plan::score`](super::plan::Plan::score) for these embeddings.
///
/// # Errors
/// The embeddings do not belong to the texts.
pub fn compare<V: AsRef<[f32]>>(
    lexicon: &Lexicon,
    scoring: &Scoring,
    resume: EncodedText<'_, Resume, V>,
    job: EncodedText<'_, Job, V>,
) -> Result<ResumeMatch, VectorsMismatch> {
    check(resume, job)?;
    Ok(pair(lexicon, scoring, resume, job).score())
}

fn check<V: AsRef<[f32]>>(
    resume: EncodedText<'_, Resume, V>,
    job: EncodedText<'_, Job, V>,
) -> Result<(), VectorsMismatch> {
    let sizes = || {
        resume
            .vectors
            .iter()
            .chain(job.vectors)
            .map(|vector| vector.as_ref().len())
    };
    let one_size = sizes().min() == sizes().max();
    for (texts, vectors) in [
        (resume.text.texts().len(), resume.vectors.len()),
        (job.text.texts().len(), job.vectors.len()),
    ] {
        if texts != vectors || !one_size {
            return Err(VectorsMismatch { texts, vectors });
        }
    }
    Ok(())
}

#[expect(clippy::type_complexity, reason = "the two closures have no names")]
fn pair<'a, V: AsRef<[f32]>>(
    lexicon: &'a Lexicon,
    scoring: &'a Scoring,
    resume: EncodedText<'a, Resume, V>,
    job: EncodedText<'a, Job, V>,
) -> Pair<'a, impl Fn(usize) -> &'a [f32], impl Fn(usize) -> Option<&'a [f32]>> {
    Pair {
        resume: resume.text,
        job: job.text,
        weights: &scoring.weights,
        language: &lexicon.language,
        resume_vector: move |text: usize| resume.vectors[text].as_ref(),
        job_vector: move |text: usize| Some(job.vectors[text].as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::similarity::Language;
    use super::*;
    use crate::inference::Text;
    use crate::matching::weights::Weights;
    use crate::matching::{Month, Plan};

    /// A vector that depends only on the text, not on its meaning.
    fn vector(text: &str) -> Vec<f32> {
        let seeds = (0..384_u64).map(|n| crate::matching::words::hash(format!("{n}{text}").as_bytes()));
        let numbers: Vec<f32> = seeds.map(|seed| (seed % 2001) as f32 / 1000.0 - 0.8).collect();
        let norm = numbers.iter().map(|x| x * x).sum::<f32>().sqrt();
        numbers.into_iter().map(|x| x / norm).collect()
    }

    #[test]
    fn a_known_pair_scores_as_its_plan_does() {
        let text = "welding\t1\twelding\nplan reading\t2\tplan reading|read plans\nrigging\t3\trigging";
        let lexicon = Lexicon::parse(text, Weights::default(), Language::default()).unwrap();
        let today = Month { year: 2026, month: 11 };
        let resume = "Ann Walker\n\nExperience\nWelding pipes for the harbour since 2010.\nBent rails, all kinds.\n";
        let job = "Welder\n\nRequirements\n- Welding of pipes for five years\n- Must read plans\n- Rigging\n";
        let resume = Arc::new(Resume::read(&lexicon, resume, today));
        let job = Arc::new(Job::read(&lexicon, job));
        let plan = Plan::of(&lexicon, Arc::clone(&resume), Arc::clone(&job));
        let planned: Vec<_> = plan.texts().iter().map(|text| vector(text)).collect();
        let planned = plan.score(&planned).unwrap();
        let of = |texts: &[Text]| texts.iter().map(|text| vector(text)).collect::<Vec<_>>();
        let (resume_vectors, job_vectors) = (of(resume.texts()), of(job.texts()));
        let resume = EncodedText {
            text: &*resume,
            vectors: &resume_vectors,
        };
        let whole = EncodedText {
            text: &*job,
            vectors: &job_vectors,
        };
        let scoring = Scoring::shipped(&lexicon);
        assert_eq!(compare(&lexicon, &scoring, resume, whole).unwrap(), planned);
        assert!(planned.score > 0.0);
        let scores_of = |job| scores(&lexicon, &scoring, resume, &[whole, job]);
        let both = scores_of(whole).unwrap();
        assert!(
            both.iter().all(|score| (score - planned.score).abs() < 1e-12),
            "{both:?}"
        );
        let short = EncodedText {
            text: &*job,
            vectors: &job_vectors[1..],
        };
        assert!(scores_of(short).is_err());
    }
}
