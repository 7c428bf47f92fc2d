//! Usernames: identifiers in any script (UAX 31), unique regardless of case and compatibility forms.

use std::ops::RangeInclusive;

use icu_properties::props::{CanonicalCombiningClass, JoiningType, XidContinue};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fold::{fold, is_invisible};
use super::skeleton::skeletons;
use crate::identity::error::Error;

const CHARS: RangeInclusive<usize> = 2..=64;
/// The maximum length of a text that can be a username. A character takes at most 9 bytes before normalization (three
/// jamo for a syllable of Hangul), or 12 with the marks of a Greek vowel.
const BYTES: usize = 12 * *CHARS.end();
/// The maximum number of combining marks after a letter. Burmese and Tibetan syllables have up to five.
const MARKS: usize = 6;
/// Joiners: invisible, but required by the spelling of some languages.
const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';

/// A valid name: `id` is unique, `shown` is the spelling of the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Username {
    pub(in crate::identity) id: String,
    pub(in crate::identity) shown: String,
    /// The skeletons of the name; no other account may have one of them.
    pub(in crate::identity) skeletons: Vec<String>,
}

/// Validates and normalizes the username of a new account. An error names everything that is wrong.
pub(in crate::identity) fn username(text: &str) -> Result<Username, Error> {
    let text = text.trim();
    let mut problems = Vec::new();
    let shown: String = text.chars().take(BYTES).nfkc().collect();
    if text.len() > BYTES || !CHARS.contains(&shown.chars().count()) {
        problems.push("must be 2 to 64 characters long");
    }
    if !has_only_allowed_characters(&shown) {
        problems.push("may contain only letters, combining marks, digits, '.', '_' and '-'");
    }
    let begins = shown
        .chars()
        .next()
        .is_none_or(|c| is_letter(c) && !is_combining_mark(c));
    let ends = shown
        .chars()
        .next_back()
        .is_none_or(|c| is_letter(c) || is_punctuation_of_script(c) || c == ZWJ);
    if !begins || !ends {
        problems.push("must begin and end with a letter or a digit");
    }
    if has_too_many_marks(&shown) {
        problems.push("may have at most 6 combining marks after a letter, and none twice in a row");
    }
    if mixes_lookalike_scripts(&shown) {
        problems.push("must not mix Latin, Greek and Cyrillic letters");
    }
    if problems.is_empty() {
        Ok(Username {
            id: fold(&shown),
            skeletons: skeletons(&shown),
            shown,
        })
    } else {
        Err(Error::InvalidInput {
            path: "username",
            message: problems.join("; "),
        })
    }
}

/// Normalizes a username that is looked up, with the same trimming as at registration; `None` for a text that cannot be
/// one. It does not apply the rules for new names, which can change between releases.
pub(in crate::identity) fn username_id(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > BYTES {
        return None;
    }
    let folded = fold(text);
    // Compatibility forms of accents begin with a space.
    let id = folded.trim();
    let fits = (1..=BYTES).contains(&id.len()) && !id.chars().any(char::is_control);
    fits.then(|| id.to_owned())
}

/// A letter, digit or combining mark: `XID_Continue`, or another number. Without the punctuation in it.
fn is_letter(c: char) -> bool {
    let word = CodePointSetData::new::<XidContinue>().contains(c) || c.is_alphanumeric();
    word && !is_invisible(c) && !is_connector(c)
}

/// The connector punctuation of `XID_Continue` besides `_`, and the middle dots.
fn is_connector(c: char) -> bool {
    matches!(
        c,
        '_' | '\u{b7}' | '\u{387}' | '\u{203f}' | '\u{2040}' | '\u{2054}' | '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'
            ..='\u{fe4f}' | '\u{ff3f}' | '\u{30fb}' | '\u{ff65}'
    )
}

/// Punctuation within the names of a script (UAX 31, table 3): geresh and gershayim of Hebrew.
fn is_punctuation_of_script(c: char) -> bool {
    matches!(c, '\u{5f3}' | '\u{5f4}')
}

fn has_only_allowed_characters(name: &str) -> bool {
    name.char_indices().all(|(at, c)| match c {
        '.' | '_' | '-' => true,
        // Catalan `l·l`, Katakana words, and the separator of Tibetan syllables.
        '\u{b7}' | '\u{30fb}' | '\u{f0b}' => true,
        ZWNJ => is_virama(&name[..at]) || joins(&name[..at], &name[at + c.len_utf8()..]),
        ZWJ => is_virama(&name[..at]),
        c => is_letter(c) || is_punctuation_of_script(c),
    })
}

/// Whether the text ends with a virama, after which a joiner is visible (RFC 5892, appendix A).
fn is_virama(before: &str) -> bool {
    let last = before.chars().next_back();
    last.is_some_and(|c| CodePointMapData::<CanonicalCombiningClass>::new().get(c) == CanonicalCombiningClass::Virama)
}

/// Whether a letter before and a letter after a place would be joined, so that a non-joiner between them is visible.
fn joins(before: &str, after: &str) -> bool {
    let kind = |c: char| CodePointMapData::<JoiningType>::new().get(c);
    let mut before = before
        .chars()
        .rev()
        .map(kind)
        .skip_while(|kind| *kind == JoiningType::Transparent);
    let mut after = after
        .chars()
        .map(kind)
        .skip_while(|kind| *kind == JoiningType::Transparent);
    matches!(before.next(), Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(after.next(), Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

fn has_too_many_marks(name: &str) -> bool {
    let mut run = 0;
    let mut last = '\0';
    // Decomposed, because the first mark may be part of the letter.
    name.nfd().any(|c| {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        let twice = run > 1 && last == c;
        last = c;
        twice || run > MARKS
    })
}

/// Latin, Greek and Cyrillic share letters that look alike, so a name that mixes them may impersonate another.
fn mixes_lookalike_scripts(name: &str) -> bool {
    let script = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(0),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(1),
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}' => Some(2),
        _ => None,
    };
    let mut scripts = name.chars().filter_map(script);
    match scripts.next() {
        Some(first) => scripts.any(|other| other != first),
        None => false,
    }
}

#[cfg(test)]
mod tests;
