//! Words broken at the end of a line: whether the hyphen belongs to the word.

use super::line_end;

/// A break inside a word.
pub(super) struct Broken {
    /// Whether the word has a hyphen there.
    pub(super) keeps_hyphen: bool,
    /// The length of the hyphen, the line end and the indent of the next line.
    pub(super) skip: usize,
}

/// First parts of compounds that are written with a hyphen.
const FIRST: [&str; 83] = [
    "self",
    "non",
    "co",
    "well",
    "multi",
    "cross",
    "full",
    "part",
    "long",
    "short",
    "high",
    "low",
    "mid",
    "pre",
    "post",
    "anti",
    "ex",
    "e",
    "on",
    "off",
    "in",
    "real",
    "end",
    "front",
    "back",
    "open",
    "hands",
    "day",
    "state",
    "follow",
    "user",
    "customer",
    "client",
    "data",
    "cost",
    "time",
    "team",
    "decision",
    "problem",
    "object",
    "test",
    "third",
    "first",
    "second",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "year",
    "cutting",
    "award",
    "fast",
    "best",
    "large",
    "small",
    "medium",
    "mission",
    "value",
    "quality",
    "detail",
    "goal",
    "results",
    "solution",
    "service",
    "safety",
    "semi",
    "world",
    "top",
    "single",
    "double",
    "cloud",
    "business",
    "patient",
    "student",
    "evidence",
    "community",
    "performance",
];

/// Last parts of such compounds.
const LAST: [&str; 64] = [
    "based",
    "time",
    "term",
    "end",
    "level",
    "wide",
    "driven",
    "oriented",
    "related",
    "house",
    "free",
    "friendly",
    "class",
    "party",
    "one",
    "on",
    "off",
    "up",
    "in",
    "out",
    "to",
    "of",
    "the",
    "and",
    "side",
    "year",
    "years",
    "month",
    "week",
    "day",
    "hour",
    "long",
    "scale",
    "stack",
    "functional",
    "cultural",
    "edge",
    "winning",
    "solving",
    "making",
    "facing",
    "centric",
    "focused",
    "specific",
    "site",
    "sector",
    "sensitive",
    "critical",
    "depth",
    "person",
    "profit",
    "founder",
    "effective",
    "efficient",
    "quality",
    "speed",
    "volume",
    "value",
    "risk",
    "tech",
    "profile",
    "paced",
    "minded",
    "ready",
];

/// Parses a break inside a word, where `rest` begins at a hyphen and `before` is the text up to it.
pub(super) fn broken(before: &str, rest: &str) -> Option<Broken> {
    let hyphen = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '\u{2010}' | '\u{ad}'))?;
    if !before.ends_with(char::is_alphabetic) {
        return None;
    }
    let blank = |c: char| matches!(c, ' ' | '\t' | '\u{a0}');
    let after = rest[hyphen.len_utf8()..].trim_start_matches(blank);
    let next = after[line_end(after)?..].trim_start_matches(blank);
    let skip = rest.len() - next.len();
    let second: &str = &next[..next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len())];
    // No word has more than forty letters.
    let first = before.chars().rev().take(40).take_while(|c| !c.is_whitespace());
    let first = &before[before.len() - first.map(char::len_utf8).sum::<usize>()..];
    second.chars().nth(1)?;
    let first = first.trim_start_matches(|c: char| !c.is_alphanumeric());
    let soft = hyphen == '\u{ad}';
    Some(Broken {
        keeps_hyphen: !soft && keeps_hyphen(first, second),
        skip,
    })
}

fn keeps_hyphen(first: &str, second: &str) -> bool {
    let lower = first.chars().all(char::is_lowercase);
    !first.chars().all(char::is_alphabetic)
        || lower && second.starts_with(char::is_uppercase)
        || FIRST.contains(&first.to_lowercase().as_str())
        || LAST.contains(&second.to_lowercase().as_str())
}
