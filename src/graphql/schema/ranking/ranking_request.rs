//! Rankings, from input to results.

use std::sync::Arc;

use async_graphql::{Context, Error};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::task::spawn_blocking;

use super::page::{Cut, Part, Rank};
use super::{
    CatalogueInput, MAX_RANKED, RANK_COST, RankJobsInput, RankResumesInput, RankedMatch, RankedMatchConnection,
    RankingError, RankingErrorCode, RankingProgress, int,
};
use crate::access::{self, Decision, Requirement, permits};
use crate::app::{App, MatchError, RankedText, RankingSubject};
use crate::catalogue::{Hit, MAX_FOUND, StoredJob};
use crate::document::Document;
use crate::graphql::context::{actor, app};
use crate::graphql::error::Failure;
use crate::graphql::request::audit_trail::InferenceStream;
use crate::graphql::schema::inference::Model;
use crate::graphql::schema::matching::{ResumeMatch, TextSource};
use crate::inference::ModelCard;
use crate::matching;

/// Candidates that are scored before the first result is returned.
const COMPARED: usize = 20;

/// A ranking that has not begun.
pub(crate) struct RankingRequest {
    field: &'static str,
    what: What,
}

enum What {
    /// Given texts.
    Given {
        one: RankingSubject,
        many: Vec<(usize, Document)>,
        /// Texts that are not valid documents.
        broken: Vec<(usize, Failure)>,
    },
    /// A number of jobs of the catalogue.
    Catalogue { resume: Document, candidates: usize },
}

/// The results; a failure ends the stream.
type Results = BoxStream<'static, Result<RankedMatch, Failure>>;

impl RankingRequest {
    /// A ranking of postings for a resume, by this field.
    pub(crate) fn jobs(ctx: &Context<'_>, input: RankJobsInput, field: &'static str) -> Result<Self, Failure> {
        let resume = input.resume.into_document("input.resume")?;
        match (input.jobs, input.catalogue) {
            (Some(jobs), None) => Self::given(RankingSubject::Resume(resume), jobs, "input.jobs", field),
            (None, Some(CatalogueInput { candidates })) => {
                let requirement = Requirement::Permission {
                    permission: access::Permission::ReadJobs,
                    or_owner: false,
                };
                match permits(&actor(ctx), requirement, None) {
                    Decision::Allowed => {}
                    refused => return Err(refused.into()),
                }
                let candidates = usize::try_from(candidates).ok().filter(|n| (1..=MAX_FOUND).contains(n));
                let candidates = candidates.ok_or_else(|| {
                    Failure::BadUserInput(format!("input.catalogue.candidates: 1 to {MAX_FOUND} are allowed"))
                })?;
                let what = What::Catalogue { resume, candidates };
                Ok(Self { field, what })
            }
            _ => Err(Failure::BadUserInput(
                "input: give jobs or catalogue, one of the two".to_owned(),
            )),
        }
    }

    /// A ranking of resumes for a posting, by this field.
    pub(crate) fn resumes(input: RankResumesInput, field: &'static str) -> Result<Self, Failure> {
        let one = RankingSubject::Job(input.job.into_document("input.job")?);
        Self::given(one, input.resumes, "input.resumes", field)
    }

    fn given(one: RankingSubject, given: Vec<TextSource>, path: &str, field: &'static str) -> Result<Self, Failure> {
        if given.is_empty() || given.len() > MAX_RANKED {
            let found = given.len();
            return Err(Failure::BadUserInput(format!(
                "{path}: 1 to {MAX_RANKED} are allowed, not {found}"
            )));
        }
        let (mut many, mut broken) = (Vec::new(), Vec::new());
        for (index, source) in given.into_iter().enumerate() {
            match source.into_document(&format!("{path}[{index}]")) {
                Ok(document) => many.push((index, document)),
                Err(failure) => broken.push((index, failure)),
            }
        }
        let what = What::Given { one, many, broken };
        Ok(Self { field, what })
    }

    fn run(&self, ctx: &Context<'_>, card: &ModelCard) -> InferenceStream {
        let texts = match &self.what {
            What::Given { many, broken, .. } => many.len() + broken.len(),
            What::Catalogue { .. } => 0,
        };
        let mut run = InferenceStream::begin(ctx, self.field, RANK_COST * (1 + int(texts)));
        run.model(card);
        run
    }

    /// Ranks all texts and selects the page.
    pub(crate) async fn page(
        self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<RankedMatchConnection, Failure> {
        let cut = Cut::read(first, after.as_deref())?;
        let card = app(ctx).encoder()?;
        let mut run = self.run(ctx, &card);
        let connection = match self.what {
            What::Given { one, many, broken } => given_page(cut, given(ctx, one, many, broken, card)).await,
            What::Catalogue { resume, candidates } => catalogue_page(cut, ctx, resume, candidates, card).await,
        };
        if let Err(failure) = &connection {
            run.failed(failure);
        }
        connection
    }

    /// The results with their count so far. Dropping the stream cancels the remaining work.
    pub(crate) fn progress(
        self,
        ctx: &Context<'_>,
    ) -> Result<BoxStream<'static, Result<Option<RankingProgress>, Error>>, Failure> {
        let card = app(ctx).encoder()?;
        let mut run = self.run(ctx, &card);
        let results = match self.what {
            What::Given { one, many, broken } => {
                let total = many.len() + broken.len();
                with_total(total, given(ctx, one, many, broken, card))
            }
            What::Catalogue { resume, candidates } => {
                let compared = compared(app(ctx).clone(), caller_id(ctx), resume, candidates, card);
                stream::once(compared).try_flatten().boxed()
            }
        };
        let events = results.map(move |result| {
            result.map(Some).map_err(|failure| {
                run.failed(&failure);
                Error::from(failure)
            })
        });
        Ok(events.boxed())
    }
}

fn caller_id(ctx: &Context<'_>) -> String {
    actor(ctx).id().unwrap_or_default().to_owned()
}

fn given(
    ctx: &Context<'_>,
    one: RankingSubject,
    many: Vec<(usize, Document)>,
    broken: Vec<(usize, Failure)>,
    card: Arc<ModelCard>,
) -> Results {
    let broken = stream::iter(broken).map(|(index, failure)| unmatched(index, failure));
    let ranking = app(ctx).rank(&caller_id(ctx), one, many);
    let results = broken.chain(ranking.map(move |ranked| ranked_match(ranked, &card)));
    results.boxed()
}

/// Counts the results.
fn with_total(total: usize, results: Results) -> BoxStream<'static, Result<RankingProgress, Failure>> {
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

/// The catalogue's candidates for a resume, scored one by one, nearest first.
async fn compared(
    app: App,
    caller: String,
    resume: Document,
    candidates: usize,
    card: Arc<ModelCard>,
) -> Result<BoxStream<'static, Result<RankingProgress, Failure>>, Failure> {
    let (applicant, hits) = app.candidates(&caller, resume, candidates).await?;
    let (applicant, total) = (Arc::new(applicant), hits.len());
    let chunks: Vec<Vec<Hit>> = hits.chunks(COMPARED).map(<[Hit]>::to_vec).collect();
    let compared = stream::iter(chunks).then(move |hits| {
        let (app, caller, applicant) = (app.clone(), caller.clone(), Arc::clone(&applicant));
        let card = Arc::clone(&card);
        async move {
            let candidates = app.catalogue().candidates(&caller, &hits).await?;
            let compare = move || -> Result<Vec<RankedMatch>, MatchError> {
                let matches = candidates.iter().map(|candidate| {
                    let matched = applicant.compare(candidate)?;
                    Ok(of_candidate(0, matched, candidate.stored.clone(), &card))
                });
                matches.collect()
            };
            let matches = spawn_blocking(compare).await.map_err(MatchError::from)??;
            Ok::<_, Failure>(stream::iter(matches).map(Ok::<_, Failure>))
        }
    });
    // Jobs removed meanwhile are missing at the end.
    let results = compared.try_flatten().enumerate().map(|(index, result)| {
        let mut result: RankedMatch = result?;
        result.index = int(index);
        Ok::<_, Failure>(result)
    });
    Ok(with_total(total, results.boxed()))
}

async fn given_page(cut: Cut, mut results: Results) -> Result<RankedMatchConnection, Failure> {
    let mut ranked = Vec::new();
    while let Some(result) = results.next().await {
        let result = result?;
        let score = result.matched.as_ref().map(|found| found.score);
        ranked.push((Rank::new(score, result.index), result));
    }
    Ok(cut.show(cut.of(ranked)))
}

/// Scores all candidates, and reports those of the page in full.
async fn catalogue_page(
    cut: Cut,
    ctx: &Context<'_>,
    resume: Document,
    candidates: usize,
    card: Arc<ModelCard>,
) -> Result<RankedMatchConnection, Failure> {
    let caller = caller_id(ctx);
    let (applicant, hits) = app(ctx).candidates(&caller, resume, candidates).await?;
    let candidates = app(ctx).catalogue().candidates(&caller, &hits).await?;
    let rank_all = move || -> Result<Part<RankedMatch>, MatchError> {
        let scores = applicant.scores(&candidates)?;
        let ranked = (0..)
            .zip(scores)
            .map(|(index, score)| (Rank::new(Some(score), index), index));
        let part = cut.of(ranked.collect());
        let items = part.items.into_iter().map(|(rank, index)| {
            let candidate = &candidates[usize::try_from(index).unwrap_or_default()];
            let matched = applicant.compare(candidate)?;
            Ok((rank, of_candidate(index, matched, candidate.stored.clone(), &card)))
        });
        Ok(Part {
            items: items.collect::<Result<_, MatchError>>()?,
            total: part.total,
            has_next: part.has_next,
        })
    };
    let part = spawn_blocking(rank_all).await.map_err(MatchError::from)??;
    Ok(cut.show(part))
}

fn of_candidate(index: i32, matched: matching::ResumeMatch, job: StoredJob, card: &ModelCard) -> RankedMatch {
    RankedMatch {
        index,
        job: Some(job.into()),
        matched: Some(ResumeMatch::new(matched, Model::from(card))),
        error: None,
    }
}

fn ranked_match(ranked: Result<RankedText, MatchError>, card: &ModelCard) -> Result<RankedMatch, Failure> {
    let RankedText { index, result } = ranked?;
    match result {
        Ok(matched) => Ok(RankedMatch {
            index: int(index),
            job: None,
            matched: Some(ResumeMatch::new(matched, Model::from(card))),
            error: None,
        }),
        Err(error) => unmatched(index, error.into()),
    }
}

/// The result of a text that cannot be read, or the failure if the server is at fault.
fn unmatched(index: usize, failure: Failure) -> Result<RankedMatch, Failure> {
    let (code, reason) = match &failure {
        Failure::BadUserInput(_) => (RankingErrorCode::BadUserInput, None),
        Failure::UnsupportedDocument { reason, .. } => {
            (RankingErrorCode::UnsupportedDocument, Some((*reason).to_owned()))
        }
        _ => return Err(failure),
    };
    Ok(RankedMatch {
        index: int(index),
        job: None,
        matched: None,
        error: Some(RankingError {
            code,
            message: failure.to_string(),
            reason,
        }),
    })
}
