//! Markers of list items: signs, numbers and letters.

/// The kind of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    Digits,
    Letter,
    Roman,
}

/// The marker of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Marker {
    /// A sign such as `-` or `•`.
    Sign(char),
    /// A number or letter such as `1.` or `(a)`.
    Number,
}

/// Letters that a text uses as signs: Wingdings that were copied as text, such as `o` or `v`.
#[derive(Debug, Default)]
pub(super) struct Letters(Vec<char>);

impl Letters {
    pub(super) fn new(text: &str) -> Self {
        let mut once = Vec::new();
        let mut twice = Vec::new();
        for (_, line) in super::lines(text) {
            let Some((letter, _)) = single_letter(line.trim_start()) else {
                continue;
            };
            if !once.contains(&letter) {
                once.push(letter);
            } else if !twice.contains(&letter) {
                twice.push(letter);
            }
        }
        Self(twice)
    }
}

/// A single letter before white space and a word, which is a sign if several lines begin with it. `I`, `a` and the
/// conjunctions of Romance languages are words.
fn single_letter(content: &str) -> Option<(char, usize)> {
    let letter = content.chars().next()?;
    let could_be = letter.is_ascii_lowercase() && !matches!(letter, 'a' | 'i' | 'y' | 'e' | 'u')
        || matches!(letter, '\u{d8}' | '\u{dc}' | '\u{fc}' | '\u{f0}');
    let rest = &content[letter.len_utf8()..];
    (could_be && rest.starts_with([' ', '\t'])).then(|| (letter, content.len() - rest.trim_start().len()))
}

/// The marker that a line begins with, and the length of it and the white space after it.
pub(super) fn parse(content: &str, letters: &Letters) -> Option<(Marker, usize)> {
    let (marker, length) = sign(content)
        .map(|(sign, length)| (Marker::Sign(sign), length))
        .or_else(|| number(content).map(|length| (Marker::Number, length)))
        .or_else(|| letter(content, letters))?;
    let rest = content[length..].trim_start();
    // A second sign, or the box of a task.
    let more = match sign(rest) {
        Some((_, more)) if !rest.starts_with('*') => more,
        _ if ["[ ] ", "[x] ", "[X] "].iter().any(|task| rest.starts_with(task)) => 4,
        _ => 0,
    };
    let rest = rest[more..].trim_start();
    Some((marker, content.len() - rest.len()))
}

fn letter(content: &str, letters: &Letters) -> Option<(Marker, usize)> {
    let (letter, length) = single_letter(content)?;
    let rest = &content[length..];
    let tab = content[letter.len_utf8()..].starts_with('\t');
    let begins = rest.starts_with(|c: char| !c.is_lowercase());
    (letters.0.contains(&letter) || letter == 'o' && begins || tab).then_some((Marker::Sign(letter), length))
}

/// A sign, and the length of it and its repetitions.
fn sign(content: &str) -> Option<(char, usize)> {
    let first = content.chars().next()?;
    let length = first.len_utf8();
    let rest = &content[length..];
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t']);
    let digit = rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let found = match first {
        '-' | '>' | '=' if !spaced => {
            // `->`, `=>`, `--` and `>>`.
            let arrow = rest.starts_with(['>', '-']) && rest[1..].starts_with([' ', '\t']);
            return arrow.then_some((first, length + 1));
        }
        '=' => false,
        '+' => spaced && !digit,
        '-' | '*' | '>' | '~' | '\u{b0}' | '\u{ba}' | '\u{a4}' | '\u{a8}' | '\u{ac}' | '\u{b4}' | '\u{192}' => spaced,
        '\u{a7}' => spaced && !digit,
        '\u{2013}' | '\u{2014}' => spaced || !digit,
        _ => is_sign(first),
    };
    if !found {
        return None;
    }
    let repeated = rest.chars().take_while(|&c| c == first || is_modifier(c));
    let repeated: usize = repeated.map(char::len_utf8).sum();
    // `**` and `--` begin text in Markdown and rules.
    (first != '*' || repeated == 0).then_some((first, length + repeated))
}

/// Signs that need no space after them: bullets, arrows, shapes, dingbats, emoji and private characters, which stand
/// for symbols of Wingdings.
fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{b7}' | '\u{b6}' | '\u{bb}' | '\u{203a}' | '\u{2020}'..='\u{2024}' | '\u{2027}' | '\u{203b}' | '\u{2043}'
            | '\u{204c}' | '\u{204d}' | '\u{fffd}' | '\u{30fb}' | '\u{ff65}' | '\u{3007}' | '\u{25e6}'
            | '\u{2190}'..='\u{21ff}' | '\u{2217}'..='\u{2219}' | '\u{22c4}'..='\u{22c6}' | '\u{2300}'..='\u{23ff}'
            | '\u{2460}'..='\u{249b}' | '\u{24ea}'..='\u{24ff}' | '\u{25a0}'..='\u{27bf}' | '\u{27f0}'..='\u{27ff}'
            | '\u{2900}'..='\u{297f}' | '\u{2980}'..='\u{29ff}' | '\u{2b00}'..='\u{2bff}' | '\u{e000}'..='\u{f8ff}'
            | '\u{1f000}'..='\u{1faff}' | '\u{f0000}'..='\u{10fffd}')
}

/// Skin tones, joiners and variation selectors of emoji.
fn is_modifier(c: char) -> bool {
    matches!(
        c,
        '\u{1f3fb}'..='\u{1f3ff}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}'
    )
}

/// The length of a number or letter such as `1.`, `12)`, `2.1`, `(a)` or `iv.`.
fn number(content: &str) -> Option<usize> {
    let open = usize::from(content.starts_with('('));
    let label = &content[open..];
    let (length, kind) = if label.starts_with(|c: char| c.is_ascii_digit()) {
        (digits(label)?, Numbering::Digits)
    } else {
        let length = label.bytes().take_while(u8::is_ascii_alphabetic).count();
        let roman = matches!(
            &label[..length],
            "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x" | "xi" | "xii"
        );
        match length {
            1 => (1, if roman { Numbering::Roman } else { Numbering::Letter }),
            2..=4 if roman => (length, Numbering::Roman),
            _ => return None,
        }
    };
    let after = &label[length..];
    let end = match after.chars().next()? {
        ')' => 1,
        // `A. Miller` is a name.
        '.' if open == 0 && (kind != Numbering::Letter || label.starts_with(|c: char| c.is_ascii_lowercase())) => 1,
        '\u{20e3}' if kind == Numbering::Digits => '\u{20e3}'.len_utf8(),
        _ => return None,
    };
    let rest = &after[end..];
    let begins = rest
        .trim_start()
        .chars()
        .next()
        .is_none_or(|c| !matches!(c, '-' | '\u{2013}' | '/' | '.'));
    (begins && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(open + length + end)
}

/// The length of `1` or `2.1`; dates such as `01.05` are none.
fn digits(label: &str) -> Option<usize> {
    let length = label.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let number = label[..length].trim_end_matches('.');
    let levels = number.split('.');
    let sound = levels.clone().count() <= 3 && levels.clone().all(|part| matches!(part.len(), 1 | 2));
    let padded = number.contains('.') && levels.clone().any(|part| part.starts_with('0'));
    (sound && !padded).then_some(number.len())
}
