//! Text extraction from PDF, DOCX, HTML, Markdown and plain text.
//!
//! `app` and the command line call it before `matching` receives any text. Files come from untrusted sources: their
//! size, pages and unpacked size are limited, and a separate process limits the time and memory of reading them.

mod docx;
mod html;
mod pdf;
pub mod sandbox;

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

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
    #[error("the document is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// The PDF has more pages than [`MAX_PAGES`].
    #[error("the document has {0} pages; at most {MAX_PAGES} are allowed")]
    TooManyPages(u32),
    /// Reading took more than five seconds.
    #[error("reading the document took longer than {} s", DEADLINE.as_secs())]
    TooSlow,
    /// The type is not supported.
    #[error("unsupported document type {0}; supported: {supported}", supported = supported())]
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
    /// The bytes are not UTF-8 or UTF-16 text.
    #[error("the document is not UTF-8 or UTF-16 text")]
    NotText,
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

/// A type of document. To add one, add a variant; the compiler then asks for its media types, signature and reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
enum Kind {
    Pdf,
    Docx,
    Html,
    // Plain text has no signature, so it is the last.
    Text,
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

    /// Returns the text, with a blank line between paragraphs where the type has them. It takes up to five seconds, so
    /// do not call it on an async thread.
    ///
    /// # Errors
    /// Returns the reason why there is no text.
    pub fn text(self) -> Result<String, DocumentError> {
        self.read_by(|kind, bytes| match kind {
            Kind::Text => kind.read(bytes),
            Kind::Pdf | Kind::Docx | Kind::Html => sandbox::text(kind, &bytes),
        })
    }

    /// Like [`Self::text`], but reads the file in this process, which a hostile file may stop. For fuzzers and tests.
    ///
    /// # Errors
    /// Returns the reason why there is no text.
    pub fn text_here(self) -> Result<String, DocumentError> {
        self.read_by(Kind::read)
    }

    fn read_by(
        self,
        read: impl FnOnce(Kind, Vec<u8>) -> Result<String, DocumentError>,
    ) -> Result<String, DocumentError> {
        let text = match self.0 {
            Content::Text(text) => text,
            Content::File { bytes, .. } if bytes.len() > MAX_BYTES => return Err(DocumentError::TooLarge),
            Content::File { bytes, media_type } => read(kind(&bytes, media_type.as_deref())?, bytes)?,
        };
        if text.len() > MAX_TEXT {
            return Err(DocumentError::TooLarge);
        }
        Ok(text)
    }
}

impl Kind {
    /// The media types, the preferred one first.
    const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["application/pdf"],
            Self::Docx => &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::Text => &["text/plain", "text/markdown", "text/x-markdown"],
        }
    }

    /// Whether a file that begins with `head` is of this type, by the signatures that the formats define.
    fn has_signature(self, head: &[u8]) -> bool {
        match self {
            // Readers look for the signature in the first kilobyte (ISO 32000-1, annex H).
            Self::Pdf => head.windows(5).any(|window| window == b"%PDF-"),
            Self::Docx => head.starts_with(b"PK\x03\x04"),
            Self::Html => {
                let start = String::from_utf8_lossy(head);
                let start = start.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
                start.starts_with("<!doctype html") || start.starts_with("<html")
            }
            Self::Text => true,
        }
    }

    /// The media type of a file with the signature.
    fn found(self) -> &'static str {
        match self {
            Self::Docx => "a zip archive",
            Self::Pdf | Self::Html | Self::Text => self.media_types()[0],
        }
    }

    fn read(self, bytes: Vec<u8>) -> Result<String, DocumentError> {
        match self {
            Self::Text => decode(bytes),
            Self::Html => html::text(&decode(bytes)?),
            Self::Pdf => pdf::text(&bytes),
            Self::Docx => docx::text(&bytes),
        }
    }
}

/// All supported media types.
fn supported() -> String {
    let types: Vec<&str> = Kind::VARIANTS
        .iter()
        .flat_map(|kind| kind.media_types())
        .copied()
        .collect();
    types.join(", ")
}

/// Returns the type to read the bytes as. It is detected from the bytes, and the declared type must agree.
fn kind(bytes: &[u8], said: Option<&str>) -> Result<Kind, DocumentError> {
    let said = said.map(|said| {
        let essence = said.split(';').next().unwrap_or_default().trim();
        essence.chars().take(100).collect::<String>().to_ascii_lowercase()
    });
    let wanted = match said.as_deref() {
        None | Some("" | "application/octet-stream") => None,
        Some(said) => match Kind::VARIANTS.iter().find(|kind| kind.media_types().contains(&said)) {
            Some(kind) => Some(*kind),
            None => return Err(DocumentError::UnknownType(said.to_owned())),
        },
    };
    let found = sniff(bytes)?;
    match (wanted, found) {
        (None, found) => Ok(found),
        (Some(wanted), found) if wanted == found => Ok(found),
        // The bytes do not distinguish these two reliably, so the declared type decides.
        (Some(wanted @ (Kind::Html | Kind::Text)), Kind::Html | Kind::Text) => Ok(wanted),
        _ => Err(DocumentError::Mislabelled {
            said: said.unwrap_or_default(),
            found: found.found().into(),
        }),
    }
}

/// Detects the type from the first bytes.
fn sniff(bytes: &[u8]) -> Result<Kind, DocumentError> {
    let head = &bytes[..bytes.len().min(1024)];
    let found = Kind::VARIANTS.iter().find(|kind| kind.has_signature(head));
    match found.copied().unwrap_or(Kind::Text) {
        Kind::Text => refuse_unsupported(head, bytes).map(|()| Kind::Text),
        kind => Ok(kind),
    }
}

/// Refuses common formats by name that would otherwise be taken for text.
fn refuse_unsupported(head: &[u8], bytes: &[u8]) -> Result<(), DocumentError> {
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // An encrypted DOCX is stored in the same container as a DOC.
        let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return Err(if bytes.windows(mark.len()).any(|window| window == mark) {
            DocumentError::Encrypted
        } else {
            DocumentError::UnknownType("application/msword".to_owned())
        });
    }
    if head.starts_with(b"{\\rtf") {
        return Err(DocumentError::UnknownType("application/rtf".to_owned()));
    }
    Ok(())
}

/// Decodes UTF-8, or UTF-16 with a byte order mark.
fn decode(bytes: Vec<u8>) -> Result<String, DocumentError> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| DocumentError::NotText)
    };
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => String::from_utf8(bytes).map_err(|_| DocumentError::NotText)?,
    };
    if text.contains('\0') {
        return Err(DocumentError::NotText);
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

#[cfg(test)]
mod tests;
