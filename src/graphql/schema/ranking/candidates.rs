//! Rankings of the catalogue's jobs for a resume.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::page::{PageSlice, Part, Rank};
use super::results::{Outcomes, caller_id, of_candidate, unranked, with_total};
use super::{RankedMatch, RankedMatchConnection, RankingProgress, int};
use crate::app::{App, Applicant, MatchError, RankingFailure, RankingTimeout};
use crate::catalogue::{self, Candidate, Hit};
use crate::document::Document;
use crate::graphql::context::app;
use crate::graphql::error::Failure;
use crate::inference::{InferenceError, ModelCard};
use crate::matching::Scoring;

/// Candidates that are scored before the first result is returned.
const COMPARED: usize = 20;
/// Candidates of a page that are read at once.
const READ: usize = 100;

/// A ranking of candidates, nearest first.
pub(super) struct CandidateRanking {
    app: App,
    caller: String,
    applicant: Arc<Applicant>,
    hits: Vec<Hit>,
    card: Arc<ModelCard>,
    /// The time without progress after which the ranking ends.
    stall_timeout: Duration,
    /// The maximum duration.
    limit: Duration,
    started: Instant,
}

/// The candidates of some hits, or the time limit that was reached.
type Found = Result<Vec<Arc<Candidate>>, RankingTimeout>;

impl CandidateRanking {
    /// Reads the resume and searches for candidates.
    pub(super) fn begin(
        ctx: &Context<'_>,
        resume: Document,
        candidates: usize,
        scoring: Scoring,
        card: Arc<ModelCard>,
    ) -> impl Future<Output = Result<Self, Failure>> + Send + 'static {
        let (app, caller, started) = (app(ctx).clone(), caller_id(ctx), Instant::now());
        async move {
            let (stall_timeout, limit) = app.ranking_limits();
            let (applicant, hits) = app.candidates(&caller, resume, candidates, scoring).await?;
            Ok(Self {
                app,
                caller,
                applicant: Arc::new(applicant),
                hits,
                card,
                stall_timeout,
                limit,
                started,
            })
        }
    }

    /// Scores all candidates, and reports those of the page in full. Those that were not reached are last.
    pub(super) async fn page(self, cut: PageSlice) -> Result<(RankedMatchConnection, Outcomes), Failure> {
        // All candidates stay in memory until the page is selected.
        let room = self.app.reserve_candidates(self.hits.len()).await;
        let (mut candidates, mut ended) = (Vec::new(), None);
        for (chunk, hits) in self.hits.chunks(READ).enumerate() {
            match self.candidates(hits).await? {
                Ok(found) => candidates.extend(found),
                Err(limit) => {
                    ended = Some((limit, &self.hits[chunk * READ..]));
                    break;
                }
            }
        }
        let compared = candidates.len();
        let mut unreached = match ended {
            Some((limit, hits)) => self.unreached(limit, compared, hits).await?,
            None => Vec::new(),
        };
        let outcomes = Outcomes {
            matched: compared,
            not_reached: unreached.len(),
            ..Outcomes::default()
        };
        let (applicant, card) = (Arc::clone(&self.applicant), Arc::clone(&self.card));
        let select = cut.clone();
        let rank_all = move || -> Result<Part<RankedMatch>, MatchError> {
            let scores = applicant.scores(&candidates)?.into_iter().map(Some);
            let scores = scores.chain(unreached.iter().map(|_| None));
            let id = |index: usize| match candidates.get(index) {
                Some(candidate) => &*candidate.stored.id,
                None => unreached[index - compared].job.as_ref().map_or("", |job| &job.id),
            };
            let ranked = scores
                .enumerate()
                .map(|(index, score)| (Rank::of_job(score, id(index)), index));
            let part = select.of(ranked.collect());
            let items = part.items.into_iter().map(|(rank, index)| {
                let Some(candidate) = candidates.get(index) else {
                    return Ok((rank, std::mem::take(&mut unreached[index - compared])));
                };
                let matched = applicant.compare(candidate)?;
                Ok((rank, of_candidate(index, matched, candidate.stored.clone(), &card)))
            });
            Ok(Part {
                items: items.collect::<Result<_, MatchError>>()?,
                total: part.total,
                has_previous: part.has_previous,
                has_next: part.has_next,
            })
        };
        let part = spawn_blocking(rank_all).await.map_err(MatchError::from)??;
        drop(room);
        Ok((cut.show(part, outcomes), outcomes))
    }

    /// The results, scored chunk by chunk.
    pub(super) fn progress(self) -> BoxStream<'static, Result<RankingProgress, Failure>> {
        let total = self.hits.len();
        let chunks = stream::unfold(Some((Arc::new(self), 0)), |state| async move {
            let (ranking, from) = state?;
            let until = (from + COMPARED).min(ranking.hits.len());
            if from == until {
                return None;
            }
            let work = Arc::clone(&ranking).compare(from, until);
            let (results, rest): (Vec<Result<_, Failure>>, _) = match work.await {
                Ok((results, false)) => (results.into_iter().map(Ok).collect(), Some((ranking, until))),
                Ok((results, true)) => (results.into_iter().map(Ok).collect(), None),
                Err(failure) => (vec![Err(failure)], None),
            };
            Some((stream::iter(results), rest))
        });
        // Jobs removed meanwhile are missing at the end.
        let results = chunks.flatten().enumerate().map(|(index, result)| {
            let mut result: RankedMatch = result?;
            result.index = int(index);
            Ok::<_, Failure>(result)
        });
        with_total(total, results.boxed())
    }

    /// The results for some hits, or for all remaining ones if a time limit was reached, and whether it was.
    async fn compare(self: Arc<Self>, from: usize, until: usize) -> Result<(Vec<RankedMatch>, bool), Failure> {
        let candidates = match self.candidates(&self.hits[from..until]).await? {
            Ok(candidates) => candidates,
            Err(limit) => return Ok((self.unreached(limit, from, &self.hits[from..]).await?, true)),
        };
        let (applicant, card) = (Arc::clone(&self.applicant), Arc::clone(&self.card));
        let compare = move || -> Result<Vec<RankedMatch>, MatchError> {
            let matches = candidates.iter().map(|candidate| {
                let matched = applicant.compare(candidate)?;
                Ok(of_candidate(0, matched, candidate.stored.clone(), &card))
            });
            matches.collect()
        };
        let matches = spawn_blocking(compare).await.map_err(MatchError::from)??;
        Ok((matches, false))
    }

    async fn candidates(&self, hits: &[Hit]) -> Result<Found, Failure> {
        let (stalled, over) = (Instant::now() + self.stall_timeout, self.started + self.limit);
        let candidates = self.app.catalogue().candidates(&self.caller, hits);
        match timeout_at(stalled.min(over), candidates).await {
            Ok(Ok(candidates)) => Ok(Ok(candidates)),
            Ok(Err(catalogue::Error::Inference(InferenceError::Overloaded | InferenceError::DeadlineExceeded))) => {
                Ok(Err(RankingTimeout::Stalled(self.stall_timeout)))
            }
            Ok(Err(error)) => Err(error.into()),
            Err(_) if stalled < over => Ok(Err(RankingTimeout::Stalled(self.stall_timeout))),
            Err(_) => Ok(Err(RankingTimeout::OutOfTime(self.limit))),
        }
    }

    /// The results for jobs that were not reached.
    async fn unreached(
        &self,
        ended: RankingTimeout,
        compared: usize,
        hits: &[Hit],
    ) -> Result<Vec<RankedMatch>, Failure> {
        let ids: Vec<_> = hits.iter().map(|hit| hit.id.clone()).collect();
        let jobs = self.app.catalogue().jobs(&ids).await?.into_iter().flatten();
        let total = self.hits.len();
        let results = (compared..).zip(jobs).map(|(index, job)| RankedMatch {
            job: Some(job.into()),
            ..unranked(index, RankingFailure::NotReached { ended, compared, total })
        });
        Ok(results.collect())
    }
}
