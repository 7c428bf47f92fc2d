//! Results of a ranking, as clients see them.

use std::sync::Arc;

use async_graphql::Context;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::{RANK_COST, RankedMatch, RankingError, RankingErrorCode, RankingProgress, int};
use crate::app::{RankedText, RankingFailure, RankingSubject};
use crate::catalogue::StoredJob;
use crate::document::Document;
use crate::graphql::context::{actor, app};
use crate::graphql::error::Failure;
use crate::graphql::request::cost::Charge;
use crate::graphql::schema::inference::Model;
use crate::graphql::schema::matching::ResumeMatch;
use crate::inference::ModelCard;
use crate::matching::{self, Scoring};

/// The results; a failure ends the stream.
pub(super) type Results = BoxStream<'static, Result<RankedMatch, Failure>>;

/// The number of results by outcome.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcomes {
    pub(super) matched: usize,
    pub(super) failed: usize,
    pub(super) not_reached: usize,
}

impl Outcomes {
    pub(super) fn add(&mut self, error: Option<&RankingError>) {
        match error {
            None => self.matched += 1,
            Some(error) if error.code == RankingErrorCode::NotReached => self.not_reached += 1,
            Some(_) => self.failed += 1,
        }
    }
}

/// The caller's id, for fair queues.
pub(super) fn caller_id(ctx: &Context<'_>) -> String {
    actor(ctx).id().unwrap_or_default().to_owned()
}

/// Ranks given texts. The cost of texts that the server failed to compare is refunded.
pub(super) fn given(
    ctx: &Context<'_>,
    one: RankingSubject,
    many: Vec<(usize, Document)>,
    broken: Vec<(usize, Failure)>,
    scoring: Scoring,
    card: Arc<ModelCard>,
) -> Results {
    let refund = ctx.data_opt::<Charge>().map(Charge::refund);
    let broken = stream::iter(broken).map(|(index, failure)| Ok(failed(index, &failure)));
    let ranking = app(ctx).rank(&caller_id(ctx), one, many, scoring);
    let results = broken.chain(ranking.map(move |ranked| Ok::<_, Failure>(ranked_match(ranked?, &card))));
    let refunded = results.inspect_ok(move |result| {
        if let (Some(error), Some(refund)) = (&result.error, &refund)
            && error.code.is_ours()
        {
            refund.add(RANK_COST.unsigned_abs());
        }
    });
    refunded.boxed()
}

/// Counts the results.
pub(super) fn with_total(total: usize, results: Results) -> BoxStream<'static, Result<RankingProgress, Failure>> {
    let total = int(total);
    let counted = results.zip(stream::iter(1..));
    let counted = counted.map(move |(result, done)| {
        Ok::<_, Failure>(RankingProgress {
            done,
            total,
            result: result?,
        })
    });
    counted.boxed()
}

/// The result for a job of the catalogue.
pub(super) fn of_candidate(
    index: usize,
    matched: matching::ResumeMatch,
    job: StoredJob,
    card: &ModelCard,
) -> RankedMatch {
    RankedMatch {
        index: int(index),
        job: Some(job.into()),
        matched: Some(ResumeMatch::new(matched, Model::from(card))),
        error: None,
    }
}

/// The result of a text without a match.
pub(super) fn unranked(index: usize, reason: RankingFailure) -> RankedMatch {
    match reason {
        RankingFailure::Failed(error) => failed(index, &error.into()),
        RankingFailure::NotReached { .. } => {
            without_match(index, RankingErrorCode::NotReached, reason.to_string(), None)
        }
    }
}

fn ranked_match(ranked: RankedText, card: &ModelCard) -> RankedMatch {
    let RankedText { index, result } = ranked;
    match result {
        Ok(matched) => RankedMatch {
            index: int(index),
            job: None,
            matched: Some(ResumeMatch::new(matched, Model::from(card))),
            error: None,
        },
        Err(reason) => unranked(index, reason),
    }
}

fn failed(index: usize, failure: &Failure) -> RankedMatch {
    let (code, reason) = match failure {
        Failure::BadUserInput(_) => (RankingErrorCode::BadUserInput, None),
        Failure::UnsupportedDocument { reason, .. } => {
            (RankingErrorCode::UnsupportedDocument, Some((*reason).to_owned()))
        }
        Failure::Overloaded | Failure::Timeout => (RankingErrorCode::Overloaded, None),
        _ => (RankingErrorCode::Internal, None),
    };
    without_match(index, code, failure.to_string(), reason)
}

fn without_match(index: usize, code: RankingErrorCode, message: String, reason: Option<String>) -> RankedMatch {
    RankedMatch {
        index: int(index),
        job: None,
        matched: None,
        error: Some(RankingError { code, message, reason }),
    }
}
