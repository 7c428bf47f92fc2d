//! Credentials of which several kinds will do: `Class A or B CDL`, `blue or gold CSCS card`.

use std::ops::Range;

use super::super::words::{Gap, Word};
use super::table::TABLE;

/// Words for a kind, besides single letters and numbers.
const KINDS: [&str; 16] = [
    "associate",
    "black",
    "blue",
    "class",
    "expert",
    "foundation",
    "gold",
    "green",
    "hc",
    "hr",
    "lr",
    "mc",
    "mr",
    "practitioner",
    "professional",
    "red",
];

/// The name of a credential, or the general one if another kind stands beside it as an alternative.
pub(super) fn general(text: &str, words: &[Word], mention: &Range<usize>, name: &'static str) -> &'static str {
    let Some(general) = TABLE.kind_of.get(name) else {
        return name;
    };
    let low = |at: usize| {
        let word = words.get(at);
        word.map_or_else(String::new, |word| text[word.bytes.clone()].to_lowercase())
    };
    let kind = |at: usize| {
        let low = low(at);
        low.chars().count() == 1 || KINDS.contains(&&*low)
    };
    let between = |at: usize| {
        let from = at.checked_sub(1).map(|last| words[last].bytes.end);
        from.zip(words.get(at))
            .and_then(|(from, word)| text.get(from..word.bytes.start))
    };
    let or = |at: usize| low(at) == "or" && words[at].gap != Gap::Break;
    let before = mention.start >= 2 && or(mention.start - 1) && kind(mention.start - 2)
        || mention.start >= 1 && between(mention.start) == Some("/") && kind(mention.start - 1);
    let end = mention.end;
    let behind = or(end) && kind(end + 1) || between(end) == Some("/") && kind(end);
    if before || behind { general } else { name }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::credentials;

    #[test]
    fn alternatives_of_one_credential_ask_for_any_of_them() {
        for (text, want) in [
            ("CDL Class A or B", "Commercial driver's licence (CDL)"),
            ("Class A or B CDL", "Commercial driver's licence (CDL)"),
            ("CDL Class A/B", "Commercial driver's licence (CDL)"),
            ("Blue or gold CSCS card", "CSCS card"),
            ("HR or HC licence", "Heavy vehicle licence"),
            ("PRINCE2 Foundation or Practitioner", "PRINCE2"),
            ("CDL Class A", "Commercial driver's licence (CDL), class A"),
            ("Gold CSCS card", "CSCS card, gold"),
            (
                "CDL Class A or experience",
                "Commercial driver's licence (CDL), class A",
            ),
        ] {
            let found = credentials(text, &words(text));
            assert_eq!(found.first().map(|one| one.name), Some(want), "{text}");
        }
    }
}
