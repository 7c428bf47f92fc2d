//! The GraphQL surface: the schema, and the [`Gateway`] that every transport executes requests through.
//!
//! The transports in `http` call it. It decides nothing of its own: fields are guarded by [`guard`], refused documents
//! by [`limits`], and what went wrong is named by [`error`].

mod access;
mod account;
pub mod cookies;
pub mod error;
pub mod guard;
mod inference;
pub mod limits;
mod matching;
mod merge;
mod mutation;
mod query;
mod variables;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use async_graphql::{Context, EmptySubscription, Request, Response, Schema, ServerError};

use self::cookies::Cookies;
use self::error::Failure;
use self::guard::{AccessTable, AccessTableError, GuardFactory, Owners};
use self::limits::Limits;
use self::mutation::Mutation;
use self::query::Query;
use crate::access::{Actor, Permissions};
use crate::app::App;
use crate::identity::{Origin, Session};

/// Who sent a request, as the transport knows it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The verified session; `None` for a guest.
    pub session: Option<Arc<Session>>,
    /// The address the request came from.
    pub address: IpAddr,
    /// The request's `User-Agent`, cut to 200 characters.
    pub user_agent: Option<String>,
    /// Stands in the log and in `INTERNAL` errors.
    pub request_id: String,
    /// The request's cookies; `None` where the answer cannot set any.
    pub cookies: Option<Arc<Cookies>>,
}

type PortcullisSchema = Schema<Query, Mutation, EmptySubscription>;

fn build(
    introspection: bool,
) -> (
    async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription>,
    Arc<OnceLock<AccessTable>>,
) {
    let table = Arc::new(OnceLock::new());
    let mut builder = Schema::build(Query, Mutation, EmptySubscription)
        .extension(GuardFactory(Arc::clone(&table)))
        .data(Arc::clone(&table));
    if !introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    (builder, table)
}

/// The SDL, byte-identical to `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    export(&build(true).0.finish())
}

fn export(schema: &PortcullisSchema) -> String {
    let options = async_graphql::SDLExportOptions::new().include_specified_by();
    let mut sdl = schema.sdl_with_options(options);
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}

/// Executes requests.
#[derive(Clone)]
pub struct Gateway {
    schema: PortcullisSchema,
    app: App,
    sdl: Arc<str>,
    limits: Limits,
    table: Arc<OnceLock<AccessTable>>,
}

impl Gateway {
    /// Builds the schema over the services.
    ///
    /// # Errors
    /// When the schema's own access rules contradict each other.
    pub fn new(app: App) -> Result<Self, AccessTableError> {
        let (builder, table) = build(app.settings().introspection);
        let schema = builder.data(app.clone()).finish();
        let sdl = export(&schema);
        let rules = AccessTable::from_sdl(&sdl)?;
        table.get_or_init(|| rules);
        Ok(Self {
            schema,
            app,
            sdl: sdl.into(),
            limits: Limits::default(),
            table,
        })
    }

    /// The services behind the schema.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The SDL with every directive.
    #[must_use]
    pub fn sdl(&self) -> &str {
        &self.sdl
    }

    /// What each field requires.
    #[must_use]
    pub fn access_table(&self) -> Option<&AccessTable> {
        self.table.get()
    }

    /// Executes a query or a mutation. Every error of the answer has a code.
    pub async fn execute(&self, mut request: Request, caller: Caller) -> Response {
        let request_id = caller.request_id.clone();
        let mut response = match self.admit(&mut request) {
            Ok(()) => {
                let session = caller.session.clone();
                let actor = match &session {
                    Some(session) => session.actor.clone(),
                    // A store that cannot be asked gives nothing away.
                    None => self.app.accounts().guest().await.unwrap_or_else(|error| {
                        tracing::error!(%error, "the role of guests cannot be read");
                        Actor::guest_with(Permissions::NONE)
                    }),
                };
                let ended = Arc::new(OwnSessionEnded::default());
                let request = request
                    .data(actor)
                    .data(Owners::default())
                    .data(caller)
                    .data(Arc::clone(&ended));
                let response = self.schema.execute(request).await;
                self.still_stands(response, session.as_deref(), &ended).await
            }
            Err(error) => Response::from_errors(vec![error]),
        };
        error::finish(&mut response, &request_id);
        response
    }

    /// Whoever was switched off while the request ran is not answered any more, unless the request itself did it.
    async fn still_stands(&self, response: Response, session: Option<&Session>, ended: &OwnSessionEnded) -> Response {
        let Some(session) = session else { return response };
        if ended.0.load(Ordering::Acquire) || self.app.accounts().recheck(session).await.is_ok() {
            return response;
        }
        Response::from_errors(vec![Failure::SessionOver.into_request_error()])
    }

    fn admit(&self, request: &mut Request) -> Result<(), ServerError> {
        self.limits.admit(request)?;
        let name = request.operation_name.clone();
        let variables = request.variables.clone();
        let document = request.parsed_query()?;
        variables::check(document, name.as_deref(), &variables)?;
        if let Some(merged) = merge::merged(document)? {
            request.set_parsed_query(merged);
        }
        Ok(())
    }
}

/// Whether the request has ended the session it came with, by `logout` or by what it did to its own account.
#[derive(Debug, Default)]
struct OwnSessionEnded(AtomicBool);

/// To be called by whoever ends sessions of the account `user`.
fn ends_sessions_of(ctx: &Context<'_>, user: &str) {
    let own = session(ctx).is_some_and(|session| *session.user.id == *user);
    if let (true, Some(ended)) = (own, ctx.data_opt::<Arc<OwnSessionEnded>>()) {
        ended.0.store(true, Ordering::Release);
    }
}

fn app<'a>(ctx: &Context<'a>) -> &'a App {
    ctx.data_unchecked::<App>()
}

fn caller<'a>(ctx: &Context<'a>) -> Option<&'a Caller> {
    ctx.data_opt::<Caller>()
}

fn session<'a>(ctx: &Context<'a>) -> Option<&'a Session> {
    caller(ctx)?.session.as_deref()
}

fn actor(ctx: &Context<'_>) -> Actor {
    ctx.data_opt::<Actor>().cloned().unwrap_or_else(Actor::guest)
}

fn origin(ctx: &Context<'_>) -> Origin {
    Origin {
        address: caller(ctx).map(|caller| caller.address),
        user_agent: caller(ctx).and_then(|caller| caller.user_agent.clone()),
    }
}
