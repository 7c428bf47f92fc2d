//! Durations within which something was done: `two years of driving in the last five years` are two.

use super::super::date::Duration;

/// Words before `last`, in a sentence that says how long before.
const SPANS: [&str; 7] = ["during", "from", "in", "of", "over", "within", "inside"];
/// Those that never say how long something was done, unless they begin the sentence.
const WITHIN: [&str; 3] = ["during", "in", "within"];
/// Words for what is over.
const LAST: [&str; 5] = ["last", "past", "preceding", "previous", "prior"];

/// Whether a duration is such a span. `later` is set if another duration stands before it.
pub(super) fn is_window(sentence: &str, duration: &Duration, later: bool) -> bool {
    let before = sentence.get(..duration.bytes.start).unwrap_or_default().to_lowercase();
    let mut words = before
        .split_whitespace()
        .rev()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let last = words.next().is_some_and(|word| LAST.contains(&word));
    let mut words = words.skip_while(|word| matches!(*word, "the" | "these" | "your"));
    let (Some(span), rest) = (words.next().filter(|_| last), words.next()) else {
        return false;
    };
    later && SPANS.contains(&span) || WITHIN.contains(&span) && rest.is_some()
}
