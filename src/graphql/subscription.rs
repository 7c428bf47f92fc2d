//! The subscription root, for transports that can answer more than once.

use std::sync::Arc;

use async_graphql::{Context, Result, Subscription as Root};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

use super::account::Viewer;
use super::error::Failure;
use super::{app, caller};

/// What can be followed.
pub(super) struct Subscription;

/// What can be followed, over a WebSocket or server-sent events.
#[Root]
impl Subscription {
    /// Who the caller is: at once, and again whenever the account changes or what it may do. It ends with the session.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<BoxStream<'static, Viewer>> {
        let Some(session) = caller(ctx).and_then(|caller| caller.session.clone()) else {
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
}
