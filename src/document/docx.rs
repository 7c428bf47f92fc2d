//! Text of a DOCX: the paragraphs of the main document part in order (ECMA-376, part 1, 17.2 and 17.3).

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{DocumentError, MAX_TEXT};

/// The markup is several times larger than its text.
const MAX_MARKUP: u64 = 8 * MAX_TEXT as u64;

pub(super) fn text(bytes: &[u8]) -> Result<String, DocumentError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = main_part(&mut archive)?;
    let markup = read(&mut archive, &name)?.ok_or_else(no_docx)?;
    let mut walk = Walk::default();
    events(&markup, |event| walk.take(&event))?;
    Ok(walk.text)
}

fn no_docx() -> DocumentError {
    DocumentError::UnknownType("application/zip".to_owned())
}

fn broken() -> DocumentError {
    DocumentError::Broken("it is not a valid DOCX".into())
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` requires")]
fn unreadable(error: ZipError) -> DocumentError {
    match error {
        ZipError::InvalidPassword => DocumentError::Encrypted,
        _ => broken(),
    }
}

/// Returns the name of the main document part, which writers may choose (ECMA-376, part 2, 9.3).
fn main_part(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<String, DocumentError> {
    let relations = read(archive, "_rels/.rels")?.ok_or_else(no_docx)?;
    let mut target = None;
    events(&relations, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && attribute(&tag, b"Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
        {
            target = attribute(&tag, b"Target");
        }
        Ok(())
    })?;
    let target = target.ok_or_else(no_docx)?;
    Ok(target.trim_start_matches('/').to_owned())
}

/// Reads and unpacks a part of the package. `None` if no part has the name.
fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, DocumentError> {
    let part = match archive.by_name(name) {
        Ok(part) => part,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut unpacked = Vec::new();
    let limit = MAX_MARKUP;
    part.take(limit + 1).read_to_end(&mut unpacked).map_err(|_| broken())?;
    if unpacked.len() as u64 > limit {
        return Err(DocumentError::TooLarge);
    }
    String::from_utf8(unpacked).map(Some).map_err(|_| broken())
}

fn events(markup: &str, mut take: impl FnMut(Event<'_>) -> Result<(), DocumentError>) -> Result<(), DocumentError> {
    let mut reader = Reader::from_str(markup);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => take(event)?,
            Err(_) => return Err(broken()),
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.unescape_value().ok().map(|value| value.into_owned())
}

/// Collects the visible text while reading the markup.
#[derive(Default)]
struct Walk {
    text: String,
    /// Whether the reader is inside `w:t`.
    in_text: bool,
    /// Whether the run is marked as hidden.
    hidden: bool,
    /// The depth inside an element that is not shown, or that is shown elsewhere in another form.
    skipped: usize,
}

impl Walk {
    fn take(&mut self, event: &Event<'_>) -> Result<(), DocumentError> {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::Empty(tag) if self.skipped == 0 => self.mark(tag),
            Event::End(tag) => self.close(tag.local_name().as_ref()),
            Event::Text(text) if self.shows() => self.text.push_str(&text.decode().map_err(|_| broken())?),
            Event::CData(text) if self.shows() => self.text.push_str(&text.decode().map_err(|_| broken())?),
            Event::GeneralRef(reference) if self.shows() => {
                let named = reference.decode().map_err(|_| broken())?;
                match reference.resolve_char_ref().map_err(|_| broken())? {
                    Some(character) => self.text.push(character),
                    // Only the five entities of XML are resolved. Others may expand to anything.
                    None => self
                        .text
                        .push_str(quick_xml::escape::resolve_xml_entity(&named).unwrap_or_default()),
                }
            }
            _ => {}
        }
        if self.text.len() > MAX_TEXT {
            return Err(DocumentError::TooLarge);
        }
        Ok(())
    }

    fn shows(&self) -> bool {
        self.in_text && self.skipped == 0 && !self.hidden
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        if self.skipped > 0 {
            self.skipped += 1;
            return;
        }
        match tag.local_name().as_ref() {
            // The fallback for older programs, and text that was moved elsewhere.
            b"Fallback" | b"moveFrom" => self.skipped = 1,
            b"t" => self.in_text = true,
            b"r" => self.hidden = false,
            // A text box interrupts its paragraph.
            b"txbxContent" => self.end_line(),
            _ => self.mark(tag),
        }
    }

    fn close(&mut self, name: &[u8]) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            b"t" => self.in_text = false,
            b"r" => self.hidden = false,
            b"p" => self.text.push('\n'),
            _ => {}
        }
    }

    /// Applies the effect of an element on the text, the run or the paragraph.
    fn mark(&mut self, tag: &BytesStart<'_>) {
        let is_off = |tag| attribute(tag, b"val").is_some_and(|value| ["0", "false", "off"].contains(&value.as_str()));
        match tag.local_name().as_ref() {
            b"tab" if !self.hidden => self.text.push('\t'),
            b"br" | b"cr" if !self.hidden => self.text.push('\n'),
            b"noBreakHyphen" if !self.hidden => self.text.push('-'),
            b"vanish" => self.hidden = !is_off(tag),
            b"numPr" => self.text.push_str("- "),
            b"pStyle" if attribute(tag, b"val").is_some_and(|style| is_heading(&style)) => {
                self.end_line();
                self.text.push('\n');
            }
            _ => {}
        }
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Built-in style names are the same in every language of Word and LibreOffice.
fn is_heading(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    style.starts_with("heading") || style == "title"
}
