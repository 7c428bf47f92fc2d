//! The host that a request is for (RFC 9110, 7.2; RFC 9112, 3.2).

use std::net::Ipv6Addr;

use http::request::Parts;
use http::{HeaderMap, Version, header};

/// Error: the header `Host` does not name one host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum HostError {
    /// HTTP/1.1 requires the header.
    #[error("The request has no header Host; HTTP/1.1 requires one.")]
    Missing,
    /// The header is there more than once.
    #[error("The request has several headers Host; one is allowed.")]
    Repeated,
    /// The value is not a host.
    #[error("The header Host is invalid; a host name or IP address is allowed, with a port if needed.")]
    Invalid,
}

/// Checks the header `Host`, which proxies and this server must read alike. HTTP/1.0 and HTTP/2 do not require it.
pub(super) fn check(version: Version, headers: &HeaderMap) -> Result<(), HostError> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if version == Version::HTTP_11 => Err(HostError::Missing),
        (None, _) => Ok(()),
        (Some(_), Some(_)) => Err(HostError::Repeated),
        (Some(host), None) if is_valid(host.as_bytes()) => Ok(()),
        (Some(_), None) => Err(HostError::Invalid),
    }
}

/// The host that a request is for, with its port if it names one. The authority of the request target takes precedence
/// over the header (RFC 9112, 3.2.2).
pub(super) fn named(parts: &Parts) -> Option<&str> {
    let target = parts.uri.authority().map(http::uri::Authority::as_str);
    target.or_else(|| parts.headers.get(header::HOST)?.to_str().ok())
}

/// Whether the text is `uri-host [ ":" port ]` (RFC 3986, 3.2.2 and 3.2.3) with a host that is not empty.
pub(super) fn is_valid(text: &[u8]) -> bool {
    match text.strip_prefix(b"[") {
        Some(rest) => split(rest, b']').is_some_and(|(host, port)| is_ip_literal(host) && is_port(port)),
        None => {
            let at = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
            text.split_at_checked(at)
                .is_some_and(|(host, port)| is_name(host) && is_port(port))
        }
    }
}

/// The parts before and after a byte.
fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let (before, after) = text.split_at_checked(text.iter().position(|byte| *byte == at)?)?;
    Some((before, after.get(1..)?))
}

/// Whether the text is nothing or a colon and a port, which may be empty.
fn is_port(text: &[u8]) -> bool {
    let Some(port) = text.strip_prefix(b":") else {
        return text.is_empty();
    };
    let digits = str::from_utf8(port)
        .ok()
        .filter(|_| port.iter().all(u8::is_ascii_digit));
    digits.is_some_and(|digits| digits.is_empty() || digits.parse::<u16>().is_ok())
}

/// Whether the text is an IPv6 address or one of a future version.
fn is_ip_literal(text: &[u8]) -> bool {
    let future = |text: &[u8]| {
        let (version, address) = split(text.strip_prefix(b"v").or_else(|| text.strip_prefix(b"V"))?, b'.')?;
        let fits = !version.is_empty() && version.iter().all(u8::is_ascii_hexdigit);
        let plain = |byte: &u8| is_unreserved(*byte) || is_sub_delimiter(*byte) || *byte == b':';
        Some(fits && !address.is_empty() && address.iter().all(plain))
    };
    str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok()) || future(text) == Some(true)
}

/// Whether the text is a registered name or an IPv4 address.
fn is_name(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => {
                let mut digit = || bytes.next().is_some_and(u8::is_ascii_hexdigit);
                digit() && digit()
            }
            byte => is_unreserved(*byte) || is_sub_delimiter(*byte),
        };
        if !fits {
            return false;
        }
    }
    !text.is_empty()
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

const fn is_sub_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'='
    )
}

#[cfg(test)]
mod tests {
    //! The header alone. That a connection refuses such requests is tested in `tests/server.rs`.

    use std::net::Ipv4Addr;

    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn host() -> impl Strategy<Value = String> {
        prop_oneof![
            "([a-zA-Z0-9_~!$&'()*+,;=-]|%[0-9a-fA-F]{2}){1,20}(\\.[a-zA-Z0-9-]{1,10}){0,3}\\.?",
            any::<u32>().prop_map(|bits| Ipv4Addr::from_bits(bits).to_string()),
            any::<u128>().prop_map(|bits| format!("[{}]", Ipv6Addr::from_bits(bits))),
            "\\[v[0-9a-f]{1,3}\\.[a-z0-9:._~-]{1,20}\\]",
        ]
    }

    fn port() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            Just(":".to_owned()),
            any::<u16>().prop_map(|port| format!(":{port}")),
            any::<u16>().prop_map(|port| format!(":{port:08}")),
        ]
    }

    /// What a host cannot contain, wherever it is inserted. A colon can begin a port.
    fn foreign() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::sample::select(&b"/?#@\\\"<>^`{|} \t"[..]).prop_map(|byte| vec![byte]),
            (0x80..=0xff_u8).prop_map(|byte| vec![byte]),
            Just(b"%g0".to_vec()),
            Just(b"[".to_vec()),
            Just(b":x:".to_vec()),
            Just(b"::99999".to_vec()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn a_host_with_an_optional_port_is_valid(host in host(), port in port()) {
            let text = format!("{host}{port}");
            prop_assert!(is_valid(text.as_bytes()), "{}", text);
        }

        #[test]
        fn anything_else_is_refused(host in host(), port in port(), at in any::<prop::sample::Index>(), foreign in foreign()) {
            let mut text = format!("{host}{port}").into_bytes();
            // Within an IP literal the colons belong to the address.
            prop_assume!(!(text[0] == b'[' && foreign[0] == b':'));
            let at = at.index(text.len() + 1);
            text.splice(at..at, foreign);
            prop_assert!(!is_valid(&text), "{}", String::from_utf8_lossy(&text));
        }

        #[test]
        fn the_header_is_required_once(hosts in prop::collection::vec(host(), 0..4)) {
            let mut headers = HeaderMap::new();
            for host in &hosts {
                headers.append(header::HOST, HeaderValue::try_from(host).unwrap());
            }
            let expected = match hosts.len() {
                0 => Err(HostError::Missing),
                1 => Ok(()),
                _ => Err(HostError::Repeated),
            };
            prop_assert_eq!(check(Version::HTTP_11, &headers), expected);
            for version in [Version::HTTP_10, Version::HTTP_2] {
                let expected = if hosts.is_empty() { Ok(()) } else { expected };
                prop_assert_eq!(check(version, &headers), expected);
            }
        }
    }

    #[test]
    fn the_edges_of_the_grammar() {
        for valid in [
            "x",
            "x:",
            "x:0",
            "x:65535",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:443",
            "[v1.a:b]",
            "a%2Fb",
            "1",
            "x.",
        ] {
            assert!(is_valid(valid.as_bytes()), "{valid}");
        }
        for invalid in [
            "",
            ":",
            ":80",
            "x:65536",
            "x:-1",
            "x:+1",
            "x:1:2",
            "[]",
            "[::1",
            "::1",
            "[::1]80",
            "[::1]]",
            "[1.2.3.4]",
            "[v.a]",
            "[v1.]",
            "%",
            "%2",
            "a%",
            "x y",
            "x\t",
            "a@b",
            "http://x",
            "x/",
            "x,y z",
            "b\u{fc}cher.example",
        ] {
            assert!(!is_valid(invalid.as_bytes()), "{invalid}");
        }
    }
}
