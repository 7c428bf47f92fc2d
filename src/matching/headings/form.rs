//! The form of a line: decoration, letters with spaces between them, capitals.

/// The form of a line, and its text without decoration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Form {
    /// Without signs, numbers, markup, rules, parentheses and colon; letters are together.
    pub(in super::super) core: String,
    /// Whether it has markup of a heading or rules at its sides.
    pub(in super::super) markup: bool,
    /// Whether it ends with a colon.
    pub(in super::super) colon: bool,
    /// Whether all letters are capitals.
    pub(in super::super) capitals: bool,
    /// Whether each word of more than three letters begins with a capital, or the script has none.
    pub(in super::super) title: bool,
    /// Whether its letters had spaces between them.
    pub(in super::super) spaced: bool,
}

impl Form {
    /// Reads a line; `None` if it cannot be a heading: too long, a sentence, or with a number.
    pub(in super::super) fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.is_empty() || line.len() > 160 || line.contains(['\n', '@', '\t']) {
            return None;
        }
        let hashes = line.starts_with('#');
        let decorated = |c: char| {
            matches!(
                c,
                '#' | '*' | '_' | '=' | '~' | '|' | '<' | '>' | '[' | ']' | '{' | '}' | '-' | '\u{2013}' | '\u{2014}'
            ) || is_symbol(c)
                || c.is_whitespace()
        };
        let inner = line.trim_matches(decorated);
        let sides = line.len() - inner.len();
        let markup = hashes
            || sides >= 2
                && ["**", "__", "==", "--", "<<", "| "]
                    .iter()
                    .any(|side| line.starts_with(side))
                && !line.ends_with(char::is_alphanumeric);
        let inner = without_number(inner).trim_matches(decorated);
        let colon = inner.ends_with([':', '\u{ff1a}']);
        let inner = inner.trim_end_matches(|c: char| matches!(c, ':' | '\u{ff1a}') || decorated(c));
        let inner = without_note(inner).trim_end_matches(|c: char| c == ':' || decorated(c));
        if inner.ends_with(['.', ',', ';', '!', '\u{3002}', '\u{3001}']) || inner.chars().any(|c| c.is_numeric()) {
            return None;
        }
        let together = together(inner);
        let spaced = together.is_some();
        let core = together.unwrap_or_else(|| inner.to_owned());
        let letters = || core.chars().filter(|c| c.is_alphabetic());
        if letters().next().is_none() || core.chars().count() > 70 {
            return None;
        }
        let capitals = letters().all(|c| !c.is_lowercase()) && letters().any(char::is_uppercase);
        let words = core
            .split(|c: char| !c.is_alphabetic() && c != '\'')
            .filter(|word| word.chars().count() > 3);
        let title = core.starts_with(|c: char| !c.is_lowercase())
            && words.into_iter().all(|word| !word.starts_with(char::is_lowercase));
        Some(Self {
            core,
            markup,
            colon,
            capitals,
            title,
            spaced,
        })
    }

    /// Whether the line is written differently from lines of text.
    pub(in super::super) fn stands_out(&self) -> bool {
        self.markup || self.colon || self.capitals || self.spaced
    }
}

/// Icons and signs.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{a7}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{ab}' | '\u{2020}'..='\u{2027}' | '\u{203a}' | '\u{2039}'
        | '\u{2190}'..='\u{2bff}' | '\u{3010}' | '\u{3011}' | '\u{300c}' | '\u{300d}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fffd}' | '\u{1f000}'..='\u{1faff}' | '\u{f0000}'..='\u{10fffd}')
}

/// The text after `1.`, `II.`, `A)` or `一、`.
fn without_number(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '.')
        .unwrap_or(text.len());
    let label = text[..end].trim_end_matches('.');
    let closed = text[label.len()..].starts_with(['.', ')', ':', '\u{3001}', ' ', '-']);
    let digits = !label.is_empty() && label.len() <= 3 && label.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let roman = !label.is_empty() && label.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
    let letter = label.chars().count() == 1 && text[label.len()..].starts_with(['.', ')', '\u{3001}']);
    let rest = text[label.len()..]
        .trim_start_matches(|c: char| matches!(c, '.' | ')' | ':' | '-' | '\u{3001}') || c.is_whitespace());
    let dotted = text[label.len()..].starts_with(['.', ')', ':', '-', '\u{3001}']);
    let one_letter_words = together(text).is_some();
    if closed && !rest.is_empty() && !one_letter_words && (digits || roman && dotted || letter) {
        rest
    } else {
        text
    }
}

/// The text without a note in parentheses at its end, such as `(5 years)`, or years after a dash.
fn without_note(text: &str) -> &str {
    let text = text.trim_end();
    if let Some(open) = text.rfind(['(', '\u{ff08}'])
        && text.ends_with([')', '\u{ff09}'])
        && text[..open].contains(char::is_alphabetic)
        && text.len() - open <= 48
    {
        return text[..open].trim_end();
    }
    let dash = text.rfind([':', '-', '\u{2013}', '\u{2014}', '|']);
    match dash {
        Some(at) if at > 0 && text[at..].contains(|c: char| c.is_ascii_digit()) => {
            let note = text[at..].split_whitespace().count() <= 4 && text[at..].to_lowercase().contains("year");
            if note { text[..at].trim_end() } else { text }
        }
        _ => text,
    }
}

/// `E X P E R I E N C E` as a word; wider spaces are those between words.
fn together(text: &str) -> Option<String> {
    let single = |word: &str| word.chars().count() == 1;
    let (mut letters, mut words) = (0, 0);
    for word in text.split_whitespace() {
        words += 1;
        letters += usize::from(single(word) && word != "&");
    }
    if letters < 4 || 10 * letters < 8 * words {
        return None;
    }
    let mut out = String::new();
    let mut gap = 0;
    for c in text.chars() {
        if c.is_whitespace() {
            gap += 1;
            continue;
        }
        if gap > 1 || c == '&' || out.ends_with('&') {
            out.push(' ');
        }
        gap = 0;
        out.push(c);
    }
    Some(out)
}
