//! Text extraction from PDF, DOCX, HTML, Markdown and plain text.
//!
//! `app` and the command line call it before `matching` receives any text. Files come from untrusted sources: their
//! size, pages and unpacked size are limited, and a separate process limits the time and memory of reading them.

mod colour;
mod decoding;
mod docx;
mod html;
mod kind;
mod pdf;
mod read_text;
pub mod sandbox;
mod text_builder;

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::kind::Kind;
pub use self::read_text::{HiddenReason, HiddenText, ReadText};

/// The maximum size of a document, in bytes.
pub const MAX_BYTES: usize = 5 << 20;
/// The maximum number of pages of a PDF.
pub const MAX_PAGES: u32 = 50;
/// The maximum size of the extracted text, in bytes.
const MAX_TEXT: usize = MAX_BYTES;
/// The maximum time that reading a document may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// A text, or a file from which text is extracted.
#[derive(Clone)]
pub struct Document(Content);

#[derive(Clone)]
enum Content {
    Text(String),
    File { bytes: Vec<u8>, media_type: Option<String> },
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The content is personal data, which must not be logged.
        f.debug_struct("Document").finish_non_exhaustive()
    }
}

/// The reason why no text could be extracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentError {
    /// The file is larger than [`MAX_BYTES`], packed or unpacked.
    #[error("the document is too large; at most {} MiB are allowed", MAX_BYTES >> 20)]
    TooLarge,
    /// The PDF has more pages than [`MAX_PAGES`].
    #[error("the document has {0} pages; at most {MAX_PAGES} are allowed")]
    TooManyPages(u32),
    /// Reading took more than five seconds.
    #[error("reading the document took longer than {} s", DEADLINE.as_secs())]
    TooSlow,
    /// The type is not supported.
    #[error("unsupported document type {0}; supported: {supported}", supported = kind::supported())]
    UnknownType(String),
    /// The bytes are of another type than was declared.
    #[error("the document is declared as {said}, but its content is {found}")]
    Mislabelled {
        /// The declared media type.
        said: String,
        /// The media type that the bytes have.
        found: Cow<'static, str>,
    },
    /// The file needs a password.
    #[error("the document is encrypted; save it without a password")]
    Encrypted,
    /// The file has pages without text.
    #[error("the document contains scanned pages without text; export it from the program that it was written in")]
    Scanned,
    /// The file violates its format.
    #[error("the document is damaged: {0}")]
    Broken(Cow<'static, str>),
    /// The bytes are not text in a known encoding.
    #[error("the document is not text in a known encoding; save it as UTF-8")]
    NotText,
    /// The file has no visible text.
    #[error("the document contains no visible text")]
    Empty,
    /// The maximum number of documents is already waiting to be read, or no process can be started.
    #[error("too many documents are being read; try again in a moment")]
    Busy,
}

impl DocumentError {
    /// The reason as a code in upper case.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.into()
    }
}

impl Document {
    /// Creates a document from a text.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        Self(Content::Text(text))
    }

    /// Creates a document from a file. Without a media type, the type is detected from the bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>, media_type: Option<String>) -> Self {
        Self(Content::File { bytes, media_type })
    }

    /// Whether it is a file, which a separate process may have to read.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self.0, Content::File { .. })
    }

    /// Returns the text and what of it is hidden. Takes up to five seconds, so do not call it on an async thread.
    ///
    /// # Errors
    /// Returns the reason why there is no text.
    pub fn text(self) -> Result<ReadText, DocumentError> {
        self.read_by(|kind, bytes| match kind {
            Kind::Text => kind.read(bytes),
            Kind::Pdf | Kind::Docx | Kind::Html => sandbox::text(kind, &bytes),
        })
    }

    /// Like [`Self::text`], but reads the file in this process, which a hostile file may stop. For fuzzers and tests.
    ///
    /// # Errors
    /// Returns the reason why there is no text.
    pub fn text_here(self) -> Result<ReadText, DocumentError> {
        self.read_by(Kind::read)
    }

    fn read_by(
        self,
        read: impl FnOnce(Kind, Vec<u8>) -> Result<ReadText, DocumentError>,
    ) -> Result<ReadText, DocumentError> {
        let read = match self.0 {
            Content::Text(text) => text.into(),
            Content::File { bytes, .. } if bytes.len() > MAX_BYTES => return Err(DocumentError::TooLarge),
            Content::File { bytes, media_type } => {
                let (kind, bytes) = kind::identify(bytes, media_type.as_deref())?;
                let mut read = read(kind, bytes)?;
                kind.media_types()[0].clone_into(&mut read.media_type);
                if read.text.trim().is_empty() {
                    return Err(DocumentError::Empty);
                }
                read
            }
        };
        if read.text.len() > MAX_TEXT {
            return Err(DocumentError::TooLarge);
        }
        Ok(read)
    }
}

impl Kind {
    /// Reads a file that [`kind::identify`] has returned.
    fn read(self, bytes: Vec<u8>) -> Result<ReadText, DocumentError> {
        let decoded = |bytes| String::from_utf8(bytes).map_err(|_| DocumentError::NotText);
        match self {
            Self::Text => decoded(bytes).map(ReadText::from),
            Self::Html => html::text(&decoded(bytes)?),
            Self::Pdf => pdf::text(&bytes),
            Self::Docx => docx::text(&bytes),
        }
    }
}

#[cfg(test)]
mod tests;
