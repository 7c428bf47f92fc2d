//! Schema options and trusted documents.

use std::path::PathBuf;

use super::ConfigError;
use super::section::section;

section! {
    /// Schema options and trusted documents. See [clients.md](clients.md).
    pub struct Schema {
        /// Whether to allow introspection and suggest names in error messages.
        #[setting(flag = "BOOL", allowed = Words("true or false"))]
        introspection: bool = true;

        /// Whether to serve the schema as an Apollo Federation subgraph, with `_service` and `_entities`.
        #[setting(flag = "BOOL", allowed = Words("true or false"))]
        federation: bool = false;

        /// Manifest of trusted documents: a JSON file that maps ids to GraphQL documents, as written by code
        /// generators.
        #[setting(flag = "FILE", allowed = Words("a file path"), unset = "no trusted documents")]
        trusted_documents: Option<PathBuf> = None;

        /// Whether to reject documents that are not trusted. Requires `trusted_documents`.
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
