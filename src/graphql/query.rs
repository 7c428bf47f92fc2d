//! The query root.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::access::{AccessDecision, Permission};
use super::account::{UserConnection, UserFilter, Viewer};
use super::error::Failure;
use super::guard::{AccessTable, auth, cost};
use super::inference::{InstanceInput, Model, PredictInput, PredictResult};
use super::matching::{MatchResumeInput, ResumeMatch};
use super::subscription::viewer;
use super::{actor, app, session};
use crate::access::{self, Decision};
use crate::inference::Instance;

/// The most inputs one `predict` takes.
const MAX_INPUTS: usize = 256;
/// The most accounts one page holds.
const MAX_PAGE: usize = 100;

/// What can be asked.
pub(super) struct Query;

/// The service itself.
#[derive(Debug, async_graphql::SimpleObject)]
pub(super) struct ServiceInfo {
    /// `portcullis`.
    pub name: String,
    /// The version of the binary.
    pub version: String,
    /// Whether the store answers and every model is warm.
    pub ready: bool,
}

/// What can be asked.
#[Object]
impl Query {
    /// The service itself; open to everybody.
    async fn service(&self, ctx: &Context<'_>) -> ServiceInfo {
        ServiceInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ready: app(ctx).ready().await.is_ok(),
        }
    }

    /// Who the caller is; null without a token.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        session(ctx).map(viewer)
    }

    /// Whether the caller may select these fields, each written as `Type.field`; at most 256. A field that does not
    /// exist is not allowed.
    async fn viewer_can(&self, ctx: &Context<'_>, fields: Vec<String>) -> Result<Vec<AccessDecision>> {
        if fields.len() > MAX_INPUTS {
            return Err(Failure::BadUserInput(format!("fields: at most {MAX_INPUTS} are allowed")).into());
        }
        let table = ctx.data_unchecked::<Arc<std::sync::OnceLock<AccessTable>>>().get();
        let actor = actor(ctx);
        Ok(fields
            .into_iter()
            .map(|field| {
                let rule = field
                    .split_once('.')
                    .and_then(|(parent, name)| table?.rule(parent, name));
                let requirement = rule.and_then(|rule| rule.requirement);
                AccessDecision {
                    allowed: rule.is_some()
                        && requirement
                            .is_none_or(|needed| access::permits(&actor, needed, actor.id()) == Decision::Allowed),
                    requires: requirement.map(|needed| needed.permission.into()),
                    field,
                }
            })
            .collect())
    }

    /// Classifies up to 256 inputs in one batch.
    #[graphql(directive = auth::apply(Permission::Predict, false), directive = cost::apply(10))]
    async fn predict(&self, ctx: &Context<'_>, input: PredictInput) -> Result<Option<PredictResult>> {
        let refuse = |reason: String| Err(Failure::BadUserInput(reason).into());
        if input.inputs.is_empty() || input.inputs.len() > MAX_INPUTS {
            return refuse(format!(
                "input.inputs: 1 to {MAX_INPUTS} are allowed, not {}",
                input.inputs.len()
            ));
        }
        let Some(top_k) = input
            .top_k
            .map_or(Some(3), |k| usize::try_from(k).ok())
            .filter(|k| *k > 0)
        else {
            return refuse("input.topK: at least 1".to_owned());
        };
        let inputs = input
            .inputs
            .into_iter()
            .map(|input| match input {
                InstanceInput::Text(text) => Instance::Text(text),
                #[expect(clippy::cast_possible_truncation, reason = "models compute in f32")]
                InstanceInput::Features(row) => Instance::Features(row.into_iter().map(|x| x as f32).collect()),
            })
            .collect();
        let caller = actor(ctx);
        let (card, predictions) = app(ctx)
            .inference()
            .predict(caller.id().unwrap_or_default(), &input.model, inputs, top_k)
            .await
            .map_err(Failure::from)?;
        Ok(Some(PredictResult {
            model: (&*card).into(),
            predictions: predictions.into_iter().map(Into::into).collect(),
        }))
    }

    /// Matches a resume with a job posting, with the evidence for every claim. The score orders and explains; it does
    /// not decide about a person.
    #[graphql(directive = auth::apply(Permission::MatchResume, false), directive = cost::apply(40))]
    async fn match_resume(&self, ctx: &Context<'_>, input: MatchResumeInput) -> Result<Option<ResumeMatch>> {
        let caller = actor(ctx);
        let resume = input.resume.into_document("input.resume")?;
        let job = input.job.into_document("input.job")?;
        let (result, card) = app(ctx)
            .match_resume(caller.id().unwrap_or_default(), resume, job)
            .await
            .map_err(Failure::from)?;
        Ok(Some(ResumeMatch::new(result, (&*card).into())))
    }

    /// The models that are served.
    #[graphql(directive = auth::apply(Permission::ReadModels, false))]
    async fn models(&self, ctx: &Context<'_>) -> Option<Vec<Model>> {
        Some(
            app(ctx)
                .inference()
                .models()
                .iter()
                .map(|card| (&**card).into())
                .collect(),
        )
    }

    /// The accounts, by id; at most 100 a page.
    #[graphql(directive = auth::apply(Permission::ReadUsers, false))]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)", desc = "How many, 0 to 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the account before the first.")] after: Option<String>,
        #[graphql(desc = "Which accounts.")] filter: Option<UserFilter>,
    ) -> Result<Option<UserConnection>> {
        let Some(first) = first
            .map_or(Some(20), |n| usize::try_from(n).ok())
            .filter(|n| *n <= MAX_PAGE)
        else {
            return Err(Failure::BadUserInput(format!("first: 0 to {MAX_PAGE} are allowed")).into());
        };
        let filter = filter.unwrap_or_default().into();
        let page = app(ctx)
            .accounts()
            .list(first, after.as_deref(), &filter)
            .await
            .map_err(Failure::from)?;
        Ok(Some(UserConnection {
            page,
            filter,
            has_previous: after.is_some(),
        }))
    }
}
