//! What a line says that something includes or ranges over.

use std::ops::Range;

use super::super::words::Gap;
use super::abilities::{MOST_ITEM, begins, is_part};
use super::line::Line;

/// Endings of nouns that name an activity by themselves.
const ACTIVITIES: [&str; 7] = ["ment", "tion", "sion", "ing", "ance", "ence", "ery"];
/// The number of letters of a word that names an activity by itself.
const LEAST_LETTERS: usize = 6;

/// What a line says that something includes, "fish cookery, including butchery", or ranges over, "from consultation to
/// rebooking".
pub(super) fn included(line: &Line<'_>) -> Vec<Range<usize>> {
    let until = |start: usize, ends: &dyn Fn(usize) -> bool| {
        let end = (start + 1..line.words.len()).find(|&at| line.is_apart(at) || begins(line, at) || ends(at));
        start..end.unwrap_or(line.words.len())
    };
    let mut found = Vec::new();
    for start in 1..line.words.len() {
        match line.lower[start - 1].as_str() {
            "including" | "incl" => {
                let whole = until(start, &|_| false);
                // "Recruitment and rota planning" are two activities.
                let second = start + 1;
                let joint = line
                    .lower
                    .get(second)
                    .is_some_and(|word| matches!(word.as_str(), "and" | "or"));
                if joint && second + 1 < whole.end && is_activity(line, start) {
                    found.extend([start..second, second + 1..whole.end]);
                } else {
                    found.push(whole);
                }
            }
            "from" => {
                let first = until(start, &|at| line.words[at].gap == Gap::Break || line.lower[at] == "to");
                let to = first.end;
                if first.len() <= MOST_ITEM && to + 1 < line.words.len() && line.lower[to] == "to" {
                    let last = until(to + 1, &|at| line.words[at].gap == Gap::Break || !is_part(line, at));
                    // "From first call to signed contract": what was done is not an activity.
                    let done = |part: &Range<usize>| line.lower[part.start].ends_with("ed");
                    found.extend([first, last].into_iter().filter(|part| !done(part)));
                }
            }
            _ => (),
        }
    }
    found
}

/// Whether a word names an activity by itself: "recruitment".
pub(super) fn is_activity(line: &Line<'_>, at: usize) -> bool {
    let word = line.lower[at].as_str();
    word.len() >= LEAST_LETTERS && ACTIVITIES.iter().any(|ending| word.ends_with(ending))
}
