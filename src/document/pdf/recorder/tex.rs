//! The characters of fonts that TeX draws as bitmaps. Their glyphs are named by their codes, such as `a69`, which tell no
//! character; the codes are those of an encoding of TeX.

use super::super::glyph::Glyph;

/// The letters that the encoding T1 has from 128 on, before those of Latin-1.
const EXTENDED: &str = "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£";
const LIGATURES: [&str; 5] = ["ff", "fi", "fl", "ffi", "ffl"];
/// The accents, dashes and letters that OT1 has from 18 on; T1 has the dashes, too.
const OLD: &str = "`´ˇ–—˚¸ßæ";

/// Gives glyphs without a character, of which the codes are known, that of TeX, if together they look like text.
pub(super) fn name(glyphs: &mut [Glyph], unnamed: &[(usize, u8)]) {
    if !is_text(unnamed) {
        return;
    }
    let is_t1 = unnamed.iter().any(|(_, code)| matches!(code, 27..=31 | 128..));
    let named: Vec<(usize, String)> = unnamed
        .iter()
        .filter_map(|&(index, code)| Some((index, character(code, is_t1, is_joined(glyphs, index))?)))
        .collect();
    for (index, text) in named {
        glyphs[index].text = text;
    }
}

/// Whether most codes are letters, with as many vowels as words have.
fn is_text(unnamed: &[(usize, u8)]) -> bool {
    let codes = || unnamed.iter().map(|(_, code)| *code);
    let letters = codes().filter(u8::is_ascii_alphabetic).count();
    let vowels = codes()
        .filter(|code| b"aeiouy".contains(&code.to_ascii_lowercase()))
        .count();
    letters >= 3 && letters * 2 >= unnamed.len() && vowels * 8 >= letters && vowels * 3 <= letters * 2
}

/// Whether a glyph has no gap to the one before or behind it.
fn is_joined(glyphs: &[Glyph], index: usize) -> bool {
    let close = |a: &Glyph, b: &Glyph| {
        !a.is_blank() && !b.is_blank() && (a.y - b.y).abs() < 0.1 && (b.x0 - a.x1).abs() < 0.1 * b.size
    };
    index
        .checked_sub(1)
        .is_some_and(|before| close(&glyphs[before], &glyphs[index]))
        || glyphs.get(index + 1).is_some_and(|next| close(&glyphs[index], next))
}

/// The character of a code in T1, or in OT1, which has no letters with accents. A sign alone is not part of a word.
fn character(code: u8, is_t1: bool, is_joined: bool) -> Option<String> {
    let at = |list: &str, first: u8| list.chars().nth(usize::from(code - first)).map(String::from);
    match (code, is_t1) {
        (11..=15, false) if is_joined => Some(LIGATURES[usize::from(code - 11)].to_owned()),
        (27..=31, true) => Some(LIGATURES[usize::from(code - 27)].to_owned()),
        (18..=26, false) => at(OLD, 18),
        (34, false) => Some("\u{201d}".to_owned()),
        (92, false) => Some("\u{201c}".to_owned()),
        (94, false) => Some("\u{2c6}".to_owned()),
        (123, false) => Some("\u{2013}".to_owned()),
        (124, false) => Some("\u{2014}".to_owned()),
        (126, false) => Some("\u{2dc}".to_owned()),
        (127, false) => Some("\u{a8}".to_owned()),
        (16..=22, true) => at("“”„«»–—", 16),
        (127, true) => Some("-".to_owned()),
        (39, _) => Some("\u{2019}".to_owned()),
        (96, _) => Some("\u{2018}".to_owned()),
        (33..=126, _) => Some(char::from(code).to_string()),
        (128..=191, true) => at(EXTENDED, 128),
        (0xd7, true) => Some("Œ".to_owned()),
        (0xdf, true) => Some("SS".to_owned()),
        (0xf7, true) => Some("œ".to_owned()),
        (0xff, true) => Some("ß".to_owned()),
        (192.., true) => Some(char::from(code).to_string()),
        _ => None,
    }
}
