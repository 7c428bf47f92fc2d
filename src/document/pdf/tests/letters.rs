//! Fonts without characters, hyphens, gaps between words, and text over other text.

use super::super::hyphen::cleaned;
use super::*;

/// A page with a bitmap font as F4, the glyphs of which are named by their codes: `a69` for 69.
fn bitmap_font(codes: &[u8], content: &str) -> String {
    let names: String = codes.iter().map(|code| format!("{code} /a{code} ")).collect();
    let drawings: String = codes.iter().map(|code| format!("/a{code} 100 0 R ")).collect();
    let widths: String = (0..=255).map(|_| "600 ").collect();
    let font = format!(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 0 /LastChar 255 \
         /Widths [{widths}] /Encoding << /Type /Encoding /Differences [{names}] >> /CharProcs << {drawings} >> >>"
    );
    let file = File {
        fonts: "/F4 101 0 R ".to_owned(),
        ..File::page(content)
    };
    let file = file.stream(100, "", "600 0 0 0 500 650 d1 0 0 500 650 re f");
    file.object(101, &font).read().text
}

#[test]
fn fonts_that_tex_draws_as_bitmaps_are_read_by_their_codes() {
    let word = |text: &str| text.bytes().collect::<Vec<u8>>();
    for heading in ["Experience", "Skills"] {
        let content = at(72.0, 780.0, "F4", 12.0, heading) + &lines(72.0, 764.0, 14.0, &["Cook, Hollow Oak Ltd"]);
        let text = bitmap_font(&word(heading), &content);
        assert!(text.starts_with(&format!("{heading}\n")), "{text}");
    }
    // Ligatures of T1 and OT1, and a letter of T1 with an accent.
    for (text, code, expected) in [
        ("Pro\\034ts", 28, "Profits"),
        ("Pro\\014ts", 12, "Profits"),
        ("Universit\\344t", 0xe4, "Universität"),
    ] {
        let codes = [word("Universt Pro"), vec![code]].concat();
        let content = format!("BT /F4 12 Tf 1 0 0 1 72 780 Tm ({text}) Tj ET\n") + &at(72.0, 740.0, "F1", 11.0, "Cook");
        assert_eq!(bitmap_font(&codes, &content), format!("{expected}\n\nCook"));
    }
    // Symbols have no letters.
    let content =
        "BT /F4 12 Tf 1 0 0 1 72 780 Tm (\\001\\002\\003) Tj ET\n".to_owned() + &at(72.0, 740.0, "F1", 11.0, "Cook");
    let text = bitmap_font(&[1, 2, 3], &content);
    assert_eq!(text.trim(), "Cook");
}

#[test]
fn a_soft_hyphen_within_a_line_is_a_hyphen() {
    assert_eq!(cleaned("high\u{ad}impact \u{fffc}work"), "high-impact work");
}

#[test]
fn words_of_a_squeezed_line_are_separated() {
    let words = "(Wired) -140 (nine) -140 (offices) -140 (and) -140 (two) -140 (halls)";
    let content = format!("BT /F1 11 Tf 1 0 0 1 72 780 Tm [{words}] TJ ET\n");
    assert_eq!(read(&content), "Wired nine offices and two halls");
    let phone = "(+33) -330 (6) -330 (39) -330 (98) -330 (12) -330 (47)";
    let content = format!("BT /F1 11 Tf 1 0 0 1 72 780 Tm [{phone}] TJ ET\n");
    assert_eq!(read(&content), "+33 6 39 98 12 47");
    // Letters of one word can be apart.
    let content = "BT /F1 11 Tf 1 0 0 1 72 780 Tm [(W) -120 (ired the of) -60 (fices)] TJ ET\n";
    assert_eq!(read(content), "Wired the offices");
}

#[test]
fn text_over_other_text_is_read_apart() {
    let title = "Emergency Department Nurse, St. Alma Regional Medical Center";
    let content = at(72.0, 780.0, "F2", 11.0, title) + &at(388.0, 780.0, "F1", 11.0, "01/2022 - Present");
    assert_eq!(
        read(&content).replace('\n', "\t").replace("\t\t", "\t"),
        format!("{title}\t01/2022 - Present")
    );
    // A shadow, and the sign of a list item within a word.
    let content = at(72.0, 780.0, "F1", 20.0, "Quill Place") + &at(73.9, 780.0, "F1", 20.0, "Quill Place");
    assert_eq!(read(&content), "Quill Place");
    let content = at(72.0, 780.0, "F1", 11.0, "Tischlergeselle") + &at(90.0, 780.0, "F1", 11.0, "\u{95}");
    assert_eq!(read(&content), "Tischlergeselle");
}

#[test]
fn a_sentence_goes_on_at_the_next_page() {
    let first = lines(
        72.0,
        120.0,
        14.0,
        &["Ran the payroll of nine firms and of the county itself with care"],
    );
    let file = |second: &str| {
        let pages = vec![first.clone(), lines(72.0, 780.0, 14.0, &[second, "Led five."])];
        let file = File {
            pages,
            ..File::default()
        };
        file.read().text
    };
    assert!(file("and on time.").contains("itself with care and on time."));
    assert!(file("Cook, Hollow Oak").contains("itself with care\n\nCook"));
}
