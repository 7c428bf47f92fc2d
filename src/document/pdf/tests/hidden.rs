//! Text that a person cannot see is left out and counted; text that a person can see is never left out.

use portcullis_test_support::cases;
use proptest::prelude::*;

use super::*;

const SEEN: &str = "Built road bridges of steel";
const SECRET: &str = "Kubernetes Terraform Python";

/// A file that hides a text and shows another one.
fn hiding(content: &str) -> File {
    File::page(&(at(60.0, 700.0, "F1", 11.0, SEEN) + content))
}

fn secret(x: f64, y: f64, size: f64) -> String {
    at(x, y, "F1", size, SECRET)
}

fn assert_hidden(file: &File, reason: HiddenReason) {
    let read = file.read();
    assert_eq!(read.text, SEEN, "{:?}", file.pages);
    let letters = SECRET.chars().filter(|c| c.is_alphanumeric()).count();
    assert_eq!(hidden(&read, reason), letters, "{:?}: {:?}", file.pages, read.hidden);
    assert_eq!(read.hidden.len(), 1, "{:?}", read.hidden);
}

#[test]
fn hidden_text_is_left_out() {
    use HiddenReason::{Colour, Covered, Markup, OutsidePage, Size, Transparent};
    let text = secret(60.0, 500.0, 11.0);
    for (content, reason) in [
        (format!("1 g {text}"), Colour),
        (format!("0.98 0.99 0.97 rg {text}"), Colour),
        (
            format!("0.2 0.3 0.4 rg 0 400 595 200 re f 0.21 0.3 0.4 rg {text}"),
            Colour,
        ),
        (secret(60.0, 500.0, 2.0), Size),
        (format!("q 0.1 0 0 0.1 60 500 cm {} Q", secret(0.0, 0.0, 20.0)), Size),
        (format!("3 Tr {text} 0 Tr"), Transparent),
        (format!("7 Tr {text} 0 Tr"), Transparent),
        (format!("/G0 gs {text}"), Transparent),
        (secret(700.0, 500.0, 11.0), OutsidePage),
        (secret(60.0, -20.0, 11.0), OutsidePage),
        (format!("{text} 0.5 g 40 480 400 60 re f"), Covered),
        (
            format!("{text} q 300 0 0 60 40 480 cm BI /W 1 /H 1 /CS /G /BPC 8 ID A EI Q"),
            Covered,
        ),
        (format!("q 0 0 50 50 re W n {text} Q"), Covered),
        (format!("/OC /P1 BDC {text} EMC"), Markup),
    ] {
        let mut file = hiding(&content);
        file.resources = "/ExtGState << /G0 << /ca 0 >> >> /Properties << /P1 100 0 R >>".to_owned();
        if reason == Markup {
            file.catalog = "/OCProperties << /OCGs [100 0 R] /D << /OFF [100 0 R] >> >>".to_owned();
        }
        assert_hidden(&file.object(100, "<< /Type /OCG /Name (x) >>"), reason);
    }
}

#[test]
fn text_outside_the_crop_box_is_hidden() {
    let mut file = hiding(&secret(60.0, 300.0, 11.0));
    file.page = "/CropBox [0 400 595 842]".to_owned();
    assert_hidden(&file, HiddenReason::OutsidePage);
}

#[test]
fn visible_text_is_read() {
    let text = secret(60.0, 500.0, 11.0);
    for content in [
        // White on a dark header, drawn as a rectangle, a path, a wide line or an image.
        format!("0.1 0.2 0.3 rg 0 450 595 100 re f 1 g {text}"),
        format!("0.1 0.2 0.3 rg 0 450 m 595 450 l 595 560 l 0 580 l f 1 g {text}"),
        format!("0.1 0.2 0.3 RG 60 w 0 500 m 595 500 l S 1 g {text}"),
        format!("q 500 0 0 60 40 480 cm BI /W 1 /H 1 /CS /G /BPC 8 ID A EI Q 1 g {text}"),
        // Colours that differ little in brightness, and pale text.
        format!("1 1 0 rg {text}"),
        format!("0.8 g {text}"),
        // Shapes that do not cover the text: below it, transparent or beside it.
        format!("0.9 g 40 480 400 60 re f 0 g {text}"),
        format!("{text} /G1 gs 1 1 0 rg 40 480 400 60 re f"),
        format!("{text} 0.5 g 40 400 400 60 re f"),
        format!("{text} 0 G 1 w 50 498 m 300 498 l S"),
        // Outlined text, text drawn twice, text in a clip that shows it, and text at the edge of the page.
        format!("1 Tr {text} 0 Tr"),
        format!("1 g {text} 0 g {text}"),
        format!("q 50 490 400 40 re W n {text} Q"),
        secret(-3.0, 500.0, 11.0),
        secret(60.0, 500.0, 4.0),
        format!("/OC /P1 BDC {text} EMC"),
    ] {
        let mut file = hiding(&content);
        file.resources = "/ExtGState << /G1 << /ca 0.4 >> >> /Properties << /P1 100 0 R >>".to_owned();
        let read = file.object(100, "<< /Type /OCG /Name (x) >>").read();
        assert!(read.text.contains(SECRET), "{content}: {read:?}");
        assert!(read.hidden.is_empty(), "{content}: {:?}", read.hidden);
    }
}

#[test]
fn the_text_layer_of_a_scan_is_read() {
    let image = "q 595 0 0 842 0 0 cm /I1 Do Q\n";
    let layer = format!("3 Tr {} 0 Tr", lines(60.0, 780.0, 14.0, &[SEEN, SECRET]));
    let mut file = File::page(&(image.to_owned() + &layer));
    file.resources = "/XObject << /I1 100 0 R >>".to_owned();
    let pixels: String = (0..4000)
        .map(|pixel| if pixel % 7 < 3 { '\u{0}' } else { '\u{ff}' })
        .collect();
    let dictionary = "/Type /XObject /Subtype /Image /Width 50 /Height 80 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let read = file.stream(100, dictionary, &pixels).read();
    assert_eq!(read.text, format!("{SEEN}\n{SECRET}"));
    assert!(read.hidden.is_empty());
}

/// The pixels that an image lacks are black.
#[test]
fn an_image_on_each_page_is_decoded_once_and_one_too_large_not_at_all() {
    let image = "q 595 0 0 842 0 0 cm /I1 Do Q\n".to_owned();
    let content = image + &at(60.0, 700.0, "F1", 11.0, SECRET) + "1 g " + &at(60.0, 650.0, "F1", 11.0, SEEN) + "0 g\n";
    for (side, is_read) in [(3000, false), (4000, true)] {
        let mut file = File::page(&content);
        file.pages.push(content.clone());
        file.resources = "/XObject << /I1 100 0 R >>".to_owned();
        let dictionary = format!(
            "/Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceGray /BitsPerComponent 8"
        );
        let read = file.stream(100, &dictionary, "A").read();
        assert_eq!(read.text.contains(SECRET), is_read, "{side}: {read:?}");
        assert_eq!(read.text.matches(SEEN).count(), 2, "{side}: {read:?}");
    }
}

#[test]
fn a_scan_without_text_is_refused_and_few_words_are_not() {
    let mut file = File::page("q 595 0 0 842 0 0 cm /I1 Do Q");
    file.resources = "/XObject << /I1 100 0 R >>".to_owned();
    let dictionary = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let file = file.stream(100, dictionary, "A");
    assert_eq!(text(&file.bytes()), Err(crate::document::DocumentError::Scanned));
    assert_eq!(read(&at(60.0, 700.0, "F1", 11.0, "Rust")), "Rust");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]

    #[test]
    fn text_of_the_colour_of_its_background_is_hidden(
        ground in prop::array::uniform3(0.0_f64..1.0), offset in prop::array::uniform3(-0.03_f64..0.03),
        x in 20.0_f64..250.0, y in 60.0_f64..600.0, size in 4.0_f64..20.0,
    ) {
        let near: Vec<String> = ground.iter().zip(offset).map(|(part, offset)| format!("{:.3}", (part + offset).clamp(0.0, 1.0))).collect();
        let ground: Vec<String> = ground.iter().map(|part| format!("{part:.3}")).collect();
        let content = format!("{} rg 0 0 595 650 re f {} rg {}", ground.join(" "), near.join(" "), secret(x, y, size));
        let read = hiding(&content).read();
        prop_assert_eq!(&read.text, SEEN);
        prop_assert!(hidden(&read, HiddenReason::Colour) > 0);
    }

    #[test]
    fn text_that_differs_from_its_background_is_read(
        ground in prop::array::uniform3(0.0_f64..1.0), x in 20.0_f64..250.0, y in 60.0_f64..600.0, size in 4.0_f64..20.0,
        part in 0_usize..3, radius in 0.0_f64..8.0,
    ) {
        let mut other = ground;
        other[part] = if ground[part] > 0.5 { ground[part] - 0.3 } else { ground[part] + 0.3 };
        let colour = |rgb: [f64; 3]| rgb.map(|part| format!("{part:.3}")).join(" ");
        // The background is a box around the text, with corners cut off.
        let (left, bottom, right, top) = (x - 10.0, y - 10.0, x + 27.0 * size, y + size + 10.0);
        let cut = [
            format!("{} {bottom} m {} {bottom} l", left + radius, right - radius),
            format!("{right} {} l {right} {} l", bottom + radius, top - radius),
            format!("{} {top} l {} {top} l", right - radius, left + radius),
            format!("{left} {} l {left} {} l f", top - radius, bottom + radius),
        ];
        let content = format!("{} rg {} {} rg {}", colour(ground), cut.join(" "), colour(other), secret(x, y, size));
        let read = hiding(&content).read();
        prop_assert!(read.text.contains(SECRET) || x + 14.0 * size > 595.0, "{:?}", read);
        prop_assert!(read.hidden.iter().all(|hidden| hidden.reason == HiddenReason::OutsidePage));
    }

    #[test]
    fn covered_text_is_hidden_and_text_beside_the_cover_is_read(
        x in 20.0_f64..200.0, y in 60.0_f64..600.0, size in 4.0_f64..20.0, grey in 0.0_f64..1.0, beside in any::<bool>(),
    ) {
        let bottom = if beside { y + size + 1.0 } else { y - 0.3 * size };
        let content = format!("0 g {} {grey:.2} g {} {bottom:.2} {} {:.2} re f", secret(x, y, size), x - 2.0, 20.0 * size, 1.3 * size);
        let read = hiding(&content).read();
        prop_assert_eq!(read.text.contains(SECRET), beside, "{:?}", read);
        prop_assert_eq!(hidden(&read, HiddenReason::Covered) > 0, !beside);
    }
}
