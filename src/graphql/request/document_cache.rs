//! Documents that were admitted and found valid before. Clients send the same few again and again, and to parse, measure and
//! validate one takes longer than to answer it.
//!
//! Only documents sent without variables and without an operation's name are remembered: whether they are valid depends on
//! nothing but the schema, and so does whether they cost anything at all. What they cost, if they do, and what their caller
//! may have of them, is found out anew each time. A document with a string in it is not remembered: it may be a password or
//! somebody's resume.

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, ValidationResult, Variables};
use moka::sync::Cache;

use super::access_table::AccessTable;
use super::cost;

/// Bytes of text that are remembered; what is made of it takes some forty times the room.
const TEXT: u64 = 512 * 1024;
/// What an entry counts beside its text.
const OVERHEAD: usize = 128;

/// The documents, cheap to clone.
#[derive(Clone)]
pub(crate) struct DocumentCache(Cache<Arc<str>, CachedDocument>);

/// What is known of a document before it runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdmittedDocument {
    /// The kind of its operation, where it has the one that is asked for.
    pub(crate) kind: Option<OperationType>,
    /// Whether it costs nothing, whoever asks; not all that do are known to.
    pub(crate) free: bool,
}

#[derive(Clone)]
struct CachedDocument {
    document: Arc<ExecutableDocument>,
    admitted: AdmittedDocument,
    validity: ValidationResult,
}

/// In the data of a request whose document is known to be valid.
pub(crate) struct KnownValidity(pub(crate) ValidationResult);

/// In the data of a request whose document may be remembered once it is found valid.
pub(crate) struct PendingDocument {
    documents: DocumentCache,
    text: Arc<str>,
    document: Arc<ExecutableDocument>,
    admitted: AdmittedDocument,
}

impl Default for DocumentCache {
    fn default() -> Self {
        let weigh = |text: &Arc<str>, _: &CachedDocument| u32::try_from(text.len() + OVERHEAD).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(TEXT).weigher(weigh).build())
    }
}

fn may_be_remembered(request: &Request) -> bool {
    request.operation_name.is_none() && request.variables.is_empty() && !request.query.contains('"')
}

impl DocumentCache {
    /// Gives the request its document, if that is known.
    pub(crate) fn recall(&self, request: &mut Request) -> Option<AdmittedDocument> {
        if !may_be_remembered(request) {
            return None;
        }
        let known = self.0.get(request.query.as_str())?;
        request.set_parsed_query((*known.document).clone());
        request.data.insert(KnownValidity(known.validity));
        Some(known.admitted)
    }

    /// Has a request's document, which has been admitted, remembered once it is found valid.
    pub(crate) fn remember(&self, request: &mut Request, kind: Option<OperationType>, table: &AccessTable) {
        if !may_be_remembered(request) {
            return;
        }
        let Ok(document) = request.parsed_query().cloned() else {
            return;
        };
        let most = cost::of(&document, None, &Variables::default(), table, None);
        let free = most.units == 0;
        let fresh = PendingDocument {
            documents: self.clone(),
            text: request.query.as_str().into(),
            document: Arc::new(document),
            admitted: AdmittedDocument { kind, free },
        };
        request.data.insert(fresh);
    }
}

impl PendingDocument {
    /// It was found valid.
    pub(crate) fn keep(&self, validity: ValidationResult) {
        let known = CachedDocument {
            document: Arc::clone(&self.document),
            admitted: self.admitted,
            validity,
        };
        self.documents.0.insert(Arc::clone(&self.text), known);
    }
}
