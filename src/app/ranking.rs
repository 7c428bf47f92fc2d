//! Rankings: one resume against many postings, or one posting against many resumes.
//!
//! A ranking is a stream. While texts are encoded, earlier pairs are scored and later documents are read. Dropping the
//! stream cancels the remaining work. Each text is encoded once, even if several documents contain it.
//!
//! A ranking may take long as long as it makes progress. A document that cannot be compared fails only its own result. If
//! the ranking ends at one of its time limits, the results of the remaining documents say so.

mod pipeline;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use self::pipeline::Pipeline;
use super::{App, MatchError};
use crate::document::{Document, DocumentError, sandbox};
use crate::inference::InferenceError;
use crate::log;
use crate::matching::{ResumeMatch, Scoring};

/// Results that wait for the consumer of a ranking. If more are available, the ranking pauses.
const RESULTS_AHEAD: usize = 4;

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
    /// The match, or the reason why there is none.
    pub result: Result<ResumeMatch, RankingFailure>,
}

/// The reason why a document of a ranking has no match.
#[derive(Debug, thiserror::Error)]
pub enum RankingFailure {
    /// The document cannot be compared.
    #[error(transparent)]
    Failed(#[from] MatchError),
    /// The ranking ended first.
    #[error("the ranking ended before this text was compared: {ended}; {compared} of {total} texts were compared")]
    NotReached {
        /// The reason for the end.
        ended: RankingTimeout,
        /// The number of texts that were compared, with or without success.
        compared: usize,
        /// The number of texts to compare.
        total: usize,
    },
}

/// The time limit that ended a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RankingTimeout {
    /// Nothing was completed for this time.
    #[error("it made no progress for {} s", .0.as_secs())]
    Stalled(Duration),
    /// It took this time.
    #[error("it took the maximum of {} s", .0.as_secs())]
    OutOfTime(Duration),
}

/// The results of a ranking in order of completion. An error ends the stream.
pub type Ranking = BoxStream<'static, Result<RankedText, MatchError>>;

impl App {
    /// Compares `one` with each of the `many`, identified by their indices. Must-haves can be set only if `one` is a
    /// posting. There is a result for each of the `many`; an error of the stream concerns `one` or the server.
    #[must_use]
    pub fn rank(&self, caller: &str, one: RankingSubject, many: Vec<(usize, Document)>, scoring: Scoring) -> Ranking {
        let remaining: BTreeSet<usize> = many.iter().map(|(index, _)| *index).collect();
        let (sender, results) = mpsc::channel(RESULTS_AHEAD);
        let work = Pipeline::new(self, caller, scoring, sender).run(one, many);
        let begin = async move {
            Results::Running {
                results,
                work: AbortOnDropHandle::new(tokio::spawn(log::of_current_request(work))),
                total: remaining.len(),
                remaining,
            }
        };
        let results = stream::once(begin).flat_map(|results| stream::unfold(results, Results::next));
        results.boxed()
    }

    /// The time without progress and the time in total after which a ranking ends.
    #[must_use]
    pub fn ranking_limits(&self) -> (Duration, Duration) {
        let limits = &self.0.config.limits;
        (limits.deadline(), limits.ranking_deadline())
    }
}

/// Documents of one ranking that are read at once, so that all readers are used.
pub(super) fn read_ahead() -> usize {
    sandbox::max_readers().max(4)
}

/// The results of a running ranking, completed by those of documents that it did not reach.
enum Results {
    Running {
        results: mpsc::Receiver<RankedText>,
        work: AbortOnDropHandle<Result<Option<RankingTimeout>, MatchError>>,
        /// The documents without a result so far.
        remaining: BTreeSet<usize>,
        total: usize,
    },
    Ended {
        ended: RankingTimeout,
        compared: usize,
        remaining: BTreeSet<usize>,
        total: usize,
    },
    Done,
}

impl Results {
    async fn next(self) -> Option<(Result<RankedText, MatchError>, Self)> {
        match self {
            Self::Running {
                mut results,
                work,
                mut remaining,
                total,
            } => {
                if let Some(ranked) = results.recv().await {
                    remaining.remove(&ranked.index);
                    let state = Self::Running {
                        results,
                        work,
                        remaining,
                        total,
                    };
                    return Some((Ok(ranked), state));
                }
                match work.await.map_err(MatchError::from).flatten() {
                    Ok(None) => None,
                    Ok(Some(ended)) => Self::unreached(ended, total - remaining.len(), remaining, total),
                    Err(error) => Some((Err(error), Self::Done)),
                }
            }
            Self::Ended {
                ended,
                compared,
                remaining,
                total,
            } => Self::unreached(ended, compared, remaining, total),
            Self::Done => None,
        }
    }

    /// The result of the first document that was not reached.
    fn unreached(
        ended: RankingTimeout,
        compared: usize,
        mut remaining: BTreeSet<usize>,
        total: usize,
    ) -> Option<(Result<RankedText, MatchError>, Self)> {
        let index = remaining.pop_first()?;
        let result = Err(RankingFailure::NotReached { ended, compared, total });
        let state = Self::Ended {
            ended,
            compared,
            remaining,
            total,
        };
        Some((Ok(RankedText { index, result }), state))
    }
}

/// Whether the error concerns only this document.
pub(super) fn is_own(error: &MatchError) -> bool {
    match error {
        MatchError::Document { error, .. } => *error != DocumentError::Busy,
        MatchError::Empty { .. } | MatchError::Inference(InferenceError::BadInput { .. }) => true,
        MatchError::Inference(_)
        | MatchError::Scoring(_)
        | MatchError::NoEncoder
        | MatchError::Catalogue(_)
        | MatchError::Vectors(_)
        | MatchError::NotKept
        | MatchError::Stopped(_) => false,
    }
}

#[cfg(test)]
mod tests;
