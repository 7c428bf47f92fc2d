//! The schema: its roots, and the SDL.
//!
//! Each file holds the types and resolvers of one domain. The gateway executes the schema; this module builds it and
//! prints its SDL, for clients and for federation routers.

mod account;
mod api_key;
mod audit;
mod catalogue;
mod connection;
mod date_time;
pub(super) mod directive;
pub(super) mod entity;
mod enumeration;
mod inference;
mod matching;
mod mutation;
mod nullability;
mod payload;
pub(super) mod permission;
mod query;
mod ranking;
mod role;
mod service_info;
mod session;
mod subscription;
mod user_access;
mod user_connection;

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, SDLExportOptions, Schema, SchemaBuilder, ServerResult, Value,
};

use self::account::User;
use self::catalogue::Job;
use self::mutation::Mutation;
use self::nullability::SemanticNullability;
use self::query::Query;
use self::subscription::Subscription;
use super::request::access_table::AccessTable;
use super::request::admission::Admission;
use super::request::guard::GuardFactory;
use super::request::validation::SdlError;
use crate::config::Config;

/// The executable schema.
pub(super) type PortcullisSchema = Schema<Query, Mutation, Subscription>;

/// A schema to which data and extensions may still be added.
pub(super) type Builder = SchemaBuilder<Query, Mutation, Subscription>;

/// The schema with its guard, and the table of access rules that the guard reads. The caller must fill the table from
/// the SDL before it executes anything.
pub(super) fn build(config: &Config) -> (Builder, Arc<OnceLock<AccessTable>>) {
    let table = Arc::new(OnceLock::new());
    let mut builder = Schema::build(Query, Mutation, Subscription)
        .register_output_type::<Edited<SemanticNullability>>()
        .extension(GuardFactory(Arc::clone(&table)))
        .data(Arc::clone(&table));
    if !config.schema.introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    (fit(builder, config), table)
}

/// The admission of documents for the configured schema.
///
/// # Errors
/// The SDL is invalid.
pub fn admission(config: &Config) -> Result<Admission, SdlError> {
    let schema = build(config).0.finish();
    Admission::new(&export(&schema, SDLExportOptions::new()), config.schema.introspection)
}

/// The SDL, byte-identical to `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    export(&build(&Config::default()).0.finish(), SDLExportOptions::new())
}

/// Prints the SDL of a schema, with one newline at its end.
pub(super) fn export(schema: &PortcullisSchema, options: SDLExportOptions) -> String {
    let mut sdl = schema.sdl_with_options(options.include_specified_by());
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}

/// Removes the fields that the configuration disables. `_service` returns the SDL, so it requires introspection.
fn fit(builder: Builder, config: &Config) -> Builder {
    match (config.schema.federation, config.schema.introspection) {
        (true, true) => builder,
        (true, false) => builder.register_output_type::<Edited<WithoutSdl>>(),
        (false, _) => builder.register_output_type::<Edited<Alone>>(),
    }
}

/// The SDL of the subgraph, with the keys of its entities and the directives to keep in the composed schema.
#[must_use]
pub fn subgraph_sdl() -> String {
    let schema = build(&Config::default()).0;
    let schema = schema.register_output_type::<Edited<Keyed>>();
    let schema = schema.enable_subscription_in_federation().finish();
    export(&schema, SDLExportOptions::new().federation().compose_directive())
}

/// A change of the schema's types before the schema is finished.
trait Edit: Send + Sync {
    fn edit(types: &mut Registry);
}

/// Poses as an output type, because registering one is the only way to modify the types of a schema in async-graphql.
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

/// Removes the fields of a federation subgraph.
struct Alone;

impl Edit for Alone {
    fn edit(types: &mut Registry) {
        remove(types, &["_service", "_entities"]);
    }
}

/// Removes `_service`, for a federation subgraph without introspection.
struct WithoutSdl;

impl Edit for WithoutSdl {
    fn edit(types: &mut Registry) {
        remove(types, &["_service"]);
    }
}

/// Adds the keys of the entity types. With keys, async-graphql resolves `_service` and `_entities` itself, so such a
/// schema must not be executed.
struct Keyed;

impl Edit for Keyed {
    fn edit(types: &mut Registry) {
        for entity in [User::type_name(), Job::type_name()] {
            types.add_keys(&entity, "id");
        }
    }
}
