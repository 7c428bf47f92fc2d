//! Files to text. `app` and the command line call it before `matching` sees anything.

/// The most bytes a document may have.
pub const MAX_BYTES: usize = 5 << 20;

/// A text, or the bytes of a file that a text is to be taken from.
#[derive(Clone)]
pub struct Document(Content);

#[derive(Clone)]
enum Content {
    Text(String),
    File { bytes: Vec<u8>, media_type: Option<String> },
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What a person wrote does not belong in a log.
        f.debug_struct("Document").finish_non_exhaustive()
    }
}

/// Why a document gives no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// More bytes than [`MAX_BYTES`].
    #[error("the document has {0} bytes; {MAX_BYTES} are allowed")]
    TooLarge(usize),
    /// Of a kind that is not read.
    #[error("a document of type {0} is not read; text/plain and text/markdown are")]
    Unsupported(String),
    /// Not the text it should be.
    #[error("the document is not text in UTF-8")]
    NotText,
}

impl Document {
    /// A text as it is.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        Self(Content::Text(text))
    }

    /// A file; its type is found out from the bytes when it is not given.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>, media_type: Option<String>) -> Self {
        Self(Content::File { bytes, media_type })
    }

    /// The text. It may take a while to find, so it must not be called on an async thread.
    ///
    /// # Errors
    /// When the document is too large, of a kind that is not read, or broken.
    pub fn text(self) -> Result<String, DocumentError> {
        let (bytes, media_type) = match self.0 {
            Content::Text(text) if text.len() > MAX_BYTES => return Err(DocumentError::TooLarge(text.len())),
            Content::Text(text) => return Ok(text),
            Content::File { bytes, media_type } => (bytes, media_type),
        };
        if bytes.len() > MAX_BYTES {
            return Err(DocumentError::TooLarge(bytes.len()));
        }
        if let Some(given) = media_type {
            let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            if !["text/plain", "text/markdown"].contains(&essence.as_str()) {
                return Err(DocumentError::Unsupported(essence.chars().take(100).collect()));
            }
        }
        let sniffed = if bytes.starts_with(b"%PDF") {
            "application/pdf"
        } else if bytes.starts_with(b"PK\x03\x04") {
            "application/zip"
        } else {
            let text = String::from_utf8(bytes).map_err(|_| DocumentError::NotText)?;
            return if text.contains('\0') {
                Err(DocumentError::NotText)
            } else {
                Ok(text)
            };
        };
        Err(DocumentError::Unsupported(sniffed.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    //! Kinds and limits.

    use super::*;

    #[test]
    fn text_is_text_and_the_rest_is_named() {
        let read =
            |bytes: &[u8], kind: Option<&str>| Document::from_bytes(bytes.to_vec(), kind.map(str::to_owned)).text();
        assert_eq!(read(b"Cook", None).unwrap(), "Cook");
        assert_eq!(
            read("Köchin".as_bytes(), Some("text/markdown; charset=utf-8")).unwrap(),
            "Köchin"
        );
        assert_eq!(
            read(b"%PDF-1.7", None),
            Err(DocumentError::Unsupported("application/pdf".to_owned()))
        );
        assert_eq!(
            read(b"Cook", Some("image/png")),
            Err(DocumentError::Unsupported("image/png".to_owned()))
        );
        assert_eq!(read(b"\xff\xfe", None), Err(DocumentError::NotText));
        assert_eq!(read(b"\0\x01", None), Err(DocumentError::NotText));
        assert_eq!(
            read(&vec![b'a'; MAX_BYTES + 1], None),
            Err(DocumentError::TooLarge(MAX_BYTES + 1))
        );
    }
}
