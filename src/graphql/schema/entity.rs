//! Entities of an Apollo federation: the objects that other subgraphs reference by their keys, and the resolution of
//! `_entities`.
//!
//! async-graphql has both `_service` and `_entities` built in, but there a refused or missing entity fails all others, and
//! the guard does not see it. So the two fields are declared in the query root like any other, and the schema without
//! federation omits them (`schema`). An entity is decided by the rule of the field that returns the same object.

use std::sync::Arc;

use async_graphql::{Any, Context, Error, ID, Result, ScalarType, SimpleObject, Union, Value};
use futures_util::future::join_all;

use super::account::User;
use super::catalogue::Job;
use crate::graphql::context::{app, session};
use crate::graphql::error::Failure;
use crate::graphql::request::guard::permit;

/// The maximum number of representations.
const MAX_ENTITIES: usize = 100;
/// The cost of the field, and of each entity.
pub(crate) const ENTITY_COST: i32 = 1;

/// The subgraph schema, for the router of a federation.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "_Service")]
pub(crate) struct Service {
    /// The SDL of the subgraph, with entity keys.
    pub sdl: String,
}

/// An entity: an object that other subgraphs reference by its key.
#[derive(Debug, Union)]
#[graphql(name = "_Entity")]
pub(crate) enum Entity {
    /// Identified by `id`.
    User(User),
    /// Identified by `id`.
    Job(Job),
}

/// The objects that these representations stand for, in their order: nothing for one that does not exist, and an error for
/// one that is malformed or refused.
///
/// # Errors
/// There are too many of them.
pub(crate) async fn find(ctx: &Context<'_>, representations: &[Any]) -> Result<Vec<Option<Result<Entity>>>, Failure> {
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
