//! E-mail addresses: RFC 5321 with the local parts of RFC 6531 and internationalized domains (UTS 46, without
//! transitional mappings).
//!
//! Address literals, such as `name@[192.0.2.1]`, are not accepted, because the host of an address can change.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;

use super::fold::is_invisible;
use crate::identity::error::Error;

/// RFC 5321, section 4.5.3.1: 64 octets before the `@`, 255 after it, and 256 for a path, which has angle brackets.
const LOCAL_BYTES: usize = 64;
const DOMAIN_BYTES: usize = 255;
const BYTES: usize = 254;
/// Normalization makes an address at most this much shorter.
const RAW_BYTES: usize = 4 * BYTES;

/// A valid address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Email {
    /// The normalized address, with the domain in Unicode; it is unique.
    pub(in crate::identity) address: String,
    /// The same address with the domain in ASCII. Earlier releases stored the domain as typed.
    pub(in crate::identity) ascii_domain: String,
}

/// Validates and normalizes an e-mail address. Only a message can show whether it exists.
///
/// The local part is lower-cased, because no provider in use distinguishes case, and otherwise keeps its spelling: `ß` and
/// `ss` are different mailboxes.
pub(in crate::identity) fn email(text: &str) -> Result<Email, Error> {
    let refuse = |message: &str| Error::InvalidInput {
        path: "email",
        message: message.to_owned(),
    };
    let text = text.trim();
    if text.len() > RAW_BYTES {
        return Err(refuse("must be at most 254 bytes long"));
    }
    let text = lower(text);
    let (local, domain) = text
        .rsplit_once('@')
        .ok_or_else(|| refuse("must be an address like name@example.org"))?;
    let local = local_part(local).ok_or_else(|| refuse("must have a valid name before the '@' (RFC 6531)"))?;
    let (ascii, unicode) = domain_names(domain)
        .ok_or_else(|| refuse("must have a valid domain after the '@' (IDNA), like example.org"))?;
    if local.len() > LOCAL_BYTES {
        return Err(refuse("must have at most 64 bytes before the '@'"));
    }
    let address = format!("{local}@{unicode}");
    if address.len() > BYTES || unicode.len() > DOMAIN_BYTES {
        return Err(refuse("must be at most 254 bytes long"));
    }
    Ok(Email {
        address,
        ascii_domain: format!("{local}@{ascii}"),
    })
}

/// Lower case, NFC and ASCII in normal width: the mapping of names by RFC 8265 (PRECIS).
pub(in crate::identity) fn lower(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
        other => other,
    };
    // Composed first, because lower-casing a letter and its accent apart can give another text.
    let normal: String = text.nfc().collect();
    normal.chars().map(narrow).flat_map(char::to_lowercase).nfc().collect()
}

/// The local part without needless quotes.
fn local_part(local: &str) -> Option<String> {
    let Some(quoted) = local.strip_prefix('"') else {
        return is_dot_atom(local).then(|| local.to_owned());
    };
    let content = unquote(quoted.strip_suffix('"')?)?;
    if content.is_empty() {
        None
    } else if is_dot_atom(&content) {
        Some(content)
    } else {
        let escaped: String = content
            .chars()
            .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        Some(format!("\"{escaped}\""))
    }
}

/// The text of a quoted string, without its escapes.
fn unquote(quoted: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().filter(|c| matches!(c, ' '..='~'))?),
            '"' => return None,
            ' '..='~' => text.push(c),
            c if is_international(c) => text.push(c),
            _ => return None,
        }
    }
    Some(text)
}

fn is_dot_atom(text: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_international(c);
    text.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// Whether a character beyond ASCII is allowed: all but invisible ones, spaces, controls, and those that are not assigned.
fn is_international(c: char) -> bool {
    use GeneralCategory as G;
    let joiner = matches!(c, '\u{200c}' | '\u{200d}');
    !c.is_ascii()
        && (joiner
            || !is_invisible(c)
                && !matches!(
                    CodePointMapData::<G>::new().get(c),
                    G::Control
                        | G::Format
                        | G::SpaceSeparator
                        | G::LineSeparator
                        | G::ParagraphSeparator
                        | G::PrivateUse
                        | G::Surrogate
                        | G::Unassigned
                ))
}

/// The domain in ASCII and in Unicode.
fn domain_names(domain: &str) -> Option<(String, String)> {
    let (idna, deny, hyphens) = (Uts46::new(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    let ascii = idna
        .to_ascii(domain.as_bytes(), deny, hyphens, DnsLength::Verify)
        .ok()?
        .into_owned();
    let (unicode, valid) = idna.to_unicode(ascii.as_bytes(), deny, hyphens);
    valid.ok()?;
    let unicode = unicode.into_owned();
    Some((ascii, unicode))
}

#[cfg(test)]
mod tests {
    //! Addresses only; `identity::tests` shows that they are unique in the store.

    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Option<String> {
        email(text).ok().map(|email| email.address)
    }

    #[test]
    fn addresses_are_normalized() {
        for (typed, normal) in [
            (" Ann.Lee+x@Example.ORG ", "ann.lee+x@example.org"),
            ("root@localhost", "root@localhost"),
            ("用户@例子.公司", "用户@例子.公司"),
            ("用户@xn--fsqu00a.xn--55qx5d", "用户@例子.公司"),
            ("Ann@FAß.example", "ann@faß.example"),
            ("ann@xn--fa-hia.example", "ann@faß.example"),
            ("ann@fass.example", "ann@fass.example"),
            ("Groß@example.org", "groß@example.org"),
            ("gross@example.org", "gross@example.org"),
            ("Jose\u{301}@example.org", "josé@example.org"),
            ("अजय@डाटा.भारत", "अजय@डाटा.भारत"),
            ("ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ann@example.org"),
            ("ann@例え。jp", "ann@例え.jp"),
            (r#""Ann"@example.org"#, "ann@example.org"),
            (r#""ann lee"@example.org"#, r#""ann lee"@example.org"#),
            (r#""a@b"@example.org"#, r#""a@b"@example.org"#),
            (r#""a\"b\c"@example.org"#, r#""a\"bc"@example.org"#),
        ] {
            assert_eq!(address(typed).as_deref(), Some(normal), "{typed}");
        }
        let email = email("ann@faß.example").unwrap();
        assert_eq!(email.ascii_domain, "ann@xn--fa-hia.example");
    }

    #[test]
    fn invalid_addresses_are_refused_with_a_reason() {
        for (text, reason) in [
            ("", "like name@example.org"),
            ("ann", "like name@example.org"),
            ("@b", "before"),
            ("a@", "domain"),
            ("a@b@c", "before"),
            ("a b@c.de", "before"),
            ("a@b..c", "domain"),
            ("a@-b.c", "domain"),
            ("a@b_c.de", "domain"),
            ("a@xn--a", "domain"),
            ("a@[192.0.2.1]", "domain"),
            (".a@b.c", "before"),
            ("a..b@c.d", "before"),
            ("a\0@b.c", "before"),
            ("a\u{202e}b@c.d", "before"),
            ("a\u{3000}b@c.d", "before"),
            ("a@b.c\r\nBcc: x@y.z", "before"),
            (r#"""@b.c"#, "before"),
            (r#""a"b"@b.c"#, "before"),
            (r#""a\"@b.c"#, "before"),
            (&format!("{}@b.c", "a".repeat(65)), "64 bytes"),
            (&format!("{}@b.c", "ü".repeat(33)), "64 bytes"),
            (&format!("a@{}.c", "b".repeat(64)), "domain"),
            (&format!("a@{}", vec!["b".repeat(60); 5].join(".")), "domain"),
            (
                &format!(
                    "{}@{}.cd",
                    "a".repeat(64),
                    vec!["b".repeat(60); 3].join(".") + &".b".repeat(4)
                ),
                "254 bytes",
            ),
            (&"a@b.".repeat(1 << 18), "254 bytes"),
        ] {
            match email(text) {
                Err(Error::InvalidInput { path: "email", message }) => {
                    assert!(message.contains(reason), "{text:.40}: {message}");
                }
                other => panic!("{text:.40}: {other:?}"),
            }
        }
    }

    /// Local parts of RFC 6531 and domains of IDNA.
    fn addresses() -> impl Strategy<Value = String> {
        let atom = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~äßΣИ用あنअ한-]{1,8}";
        let quoted = "\"([ -!#-\\[\\]-~äИ用]|\\\\[ -~]){1,8}\"";
        let local = prop_oneof![
            proptest::collection::vec(atom, 1..3).prop_map(|atoms| atoms.join(".")),
            quoted.prop_map(|text| text),
        ];
        let label = prop_oneof!["[a-zA-Z0-9]{1,9}", "[äßéñøσж用例한あ]{1,6}"];
        (local, proptest::collection::vec(label, 1..4))
            .prop_map(|(local, labels)| format!("{local}@{}", labels.join(".")))
    }

    proptest! {
        #[test]
        fn valid_addresses_are_accepted_and_normalizing_twice_changes_nothing(text in addresses()) {
            let once = email(&text);
            prop_assert!(once.is_ok(), "{}: {:?}", text, once);
            if let Ok(once) = once {
                prop_assert_eq!(address(&once.address), Some(once.address.clone()));
                prop_assert_eq!(address(&once.ascii_domain), Some(once.address.clone()));
                prop_assert_eq!(address(&format!(" {text}\n")), Some(once.address));
            }
        }

        #[test]
        fn no_text_gives_an_address_that_is_not_normal(text in "\\PC{0,40}@\\PC{1,40}") {
            if let Ok(email) = email(&text) {
                prop_assert!(email.address.len() <= BYTES);
                prop_assert_eq!(address(&email.address), Some(email.address));
            }
        }
    }
}
