//! Files to text: PDF, DOCX, HTML, Markdown and plain text.
//!
//! `app` and the command line call it before `matching` sees anything. A file comes from somebody nobody knows: its
//! size, pages, unpacked size and the time it takes are bounded, and a library that panics on it does so on a thread
//! of its own.

mod docx;
mod html;
mod pdf;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// The most bytes a document may have.
pub const MAX_BYTES: usize = 5 << 20;
/// The most pages a PDF may have.
pub const MAX_PAGES: u32 = 50;
/// The most bytes of text a document may give.
const MAX_TEXT: usize = MAX_BYTES;
/// How long a document may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// Files that are being read at once, those that ran out of time included.
const MAX_READERS: usize = 16;

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
    /// More bytes than [`MAX_BYTES`], packed or unpacked.
    #[error("the document has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// More pages than [`MAX_PAGES`].
    #[error("the document has {0} pages; {MAX_PAGES} are allowed")]
    TooManyPages(u32),
    /// It took more than five seconds.
    #[error("reading the document takes longer than {} s", DEADLINE.as_secs())]
    TooSlow,
    /// Of a kind that is not read.
    #[error("a document of type {0} is not read; {READ} are")]
    UnknownType(String),
    /// The bytes are of another kind than was said.
    #[error("the document is said to be {said} and is {found}")]
    Mislabelled {
        /// The media type it was given with.
        said: String,
        /// The media type its bytes have.
        found: &'static str,
    },
    /// It needs a password.
    #[error("the document is encrypted; save it without a password")]
    Encrypted,
    /// It has pages and no text on them.
    #[error("the document holds pictures of text and no text; save it from the program that it was written in")]
    Scanned,
    /// Not what its kind should be.
    #[error("the document is broken: {0}")]
    Broken(&'static str),
    /// Not the text it should be.
    #[error("the document is not text in UTF-8 or UTF-16")]
    NotText,
    /// As many documents as there may be are being read.
    #[error("too many documents are being read; try again in a moment")]
    Busy,
}

const READ: &str = "application/pdf, application/vnd.openxmlformats-officedocument.wordprocessingml.document (docx), \
                    text/html, text/markdown and text/plain";

impl DocumentError {
    /// The reason for programs, in capitals.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge => "TOO_LARGE",
            Self::TooManyPages(_) => "TOO_MANY_PAGES",
            Self::TooSlow => "TOO_SLOW",
            Self::UnknownType(_) => "UNKNOWN_TYPE",
            Self::Mislabelled { .. } => "MISLABELLED",
            Self::Encrypted => "ENCRYPTED",
            Self::Scanned => "SCANNED",
            Self::Broken(_) => "BROKEN",
            Self::NotText => "NOT_TEXT",
            Self::Busy => "BUSY",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf,
    Docx,
    Html,
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
        let (bytes, media_type) = match self.0 {
            Content::Text(text) if text.len() > MAX_TEXT => return Err(DocumentError::TooLarge),
            Content::Text(text) => return Ok(text),
            Content::File { bytes, media_type } => (bytes, media_type),
        };
        if bytes.len() > MAX_BYTES {
            return Err(DocumentError::TooLarge);
        }
        let text = match kind(&bytes, media_type.as_deref())? {
            Kind::Text => decode(bytes),
            Kind::Html => decode(bytes).and_then(|text| in_time(move || html::text(&text))),
            Kind::Pdf => in_time(move || pdf::text(&bytes)),
            Kind::Docx => in_time(move || docx::text(&bytes)),
        }?;
        if text.len() > MAX_TEXT {
            return Err(DocumentError::TooLarge);
        }
        Ok(text)
    }
}

/// What to read the bytes as. What they are counts, and what was said must agree.
fn kind(bytes: &[u8], said: Option<&str>) -> Result<Kind, DocumentError> {
    let said = said.map(|said| {
        let essence = said.split(';').next().unwrap_or_default().trim();
        essence.chars().take(100).collect::<String>().to_ascii_lowercase()
    });
    let wanted = match said.as_deref() {
        None | Some("" | "application/octet-stream") => None,
        Some("application/pdf") => Some(Kind::Pdf),
        Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document") => Some(Kind::Docx),
        Some("text/html" | "application/xhtml+xml") => Some(Kind::Html),
        Some("text/plain" | "text/markdown" | "text/x-markdown") => Some(Kind::Text),
        Some(other) => return Err(DocumentError::UnknownType(other.to_owned())),
    };
    let (found, name) = sniff(bytes)?;
    match (wanted, found) {
        (None, found) => Ok(found),
        (Some(wanted), found) if wanted == found => Ok(found),
        // Text is whatever of the two its sender says it is.
        (Some(wanted @ (Kind::Html | Kind::Text)), Kind::Html | Kind::Text) => Ok(wanted),
        _ => Err(DocumentError::Mislabelled {
            said: said.unwrap_or_default(),
            found: name,
        }),
    }
}

/// The kind by the first bytes, as the file formats define them.
fn sniff(bytes: &[u8]) -> Result<(Kind, &'static str), DocumentError> {
    // Readers look for the mark in the first kilobyte (ISO 32000-1, annex H).
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Ok((Kind::Pdf, "application/pdf"));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok((Kind::Docx, "a zip archive"));
    }
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
    let start = String::from_utf8_lossy(head);
    let start = start.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Ok((Kind::Html, "text/html"));
    }
    Ok((Kind::Text, "text/plain"))
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

static READERS: AtomicUsize = AtomicUsize::new(0);

/// A place among the readers, given back when its thread ends, late or by a panic too.
struct Place;

impl Place {
    fn take() -> Result<Self, DocumentError> {
        let place = Self;
        if READERS.fetch_add(1, Ordering::SeqCst) < MAX_READERS {
            Ok(place)
        } else {
            Err(DocumentError::Busy)
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        READERS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs `read` on a thread of its own and waits for it as long as a document may take.
fn in_time(read: impl FnOnce() -> Result<String, DocumentError> + Send + 'static) -> Result<String, DocumentError> {
    let place = Place::take()?;
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || {
        let _place = place;
        // Nobody waits any more when it is late.
        let _ = sender.send(read());
    };
    std::thread::Builder::new()
        .name("document".to_owned())
        .stack_size(16 << 20)
        .spawn(work)
        .map_err(|_| DocumentError::Busy)?;
    match receiver.recv_timeout(DEADLINE) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(DocumentError::TooSlow),
        Err(RecvTimeoutError::Disconnected) => Err(DocumentError::Broken("it cannot be read")),
    }
}

#[cfg(test)]
mod tests;
