//! Variables that the operation must have and the request lacks, and those that are too large for the places they go to.
//!
//! The specification makes the first a request error (section 6.1.2, CoerceVariableValues); async-graphql finds it while it
//! executes, when other fields have run already. The second is ours: each place gets a copy of the value, so that a text of
//! some megabytes in a hundred places would take hundreds of megabytes.

use std::collections::HashMap;
use std::convert::Infallible;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, ServerError, Value, Variables};

use super::error::with_code;

/// What the copies of all variables may hold, the first of each not counted.
const MOST_COPIED: Weight = Weight {
    values: 10_000,
    bytes: 8 << 20,
};

/// Refuses a request that lacks a variable which is neither nullable nor has a default, or whose variables go to more places
/// than they are small enough for. The limits must have admitted the document.
///
/// # Errors
/// `BAD_USER_INPUT`, naming the variable and its type; `QUERY_TOO_COMPLEX`.
pub(super) fn check(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    given: &Variables,
) -> Result<(), ServerError> {
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
