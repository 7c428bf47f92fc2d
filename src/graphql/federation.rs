//! The surface as a subgraph of a federation (Apollo Federation 2), where the operator switches that on: a router composes
//! its schema from `_service` and asks `_entities` for the objects that other subgraphs know by their keys.
//!
//! async-graphql has both built in, but there an entity that is refused or missing takes all others along, and no guard
//! sees it. So the two fields are our own: in the query root like any other, and taken out of the schema where the switch
//! is off. An entity is decided by the rule of the field that finds the same object. Only the SDL is the library's.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{
    Any, Context, ContextSelectionSet, Error, ID, OutputType, Positioned, Result, SDLExportOptions, ScalarType,
    ServerResult, SimpleObject, Union, Value,
};
use futures_util::future::join_all;

use super::account::User;
use super::catalogue::Job;
use super::error::Failure;
use super::guard::permit;
use super::query::Query;
use super::{Builder, app, build, export, session};
use crate::config::Config;

/// The most entities that one field finds.
const MAX_ENTITIES: usize = 100;
/// What the field costs, and again each entity.
pub(super) const ENTITY_COST: i32 = 1;

/// What a router composes its schema from.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "_Service")]
pub(super) struct Service {
    /// The schema with its keys, without what is here for the router.
    pub sdl: String,
}

/// An object that other subgraphs may know by its key.
#[derive(Debug, Union)]
#[graphql(name = "_Entity")]
pub(super) enum Entity {
    /// By `id`.
    User(User),
    /// By `id`.
    Job(Job),
}

/// Leaves in the schema what the configuration asks for. `_service` tells as much as introspection and goes with it.
pub(super) fn fit(builder: Builder, config: &Config) -> Builder {
    match (config.federation, config.introspection) {
        (true, true) => builder,
        (true, false) => builder.register_output_type::<Edited<WithoutSdl>>(),
        (false, _) => builder.register_output_type::<Edited<Alone>>(),
    }
}

/// The SDL of the subgraph, with the keys of its entities and with our directives, which the composed schema keeps.
#[must_use]
pub fn subgraph_sdl() -> String {
    let schema = build(&Config::default()).0;
    let schema = schema.register_output_type::<Edited<Keyed>>();
    let schema = schema.enable_subscription_in_federation().finish();
    export(&schema, SDLExportOptions::new().federation().compose_directive())
}

/// The objects that these representations stand for, in their order: nothing for one that does not exist, and an error for
/// one that is malformed or refused.
///
/// # Errors
/// There are too many of them.
pub(super) async fn find(ctx: &Context<'_>, representations: &[Any]) -> Result<Vec<Option<Result<Entity>>>, Failure> {
    if representations.len() > MAX_ENTITIES {
        return Err(Failure::BadUserInput(format!(
            "representations: at most {MAX_ENTITIES} are allowed, not {}",
            representations.len()
        )));
    }
    let found = representations.iter().map(|representation| async {
        let found = find_one(ctx, &representation.0).await;
        found.map_err(Error::from).transpose()
    });
    Ok(join_all(found).await)
}

async fn find_one(ctx: &Context<'_>, representation: &Value) -> Result<Option<Entity>, Failure> {
    match key(representation) {
        Some(("User", id)) => Ok(user(ctx, &id).await?.map(Entity::User)),
        Some(("Job", id)) => {
            permit(ctx, "Query", "job")?;
            Ok(app(ctx).catalogue().find(&id).await?.map(Job::from).map(Entity::Job))
        }
        _ => Err(Failure::BadUserInput(
            "representations: each must be an object such as {\"__typename\": \"User\", \"id\": \"ann\"}, of the type \
             User or Job"
                .to_owned(),
        )),
    }
}

/// The caller's own account as `viewer` shows it, any other as `user` does.
async fn user(ctx: &Context<'_>, id: &str) -> Result<Option<User>, Failure> {
    if let Some(session) = session(ctx).filter(|session| *session.user.id == *id) {
        permit(ctx, "Query", "viewer")?;
        return Ok(Some(User(Arc::clone(&session.user))));
    }
    permit(ctx, "Query", "user")?;
    Ok(app(ctx).accounts().find(id).await?.map(User))
}

/// The type and the id; what else a router sends along is not looked at.
fn key(representation: &Value) -> Option<(&str, ID)> {
    let Value::Object(fields) = representation else {
        return None;
    };
    match (fields.get("__typename")?, fields.get("id")?.clone()) {
        (Value::String(ty), id) => Some((ty, <ID as ScalarType>::parse(id).ok()?)),
        _ => None,
    }
}

/// A change of the schema's types before the schema is finished.
trait Edit: Send + Sync {
    fn edit(types: &mut Registry);
}

/// Passes for an output type: to register one is the only way that async-graphql leaves to the types of a schema.
struct Edited<E>(PhantomData<E>);

impl<E: Edit> OutputType for Edited<E> {
    fn type_name() -> Cow<'static, str> {
        Query::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        E::edit(registry);
        Self::qualified_type_name()
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

fn remove(types: &mut Registry, fields_of_the_root: &[&str]) {
    if let Some(MetaType::Object { fields, .. }) = types.types.get_mut(&*Query::type_name()) {
        fields.retain(|name, _| !fields_of_the_root.contains(&name.as_str()));
    }
    types.remove_unused_types();
}

/// No part of a federation.
struct Alone;

impl Edit for Alone {
    fn edit(types: &mut Registry) {
        remove(types, &["_service", "_entities"]);
    }
}

/// Part of a federation that has the schema from elsewhere.
struct WithoutSdl;

impl Edit for WithoutSdl {
    fn edit(types: &mut Registry) {
        remove(types, &["_service"]);
    }
}

/// The types that can be [`Entity`] have their keys. With them async-graphql answers the two fields by itself, so nobody
/// may execute such a schema.
struct Keyed;

impl Edit for Keyed {
    fn edit(types: &mut Registry) {
        for entity in [User::type_name(), Job::type_name()] {
            types.add_keys(&entity, "id");
        }
    }
}
