//! Rankings: one resume against many postings, or one posting against many resumes.
//!
//! A ranking is a stream. While one pair is scored, the texts of the next are encoded and later documents are parsed.
//! Dropping the stream cancels the remaining work. Each text is encoded once, even if several documents contain it.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, Stream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::task::spawn_blocking;

use super::{App, MatchError, text};
use crate::document::{Document, DocumentError};
use crate::inference::{EmbeddingMemo, InferenceError, Text};
use crate::matching::{Job, Lexicon, Month, Plan, Resume, ResumeMatch};

/// Documents of one ranking that are parsed concurrently.
pub(super) const READ_AHEAD: usize = 4;
/// Pairs of one ranking that are scored concurrently.
const SCORED_AT_ONCE: usize = 2;

/// The document that all others are compared with.
#[derive(Debug)]
pub enum RankingSubject {
    /// A resume; the others are postings.
    Resume(Document),
    /// A posting; the others are resumes.
    Job(Document),
}

/// The result for one document.
#[derive(Debug)]
pub struct RankedText {
    /// The index given to the document.
    pub index: usize,
    /// The match, or the error of this document.
    pub result: Result<ResumeMatch, MatchError>,
}

/// The results of a ranking in input order. An error ends the stream.
pub type Ranking = BoxStream<'static, Result<RankedText, MatchError>>;

impl App {
    /// Compares `one` with each of the `many`, identified by their indices. Results are in input order. A document that
    /// cannot be read fails only its own result; an error of the stream concerns `one` or the server.
    #[must_use]
    pub fn rank(&self, caller: &str, one: RankingSubject, many: Vec<(usize, Document)>) -> Ranking {
        let (app, caller) = (self.clone(), caller.to_owned());
        let results = async move {
            let reader = Arc::new(app.reader(one).await?);
            let mut encodings = EmbeddingMemo::new(app.inference().clone(), &caller);
            encodings.encode(&reader.one.texts()).await?;
            let plans = stream::iter(many)
                .map(move |(index, document)| {
                    let reader = Arc::clone(&reader);
                    async move {
                        let plan = spawn_blocking(move || reader.plan(document)).await;
                        (index, plan.map_err(MatchError::from).flatten())
                    }
                })
                .buffered(READ_AHEAD);
            Ok::<_, MatchError>(scored(Box::pin(plans), encodings))
        };
        stream::once(results).try_flatten().boxed()
    }

    async fn reader(&self, one: RankingSubject) -> Result<Reader, MatchError> {
        let lexicon = Arc::clone(&self.0.models.lexicon);
        let today = Month::of(&self.0.clock.now());
        spawn_blocking(move || {
            let (one, warning) = match one {
                RankingSubject::Resume(document) => {
                    let read = text("resume", document)?;
                    let resume = Resume::read(&lexicon, &read.text, today);
                    (Read::Resume(Arc::new(resume)), read.warning("resume"))
                }
                RankingSubject::Job(document) => {
                    let read = text("job", document)?;
                    (
                        Read::Job(Arc::new(Job::read(&lexicon, &read.text))),
                        read.warning("posting"),
                    )
                }
            };
            Ok(Reader {
                lexicon,
                today,
                one,
                warning,
            })
        })
        .await?
    }
}

/// Whether the error concerns only this document.
pub(super) fn is_own(error: &MatchError) -> bool {
    match error {
        MatchError::Document { error, .. } => *error != DocumentError::Busy,
        MatchError::Empty { .. } | MatchError::Inference(InferenceError::BadInput { .. }) => true,
        MatchError::Inference(_)
        | MatchError::NoEncoder
        | MatchError::Catalogue(_)
        | MatchError::Vectors(_)
        | MatchError::Stopped(_) => false,
    }
}

/// Pairs the subject with each document.
struct Reader {
    lexicon: Arc<Lexicon>,
    today: Month,
    one: Read,
    /// The warning about the file of `one`.
    warning: Option<String>,
}

enum Read {
    Resume(Arc<Resume>),
    Job(Arc<Job>),
}

impl Read {
    fn texts(&self) -> Vec<Text> {
        match self {
            Self::Resume(resume) => resume.compared_texts(),
            Self::Job(job) => job.compared_texts(),
        }
    }
}

impl Reader {
    fn plan(&self, other: Document) -> Result<(Plan, Vec<String>), MatchError> {
        let (resume, job, warning) = match &self.one {
            Read::Resume(resume) => {
                let read = text("job", other)?;
                let job = Job::read(&self.lexicon, &read.text);
                (Arc::clone(resume), Arc::new(job), read.warning("posting"))
            }
            Read::Job(job) => {
                let read = text("resume", other)?;
                let resume = Resume::read(&self.lexicon, &read.text, self.today);
                (Arc::new(resume), Arc::clone(job), read.warning("resume"))
            }
        };
        let warnings = self.warning.iter().cloned().chain(warning).collect();
        Ok((Plan::of(&self.lexicon, resume, job), warnings))
    }
}

/// A parsed pair with the warnings about its files, or the error of its document.
type Planned = (usize, Result<(Plan, Vec<String>), MatchError>);

fn scored(
    plans: Pin<Box<dyn Stream<Item = Planned> + Send>>,
    encodings: EmbeddingMemo,
) -> impl Stream<Item = Result<RankedText, MatchError>> + Send {
    stream::unfold(Some((plans, encodings)), |state| async move {
        let (mut plans, mut encodings) = state?;
        let (index, plan) = plans.next().await?;
        let encoded = match plan {
            Ok((plan, warnings)) => match encodings.encode(plan.texts()).await {
                Ok(embeddings) => Ok((plan, warnings, embeddings)),
                Err(error) => Err(error.into()),
            },
            Err(error) => Err(error),
        };
        let rest = match &encoded {
            Err(error) if !is_own(error) => None,
            _ => Some((plans, encodings)),
        };
        // Scoring continues while the next texts are encoded.
        let scoring = async move {
            let (plan, warnings, embeddings) = match encoded {
                Ok(encoded) => encoded,
                Err(error) if is_own(&error) => {
                    return Ok(RankedText {
                        index,
                        result: Err(error),
                    });
                }
                Err(error) => return Err(error),
            };
            let mut result = spawn_blocking(move || plan.score(&embeddings)).await??;
            result.warnings.extend(warnings);
            Ok(RankedText {
                index,
                result: Ok(result),
            })
        };
        Some((scoring, rest))
    })
    .buffered(SCORED_AT_ONCE)
}
