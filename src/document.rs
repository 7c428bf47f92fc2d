//! Files to text: PDF, DOCX, HTML, Markdown and plain text.
//!
//! `app` and the command line call it before `matching` sees anything. A file comes from somebody nobody knows: its
//! size, pages, unpacked size, and the time and memory it takes are bounded, the last two by a process of its own.

mod docx;
mod html;
mod pdf;
pub mod sandbox;

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

/// The most bytes a document may have.
pub const MAX_BYTES: usize = 5 << 20;
/// The most pages a PDF may have.
pub const MAX_PAGES: u32 = 50;
/// The most bytes of text a document may give.
const MAX_TEXT: usize = MAX_BYTES;
/// How long a document may take.
const DEADLINE: Duration = Duration::from_secs(5);

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentError {
    /// More bytes than [`MAX_BYTES`], packed or unpacked.
    #[error("the document has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// More pages than [`MAX_PAGES`].
    #[error("the document has {0} pages; {MAX_PAGES} are allowed")]
    TooManyPages(u32),
    /// It took more than five seconds.
    #[error("reading the document takes longer than {} s", DEADLINE.as_secs())]
    TooSlow,
    /// Its type is not supported.
    #[error("unsupported document type {0}; supported: {supported}", supported = supported())]
    UnknownType(String),
    /// The bytes are of another kind than was said.
    #[error("the document is said to be {said} and is {found}")]
    Mislabelled {
        /// The media type it was given with.
        said: String,
        /// The media type its bytes have.
        found: Cow<'static, str>,
    },
    /// It needs a password.
    #[error("the document is encrypted; save it without a password")]
    Encrypted,
    /// It has pages and no text on them.
    #[error("the document holds pictures of text and no text; save it from the program that it was written in")]
    Scanned,
    /// Not what its kind should be.
    #[error("the document is broken: {0}")]
    Broken(Cow<'static, str>),
    /// Not the text it should be.
    #[error("the document is not text in UTF-8 or UTF-16")]
    NotText,
    /// As many documents as there may be are being read.
    #[error("too many documents are being read; try again in a moment")]
    Busy,
}

impl DocumentError {
    /// The reason for programs, in capitals.
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
    // Every file has the signature of a text, so this is the last.
    Text,
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

    /// The text, with a blank line between paragraphs where the kind knows them. It takes up to five seconds, so it
    /// must not be called on an async thread.
    ///
    /// # Errors
    /// Why there is no text.
    pub fn text(self) -> Result<String, DocumentError> {
        self.read_by(|kind, bytes| match kind {
            Kind::Text => kind.read(bytes),
            Kind::Pdf | Kind::Docx | Kind::Html => sandbox::text(kind, &bytes),
        })
    }

    /// The same, read in this process, which a hostile file may stop: for fuzzers and tests.
    ///
    /// # Errors
    /// Why there is no text.
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

    /// Whether a file that begins so is of this type, as the file formats define it.
    fn has_signature(self, head: &[u8]) -> bool {
        match self {
            // Readers look for the mark in the first kilobyte (ISO 32000-1, annex H).
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

    /// What is known of a file with the signature.
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

/// Every media type that is read.
fn supported() -> String {
    let types: Vec<&str> = Kind::VARIANTS
        .iter()
        .flat_map(|kind| kind.media_types())
        .copied()
        .collect();
    types.join(", ")
}

/// The type to read the bytes as. What they are counts, and what was said must agree.
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
        // Nothing in the bytes tells these two apart for certain, so the sender decides.
        (Some(wanted @ (Kind::Html | Kind::Text)), Kind::Html | Kind::Text) => Ok(wanted),
        _ => Err(DocumentError::Mislabelled {
            said: said.unwrap_or_default(),
            found: found.found().into(),
        }),
    }
}

/// The type by the first bytes.
fn sniff(bytes: &[u8]) -> Result<Kind, DocumentError> {
    let head = &bytes[..bytes.len().min(1024)];
    let found = Kind::VARIANTS.iter().find(|kind| kind.has_signature(head));
    match found.copied().unwrap_or(Kind::Text) {
        Kind::Text => refuse_unsupported(head, bytes).map(|()| Kind::Text),
        kind => Ok(kind),
    }
}

/// Names the common formats that would otherwise be taken for text.
fn refuse_unsupported(head: &[u8], bytes: &[u8]) -> Result<(), DocumentError> {
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // An encrypted DOCX is packed into the container that DOC files are made of.
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

/// UTF-8, or UTF-16 with a byte order mark.
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
