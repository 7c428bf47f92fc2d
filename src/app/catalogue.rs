//! Adding jobs given as text or files, and ranking the jobs of the catalogue.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_blocking;

use super::ranking::{is_own, read_ahead};
use super::{App, MatchError};
use crate::catalogue::{self, Candidate, Catalogue, NewJob, StoredJob};
use crate::document::Document;
use crate::inference::{Embedding, EmbeddingMemo};
use crate::matching::{self, EncodedText, Lexicon, Month, Resume, ResumeMatch, Scoring};

/// A job to add.
#[derive(Debug)]
pub struct PostedJob {
    /// See [`NewJob::id`].
    pub id: Option<String>,
    /// See [`NewJob::title`].
    pub title: Option<String>,
    /// The posting.
    pub posting: Document,
}

/// The reason why a job was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddJobError {
    /// No text can be extracted from the posting.
    #[error(transparent)]
    Posting(MatchError),
    /// The catalogue rejects the job.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
}

/// An encoded resume, ready to be scored against jobs of the catalogue.
pub struct Applicant {
    lexicon: Arc<Lexicon>,
    scoring: Scoring,
    resume: Resume,
    vectors: Vec<Embedding>,
    warning: Option<String>,
}

impl Applicant {
    /// The match with a job.
    ///
    /// # Errors
    /// [`MatchError::Vectors`], which would be a bug.
    pub fn compare(&self, candidate: &Candidate) -> Result<ResumeMatch, MatchError> {
        let mut result = matching::compare(&self.lexicon, &self.scoring, self.known(), known(candidate))?;
        result.warnings.extend(self.warning.clone());
        Ok(result)
    }

    /// The scores alone, in the order of the jobs. Runs on rayon's pool and blocks the caller.
    ///
    /// # Errors
    /// As [`Self::compare`].
    pub fn scores(&self, candidates: &[Arc<Candidate>]) -> Result<Vec<f64>, MatchError> {
        let jobs: Vec<_> = candidates.iter().map(|candidate| known(candidate)).collect();
        Ok(matching::scores(&self.lexicon, &self.scoring, self.known(), &jobs)?)
    }

    fn known(&self) -> EncodedText<'_, Resume, Embedding> {
        EncodedText {
            text: &self.resume,
            vectors: &self.vectors,
        }
    }
}

fn known(candidate: &Candidate) -> EncodedText<'_, matching::Job, Embedding> {
    EncodedText {
        text: &candidate.job,
        vectors: &candidate.vectors,
    }
}

impl App {
    /// The job catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// Adds jobs to the catalogue, at most [`catalogue::MAX_ADDED`]. Results are in input order. `actor` is the account
    /// that adds them.
    ///
    /// # Errors
    /// An error that does not concern a single job. Nothing was added then.
    pub async fn add_jobs(
        &self,
        actor: Option<&str>,
        jobs: Vec<PostedJob>,
    ) -> Result<Vec<Result<StoredJob, AddJobError>>, AddJobError> {
        let caller = actor.unwrap_or_default();
        let read = |job: PostedJob| async move {
            let (id, title) = (job.id, job.title);
            let read = self.0.readers.text(caller, "job", job.posting).await?;
            Ok::<_, MatchError>(NewJob {
                id,
                title,
                text: read.text,
            })
        };
        let read: Vec<_> = stream::iter(jobs).map(read).buffered(read_ahead()).collect().await;
        let (mut good, mut outcomes) = (Vec::new(), Vec::new());
        for job in read {
            match job {
                Ok(job) => {
                    good.push(job);
                    outcomes.push(None);
                }
                Err(error) if is_own(&error) => outcomes.push(Some(AddJobError::Posting(error))),
                Err(error) => return Err(AddJobError::Posting(error)),
            }
        }
        let mut added = self.0.catalogue.add(actor, good).await?.into_iter();
        let outcomes = outcomes.into_iter().filter_map(|broken| match broken {
            Some(error) => Some(Err(error)),
            None => Some(added.next()?.map_err(AddJobError::from)),
        });
        Ok(outcomes.collect())
    }

    /// Waits until so many candidates may be in memory, at most those of the largest ranking. They may be until the permit
    /// is dropped; `None` if the app is closing.
    pub async fn reserve_candidates(&self, count: usize) -> Option<OwnedSemaphorePermit> {
        let count = u32::try_from(count.min(catalogue::MAX_FOUND)).ok()?;
        Arc::clone(&self.0.ranked_jobs).acquire_many_owned(count).await.ok()
    }

    /// Reads and encodes a resume, and finds the `count` most similar jobs of the catalogue by words and embedding,
    /// most similar first. They are scored with the weights of `scoring`.
    ///
    /// # Errors
    /// The resume contains no text, or the encoder or the catalogue fails.
    pub async fn candidates(
        &self,
        caller: &str,
        resume: Document,
        count: usize,
        scoring: Scoring,
    ) -> Result<(Applicant, Vec<catalogue::Hit>), MatchError> {
        let lexicon = Arc::clone(&self.0.models.lexicon);
        let today = Month::of(&self.0.clock.now());
        let read = self.0.readers.text(caller, "resume", resume).await?;
        let warning = read.warning("resume");
        let resume = spawn_blocking(move || Resume::read(&lexicon, &read.text, today)).await?;
        let vectors = EmbeddingMemo::new(self.inference().clone(), caller)
            .encode(resume.texts())
            .await?;
        let (terms, gist) = (resume.terms(), resume.gist(&vectors));
        let mut hits = self.0.catalogue.nearest(terms, gist, count).await?;
        hits.truncate(count);
        let applicant = Applicant {
            lexicon: Arc::clone(&self.0.models.lexicon),
            scoring,
            resume,
            vectors,
            warning,
        };
        Ok((applicant, hits))
    }
}
