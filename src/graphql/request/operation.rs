//! Selection of the operation to run: `GetOperation()` of the GraphQL specification (section 6.1).
//!
//! Variables, cost, subscriptions and the transport, which refuses mutations sent by GET, must agree with the executor on
//! the operation, so all of them call [`select`].

use apollo_compiler::executable::Operation;
use apollo_compiler::{ExecutableDocument, Node};
use async_graphql::ServerError;

use crate::graphql::error::with_code;

/// Why a request selects no operation. The messages do not repeat the name, which may be of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// `operationName` is absent and the document does not have exactly one operation.
    #[error("the document has {found} operations; `operationName` must name the one to run")]
    NameRequired {
        /// The number of operations in the document.
        found: usize,
    },
    /// `operationName` is given and no operation has that name.
    #[error("no operation of the document has the name in `operationName`")]
    UnknownName,
}

impl From<OperationError> for ServerError {
    fn from(error: OperationError) -> Self {
        with_code(Self::new(error.to_string(), None), "BAD_USER_INPUT")
    }
}

/// The operation that `name`, the request's `operationName`, selects.
///
/// An empty name is a name like any other, and no operation has it.
///
/// # Errors
/// The name selects no operation, or the document needs a name and none is given.
pub fn select<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a Node<Operation>, OperationError> {
    let operations = &document.operations;
    match name {
        Some(name) => operations.named.get(name).ok_or(OperationError::UnknownName),
        None => {
            let mut all = operations.iter();
            match (all.next(), all.next()) {
                (Some(operation), None) => Ok(operation),
                _ => Err(OperationError::NameRequired {
                    found: operations.len(),
                }),
            }
        }
    }
}

#[cfg(test)]
mod tests;
