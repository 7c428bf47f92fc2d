//! Types of documents, and their detection from the bytes of a file.

use strum::VariantArray as _;

use super::{DocumentError, decoding};

/// A type of document. To add one, add a variant; the compiler then asks for its media types and reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Kind {
    Pdf,
    Docx,
    Html,
    Text,
}

impl Kind {
    /// The media types, the preferred one first.
    pub(super) const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["application/pdf"],
            Self::Docx => &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::Text => &["text/plain", "text/markdown", "text/x-markdown"],
        }
    }

    /// The media type of a file with the signature.
    fn found(self) -> &'static str {
        match self {
            Self::Docx => "a zip archive",
            Self::Pdf | Self::Html | Self::Text => self.media_types()[0],
        }
    }
}

/// All supported media types.
pub(super) fn supported() -> String {
    let kinds = Kind::VARIANTS.iter();
    let types: Vec<&str> = kinds.flat_map(|kind| kind.media_types()).copied().collect();
    types.join(", ")
}

/// Returns the type to read the bytes as, and the bytes: text and HTML as UTF-8. The type is detected from the bytes,
/// and the declared media type must agree.
pub(super) fn identify(bytes: Vec<u8>, said: Option<&str>) -> Result<(Kind, Vec<u8>), DocumentError> {
    let (said, charset) = said.map_or((None, None), essence_and_charset);
    let wanted = match said.as_deref() {
        None | Some("" | "application/octet-stream") => None,
        Some(said) => match Kind::VARIANTS.iter().find(|kind| kind.media_types().contains(&said)) {
            Some(kind) => Some(*kind),
            None => return Err(DocumentError::UnknownType(said.to_owned())),
        },
    };
    let mislabelled = |found: Kind| DocumentError::Mislabelled {
        said: said.clone().unwrap_or_default(),
        found: found.found().into(),
    };
    if let Some(found) = binary(&bytes) {
        return match wanted {
            Some(wanted) if wanted != found => Err(mislabelled(found)),
            _ => Ok((found, bytes)),
        };
    }
    refuse_unsupported(&bytes)?;
    let text = decoding::decode(&bytes, charset.as_deref())?;
    let kind = match wanted {
        // The bytes do not distinguish these two reliably, so the declared type decides.
        Some(wanted @ (Kind::Html | Kind::Text)) => wanted,
        found => {
            let kind = if is_html(&text) { Kind::Html } else { Kind::Text };
            if found.is_some() {
                return Err(mislabelled(kind));
            }
            kind
        }
    };
    Ok((kind, text.into_bytes()))
}

/// The type in lower case and its `charset` parameter.
fn essence_and_charset(said: &str) -> (Option<String>, Option<String>) {
    let mut parts = said.split(';');
    let essence = parts.next().unwrap_or_default().trim();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("charset").then(|| value.to_owned())
    });
    let essence = essence.chars().take(100).collect::<String>().to_ascii_lowercase();
    (Some(essence), charset)
}

/// The binary type with the signature of these bytes.
fn binary(bytes: &[u8]) -> Option<Kind> {
    // Readers look for the signature in the first kilobyte (ISO 32000-1, annex H).
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|window| window == b"%PDF-") {
        Some(Kind::Pdf)
    } else {
        head.starts_with(b"PK\x03\x04").then_some(Kind::Docx)
    }
}

/// Refuses common formats by name that would otherwise be taken for text.
fn refuse_unsupported(bytes: &[u8]) -> Result<(), DocumentError> {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // An encrypted DOCX is stored in the same container as a DOC.
        let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return Err(if bytes.windows(mark.len()).any(|window| window == mark) {
            DocumentError::Encrypted
        } else {
            DocumentError::UnknownType("application/msword".to_owned())
        });
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(DocumentError::UnknownType("application/rtf".to_owned()));
    }
    Ok(())
}

/// The elements with which a page or a fragment of one begins.
const FIRST_ELEMENTS: [&str; 51] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "style",
    "table",
    "title",
    "tr",
    "u",
    "ul",
];

/// Whether a text without a declared type is HTML: whether it begins with a tag of HTML, behind comments and an XML
/// declaration.
fn is_html(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") {
            rest.find('>').map(|at| at + 1)
        } else {
            break;
        };
        let Some(end) = end else { return false };
        rest = rest[end..].trim_start();
    }
    let name = |rest: &str| {
        let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
        Some(rest[..end].to_ascii_lowercase())
    };
    match rest.strip_prefix('<').and_then(name).as_deref() {
        Some("html" | "!doctype" | "body" | "head") => true,
        // Markdown may begin with a tag too.
        Some(tag) => FIRST_ELEMENTS.contains(&tag) && !is_markdown(rest),
        None => false,
    }
}

/// Whether lines have marks of Markdown.
fn is_markdown(text: &str) -> bool {
    let marks = ["# ", "## ", "### ", "- ", "* ", "```"];
    let marked = text
        .lines()
        .filter(|line| marks.iter().any(|mark| line.starts_with(mark)));
    marked.take(2).count() == 2
}
