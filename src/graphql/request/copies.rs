//! The limit on copies of variables. Each place that uses a variable gets a copy of its value, so that a text of some
//! megabytes in a hundred places would take hundreds of megabytes.

use std::collections::HashMap;

use async_graphql::parser::types::{OperationDefinition, Selection, SelectionSet};
use async_graphql::{Positioned, ServerError, Value, Variables};
use async_graphql_value::Value as Argument;

use crate::graphql::error::with_code;

/// The maximum size of all copies of variables, not counting the first of each.
const MOST_COPIED: Weight = Weight {
    values: 10_000,
    bytes: 8 << 20,
};

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

/// Checks the size of the copies of all variables in an operation that [`lowering`](super::lowering) returned.
///
/// # Errors
/// `QUERY_TOO_COMPLEX`.
pub(super) fn check(operation: &Positioned<OperationDefinition>, given: &Variables) -> Result<(), ServerError> {
    if given.is_empty() {
        return Ok(());
    }
    let mut uses = HashMap::new();
    count_uses(&operation.node.selection_set.node, &mut uses);
    let mut copied = Weight::default();
    for (name, count) in uses {
        if let (Some(value), 2..) = (given.get(name), count) {
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

/// Counts the uses of each variable.
fn count_uses<'a>(set: &'a SelectionSet, uses: &mut HashMap<&'a str, usize>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                for (_, argument) in &field.node.arguments {
                    value_uses(&argument.node, uses);
                }
                count_uses(&field.node.selection_set.node, uses);
            }
            Selection::InlineFragment(inline) => count_uses(&inline.node.selection_set.node, uses),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn value_uses<'a>(value: &'a Argument, uses: &mut HashMap<&'a str, usize>) {
    match value {
        Argument::Variable(name) => *uses.entry(name).or_default() += 1,
        Argument::List(items) => items.iter().for_each(|item| value_uses(item, uses)),
        Argument::Object(fields) => fields.values().for_each(|item| value_uses(item, uses)),
        _ => {}
    }
}
