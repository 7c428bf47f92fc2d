//! One pass over the bytes of a document. It must never take brackets for part of a string where the parser does not,
//! so an unterminated string is refused here: the parser would take `"""` for an empty string and continue.

use std::ops::Range;

use async_graphql::Pos;

use super::{LimitError, Limits};

/// The tokens of a text.
pub(super) struct Tokens {
    /// The places of the descriptions of executable definitions.
    pub(super) descriptions: Vec<Range<usize>>,
    /// The places of the commas between tokens.
    pub(super) commas: Vec<usize>,
    /// The number of tokens that a syntax tree represents: all but descriptions and the keyword `query`, which an
    /// anonymous query may omit.
    pub(super) significant: usize,
}

/// Checks the text, and returns its tokens.
pub(super) fn check(limits: &Limits, text: &str) -> Result<Tokens, LimitError> {
    if text.len() > limits.bytes {
        return Err(LimitError::Bytes {
            found: text.len(),
            allowed: limits.bytes,
        });
    }
    let bytes = text.as_bytes();
    let (mut at, mut open, mut tokens, mut keywords) = (0, 0_usize, 0, 0);
    let mut descriptions = Descriptions::default();
    let mut commas = Vec::new();
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b',' => {
                commas.push(at);
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of_line(bytes, at);
                continue;
            }
            // A byte order mark is white space (specification, 2.1.1).
            0xEF if bytes[at..].starts_with(b"\xEF\xBB\xBF") => {
                at += 3;
                continue;
            }
            b'"' => end_of_string(bytes, at).ok_or_else(|| LimitError::UnterminatedString {
                position: position(text, at),
            })?,
            b'{' | b'[' | b'(' => {
                open += 1;
                if open > limits.nesting {
                    return Err(LimitError::Nesting {
                        allowed: limits.nesting,
                        position: position(text, at),
                    });
                }
                at + 1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                at + 1
            }
            b'.' if bytes[at..].starts_with(b"...") => at + 3,
            b'-' | b'0'..=b'9' => end_of_number(bytes, at),
            _ if is_word(byte) => at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
            _ => at + 1,
        };
        tokens += 1;
        if tokens > limits.tokens {
            return Err(LimitError::Tokens {
                allowed: limits.tokens,
                position: position(text, at),
            });
        }
        let begins_definition = open == 0 && matches!(descriptions.previous, 0 | b'}' | b'"');
        keywords += usize::from(begins_definition && &bytes[at..end] == b"query");
        descriptions.read(bytes, at..end, open);
        at = end;
    }
    Ok(Tokens {
        significant: tokens - descriptions.found.len() - keywords,
        descriptions: descriptions.found,
        commas,
    })
}

/// Finds the descriptions of operations, fragments and variables.
#[derive(Default)]
struct Descriptions {
    found: Vec<Range<usize>>,
    /// A string that is a description if the next token begins a definition.
    candidate: Option<Range<usize>>,
    /// The first byte of the previous token.
    previous: u8,
}

impl Descriptions {
    /// Reads a token inside so many brackets.
    fn read(&mut self, bytes: &[u8], token: Range<usize>, open: usize) {
        let first = bytes[token.start];
        let candidate = self.candidate.take();
        if first == b'"' {
            // The value of an argument follows a colon, and a default an equals sign.
            let place = match open {
                0 => true,
                1 => !matches!(self.previous, b':' | b'='),
                _ => false,
            };
            self.candidate = place.then_some(token);
        } else if let Some(candidate) = candidate {
            let definition = match open {
                0 => matches!(&bytes[token], b"query" | b"mutation" | b"subscription" | b"fragment"),
                _ => first == b'$',
            };
            if definition {
                self.found.push(candidate);
            }
        }
        self.previous = first;
    }
}

/// Letters and digits of names.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The index after the number that begins at `from`, valid or not.
fn end_of_number(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        let sign = matches!(byte, b'+' | b'-') && matches!(bytes[at - 1], b'e' | b'E');
        if !(is_word(*byte) || *byte == b'.' || sign) {
            break;
        }
        at += 1;
    }
    at
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(bytes.len(), |length| from + length)
}

/// The index after the closing quote of the string that begins at `from`.
fn end_of_string(bytes: &[u8], from: usize) -> Option<usize> {
    if bytes[from..].starts_with(b"\"\"\"") {
        let mut at = from + 3;
        while at < bytes.len() {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(b"\"\"\"") {
                return Some(at + 3);
            } else {
                at += 1;
            }
        }
        return None;
    }
    let mut at = from + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            // A line must not end within an escape sequence.
            b'\\' if !matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
            b'\\' => return None,
            _ => at += 1,
        }
    }
}

/// Line and column, both from 1; columns count characters.
fn position(text: &str, at: usize) -> Pos {
    let before = &text.as_bytes()[..at];
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |index| index + 1);
    Pos {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        column: String::from_utf8_lossy(&before[line_start..]).chars().count() + 1,
    }
}
