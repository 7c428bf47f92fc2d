//! Variables that the operation must have and the request lacks, those that are too large for the places they go to, and
//! those of lists of what the schema does not have.
//!
//! The specification makes the first a request error (section 6.1.2, CoerceVariableValues); async-graphql finds it while it
//! executes, when other fields have run already. The second is ours: each place gets a copy of the value, so that a text of
//! some megabytes in a hundred places would take hundreds of megabytes. The third is a validation error (section 5.8.2);
//! async-graphql 8.0.0-rc.5 panics on the default value of such a variable.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type,
    TypeSystemDefinition,
};
use async_graphql::{Name, Positioned, ServerError, Value, Variables};

use crate::graphql::error::with_code;

/// What the copies of all variables may hold, the first of each not counted.
const MOST_COPIED: Weight = Weight {
    values: 10_000,
    bytes: 8 << 20,
};

/// The names of a schema's types.
#[derive(Debug, Clone)]
pub struct TypeNames(HashSet<String>);

impl TypeNames {
    /// What the SDL defines, the scalars of the specification, and what is there `beside` and in no SDL.
    ///
    /// # Errors
    /// The SDL does not parse.
    pub fn of(sdl: &str, beside: &[&str]) -> Result<Self, async_graphql::parser::Error> {
        let defined = parse_schema(sdl)?
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => Some(definition.node.name.node.to_string()),
                _ => None,
            });
        let scalars = ["Int", "Float", "String", "Boolean", "ID"];
        let others = scalars.iter().chain(beside).map(ToString::to_string);
        Ok(Self(defined.chain(others).collect()))
    }
}

/// Refuses a document with a default value for a list of what is no type, and a request that lacks a variable which is
/// neither nullable nor has a default, or whose variables go to more places than they are small enough for. The limits must
/// have admitted the document.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED`; `BAD_USER_INPUT`, naming the variable and its type; `QUERY_TOO_COMPLEX`.
pub(crate) fn check(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    given: &Variables,
    types: &TypeNames,
) -> Result<(), ServerError> {
    check_defaults(document, types)?;
    let Some(operation) = selected(document, operation_name) else {
        return Ok(());
    };
    for definition in &operation.node.variable_definitions {
        let definition = &definition.node;
        let name = &definition.name.node;
        let value = given.get(name);
        let missing = value.is_none() && definition.default_value.is_none() || value == Some(&Value::Null);
        if missing && !definition.var_type.node.nullable {
            let message = format!(
                "The variable ${name} of type {} must be given.",
                definition.var_type.node
            );
            return Err(with_code(
                ServerError::new(message, Some(definition.name.pos)),
                "BAD_USER_INPUT",
            ));
        }
    }
    check_copies(document, operation, given)
}

/// Any operation of the document may have them: all are validated.
fn check_defaults(document: &ExecutableDocument, types: &TypeNames) -> Result<(), ServerError> {
    let operations = document.operations.iter();
    for definition in operations.flat_map(|(_, operation)| &operation.node.variable_definitions) {
        let name = item_name(&definition.node.var_type.node);
        if definition.node.default_value.is_some() && !types.0.contains(name) {
            let error = ServerError::new(format!("Unknown type \"{name}\""), Some(definition.pos));
            return Err(with_code(error, "GRAPHQL_VALIDATION_FAILED"));
        }
    }
    Ok(())
}

/// The type without `!` and `[]`.
fn item_name(mut ty: &Type) -> &str {
    loop {
        match &ty.base {
            BaseType::Named(name) => return name,
            BaseType::List(item) => ty = item,
        }
    }
}

/// How large a value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Weight {
    values: usize,
    bytes: usize,
}

impl Weight {
    /// Recursion is bounded by what the JSON parser allows.
    fn add(&mut self, value: &Value) {
        self.values += 1;
        match value {
            Value::String(text) => self.bytes += text.len(),
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.bytes += name.len();
                    self.add(value);
                }
            }
            _ => {}
        }
    }

    fn plus(self, other: Self, times: usize) -> Self {
        Self {
            values: self.values.saturating_add(other.values.saturating_mul(times)),
            bytes: self.bytes.saturating_add(other.bytes.saturating_mul(times)),
        }
    }
}

fn check_copies(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    given: &Variables,
) -> Result<(), ServerError> {
    if given.is_empty() {
        return Ok(());
    }
    let mut places = Places {
        document,
        found: HashMap::new(),
    };
    places.selections(&operation.node.selection_set.node);
    let mut copied = Weight::default();
    for (name, count) in &places.found {
        if let (Some(value), 2..) = (given.get(name), *count) {
            let mut weight = Weight::default();
            weight.add(value);
            copied = copied.plus(weight, count - 1);
        }
    }
    if copied.values <= MOST_COPIED.values && copied.bytes <= MOST_COPIED.bytes {
        return Ok(());
    }
    let message = format!(
        "The variables go to several places, each of which gets a copy: of {} values and {} bytes together; {} and {} are \
         allowed.",
        copied.values, copied.bytes, MOST_COPIED.values, MOST_COPIED.bytes
    );
    Err(with_code(
        ServerError::new(message, Some(operation.pos)),
        "QUERY_TOO_COMPLEX",
    ))
}

/// How often each variable stands in an operation, its fragments written out.
struct Places<'a> {
    document: &'a ExecutableDocument,
    found: HashMap<Name, usize>,
}

impl<'a> Places<'a> {
    /// Ends, and soon, because the limits have refused cycles and what grows. Directives take booleans, which weigh nothing.
    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    for (_, value) in &field.node.arguments {
                        // The one way to visit the variables of a value whose type the library does not export.
                        let _: Result<_, Infallible> = value.node.clone().into_const_with(|name| {
                            *self.found.entry(name).or_default() += 1;
                            Ok(Value::Null)
                        });
                    }
                    self.selections(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => self.selections(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        self.selections(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
}

fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => None,
    }
}

#[cfg(test)]
mod tests {
    //! That no type of the schema is missed. What is refused is in `tests/it` and the fuzz target.

    use async_graphql::SDLExportOptions;

    use super::*;
    use crate::config::{self, Config};
    use crate::graphql::schema::{beside_the_sdl, build, export};

    #[tokio::test]
    async fn every_input_type_of_the_schema_is_known() {
        for federation in [false, true] {
            let config = Config {
                schema: config::Schema {
                    federation,
                    ..config::Schema::default()
                },
                ..Config::default()
            };
            let schema = build(&config).0.finish();
            let sdl = export(&schema, SDLExportOptions::new());
            let types = TypeNames::of(&sdl, &beside_the_sdl(&config)).unwrap();
            let answer = schema.execute("{ __schema { types { name kind } } }").await;
            let told = answer.data.into_json().unwrap();
            let told = told["__schema"]["types"].as_array().unwrap();
            let inputs = told.iter().filter(|ty| {
                let kind = ty["kind"].as_str().unwrap();
                ["SCALAR", "ENUM", "INPUT_OBJECT"].contains(&kind)
            });
            let missing: Vec<_> = inputs
                .filter(|ty| !types.0.contains(ty["name"].as_str().unwrap()))
                .collect();
            assert!(missing.is_empty() && told.len() > 50, "{federation}: {missing:?}");
        }
    }

    #[tokio::test]
    async fn no_default_of_a_list_makes_the_library_panic() {
        for (introspection, federation) in [(false, false), (false, true), (true, false)] {
            let config = Config {
                schema: config::Schema {
                    introspection,
                    federation,
                    ..config::Schema::default()
                },
                ..Config::default()
            };
            let schema = build(&config).0.finish();
            let sdl = export(&schema, SDLExportOptions::new());
            let types = TypeNames::of(&sdl, &beside_the_sdl(&config)).unwrap();
            for ty in ["Nothing", "__TypeKind", "_Any", "User", "String", "Permission"] {
                let text = format!("query($a: [[{ty}]!] = [[A]]) {{ __typename }}");
                let mut request = async_graphql::Request::new(text);
                let given = Variables::default();
                let refused = check(request.parsed_query().unwrap(), None, &given, &types).is_err();
                // What is let through must be found wrong without a panic.
                let errors = refused || !schema.execute(request).await.errors.is_empty();
                assert!(errors, "{ty} {introspection} {federation}");
            }
        }
    }
}
