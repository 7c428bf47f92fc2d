//! Parsing and validation of documents by the GraphQL specification, September 2025 edition.
//!
//! `apollo-compiler` parses and validates, because the parser and the validator of async-graphql differ from the
//! specification. `input_values` adds the rules about values that `apollo-compiler` 1.33 does not check, and `subscriptions`
//! allows what it refuses. A document that is valid here is executed without further validation.

mod input_values;
mod lines;
mod messages;
mod subscriptions;

use std::sync::{Arc, OnceLock};

use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use async_graphql::parser::types::ExecutableDocument as Lowered;
use async_graphql::{Pos, ServerError};

pub(super) use self::input_values::is_scalar_value;
use self::lines::Lines;
use super::limits::Limits;
use super::operation;
use crate::graphql::error::with_code;

/// Maximum number of errors reported for a document.
const MOST_ERRORS: usize = 20;

/// A field of introspection that `apollo-compiler` 1.33 does not know.
const ONE_OF: &str = "\nextend type __Type { isOneOf: Boolean }\n";

/// The schema as the specification sees it, and the limits of documents.
#[derive(Clone)]
pub struct Validator {
    schema: Arc<Valid<Schema>>,
    limits: Limits,
    introspection: bool,
}

/// The SDL of the schema is invalid. The message names the first problem.
#[derive(Debug, thiserror::Error)]
#[error("the SDL of the schema is invalid: {0}")]
pub struct SdlError(String);

/// A valid document. Cheap to clone.
#[derive(Clone)]
pub struct Document(Arc<Parts>);

struct Parts {
    executable: Valid<ExecutableDocument>,
    lines: Lines,
    /// The document to execute, if it is the same for every request.
    lowered: OnceLock<Lowered>,
}

impl Validator {
    /// A validator for the schema with this SDL. If `introspection` is off, `__schema` and `__type` are refused.
    ///
    /// # Errors
    /// The SDL is invalid.
    pub fn new(sdl: &str, introspection: bool) -> Result<Self, SdlError> {
        let sdl = format!("{sdl}{ONE_OF}");
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").map_err(|errors| {
            let first = errors.errors.iter().next().map(|error| error.error.to_string());
            SdlError(first.unwrap_or_default())
        })?;
        Ok(Self {
            schema: Arc::new(schema),
            limits: Limits::default(),
            introspection,
        })
    }

    /// The schema.
    pub(super) fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// Parses and validates a document, all its operations and fragments.
    ///
    /// # Errors
    /// `QUERY_TOO_COMPLEX`, `GRAPHQL_PARSE_FAILED` or `GRAPHQL_VALIDATION_FAILED`, with positions. The messages contain
    /// names of the document, shortened, and no other value.
    pub fn document(&self, text: &str) -> Result<Document, Vec<ServerError>> {
        let ast = self
            .limits
            .parse(text)
            .map_err(|error| vec![ServerError::from(error)])?;
        let lines = Lines::of(text);
        let executable = match ast.to_executable_validate(&self.schema) {
            Ok(valid) => valid,
            Err(invalid) if subscriptions::are_merged(&invalid) => Valid::assume_valid(invalid.partial),
            Err(invalid) => return Err(messages::describe(&invalid, self.introspection.then_some(&self.schema))),
        };
        let mut errors = input_values::check(&self.schema, &executable, &lines);
        if !self.introspection {
            errors.extend(introspection(&executable, &lines));
        }
        if errors.is_empty() {
            Ok(Document(Arc::new(Parts {
                executable,
                lines,
                lowered: OnceLock::new(),
            })))
        } else {
            errors.truncate(MOST_ERRORS);
            Err(errors)
        }
    }
}

impl Document {
    /// The typed document.
    pub(super) fn executable(&self) -> &ExecutableDocument {
        &self.0.executable
    }

    /// The operation that `name`, the request's `operationName`, selects.
    ///
    /// # Errors
    /// As [`operation::select`].
    pub fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, operation::OperationError> {
        operation::select(&self.0.executable, name)
    }

    /// The position of a byte of the document's text.
    pub(super) fn position(&self, offset: usize) -> Pos {
        self.0.lines.position(offset)
    }

    /// The document to execute for this operation: the one that `lower` returned before if it does not depend on the
    /// request, and otherwise a new one.
    ///
    /// # Errors
    /// Those of `lower`.
    pub(super) fn lowered<E>(
        &self,
        operation: &Operation,
        lower: impl FnOnce() -> Result<Lowered, E>,
    ) -> Result<Lowered, E> {
        let fixed = operation.variables.is_empty() && self.0.executable.operations.len() == 1;
        if !fixed {
            return lower();
        }
        if let Some(known) = self.0.lowered.get() {
            return Ok(known.clone());
        }
        let lowered = lower()?;
        Ok(self.0.lowered.get_or_init(|| lowered).clone())
    }
}

/// An error of validation at a position.
fn invalid(message: impl Into<String>, position: Option<Pos>) -> ServerError {
    with_code(ServerError::new(message, position), "GRAPHQL_VALIDATION_FAILED")
}

/// Refusals of the introspection fields at the root of queries.
fn introspection(document: &ExecutableDocument, lines: &Lines) -> Vec<ServerError> {
    fn find(set: &SelectionSet, lines: &Lines, found: &mut Vec<ServerError>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    if matches!(field.name.as_str(), "__schema" | "__type") {
                        let position = field.location().map(|at| lines.position(at.offset()));
                        found.push(invalid("Introspection is disabled on this server.", position));
                    }
                }
                Selection::InlineFragment(fragment) => find(&fragment.selection_set, lines, found),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    let sets = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    sets.chain(fragments).for_each(|set| find(set, lines, &mut found));
    found
}

#[cfg(test)]
mod tests;
