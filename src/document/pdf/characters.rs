//! The text of a glyph: ligatures and full-width forms made plain, signs of list items, scripts.

use unicode_normalization::UnicodeNormalization as _;

/// The sign that list items get.
pub(super) const BULLET: char = '\u{2022}';

/// A glyph of which the font does not tell the character.
pub(super) const UNKNOWN: char = '\u{fffc}';

/// Returns the plain text of what a font says that a glyph means.
pub(super) fn plain(text: &str, symbol_font: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => plain.push(' '),
            // A soft hyphen is decided on where its line ends.
            '\u{ad}' => plain.push(c),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' => {}
            '\u{feff}' | '\u{fffc}'..='\u{fffd}' | '\u{fe00}'..='\u{fe0f}' => {}
            c if c.is_control() => {
                if matches!(c, '\t' | '\n' | '\r') {
                    plain.push(' ');
                }
            }
            '\u{fb00}'..='\u{fdff}' | '\u{fe30}'..='\u{fe4f}' | '\u{fe70}'..='\u{fefe}' | '\u{ff01}'..='\u{ffee}' => {
                plain.extend(std::iter::once(c).nfkc());
            }
            // Fonts of symbols are mapped to private characters, or to letters of the same code.
            '\u{f020}'..='\u{f0ff}' if is_private_bullet(c) => plain.push(BULLET),
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => {}
            '§' | 'Ø' | 'ü' | 'v' | 'q' | 'n' | 'l' | 'u' | 'o' | '·' | '¨' | '²' if symbol_font => {
                plain.push(BULLET);
            }
            c => plain.push(c),
        }
    }
    plain
}

/// The codes that Symbol and Wingdings have for signs of list items.
fn is_private_bullet(c: char) -> bool {
    matches!(
        u32::from(c),
        0xf0b7 | 0xf0a7 | 0xf0d8 | 0xf0fc | 0xf076 | 0xf0a8 | 0xf06c | 0xf06e | 0xf06f | 0xf071 | 0xf0e8 | 0xf0be
    )
}

/// Whether the character can be the sign of a list item.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '\u{2022}' | '\u{2023}' | '\u{2043}' | '\u{204c}' | '\u{204d}' | '\u{2219}' | '\u{25a0}'..='\u{25ff}'
            | '\u{2666}' | '\u{2660}' | '\u{2605}' | '\u{2606}' | '\u{2610}'..='\u{2612}' | '\u{2713}'..='\u{2718}'
            | '\u{2726}'..='\u{2727}' | '\u{274d}'..='\u{2752}' | '\u{2756}' | '\u{2794}'..='\u{27be}'
            | '\u{29bf}' | '\u{2b1a}'..='\u{2b1d}' | '\u{2b25}'..='\u{2b2b}' | '\u{b7}' | '\u{22c5}' | '\u{30fb}'
            | '\u{261b}' | '\u{261e}' | '\u{2b9a}'..='\u{2b9f}' | '\u{2192}' | '\u{21d2}' | '\u{bb}' | '\u{203a}' | '*' | UNKNOWN
    )
}

/// Whether the character is a dash, which is the sign of a list item where a space follows.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether the character is a hyphen at the end of a line.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{ad}' | '\u{2010}')
}

/// Whether the character is of a script that is written without spaces.
pub(super) fn is_dense(c: char) -> bool {
    matches!(u32::from(c),
        0x2e80..=0x312f | 0x31a0..=0x9fff | 0xf900..=0xfaff | 0xff00..=0xffef | 0x20000..=0x3ffff)
}

/// Whether the character is of a script that runs from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// The combining form of an accent that is drawn over a letter.
pub(super) fn combining(accent: char) -> Option<char> {
    Some(match accent {
        '`' => '\u{300}',
        '´' => '\u{301}',
        'ˆ' | '^' => '\u{302}',
        '˜' | '~' => '\u{303}',
        '¯' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' => '\u{30a}',
        '˝' => '\u{30b}',
        'ˇ' => '\u{30c}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        _ => return None,
    })
}
