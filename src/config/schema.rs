//! The schema that clients see, and the documents that they may run.

use std::path::PathBuf;

use super::ConfigError;
use super::section::section;

section! {
    /// What clients see of the schema, and which documents they may run. See [clients.md](clients.md).
    pub struct Schema {
        /// Whether clients may introspect the schema and get suggestions for misspelled names.
        #[setting(flag = "BOOL", allowed = Words("true or false"))]
        introspection: bool = true;

        /// Whether the schema is a subgraph of an Apollo federation, with `_service` and `_entities` for its router.
        #[setting(flag = "BOOL", allowed = Words("true or false"))]
        federation: bool = false;

        /// Manifest of trusted documents: a JSON file of GraphQL documents by id, as code generators write it.
        #[setting(flag = "FILE", allowed = Words("a file name"), unset = "no trusted documents")]
        trusted_documents: Option<PathBuf> = None;

        /// Whether trusted documents are the only ones that run. Requires `trusted_documents`.
        #[setting(flag = "BOOL", allowed = Words("true or false"))]
        trusted_documents_only: bool = false;
    }
}

impl Schema {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.trusted_documents_only && self.trusted_documents.is_none() {
            return Err("trusted_documents_only: true requires trusted_documents, a manifest".into());
        }
        Ok(())
    }
}
