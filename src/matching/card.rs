//! The card of a trained table: `model.toml` with the digests of the files beside it.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use toml_edit::{DocumentMut, TomlError, value};

use super::error::LexiconError;

/// Writes the SHA-256 of these files into the card beside them.
pub(super) fn write_digests(path: &Path, files: &[&str]) -> Result<(), LexiconError> {
    let fail = |reason: String| LexiconError {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|cause| fail(cause.to_string()))?;
    let mut card: DocumentMut = text.parse().map_err(|cause: TomlError| fail(cause.to_string()))?;
    for file in files {
        let bytes = std::fs::read(path.with_file_name(file)).map_err(|cause| fail(cause.to_string()))?;
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        card["files"][*file] = value(digest);
    }
    std::fs::write(path, card.to_string()).map_err(|cause| fail(cause.to_string()))
}
