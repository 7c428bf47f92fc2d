//! Admission: the checks and rewrites of a document before the schema sees it.
//!
//! It is pure. The gateway admits every request; the fuzz target calls the same code.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, ServerError};

use super::limits::Limits;
use super::normalise::normalise;
use super::operation;
use super::variables::{self, TypeNames};

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

    /// Checks the document and the variables of a request, adds the defaults of the variables, and rewrites the document
    /// as the schema needs it. Returns the type of the operation that runs.
    ///
    /// Cost and execution both read the request as it is afterwards, so that they agree on every `@skip` and `@include`.
    ///
    /// # Errors
    /// A limit is exceeded (`QUERY_TOO_COMPLEX`), the document does not parse, a variable is missing, or the request
    /// selects no operation (`BAD_USER_INPUT`).
    pub fn admit(&self, request: &mut Request) -> Result<OperationType, ServerError> {
        self.limits.admit(request)?;
        let name = request.operation_name.clone();
        // They may be megabytes, and parsing borrows the whole request.
        let given = std::mem::take(&mut request.variables);
        let document = request.parsed_query()?;
        let operation = operation::select(document, name.as_deref())?;
        let kind = operation.node.ty;
        request.variables = variables::complete(document, operation, given, &self.types)?;
        normalise(request)?;
        Ok(kind)
    }

    /// Checks the document of a request regardless of its operation and variables, and rewrites it as the schema needs
    /// it. It can then be validated.
    ///
    /// # Errors
    /// A limit is exceeded, the document does not parse, or a variable with a default has an unknown type.
    pub(super) fn admit_document(&self, request: &mut Request) -> Result<(), ServerError> {
        self.limits.admit(request)?;
        variables::check_defaults(request.parsed_query()?, &self.types)?;
        normalise(request)
    }

    /// The type of the operation that the request selects; `None` if a limit is exceeded, the document does not parse or
    /// the request selects no operation.
    pub fn operation_type(&self, request: &mut Request) -> Option<OperationType> {
        self.limits.admit(request).ok()?;
        let name = request.operation_name.clone();
        let operation = operation::select(request.parsed_query().ok()?, name.as_deref()).ok()?;
        Some(operation.node.ty)
    }
}
