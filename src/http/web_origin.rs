//! Origins of web pages (RFC 6454), compared as browsers do: without regard to case and with the default port of the
//! scheme.

use http::HeaderValue;
use url::{Origin, Url};

use super::host;

/// The origin in a text such as `https://app.example.com:8443`; `None` if it is anything else, such as `null`.
pub(super) fn parse(text: &str) -> Option<Origin> {
    let (scheme, host) = text.split_once("://")?;
    of_host(scheme, host)
}

/// The origin of the pages that a host serves under a scheme.
pub(super) fn of_host(scheme: &str, host: &str) -> Option<Origin> {
    let web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    if !web || !host::is_valid(host.as_bytes()) {
        return None;
    }
    Some(Url::parse(&format!("{scheme}://{host}")).ok()?.origin())
}

/// The origin of a setting as browsers send it: in lower case, in ASCII and without the default port. A text that is not
/// an origin is returned unchanged.
pub(super) fn normalised(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if url.origin().is_tuple() => url.origin().ascii_serialization(),
        _ => text.to_owned(),
    }
}

/// Whether the value of a header `Origin` is in a list of [`normalised`] origins.
pub(super) fn is_listed(origin: &HeaderValue, listed: &[HeaderValue]) -> bool {
    // Browsers send the normalised form.
    listed.contains(origin)
        || origin.to_str().ok().and_then(parse).is_some_and(|origin| {
            let normalised = origin.ascii_serialization();
            listed.iter().any(|listed| listed.as_bytes() == normalised.as_bytes())
        })
}

#[cfg(test)]
mod tests {
    //! Comparison of origins. The headers of CORS and the check of cookies are tested with the router.

    use proptest::prelude::*;

    use super::*;

    /// Changes the case of each character that the mask selects.
    fn with_case(text: &str, mask: u64) -> String {
        let change = |(at, letter): (usize, char)| {
            if mask >> (at % 64) & 1 == 1 {
                letter.to_ascii_uppercase()
            } else {
                letter
            }
        };
        text.chars().enumerate().map(change).collect()
    }

    fn origin() -> impl Strategy<Value = (&'static str, String, u16)> {
        let host = prop_oneof![
            // Not `xn--`, which begins an encoded name.
            "[a-w][a-z0-9-]{0,9}[a-z](\\.[a-z]{2,6}){0,2}",
            any::<[u8; 4]>().prop_map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")),
            any::<u128>().prop_map(|bits| format!("[{}]", std::net::Ipv6Addr::from_bits(bits))),
        ];
        let port = prop_oneof![Just(80_u16), Just(443), Just(8_443), 1..u16::MAX];
        (prop::sample::select(vec!["http", "https"]), host, port)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn case_and_default_ports_do_not_matter((scheme, host, port) in origin(), mask: u64) {
            let default = if scheme == "https" { 443 } else { 80 };
            let full = format!("{scheme}://{host}:{port}");
            let same = of_host(scheme, &format!("{host}:{port}")).unwrap();
            prop_assert!(parse(&with_case(&full, mask)).is_some_and(|parsed| parsed == same));
            prop_assert_eq!(normalised(&with_case(&full, mask)), same.ascii_serialization());
            let listed = [HeaderValue::try_from(normalised(&with_case(&full, mask))).unwrap()];
            for sent in [full.clone(), with_case(&full, mask), same.ascii_serialization()] {
                prop_assert!(is_listed(&HeaderValue::try_from(sent).unwrap(), &listed));
            }
            let bare = of_host(scheme, &host).unwrap();
            if port == default {
                prop_assert!(bare == same);
                let suffix = format!(":{port}");
                prop_assert!(!same.ascii_serialization().ends_with(&suffix) || host.ends_with(']'));
            } else {
                prop_assert!(bare != same);
            }
            let other = HeaderValue::try_from(format!("{scheme}://{host}:{}", port ^ 1)).unwrap();
            prop_assert!(!is_listed(&other, &listed));
        }
    }

    #[test]
    fn only_an_origin_is_one() {
        for text in [
            "null",
            "",
            "https://",
            "https://x/",
            "https://x/path",
            "https://x?q",
            "https://a@x",
            "https://x:99999",
            "ftp://x",
            "x",
            "//x",
            "https:x",
            "https://x y",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(
            normalised("HTTPS://B\u{fc}cher.example:443"),
            "https://xn--bcher-kva.example"
        );
        assert_eq!(normalised("app://local"), "app://local");
    }
}
