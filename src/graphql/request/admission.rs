//! Admission: the checks and rewrites of a document before the schema sees it.
//!
//! It is pure. The gateway admits every request; the fuzz target calls the same code.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, ServerError};

use super::limits::{self, Limits};
use super::normalise::normalise;
use super::variables::{self, TypeNames};
use crate::graphql::error::with_code;

/// The rules that documents and variables must keep.
#[derive(Debug, Clone)]
pub struct Admission {
    limits: Limits,
    types: TypeNames,
}

impl Admission {
    /// Default limits, for a schema with these types.
    #[must_use]
    pub fn new(types: TypeNames) -> Self {
        Self {
            limits: Limits::default(),
            types,
        }
    }

    /// Checks the document and the variables of a request, and rewrites the document as the schema needs it. Returns the
    /// kind of the operation that runs; `None` if the document does not say which one runs.
    ///
    /// # Errors
    /// A limit is exceeded (`QUERY_TOO_COMPLEX`), the document does not parse, a variable is missing, or no operation has
    /// the requested name (`BAD_USER_INPUT`).
    pub fn admit(&self, request: &mut Request) -> Result<Option<OperationType>, ServerError> {
        self.limits.admit(request)?;
        let name = request.operation_name.clone();
        // They may be megabytes, and parsing borrows the whole request.
        let variables = std::mem::take(&mut request.variables);
        let checked = variables::check(request.parsed_query()?, name.as_deref(), &variables, &self.types);
        request.variables = variables;
        checked?;
        normalise(request)?;
        let kind = limits::operation_type(request.parsed_query()?, name.as_deref());
        if kind.is_none() && name.is_some() {
            // The library would repeat the name, however long it is.
            let unknown = ServerError::new(
                "the document has no operation with the name given as operationName",
                None,
            );
            return Err(with_code(unknown, "BAD_USER_INPUT"));
        }
        Ok(kind)
    }
}
