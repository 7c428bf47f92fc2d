//! The subscription root, for transports that can answer more than once.

use std::sync::Arc;

use async_graphql::{Context, Error, Result, Subscription as Root};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

use super::account::Viewer;
use super::permission::Permission;
use super::ranking::{Asked, RANK_COST, RankJobsInput, RankResumesInput, RankingProgress};
use crate::graphql::context::{app, request};
use crate::graphql::error::Failure;
use crate::graphql::schema::directive::{auth, cost};

/// An event that may be refused, or fail and be the last.
type Event<T> = Result<Option<T>, Error>;

/// What can be followed.
pub(crate) struct Subscription;

/// What can be followed, over a WebSocket or server-sent events.
#[Root]
impl Subscription {
    /// Who the caller is: at once, and again whenever the account changes or what it may do. It ends with the session.
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
                    let now = app.accounts().current(&session).await.ok()?;
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

    /// Each result of `rankJobs` as soon as it is there. It ends with the last one; leaving earlier stops the work.
    #[graphql(
        directive = auth::apply(Permission::MatchResume, false),
        directive = cost::apply(RANK_COST, Some("input.jobs".to_owned()))
    )]
    async fn rank_jobs_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The resume, and the postings or how many candidates of the catalogue; at most 200 postings."
        )]
        input: RankJobsInput,
    ) -> Result<BoxStream<'static, Event<RankingProgress>>> {
        Ok(Asked::jobs(ctx, input, "Subscription.rankJobsProgress")?.progress(ctx)?)
    }

    /// Each result of `rankResumes` as soon as it is there. It ends with the last one; leaving earlier stops the work.
    #[graphql(
        directive = auth::apply(Permission::MatchResume, false),
        directive = cost::apply(RANK_COST, Some("input.resumes".to_owned()))
    )]
    async fn rank_resumes_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The posting and the resumes; at most 200.")] input: RankResumesInput,
    ) -> Result<BoxStream<'static, Event<RankingProgress>>> {
        Ok(Asked::resumes(input, "Subscription.rankResumesProgress")?.progress(ctx)?)
    }
}
