//! Tokens of dates: numbers in any digits, words without case and accents, white space and signs.

use std::ops::Range;

use unicode_normalization::char::decompose_canonical;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of digits; numbers of more than eight digits have the value 0.
    Number { value: u32, digits: u8 },
    /// A run of letters; a Chinese, Japanese or Korean character is a word of its own.
    Word { joins: bool },
    /// White space. It is wide if it separates columns: a tab or several spaces.
    Space { lines: u8, wide: bool },
    /// Any other character.
    Sign(char),
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) bytes: Range<usize>,
    /// The id of its folded form in the vocabulary, or 0.
    pub(super) id: u32,
}

/// The folded words of a phrase, without its spaces.
pub(super) fn folded(phrase: &str) -> Vec<String> {
    let mut found = Vec::new();
    scan(phrase, &mut String::new(), |kind, _, folded| {
        if !matches!(kind, Kind::Space { .. }) {
            found.push(folded.to_owned());
        }
    });
    found
}

/// Passes the kind, the place and the folded form of each token to `push`.
pub(super) fn scan(text: &str, word: &mut String, mut push: impl FnMut(Kind, Range<usize>, &str)) {
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        word.clear();
        let kind = if let Some(first) = digit(c) {
            let (mut value, mut digits) = (first, 1u8);
            word.push(char::from_digit(first, 10).unwrap_or(c));
            while let Some(&(at, next)) = chars.peek() {
                if let Some(more) = digit(next) {
                    value = if digits < 8 { value * 10 + more } else { 0 };
                    digits = digits.saturating_add(1);
                    word.push(char::from_digit(more, 10).unwrap_or(next));
                } else if !is_ignored(next) {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
            Kind::Number { value, digits }
        } else if is_blank(c) {
            let (mut lines, mut spaces, mut tab) = (u8::from(breaks(c)), u8::from(c.is_whitespace()), c == '\t');
            while let Some(&(at, next)) = chars.peek().filter(|(_, next)| is_blank(*next)) {
                lines = lines.saturating_add(u8::from(breaks(next)));
                spaces = spaces.saturating_add(u8::from(next.is_whitespace()));
                tab |= next == '\t';
                end = at + next.len_utf8();
                chars.next();
            }
            Kind::Space {
                lines,
                wide: tab || spaces > 1,
            }
        } else if is_ideograph(c) {
            word.push(c);
            Kind::Word { joins: true }
        } else if c.is_alphabetic() {
            fold(c, word);
            while let Some(&(at, next)) = chars.peek() {
                if is_ideograph(next) || !(next.is_alphabetic() || is_mark(next) || is_ignored(next)) {
                    break;
                }
                fold(next, word);
                end = at + next.len_utf8();
                chars.next();
            }
            Kind::Word { joins: false }
        } else {
            let sign = plain(c);
            word.push(sign);
            Kind::Sign(sign)
        };
        push(kind, start..end, word);
    }
}

/// Typographic variants of a sign as one sign.
fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '`' | '\u{b4}' => '\'',
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2012}' | '\u{2014}' | '\u{2015}' | '\u{fe58}' | '\u{2e3a}' => '\u{2013}',
        '\u{2044}' | '\u{2215}' | '\u{ff0f}' => '/',
        '\u{223c}' | '\u{301c}' | '\u{ff5e}' | '\u{2053}' => '~',
        '\u{ff0e}' | '\u{3002}' => '.',
        '\u{ff0c}' | '\u{3001}' | '\u{60c}' => ',',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff1a}' => ':',
        _ => c,
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_ignored(c)
}

fn breaks(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}')
}

/// The value of a decimal digit of a script that dates are written in.
fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{9e6}'..='\u{9ef}' => '\u{9e6}',
        '\u{e50}'..='\u{e59}' => '\u{e50}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

/// Whether a character of a script without spaces is a word of its own.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Signs without width, which readers of files leave inside of words.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_mark(c: char) -> bool {
    is_accent(c) || matches!(c, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}

/// Marks that writers leave out.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{655}' | '\u{93c}')
}

fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    if is_ignored(c) {
        return;
    }
    for low in c.to_lowercase() {
        decompose_canonical(low, |part| match part {
            'ı' => into.push('i'),
            '\u{ff21}'..='\u{ff5a}' => {
                into.extend(char::from_u32(u32::from(part) - 0xfee0).map(|c| c.to_ascii_lowercase()));
            }
            _ if is_accent(part) => {}
            _ => into.push(part),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tokens_cover_the_text(text in "\\PC{0,200}") {
            let mut places = Vec::new();
            scan(&text, &mut String::new(), |_, bytes, _| places.push(bytes));
            let mut reached = 0;
            for bytes in places {
                prop_assert_eq!(bytes.start, reached);
                reached = bytes.end;
            }
            prop_assert_eq!(reached, text.len());
        }
    }

    #[test]
    fn case_accents_and_digits_fold() {
        assert_eq!(folded("FÉVRIER Août ŞUBAT"), ["fevrier", "aout", "subat"]);
        assert_eq!(folded("２０１８年1月"), ["2018", "年", "1", "月"]);
        assert_eq!(folded("٢٠١٨ jusqu’à"), ["2018", "jusqu", "'", "a"]);
    }
}
