//! A cache of valid documents. Clients repeat a few documents, and parsing and validating one takes longer than executing
//! it.
//!
//! Whether a document is valid depends on nothing but the schema. The operation, the variables, the cost and the caller's
//! permissions are determined for each request. A document with a string in it is not cached: it may be a password or a
//! resume.

use std::sync::Arc;

use moka::sync::Cache;

use super::validation::Document;

/// Maximum length of cached text in bytes; parsed documents take about forty times as much memory.
const TEXT: u64 = 512 * 1024;
/// The size of an entry in addition to its text.
const OVERHEAD: usize = 128;

/// The cache. Cheap to clone.
#[derive(Clone)]
pub(super) struct DocumentCache(Cache<Arc<str>, Document>);

impl Default for DocumentCache {
    fn default() -> Self {
        let weigh = |text: &Arc<str>, _: &Document| u32::try_from(text.len() + OVERHEAD).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(TEXT).weigher(weigh).build())
    }
}

impl DocumentCache {
    /// The document with this text, if it is cached.
    pub(super) fn recall(&self, text: &str) -> Option<Document> {
        self.0.get(text)
    }

    /// Caches a document.
    pub(super) fn remember(&self, text: &str, document: &Document) {
        if !text.contains('"') {
            self.0.insert(text.into(), document.clone());
        }
    }
}
