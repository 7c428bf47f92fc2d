//! Decoding of text and HTML files: the bytes of a file in any encoding become a string with `\n` at line ends.
//!
//! The encoding is that of the byte order mark, else the declared one, else UTF-8 if the bytes are valid UTF-8, else
//! detected. A declaration that the bytes contradict is ignored.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::DocumentError;

/// Declarations in HTML and XML are in the first bytes (HTML, 13.2.3.2).
const DECLARATION: usize = 1024;
/// One of so many characters may be a control character: programs that write text leave a few behind.
const CONTROLS: usize = 100;

/// So few bytes outside of ASCII say little about the encoding.
const FEW: usize = 8;

/// Decodes a text or HTML file. `charset` is the label of the media type's parameter.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Result<String, DocumentError> {
    let text = decode_marked(bytes)
        .or_else(|| decode_utf16(bytes))
        .or_else(|| decode_declared(bytes, charset.and_then(|label| Encoding::for_label(label.as_bytes()))))
        .or_else(|| decode_declared(bytes, declared_inside(bytes)))
        .or_else(|| std::str::from_utf8(bytes).ok().map(Cow::from))
        .or_else(|| decode_detected(bytes))
        .ok_or(DocumentError::NotText)?;
    clean(&text).ok_or(DocumentError::NotText)
}

/// Decodes a part of an XML document, which is UTF-8 or UTF-16, or declares its encoding (XML 1.0, 4.3.3).
pub(super) fn decode_xml(bytes: &[u8]) -> Option<Cow<'_, str>> {
    decode_marked(bytes)
        .or_else(|| decode_utf16(bytes))
        .or_else(|| std::str::from_utf8(bytes).ok().map(Cow::from))
        .or_else(|| decode_declared(bytes, declared_inside(bytes)))
}

fn decode_marked(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, mark) = Encoding::for_bom(bytes)?;
    encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])
}

/// Decodes UTF-16 without a byte order mark. Text in it has white space or other ASCII, so one of two bytes is zero;
/// in the other byte order these characters would be unassigned or from remote blocks.
fn decode_utf16(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let head = &bytes[..bytes.len().min(4096)];
    if !bytes.len().is_multiple_of(2) || !head.contains(&0) {
        return None;
    }
    let ascii = |high: usize| {
        let pairs = head.chunks_exact(2);
        pairs.filter(|pair| pair[high] == 0 && is_text(pair[1 - high])).count()
    };
    let (little, big) = (ascii(1), ascii(0));
    let encoding = if little > big { UTF_16LE } else { UTF_16BE };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    (little != big && !text.contains('\0')).then_some(text)
}

fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

fn decode_declared<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> Option<Cow<'a, str>> {
    let encoding = encoding?;
    // UTF-8 is often declared as Latin-1; text in a legacy encoding is hardly ever valid UTF-8.
    if let Ok(text) = std::str::from_utf8(bytes)
        && (encoding.is_single_byte() || encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE)
    {
        return Some(text.into());
    }
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

fn decode_detected(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // A few letters do not tell the languages of Latin script apart; dashes and quotes are the most common.
    let few = bytes.iter().filter(|byte| !byte.is_ascii()).count() < FEW && guess.is_single_byte();
    let encoding = if few { WINDOWS_1252 } else { guess };
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// The encoding that HTML declares in `<meta charset>` or `<meta http-equiv>`, or XML in its declaration.
fn declared_inside(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]).to_ascii_lowercase();
    if !head.trim_start().starts_with('<') {
        return None;
    }
    let after = |tag: &str, name: &str| {
        head.match_indices(tag).find_map(|(at, _)| {
            let tag = &head[at..at + head[at..].find('>')?];
            let value = tag[tag.find(name)? + name.len()..].trim_start().strip_prefix('=')?;
            let value = value.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
            let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '?'));
            Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])
        })
    };
    after("<meta", "charset").or_else(|| after("<?xml", "encoding"))
}

/// Removes control characters and makes every line end `\n`. `None` for binary data.
fn clean(text: &str) -> Option<String> {
    let mut cleaned = String::with_capacity(text.len());
    let mut controls = 0;
    let mut characters = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        characters += 1;
        match c {
            '\0' => return None,
            '\r' if rest.peek() == Some(&'\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\u{feff}' => {}
            '\n' | '\t' => cleaned.push(c),
            // The end of a file of DOS.
            '\u{1a}' if rest.peek().is_none() => {}
            c if c.is_control() => controls += 1,
            c => cleaned.push(c),
        }
    }
    (controls * CONTROLS <= characters).then_some(cleaned)
}

#[cfg(test)]
mod tests;
