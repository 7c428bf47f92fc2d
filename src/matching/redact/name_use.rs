//! Whether a word that is part of the person's name is the person in this place, or the trade, skill, place or month.
//!
//! "Cook leads crews" and "thanks to Cook" speak of the person, "Line Cook", "worked as a cook" and "Cook meals" of the
//! trade: the person is capitalized in mid-sentence, or the subject of a verb, and not part of a longer capitalized
//! phrase. In lists a trade, skill or place is itself. Parts of a name that are not words need no such rule.

use super::super::english::ENGLISH;
use super::name::Kind;
use super::tables::TABLES;
use super::token::Token;

/// Whether the token at this index is the person.
pub(super) fn is_person(text: &str, tokens: &[Token<'_>], at: usize, kind: Kind) -> bool {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let after = tokens.get(at + 1);
    let start = before.map_or_else(|| line_start(text, token.bytes.start), |before| before.bytes.end);
    let ahead = &text[start..token.bytes.start];
    let end = after.map_or_else(|| line_end(text, token.bytes.end), |after| after.bytes.start);
    let behind = &text[token.bytes.end..end];
    let spaced = |gap: &str| !gap.is_empty() && gap.chars().all(char::is_whitespace);
    let previous = before.filter(|_| spaced(ahead));
    let next = after.filter(|_| spaced(behind));
    // Titles in front of the name.
    if previous.is_some_and(|previous| TABLES.titles.contains(previous.text))
        || before.is_some_and(|before| ahead.trim() == "." && TABLES.titles.contains(before.text))
        || before.is_some_and(|before| {
            matches!(ahead, ". " | " ") && matches!(before.folded.as_str(), "dr" | "prof" | "eng")
        })
    {
        return true;
    }
    let shouted = token.upper() && tokens.iter().filter(|token| token.text.len() > 3).all(Token::upper);
    if token.folded.contains('\'') && !shouted {
        return !matches!(
            next.map(|next| next.folded.as_str()),
            Some("degree" | "certificate" | "diploma")
        );
    }
    if shouted {
        return false;
    }
    let verb = next.is_some_and(|next| !next.capital() && is_verb(&next.folded));
    let opens = before.is_none()
        || ahead
            .trim_end()
            .ends_with(['.', '!', '?', ':', '"', '\u{201c}', '\u{201e}', '\u{ab}', '\u{2022}'])
        || ahead.trim_start().starts_with(['"', '\u{201c}']);
    if kind == Kind::Month
        && (next.is_some_and(|next| next.folded.starts_with(|c: char| c.is_ascii_digit()))
            || behind.trim_start().starts_with(['-', '\u{2013}']))
    {
        return false;
    }
    if opens {
        return match kind {
            Kind::Given | Kind::Month => {
                verb || behind.starts_with(',')
                    || next.is_some_and(|next| matches!(next.folded.as_str(), "and" | "with"))
                        && next.is_some_and(|next| !next.capital())
            }
            _ => verb,
        };
    }
    let Some(previous) = previous else {
        // An item of a list, or a name set off by commas.
        return verb || kind == Kind::Given && !ends_item(behind);
    };
    let word = previous.folded.as_str();
    let part_of_phrase = previous.capital() && !is_sentence_word(previous, text)
        || next.is_some_and(|next| {
            next.capital()
                && !ENGLISH.function_words.contains(&next.folded)
                && !next.folded.starts_with(|c: char| c.is_ascii_digit())
        });
    if part_of_phrase {
        return verb && !previous.capital();
    }
    if verb && !TABLES.before_trade.contains(word) && !(kind == Kind::Place && TABLES.before_place.contains(word)) {
        return true;
    }
    match kind {
        Kind::Plain => true,
        Kind::Given => !TABLES.before_trade.contains(word) || word == "of",
        Kind::Word => {
            !TABLES.before_trade.contains(word)
                && !next.is_some_and(|next| next.folded.starts_with(|c: char| c.is_ascii_digit()))
        }
        Kind::Place => !TABLES.before_place.contains(word),
        Kind::Month => !matches!(
            word,
            "in" | "since"
                | "until"
                | "till"
                | "from"
                | "by"
                | "to"
                | "through"
                | "of"
                | "on"
                | "each"
                | "every"
                | "last"
                | "this"
        ),
        Kind::Skill => TABLES.before_person.contains(word),
    }
}

fn ends_item(behind: &str) -> bool {
    behind.is_empty() || behind.trim_start().starts_with([',', ';', '|', '/', '\u{2022}'])
}

/// The first word of a sentence is capitalized whatever it is.
fn is_sentence_word(token: &Token<'_>, text: &str) -> bool {
    let start = line_start(text, token.bytes.start);
    let ahead = text[start..token.bytes.start].trim_end();
    let first = !ahead.contains(char::is_alphanumeric) || ahead.ends_with(['.', '!', '?', ':', '"', '\u{201c}']);
    first
        && (ENGLISH.function_words.contains(&token.folded)
            || is_verb(&token.folded)
            || TABLES.verbs.contains(&token.folded)
            || TABLES.before_person.contains(&token.folded)
            || token.folded.ends_with("ing"))
}

/// Verbs of which a person is the subject: `leads`, `trained`, `has`.
fn is_verb(word: &str) -> bool {
    if TABLES.past.contains(word) {
        return true;
    }
    if word.len() > 4 && word.ends_with("ed") {
        return true;
    }
    let Some(root) = word.strip_suffix('s') else {
        return false;
    };
    TABLES.verbs.contains(root)
        || root.strip_suffix('e').is_some_and(|root| TABLES.verbs.contains(root))
        || root
            .strip_suffix("ie")
            .is_some_and(|root| TABLES.verbs.contains(&format!("{root}y")))
}

fn line_start(text: &str, at: usize) -> usize {
    super::contacts::line_tail(text, at)
}

fn line_end(text: &str, at: usize) -> usize {
    let mut end = (at + 16).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[at..end].find('\n').map_or(end, |offset| at + offset)
}
