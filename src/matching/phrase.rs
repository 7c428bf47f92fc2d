//! Search for phrases as whole words, whatever the case and the punctuation between them.

/// The words in lower case, each with a space before and after; commas and hyphens are spaces.
pub(super) fn words(text: &str) -> String {
    let mut low = String::with_capacity(text.len() + 2);
    low.push(' ');
    let mut push = |c: char| match c {
        '\u{2019}' => low.push('\''),
        _ if c.is_alphanumeric() || c == '\'' => low.push(c),
        _ if low.ends_with(' ') => {}
        _ => low.push(' '),
    };
    for c in text.chars() {
        if c.is_ascii() {
            push(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(&mut push);
        }
    }
    if !low.ends_with(' ') {
        low.push(' ');
    }
    low
}

/// Whether a text of [`words`] has a phrase as whole words.
pub(super) fn contains(low: &str, phrase: &str) -> bool {
    contains_any(low, &[phrase])
}

/// Whether a text of [`words`] has one of these phrases as whole words.
pub(super) fn contains_any(low: &str, phrases: &[&str]) -> bool {
    let low = low.as_bytes();
    let begins = |text: &[u8], phrase: &&str| {
        // Most phrases differ in the first letter, which costs less to compare here.
        let phrase = phrase.as_bytes();
        text.first() == phrase.first() && text.starts_with(phrase) && text.get(phrase.len()) == Some(&b' ')
    };
    let bit = |byte: u8| 1_u64 << (byte % 64);
    let firsts = phrases.iter().filter_map(|phrase| phrase.bytes().next());
    let firsts = firsts.fold(0, |all, byte| all | bit(byte));
    let starts = (1..low.len()).filter(|&at| low[at - 1] == b' ' && firsts & bit(low[at]) != 0);
    starts
        .map(|at| &low[at..])
        .any(|text| phrases.iter().any(|phrase| begins(text, phrase)))
}
