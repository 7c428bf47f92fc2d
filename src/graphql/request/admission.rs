//! Admission: everything between the text of a request and its execution. The document is parsed and validated, the
//! variables are coerced, and the selected operation is converted to the form that the executor needs.
//!
//! It is pure. The gateway admits every request; the fuzz target calls the same code.

use std::any::TypeId;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, ServerError};

use super::document_cache::DocumentCache;
use super::validation::{Document, SdlError, Validator};
use super::variables;
use super::{copies, lowering, session_operation};

/// The rules that documents and variables must keep.
#[derive(Clone)]
pub struct Admission {
    validator: Validator,
    documents: DocumentCache,
}

impl Admission {
    /// Default limits, for the schema with this SDL. If `introspection` is off, `__schema` and `__type` are refused.
    ///
    /// # Errors
    /// The SDL is invalid.
    pub fn new(sdl: &str, introspection: bool) -> Result<Self, SdlError> {
        Ok(Self {
            validator: Validator::new(sdl, introspection)?,
            documents: DocumentCache::default(),
        })
    }

    /// Checks the document and the variables of a request, coerces the variables, and sets the operation to execute.
    /// Returns the type of the operation.
    ///
    /// Cost and execution both read the request as it is afterwards, so that they agree on every field and value.
    ///
    /// # Errors
    /// A limit is exceeded (`QUERY_TOO_COMPLEX`), the document is invalid (`GRAPHQL_PARSE_FAILED` or
    /// `GRAPHQL_VALIDATION_FAILED`), a variable is invalid, or the request selects no operation (`BAD_USER_INPUT`).
    pub fn admit(&self, request: &mut Request) -> Result<OperationType, Vec<ServerError>> {
        let document = self.keep(request)?;
        let one = |error: ServerError| vec![error];
        let operation = document
            .operation(request.operation_name.as_deref())
            .map_err(|error| one(error.into()))?;
        let given = std::mem::take(&mut request.variables);
        let variables = variables::coerce(&self.validator, &document, operation, given)?;
        let lower = || lowering::lower(&self.validator, &document, operation, &variables);
        let lowered = document.lowered(operation, lower).map_err(one)?;
        if let Some(operation) = lowering::only(&lowered) {
            copies::check(operation, &variables).map_err(one)?;
        }
        request.variables = variables;
        request.set_parsed_query(lowered);
        Ok(lowering::kind(operation.operation_type))
    }

    /// The valid document with this text.
    ///
    /// # Errors
    /// As [`Validator::document`].
    pub(super) fn document(&self, text: &str) -> Result<Document, Vec<ServerError>> {
        if let Some(known) = self.documents.recall(text) {
            return Ok(known);
        }
        let document = self.validator.document(text)?;
        self.documents.remember(text, &document);
        Ok(document)
    }

    /// The type of the operation that the request selects; `None` if the document is invalid or the request selects no
    /// operation.
    pub fn operation_type(&self, request: &mut Request) -> Option<OperationType> {
        let document = self.keep(request).ok()?;
        let operation = document.operation(request.operation_name.as_deref()).ok()?;
        Some(lowering::kind(operation.operation_type))
    }

    /// Whether the operation that the request selects only begins, renews or ends a session.
    pub fn manages_session(&self, request: &mut Request) -> bool {
        self.selected(request, session_operation::manages)
    }

    /// Whether the operation that the request selects only begins or renews a session.
    pub fn opens_session(&self, request: &mut Request) -> bool {
        self.selected(request, session_operation::opens)
    }

    fn selected(&self, request: &mut Request, check: fn(&ExecutableDocument, &Operation) -> bool) -> bool {
        let Ok(document) = self.keep(request) else {
            return false;
        };
        let operation = document.operation(request.operation_name.as_deref());
        operation.is_ok_and(|operation| check(document.executable(), operation))
    }

    /// The valid document of a request, which keeps it: a transport asks for the type of the operation before it executes
    /// the request.
    fn keep(&self, request: &mut Request) -> Result<Document, Vec<ServerError>> {
        let known = request.data.get(&TypeId::of::<Document>());
        if let Some(document) = known.and_then(|known| known.downcast_ref::<Document>()) {
            return Ok(document.clone());
        }
        let document = self.document(&request.query)?;
        request.data.insert(document.clone());
        Ok(document)
    }
}
