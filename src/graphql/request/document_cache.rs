//! A cache of admitted and validated documents. Clients repeat a few documents, and parsing and validating one takes
//! longer than executing it.
//!
//! Only documents sent without variables and without an operation's name are remembered: whether they are valid depends on
//! nothing but the schema, and so does whether they cost anything at all. The defaults of their variables are remembered
//! with them. The cost and the caller's permissions are determined for each request. A document with a string in it is not
//! remembered: it may be a password or a resume.

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, ValidationResult, Variables};
use moka::sync::Cache;

use super::access_table::AccessTable;
use super::cost;
use super::operation;

/// Maximum length of cached text in bytes; parsed documents take about forty times as much memory.
const TEXT: u64 = 512 * 1024;
/// The size of an entry in addition to its text.
const OVERHEAD: usize = 128;

/// The cache. Cheap to clone.
#[derive(Clone)]
pub(crate) struct DocumentCache(Cache<Arc<str>, CachedDocument>);

/// The result of admission.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdmittedDocument {
    /// The type of the selected operation.
    pub(crate) kind: OperationType,
    /// Whether it is known to cost nothing for any caller.
    pub(crate) free: bool,
}

#[derive(Clone)]
struct CachedDocument {
    document: Arc<ExecutableDocument>,
    /// The defaults of the operation's variables.
    variables: Variables,
    admitted: AdmittedDocument,
    validity: ValidationResult,
}

/// In the data of a request whose document is known to be valid.
pub(crate) struct KnownValidity(pub(crate) ValidationResult);

/// In the data of a request whose document may be cached once it is validated.
pub(crate) struct PendingDocument {
    documents: DocumentCache,
    text: Arc<str>,
    document: Arc<ExecutableDocument>,
    variables: Variables,
    admitted: AdmittedDocument,
}

impl Default for DocumentCache {
    fn default() -> Self {
        let weigh = |text: &Arc<str>, _: &CachedDocument| u32::try_from(text.len() + OVERHEAD).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(TEXT).weigher(weigh).build())
    }
}

/// Whether the document of a request may be cached. Must be called before the defaults of its variables are added.
pub(crate) fn may_be_remembered(request: &Request) -> bool {
    request.operation_name.is_none() && request.variables.is_empty() && !request.query.contains('"')
}

impl DocumentCache {
    /// Adds the cached document and the defaults of its variables to the request. The request must satisfy
    /// [`may_be_remembered`].
    pub(crate) fn recall(&self, request: &mut Request) -> Option<AdmittedDocument> {
        let known = self.0.get(request.query.as_str())?;
        request.set_parsed_query((*known.document).clone());
        request.variables = known.variables;
        request.data.insert(KnownValidity(known.validity));
        Some(known.admitted)
    }

    /// Caches the document of an admitted request once it is validated. The request must satisfy [`may_be_remembered`].
    pub(crate) fn remember(&self, request: &mut Request, kind: OperationType, table: &AccessTable) {
        let Ok(document) = request.parsed_query().cloned() else {
            return;
        };
        let Ok(operation) = operation::select(&document, None) else {
            return;
        };
        let variables = request.variables.clone();
        let most = cost::estimate(&document, &operation.node, &variables, table, None);
        let free = most.units == 0;
        let fresh = PendingDocument {
            documents: self.clone(),
            text: request.query.as_str().into(),
            document: Arc::new(document),
            variables,
            admitted: AdmittedDocument { kind, free },
        };
        request.data.insert(fresh);
    }
}

impl PendingDocument {
    /// Caches the validated document.
    pub(crate) fn keep(&self, validity: ValidationResult) {
        let known = CachedDocument {
            document: Arc::clone(&self.document),
            variables: self.variables.clone(),
            admitted: self.admitted,
            validity,
        };
        self.documents.0.insert(Arc::clone(&self.text), known);
    }
}
