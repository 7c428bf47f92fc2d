//! Search for phrases as whole words, whatever the case and the punctuation between them.

/// The words in lower case, each with a space before and after; commas and hyphens are spaces.
pub(super) fn words(text: &str) -> String {
    let mut low = String::with_capacity(text.len() + 2);
    low.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '\u{2019}' => low.push('\''),
            _ if c.is_alphanumeric() || c == '\'' => low.push(c),
            _ if low.ends_with(' ') => {}
            _ => low.push(' '),
        }
    }
    if !low.ends_with(' ') {
        low.push(' ');
    }
    low
}

/// Whether a text of [`words`] has a phrase as whole words.
pub(super) fn contains(low: &str, phrase: &str) -> bool {
    let mut starts = low.match_indices(' ');
    starts.any(|(at, _)| {
        low[at + 1..]
            .strip_prefix(phrase)
            .is_some_and(|rest| rest.starts_with(' '))
    })
}
