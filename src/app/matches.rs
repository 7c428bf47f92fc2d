//! One resume against one posting, and the same match scored again.

use std::sync::Arc;

use super::{App, MatchError, file_warnings};
use crate::document::Document;
use crate::inference::ModelCard;
use crate::matching::{Job, Month, Plan, RescoreOptions, RescoredMatch, Resume, ResumeMatch, Scoring};

/// The result of [`App::match_resume`].
#[derive(Debug)]
pub struct ScoredMatch {
    /// The match.
    pub result: ResumeMatch,
    /// The id for [`App::rescore_match`]; `None` if the match is not kept.
    pub id: Option<String>,
    /// The card of the encoder.
    pub encoder: Arc<ModelCard>,
}

impl App {
    /// Matches a resume with a job posting. Parsing and computing run outside of the async threads. With `keep`, the
    /// caller can score the match again, unless it is a guest.
    ///
    /// # Errors
    /// A document contains no text, the posting lacks a must-have of `scoring`, or the readers or the encoder are
    /// overloaded.
    pub async fn match_resume(
        &self,
        caller: Option<&str>,
        resume: Document,
        job: Document,
        scoring: Scoring,
        keep: bool,
    ) -> Result<ScoredMatch, MatchError> {
        let lexicon = Arc::clone(&self.0.models.lexicon);
        let today = Month::of(&self.0.clock.now());
        let readers = &self.0.readers;
        let queue = caller.unwrap_or_default();
        let (resume, job) = tokio::join!(readers.text(queue, "resume", resume), readers.text(queue, "job", job));
        let (resume, job) = (resume?, job?);
        let warnings = file_warnings(&resume, &job);
        let read_job = {
            let (lexicon, scoring) = (Arc::clone(&lexicon), scoring.clone());
            move || {
                let mut job = Job::read(&lexicon, &job.text);
                scoring.apply(&mut job)?;
                Ok::<_, MatchError>(job)
            }
        };
        let read_resume = {
            let lexicon = Arc::clone(&lexicon);
            move || Resume::read(&lexicon, &resume.text, today)
        };
        let (job, resume) = tokio::try_join!(
            tokio::task::spawn_blocking(read_job),
            tokio::task::spawn_blocking(read_resume)
        )?;
        let plan = Plan::of(&lexicon, Arc::new(resume), Arc::new(job?)).weighted(&scoring);
        let embeddings = self.0.models.inference.embed(queue, plan.texts().to_vec()).await?;
        let keeper = caller.filter(|_| keep);
        let is_kept = keeper.is_some();
        let score = move || {
            Ok::<_, MatchError>(if is_kept {
                let (result, kept) = plan.score_and_keep(&embeddings)?;
                (result, Some(kept))
            } else {
                (plan.score(&embeddings)?, None)
            })
        };
        let (mut result, kept) = tokio::task::spawn_blocking(score).await??;
        result.warnings.extend(warnings);
        let encoder = self.encoder()?;
        let id = keeper.zip(kept).map(|(account, kept)| {
            let bytes = kept.bytes();
            self.0.kept_matches.keep(account, kept, bytes)
        });
        Ok(ScoredMatch { result, id, encoder })
    }

    /// Scores a kept match of this account again.
    ///
    /// # Errors
    /// [`MatchError::NotKept`], also for a match of another account; [`MatchError::Scoring`].
    pub fn rescore_match(
        &self,
        account: Option<&str>,
        id: &str,
        options: &RescoreOptions,
    ) -> Result<(RescoredMatch, Arc<ModelCard>), MatchError> {
        let kept = account.and_then(|account| self.0.kept_matches.find(account, id));
        let kept = kept.ok_or(MatchError::NotKept)?;
        Ok((kept.rescore(&self.0.models.lexicon, options)?, self.encoder()?))
    }
}
