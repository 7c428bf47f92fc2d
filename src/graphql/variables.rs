//! Variables that the operation must have and the request lacks. The specification makes that a request error (section
//! 6.1.2, CoerceVariableValues); async-graphql finds it while it executes, when other fields have run already.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::{Positioned, ServerError, Value, Variables};

use super::error::with_code;

/// Refuses a request that lacks a variable which is neither nullable nor has a default.
///
/// # Errors
/// `BAD_USER_INPUT`, naming the variable and its type.
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
    Ok(())
}

fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => None,
    }
}
