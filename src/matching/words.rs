//! Tokenization into words. Labels of the lexicon and texts are tokenized in the same way, so a label is found
//! regardless of case, number or verb ending.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState};
use std::num::NonZeroU64;
use std::ops::Range;
use std::sync::LazyLock;

use super::english::ENGLISH;
use super::offset_map::BLANK;

/// The gap between a word and the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// White space only.
    Space,
    /// A hyphen, slash or ampersand: the parts may be one word or two.
    Joint,
    /// Any other character, or the beginning: no label spans it.
    Break,
}

/// The case of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Capital,
    Upper,
}

#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) bytes: Range<usize>,
    /// Equal for all inflections: manage, manages, managed, managing.
    pub(super) stem: u64,
    /// Equal for singular and plural only.
    pub(super) exact: u64,
    /// The word as written, except for its case and for the plural of an acronym: KPIs is KPI, ACLS is not ACL.
    pub(super) written: u64,
    /// A name without the version it ends in, if it does: CSS3 is CSS.
    pub(super) unversioned: Option<NonZeroU64>,
    /// Whether it has no small letters, except for a plural ending: KPIs.
    pub(super) acronym: bool,
    pub(super) gap: Gap,
    pub(super) case: Case,
    /// Whether it is a content word.
    pub(super) subject: bool,
}

/// The words of a text in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::with_capacity(text.len() / 6);
    let mut chars = text.char_indices().peekable();
    let mut gap = Gap::Break;
    let mut before = ' ';
    let mut lower = String::new();
    while let Some((start, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let dotted = c == '.' && !before.is_alphanumeric() && before != '.' && next.is_some_and(char::is_alphanumeric);
        if !c.is_alphanumeric() && !dotted {
            gap = match c {
                _ if c.is_whitespace() || c == BLANK => gap,
                '-' | '/' | '&' | '\u{2010}' | '\u{2011}' if gap != Gap::Break => Gap::Joint,
                _ => Gap::Break,
            };
            before = c;
            continue;
        }
        lower.clear();
        let (mut capitals, mut letters, mut first_capital) = (0, 0, false);
        let (mut at, mut current) = (start, c);
        let end = loop {
            if current.is_uppercase() {
                capitals += 1;
                first_capital |= letters == 0;
            }
            letters += usize::from(current.is_alphabetic());
            if current.is_ascii() {
                lower.push(current.to_ascii_lowercase());
            } else {
                lower.extend(current.to_lowercase());
            }
            let end = at + current.len_utf8();
            before = current;
            let Some(&(next_at, next)) = chars.peek() else {
                break end;
            };
            let inside = next.is_alphanumeric() || matches!(next, '+' | '#') || {
                let beyond = text[next_at + next.len_utf8()..].chars().next();
                match next {
                    '.' => beyond.is_some_and(|beyond| {
                        beyond.is_alphanumeric() && !(current.is_lowercase() && beyond.is_uppercase())
                    }),
                    '\'' | '\u{2019}' => beyond.is_some_and(char::is_alphabetic),
                    _ => false,
                }
            };
            if !inside {
                break end;
            }
            chars.next();
            (at, current) = (next_at, next);
        };
        let bare = lower.split(['\'', '\u{2019}']).next().unwrap_or(&lower);
        let singular = singular(bare);
        let many = capitals >= 2 && capitals + 1 == letters && text[start..end].ends_with('s');
        let written = match bare.strip_suffix('s') {
            Some(one) if many && bare.len() == lower.len() => one,
            _ => bare,
        };
        found.push(Word {
            bytes: start..end,
            stem: hash(stem(&singular).as_bytes()),
            exact: hash(singular.as_bytes()),
            written: hash(written.as_bytes()),
            unversioned: without_version(bare).and_then(|name| NonZeroU64::new(hash(name.as_bytes()))),
            acronym: capitals == letters || many,
            gap,
            subject: !ENGLISH.function_words.contains(&lower),
            case: if capitals == letters && letters > 0 {
                Case::Upper
            } else if first_capital || capitals > 0 {
                Case::Capital
            } else {
                Case::Lower
            },
        });
        gap = Gap::Space;
    }
    found
}

/// The hasher of tables whose keys are hashes already.
pub(super) type Hashed = BuildHasherDefault<KeyHasher>;

/// Returns the key as its hash.
#[derive(Debug, Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Hashes a stem with a secret of the process, so that no text can be written whose stems share a place in the table.
#[derive(Debug, Default)]
pub(super) struct StemHasher(u64);

static SECRET: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0) | 1);

impl Hasher for StemHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.write_u64(hash(bytes));
    }
    fn write_u64(&mut self, key: u64) {
        let product = u128::from(key ^ *SECRET) * u128::from(SECRET.rotate_left(32) | 1);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
        let (low, high) = (product as u64, (product >> 64) as u64);
        self.0 = low ^ high;
    }
}

/// A map from stems to values.
#[derive(Debug, Clone)]
pub(super) struct Stems<T> {
    /// Most lookups miss: the bits detect this faster than the table.
    bits: [u64; 64],
    table: HashMap<u64, T, BuildHasherDefault<StemHasher>>,
}

impl<T> Stems<T> {
    #[inline]
    pub(super) fn get(&self, stem: u64) -> Option<&T> {
        let (at, bit) = Self::place(stem);
        if self.bits[at] & bit == 0 {
            return None;
        }
        self.table.get(&stem)
    }

    fn place(stem: u64) -> (usize, u64) {
        ((stem >> 6) as usize % 64, 1 << (stem & 63))
    }
}

impl<T> Default for Stems<T> {
    fn default() -> Self {
        Self {
            bits: [0; 64],
            table: HashMap::default(),
        }
    }
}

impl<T: Default> Stems<T> {
    pub(super) fn entry(&mut self, stem: u64) -> &mut T {
        let (at, bit) = Self::place(stem);
        self.bits[at] |= bit;
        self.table.entry(stem).or_default()
    }
}

/// The stems of a text, without positions.
pub(super) fn stems(text: &str) -> impl Iterator<Item = u64> {
    words(text).into_iter().map(|word| word.stem)
}

/// The name before a version number: css3, python3.11.
fn without_version(word: &str) -> Option<&str> {
    if !word.ends_with(|last: char| last.is_ascii_digit()) {
        return None;
    }
    let name = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    (name.len() >= 2 && !name.contains(|c: char| c.is_ascii_digit())).then_some(name)
}

fn singular(word: &str) -> Cow<'_, str> {
    let cut = |n: usize| Cow::Borrowed(&word[..word.len() - n]);
    if word.len() < 4 || !word.is_ascii() {
        return Cow::Borrowed(word);
    }
    // Bytes, because every label is read at the start.
    match word.as_bytes() {
        [_, _, .., b'i', b'e', b's'] => cut(3) + "y",
        [.., b's', b's', b'e', b's'] | [.., b'x', b'e', b's'] | [.., b'c' | b's', b'h', b'e', b's'] => cut(2),
        [.., b's' | b'u' | b'i', b's'] => Cow::Borrowed(word),
        [.., b's'] => cut(1),
        _ => Cow::Borrowed(word),
    }
}

fn stem(word: &str) -> &str {
    if word.len() < 5 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    let has_vowel = |part: &str| {
        part.bytes()
            .any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
    };
    let cut = word
        .strip_suffix("ing")
        .or_else(|| word.strip_suffix("ed"))
        .filter(|root| root.len() >= 3 && has_vowel(root));
    match cut {
        Some(root) => {
            let bytes = root.as_bytes();
            let doubled = bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
            let undoubled = doubled && !matches!(bytes[bytes.len() - 1], b'l' | b's' | b'z');
            let root = if undoubled { &root[..root.len() - 1] } else { root };
            root.strip_suffix('e').unwrap_or(root)
        }
        None => word.strip_suffix('e').unwrap_or(word),
    }
}

/// FNV-1a with a final mix, so that the low bits can index a table.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// The hash of a sequence, extended by one item.
pub(super) fn chain(sequence: u64, item: u64) -> u64 {
    mix(sequence.rotate_left(23) ^ item.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|word| &text[word.bytes]).collect()
    }

    #[test]
    fn signs_that_belong_to_names_stay() {
        assert_eq!(
            texts("C++, C# and .NET; Node.js (ASP.NET)."),
            ["C++", "C#", "and", ".NET", "Node.js", "ASP.NET"]
        );
        assert_eq!(
            texts("Built pipelines.Then CI/CD, e-mail"),
            ["Built", "pipelines", "Then", "CI", "CD", "e", "mail"]
        );
        assert_eq!(texts("a Master's degree"), ["a", "Master's", "degree"]);
    }

    #[test]
    fn inflections_share_a_stem() {
        for group in [
            &["manage", "manages", "managed", "managing", "Manage"][..],
            &["plan", "plans", "planned", "planning"],
            &["pipeline", "pipelines"],
            &["master", "Masters", "master's"],
            &["study", "studies"],
        ] {
            let all: Vec<u64> = group.iter().flat_map(|word| stems(word)).collect();
            assert!(all.iter().all(|&stem| stem == all[0]), "{group:?}");
        }
        assert_ne!(words("testing")[0].exact, words("test")[0].exact);
        assert_ne!(words("C")[0].stem, words("C++")[0].stem);
    }

    #[test]
    fn gaps_and_cases_are_seen() {
        let read = words("CI/CD, data Engineer");
        assert_eq!(
            read.iter().map(|word| word.gap).collect::<Vec<_>>(),
            [Gap::Break, Gap::Joint, Gap::Break, Gap::Space]
        );
        assert_eq!(
            read.iter().map(|word| word.case).collect::<Vec<_>>(),
            [Case::Upper, Case::Upper, Case::Lower, Case::Capital]
        );
    }
}
