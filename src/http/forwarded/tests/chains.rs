//! Generated chains of proxies.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{PROXY, Scheme, X_FOR, X_HOST, X_PROTO, client, client_at, headers, proxies};

/// An address of a client. Generated addresses are rarely trusted by accident.
fn client_ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
    ]
    .prop_filter("trusted", |ip| !proxies().trusts(*ip))
}

fn trusted_ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<[u8; 3]>().prop_map(|[b, c, d]| IpAddr::from([10, b, c, d])),
        any::<[u8; 3]>().prop_map(|[b, c, d]| IpAddr::V6(Ipv4Addr::new(10, b, c, d).to_ipv6_mapped())),
        any::<u64>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8_000f_u128 << 80) | u128::from(bits)))),
    ]
}

/// What a proxy states of the request that it received.
#[derive(Debug, Clone)]
struct Stated {
    client: Option<SocketAddr>,
    https: bool,
    host: String,
    /// A quoted value of another parameter, and whether values are quoted and escaped.
    note: String,
    escape: bool,
}

fn stated(ip: impl Strategy<Value = IpAddr>) -> impl Strategy<Value = Stated> {
    let client = prop::option::weighted(0.9, (ip, any::<u16>()).prop_map(SocketAddr::from));
    let host = "[a-z][a-z0-9-]{0,8}(\\.[a-z]{2,4})?(:[1-9][0-9]{0,3})?";
    (client, any::<bool>(), host, "[ -~]{0,12}", any::<bool>()).prop_map(|(client, https, host, note, escape)| Stated {
        client,
        https,
        host,
        note,
        escape,
    })
}

impl Stated {
    fn quoted(&self, text: &str) -> String {
        let escaped = |letter: char| {
            let backslash = self.escape || matches!(letter, '"' | '\\');
            [backslash.then_some('\\'), Some(letter)]
        };
        let inside: String = text.chars().flat_map(escaped).flatten().collect();
        format!("\"{inside}\"")
    }

    fn proto(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }

    fn element(&self) -> String {
        let client = self
            .client
            .map_or_else(|| "_hidden".to_owned(), |client| client.to_string());
        format!(
            "for={};note={};proto={};host={}",
            self.quoted(&client),
            self.quoted(&self.note),
            self.proto(),
            self.quoted(&self.host)
        )
    }

    fn listed(&self) -> String {
        self.client
            .map_or_else(|| "unknown".to_owned(), |client| client.to_string())
    }
}

/// The chain's statements in the lines of the headers, the first proxy on the left.
fn written(chain: &[Stated], standard: bool) -> Vec<(HeaderName, String)> {
    let join = |value: fn(&Stated) -> String| chain.iter().map(value).collect::<Vec<_>>().join(", ");
    if standard {
        return vec![(header::FORWARDED, join(Stated::element))];
    }
    vec![
        (X_FOR, join(Stated::listed)),
        (X_PROTO, join(|stated| stated.proto().to_owned())),
        (X_HOST, join(|stated| stated.host.clone())),
    ]
}

/// The client by definition: of the statements from the right, the first that does not name a trusted proxy.
fn expected(chain: &[Stated]) -> (String, Option<Scheme>, Option<String>) {
    let trusted = |client: SocketAddr| proxies().trusts(client.ip());
    let names_proxy = |stated: &&Stated| stated.client.is_some_and(trusted);
    let proxies = chain.iter().rev().take_while(names_proxy).count();
    let outermost = &chain[chain.len().saturating_sub(proxies + 1)];
    let hidden = || match proxies {
        0 => PROXY.parse().unwrap(),
        _ => chain[chain.len() - proxies].client.unwrap(),
    };
    let address = outermost.client.unwrap_or_else(hidden);
    let address = SocketAddr::new(address.ip().to_canonical(), address.port());
    let scheme = if outermost.https { Scheme::Https } else { Scheme::Http };
    (address.to_string(), Some(scheme), Some(outermost.host.clone()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn a_written_chain_is_read_back(chain in vec(stated(prop_oneof![client_ip(), trusted_ip()]), 1..6), standard: bool) {
        let lines = written(&chain, standard);
        prop_assert_eq!(client(&headers(&lines)), expected(&chain), "{:?}", lines);
    }

    #[test]
    fn a_client_that_sends_the_headers_changes_nothing(
        sent in vec(prop_oneof!["[ -~]{0,40}", "(for=)?[\"\\\\,;=0-9.a-z]{0,20}", stated(client_ip()).prop_map(|stated| stated.element())], 1..4),
        on_own_lines: bool,
        seen in stated(client_ip()),
        inner in vec(stated(trusted_ip()), 0..3),
        standard: bool,
    ) {
        // The outermost proxy states the client, or hides it; the proxies behind it state proxies.
        let chain = [vec![seen], inner].concat();
        let lines = written(&chain, standard);
        let mut with_sent = Vec::new();
        for (name, value) in &lines {
            if on_own_lines {
                with_sent.extend(sent.iter().map(|sent| (name.clone(), sent.clone())));
                with_sent.push((name.clone(), value.clone()));
            } else {
                with_sent.push((name.clone(), format!("{}, {value}", sent.join(", "))));
            }
        }
        prop_assert_eq!(client(&headers(&with_sent)), client(&headers(&lines)), "{:?}", with_sent);
    }

    #[test]
    fn any_bytes_are_read(
        lines in vec(
            (
                prop::sample::select(vec![header::FORWARDED, X_FOR, X_PROTO, X_HOST]),
                vec(prop_oneof![prop::sample::select(b"\"\\,;=[]: for10.".to_vec()), 0x20..=0xff_u8], 0..60),
            ),
            0..5,
        ),
        trusted: bool,
    ) {
        let mut sent = HeaderMap::new();
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                sent.append(name, value);
            }
        }
        let peer = if trusted { PROXY } else { "192.0.2.1:80" };
        let found = client_at(peer, &sent);
        prop_assert!(trusted || found == (peer.to_owned(), None, None));
    }
}
