//! Property tests: any text comes back from any of the encodings.

use encoding_rs::{BIG5, EUC_KR, GBK, ISO_8859_2, KOI8_R, MACINTOSH, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use proptest::prelude::*;

use super::*;

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// Lines of words of several scripts, as a resume has them.
fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(
        "[A-Za-zäöüéèñçßøÅ–’“”€•]{1,12}|[а-яА-Я]{1,9}|[一-龥]{1,6}|[0-9]{4}",
        2..60,
    )
    .prop_map(|words| words.join(" ") + "\n")
}

proptest! {
    #[test]
    fn unicode_comes_back_with_and_without_a_mark(text in texts()) {
        let marked = format!("\u{feff}{text}");
        for bytes in [
            text.clone().into_bytes(),
            marked.clone().into_bytes(),
            utf16(&text, u16::to_le_bytes),
            utf16(&text, u16::to_be_bytes),
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
        ] {
            prop_assert_eq!(decode(&bytes, None), Ok(text.clone()));
            // A wrong declaration changes nothing.
            prop_assert_eq!(decode(&bytes, Some("iso-8859-1")), Ok(text.clone()));
        }
    }

    #[test]
    fn a_declared_encoding_comes_back(words in "[A-Za-z0-9 ,.]{0,200}") {
        for (encoding, sample) in [
            (WINDOWS_1252, "– café • “x” €"),
            (WINDOWS_1251, "Инженер по бетону"),
            (KOI8_R, "Инженер по бетону"),
            (ISO_8859_2, "Zażółć gęślą jaźń"),
            (MACINTOSH, "Résumé • naïve"),
            (SHIFT_JIS, "経歴 橋の設計"),
            (GBK, "简历 桥梁设计"),
            (BIG5, "履歷 橋樑設計"),
            (EUC_KR, "이력서 다리 설계"),
        ] {
            let text = format!("{words}\n{sample}\n{sample} {words}\n");
            let (bytes, _, lossy) = encoding.encode(&text);
            prop_assert!(!lossy);
            prop_assert_eq!(decode(&bytes, Some(encoding.name())), Ok(text.clone()), "{}", encoding.name());
            let page = format!("<!-- saved --><html><head><meta charset=\"{}\"></head>{text}</html>", encoding.name());
            let (bytes, ..) = encoding.encode(&page);
            prop_assert_eq!(decode(&bytes, None), Ok(page.clone()), "{}", encoding.name());
        }
    }

    #[test]
    fn windows_1252_is_detected(words in "[A-Za-z0-9 ,.\n]{0,300}") {
        for sample in ["– café –", "résumé", "“quoted” • item", "naïve €5", "Köln – Zürich", "it’s"] {
            let text = format!("{words}\nBuilt bridges {sample} for the county.\n");
            let (bytes, ..) = WINDOWS_1252.encode(&text);
            prop_assert_eq!(decode(&bytes, None), Ok(text.clone()), "{}", sample);
        }
    }

    #[test]
    fn every_line_end_is_one_line_feed(lines in prop::collection::vec("[A-Za-zé ]{0,20}", 1..20)) {
        let expected = lines.join("\n");
        for end in ["\n", "\r\n", "\r", "\u{2028}", "\u{2029}", "\u{85}", "\u{c}"] {
            let text = lines.join(end);
            prop_assert_eq!(decode(text.as_bytes(), None), Ok(expected.clone()), "{:?}", end);
        }
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000), charset in "[a-z0-9-]{0,12}") {
        if let Ok(text) = decode(&bytes, Some(&charset)) {
            prop_assert!(!text.contains('\0'));
        }
    }
}

#[test]
fn binary_data_is_refused() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0\\r\xa8f";
    assert_eq!(decode(png, None), Err(DocumentError::NotText));
    let gzip = b"\x1f\x8b\x08\x08\x01\x02\x03\x04\x05\x06\x07";
    assert_eq!(decode(gzip, None), Err(DocumentError::NotText));
    assert_eq!(decode(b"Cook\0", None), Err(DocumentError::NotText));
}
