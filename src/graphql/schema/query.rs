//! The query root.

use std::sync::Arc;

use async_graphql::{Any, Context, ID, InputValueResult, Object, Result, Scalar, ScalarType, Value};

use super::account::{User, Viewer};
use super::audit::{AuditEventConnection, AuditEventFilter};
use super::catalogue::{Job, JobConnection, JobHitConnection, SEARCH_COST};
use super::connection;
use super::entity;
use super::entity::{ENTITY_COST, Entity, Service};
use super::inference::{InstanceInput, Model, PredictInput, PredictResult};
use super::matching::{MatchResumeInput, RescoreMatchInput, RescoredMatch, ResumeMatch, scoring};
use super::permission::AccessDecision;
use super::ranking::{RANK_COST, RankJobsInput, RankResumesInput, RankedMatchConnection, RankingRequest};
use super::role::Role;
use super::service_info::ServiceInfo;
use super::user_access::UserAccess;
use super::user_connection::{UserConnection, UserFilter, UserOrder};
use crate::access::Permission;
use crate::app::ScoredMatch;
use crate::graphql::context::{actor, app, own_session, request};
use crate::graphql::error::Failure;
use crate::graphql::request::audit_trail::InferenceRun;
use crate::graphql::request::deadline;
use crate::graphql::schema::directive::{auth, cost, sensitive, signed_in};
use crate::inference::Instance;

/// The maximum number of inputs of `predict`.
const MAX_INPUTS: usize = 256;
/// The cost of `predict`.
const PREDICT_COST: i32 = 10;
/// The cost of `matchResume`.
const MATCH_COST: i32 = 40;
/// The cost of `rescoreMatch`.
const RESCORE_COST: i32 = 1;
/// The cost of `exportMyData`.
const EXPORT_COST: i32 = 100;
/// The maximum number of items on a page.
const MAX_PAGE: usize = 100;

/// Queries.
pub(crate) struct Query;

/// Queries.
#[Object]
impl Query {
    /// The name, version and readiness of the server, and its registration mode. Requires no permission.
    async fn service(&self, ctx: &Context<'_>) -> ServiceInfo {
        ServiceInfo::read(ctx).await
    }

    /// The caller; null without a token.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        Some(Viewer(Arc::clone(request(ctx)?.session.as_ref()?)))
    }

    /// Whether the caller may select each of these fields. A field that does not exist is not allowed.
    async fn viewer_can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields, each as `Type.field`; at most 256, of at most 200 bytes each.")] fields: Vec<
            String,
        >,
    ) -> Result<Vec<AccessDecision>> {
        if fields.len() > MAX_INPUTS {
            return Err(Failure::BadUserInput(format!("fields: at most {MAX_INPUTS} are allowed")).into());
        }
        let actor = actor(ctx);
        fields
            .into_iter()
            .map(|field| Ok(AccessDecision::of(ctx, &actor, field, "fields: each")?))
            .collect()
    }

    /// Classifies up to 256 inputs in one batch.
    #[graphql(directive = auth::apply(Permission::Predict, false), directive = cost::apply(PREDICT_COST, None))]
    async fn predict(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The model and the inputs.")] input: PredictInput,
    ) -> Result<Option<PredictResult>> {
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
        let run = InferenceRun::begin("Query.predict", PREDICT_COST);
        let result = app(ctx)
            .inference()
            .predict(caller.id().unwrap_or_default(), &input.model, inputs, top_k)
            .await
            .map_err(Failure::from);
        let (card, predictions) = run.end(ctx, result, |(card, _)| card)?;
        Ok(Some(PredictResult {
            model: (&*card).into(),
            predictions: predictions.into_iter().map(Into::into).collect(),
        }))
    }

    /// Matches a resume with a job posting, with evidence for every claim. The score is an aid for ranking and
    /// explanation, not a hiring decision. Only English texts are compared by meaning.
    #[graphql(directive = auth::apply(Permission::MatchResume, false), directive = cost::apply(MATCH_COST, None))]
    async fn match_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The resume and the job posting, and the settings of the score.")] input: MatchResumeInput,
    ) -> Result<Option<ResumeMatch>> {
        let caller = actor(ctx);
        let resume = input.resume.into_document("input.resume")?;
        let job = input.job.into_document("input.job")?;
        let scoring = scoring(ctx, input.weights, input.must_have)?;
        let _suspension = deadline::suspend(ctx, app(ctx).ranking_limits().1);
        let run = InferenceRun::begin("Query.matchResume", MATCH_COST).weights(scoring.digest());
        let result = app(ctx)
            .match_resume(caller.id(), resume, job, scoring, ctx.look_ahead().field("id").exists())
            .await
            .map_err(Failure::from);
        let ScoredMatch { result, id, encoder } = run.end(ctx, result, |scored| &scored.encoder)?;
        Ok(Some(ResumeMatch::new(result, (&*encoder).into()).with_id(id)))
    }

    /// Scores a match of the caller again: with gaps closed, other weights or other must-haves. No model is run and no text
    /// is read again. An id that is unknown, expired or of another account is an error: run `matchResume` again.
    #[graphql(directive = auth::apply(Permission::MatchResume, false), directive = cost::apply(RESCORE_COST, None))]
    async fn rescore_match(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The match and the settings of the score.")] input: RescoreMatchInput,
    ) -> Result<Option<RescoredMatch>> {
        let (id, options) = input.into_options();
        let mut run = InferenceRun::begin("Query.rescoreMatch", RESCORE_COST);
        let result = app(ctx).rescore_match(actor(ctx).id(), &id, &options);
        if let Ok((rescored, _)) = &result {
            run = run.weights(rescored.weights.digest.clone());
        }
        let (rescored, _) = run.end(ctx, result.map_err(Failure::from), |(_, card)| card)?;
        Ok(Some(rescored.into()))
    }

    /// Ranks job postings for a resume: up to 200 given postings, or the most similar jobs of the catalogue, which also
    /// requires READ_JOBS. A text that cannot be read has an error in its result. A long ranking continues as long as it
    /// makes progress, up to a limit of the server; texts not reached by then have an error in their results.
    #[graphql(
        directive = auth::apply(Permission::MatchResume, false),
        directive = cost::apply(RANK_COST, Some("input.jobs".to_owned()))
    )]
    async fn rank_jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The resume, and either up to 200 postings or the number of candidates from the catalogue.")]
        input: RankJobsInput,
        #[graphql(default_with = "Some(20)", desc = "The page size, 0 to 200.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<RankedMatchConnection>> {
        let asked = RankingRequest::jobs(ctx, input, "Query.rankJobs")?;
        Ok(Some(Box::pin(asked.page(ctx, first, after)).await?))
    }

    /// Ranks up to 200 resumes for a job posting, as `rankJobs` does. The ranking is not a hiring decision.
    #[graphql(
        directive = auth::apply(Permission::MatchResume, false),
        directive = cost::apply(RANK_COST, Some("input.resumes".to_owned()))
    )]
    async fn rank_resumes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job posting and up to 200 resumes.")] input: RankResumesInput,
        #[graphql(default_with = "Some(20)", desc = "The page size, 0 to 200.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<RankedMatchConnection>> {
        let asked = RankingRequest::resumes(ctx, input, "Query.rankResumes")?;
        Ok(Some(Box::pin(asked.page(ctx, first, after)).await?))
    }

    /// The jobs of the catalogue, ordered by id; at most 100 per page.
    #[graphql(directive = auth::apply(Permission::ReadJobs, false))]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)", desc = "The page size, 0 to 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<JobConnection>> {
        let first = connection::first(first, MAX_PAGE)?;
        Ok(Some(JobConnection::read(ctx, first, after.as_deref()).await?))
    }

    /// The job with this id; null if it does not exist.
    #[graphql(directive = auth::apply(Permission::ReadJobs, false))]
    async fn job(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the job.")] id: ID) -> Result<Option<Job>> {
        Ok(app(ctx)
            .catalogue()
            .find(&id)
            .await
            .map_err(Failure::from)?
            .map(Job::from))
    }

    /// Searches the catalogue by words and by embedding; at most 100 results per page.
    #[graphql(directive = auth::apply(Permission::ReadJobs, false), directive = cost::apply(SEARCH_COST, None))]
    async fn search_jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The search text: words or whole sentences, at most 256 word pieces.")] query: String,
        #[graphql(default_with = "Some(20)", desc = "The page size, 0 to 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<JobHitConnection>> {
        let first = connection::first(first, MAX_PAGE)?;
        Ok(Some(
            JobHitConnection::search(ctx, &query, first, after.as_deref()).await?,
        ))
    }

    /// The served models.
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

    /// The accounts, ordered by id unless `orderBy` is given; at most 100 per page.
    #[graphql(directive = auth::apply(Permission::ReadUsers, false))]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)", desc = "The page size, 0 to 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "The filter.")] filter: Option<UserFilter>,
        #[graphql(desc = "The order. A cursor is valid in the order in which it was returned.")] order_by: Option<
            UserOrder,
        >,
    ) -> Result<Option<UserConnection>> {
        let first = connection::first(first, MAX_PAGE)?;
        let filter = filter.unwrap_or_default().into();
        let order = order_by.unwrap_or_default().into();
        Ok(Some(
            UserConnection::read(ctx, first, after.as_deref(), &filter, order).await?,
        ))
    }

    /// The account with this id; null if it does not exist.
    #[graphql(directive = auth::apply(Permission::ReadUsers, false))]
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the account.")] id: ID,
    ) -> Result<Option<User>> {
        Ok(app(ctx).accounts().find(&id).await.map_err(Failure::from)?.map(User))
    }

    /// All roles, ordered by name.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn roles(&self, ctx: &Context<'_>) -> Result<Option<Vec<Role>>> {
        let roles = app(ctx).accounts().roles().await.map_err(Failure::from)?;
        Ok(Some(roles.into_iter().map(Role::from).collect()))
    }

    /// The audit trail, newest event first; at most 100 per page.
    #[graphql(directive = auth::apply(Permission::ReadAudit, false))]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)", desc = "The page size, 0 to 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "The filter.")] filter: Option<AuditEventFilter>,
    ) -> Result<Option<AuditEventConnection>> {
        let first = connection::first(first, MAX_PAGE)?;
        let filter = filter.unwrap_or_default().into();
        Ok(Some(
            AuditEventConnection::read(ctx, first, after.as_deref(), filter).await?,
        ))
    }

    /// Whether an account may select a field, and why; null if the account does not exist.
    #[graphql(directive = auth::apply(Permission::ReadUsers, false))]
    async fn user_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the account.")] id: ID,
        #[graphql(desc = "The field, as `Type.field`; at most 200 bytes.")] field: String,
    ) -> Result<Option<UserAccess>> {
        Ok(UserAccess::read(ctx, &id, field).await?)
    }

    /// All data held about the caller, except hashes of secrets: account, sessions, API keys and audit events.
    #[graphql(directive = signed_in::apply(), directive = cost::apply(EXPORT_COST, None), directive = sensitive::apply())]
    async fn export_my_data(&self, ctx: &Context<'_>) -> Result<Option<Json>> {
        let session = own_session(ctx)?;
        let data = Box::pin(app(ctx).accounts().export_my_data(session)).await;
        let data = data.map_err(Failure::from)?;
        Ok(Some(Json(Value::from_json(data)?)))
    }

    /// The subgraph schema, for the router of a federation.
    #[graphql(name = "_service")]
    async fn subgraph(&self, ctx: &Context<'_>) -> Result<Service> {
        let service = ctx.data_opt::<Service>().cloned();
        Ok(service.ok_or_else(|| Failure::internal("there is no SDL of the subgraph"))?)
    }

    /// The entities with these keys, in input order. Null for an entity that does not exist; null with an error for one
    /// that the caller may not read through `viewer`, `user` or `job`.
    #[graphql(
        name = "_entities",
        directive = cost::apply(ENTITY_COST, Some("representations".to_owned()))
    )]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The representations: `__typename` and `id` of each entity; at most 100.")]
        representations: Vec<Any>,
    ) -> Result<Vec<Option<Result<Entity>>>> {
        Ok(entity::find(ctx, &representations).await?)
    }
}

/// Any JSON value (RFC 8259).
pub(crate) struct Json(Value);

/// Any JSON value (RFC 8259).
#[Scalar(name = "JSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}
