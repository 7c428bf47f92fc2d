//! Sections by their headings, and the sentences and bullets in them.

use std::ops::Range;

use unicode_normalization::char::decompose_canonical;

use super::degrees;
use super::english::{ENGLISH, SectionKind};
use super::headings;

/// A sentence, a bullet or a part of a long one: the unit of evidence, short enough to be encoded whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) bytes: Range<usize>,
    pub(super) section: SectionKind,
}

/// Maximum length of a window in characters. A word piece has at least one character, so with its two special tokens a
/// window stays below the encoder's 256 pieces in any language.
const WINDOW: usize = 250;

/// A line that names a section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) kind: SectionKind,
    /// The offset of the text after `Skills: ` in the line, if there is any.
    pub(super) rest: Option<usize>,
}

/// Parses a line as a heading regardless of its place, with or without text after a colon.
pub(super) fn heading(line: &str) -> Option<Heading> {
    let trimmed = line.trim_start();
    if let Some(kind) = known(trimmed) {
        return Some(Heading { kind, rest: None });
    }
    if let Some(colon) = line.find(':').filter(|&colon| colon < 48) {
        let rest = colon + 1;
        let behind = line[rest..].trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_');
        if let Some(kind) = known(&line[..colon]) {
            return Some(Heading {
                kind,
                rest: (!behind.is_empty()).then_some(rest),
            });
        }
    }
    if let Some(kind) = headings::section(line) {
        return Some(Heading { kind, rest: None });
    }
    let marked = trimmed.starts_with("##") || trimmed.starts_with("**") && trimmed.trim_end().ends_with("**");
    let few = trimmed.split_whitespace().count() <= 6;
    (marked && few && !trimmed.contains(|c: char| c.is_ascii_digit())).then_some(Heading {
        kind: SectionKind::Other,
        rest: None,
    })
}

fn known(line: &str) -> Option<SectionKind> {
    if line.len() > 80 {
        return None;
    }
    let words: Vec<&str> = line
        .trim_matches(|c: char| !c.is_alphabetic())
        .split(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#'))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() || words.len() > 6 {
        return None;
    }
    let low = words
        .join(" ")
        .to_lowercase()
        .replace('&', "and")
        .replace('\u{2019}', "'");
    let mut headings = ENGLISH.headings.iter();
    let found = headings.find(|(_, names)| names.contains(&low));
    found.map(|(&kind, _)| kind)
}

/// The sentences of a block, long ones split into windows.
pub(super) fn split_block(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    split(text, range, SectionKind::Other, &mut found);
    found.into_iter().map(|sentence| sentence.bytes).collect()
}

/// Splits a block into sentences, and long sentences into windows.
fn split(text: &str, range: Range<usize>, section: SectionKind, found: &mut Vec<Sentence>) {
    let slice = &text[range.clone()];
    // Who begins with a small letter does so in every sentence.
    let informal = slice.trim_start().starts_with(char::is_lowercase);
    let mut start = 0;
    let mut chars = slice.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let end = at + c.len_utf8();
        let boundary = match c {
            '.' | '!' | '?' => {
                next.is_some_and(char::is_whitespace)
                    && (informal || begins(&slice[end..]))
                    && !(c == '.'
                        && (abbreviates(&slice[start..at])
                            || is_of_degree(&slice[start..at], &slice[end..])
                            || expires(&slice[start..at], &slice[end..])))
                    || c == '.' && is_glued(&slice[start..at], &slice[end..]) && !abbreviates(&slice[start..at])
            }
            ';' => next.is_some_and(char::is_whitespace) && !is_in_brackets(&slice[start..at], &slice[end..]),
            '\u{3002}' | '\u{ff01}' | '\u{ff1f}' => true,
            _ => false,
        };
        if boundary {
            windows(text, range.start + start..range.start + end, section, found);
            start = end;
        }
    }
    windows(text, range.start + start..range.end, section, found);
}

fn begins(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|c| !c.is_lowercase())
}

/// Whether a full stop without a space after it ends a sentence, as where line breaks were lost: `of all kinds.Two years`,
/// `preferred.6+ years`.
fn is_glued(before: &str, rest: &str) -> bool {
    let last = before.bytes().rev().take_while(u8::is_ascii_lowercase).count();
    let spaced = before[..before.len() - last]
        .chars()
        .next_back()
        .is_none_or(char::is_whitespace);
    if last < 3 || !spaced {
        return false;
    }
    let next: String = rest.chars().take(WINDOW).take_while(|c| !c.is_whitespace()).collect();
    if next.contains(['.', '/', '@', '(']) || next == "Net" {
        return false;
    }
    let digits = next.bytes().take_while(u8::is_ascii_digit).count();
    let years = digits > 0 && (next[digits..].starts_with('+') || rest[digits..].starts_with(" year"));
    let mut letters = next.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    years || capital && rest.len() > next.len() && letters.clone().count() >= 2 && letters.all(char::is_lowercase)
}

/// Whether a place is between brackets: `(professional; religious; other)`.
fn is_in_brackets(before: &str, rest: &str) -> bool {
    let is_bracket = |c: &char| matches!(c, '(' | ')');
    before.chars().rev().take(WINDOW).find(is_bracket) == Some('(')
        && rest.chars().take(WINDOW).find(is_bracket) == Some(')')
}

fn abbreviates(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or(before);
    let single = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    // `Notary public (exp. 2027)`, but not `two years exp. Own tools`.
    single
        || before.ends_with("(exp")
        || matches!(
            word.to_lowercase().as_str(),
            "e.g"
                | "i.e"
                | "etc"
                | "vs"
                | "mr"
                | "mrs"
                | "ms"
                | "dr"
                | "inc"
                | "ltd"
                | "co"
                | "st"
                | "no"
                | "approx"
                | "jr"
                | "sr"
                | "u.s"
                | "incl"
                | "resp"
                | "dept"
                | "prof"
                | "asst"
                | "mgr"
                | "dir"
                | "gen"
                | "sgt"
                | "capt"
                | "corp"
                | "univ"
                | "assoc"
                | "mfg"
                | "intl"
                | "min"
                | "max"
                | "ca"
                | "bzw"
                | "z.b"
                | "nr"
                | "str"
                | "ph.d"
                | "cert"
                | "est"
                | "tel"
        )
}

/// Whether a full stop is that of `exp. 08/2027`, the end of a licence: `two years exp. Own tools` are two sentences.
fn expires(before: &str, rest: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or(before);
    word.eq_ignore_ascii_case("exp") && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a full stop belongs to a degree before its subject or school: `B.A. Communication`, `M.Sc. in law`, `A.A.S. Dental
/// Hygiene`. A sentence begins with an everyday word: `I hold a B.A. My work`.
fn is_of_degree(before: &str, rest: &str) -> bool {
    let open = |c: char| c.is_whitespace() || matches!(c, '(' | ',' | '/');
    let name = before.rsplit(open).next().unwrap_or(before);
    let next: String = rest
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '\'')
        .collect();
    let subject = next.starts_with(char::is_uppercase) && !ENGLISH.function_words.contains(&next.to_lowercase());
    subject && !rest.trim_start_matches(' ').starts_with('\n') && degrees::is_dotted(name)
}

fn windows(text: &str, range: Range<usize>, section: SectionKind, found: &mut Vec<Sentence>) {
    let slice = &text[range.clone()];
    let (mut start, mut cut, mut signs, mut since_cut) = (0, 0, 0, 0);
    // The last comma in the second half of the window, which is a better place than any other space.
    let (mut comma, mut since_comma) = (0, 0);
    let mut push = |bytes: Range<usize>| {
        let part = &text[bytes.clone()];
        if part.contains(char::is_alphanumeric) {
            let start = bytes.start + (part.len() - part.trim_start().len());
            found.push(Sentence {
                bytes: start..start + part.trim().len(),
                section,
            });
        }
    };
    for (at, c) in slice.char_indices() {
        if c.is_whitespace() {
            (cut, since_cut) = (at, 0);
            if 2 * signs > WINDOW && slice[..at].ends_with([',', ';', ':', ')']) {
                (comma, since_comma) = (at, 0);
            }
            continue;
        }
        let width = pieces(c);
        if signs + width > WINDOW {
            // A word longer than a window is split.
            let (here, since) = match () {
                () if comma > start => (comma, since_comma),
                () if cut > start => (cut, since_cut),
                () => (at, 0),
            };
            push(range.start + start..range.start + here);
            (start, signs) = (here, since);
            cut = cut.max(here);
        }
        signs += width;
        since_cut += width;
        since_comma += width;
    }
    push(range.start + start..range.end);
}

/// The maximum number of word pieces that one character can become.
fn pieces(c: char) -> usize {
    if c.is_ascii() {
        return 1;
    }
    let mut parts = 0;
    decompose_canonical(c, |_| parts += 1);
    parts.max(1)
}

/// Adds the sentences of a line, long ones split into windows.
pub(super) fn add_sentences(text: &str, line: Range<usize>, section: SectionKind, found: &mut Vec<Sentence>) {
    split(text, line, section, found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_may_begin_with_small_letters_if_the_first_does() {
        let count = |text: &str| split_block(text, 0..text.len()).len();
        assert_eq!(count("pulled shots all day. up to 300 drinks. had the keys"), 3);
        assert_eq!(count("Paid approx. by the hour. iPads too"), 1);
        assert_eq!(count("Keeper of locks (exp. 2027). Barges too"), 2);
        assert_eq!(count("2 yrs exp. Barges too"), 2);
    }

    #[test]
    fn sentences_end_where_a_line_break_was_lost() {
        for (text, count) in [
            ("Keeper of locks preferred.6+ years on a canal", 2),
            ("You steer boats of all kinds.Two winters at sea help", 2),
            ("Boats (wide; narrow; borrowed) and barges", 1),
            ("Boats; barges", 2),
            ("B.A. Communication Science, Oak University", 1),
            ("2010 - 2013 M.Sc. Accounting & Taxation", 1),
            ("A.A.S. Dental Hygiene, Oak College. Six years in a practice", 2),
            ("First aid card, exp. 08/2027", 1),
            ("Six years exp. Own tools", 2),
            ("B.Eng. Civil Engineering (M.A. Planning)", 1),
            ("I hold a B.Sc. My work is on canals", 2),
            ("Degree: B.A. The rest is silence", 2),
            ("Locks of the U.K.A. Barges of wood", 2),
            ("Knows vue.Js and java.lang.String and locks.Example", 1),
            ("Worked at example.Org/jobs on it", 1),
            ("Welding experience min.5 years required", 1),
            ("Built asp.Net services for locks", 1),
        ] {
            assert_eq!(split_block(text, 0..text.len()).len(), count, "{text}");
        }
    }

    #[test]
    fn long_sentences_are_cut_at_commas() {
        let text = "producing the monthly accounts, ".repeat(12);
        let windows = split_block(&text, 0..text.len());
        assert!(windows.len() > 1);
        assert!(
            windows.iter().all(|window| text[window.clone()].ends_with(',')),
            "{windows:?}"
        );
    }

    #[test]
    fn long_texts_become_windows_that_lose_nothing() {
        for text in [
            "word ".repeat(500),
            "a".repeat(2_000),
            "漢字".repeat(400),
            "한국어 ".repeat(300),
        ] {
            let windows = split_block(&text, 0..text.len());
            let signs: usize = windows
                .iter()
                .map(|window| text[window.clone()].chars().filter(|c| !c.is_whitespace()).count())
                .sum();
            assert_eq!(signs, text.chars().filter(|c| !c.is_whitespace()).count());
            for window in windows {
                assert!(text[window].chars().map(pieces).sum::<usize>() <= WINDOW + 60);
            }
        }
    }
}
