//! Texts and documents as input.

use async_graphql::{InputObject, OneofObject};

use crate::document::Document;
use crate::graphql::error::Failure;
use crate::graphql::schema::directive::sensitive;

/// A text, or a document to extract it from. Exactly one field must be given.
#[derive(OneofObject)]
pub(crate) enum TextSource {
    /// Plain text.
    #[graphql(directive = sensitive::apply())]
    Text(String),
    /// A file.
    #[graphql(directive = sensitive::apply())]
    Document(DocumentInput),
}

/// A file of at most 5 MiB and 50 pages: PDF, DOCX, HTML, Markdown or plain text.
#[derive(InputObject)]
pub(crate) struct DocumentInput {
    /// The content of the file, in base64 (RFC 4648, section 4).
    #[graphql(directive = sensitive::apply())]
    pub base64: String,
    /// The media type, such as `application/pdf`. Detected from the content if omitted.
    pub media_type: Option<String>,
}

impl TextSource {
    /// The text, or a document that is still to be read.
    pub(crate) fn into_document(self, path: &str) -> Result<Document, Failure> {
        match self {
            Self::Text(text) => Ok(Document::from_text(text)),
            Self::Document(DocumentInput { base64, media_type }) => {
                use base64::Engine as _;
                let bytes = base64::engine::general_purpose::STANDARD
                    .decode(base64)
                    .map_err(|e| Failure::BadUserInput(format!("{path}.document.base64: not base64: {e}")))?;
                Ok(Document::from_bytes(bytes, media_type))
            }
        }
    }
}
