//! A form of words without case, accents and punctuation.

use unicode_normalization::char::decompose_canonical;

/// The words of a line in lower case, without accents, with single spaces between them.
pub(super) fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars().flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ı' => out.push('i'),
            'أ' | 'إ' | 'آ' => out.push('ا'),
            'ة' => out.push('ه'),
            'ى' | 'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}' | '\u{640}' => {}
            '&' => out.push_str(" and "),
            _ if c.is_alphanumeric() || is_mark(c) => {
                // Accents of Latin, Greek and Cyrillic; those of other scripts belong to the letter.
                if matches!(c, '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}') {
                    decompose_canonical(c, |part| {
                        if !matches!(part, '\u{300}'..='\u{36f}') {
                            out.push(part);
                        }
                    });
                } else {
                    out.push(c);
                }
            }
            _ => out.push(' '),
        }
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ")
}

/// Vowel signs of Indic scripts.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}
