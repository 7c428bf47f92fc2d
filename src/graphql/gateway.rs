//! The gateway: admits a request, charges its cost, executes it within the deadline, and responds only if the caller is
//! still authorized.

use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::{OperationType, Selection};
use async_graphql::{Request, Response, SDLExportOptions, ServerError, Value};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

use super::context::RequestContext;
use super::error::{self, Failure};
use super::request::access_table::{AccessTable, AccessTableError};
use super::request::admission::Admission;
use super::request::audit_trail::{MAX_SUBJECTS, Refusals};
use super::request::authorization::{self, Authorization};
use super::request::cost::{self, Charge};
use super::request::deadline::OperationDeadline;
use super::request::lowering;
use super::request::metrics::OperationTimer;
use super::request::trusted_documents::{ManifestError, TrustedDocuments};
use super::request::validation::SdlError;
use super::role_schema::{RoleSchema, RoleSchemaError};
use super::schema::entity::Service;
use super::schema::{PortcullisSchema, admission, build, export, subgraph_sdl};
use crate::access::{Actor, Decision, Requirement, permits};
use crate::app::App;
use crate::identity::{self, Session, SessionEnd};
use crate::log;
use crate::metrics::metrics;
use crate::quota::QuotaSubject;

/// Executes requests.
#[derive(Clone)]
pub struct Gateway {
    schema: PortcullisSchema,
    app: App,
    sdl: Arc<str>,
    /// Parsed when it is first needed.
    role_schema: Arc<OnceLock<RoleSchema>>,
    admission: Arc<Admission>,
    table: Arc<OnceLock<AccessTable>>,
    trusted: Arc<TrustedDocuments>,
}

/// The reason why the gateway cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The access rules of the schema contradict each other.
    #[error(transparent)]
    Rules(#[from] AccessTableError),
    /// The SDL is invalid.
    #[error(transparent)]
    Sdl(#[from] SdlError),
    /// The manifest of trusted documents cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl Gateway {
    /// Builds the schema with the services.
    ///
    /// # Errors
    /// The access rules of the schema contradict each other, or the trusted documents cannot be used.
    pub fn new(app: App) -> Result<Self, SetupError> {
        let trusted = Arc::new(TrustedDocuments::open(app.settings(), || admission(app.settings()))?);
        let (mut builder, table) = build(app.settings());
        if app.settings().schema.federation {
            builder = builder.data(Service { sdl: subgraph_sdl() });
        }
        let refusals = Refusals::new(app.division().entries_of(MAX_SUBJECTS));
        let schema = builder.data(app.clone()).data(refusals).finish();
        let sdl = export(&schema, SDLExportOptions::new());
        let rules = AccessTable::from_sdl(&sdl)?;
        let admission = Arc::new(Admission::new(&sdl, app.settings().schema.introspection)?);
        table.get_or_init(|| rules);
        Ok(Self {
            schema,
            app,
            sdl: sdl.into(),
            role_schema: Arc::default(),
            admission,
            table,
            trusted,
        })
    }

    /// The services.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The SDL with every directive.
    #[must_use]
    pub fn sdl(&self) -> &str {
        &self.sdl
    }

    /// The SDL with the fields that this actor may select.
    ///
    /// # Errors
    /// The SDL cannot be read, which [`Gateway::new`] excludes.
    pub fn sdl_for(&self, actor: &Actor) -> Result<String, RoleSchemaError> {
        if let Some(schema) = self.role_schema.get() {
            return Ok(schema.sdl(actor));
        }
        let schema = RoleSchema::new(&self.sdl)?;
        Ok(self.role_schema.get_or_init(|| schema).sdl(actor))
    }

    /// The access rule of each field.
    #[must_use]
    pub fn access_table(&self) -> Option<&AccessTable> {
        self.table.get()
    }

    /// Executes a query or a mutation. Every error of the response has a code.
    pub async fn execute(&self, mut request: Request, caller: RequestContext) -> Response {
        let measure = OperationTimer::begin();
        let (answer, kind) = match self.admit(&mut request) {
            Ok(kind) => (self.in_time(request, caller, kind).await, Some(kind)),
            Err(errors) => (refusal(errors, &caller.request_id), None),
        };
        measure.end(kind, &answer);
        answer
    }

    /// The response, or `TIMEOUT` after the deadline, which long work in steps suspends. A query is then cancelled with
    /// everything it had queued. A mutation runs to completion even if its caller is gone: a partial mutation would be
    /// worse, such as an account disabled in the store but not in this process.
    async fn in_time(&self, mut request: Request, caller: RequestContext, kind: OperationType) -> Response {
        let id = Arc::clone(&caller.request_id);
        let deadline = OperationDeadline::new(self.app.settings().limits.deadline());
        request.data.insert(deadline.clone());
        let answered = if kind == OperationType::Mutation {
            let gateway = self.clone();
            let work = async move { gateway.answer(request, caller).await };
            let work = tokio::spawn(log::of_current_request(work));
            match deadline.limit(work).await {
                Some(Ok(answer)) => Some(answer),
                Some(Err(stopped)) => match stopped.try_into_panic() {
                    // The middleware turns the panic into a response.
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(cancelled) => {
                        let failure = Failure::internal(cancelled);
                        return refusal(vec![failure.into_request_error()], &id);
                    }
                },
                None => None,
            }
        } else {
            deadline.limit(Box::pin(self.answer(request, caller))).await
        };
        answered.unwrap_or_else(|| refusal(vec![Failure::Timeout.into_request_error()], &id))
    }

    /// Executes an operation of any type, with one response for a query or mutation and any number for a subscription.
    /// If the caller loses access meanwhile, one error follows and the stream ends. A response without data ends it
    /// too.
    #[must_use]
    pub fn execute_stream(&self, request: Request, caller: RequestContext) -> BoxStream<'static, Response> {
        let gateway = self.clone();
        stream::once(gateway.follow(request, caller)).flatten().boxed()
    }

    /// Completes when the caller's session ends, with the reason; never for a guest.
    pub async fn ended(&self, caller: &RequestContext) -> SessionEnd {
        match &caller.session {
            Some(session) => self.app.accounts().ended(session).await,
            None => std::future::pending().await,
        }
    }

    async fn follow(self, mut request: Request, mut caller: RequestContext) -> BoxStream<'static, Response> {
        let id = Arc::clone(&caller.request_id);
        let measure = OperationTimer::begin();
        let refused = |errors: Vec<ServerError>, kind| {
            let answer = refusal(errors, &id);
            measure.end(kind, &answer);
            stream::iter([answer]).boxed()
        };
        // The roles may have changed since the socket was opened.
        if let Some(session) = &caller.session {
            match self.app.accounts().current(session).await {
                Ok(now) => caller.session = Some(Arc::new(now)),
                Err(error) => return refused(vec![Failure::of_session(error).into_request_error()], None),
            }
        }
        let ty = match self.admit(&mut request) {
            Ok(ty) => ty,
            Err(errors) => return refused(errors, None),
        };
        let kind = Some(ty);
        let field = match subscription_field(&mut request) {
            Ok(field) => field,
            Err(error) => return refused(vec![error], kind),
        };
        let Some(field) = field else {
            let only = async move {
                let answer = self.in_time(request, caller, ty).await;
                measure.end(kind, &answer);
                answer
            };
            return stream::once(only).boxed();
        };
        let actor = match self.actor(&caller).await {
            Ok(actor) => actor,
            Err(failure) => return refused(vec![failure.into_request_error()], kind),
        };
        let authorization = Authorization::lasting(self.app.clone(), caller.session.clone(), actor);
        let authorization = Arc::new(authorization.within(self.app.settings().limits.deadline()));
        // The guard decides on each event; a caller without the permission is refused before the first.
        if let Err(failure) = authorization.with_actor(|actor| self.permit(actor, &field)) {
            return refused(vec![failure.into_request_error()], kind);
        }
        if let Err(failure) = self.add_data(&mut request, caller, Arc::clone(&authorization)) {
            return refused(vec![failure.into_request_error()], kind);
        }
        measure.goes_on();
        let events = self.schema.execute_stream(request);
        let answers = stream::unfold(Some((events, authorization, id)), |state| async move {
            let (mut events, authorization, id) = state?;
            let mut event = events.next().await?;
            if let Err(failure) = authorization.still_stands().await {
                return Some((refusal(vec![failure.into_request_error()], &id), None));
            }
            if !authorization.has_begun() {
                // Nothing was executed, so this is a request error (specification, 6.2.3.1).
                event.data = Value::Null;
                event.errors.iter_mut().for_each(|error| error.path.clear());
            }
            error::finish(&mut event, &id);
            metrics().events.inc();
            Some((event, Some((events, authorization, id))))
        });
        answers.boxed()
    }

    fn permit(&self, actor: &Actor, field: &str) -> Result<(), Failure> {
        let rule = self.table.get().and_then(|table| table.rule("Subscription", field));
        match rule.and_then(|rule| rule.requirement) {
            // The owner of an event's object is known only with the event.
            Some(Requirement::Permission { or_owner: true, .. }) | None => Ok(()),
            Some(requirement) => match permits(actor, requirement, None) {
                Decision::Allowed => Ok(()),
                refused => Err(refused.into()),
            },
        }
    }

    async fn actor(&self, caller: &RequestContext) -> Result<Actor, Failure> {
        match &caller.session {
            Some(session) => Ok(session.actor.clone()),
            None => authorization::guest(&self.app).await,
        }
    }

    /// The single response to an admitted request.
    async fn answer(&self, mut request: Request, caller: RequestContext) -> Response {
        let (request_id, wants_cost) = (Arc::clone(&caller.request_id), caller.wants_cost);
        let session = caller.session.clone();
        let actor = match self.actor(&caller).await {
            Ok(actor) => actor,
            Err(failure) => return refusal(vec![failure.into_request_error()], &request_id),
        };
        let authorization = Arc::new(Authorization::once(actor));
        let units = match self.add_data(&mut request, caller, authorization) {
            Ok(units) => units,
            Err(failure) => return refusal(vec![failure.into_request_error()], &request_id),
        };
        // Boxed, because it is large and moved several times.
        let work = Box::pin(self.schema.execute(request));
        let mut response = match session {
            Some(session) => self.answer_session(&session, work).await,
            None => work.await,
        };
        if wants_cost {
            response = response.extension("cost", Value::from(units));
        }
        error::finish(&mut response, &request_id);
        response
    }

    /// Runs a request. Refuses its answer if the session has ended meanwhile, unless the request itself ended it.
    async fn answer_session(&self, session: &Arc<Session>, work: impl Future<Output = Response>) -> Response {
        let (response, ended) = identity::watch(Arc::clone(session), work).await;
        if ended {
            return response;
        }
        match self.app.accounts().recheck(session).await {
            Ok(()) => response,
            Err(error) => Response::from_errors(vec![Failure::of_session(error).into_request_error()]),
        }
    }

    /// The type of the operation that a request runs, for transports that treat mutations or subscriptions in their own
    /// way. `None` for a request that [`execute`](Self::execute) refuses because of its document or its operation name.
    #[must_use]
    pub fn operation_type(&self, request: &mut Request) -> Option<OperationType> {
        self.trusted.fill(request).ok()?;
        self.admission.operation_type(request)
    }

    /// Whether the operation that a request runs only registers, signs in, refreshes or signs out.
    #[must_use]
    pub fn manages_session(&self, request: &mut Request) -> bool {
        self.trusted.fill(request).is_ok() && self.admission.manages_session(request)
    }

    /// Whether the operation that a request runs only registers, signs in or refreshes.
    #[must_use]
    pub fn opens_session(&self, request: &mut Request) -> bool {
        self.trusted.fill(request).is_ok() && self.admission.opens_session(request)
    }

    /// Admits a request.
    fn admit(&self, request: &mut Request) -> Result<OperationType, Vec<ServerError>> {
        self.trusted.fill(request).map_err(|error| vec![error])?;
        self.admission.admit(request)
    }

    /// Adds the data that resolvers need, and a charge if the operation costs anything. Returns its cost.
    ///
    /// # Errors
    /// The cost exceeds the caller's limit for one operation.
    fn add_data(
        &self,
        request: &mut Request,
        caller: RequestContext,
        authorization: Arc<Authorization>,
    ) -> Result<u32, Failure> {
        let units = authorization.with_actor(|actor| self.price(request, &caller, actor))?;
        request.data.insert(authorization);
        request.data.insert(caller);
        Ok(units)
    }

    /// Adds a charge if the operation costs the caller anything. Returns its cost.
    fn price(&self, request: &mut Request, caller: &RequestContext, actor: &Actor) -> Result<u32, Failure> {
        // Variables may have megabytes, and reading the document borrows the whole request.
        let variables = std::mem::take(&mut request.variables);
        let parsed = self.table.get().zip(request.parsed_query().ok());
        let price = parsed.and_then(|(table, document)| {
            let operation = lowering::only(document)?;
            Some(cost::estimate(&operation.node, &variables, table, Some(actor)))
        });
        request.variables = variables;
        let Some(price) = price else {
            return Err(Failure::internal("an admitted request has no operation to price"));
        };
        let units = price.units;
        if units > 0 {
            let who = QuotaSubject::of(actor, Some(caller.address));
            let maximum = self.app.quotas().most_at_once(&who);
            if units > maximum {
                return Err(Failure::TooComplex { cost: units, maximum });
            }
            request.data.insert(Charge::new(self.app.clone(), who, price));
        }
        Ok(units)
    }
}

/// The root field of the operation of an admitted request, if it is a subscription.
fn subscription_field(request: &mut Request) -> Result<Option<String>, ServerError> {
    let operation = lowering::only(request.parsed_query()?).map(|operation| &operation.node);
    let subscription = operation.filter(|operation| operation.ty == OperationType::Subscription);
    Ok(
        subscription.and_then(|operation| match &operation.selection_set.node.items.first()?.node {
            Selection::Field(field) => Some(field.node.name.node.to_string()),
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
        }),
    )
}

/// The response to a request that is not executed.
fn refusal(errors: Vec<ServerError>, request_id: &str) -> Response {
    let mut response = Response::from_errors(errors);
    error::finish(&mut response, request_id);
    response
}
