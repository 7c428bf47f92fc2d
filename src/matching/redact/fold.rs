//! Folding: the form in which words are compared, in lower case without accents.

use unicode_normalization::char::decompose_canonical;

/// Lower case, without accents of Latin, Greek and Cyrillic letters, and with plain apostrophes and full-width letters
/// made narrow.
pub(super) fn fold(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut folded);
    }
    folded
}

fn fold_char(c: char, folded: &mut String) {
    match c {
        'A'..='Z' => folded.push(c.to_ascii_lowercase()),
        _ if c.is_ascii() => folded.push(c),
        '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' | '\u{ff07}' => folded.push('\''),
        'ß' | 'ẞ' => folded.push_str("ss"),
        'ł' | 'Ł' => folded.push('l'),
        'ø' | 'Ø' => folded.push('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
        'æ' | 'Æ' => folded.push_str("ae"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'þ' | 'Þ' => folded.push_str("th"),
        'ı' | 'İ' => folded.push('i'),
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        '\u{ff01}'..='\u{ff5e}' => {
            if let Some(narrow) = char::from_u32(u32::from(c) - 0xfee0) {
                folded.push(narrow.to_ascii_lowercase());
            }
        }
        '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' => decompose_canonical(c, |part| {
            if !matches!(part, '\u{300}'..='\u{36f}') {
                folded.extend(part.to_lowercase());
            }
        }),
        _ => folded.extend(c.to_lowercase()),
    }
}

/// Whether a character is part of a word: letters, digits, accents and apostrophes.
pub(super) fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' | '`') || is_mark(c)
}

/// Combining marks, and the signs of zero width that scripts and layouts need.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{980}'..='\u{dff}' | '\u{e31}'..='\u{e4e}'
        | '\u{eb1}'..='\u{ecd}' | '\u{102b}'..='\u{103e}' | '\u{17b4}'..='\u{17d3}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Whether a character is of a script that is written without spaces or joins particles to names.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(
            fold("Łukasz Groß Ñandú ÉÖ O\u{2019}Neill"),
            "lukasz gross nandu eo o'neill"
        );
        assert_eq!(fold("e\u{301}t Ａb"), "et ab");
        assert_eq!(fold("Юлий 王 김"), fold("юлий 王 김"));
    }
}
