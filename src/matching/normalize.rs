//! Normalization of texts, with a map back to the original.
//!
//! The same word has many encodings: with a ligature, a soft hyphen, full-width letters, decomposed accents, or broken
//! at the end of a line. Everything after this step reads one form, and only spans refer to the original.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};

use super::span::Offsets;

mod hyphens;
mod inline_lists;
mod quotes;

/// A normalized text. Line ends are `\n`.
#[derive(Debug, Clone, Default)]
pub(super) struct Normalized {
    text: String,
    offsets: Offsets,
}

impl Normalized {
    /// Normalizes a text.
    pub(super) fn new(original: &str) -> Self {
        let mut out = Writer::default();
        // The line break inside a broken word moves behind the word.
        let mut moved_break = false;
        let mut rest = original;
        while let Some(c) = rest.chars().next() {
            let at = original.len() - rest.len();
            let length = c.len_utf8();
            let taken = at..at + length;
            if c.is_ascii() && !matches!(c, '-' | '\r' | '\x0b' | '\x0c') && !next_is_mark(&rest[length..]) {
                match c {
                    ' ' if moved_break => {
                        out.replace("\n", taken);
                        moved_break = false;
                    }
                    '\n' | '\t' | ' '..='~' => {
                        moved_break &= c != '\n';
                        out.copy(c, at);
                    }
                    // Other control characters.
                    _ => out.replace(" ", taken),
                }
                rest = &rest[length..];
                continue;
            }
            if let Some(broken) = hyphens::broken(&out.text, rest) {
                if broken.keeps_hyphen {
                    out.replace("-", taken);
                }
                moved_break = true;
                rest = &rest[broken.skip..];
                continue;
            }
            if let Some(length) = line_end(rest) {
                // A page break after a line break separates nothing more.
                if c != '\x0c' || !out.text.ends_with('\n') {
                    out.replace("\n", at..at + length);
                }
                moved_break = false;
                rest = &rest[length..];
                continue;
            }
            let length = cluster(rest);
            let taken = at..at + length;
            if length > c.len_utf8() {
                let composed: String = rest[..length].nfc().collect();
                out.replace(&composed, taken);
            } else if is_space(c) {
                out.replace(if moved_break { "\n" } else { " " }, taken);
                moved_break = false;
            } else if !is_invisible(c, &out.text) {
                match plain(c) {
                    Some(plain) => out.replace(&plain, taken),
                    None => out.copy(c, at),
                }
            }
            rest = &rest[length..];
        }
        Self {
            text: quotes::unquote(&out.text),
            offsets: out.offsets,
        }
    }

    /// The same with the items of lists that were pasted into one line on lines of their own.
    pub(super) fn unfolded(self) -> Self {
        Self {
            text: inline_lists::unfold(&self.text),
            offsets: self.offsets,
        }
    }

    /// The text and the map, apart.
    pub(super) fn into_parts(self) -> (String, Offsets) {
        (self.text, self.offsets)
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    offsets: Offsets,
}

impl Writer {
    fn copy(&mut self, c: char, at: usize) {
        self.offsets.copy(self.text.len(), at);
        self.text.push(c);
    }

    fn replace(&mut self, with: &str, taken: Range<usize>) {
        self.offsets.replace(self.text.len(), taken);
        self.text.push_str(with);
    }
}

/// The length of the line end that the text begins with.
fn line_end(text: &str) -> Option<usize> {
    if text.starts_with("\r\n") {
        return Some(2);
    }
    let c = text.chars().next()?;
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}').then(|| c.len_utf8())
}

fn next_is_mark(rest: &str) -> bool {
    // No character below U+0300 combines.
    rest.as_bytes().first().is_some_and(|&byte| byte >= 0xcc)
        && rest.chars().next().is_some_and(|c| canonical_combining_class(c) != 0)
}

/// The length of the first character with the accents and jamo that follow it.
fn cluster(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(mut before) = chars.next() else { return 0 };
    let mut length = before.len_utf8();
    for c in chars {
        let jamo = matches!(c, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}');
        if canonical_combining_class(c) == 0 && !(jamo && compose(before, c).is_some()) {
            break;
        }
        before = if jamo { compose(before, c).unwrap_or(c) } else { c };
        length += c.len_utf8();
    }
    length
}

fn is_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Characters without a glyph: soft hyphens, zero-width spaces and joiners, marks of direction, variation selectors.
/// The joiners are letters of Arabic and Indic scripts.
fn is_invisible(c: char, before: &str) -> bool {
    match c {
        '\u{200c}' | '\u{200d}' => {
            let joins = |c: char| c.is_alphabetic() && matches!(c, '\u{600}'..='\u{109f}');
            !before.ends_with(joins)
        }
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// What a character is written as instead, if it is a variant.
fn plain(c: char) -> Option<String> {
    let same = match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{ff07}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ff02}' => '"',
        '\u{2010}'..='\u{2012}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2015}' | '\u{fe58}' | '\u{2e3a}' | '\u{2e3b}' => '\u{2014}',
        '\u{fe31}' | '\u{fe32}' => '\u{2013}',
        // Stands for an image, mostly that of a bullet.
        '\u{fffc}' => '\u{2022}',
        // The ends of sentences in texts without spaces.
        '\u{ff01}' | '\u{ff1f}' => return None,
        _ => {
            let variant = matches!(
                c,
                // Ligatures, full-width and half-width forms, letters for mathematics, Roman numerals, digraphs.
                '\u{fb00}'..='\u{fb06}' | '\u{ff03}'..='\u{ffdc}' | '\u{1d400}'..='\u{1d7ff}'
                    | '\u{2160}'..='\u{217f}' | '\u{132}'..='\u{133}' | '\u{1c4}'..='\u{1cc}' | '\u{3250}'..='\u{33ff}'
                    | '\u{212a}'..='\u{212b}'
            );
            if !variant {
                return None;
            }
            let mut plain = String::new();
            decompose_compatible(c, |part| plain.push(part));
            return Some(plain.nfc().collect());
        }
    };
    Some(same.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(original: &str) -> String {
        Normalized::new(original).text
    }

    fn original<'t>(original: &'t str, part: &str) -> &'t str {
        let read = Normalized::new(original);
        let at = read.text.find(part).unwrap();
        &original[read.offsets.original(&(at..at + part.len()))]
    }

    #[test]
    fn variants_are_written_alike() {
        for (written, want) in [
            ("Java\u{ad}Script", "JavaScript"),
            ("\u{feff}\u{fb01}nance o\u{fb03}ce", "finance office"),
            ("Ｊａｖａ（８）", "Java(8)"),
            ("Re\u{301}sume\u{301}", "Résumé"),
            ("S\u{200b}Q\u{2060}L", "SQL"),
            ("5\u{a0}years\u{3000}more", "5 years more"),
            ("Master\u{2019}s \u{201c}honours\u{201d}", "Master's \"honours\""),
            ("part\u{2010}time \u{2212}5", "part-time -5"),
            ("𝐉𝐚𝐯𝐚 Ⅱ", "Java II"),
            ("a\r\nb\rc\u{2028}d\u{85}e\u{b}f", "a\nb\nc\nd\ne\nf"),
            ("page\n\u{c}next\u{c}last", "page\nnext\nlast"),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("a + \u{336}b", "a + \u{336}b"),
        ] {
            assert_eq!(text(written), want, "{written:?}");
        }
    }

    #[test]
    fn broken_words_are_whole() {
        for (written, want) in [
            ("in Java-\nScript every day", "in JavaScript\nevery day"),
            ("Kuber-\r\n   netes\nNext", "Kubernetes\nNext"),
            ("Kuber\u{ad}\nnetes and", "Kubernetes\nand"),
            ("a well-\nknown firm", "a well-known\nfirm"),
            ("state-of-the-\nart work", "state-of-the-art\nwork"),
            ("Jan 2018 -\nDec 2020", "Jan 2018 -\nDec 2020"),
            ("COVID-\n19 tests", "COVID-\n19 tests"),
            ("broken-\n\nparagraph", "broken-\n\nparagraph"),
            ("- item-\n- next", "- item-\n- next"),
        ] {
            assert_eq!(text(written), want, "{written:?}");
        }
    }

    #[test]
    fn spans_refer_to_the_original() {
        assert_eq!(original("in Java\u{ad}Script now", "JavaScript"), "Java\u{ad}Script");
        assert_eq!(original("in Java-\n  Script now", "JavaScript"), "Java-\n  Script");
        assert_eq!(original("the \u{fb01}rm", "firm"), "\u{fb01}rm");
        assert_eq!(original("the \u{fb01}rm", "i"), "\u{fb01}");
        assert_eq!(original("Re\u{301}sume\u{301} of", "Résumé"), "Re\u{301}sume\u{301}");
    }

    proptest! {
        #[test]
        fn every_part_of_a_normalized_text_has_its_place(
            written in proptest::collection::vec(
                prop_oneof!["[a-zA-Z]{1,8}", "\\PC{1,4}", Just("-\n".to_owned()), Just("\u{ad}".to_owned()),
                    Just("e\u{301}".to_owned()), Just("\u{fb01}".to_owned()), Just(" ".to_owned()), Just("\r\n".to_owned())],
                0..40,
            ),
        ) {
            let written = written.concat();
            let read = Normalized::new(&written);
            let mut reached = 0;
            for (at, c) in read.text.char_indices() {
                let place = read.offsets.original(&(at..at + c.len_utf8()));
                prop_assert!(written.get(place.clone()).is_some_and(|part| !part.is_empty()), "{place:?}");
                prop_assert!(place.end >= reached);
                reached = place.end;
            }
        }

        #[test]
        fn plain_text_is_a_copy(written in "[a-zA-Z0-9,.:;()\n ]{0,200}") {
            prop_assert_eq!(&Normalized::new(&written).text, &written);
        }
    }
}
