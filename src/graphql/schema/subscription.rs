//! The subscription root, for transports that can answer more than once.

use std::sync::Arc;

use async_graphql::{Context, Error, Result, Subscription as Root};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

use super::account::Viewer;
use super::ranking::{RANK_COST, RankJobsInput, RankResumesInput, RankingProgress, RankingRequest};
use crate::access::Permission;
use crate::graphql::context::{app, request};
use crate::graphql::error::Failure;
use crate::graphql::schema::directive::{auth, cost};

/// An event that may be refused, or fail and be the last.
type Event<T> = Result<Option<T>, Error>;

/// Subscriptions.
pub(crate) struct Subscription;

/// Subscriptions, over WebSocket or server-sent events.
#[Root]
impl Subscription {
    /// The caller: immediately, and again after each change of the account or its permissions. Completes when the
    /// session ends.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<BoxStream<'static, Viewer>> {
        let Some(session) = request(ctx).and_then(|caller| caller.session.clone()) else {
            return Err(Failure::Unauthenticated.into());
        };
        let app = app(ctx).clone();
        let changes = app.accounts().changes();
        let viewers = stream::unfold((app, changes, None), move |(app, mut changes, seen)| {
            let session = Arc::clone(&session);
            async move {
                loop {
                    let now = app.accounts().current_when_reachable(&session).await.ok()?;
                    let state = (Arc::clone(&now.user), now.actor.permissions());
                    if seen.as_ref() != Some(&state) {
                        return Some((Viewer(Arc::new(now)), (app, changes, Some(state))));
                    }
                    changes.next().await;
                }
            }
        });
        Ok(viewers.boxed())
    }

    /// The results of `rankJobs`, each as soon as it is available. Closing the stream cancels the remaining work.
    #[graphql(
        directive = auth::apply(Permission::MatchResume, false),
        directive = cost::apply(RANK_COST, Some("input.jobs".to_owned()))
    )]
    async fn rank_jobs_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The resume, and either up to 200 postings or the number of candidates from the catalogue.")]
        input: RankJobsInput,
    ) -> Result<BoxStream<'static, Event<RankingProgress>>> {
        Ok(RankingRequest::jobs(ctx, input, "Subscription.rankJobsProgress")?.progress(ctx)?)
    }

    /// The results of `rankResumes`, each as soon as it is available. Closing the stream cancels the remaining work.
    #[graphql(
        directive = auth::apply(Permission::MatchResume, false),
        directive = cost::apply(RANK_COST, Some("input.resumes".to_owned()))
    )]
    async fn rank_resumes_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job posting and up to 200 resumes.")] input: RankResumesInput,
    ) -> Result<BoxStream<'static, Event<RankingProgress>>> {
        Ok(RankingRequest::resumes(ctx, input, "Subscription.rankResumesProgress")?.progress(ctx)?)
    }
}
