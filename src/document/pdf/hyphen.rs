//! Words that are broken with a hyphen at the end of a line.

use std::collections::HashSet;

use super::characters::{UNKNOWN, is_dense, is_hyphen};

/// First parts after which a hyphen is part of the word.
const FIRST: &str = "\
    all anti award back best brand client cloud co cost cross customer data day decision detail double e \
    eight end event ex face fast first five follow four front full goal hands hard high higher in industry \
    key large late lead life long low lower machine market medium mid mission multi near new nine non object \
    off on one open out part peer performance post pre problem process quick ready real result results risk \
    second self semi service set seven short single six small soft solution state ten third three time top \
    two up user value web well wide work world year";

/// Second parts before which a hyphen is part of the word.
const SECOND: &str = "\
    aided based benefit bound building centered centric class code cost critical day defined depth division \
    driven duty edge effective efficient end ended enabled facing fold free friendly functional grade hand \
    house in intensive known leading learning led level like line long made making management minded month \
    motivated off old on oriented out paced party person platform profit quality range rate rated ready \
    related resolution risk round saving scale selling sensitive server side site sized skilled solving \
    source specific speed spoken stack standing starter stop style term through tier time to tolerant \
    trained up value volume wide winning winner worker world year";

/// Words that stand behind a first part that is left out, as in `pre- and post-sales`.
const CONJUNCTIONS: &[&str] = &[
    "and", "or", "to", "und", "oder", "bis", "bzw", "et", "ou", "y", "o", "e", "en", "of",
];

/// What addresses end with.
const ENDINGS: &str = "com net org edu gov info io dev eu de at ch fr be lu es it pt br mx ar cl co pe uk ie in nl pl se no dk fi cz ro hu \
    gr tr ru ua jp kr cn tw hk sg my ph id vn pk bd ng ke za eg ma tn sa ae ca us au nz example";

/// The words of a document, which tell how a broken word is written.
pub(super) struct Hyphens {
    words: HashSet<String>,
}

impl Hyphens {
    pub(super) fn new<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        let mut words = HashSet::new();
        let mut broken = false;
        for line in lines {
            let line = line.trim();
            let mut parts = line
                .split(|c: char| !(c.is_alphanumeric() || is_hyphen(c)))
                .filter(|word| !word.is_empty())
                .peekable();
            // The first and the last word may be parts of one.
            if broken {
                parts.next();
            }
            broken = line.ends_with(is_hyphen);
            while let Some(word) = parts.next() {
                if parts.peek().is_some() || !broken {
                    words.insert(word.replace(is_hyphen, "-").to_lowercase());
                }
            }
        }
        Self { words }
    }

    /// Appends a line to the paragraph that it goes on with.
    pub(super) fn join(&self, text: &mut String, line: &str) {
        let line = line.trim();
        let last = text.chars().next_back().unwrap_or(' ');
        let next = line.chars().next().unwrap_or(' ');
        if is_hyphen(last) && text.chars().rev().nth(1).is_some_and(char::is_alphanumeric) && next.is_alphanumeric() {
            let start = text
                .rfind(|c: char| !(c.is_alphanumeric() || is_hyphen(c)))
                .map_or(0, |index| {
                    index + text[index..].chars().next().map_or(1, char::len_utf8)
                });
            let first = text[start..].trim_end_matches(is_hyphen).to_lowercase();
            let end = line
                .find(|c: char| !(c.is_alphanumeric() || is_hyphen(c)))
                .unwrap_or(line.len());
            let second = line[..end].to_lowercase();
            if CONJUNCTIONS.contains(&second.as_str()) {
                text.push(' ');
            } else if is_in_address(text) {
                // Addresses are not hyphenated.
            } else if last == '\u{ad}' || !self.is_compound(&first, &second, next) {
                text.pop();
            } else if last != '-' {
                text.pop();
                text.push('-');
            }
        } else if !(last == '/' || is_dense(last) && is_dense(next) || is_broken_address(text, line)) {
            text.push(' ');
        }
        text.push_str(line);
    }

    /// Whether the hyphen between the parts of a word is written within a line too.
    fn is_compound(&self, first: &str, second: &str, next: char) -> bool {
        if !next.is_lowercase() || first.ends_with(|c: char| c.is_ascii_digit()) {
            return true;
        }
        if self.words.contains(&format!("{first}{second}")) {
            return false;
        }
        if self.words.contains(&format!("{first}-{second}")) || first.contains('-') {
            return true;
        }
        let plain = second.trim_end_matches(is_hyphen);
        let is_in = |list: &str, word: &str| list.split_ascii_whitespace().any(|other| other == word);
        is_in(SECOND, plain)
            || (is_in(FIRST, first) && self.words.contains(plain))
            || matches!(
                first,
                "well" | "self" | "non" | "cross" | "ex" | "co" | "multi" | "semi" | "anti" | "e"
            )
    }
}

/// Whether the last word is the beginning of an address of a page, such as `www.example.org/first-`.
fn is_in_address(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.ends_with('-')
        && (word.contains("://")
            || word.starts_with("www.")
            || word.split_once('/').is_some_and(|(host, _)| host.contains('.')))
}

/// Whether an address of mail is broken where its line ends: `maren@kestrel` before `post.example`, `maren@kestrel.c`
/// before `om`.
pub(super) fn is_broken_address(text: &str, line: &str) -> bool {
    let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let next = line.split_whitespace().next().unwrap_or_default();
    let Some((_, domain)) = last.split_once('@').filter(|(_, domain)| domain.chars().all(host)) else {
        return false;
    };
    match domain.rsplit_once('.') {
        None => next.contains('.') && !next.ends_with('.') && next.chars().all(host),
        Some((_, end)) => {
            next == line.trim()
                && ENDINGS
                    .split_ascii_whitespace()
                    .any(|ending| ending == format!("{end}{next}"))
        }
    }
}

/// Removes unknown signs, with the space behind them at the beginning of a text. What is left of soft hyphens within lines
/// is drawn as a hyphen.
pub(super) fn cleaned(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut removed = false;
    for c in text.chars() {
        if c == UNKNOWN {
            removed = true;
        } else if !(removed && c == ' ' && (cleaned.is_empty() || cleaned.ends_with(['\n', '\t', ' ']))) {
            cleaned.push(if c == '\u{ad}' { '-' } else { c });
            removed = false;
        }
    }
    cleaned
}
