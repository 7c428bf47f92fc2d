//! States and countries in the names of licences: a `Queensland electrical licence` is told from others by its trade.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::words::{Case, Word};

/// The lists of `regions.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    names: FxHashSet<String>,
    before: FxHashSet<String>,
    codes: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("regions.toml")).expect("regions.toml is valid"));

/// Whether the word at this index is that of a state or country: `Ohio`, both of `North Carolina`, `Qld`.
pub(super) fn is_region(text: &str, words: &[Word], at: usize) -> bool {
    let Some(word) = words.get(at) else {
        return false;
    };
    let low = text[word.bytes.clone()].to_lowercase();
    let bare = low.trim_end_matches("'s").trim_end_matches("\u{2019}s");
    if VOCABULARY.names.contains(bare) {
        return true;
    }
    if VOCABULARY.codes.contains(bare) {
        return word.case != Case::Lower;
    }
    VOCABULARY.before.contains(bare) && is_region(text, words, at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn states_and_countries_are_told_from_other_words() {
        for (text, want) in [
            ("Active Ohio license", &["Ohio"][..]),
            ("North Carolina teaching license", &["North", "Carolina"]),
            ("a New South Wales ticket", &["New", "South", "Wales"]),
            ("Qld licence", &["Qld"]),
            ("act on the new north wing", &[]),
            ("State license for new electricians", &[]),
        ] {
            let words = words(text);
            let found = (0..words.len()).filter(|&at| is_region(text, &words, at));
            let found: Vec<&str> = found.map(|at| &text[words[at].bytes.clone()]).collect();
            assert_eq!(found, want, "{text}");
        }
    }
}
