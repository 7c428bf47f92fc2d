//! Trusted documents: those of a manifest written by clients' code generators (persisted documents, appendix of GraphQL
//! over HTTP). A request names one by its id instead of sending its text, and the operator may refuse all other
//! documents.
//!
//! The gateway resolves ids for every transport; the transport resolves them earlier to learn the type of the
//! operation. A trusted document is then treated like any other: limits, validation, guard.

use std::any::TypeId;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_graphql::{Request, ServerError, Value};
use sha2::{Digest as _, Sha256};

use super::admission::Admission;
use super::validation::SdlError;
use crate::config::Config;
use crate::graphql::error::with_code;

/// The id of the requested document: `documentId` of the parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentId(pub String);

/// Marks a request whose text is a trusted document.
struct TrustedDocument;

/// A manifest cannot be used: one line that names the setting, the file and the document.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("trusted_documents: cannot read {}: {cause}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        cause: std::io::Error,
    },
    /// The file is not a manifest.
    #[error("trusted_documents: {} must be a JSON object of documents by id: {cause}", .path.display())]
    NoManifest {
        /// The file.
        path: PathBuf,
        /// The reason, with the position.
        cause: serde_json::Error,
    },
    /// A document is invalid, or its id does not match.
    #[error("trusted_documents: {}: the document {id:?}: {reason}", .path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// The id of the document.
        id: String,
        /// The reason.
        reason: String,
    },
    /// The SDL of the schema is invalid.
    #[error("trusted_documents: {0}")]
    Sdl(#[from] SdlError),
}

/// The documents of a manifest by id.
#[derive(Debug, Clone, Default)]
pub struct TrustedDocuments {
    texts: HashMap<String, Arc<str>>,
    only: bool,
}

impl TrustedDocuments {
    /// Reads the configured manifest, and validates every document as a request's. The `admission` is built only if there
    /// is a manifest.
    ///
    /// # Errors
    /// The first problem found.
    pub fn open(
        config: &Config,
        admission: impl FnOnce() -> Result<Admission, SdlError>,
    ) -> Result<Self, ManifestError> {
        let Some(path) = config.schema.trusted_documents.as_deref() else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(path).map_err(|cause| ManifestError::Unreadable {
            path: path.to_owned(),
            cause,
        })?;
        // Sorted, so that the first problem is deterministic.
        let manifest: BTreeMap<String, String> =
            serde_json::from_str(&text).map_err(|cause| ManifestError::NoManifest {
                path: path.to_owned(),
                cause,
            })?;
        let admission = admission()?;
        let mut documents = Self {
            texts: HashMap::with_capacity(manifest.len() * 2),
            only: config.schema.trusted_documents_only,
        };
        for (id, text) in manifest {
            documents.add(&admission, path, id, text)?;
        }
        Ok(documents)
    }

    fn add(&mut self, admission: &Admission, path: &Path, id: String, text: String) -> Result<(), ManifestError> {
        let hash = sha256(&text);
        let checked = match id.strip_prefix(SHA256) {
            Some(claimed) if claimed != hash => Err(format!("its SHA-256 is {hash}")),
            _ => validate(admission, &text),
        };
        if let Err(reason) = checked {
            let path = path.to_owned();
            return Err(ManifestError::Document { path, id, reason });
        }
        let text: Arc<str> = text.into();
        self.texts.insert(hash, Arc::clone(&text));
        self.texts.insert(id, text);
        Ok(())
    }

    /// Sets the text of the document that a request names. The text sent along with the id of a trusted document is
    /// ignored; with an unknown id, it is a document like any other.
    ///
    /// # Errors
    /// `PERSISTED_QUERY_NOT_FOUND` for an unknown id without a text, `PERSISTED_QUERY_NOT_SUPPORTED` without a
    /// manifest, `PERSISTED_QUERY_ID_REQUIRED` for a text if only trusted documents are allowed. The messages of the
    /// first two are those of Apollo's protocol.
    pub fn fill(&self, request: &mut Request) -> Result<(), ServerError> {
        if request.data.contains_key(&TypeId::of::<TrustedDocument>()) {
            return Ok(());
        }
        let refused = |code, message: &str| Err(with_code(ServerError::new(message, None), code));
        match named(request) {
            Some(id) => match self.find(id) {
                Some(text) => {
                    request.query = text.to_owned();
                    request.data.insert(TrustedDocument);
                    Ok(())
                }
                None if !self.only && !request.query.is_empty() => Ok(()),
                None if self.texts.is_empty() => refused("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"),
                None => refused("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),
            },
            None if self.only => refused(
                "PERSISTED_QUERY_ID_REQUIRED",
                "This server runs trusted documents only: name one by its documentId.",
            ),
            None => Ok(()),
        }
    }

    fn find(&self, id: &str) -> Option<&str> {
        let plain = || id.strip_prefix(SHA256).and_then(|hash| self.texts.get(hash));
        self.texts.get(id).or_else(plain).map(AsRef::as_ref)
    }
}

/// The prefix of an id that is the SHA-256 of its document in lower-case hexadecimal (the appendix's "SHA256 hex
/// document identifier").
const SHA256: &str = "sha256:";

fn sha256(text: &str) -> String {
    let hash = Sha256::digest(text);
    hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The id of the requested document: `documentId`, or the hash of Apollo's protocol,
/// `extensions.persistedQuery.sha256Hash`.
#[must_use]
pub fn named(request: &Request) -> Option<&str> {
    let id = request.data.get(&TypeId::of::<DocumentId>());
    if let Some(DocumentId(id)) = id.and_then(|id| id.downcast_ref()) {
        return Some(id);
    }
    match request.extensions.get("persistedQuery")? {
        Value::Object(parts) => match parts.get("sha256Hash")? {
            Value::String(hash) => Some(hash),
            _ => None,
        },
        _ => None,
    }
}

fn validate(admission: &Admission, text: &str) -> Result<(), String> {
    let first = |errors: Vec<ServerError>| errors.into_iter().next().map(|error| error.message).unwrap_or_default();
    admission.document(text).map(|_| ()).map_err(first)
}
