//! Rankings, from input to results.

use async_graphql::{Context, Error};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::candidates::CandidateRanking;
use super::page::{PageSlice, Rank};
use super::results::{Outcomes, Results, given, with_total};
use super::{
    CatalogueInput, MAX_RANKED, RANK_COST, RankJobsInput, RankResumesInput, RankedMatchConnection, RankingErrorCode,
    RankingProgress, int,
};
use crate::access::{self, Decision, Requirement, permits};
use crate::app::RankingSubject;
use crate::catalogue::MAX_FOUND;
use crate::document::Document;
use crate::graphql::context::{actor, app};
use crate::graphql::error::Failure;
use crate::graphql::request::audit_trail::{InferenceRun, InferenceStream};
use crate::graphql::request::deadline;
use crate::graphql::schema::matching::{TextSource, scoring};
use crate::inference::ModelCard;
use crate::matching::Scoring;

/// A ranking that has not begun.
pub(crate) struct RankingRequest {
    field: &'static str,
    input: RankingInput,
    scoring: Scoring,
}

enum RankingInput {
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

impl RankingRequest {
    /// A ranking of postings for a resume, by this field.
    pub(crate) fn jobs(ctx: &Context<'_>, input: RankJobsInput, field: &'static str) -> Result<Self, Failure> {
        let resume = input.resume.into_document("input.resume")?;
        let scoring = scoring(ctx, input.weights, None)?;
        match (input.jobs, input.catalogue) {
            (Some(jobs), None) => Self::given(RankingSubject::Resume(resume), jobs, "input.jobs", field, scoring),
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
                let input = RankingInput::Catalogue { resume, candidates };
                Ok(Self { field, input, scoring })
            }
            _ => Err(Failure::BadUserInput(
                "input: give jobs or catalogue, one of the two".to_owned(),
            )),
        }
    }

    /// A ranking of resumes for a posting, by this field.
    pub(crate) fn resumes(ctx: &Context<'_>, input: RankResumesInput, field: &'static str) -> Result<Self, Failure> {
        let scoring = scoring(ctx, input.weights, input.must_have)?;
        let one = RankingSubject::Job(input.job.into_document("input.job")?);
        Self::given(one, input.resumes, "input.resumes", field, scoring)
    }

    fn given(
        one: RankingSubject,
        given: Vec<TextSource>,
        path: &str,
        field: &'static str,
        scoring: Scoring,
    ) -> Result<Self, Failure> {
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
        let input = RankingInput::Given { one, many, broken };
        Ok(Self { field, input, scoring })
    }

    fn run(&self, ctx: &Context<'_>, card: &ModelCard) -> InferenceStream {
        let texts = match &self.input {
            RankingInput::Given { many, broken, .. } => many.len() + broken.len(),
            RankingInput::Catalogue { .. } => 0,
        };
        let run = InferenceRun::begin(self.field, RANK_COST * (1 + int(texts))).weights(self.scoring.digest());
        let mut run = InferenceStream::begin(ctx, run);
        run.model(card);
        run
    }

    /// Ranks all texts and selects the page. It takes as long as the ranking makes progress, up to its own limit.
    pub(crate) async fn page(
        self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<RankedMatchConnection, Failure> {
        let cut = PageSlice::read(self.field, first, after.as_deref())?;
        let card = app(ctx).encoder()?;
        let _suspension = deadline::suspend(ctx, app(ctx).ranking_limits().1);
        let mut run = self.run(ctx, &card);
        let page = match self.input {
            RankingInput::Given { one, many, broken } => {
                given_page(&cut, given(ctx, one, many, broken, self.scoring, card)).await
            }
            RankingInput::Catalogue { resume, candidates } => {
                let ranking = CandidateRanking::begin(ctx, resume, candidates, self.scoring, card).await;
                match ranking {
                    Ok(ranking) => ranking.page(cut).await,
                    Err(failure) => Err(failure),
                }
            }
        };
        match &page {
            Ok((_, outcomes)) if outcomes.not_reached > 0 => run.failed(&Failure::Timeout),
            Ok(_) => {}
            Err(failure) => run.failed(failure),
        }
        Ok(page?.0)
    }

    /// The results with their count so far. Dropping the stream cancels the remaining work. A text that is not reached
    /// within the limits of a ranking has a result too, so that the stream always ends.
    pub(crate) fn progress(
        self,
        ctx: &Context<'_>,
    ) -> Result<BoxStream<'static, Result<Option<RankingProgress>, Error>>, Failure> {
        let card = app(ctx).encoder()?;
        let mut run = self.run(ctx, &card);
        let results = match self.input {
            RankingInput::Given { one, many, broken } => {
                let total = many.len() + broken.len();
                with_total(total, given(ctx, one, many, broken, self.scoring, card))
            }
            RankingInput::Catalogue { resume, candidates } => {
                let ranking = CandidateRanking::begin(ctx, resume, candidates, self.scoring, card);
                let results = async move { ranking.await.map(CandidateRanking::progress) };
                stream::once(results).try_flatten().boxed()
            }
        };
        let events = results.map(move |result| match result {
            Ok(progress) => {
                let error = progress.result.error.as_ref();
                if error.is_some_and(|error| error.code == RankingErrorCode::NotReached) {
                    run.failed(&Failure::Timeout);
                }
                Ok(Some(progress))
            }
            Err(failure) => {
                run.failed(&failure);
                Err(Error::from(failure))
            }
        });
        Ok(events.boxed())
    }
}

async fn given_page(cut: &PageSlice, mut results: Results) -> Result<(RankedMatchConnection, Outcomes), Failure> {
    let (mut ranked, mut outcomes) = (Vec::new(), Outcomes::default());
    while let Some(result) = results.next().await {
        let result = result?;
        outcomes.add(result.error.as_ref());
        let score = result.matched.as_ref().map(|found| found.score);
        ranked.push((Rank::of_text(score, result.index), result));
    }
    Ok((cut.show(cut.of(ranked), outcomes), outcomes))
}
