//! The variables of the selected operation: defaults added, and refused if one is missing, too large for the places that
//! use it, or a list of a type that the schema does not have.
//!
//! A missing variable is a request error (specification, 6.1.2, CoerceVariableValues); async-graphql finds it during
//! execution, when other fields have run already. It also evaluates `@skip` and `@include` without the defaults, so the
//! operation that it runs would not be the one whose cost was charged. The limit on size is ours: each place gets a copy
//! of the value, so that a text of some megabytes in a hundred places would take hundreds of megabytes. An unknown type is
//! a validation error (section 5.8.2); async-graphql 8.0.0-rc.5 panics on the default value of such a variable.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned, ServerError, Value, Variables};

use crate::graphql::error::with_code;

/// The maximum size of all copies of variables, not counting the first of each.
const MOST_COPIED: Weight = Weight {
    values: 10_000,
    bytes: 8 << 20,
};

/// The names of a schema's types.
#[derive(Debug, Clone)]
pub struct TypeNames(HashSet<String>);

impl TypeNames {
    /// The types defined by the SDL, the scalars of the specification, and the given types that are not part of the
    /// SDL.
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

/// The variables with which `operation` runs: those of the request, and the default of each that the request does not
/// give. An explicit null stays null, and a variable without a value or a default stays absent. The limits must have
/// admitted the document.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED` for the default of a list of an unknown type; `BAD_USER_INPUT`, naming the variable and its
/// type, for a required variable without a value; `QUERY_TOO_COMPLEX` for values that are too large for the number of
/// places that use them.
pub(crate) fn complete(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    mut given: Variables,
    types: &TypeNames,
) -> Result<Variables, ServerError> {
    check_defaults(document, types)?;
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
        if let (None, Some(default)) = (value, &definition.default_value) {
            given.insert(name.clone(), default.node.clone());
        }
    }
    check_copies(document, operation, &given)?;
    Ok(given)
}

/// Refuses the default of a variable of an unknown type. All operations of the document are validated, so all are checked.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED`, naming the type.
pub(super) fn check_defaults(document: &ExecutableDocument, types: &TypeNames) -> Result<(), ServerError> {
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

/// The size of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Weight {
    values: usize,
    bytes: usize,
}

impl Weight {
    /// Recursion is bounded by the JSON parser.
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

/// The number of uses of each variable in an operation, after fragment expansion.
struct Places<'a> {
    document: &'a ExecutableDocument,
    found: HashMap<Name, usize>,
}

impl<'a> Places<'a> {
    /// Terminates quickly, because the limits refuse cycles and exponential growth. Variables of directives are
    /// booleans, whose size does not matter.
    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    for (_, value) in &field.node.arguments {
                        // The only way to visit the variables of a value, because the library does not export its type.
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

#[cfg(test)]
mod tests {
    //! The types of the schema, and which variables get a default. Refusals are in `tests/it` and the fuzz target.

    use async_graphql::SDLExportOptions;

    use super::super::operation::select;
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

    #[test]
    fn a_default_replaces_only_an_absent_variable() {
        let text = "query($a: Int = 1, $b: Int = null, $c: Int, $d: Deep = { e: [1] }, $f: Int! = 2) { __typename }";
        let document = async_graphql::parser::parse_query(text).unwrap();
        let types = TypeNames::of("input Deep { e: [Int] }", &[]).unwrap();
        for (given, expected) in [
            (
                serde_json::json!({}),
                serde_json::json!({ "a": 1, "b": null, "d": { "e": [1] }, "f": 2 }),
            ),
            (
                serde_json::json!({ "a": null, "b": 3, "c": null, "d": null, "f": 4, "g": 5 }),
                serde_json::json!({ "a": null, "b": 3, "c": null, "d": null, "f": 4, "g": 5 }),
            ),
        ] {
            let operation = select(&document, None).unwrap();
            let completed = complete(&document, operation, Variables::from_json(given), &types).unwrap();
            assert_eq!(serde_json::to_value(&completed).unwrap(), expected);
        }
        let null = Variables::from_json(serde_json::json!({ "f": null }));
        let operation = select(&document, None).unwrap();
        complete(&document, operation, null, &types).unwrap_err();
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
                let document = request.parsed_query().unwrap();
                let operation = select(document, None).unwrap();
                let refused = complete(document, operation, Variables::default(), &types).is_err();
                // What is accepted must be refused without a panic.
                let errors = refused || !schema.execute(request).await.errors.is_empty();
                assert!(errors, "{ty} {introspection} {federation}");
            }
        }
    }
}
