//! The GraphQL surface: the schema, what its resolvers know of a request, and the [`Gateway`] that every transport executes
//! requests through.
//!
//! It decides nothing of its own: fields are guarded by [`guard`], refused documents
//! by [`limits`], and what went wrong is named by [`error`].

mod access;
mod account;
mod api_key;
mod asker;
mod audit;
mod catalogue;
pub mod cookies;
mod cost;
pub mod error;
pub mod federation;
mod gateway;
pub mod guard;
mod inference;
mod known;
pub mod limits;
mod matching;
mod measure;
mod merge;
mod mutation;
mod query;
mod ranking;
mod role;
mod session;
mod source;
mod subscription;
mod trail;
pub mod trusted;
mod variables;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use async_graphql::{Context, SDLExportOptions, Schema, SchemaBuilder};

pub use self::gateway::{Gateway, SetupError};

use self::asker::Asker;
use self::cookies::Cookies;
use self::guard::{AccessTable, GuardFactory};
use self::mutation::Mutation;
use self::query::Query;
use self::subscription::Subscription;
use crate::access::Actor;
use crate::app::App;
use crate::config::Config;
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
    pub request_id: Arc<str>,
    /// Whether the answer shall tell what the request costs.
    pub wants_cost: bool,
    /// The request's cookies; `None` where the answer cannot set any.
    pub cookies: Option<Arc<Cookies>>,
}

type PortcullisSchema = Schema<Query, Mutation, Subscription>;

type Builder = SchemaBuilder<Query, Mutation, Subscription>;

fn build(config: &Config) -> (Builder, Arc<OnceLock<AccessTable>>) {
    let table = Arc::new(OnceLock::new());
    let mut builder = Schema::build(Query, Mutation, Subscription)
        .extension(GuardFactory(Arc::clone(&table)))
        .data(Arc::clone(&table));
    if !config.introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    (federation::fit(builder, config), table)
}

/// Input types that the schema has and its SDL does not define.
fn beside_the_sdl(config: &Config) -> Vec<&'static str> {
    let introspection: &[&str] = if config.introspection {
        &["__TypeKind", "__DirectiveLocation"]
    } else {
        &[]
    };
    let federation = config.federation.then_some("_Any");
    introspection.iter().copied().chain(federation).collect()
}

/// The SDL, byte-identical to `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    export(&build(&Config::default()).0.finish(), SDLExportOptions::new())
}

fn export(schema: &PortcullisSchema, options: SDLExportOptions) -> String {
    let mut sdl = schema.sdl_with_options(options.include_specified_by());
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
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
    ctx.data_opt::<Arc<Asker>>()
        .map_or_else(Actor::guest, |asker| asker.actor())
}

fn origin(ctx: &Context<'_>) -> Origin {
    Origin {
        address: caller(ctx).map(|caller| caller.address),
        user_agent: caller(ctx).and_then(|caller| caller.user_agent.clone()),
    }
}
