//! The header `Forwarded` (RFC 7239).
//!
//! The parsers of the registry read from the left and refuse the whole header if any of it is malformed. A client could
//! then send an unclosed quotation mark to hide what the proxy appends. Here a header is split from the right, which
//! finds the same elements in every well-formed header: a quotation mark outside a quoted string ends one, its opening
//! mark follows `=`, and marks within it follow an odd number of backslashes.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, header};

use super::hop::{Hop, authority};
use crate::http::peer::{Scheme, canonical};

/// The requests according to all elements, the rightmost first. A malformed element states nothing.
pub(super) fn hops(headers: &HeaderMap) -> impl Iterator<Item = Hop> + '_ {
    let lines = headers.get_all(header::FORWARDED).iter().rev();
    lines
        .flat_map(|line| elements(line.as_bytes()))
        .map(<[u8]>::trim_ascii)
        // Empty elements of a list are ignored (RFC 9110, 5.6.1.2).
        .filter(|element| !element.is_empty())
        .map(|element| parse(element).unwrap_or_default())
}

/// The elements of a list, the rightmost first.
fn elements(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let comma = last_comma(line);
        rest = comma.map(|at| &line[..at]);
        Some(comma.map_or(line, |at| &line[at + 1..]))
    })
}

/// The last comma outside quoted strings.
fn last_comma(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in line.iter().enumerate().rev() {
        match byte {
            b'"' if !quoted => quoted = true,
            b'"' => {
                let backslashes = line[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
                quoted = backslashes % 2 == 1;
            }
            b',' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// Parses an element; `None` if it is malformed.
fn parse(element: &[u8]) -> Option<Hop> {
    let (mut node, mut scheme, mut host) = (None, None, None);
    let mut by = None;
    let mut rest = element;
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b";") {
            rest = after;
            continue;
        }
        if rest.is_empty() {
            break;
        }
        let (name, value, after) = pair(rest)?;
        let known = match &name.to_ascii_lowercase()[..] {
            b"for" => Some(&mut node),
            b"proto" => Some(&mut scheme),
            b"host" => Some(&mut host),
            b"by" => Some(&mut by),
            _ => None,
        };
        // A parameter must not be repeated.
        if known.is_some_and(|known| known.replace(value).is_some()) {
            return None;
        }
        rest = after.trim_ascii_start();
        if !rest.is_empty() && !rest.starts_with(b";") {
            return None;
        }
    }
    Some(Hop {
        client: match node {
            Some(node) => address(std::str::from_utf8(&node).ok()?)?,
            None => None,
        },
        scheme: scheme.and_then(|name| Scheme::from_name(std::str::from_utf8(&name).ok()?)),
        host: match host {
            Some(host) => Some(authority(&host)?),
            None => None,
        },
    })
}

/// A name, a value, and what follows.
type Pair<'a> = (&'a [u8], Cow<'a, [u8]>, &'a [u8]);

/// A parameter's name and value, and what follows.
fn pair(text: &[u8]) -> Option<Pair<'_>> {
    let (name, rest) = token(text)?;
    let rest = rest.strip_prefix(b"=")?;
    if let Some(inside) = rest.strip_prefix(b"\"") {
        let (value, rest) = quoted(inside)?;
        return Some((name, value.into(), rest));
    }
    let (value, rest) = token(rest)?;
    Some((name, value.into(), rest))
}

/// A token (RFC 9110, 5.6.2), and what follows.
fn token(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let end = text.iter().position(|byte| !is_token(byte)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The rest of a quoted string without its backslashes (RFC 9110, 5.6.4), and what follows.
fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    let mut bytes = text.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some((value, &text[at + 1..])),
            b'\\' => value.push(*bytes.next()?.1),
            _ => value.push(*byte),
        }
    }
    None
}

/// The address of a node (RFC 7239, 6): `Some(None)` if it is `unknown` or obfuscated, `None` if it is malformed.
fn address(node: &str) -> Option<Option<SocketAddr>> {
    let end = match node.strip_prefix('[') {
        Some(_) => node.find(']')? + 1,
        None => node.find(':').unwrap_or(node.len()),
    };
    let (name, port) = node.split_at(end);
    let port = match port.strip_prefix(':') {
        Some(port) if is_obfuscated(port) => 0,
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => port.parse().ok()?,
        Some(_) => return None,
        None if port.is_empty() => 0,
        None => return None,
    };
    if name.eq_ignore_ascii_case("unknown") || is_obfuscated(name) {
        return Some(None);
    }
    let ip = match name.strip_prefix('[') {
        Some(inside) => IpAddr::V6(inside.strip_suffix(']')?.parse().ok()?),
        None => IpAddr::V4(name.parse().ok()?),
    };
    Some(Some(canonical(SocketAddr::new(ip, port))))
}

/// Whether a node or port is an obfuscated identifier (RFC 7239, 6.3).
fn is_obfuscated(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.strip_prefix('_')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_part))
}
