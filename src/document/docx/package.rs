//! The parts of the package and their relationships (ECMA-376, part 2).

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::document::{DocumentError, MAX_TEXT, decoding};

/// The markup is several times larger than its text.
const MAX_MARKUP: u64 = 8 * MAX_TEXT as u64;

pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

/// The relationships of a part: identifier, type and target.
#[derive(Debug, Default)]
pub(super) struct Relations(Vec<(String, String, String)>);

pub(super) fn no_docx() -> DocumentError {
    DocumentError::UnknownType("application/zip".to_owned())
}

pub(super) fn broken() -> DocumentError {
    DocumentError::Broken("it is not a valid DOCX".into())
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` requires")]
fn unreadable(error: ZipError) -> DocumentError {
    match error {
        ZipError::InvalidPassword => DocumentError::Encrypted,
        _ => broken(),
    }
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, DocumentError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
        Ok(Self { archive })
    }

    /// The name of the main document part, which writers may choose (ECMA-376, part 2, 9.3).
    pub(super) fn main_part(&mut self) -> Result<String, DocumentError> {
        let relations = self.part("_rels/.rels")?.ok_or_else(no_docx)?;
        let relations = Relations::read(&relations, "")?;
        Ok(relations.of_kind("/officeDocument").ok_or_else(no_docx)?.to_owned())
    }

    /// The relationships of a part.
    pub(super) fn relations(&mut self, part: &str) -> Result<Relations, DocumentError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let file = format!("{folder}/_rels/{name}.rels");
        match self.part(file.trim_start_matches('/'))? {
            Some(markup) => Relations::read(&markup, folder),
            None => Ok(Relations::default()),
        }
    }

    /// Unpacks and decodes a part. `None` if no part has the name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, DocumentError> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        let mut unpacked = Vec::new();
        part.take(MAX_MARKUP + 1)
            .read_to_end(&mut unpacked)
            .map_err(|_| broken())?;
        if unpacked.len() as u64 > MAX_MARKUP {
            return Err(DocumentError::TooLarge);
        }
        let markup = decoding::decode_xml(&unpacked).ok_or_else(broken)?;
        Ok(Some(markup.into_owned()))
    }
}

impl Relations {
    fn read(markup: &str, folder: &str) -> Result<Self, DocumentError> {
        let mut all = Vec::new();
        events(markup, |event| {
            if let Event::Start(tag) | Event::Empty(tag) = event
                && let (Some(kind), Some(target)) = (attribute(&tag, b"Type"), attribute(&tag, b"Target"))
            {
                let target = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("{folder}/{target}").trim_start_matches('/').to_owned(),
                };
                all.push((attribute(&tag, b"Id").unwrap_or_default(), kind, target));
            }
            Ok(())
        })?;
        Ok(Self(all))
    }

    /// The first target whose type has this ending. The namespaces of strict documents differ only before it.
    pub(super) fn of_kind(&self, ending: &str) -> Option<&str> {
        let found = self.0.iter().find(|(_, kind, _)| kind.ends_with(ending))?;
        Some(&found.2)
    }

    pub(super) fn with_id(&self, id: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, ..)| other == id)?;
        Some(&found.2)
    }
}

/// Passes all events of a part to `take`.
pub(super) fn events(
    markup: &str,
    mut take: impl FnMut(Event<'_>) -> Result<(), DocumentError>,
) -> Result<(), DocumentError> {
    let mut reader = Reader::from_str(markup);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => take(event)?,
            Err(_) => return Err(broken()),
        }
    }
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.unescape_value().ok().map(|value| value.into_owned())
}

/// The value of an on-off property (ECMA-376, part 1, 17.17.4): on if there is none.
pub(super) fn is_on(tag: &BytesStart<'_>) -> bool {
    attribute(tag, b"val").is_none_or(|value| !["0", "false", "off", "none"].contains(&value.as_str()))
}

/// A whole number in an attribute; strict documents may have a unit behind it.
pub(super) fn number(tag: &BytesStart<'_>, name: &[u8]) -> Option<i64> {
    let value = attribute(tag, name)?;
    let end = value
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(value.len());
    let factor = match &value[end..] {
        "pt" => 20,
        _ => 1,
    };
    value[..end]
        .parse::<i64>()
        .ok()
        .map(|number| number.saturating_mul(factor))
}
